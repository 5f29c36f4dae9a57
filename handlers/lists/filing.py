"""Making cases of a list's lines: in batches, each a commit, so that nobody waits for 500.

Batches of one village follow each other.  A household that a list of the same disaster has filed
already is found under that lock, so a list sent twice, or a batch begun again after a crash,
adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import casebook, notify
from handlers.casebook import CaseRow, Report
from handlers.desk import Desk, Turn, World
from handlers.lists import book, damage, merging, results, saying
from handlers.lists.book import About, Kept, ListRow
from handlers.lists.line import Line
from handlers.messages import Incoming
from handlers.report_case import URGENCY
from models import names
from models.cases import Case, Status
from models.conversations import Conversation
from models.jobs import Job
from models.lists import HouseholdList, LineState, ListLine, ListState
from models.outbox import Lane
from models.people import Person

log = structlog.get_logger(__name__)

BATCH = 2  # households of one commit: short, so that nobody waits for it
SAME_DISASTER = timedelta(days=14)  # lists of one village and cause this near are of one disaster
TOLD_EACH = 100  # households between two messages of progress


async def start(turn: Turn, row: ListRow) -> None:
    """Have a job make cases of what is good."""
    await book.change(turn, row["id"], state=ListState.FILING.value)
    turn.jobs.append(_job(row["id"]))


def _job(list_id: UUID) -> Job:
    # behind every answer and reminder: 500 households are no reason for anybody to wait
    return Job("file_list", list_id.hex, int(Lane.BULK), key=f"file_list:{list_id.hex}")


async def file_some(db: AsyncConnection, world: World, now: datetime, list_id: UUID) -> bool:
    """File the next lines of a list; False when nothing is left to file."""
    desk = Desk(db, now, world)
    row = await book.by_id(desk, list_id, lock=True)
    if row is None or row["state"] != ListState.FILING:
        return False
    turn = await for_sender(desk, row)
    await lock_village(turn, row)
    waiting = await book.lines(turn, list_id, LineState.GOOD, limit=BATCH)
    before = await _settled(turn, list_id)
    await file_lines(turn, row, waiting)
    if len(waiting) < BATCH:
        await _finish(turn, row)
    elif before // TOLD_EACH != (before + len(waiting)) // TOLD_EACH:
        counts = await book.counts(turn, list_id)
        turn.say(saying.progress(turn.t, row, counts), lane=Lane.BULK)
    await turn.clear()
    return len(waiting) == BATCH


async def _settled(desk: Desk, list_id: UUID) -> int:
    counts = await book.counts(desk, list_id)
    return counts.get(LineState.FILED, 0) + counts.get(LineState.SAME, 0)


async def lock_village(desk: Desk, row: ListRow) -> None:
    place = f"lists:{row['commune']}:{row['village_key']}"
    await desk.db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(place, 0))))


async def file_lines(turn: Turn, row: ListRow, waiting: Sequence[Kept]) -> list[CaseRow]:
    """Open the cases of some lines; the village is locked.

    Whoever is in danger is told of at once and by itself, the rest as one list.
    """
    known = await _listed_before(turn, row)
    opened = []
    for one in waiting:
        twin = _twin(known, one.line)
        if twin is not None:
            await _add_to(turn, twin[1], one.line, twin[0])
            await book.settle(turn, one.id, LineState.SAME, twin[1])
            continue
        case = await casebook.open_case(turn, one.id, report_of(row, one.line))
        await book.settle(turn, one.id, LineState.FILED, case["id"])
        opened.append(case)
    if opened:
        await turn.db.execute(
            update(Case)
            .where(Case.id.in_([case["id"] for case in opened]))
            .values(list_id=row["id"])
        )
    for case in opened:
        if case["urgency"] == "sos":
            await notify.new_case(turn, {**case, "list_id": row["id"]})
    return opened


def _twin(known: Sequence[tuple[Line, int]], line: Line) -> tuple[Line, int] | None:
    """The household that was listed before, of two of one name the one with this nickname."""
    found = [pair for pair in known if merging.alike(pair[0], line)]
    nick = names.read(line.head).nick
    return next((pair for pair in found if names.read(pair[0].head).nick == nick), None) or next(
        iter(found), None
    )


async def moved(turn: Turn, row: ListRow, about: About) -> None:
    """The place of a list is said after its first lines: those in danger are filed already."""
    await book.change(turn, row["id"], **about.columns())
    await turn.db.execute(
        update(Case)
        .where(Case.list_id == row["id"], Case.village.is_distinct_from(about.village or None))
        .values(village=about.village or None)
    )


async def _listed_before(desk: Desk, row: ListRow) -> list[tuple[Line, int]]:
    """Households of this village that a list of this disaster has filed, with their cases."""
    rows = await desk.db.execute(
        select(ListLine.body, ListLine.case_id)
        .join(HouseholdList, HouseholdList.id == ListLine.list_id)
        .where(
            HouseholdList.id != row["id"],  # of one list it was settled when they came
            HouseholdList.commune == row["commune"],
            HouseholdList.village_key == row["village_key"],
            HouseholdList.cause.is_not_distinct_from(row["cause"]),
            HouseholdList.opened_at > row["opened_at"] - SAME_DISASTER,
            ListLine.state == LineState.FILED.value,
            ListLine.case_id.is_not(None),
        )
    )
    return [(Line.unpacked(one.body or {}), one.case_id) for one in rows]


def report_of(row: ListRow, line: Line) -> Report:
    """The case a line amounts to."""
    ranks = {URGENCY.get(kind, "high") for kind in line.kinds}
    urgency = "sos" if line.danger else "high" if "high" in ranks else "normal"
    details: dict[str, Any] = {
        "head": line.head,
        "people": line.people,
        "poverty": line.poverty,
        "phone": line.phone,
        "vulnerable": line.vulnerable,
        "address": line.address,
        "cause": row["cause"],
        "happened": row["happened"].isoformat() if row["happened"] else None,
        "words": [line.text] if line.text else None,
    }
    return Report(
        commune=row["commune"],
        village=row["village"] or None,
        kinds=line.kinds,
        urgency=urgency,
        details={name: value for name, value in details.items() if value},
        incomplete=False,
    )


async def _add_to(turn: Turn, case_id: int, line: Line, known: Line) -> None:
    """A household that is known already: what is told of it for the first time is not lost."""
    case = await casebook.by_id(turn, case_id, lock=True)
    kinds = damage.gravest((*case["kinds"], *line.kinds))
    worse = set(kinds) - set(case["kinds"])
    if not worse and not (line.phone and not known.phone):
        return
    details = dict(case["details"] or {})
    if line.phone:
        details.setdefault("phone", line.phone)
    await casebook.event(turn, case_id, "added", by=turn.person_id, text=line.text)
    if case["status"] in {Status.NEW, Status.TAKEN}:
        await casebook.change(turn, case, kinds=list(kinds), details=details)


async def _finish(turn: Turn, row: ListRow) -> None:
    """Say what became of it, and hand the whole list to the commune as one card."""
    await book.change(turn, row["id"], state=ListState.FILED.value, filed_at=turn.now)
    kept = await book.lines(turn, row["id"])
    text, buttons = await results.filed(turn, row, kept)
    turn.say(text, *buttons)
    if any(one.state == LineState.FILED for one in kept):
        turn.jobs.append(Job("find_alike", f"list:{row['id'].hex}", int(Lane.REMINDER)))
        await results.tell_commune(turn, row, kept)
    log.info("list_filed", list=row["code"], lines=len(kept))


async def for_sender(desk: Desk, row: Mapping[str, Any]) -> Turn:
    """A desk at which the sender of a list has said nothing."""
    return await desk_of(desk, row, row["conversation_id"], row["reporter_id"])


async def desk_of(desk: Desk, row: Mapping[str, Any], chat_id: int, person_id: UUID) -> Turn:
    """A desk at which somebody concerned with a list has said nothing."""
    found = await desk.db.execute(
        select(Conversation.channel, Conversation.address, Person.locale)
        .join(Person, Person.id == Conversation.person_id)
        .where(Conversation.id == chat_id)
    )
    chat = found.one()
    return Turn(
        desk.db,
        desk.now,
        desk.world,
        said=Incoming(chat.channel, chat.address, f"list:{uuid4()}", desk.now),
        chat_id=chat_id,
        person_id=person_id,
        locale=chat.locale,
        commune=row["commune"],
        flow=None,
        draft={},
        draft_id=None,
        held=(),
    )
