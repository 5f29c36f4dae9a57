"""Opening, finding and changing cases.  Every change is an event of the case's story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from sqlalchemy import Result, Select, and_, func, insert, or_, select, update
from sqlalchemy import case as sql_case
from sqlalchemy.dialects.postgresql import insert as upsert

from handlers.desk import Desk, Held, Turn
from models import codes, vault
from handlers.vocabulary import PROVINCE_WIDE
from models.cases import Rung as GivenRung
from models.cases import OPEN, Case, CaseEvent, MediaFile, Status
from models.deadlines.clocks import Due, clocks
from models.deadlines.clocks import resume as resumed
from models.deadlines.ladder import Rung, rungs
from models.people import Role

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
    due = clocks(report.kinds, report.urgency, turn.now, report.commune)
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
    values["next_rung_at"] = next_rung_at(values, fired=frozenset())
    row = None
    length = 4
    while row is None:
        made = await turn.db.execute(
            upsert(Case)
            .values(code=codes.new(length), **values)
            .on_conflict_do_nothing(index_elements=["code"])
            .returning(*TABLE.c)
        )
        row = first_of(made)
        length = 5  # four characters are getting crowded
    await event(turn, row["id"], "opened", by=turn.person_id, kinds=list(report.kinds))
    await attach_media(turn, row["id"])
    log.info("case_opened", case=row["code"], commune=row["commune"], urgency=row["urgency"])
    return row


async def _by_draft(desk: Desk, draft_id: UUID) -> CaseRow | None:
    rows = await desk.db.execute(select(TABLE).where(Case.draft_id == draft_id))
    return first_of(rows)


async def _complete(turn: Turn, row: CaseRow, report: Report) -> CaseRow:
    columns = _columns(report)
    if columns["commune"] != row["commune"]:
        await event(turn, row["id"], "moved", by=turn.person_id, public=False)
    await attach_media(turn, row["id"])
    changed = await turn.db.execute(
        update(Case).where(Case.id == row["id"]).values(**columns).returning(*TABLE.c)
    )
    return one_of(changed)


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


async def attach_media(turn: Turn, case_id: int) -> None:
    """Give the case the files that were sent with its draft."""
    ids = [UUID(one) for one in turn.draft.get("_media", ())]
    if ids:
        await turn.db.execute(
            update(MediaFile)
            .where(MediaFile.id.in_(ids), MediaFile.case_id.is_(None))
            .values(case_id=case_id)
        )


async def event(
    desk: Desk,
    case_id: int,
    what: str,
    *,
    by: UUID | None,
    public: bool = True,
    **body: Any,
) -> None:
    """Add a line to the case's story."""
    await desk.db.execute(
        insert(CaseEvent).values(
            case_id=case_id, at=desk.now, what=what, by_id=by, public=public, body=body or None
        )
    )


async def events(desk: Desk, case_id: int, *, public_only: bool) -> list[Mapping[str, Any]]:
    query = select(CaseEvent.__table__).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)
    if public_only:
        query = query.where(CaseEvent.public)
    return all_of(await desk.db.execute(query))


async def by_code(desk: Desk, code: str, *, lock: bool = False) -> CaseRow | None:
    """Find a case; with ``lock`` nobody else changes it until this transaction ends."""
    query = select(TABLE).where(Case.code == code)
    if lock:
        query = query.with_for_update()
    return first_of(await desk.db.execute(query))


async def by_id(desk: Desk, case_id: int) -> CaseRow:
    return one_of(await desk.db.execute(select(TABLE).where(Case.id == case_id)))


async def of_reporter(desk: Desk, person_id: UUID, limit: int = 10) -> list[CaseRow]:
    """A person's own cases, the newest first."""
    query = select(TABLE).where(Case.reporter_id == person_id).order_by(Case.id.desc())
    return all_of(await desk.db.execute(query.limit(limit)))


def _within(held: Sequence[Held]) -> Any:
    places = []
    for one in held:
        if one.role in (Role.OFFICER, Role.LEADER):
            places.append(Case.commune == one.commune)
        elif one.role == Role.VILLAGE_HEAD:
            in_village = func.lower(Case.village).in_([name.lower() for name in one.villages])
            places.append(and_(Case.commune == one.commune, in_village))
        elif one.role == Role.PROVINCE:
            places.append(Case.commune == PROVINCE_WIDE)
    return or_(*places) if places else Case.id < 0


def queue(held: Sequence[Held]) -> Query:
    """Open cases of everything a person covers, the least time left first."""
    return (
        select(TABLE)
        .where(_within(held), Case.status.in_([status.value for status in OPEN]))
        .order_by(next_due(), Case.id)
    )


def everything(held: Sequence[Held]) -> Query:
    """Every case of what a person covers, the newest first."""
    return select(TABLE).where(_within(held)).order_by(Case.id.desc())


def next_due() -> Any:
    """The clock that runs out first: taking it while it is new, answering it afterwards."""
    return sql_case((Case.status == Status.NEW.value, Case.take_due_at), else_=Case.answer_due_at)


def next_rung_at(case: Mapping[str, Any], fired: frozenset[str]) -> datetime | None:
    """When the next reminder or lateness notice of an open case is due, None if there is none."""
    waiting = [rung.at for rung in pending_rungs(case) if rung.id not in fired]
    return min(waiting, default=None)


def pending_rungs(case: Mapping[str, Any]) -> list[Rung]:
    """Notices of the clocks that run: *take* until it is taken, *answer* until it is answered.

    While the citizen is asked something the answer clock stands still, and rings nobody.
    """
    status = case.get("status") or Status.NEW.value
    stored = case["clocks"]
    found: list[Rung] = []
    if status == Status.NEW:
        found += rungs(Due.from_json(stored["take"]), "take", case["urgency"])
    if status in OPEN and case.get("waiting_since") is None:
        pauses = paused(stored)
        due = resumed(Due.from_json(stored["answer"]), pauses)
        found += rungs(due, "answer", case["urgency"], pauses)
    return found


def paused(clocks_: Mapping[str, Any]) -> list[tuple[datetime, datetime]]:
    """The times a case waited for the citizen, aware UTC."""
    return [
        (datetime.fromisoformat(start), datetime.fromisoformat(end))
        for start, end in clocks_.get("pauses", ())
    ]


async def resume(desk: Desk, case: CaseRow) -> None:
    """The citizen answered: the pause ends and the answer clock goes on where it stood."""
    pause = [case["waiting_since"].isoformat(), desk.now.isoformat()]
    stored = {**case["clocks"], "pauses": [*case["clocks"].get("pauses", ()), pause]}
    columns = {
        "waiting_since": None,
        "clocks": stored,
        "answer_due_at": resumed(Due.from_json(stored["answer"]), paused(stored)).at,
    }
    await change(desk, case, **columns)


async def fired(desk: Desk, case_id: int) -> frozenset[str]:
    return frozenset(
        await desk.db.scalars(select(GivenRung.rung).where(GivenRung.case_id == case_id))
    )


async def change(desk: Desk, case: Mapping[str, Any], **columns: Any) -> CaseRow:
    """Change a case and find out anew what it rings next."""
    after = {**case, **columns}
    columns["next_rung_at"] = next_rung_at(after, await fired(desk, case["id"]))
    changed = await desk.db.execute(
        update(Case).where(Case.id == case["id"]).values(**columns).returning(*TABLE.c)
    )
    return one_of(changed)
