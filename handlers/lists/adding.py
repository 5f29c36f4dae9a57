"""Adding lines to a list: new ones, corrections, households that were named before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, update

from handlers.desk import Desk
from handlers.lists import damage
from handlers.lists.book import Kept, ListRow, lines
from handlers.lists.line import Line
from handlers.lists.paste import Written
from models import names
from models.lists import LineState, ListLine

MOST = 500  # households of one list
SETTLED = (LineState.FILED, LineState.SAME)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of lines that came together."""

    new: tuple[Kept, ...] = ()
    corrected: tuple[Kept, ...] = ()
    again: int = 0  # lines that said nothing new
    too_many: int = 0

    @property
    def touched(self) -> tuple[Kept, ...]:
        return tuple(sorted((*self.new, *self.corrected), key=lambda one: one.number))


@dataclass(slots=True)
class _Sorted:
    """Lines that came together, sorted one after another into what is there."""

    kept: dict[UUID, Kept]
    by_number: bool  # numbers mean ours
    new: set[UUID] = field(default_factory=set)
    corrected: set[UUID] = field(default_factory=set)
    again: int = 0
    too_many: int = 0

    def take(self, one: Written) -> None:
        meant = one.corrects or (one.number if self.by_number else None)
        old = next((kept for kept in self._here() if kept.number == meant), None)
        if old is not None:
            self._correct(old, one.line)
            return
        twin = next((kept for kept in self._here() if alike(kept.line, one.line)), None)
        if twin is None:
            self._append(one.line)
            return
        merged = _merged(twin.line, one.line)
        if twin.state not in SETTLED and merged is None:
            # one name, and two things that cannot both be so
            self._append(replace(one.line, wrong=(*one.line.wrong, "same_name")))
        elif twin.state in SETTLED or merged is None or merged == twin.line:
            self.again += 1
        else:
            self._correct(twin, merged)

    def _here(self) -> list[Kept]:
        return [kept for kept in self.kept.values() if kept.state != LineState.REMOVED]

    def _correct(self, old: Kept, line: Line) -> None:
        if old.state in SETTLED:
            self.again += 1
            return
        self.kept[old.id] = Kept(old.id, old.number, _state(line), line, old.case_id)
        if old.id not in self.new:
            self.corrected.add(old.id)

    def _append(self, line: Line) -> None:
        if len(self._here()) >= MOST:
            self.too_many += 1
            return
        number = max((kept.number for kept in self.kept.values()), default=0) + 1
        made = Kept(uuid4(), number, _state(line), line)
        self.kept[made.id] = made
        self.new.add(made.id)


async def add(desk: Desk, row: ListRow, written: Sequence[Written]) -> Added:
    """Add lines to a list, which is locked.

    A line that bears the number of a wrong one corrects it, and so does one of the same
    household; one that says nothing new is counted and left.
    """
    known = await lines(desk, row["id"])
    wrong = {one.number for one in known if one.state == LineState.WRONG}
    numbers = {one.number for one in written if one.number is not None}
    sorted_ = _Sorted({one.id: one for one in known}, bool(numbers) and numbers <= wrong)
    for one in written:
        sorted_.take(one)
    new = [sorted_.kept[one] for one in sorted_.kept if one in sorted_.new]
    corrected = [sorted_.kept[one] for one in sorted_.kept if one in sorted_.corrected]
    if new:
        values = [{"list_id": row["id"], **_columns(one)} for one in new]
        await desk.db.execute(insert(ListLine), values)
    for fixed in corrected:
        await desk.db.execute(
            update(ListLine).where(ListLine.id == fixed.id).values(**_columns(fixed))
        )
    return Added(tuple(new), tuple(corrected), sorted_.again, sorted_.too_many)


def _state(line: Line) -> LineState:
    return LineState.WRONG if line.wrong else LineState.GOOD


def _columns(one: Kept) -> dict[str, Any]:
    return {
        "id": one.id,
        "number": one.number,
        "state": one.state.value,
        "wrong": list(one.line.wrong),
        "body": one.line.packed(),
    }


def alike(one: Line, other: Line) -> bool:
    """Whether two lines of one village and one disaster tell of one household.

    The same name however it is spelled, unless nickname or telephone say that they are two.
    """
    mine, theirs = names.read(one.head), names.read(other.head)
    if not mine.words or mine.key != theirs.key:
        return False
    nicks = mine.nick and theirs.nick and mine.nick != theirs.nick
    phones = one.phone and other.phone and one.phone != other.phone
    return not nicks and not phones


def _merged(old: Line, new: Line) -> Line | None:
    """Both lines as one; None when they cannot be one household said twice."""
    if "same_name" in old.wrong or (
        not old.wrong and not new.wrong and old.people and new.people and old.people != new.people
    ):
        return None
    kinds = damage.gravest((*old.kinds, *new.kinds))
    wrong = tuple(one for one in old.wrong if one in new.wrong)
    return replace(
        old,
        people=new.people or old.people,
        kinds=kinds,
        poverty=new.poverty or old.poverty,
        phone=new.phone or old.phone,
        vulnerable=new.vulnerable or old.vulnerable,
        address=new.address or old.address,
        danger=old.danger or new.danger,
        child=old.child or new.child,
        wrong=wrong,
    )
