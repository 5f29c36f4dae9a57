"""What follows when a spreadsheet of a list has been read, or cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.desk import Desk, World
from handlers.i18n import N_
from handlers.lists import adding, book, filing, saying
from handlers.lists.paste import Written
from handlers.menu import life_first
from handlers.messages import Button
from handlers.render import command_button
from models.cases import MediaFile
from models.conversations import Conversation
from models.lists import LineState, ListState

REFUSED = {
    "broken": N_(
        "Dạ, tệp này mở không được. Xin lưu lại dạng Excel (.xlsx) hoặc CSV rồi gửi lại; hoặc dán "
        "các dòng vào đây, mỗi dòng một hộ."
    ),
    "empty": N_(
        "Dạ, trong tệp chưa thấy hộ nào có ghi thiệt hại. Xin điền cột «Thiệt hại» của từng hộ bị "
        "nạn rồi gửi lại, hoặc dán các dòng vào đây."
    ),
}


async def sheet_read(  # noqa: PLR0913, PLR0917 - what a job knows about one file
    db: AsyncConnection,
    world: World,
    now: datetime,
    media_id: UUID,
    written: Sequence[Written],
    refused: str | None,
) -> None:
    """Add the lines to the list, once, and answer line by line."""
    desk = Desk(db, now, world)
    list_id = await db.scalar(select(MediaFile.list_id).where(MediaFile.id == media_id))
    row = await book.by_id(desk, list_id, lock=True) if list_id is not None else None
    if row is None or media_id in row["sheets"]:
        return
    turn = await filing.for_sender(desk, row)
    await book.change(turn, row["id"], sheets=[*row["sheets"], media_id])
    if refused is not None or not written:
        turn.say(turn.t(REFUSED[refused or "empty"]))
        await turn.clear()
        return
    added = await adding.add(turn, row, written)
    danger = [one for one in added.touched if one.line.danger and one.state == LineState.GOOD]
    if danger:
        await filing.lock_village(turn, row)
        await filing.file_lines(turn, row, danger)
        turn.lead = life_first(turn.t, child=any(one.line.child for one in danger))
    counts = await book.counts(turn, row["id"])
    buttons: tuple[Button, ...] = ()
    if row["state"] == ListState.OPEN and await _still_open(desk, row):
        done = Button(f"a:{row['id'].hex[:6]}:lines:done", turn.t(N_("✅ Xong, gửi danh sách")))
        buttons = (done, command_button("huy", turn.t(N_("✖ Huỷ"))))
    elif row["state"] != ListState.DROPPED:  # it came after the list was closed: nothing waits
        await filing.start(turn, row)
    turn.say(saying.understood(turn.t, added, counts), *buttons)
    await turn.clear()


async def _still_open(desk: Desk, row: book.ListRow) -> bool:
    """Whether its sender still has the list open; else nobody would press «Xong»."""
    open_draft = await desk.db.scalar(
        select(Conversation.draft_id).where(Conversation.id == row["conversation_id"])
    )
    return bool(open_draft == row["id"])
