"""The list of people whom the chat does not reach: who stands on it, and how each is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy import case as sql_case
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import cards, casebook, casequeue, notify
from handlers.casebook import CaseRow
from handlers.desk import Desk, Held, World
from handlers.i18n import N_, Translate, translator
from handlers.messages import Outgoing
from handlers.render import command_button
from handlers.times import moment
from models import places, unreached
from models.cases import Case
from models.conversations import Conversation
from models.deadlines.ladder import is_open
from models.outbox import Lane
from models.unreached import Unreached, Why

log = structlog.get_logger(__name__)

SILENT_AFTER = timedelta(hours=24)  # the officer's question was asked so long ago
SILENT_SOS = timedelta(hours=1)
REASONS: dict[str, str] = {
    Why.GONE: N_("đã chặn kênh hoặc mất tài khoản"),
    Why.WINDOW: N_("lâu chưa nhắn, Zalo không cho gửi"),
    Why.SILENT: N_("chưa trả lời câu hỏi của cán bộ"),
}


def _open(*columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of two tables
    return (
        select(*columns)
        .join(Case, Case.id == Unreached.case_id)
        .where(Unreached.closed_at.is_(None))
    )


async def count(desk: Desk, held: Sequence[Held]) -> int:
    query = _open(func.count()).select_from(Unreached)
    return await desk.db.scalar(query.where(await casequeue.covered(desk, held))) or 0


async def entries(desk: Desk, held: Sequence[Held], limit: int, offset: int = 0) -> list[CaseRow]:
    """Open entries with their cases: emergencies first, then whom nobody has looked for yet."""
    query = (
        _open(
            *casequeue.BRIEF,
            Unreached.why,
            Unreached.since,
            Unreached.tries,
            Conversation.gone_at,
        )
        .join(Conversation, Conversation.id == Case.conversation_id)
        .where(await casequeue.covered(desk, held))
        .order_by(Case.urgency != "sos", Unreached.tries, Unreached.since)
        .limit(limit)
        .offset(offset)
    )
    return casebook.all_of(await desk.db.execute(query))


async def entry(desk: Desk, case_id: int) -> CaseRow | None:
    """The open entry of a case; lock the case first."""
    query = select(Unreached.__table__).where(
        Unreached.case_id == case_id, Unreached.closed_at.is_(None)
    )
    return casebook.first_of(await desk.db.execute(query))


def line(one: CaseRow, t: Translate) -> str:
    """Why somebody is on the list, and what was tried; no names, no numbers."""
    rows = [t(REASONS[one["why"]]), t(N_("từ {at}"), at=moment(one["since"], t))]
    if one["tries"]:
        rows.append(t(N_("đã tìm {n} lần chưa gặp"), n=one["tries"]))
    if one["why"] == Why.GONE and "gone_at" in one and one["gone_at"] is None:
        rows.append(t(N_("nay đã nhắn lại")))
    return " · ".join(rows)


async def note_silence(db: AsyncConnection, _: World, now: datetime) -> bool:
    """Put one case on the list whose reporter has not answered the officer; False if none is."""
    since = sql_case((Case.urgency == "sos", now - SILENT_SOS), else_=now - SILENT_AFTER)
    listed = exists().where(
        Unreached.case_id == Case.id,
        or_(Unreached.closed_at.is_(None), Unreached.since >= Case.waiting_since),
    )
    found = await db.scalar(
        select(Case.id)
        .where(Case.waiting_since <= now - SILENT_SOS, Case.waiting_since <= since, ~listed)
        .order_by(Case.waiting_since)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found is not None and await unreached.note(db, found, Why.SILENT, now)


async def tell_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Tell an office of one new entry, in its working hours; False if there is none to tell."""
    at_work = [code for code in places.COMMUNES if is_open(now, code)]
    found = await db.execute(
        _open(Unreached.id, Unreached.case_id)
        .where(Unreached.told_at.is_(None), or_(Case.urgency == "sos", Case.commune.in_(at_work)))
        .order_by(Unreached.since)
        .limit(1)
        .with_for_update(skip_locked=True, of=Unreached)
    )
    row = found.one_or_none()
    if row is None:
        return False
    await db.execute(update(Unreached).where(Unreached.id == row.id).values(told_at=now))
    desk = Desk(db, now, world)
    case = await casebook.by_id(desk, row.case_id)
    one = await entry(desk, row.case_id)
    lane = Lane.URGENT if case["urgency"] == "sos" else Lane.REMINDER
    for chat in await notify.in_charge(desk, case):
        t = translator(chat.locale)
        text = t(N_("📞 Chat không tới được người báo tin, cần **gọi điện hoặc tới nhà**:"))
        why = line(one, t) if one else ""
        buttons = (command_button("chuabao", t(N_("📞 Gọi, tới nhà")), case["code"]),)
        told = Outgoing("\n".join((text, cards.line(case, desk, t), why)), buttons)
        desk.tell(chat, told, lane, case["id"])
    await desk.clear()
    log.info("unreached_told", case=case["code"], why=one["why"] if one else None)
    return True
