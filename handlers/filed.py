"""What follows when a file that was named has been fetched, or cannot be kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import casebook, notify
from handlers.desk import Desk, World
from handlers.i18n import N_, translator
from handlers.messages import Outgoing, Position
from models.cases import OPEN, MediaFile
from models.jobs import Job
from models.outbox import Lane, Outbox

SHEETS = frozenset(
    {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
)
REFUSED = {
    "too_large": N_(
        "Dạ, tệp vừa gửi quá lớn nên chưa nhận được. Xin gửi ảnh, hoặc video ngắn dưới 20 MB."
    ),
    "corrupt": N_("Dạ, ảnh vừa gửi bị hỏng, mở không được. Xin chụp và gửi lại."),
    "kind_not_accepted": N_(
        "Dạ, loại tệp này chưa nhận được. Xin gửi ảnh, ghi âm, video ngắn, PDF, Excel (.xlsx) "
        "hoặc CSV."
    ),
    "not_to_be_had": N_("Dạ, ảnh hoặc ghi âm vừa gửi chưa tải về được. Xin gửi lại."),
}


async def media_arrived(  # noqa: PLR0913, PLR0917 - what a job knows about one file
    db: AsyncConnection,
    world: World,
    now: datetime,
    media_id: UUID,
    refused: str | None,
    position: Position | None,
) -> None:
    """Tell the sender that a file is not kept, or staff that it is there."""
    desk = Desk(db, now, world)
    file = (
        (await db.execute(select(MediaFile.__table__).where(MediaFile.id == media_id)))
        .mappings()
        .one()
    )
    if refused is not None:
        chat = await desk.chat(file["conversation_id"])
        desk.tell(chat, Outgoing(translator(chat.locale)(REFUSED[refused])))
    elif file["list_id"] is not None and file["mime"] in SHEETS:
        desk.jobs.append(Job("read_sheet", media_id.hex, int(Lane.REMINDER)))
    elif file["case_id"] is not None:
        case = await casebook.by_id(desk, file["case_id"], lock=True)
        if file["conversation_id"] == case["conversation_id"]:
            await _to_staff(desk, case, media_id, position)
        else:
            text = N_("📷 Ảnh của cán bộ về hồ sơ {code}")
            await notify.reporter(desk, case, text, media=(media_id.hex,))
    await desk.clear()


async def _to_staff(
    desk: Desk, case: casebook.CaseRow, media_id: UUID, position: Position | None
) -> None:
    """Send the file after the card, to those who have the card already.

    The case is locked: a card being written at this moment has read which files there are, and
    is either seen here or shows this one.
    """
    if case["status"] not in OPEN:
        return
    details = case["details"] or {}
    if position is not None and "position" not in details:
        # where the photograph was taken is the best guess while nobody has said better
        details = {**details, "position": [position.lat, position.lon]}
        await casebook.change(desk, case, details=details)
    told = await desk.db.scalar(
        select(Outbox.id)
        .where(Outbox.case_id == case["id"], Outbox.conversation_id != case["conversation_id"])
        .limit(1)
    )
    if told is None:
        return
    notify.tell(
        desk,
        case,
        await notify.in_charge(desk, case),
        N_("📷 Ảnh, ghi âm của hồ sơ {code}"),
        lane=notify.lane(case),
        media=(media_id.hex,),
    )
