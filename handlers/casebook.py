"""Opening, finding and changing cases.  Every change is an event of the case's story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from sqlalchemy import (
    ColumnElement,
    Result,
    Select,
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy import case as sql_case
from sqlalchemy.dialects.postgresql import insert as upsert

from handlers import clockbook, communes, reclock
from handlers.caseclocks import Given, answer_due, fixed, next_round, next_rung_at
from handlers.desk import Desk, Turn
from models import codes, unreached, vault
from models.cases import OPEN, Case, CaseEvent, MediaFile, Status
from models.cases import Rung as GivenRung
from models.deadlines.clocks import Due
from models.hot import Hot, opened, parsed
from models.leaving import Further
from models.unreached import Why

log = structlog.get_logger(__name__)

CaseRow: TypeAlias = Mapping[str, Any]  # the columns of ``cases``
Query = Select[Any]
TABLE = Case.__table__


@dataclass(frozen=True, slots=True)
class Report:
    """What opens or completes a case."""

    commune: str
    village: str | None
    kinds: tuple[str, ...]
    urgency: str
    details: dict[str, Any]
    incomplete: bool


def all_of(rows: Result[Any]) -> list[CaseRow]:
    return [dict(row) for row in rows.mappings()]


def first_of(rows: Result[Any]) -> CaseRow | None:
    row = rows.mappings().one_or_none()
    return dict(row) if row is not None else None


def one_of(rows: Result[Any]) -> CaseRow:
    return dict(rows.mappings().one())


async def open_case(turn: Turn, draft_id: UUID, report: Report) -> CaseRow:
    """Open the case of a draft, or return the one it opened before with what was added since."""
    found = await _by_draft(turn, draft_id)
    if found is not None:
        return await _complete(turn, found, report)
    due = fixed(report.kinds, report.urgency, turn.now, report.commune)
    values = {
        "draft_id": draft_id,
        "reporter_id": turn.person_id,
        "conversation_id": turn.chat_id,
        "opened_at": turn.now,
        "take_due_at": due.take.at,
        "answer_due_at": due.answer.at,
        "clocks": {"take": due.take.to_json(), "answer": due.answer.to_json()},
        **_columns(report),
    }
    rules = await communes.mode(turn, report.commune)
    values["next_rung_at"] = next_rung_at(values, frozenset(), rules)
    row = None
    length = 4
    while row is None:
        row = await _OPEN.row(turn.db, code=codes.new(length), **values)
        length = 5  # four characters are getting crowded
    row["clocks"] = values["clocks"]
    await event(turn, row["id"], "opened", by=turn.person_id, kinds=list(report.kinds))
    await attach_media(turn, row["id"], turn.draft.get("_media", ()))
    log.info("case_opened", case=row["code"], commune=row["commune"], urgency=row["urgency"])
    return row


_WRITTEN = (
    "draft_id",
    "reporter_id",
    "conversation_id",
    "opened_at",
    "take_due_at",
    "answer_due_at",
    "clocks",
    "next_rung_at",
)
_TOLD = ("commune", "village", "kinds", "urgency", "details", "incomplete", "phone_hash")
_OPEN = Hot(
    upsert(Case)
    .values({name: bindparam(name) for name in ("code", *_WRITTEN, *_TOLD)})
    .on_conflict_do_nothing(index_elements=["code"])
    .returning(*TABLE.c),
    opens=("details",),
)
_BY_DRAFT = Hot(select(TABLE).where(Case.draft_id == bindparam("draft_id")), opens=("details",))
_TELL = Hot(
    update(Case)
    .where(Case.id == bindparam("case_id"))
    .values({name: bindparam(name) for name in _TOLD})
    .returning(*TABLE.c),
    opens=("details",),
)
_EVENT = Hot(
    insert(CaseEvent)
    .values(
        {name: bindparam(name) for name in ("case_id", "at", "what", "by_id", "public", "body")}
    )
    .returning(CaseEvent.id)
)


async def _by_draft(turn: Turn, draft_id: UUID) -> CaseRow | None:
    row = await _BY_DRAFT.row(turn.db, draft_id=draft_id)
    return {**row, "clocks": parsed(row["clocks"])} if row else None


async def _complete(turn: Turn, row: CaseRow, report: Report) -> CaseRow:
    columns = _columns(report)
    if columns["commune"] != row["commune"]:
        await event(turn, row["id"], "moved", by=turn.person_id, public=False)
    position = (row["details"] or {}).get("position")
    if position:  # told beside the form, or found in a photograph
        columns["details"] = {"position": position, **columns["details"]}
    if row["clocks"].get("judged"):  # an officer has said how urgent it is
        columns["urgency"] = row["urgency"]
    if report.urgency == "sos" and row["urgency"] != "sos":
        columns |= reclock.anew({**row, **columns, "urgency": row["urgency"]}, "sos", turn.now)
    await attach_media(turn, row["id"], turn.draft.get("_media", ()))
    if "clocks" in columns:
        return await change(turn, row, **columns)
    # what rings next stays the same: every answer comes by here
    changed = await _TELL.row(turn.db, case_id=row["id"], **columns)
    return {**(changed or row), "clocks": row["clocks"]}


def keep_up(turn: Turn, report: Report) -> bool:
    """Take further answers over into a filed case whose kinds, urgency and commune stand.

    Most messages of a report end here, so it costs no statement of its own; False if the case
    is not at hand.
    """
    if turn.filed is None or turn.filed["details"] is None:
        return False
    columns = _columns(report)
    position = (opened(turn.filed["details"]) or {}).get("position")
    turn.further = Further(
        case_id=turn.filed["id"],
        before=turn.filed["details"],
        village=columns["village"],
        details={"position": position, **columns["details"]} if position else columns["details"],
        phone_hash=columns["phone_hash"],
    )
    return True


def _columns(report: Report) -> dict[str, Any]:
    phone = report.details.get("phone")
    return {
        "commune": report.commune,
        "village": report.village,
        "kinds": list(report.kinds),
        "urgency": report.urgency,
        "details": report.details,
        "incomplete": report.incomplete,
        "phone_hash": vault.current().fingerprint(phone) if phone else None,
    }


async def attach_media(desk: Desk, case_id: int, sent: Sequence[str]) -> None:
    """Give the case the files that were sent for it, by id."""
    if sent:
        await desk.db.execute(
            update(MediaFile)
            .where(MediaFile.id.in_([UUID(one) for one in sent]), MediaFile.case_id.is_(None))
            .values(case_id=case_id)
        )


async def event(
    desk: Desk,
    case_id: int,
    what: str,
    *,
    by: UUID | None,
    public: bool = True,
    **body: object,
) -> int:
    """Add a line to the case's story; gives its number."""
    made = await _EVENT.row(
        desk.db,
        case_id=case_id,
        at=desk.now,
        what=what,
        by_id=by,
        public=public,
        body=dict(body) or None,
    )
    assert made is not None  # noqa: S101 - an insert gives the row it made
    return int(made["id"])


