"""Who is called in a roll-call: the households of the book, and everybody known by chat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, insert, or_, select, update

from handlers import households
from handlers.desk import Desk
from handlers.households import Facts, ordered
from handlers.rollcalls import Row
from handlers.villages import key as village_key
from models import village_rules
from models.cases import Case
from models.conversations import Conversation
from models.households import Household
from models.people import Grant, Person
from models.rollcalls import How, RollAsk, RollCall, RollHousehold, Safety, SafeWord

CHUNK = 500  # rows of one statement
GROUP_OF = {
    "children": "small_children",
    "elderly": "elderly_alone",
    "disabled": "disabled",
    "pregnant": "pregnant",
}


@dataclass(slots=True)
class Unit:
    """One household to be called."""

    village: str
    facts: Facts
    household_id: int | None = None
    people: set[UUID] = field(default_factory=set)

    @property
    def weight(self) -> int:
        return village_rules.weight(self.facts.groups)


async def make(desk: Desk, call: Row) -> int:
    """Write down every household of a roll-call and which chats stand for it.

    Returns:
        How many households there are.
    """
    units = await gather(desk, call["commune"], call["villages"], at_risk=call["at_risk_only"])
    fresh = await _fresh_words(desk, call)
    spelling: dict[str, str] = {village_key(one): one for one in reversed(call["villages"])}
    for unit in units:
        unit.village = spelling.setdefault(village_key(unit.village), unit.village)
    units.sort(key=lambda one: (-one.weight, one.village, one.facts.head))
    rows = [_row(call["id"], number, unit, fresh) for number, unit in enumerate(units, 1)]
    ids: dict[int, int] = {}
    for some in _chunks(rows):
        made = await desk.db.execute(
            insert(RollHousehold).values(some).returning(RollHousehold.number, RollHousehold.id)
        )
        ids |= {row.number: row.id for row in made}
    await _asks(desk, call["id"], {ids[n]: one.people for n, one in enumerate(units, 1)})
    return len(units)


def _row(call_id: int, number: int, unit: Unit, fresh: Mapping[UUID, Any]) -> dict[str, Any]:
    said = next((one for one in unit.people if one in fresh), None)
    return {
        "rollcall_id": call_id,
        "number": number,
        "household_id": unit.household_id,
        "village": unit.village,
        "weight": unit.weight,
        "private": None if unit.household_id else unit.facts.packed(),
        "answer": Safety.SAFE.value if said else None,
        "how": How.UNASKED.value if said else None,
        "answered_at": fresh[said] if said else None,
        "answered_by": said,
    }


async def _asks(desk: Desk, call_id: int, people: Mapping[int, set[UUID]]) -> None:
    """Every chat of these people that can be reached, each for one household."""
    unit_of = {person: unit for unit, some in people.items() for person in some}
    for some in _chunks(list(unit_of)):
        chats = await desk.db.execute(
            select(Conversation.id, Conversation.person_id).where(
                Conversation.person_id.in_(some), Conversation.gone_at.is_(None)
            )
        )
        rows = [
            {"rollcall_id": call_id, "conversation_id": row.id, "unit_id": unit_of[row.person_id]}
            for row in chats
        ]
        if rows:
            await desk.db.execute(insert(RollAsk), rows)


def _chunks(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK))


async def gather(
    desk: Desk, commune: str, villages: Sequence[str], *, at_risk: bool
) -> list[Unit]:
    """The households of some villages, of the whole commune with none named."""
    known = await households.of_villages(desk, commune, villages or None, at_risk=at_risk)
    units = [Unit(one.village, one.facts, one.id) for one in known]
    by_phone = {unit.facts.phone: unit for unit in units if unit.facts.phone}
    taken = await _join_by_phone(desk, [one.id for one in known], units)
    if at_risk:
        return units
    wanted = {village_key(one) for one in villages}
    for person, village, facts in await _chatting(desk, commune):
        if person in taken or (wanted and village_key(village) not in wanted):
            continue
        same = by_phone.get(facts.phone) if facts.phone else None
        if same is None:
            same = Unit(village, facts)
            units.append(same)
            if facts.phone:
                by_phone[facts.phone] = same
        same.people.add(person)
    return units


async def _join_by_phone(desk: Desk, ids: Sequence[int], units: Sequence[Unit]) -> set[UUID]:
    """Chat accounts whose telephone an entry of the book holds; each stands for one entry."""
    by_id = {unit.household_id: unit for unit in units}
    taken: set[UUID] = set()
    for some in _chunks(ids):
        rows = await desk.db.execute(
            select(Household.id, Person.id.label("person_id"))
            .join(Person, Person.phone_hash == Household.phone_hash)
            .where(Household.id.in_(some), ~_is_staff())
            .order_by(Household.id)
        )
        for row in rows:
            if row.person_id not in taken:
                by_id[row.id].people.add(row.person_id)
                taken.add(row.person_id)
    return taken


def _is_staff() -> Any:  # noqa: ANN401 - a condition
    """Who calls the roll is not called."""
    return exists().where(Grant.person_id == Person.id, Grant.revoked_at.is_(None))


async def _chatting(desk: Desk, commune: str) -> list[tuple[UUID, str, Facts]]:
    """People known by chat in a commune: by their profile, else by a report of their own house."""
    reported: dict[UUID, dict[str, Any]] = {}  # the newest report of the own house
    cases = await desk.db.execute(
        select(Case.reporter_id, Case.village, Case.details)
        .where(Case.commune == commune, Case.emptied_at.is_(None))
        .order_by(Case.id)
    )
    for row in cases:
        details = row.details or {}
        if details.get("whose", "own") == "own":
            reported[row.reporter_id] = {**details, "village": row.village}
    people = await desk.db.execute(
        select(Person.id, Person.private).where(
            or_(Person.commune == commune, Person.id.in_(list(reported))), ~_is_staff()
        )
    )
    found = []
    for row in people:
        profile, report = row.private or {}, reported.get(row.id, {})
        village = profile.get("village") or report.get("village")
        if village:
            found.append((row.id, str(village), _facts(profile, report)))
    return found


def _facts(profile: Mapping[str, Any], report: Mapping[str, Any]) -> Facts:
    groups = (part.partition("=")[0] for part in str(report.get("vulnerable", "")).split(","))
    return Facts(
        str(report.get("head") or profile.get("name") or ""),
        profile.get("phone") or report.get("phone"),
        report.get("people"),
        report.get("address"),
        groups=ordered(GROUP_OF[one] for one in groups if one in GROUP_OF),
    )


async def _fresh_words(desk: Desk, call: Row) -> Mapping[UUID, Any]:
    """Who has said «tôi an toàn» shortly before anybody asked; a practice run asks anyway."""
    if call["practice"]:
        return {}
    since = call["started_at"] - timedelta(hours=village_rules.roll().fresh_hours)
    rows = await desk.db.execute(
        select(SafeWord.person_id, SafeWord.at).where(SafeWord.at >= since)
    )
    return {row.person_id: row.at for row in rows}


async def made(desk: Desk, call_id: int) -> None:
    await desk.db.execute(update(RollCall).where(RollCall.id == call_id).values(made_at=desk.now))
