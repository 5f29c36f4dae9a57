"""A decision waits a moment before the reporter reads it, so that it can be taken back.

The case changes at once: its clock stops, colleagues see what was decided and by whom.  Only the
reporter still knows it as it was, until the decision is told; and may still withdraw it.  What
waits is a row, told by a job of the same commit (docs/decisions/0009).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import cards, casebook, notify
from handlers.casebook import CaseRow
from handlers.desk import Desk, Turn, World
from handlers.i18n import N_, translator
from handlers.messages import Outgoing
from handlers.render import command_button
from handlers.typed import as_typed
from models.cases import Case, CaseEvent, Status
from models.decisions import Decision, Settled
from models.jobs import Job
from models.lists import HouseholdList
from models.outbox import Lane

log = structlog.get_logger(__name__)

DECIDED = (Status.CONFIRMED, Status.DECLINED, Status.HELPED)
_WHEN = ("answered_at", "waiting_since", "closed_at")
EARLY = timedelta(seconds=2)  # clocks of two machines differ; a job this early is in time

TOLD: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    Status.CONFIRMED: (
        N_("✅ {office} đã **xác nhận** hồ sơ {code}: {text}"),
        (("xem", N_("📂 Xem hồ sơ")), ("gapcanbo", N_("👤 Gặp cán bộ"))),
    ),
    Status.DECLINED: (
        N_(
            "Hồ sơ {code} **chưa được chấp nhận**. Lý do: {text}\n"
            "Nếu thấy chưa đúng, ông/bà bấm Gặp cán bộ để nói lại."
        ),
        (("xem", N_("📂 Xem hồ sơ")), ("gapcanbo", N_("👤 Gặp cán bộ"))),
    ),
    Status.HELPED: (
        N_("🎁 Hồ sơ {code}: đã trợ giúp – {text}\nÔng/bà đã nhận được chưa?"),
        (
            ("danhan", N_("👍 Đã nhận được hỗ trợ")),
            ("chuanhan", N_("👎 Chưa nhận được")),
        ),
    ),
}

ANSWERED = (  # of a question, however the officer ended it
    N_("💬 {office} trả lời câu hỏi {code}: {text}\nChưa rõ, ông/bà bấm Gặp cán bộ để hỏi thêm."),
    (("xem", N_("📂 Xem hồ sơ")), ("gapcanbo", N_("👤 Gặp cán bộ"))),
)

Row = Mapping[str, Any]  # the columns of ``decisions``


async def make(  # noqa: PLR0913 - a decision is exactly these facts
    turn: Turn,
    case: CaseRow,
    what: Status,
    text: str,
    *,
    media: Sequence[str] = (),
    batch: UUID | None = None,
) -> CaseRow:
    """Decide a case, which is locked; an earlier decision that still waits is told first."""
    await _before_another(turn, case)
    columns = _columns(case, what, turn.now)
    before = {name: _packed(case[name]) for name in columns}
    changed = await casebook.change(turn, case, **columns)
    event_id = await casebook.event(
        turn, case["id"], what.value, by=turn.person_id, public=False, text=text
    )
    made = await turn.db.execute(
        insert(Decision)
        .values(
            case_id=case["id"],
            what=what.value,
            by_id=turn.person_id,
            batch=batch,
            made_at=turn.now,
            tell_at=turn.now + turn.world.take_back,
            event_id=event_id,
            body={"text": text, "media": list(media)},
            before=before,
        )
        .returning(Decision.id)
    )
    decision_id = made.scalar_one()
    if turn.world.take_back:
        job = Job("tell_decision", str(decision_id), int(Lane.REPLY), turn.world.take_back)
        turn.jobs.append(job)
    else:
        await tell(turn, decision_id)
    return changed


def _columns(case: CaseRow, what: Status, now: datetime) -> dict[str, Any]:
    answered = case["answered_at"] if what == Status.HELPED else None
    return {
        "status": what.value,
        "answered_at": answered or now,
        "waiting_since": None,
        # help follows on a confirmation, nothing on the answer to a question
        "closed_at": None if what == Status.CONFIRMED and not cards.is_question(case) else now,
    }


async def propose(  # noqa: PLR0913 - a proposal is exactly these facts
    turn: Turn,
    case: CaseRow,
    what: Status,
    text: str,
    *,
    media: Sequence[str] = (),
    batch: UUID | None = None,
) -> None:
    """Keep what an officer proposes until a leader has looked at it; the case is locked."""
    await _before_another(turn, case)
    event_id = await casebook.event(
        turn, case["id"], "proposed", by=turn.person_id, public=False, text=text
    )
    await turn.db.execute(
        insert(Decision).values(
            case_id=case["id"],
            what=what.value,
            by_id=turn.person_id,
            batch=batch,
            made_at=turn.now,
            event_id=event_id,
            body={"text": text, "media": list(media)},
            before={},
        )
    )


async def of_batch(desk: Desk, batch: str) -> list[tuple[CaseRow, Row]]:
    """What was decided or proposed in one go and still waits, with the cases locked."""
    try:
        key = UUID(batch)
    except ValueError:
        return []
    query = select(Decision.__table__).where(Decision.batch == key, Decision.settled.is_(None))
    ids = [row["case_id"] for row in (await desk.db.execute(query)).mappings()]
    cases = await casebook.by_ids(desk, ids)
    # read again: whoever held a lock before us may have settled one
    waiting = {row["case_id"]: dict(row) for row in (await desk.db.execute(query)).mappings()}
    return [(case, waiting[case["id"]]) for case in cases if case["id"] in waiting]


async def _before_another(turn: Turn, case: CaseRow) -> None:
    """What follows on a decision says that the decision was meant: the reporter reads it now."""
    waiting = await waiting_for(turn, case["id"])
    if waiting is None:
        return
    if waiting["tell_at"] is None:
        await settle(turn, waiting, Settled.OVERTAKEN)
    else:
        await tell(turn, waiting["id"])


async def waiting_for(desk: Desk, case_id: int) -> Row | None:
    """The decision of a case that is not told yet; lock the case first."""
    found = await desk.db.execute(
        select(Decision.__table__).where(Decision.case_id == case_id, Decision.settled.is_(None))
    )
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


async def settle(desk: Desk, row: Row, how: Settled) -> None:
    """End the waiting; the words are in the story, so they are not kept here."""
    await desk.db.execute(
        update(Decision)
        .where(Decision.id == row["id"])
        .values(settled=how.value, settled_at=desk.now, body=None)
    )


async def tell(desk: Desk, decision_id: int) -> None:
    """Let the reporter read a decision, unless it was settled meanwhile."""
    case_id = await desk.db.scalar(select(Decision.case_id).where(Decision.id == decision_id))
    if case_id is None:
        return  # the case is no more
    case = await casebook.by_id(desk, case_id, lock=True)
    row = await waiting_for(desk, case_id)
    if row is None or row["id"] != decision_id:
        return
    await settle(desk, row, Settled.TOLD)
    await desk.db.execute(
        update(CaseEvent).where(CaseEvent.id == row["event_id"]).values(public=True)
    )
    body = row["body"] or {}
    sent = body.get("media", ())
    await casebook.attach_media(desk, case_id, sent)  # what is still being fetched follows
    if row["batch"] is not None and case["list_id"] is not None:
        await _tell_of_list(desk, case, row, str(body.get("text", "")))
        log.info("decision_told", case=case["code"], what=row["what"])
        return
    asked = cards.is_question(case) and row["what"] != Status.HELPED
    message, buttons = ANSWERED if asked else TOLD[row["what"]]
    await notify.reporter(
        desk,
        case,
        message,
        *buttons,
        media=await notify.stored(desk, sent),
        text=str(body.get("text", "")),
    )
    log.info("decision_told", case=case["code"], what=row["what"])


async def _tell_of_list(desk: Desk, case: CaseRow, row: Row, text: str) -> None:
    """Who sent a list reads once what was decided for many of its households."""
    code = await desk.db.scalar(
        select(HouseholdList.code).where(HouseholdList.id == case["list_id"]).with_for_update()
    )
    states = (
        select(Decision.settled, func.count())
        .join(Case, Case.id == Decision.case_id)
        .where(Decision.batch == row["batch"], Case.list_id == case["list_id"])
    )
    counts = dict((await desk.db.execute(states.group_by(Decision.settled))).all())
    if counts.get(None):
        return  # the last one says it
    chat = await desk.chat(case["conversation_id"])
    t = translator(chat.locale)
    told = N_("✅ {office} đã **xác nhận {count} hộ** trong danh sách {code}: {text}")
    message = t(
        told,
        office=cards.office(case["commune"], t),
        count=counts.get(Settled.TOLD.value, 0),
        code=code,
        text=as_typed(text),
    )
    shown = command_button("danhsach", t(N_("📋 Xem từng hộ")), str(code))
    desk.tell(chat, Outgoing(message, (shown,)), Lane.REPLY)


async def tell_in_time(
    db: AsyncConnection, world: World, now: datetime, decision_id: int
) -> timedelta | None:
    """What the job of a decision does; gives the time still to wait, if it came early."""
    tell_at = await db.scalar(select(Decision.tell_at).where(Decision.id == decision_id))
    if tell_at is not None and tell_at - now > EARLY:
        wait: timedelta = tell_at - now
        return wait
    desk = Desk(db, now, world)
    await tell(desk, decision_id)
    await desk.clear()
    return None


async def tell_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Tell one decision whose job was lost; False when there is none."""
    found = await db.scalar(
        select(Decision.id)
        .where(Decision.settled.is_(None), Decision.tell_at <= now)
        .order_by(Decision.tell_at)
        .limit(1)
    )
    if found is None:
        return False
    await tell_in_time(db, world, now, found)
    return True