BY_THE_OFFICE = ("taken", "confirmed", "declined", "helped", "reopened", "handed_over", "late")


async def events(desk: Desk, case_id: int, *, public_only: bool) -> list[Mapping[str, Any]]:
    leads = select(Case.same_as).where(Case.id == case_id).scalar_subquery()
    query = (
        select(CaseEvent.__table__)
        .where(
            or_(
                CaseEvent.case_id == case_id,
                # of the case it follows what the office did, not what its reporter said
                and_(CaseEvent.case_id == leads, CaseEvent.what.in_(BY_THE_OFFICE)),
            )
        )
        .order_by(CaseEvent.id)
    )
    if public_only:
        query = query.where(CaseEvent.public)
    return all_of(await desk.db.execute(query))


async def by_code(desk: Desk, code: str, *, lock: bool = False) -> CaseRow | None:
    """Find a case; with ``lock`` nobody else changes it until this transaction ends."""
    query = select(TABLE).where(Case.code == code)
    if lock:
        query = query.with_for_update()
    return first_of(await desk.db.execute(query))


async def by_id(desk: Desk, case_id: int, *, lock: bool = False) -> CaseRow:
    query = select(TABLE).where(Case.id == case_id)
    return one_of(await desk.db.execute(query.with_for_update() if lock else query))


async def by_ids(desk: Desk, case_ids: Sequence[int]) -> list[CaseRow]:
    """Several cases, locked in one order, so that two people with the same ones take turns."""
    query = select(TABLE).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update()
    return all_of(await desk.db.execute(query))


