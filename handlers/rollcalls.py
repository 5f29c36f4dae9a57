"""Roll-calls as they are kept: which run, who stands for which household, what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from handlers.desk import Desk, Held
from handlers.villages import key as village_key
from models import village_rules
from models.conversations import Conversation
from models.jobs import Job
from models.outbox import Lane
from models.people import Role
from models.rollcalls import How, RollAsk, RollCall, RollHousehold, Safety

Row: TypeAlias = Mapping[str, Any]
CALLS = RollCall.__table__
UNITS = RollHousehold.__table__
RUNNING = RollCall.ended_at.is_(None)


def covers(held: Sequence[Held], call: Row) -> bool:
    """Whether these roles let somebody see a roll-call at all."""
    return any(
        one.role == Role.PROVINCE
        or (
            one.commune == call["commune"]
            and (one.role != Role.VILLAGE_HEAD or bool(common(one, call)))
        )
        for one in held
    )


def common(held: Held, call: Row) -> list[str]:
    """The villages of a head that a roll-call reaches."""
    called = {village_key(one) for one in call["villages"]}
    return [one for one in held.villages if not called or village_key(one) in called]


def own_villages(held: Sequence[Held], call: Row) -> list[str] | None:
    """The villages of a roll-call somebody may look into; None for all of them."""
    here = [one for one in held if one.commune == call["commune"]]
    if any(one.role in (Role.OFFICER, Role.LEADER) for one in here):
        return None
    return [name for one in here for name in common(one, call)]


async def begin(
    desk: Desk, commune: str, villages: Sequence[str], by: UUID | None, **how: bool
) -> int:
    """Open a roll-call, with the job that asks everybody; rights are checked before."""
    rules = village_rules.roll()
    call_id = await desk.db.scalar(
        insert(RollCall)
        .values(
            commune=commune,
            villages=list(villages),
            **how,
            started_by=by,
            started_at=desk.now,
            walk_at=desk.now + timedelta(minutes=rules.walk_after_minutes),
            ends_at=desk.now + timedelta(hours=rules.ends_after_hours),
        )
        .returning(RollCall.id)
    )
    ask_on(desk)
    return int(call_id or 0)


def ask_on(desk: Desk) -> None:
    """Have a worker begin and ask whatever roll-calls wait for it."""
    desk.jobs.append(Job("rollcall", "", int(Lane.REPLY)))


async def running(desk: Desk, held: Sequence[Held]) -> list[Row]:
    """The roll-calls that run where somebody works, the newest first."""
    rows = await desk.db.execute(select(CALLS).where(RUNNING).order_by(RollCall.id.desc()))
    return [dict(row) for row in rows.mappings() if covers(held, dict(row))]


async def by_id(desk: Desk, call_id: int, *, lock: bool = False) -> Row | None:
    query = select(CALLS).where(RollCall.id == call_id)
    found = await desk.db.execute(query.with_for_update() if lock else query)
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


async def spelled(desk: Desk, call_id: int, villages: Sequence[str] | None) -> list[str] | None:
    """The spellings that a roll-call uses for some villages."""
    if villages is None:
        return None
    wanted = {village_key(one) for one in villages}
    names = await desk.db.scalars(
        select(RollHousehold.village).where(RollHousehold.rollcall_id == call_id).distinct()
    )
    return [one for one in names if village_key(one) in wanted]


async def asked(desk: Desk, person_id: UUID, call_id: int | None = None) -> list[Row]:
    """The households somebody's chats stand for: in one roll-call, or in all that run.

    Those of earnest come first; a practice run is listed only while nothing else runs.
    """
    rows = await desk.db.execute(
        select(
            RollCall.id.label("rollcall_id"),
            RollCall.commune,
            RollCall.practice,
            RollCall.ended_at,
            RollHousehold.id.label("unit_id"),
            RollHousehold.village,
            RollHousehold.answer,
            RollHousehold.answered_by,
            RollHousehold.case_id,
            RollHousehold.household_id,
            RollHousehold.private,
        )
        .select_from(RollAsk)
        .join(RollCall, RollCall.id == RollAsk.rollcall_id)
        .join(RollHousehold, RollHousehold.id == RollAsk.unit_id)
        .join(Conversation, Conversation.id == RollAsk.conversation_id)
        .where(
            Conversation.person_id == person_id,
            RollCall.id == call_id if call_id is not None else RUNNING,
        )
        .order_by(RollCall.practice, RollCall.id.desc())
    )
    # several chats of one person stand for the same household
    found: list[Row] = list({row["unit_id"]: dict(row) for row in rows.mappings()}.values())
    earnest = [row for row in found if not row["practice"]]
    return found if call_id is not None else earnest or found[:1]


async def place(desk: Desk, person_id: UUID) -> dict[str, str]:
    """Where somebody is being called just now: in danger nothing else need be asked first."""
    for row in await asked(desk, person_id):
        if not row["practice"]:
            return {"commune": row["commune"], "village": row["village"]}
    return {}


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says of a household."""

    said: Safety
    how: How
    by: UUID
    case_id: int | None = None