async def go_back(desk: Desk, case: CaseRow, row: Row, how: Settled) -> CaseRow:
    """Take back what was not told: the case, which is locked, is what it was before."""
    await settle(desk, row, how)
    return await casebook.change(desk, case, **_opened(row["before"]))


async def withdrawn(desk: Desk, case: CaseRow) -> UUID | None:
    """The reporter withdraws a case, which is locked: what was not told is dropped.

    Gives who had decided it, to be told.
    """
    row = await waiting_for(desk, case["id"])
    if row is None:
        return None
    if row["tell_at"] is None:
        await settle(desk, row, Settled.WITHDRAWN)
    else:
        await go_back(desk, case, row, Settled.WITHDRAWN)
    by: UUID = row["by_id"]
    return by


async def as_known(desk: Desk, cases: Sequence[CaseRow]) -> list[CaseRow]:
    """Cases as their reporter knows them: without decisions that are not told yet."""
    # what was decided of one report is shown by those that follow it
    decided = [case["same_as"] or case["id"] for case in cases if case["status"] in DECIDED]
    if not decided:
        return list(cases)
    rows = await desk.db.execute(
        select(Decision.case_id, Decision.before).where(
            Decision.case_id.in_(decided),
            Decision.settled.is_(None),
            Decision.tell_at.is_not(None),
        )
    )
    before = {row.case_id: _opened(row.before) for row in rows}
    return [_before(case, before) for case in cases]


def _before(case: CaseRow, before: Mapping[int, Mapping[str, Any]]) -> CaseRow:
    if case["same_as"] is None:
        return {**case, **before.get(case["id"], {})}
    known = before.get(case["same_as"], {})
    return {**case, **{name: known[name] for name in known if name != "waiting_since"}}


def _packed(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _opened(before: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if value and name in _WHEN else value
        for name, value in before.items()
    }
