"""What a head said about a report: kept with the case, told to who works on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import casebook, notify
from handlers.casebook import CaseRow
from handlers.desk import Desk, Turn, World
from handlers.i18n import N_, translator
from handlers.messages import Outgoing
from handlers.render import command_button
from handlers.typed import as_typed
from handlers.vocabulary import CHECKS
from models.cases import OPEN, Case, CaseEvent, Check

SAYS_SO = {Check.TRUE.value, Check.HELPED.value}


async def record(turn: Turn, case: CaseRow, answer: Check) -> CaseRow:
    """Keep the word; another head's other word is kept beside it and shown as such."""
    others = await turn.db.execute(
        select(CaseEvent.body)
        .where(
            CaseEvent.case_id == case["id"],
            CaseEvent.what == "checked",
            CaseEvent.by_id != turn.person_id,
        )
        .order_by(CaseEvent.id.desc())
        .limit(1)
    )
    other = (others.scalar_one_or_none() or {}).get("answer")
    agree = other in (None, answer.value) or {other, answer.value} <= SAYS_SO
    case = await casebook.change(
        turn,
        case,
        check_due_at=None,
        check_answer=(answer if agree else Check.DIFFER).value,
        check_at=turn.now,
    )
    body = {"answer": answer.value}
    await casebook.event(turn, case["id"], "checked", by=turn.person_id, public=False, **body)
    await _tell(turn, case, N_("🏘 {code}: trưởng thôn xác minh – **{said}**."), CHECKS[answer])
    return case


async def _tell(
    desk: Desk, case: CaseRow, message: str, said: str, *, typed: bool = False
) -> None:
    """Tell who works on the case."""
    lane = notify.lane(case)
    for chat in await notify.in_charge(desk, case):
        t = translator(chat.locale)
        text = t(message, code=case["code"], said=as_typed(said) if typed else t(said))
        button = command_button("xem", t(N_("📂 Xem hồ sơ")), case["code"])
        desk.tell(chat, Outgoing(text, (button,)), lane, case["id"])


async def attach(turn: Turn, case: CaseRow, values: Mapping[str, Any]) -> None:
    sent = tuple(values.get("_media", ()))
    if sent:
        await casebook.attach_media(turn, case["id"], sent)
        await more(turn, case, turn.t(N_("gửi {count} ảnh hoặc ghi âm"), count=len(sent)))


async def more(turn: Turn, case: CaseRow, text: str) -> None:
    await casebook.event(
        turn, case["id"], "check_more", by=turn.person_id, public=False, text=text
    )
    await _tell(turn, case, N_("🏘 {code}: trưởng thôn nói thêm: {said}"), text, typed=True)


async def note_silence(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Show on one case that its head has not answered in time; False when none is so far."""
    row = casebook.first_of(
        await db.execute(
            select(casebook.TABLE)
            .where(Case.check_due_at <= now)
            .order_by(Case.check_due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
    )
    if row is None:
        return False
    desk = Desk(db, now, world)
    case = await casebook.change(
        desk, row, check_due_at=None, check_answer=Check.SILENT.value, check_at=now
    )
    if case["status"] in OPEN:
        await casebook.event(desk, case["id"], "check_silent", by=None, public=False)
        silent = N_("🏘 {code}: trưởng thôn **{said}**; hồ sơ vẫn chạy, xin tự kiểm tra.")
        await _tell(desk, case, silent, CHECKS[Check.SILENT])
    await desk.clear()
    return True
