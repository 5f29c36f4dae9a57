"""The figures of a roll-call, and its doors, read from the households themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from handlers.desk import Desk
from handlers.households import Facts
from handlers.rollcalls import spelled
from models.conversations import Conversation
from models.households import Household
from models.rollcalls import AlertCall, RollAsk, RollCall, RollHousehold, Safety


@dataclass(frozen=True, slots=True)
class Counts:
    """How many households of a roll-call are what; ``silent`` were asked, ``unreached`` not."""

    village: str
    total: int
    safe: int
    help: int
    unsure: int
    silent: int
    unreached: int


@dataclass(frozen=True, slots=True)
class Door:
    """One household as whoever goes there reads it."""

    id: int
    number: int
    village: str
    facts: Facts
    answer: str | None
    how: str | None
    case_id: int | None


def _of(call_id: int, villages: Sequence[str] | None) -> ColumnElement[bool]:
    here = RollHousehold.rollcall_id == call_id
    if villages is None:
        return here
    # names are stored as the entries wrote them, one spelling a village of a roll-call
    return and_(here, RollHousehold.village.in_(list(villages)) if villages else false())


_REACHABLE = exists().where(
    RollAsk.unit_id == RollHousehold.id,
    Conversation.id == RollAsk.conversation_id,
    Conversation.gone_at.is_(None),
)


async def counts(desk: Desk, call_id: int, villages: Sequence[str] | None = None) -> list[Counts]:
    """The figures of a roll-call by village, read from the households themselves."""
    rows = await desk.db.execute(
        select(RollHousehold.village, *_figures())
        .where(_of(call_id, await spelled(desk, call_id, villages)))
        .group_by(RollHousehold.village)
        .order_by(RollHousehold.village)
    )
    return [Counts(*tuple(row)) for row in rows]


def _figures() -> Iterator[ColumnElement[int]]:
    number, open_ = func.count(), RollHousehold.answer.is_(None)
    yield number
    for one in Safety:
        yield number.filter(RollHousehold.answer == one.value)
    yield number.filter(open_, _REACHABLE)
    yield number.filter(open_, ~_REACHABLE)


async def by_commune(desk: Desk, broadcast_id: int) -> dict[str, Counts]:
    """The figures of all roll-calls of an alert whose households are known, by commune."""
    rows = await desk.db.execute(
        select(AlertCall.commune, *_figures())
        .join(RollCall, RollCall.id == AlertCall.rollcall_id)
        .join(RollHousehold, RollHousehold.rollcall_id == RollCall.id)
        .where(AlertCall.broadcast_id == broadcast_id)
        .group_by(AlertCall.commune)
    )
    return {row.commune: Counts(*tuple(row)) for row in rows}


def summed(rows: Sequence[Counts]) -> Counts:
    names = ("total", "safe", "help", "unsure", "silent", "unreached")
    return Counts("", *(sum(getattr(row, name) for row in rows) for name in names))


async def doors(
    desk: Desk, call_id: int, villages: Sequence[str] | None, *conditions: ColumnElement[bool]
) -> list[Door]:
    """Households of a roll-call, those at most risk first."""
    rows = await desk.db.execute(
        select(
            RollHousehold.id,
            RollHousehold.number,
            RollHousehold.village,
            RollHousehold.answer,
            RollHousehold.how,
            RollHousehold.case_id,
            RollHousehold.private,
            Household.private.label("kept"),
        )
        .outerjoin(Household, Household.id == RollHousehold.household_id)
        .where(_of(call_id, await spelled(desk, call_id, villages)), *conditions)
        .order_by(RollHousehold.weight.desc(), RollHousehold.number)
    )
    return [
        Door(
            row.id,
            row.number,
            row.village,
            Facts.read(row.kept or row.private or {"head": ""}),
            row.answer,
            row.how,
            row.case_id,
        )
        for row in rows
    ]


def to_walk() -> ColumnElement[bool]:
    """Households that somebody has to go to: silent, out of reach, or not known."""
    return or_(RollHousehold.answer.is_(None), RollHousehold.answer == Safety.UNSURE.value)