async def answer(desk: Desk, unit_id: int, word: Word) -> bool:
    """Write down what a household is known to be; False if what is known outweighs it.

    Who was asked, or went there, is believed over a neighbour.  Nobody but who called for help,
    or somebody who went there, takes that back.
    """
    mild = word.said is not Safety.HELP
    called = RollHousehold.answer == Safety.HELP.value
    outweighs: ColumnElement[bool] = false()
    if mild and word.how is not How.HEAD:
        outweighs = and_(called, RollHousehold.answered_by != word.by)
    if mild and word.how is How.NEIGHBOUR:
        first_hand = RollHousehold.how.in_([How.ASKED, How.UNASKED, How.HEAD])
        outweighs = or_(outweighs, and_(RollHousehold.answer.is_not(None), first_hand))
    values: dict[str, Any] = {
        "answer": word.said.value,
        "how": word.how.value,
        "answered_at": desk.now,
        "answered_by": word.by,
    }
    if word.case_id is not None:
        values["case_id"] = word.case_id
    done = await desk.db.execute(
        update(RollHousehold)
        .where(RollHousehold.id == unit_id, func.coalesce(~outweighs, true()))
        .values(values)
        .returning(RollHousehold.id)
    )
    return done.one_or_none() is not None


async def add(desk: Desk, call: Row, unit: Mapping[str, Any], chat_id: int | None) -> Row:
    """Add a household nobody had thought of to a roll-call; the call's row is locked."""
    last = await desk.db.scalar(
        select(func.max(RollHousehold.number)).where(RollHousehold.rollcall_id == call["id"])
    )
    names = await spelled(desk, call["id"], [unit["village"]])
    village = next(iter(names or ()), unit["village"])
    unit_id = await desk.db.scalar(
        insert(RollHousehold)
        .values(
            rollcall_id=call["id"],
            number=(last or 0) + 1,
            village=village,
            weight=0,
            private=unit["private"],
        )
        .returning(RollHousehold.id)
    )
    if chat_id is not None:
        await desk.db.execute(
            insert(RollAsk).values(
                rollcall_id=call["id"], conversation_id=chat_id, unit_id=unit_id, asked_at=desk.now
            )
        )
    return {
        "rollcall_id": call["id"], "commune": call["commune"], "practice": call["practice"],
        "unit_id": unit_id, "village": village, "case_id": None,
    }  # fmt: skip


async def help_filed(desk: Desk, by: UUID, case_id: int) -> None:
    """An emergency was filed by somebody who is asked: its household needs help."""
    for row in await asked(desk, by):
        if not row["practice"] and row["case_id"] is None:
            await answer(desk, row["unit_id"], Word(Safety.HELP, How.ASKED, by, case_id))