async def by_codes(desk: Desk, codes: Sequence[str]) -> list[CaseRow]:
    """The same, by code."""
    query = select(TABLE).where(Case.code.in_(codes)).order_by(Case.id).with_for_update()
    return all_of(await desk.db.execute(query))


async def of_reporter(desk: Desk, person_id: UUID, limit: int = 10) -> list[CaseRow]:
    """A person's own cases, the newest first."""
    query = select(TABLE).where(Case.reporter_id == person_id).order_by(Case.id.desc())
    return all_of(await desk.db.execute(query.limit(limit)))


def next_due() -> ColumnElement[datetime]:
    """The clock that runs out first: taking it while it is new, answering it afterwards."""
    return sql_case((Case.status == Status.NEW.value, Case.take_due_at), else_=Case.answer_due_at)


async def resume(desk: Desk, case: CaseRow) -> CaseRow:
    """The citizen answered: the pause ends and the answer clock goes on where it stood."""
    await unreached.reached(desk.db, case["id"], desk.now, Why.SILENT)
    began = max(case["waiting_since"], Due.from_json(case["clocks"]["answer"]).counted_from)
    pause = [began.isoformat(), desk.now.isoformat()]
    stored = {**case["clocks"], "pauses": [*case["clocks"].get("pauses", ()), pause]}
    due = answer_due({**case, "clocks": stored})
    return await change(desk, case, waiting_since=None, clocks=stored, answer_due_at=due.at)


async def start_again(desk: Desk, case: CaseRow, **columns: object) -> CaseRow:
    """Reopen a case: a new answer clock runs from now, and may ring anew."""
    due = fixed(case["kinds"], case["urgency"], desk.now, case["commune"]).answer
    stored = {
        "take": case["clocks"]["take"],
        "answer": due.to_json(),
        "since": desk.now.isoformat(),
        "rounds": next_round(case, "answer"),
        "history": [*case["clocks"].get("history", ()), reclock.past(case, desk.now)],
    }
    return await change(
        desk,
        case,
        clocks=stored,
        answer_due_at=due.at,
        answered_at=None,
        closed_at=None,
        **columns,
    )


async def given_rungs(desk: Desk, case: CaseRow) -> Given:
    """The notices a case has given, by round."""
    rows = await desk.db.execute(
        select(GivenRung.round, GivenRung.rung).where(GivenRung.case_id == case["id"])
    )
    return frozenset((row.round, row.rung) for row in rows)


async def change(desk: Desk, case: CaseRow, **columns: object) -> CaseRow:
    """Change a case, find out anew what it rings next, and record the clocks that ended."""
    after = {**case, **columns}
    if after["taken_by"] != case["taken_by"] and "acknowledged" in after["clocks"]:
        # whoever holds it now has not said to know of it
        kept = {name: one for name, one in after["clocks"].items() if name != "acknowledged"}
        after["clocks"] = columns["clocks"] = kept
    rules = await communes.mode(desk, after["commune"])
    columns["next_rung_at"] = next_rung_at(after, await given_rungs(desk, after), rules)
    changed = await desk.db.execute(
        update(Case).where(Case.id == case["id"]).values(**columns).returning(*TABLE.c)
    )
    await clockbook.settle(desk, case, after)
    mirrored = {name: columns[name] for name in MIRRORED if name in columns}
    if mirrored and case["same_as"] is None:
        await _followers(desk, case, mirrored)
    return one_of(changed)


MIRRORED = ("status", "taken_by", "taken_at", "answered_at", "closed_at")


async def _followers(desk: Desk, case: CaseRow, mirrored: Mapping[str, object]) -> None:
    """Cases of the same household share what is decided; a withdrawal is its reporter's own."""
    query = update(Case).where(Case.same_as == case["id"])
    if mirrored.get("status") == Status.WITHDRAWN:
        await desk.db.execute(query.values(same_as=None, next_rung_at=desk.now))
    else:
        await desk.db.execute(query.values(**mirrored))


async def ring_anew(desk: Desk, commune: str) -> None:
    """Look at every open case of a commune again: its mode has changed, and with it the ladder."""
    await desk.db.execute(
        update(Case)
        .where(Case.commune == commune, Case.status.in_([one.value for one in OPEN]))
        .values(next_rung_at=desk.now)
    )
