"""Lists in the database: begun, added to line by line, corrected, found again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from handlers.desk import Desk, Turn
from handlers.lists.line import Line
from handlers.villages import key as village_key
from models import codes
from models.cases import MediaFile
from models.lists import HouseholdList, LineState, ListLine, ListState

ListRow: TypeAlias = Mapping[str, Any]  # the columns of ``lists``

_CODE = re.compile(r"(?<![A-Z0-9])DS[\s.–-]*([A-Z0-9]{4,6})[\s.–-]*([A-Z0-9])(?![A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Kept:
    """A line as it is stored."""

    id: UUID
    number: int
    state: LineState
    line: Line
    case_id: int | None = None

    @property
    def wrong(self) -> tuple[str, ...]:
        return self.line.wrong


@dataclass(frozen=True, slots=True)
class About:
    """Where and by what the households of a list were hit."""

    commune: str
    village: str
    cause: str | None
    happened: date | None

    def columns(self) -> dict[str, Any]:
        return {
            "village": self.village,
            "village_key": village_key(self.village),
            "cause": self.cause,
            "happened": self.happened,
        }


def code_in(text: str) -> str | None:
    """Read the code of a list, however it is typed; None if there is none or it is mistyped."""
    found = _CODE.search(text.upper())
    if found is None or codes.check(found[1]) != found[2]:
        return None
    return f"DS-{found[1]}-{found[2]}"


async def begin(turn: Turn, list_id: UUID, what: About) -> ListRow:
    """Open a list, or give the one of this draft."""
    found = await by_id(turn, list_id, lock=True)
    if found is not None:
        return found
    length = 4
    while True:
        made = await turn.db.execute(
            upsert(HouseholdList)
            .values(
                id=list_id,
                code="DS-" + codes.new(length).partition("-")[2],
                reporter_id=turn.person_id,
                conversation_id=turn.chat_id,
                commune=what.commune,
                **what.columns(),
                opened_at=turn.now,
            )
            .on_conflict_do_nothing(index_elements=["code"])
            .returning(*HouseholdList.__table__.c)
        )
        row = made.mappings().one_or_none()
        if row is not None:
            return dict(row)
        length = 5


async def by_id(desk: Desk, list_id: UUID, *, lock: bool = False) -> ListRow | None:
    query = select(HouseholdList.__table__).where(HouseholdList.id == list_id)
    row = await desk.db.execute(query.with_for_update() if lock else query)
    found = row.mappings().one_or_none()
    return dict(found) if found is not None else None


async def by_code(desk: Desk, code: str, *, lock: bool = False) -> ListRow | None:
    query = select(HouseholdList.__table__).where(HouseholdList.code == code)
    row = await desk.db.execute(query.with_for_update() if lock else query)
    found = row.mappings().one_or_none()
    return dict(found) if found is not None else None


async def change(desk: Desk, list_id: UUID, **columns: object) -> None:
    await desk.db.execute(
        update(HouseholdList).where(HouseholdList.id == list_id).values(**columns)
    )


async def lines(
    desk: Desk, list_id: UUID, *states: LineState, limit: int | None = None
) -> list[Kept]:
    """The lines of a list by number; of some states only, if any are named."""
    query = select(ListLine.__table__).where(ListLine.list_id == list_id)
    if states:
        query = query.where(ListLine.state.in_([one.value for one in states]))
    rows = await desk.db.execute(query.order_by(ListLine.number).limit(limit))
    return [_kept(dict(row)) for row in rows.mappings()]


def _kept(row: Mapping[str, Any]) -> Kept:
    line = Line.unpacked(row["body"] or {})
    return Kept(row["id"], row["number"], LineState(row["state"]), line, row["case_id"])


async def counts(desk: Desk, list_id: UUID) -> dict[str, int]:
    """How many lines are in which state."""
    rows = await desk.db.execute(
        select(ListLine.state, func.count())
        .where(ListLine.list_id == list_id)
        .group_by(ListLine.state)
    )
    return dict(rows.all())


async def remove(desk: Desk, list_id: UUID, numbers: Sequence[int]) -> int:
    """Take lines out that are not filed yet; gives how many."""
    done = await desk.db.execute(
        update(ListLine)
        .where(
            ListLine.list_id == list_id,
            ListLine.number.in_(numbers),
            ListLine.state.in_([LineState.GOOD.value, LineState.WRONG.value]),
        )
        .values(state=LineState.REMOVED.value, body=None)
        .returning(ListLine.id)
    )
    return len(done.all())


async def settle(desk: Desk, line_id: UUID, state: LineState, case_id: int) -> None:
    """Say which case a line became, or which it already had."""
    await desk.db.execute(
        update(ListLine).where(ListLine.id == line_id).values(state=state.value, case_id=case_id)
    )


async def of_person(desk: Desk, person_id: UUID, limit: int = 8) -> list[ListRow]:
    """Somebody's lists that hold anything, the newest first."""
    query = (
        select(HouseholdList.__table__)
        .where(
            HouseholdList.reporter_id == person_id,
            HouseholdList.state != ListState.DROPPED.value,
            select(ListLine.id).where(ListLine.list_id == HouseholdList.id).exists(),
        )
        .order_by(HouseholdList.opened_at.desc())
        .limit(limit)
    )
    return [dict(row) for row in (await desk.db.execute(query)).mappings()]


async def of_commune(desk: Desk, commune: str, limit: int = 8) -> list[ListRow]:
    """The filed lists of a commune, the newest first."""
    query = (
        select(HouseholdList.__table__)
        .where(HouseholdList.commune == commune, HouseholdList.state == ListState.FILED.value)
        .order_by(HouseholdList.opened_at.desc())
        .limit(limit)
    )
    return [dict(row) for row in (await desk.db.execute(query)).mappings()]


async def take_files(desk: Desk, list_id: UUID, sent: Sequence[str]) -> list[UUID]:
    """Give a list the files that were sent for it; those that are stored already come back."""
    if not sent:
        return []
    rows = await desk.db.execute(
        update(MediaFile)
        .where(MediaFile.id.in_([UUID(one) for one in sent]), MediaFile.list_id.is_(None))
        .values(list_id=list_id)
        .returning(MediaFile.id, MediaFile.stored_at)
    )
    return [one.id for one in rows if one.stored_at is not None]


async def evidence(desk: Desk, list_id: UUID) -> tuple[str, ...]:
    """Photographs of the paper, as ids of stored files."""
    rows = await desk.db.scalars(
        select(MediaFile.id)
        .where(
            MediaFile.list_id == list_id,
            MediaFile.kind == "photo",
            MediaFile.stored_at.is_not(None),
        )
        .order_by(MediaFile.received_at)
    )
    return tuple(one.hex for one in rows)
