"""Adding lines to a list: new ones, corrections, households that were named before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, update

from handlers.desk import Desk
from handlers.lists.book import Kept, ListRow, lines
from handlers.lists.line import Line
from handlers.lists.merging import alike, corrected, merged
from handlers.lists.paste import Written
from models.lists import LineState, ListLine

MOST = 500  # households of one list
SETTLED = (LineState.FILED, LineState.SAME)


@dataclass(frozen=True, slots=True)
class Unread:
    """A correction that could not be read, or would have spoilt a good line: nothing changed."""

    number: int
    text: str
    wrong: tuple[str, ...] = ()  # what it would have made wrong


@dataclass(frozen=True, slots=True)
class Added:
    """What became of lines that came together."""

    new: tuple[Kept, ...] = ()
    corrected: tuple[Kept, ...] = ()
    again: int = 0  # lines that said nothing new
    too_many: int = 0
    unread: tuple[Unread, ...] = ()

    @property
    def touched(self) -> tuple[Kept, ...]:
        return tuple(sorted((*self.new, *self.corrected), key=lambda one: one.number))


@dataclass(slots=True)
class _Sorted:
    """Lines that came together, sorted one after another into what is there."""

    kept: dict[UUID, Kept]
    meant: Callable[[Written, Kept], bool]  # whether a line corrects the one of its number
    new: set[UUID] = field(default_factory=set)
    corrected: set[UUID] = field(default_factory=set)
    again: int = 0
    too_many: int = 0
    unread: list[Unread] = field(default_factory=list)

    def take(self, one: Written) -> None:
        number = one.corrects or one.number
        old = next((kept for kept in self._here() if kept.number == number), None)
        if old is not None and self.meant(one, old):
            self._mend(old, one.line)
            return
        if old is None and one.corrects is not None and not one.line.head:
            self.unread.append(Unread(one.corrects, one.line.text))  # of no line there is
            return
        twin = next((kept for kept in self._here() if alike(kept.line, one.line)), None)
        if twin is None:
            self._append(one.line)
            return
        both = merged(twin.line, one.line)
        if twin.state not in SETTLED and both is None:
            # one name, and two things that cannot both be so
            self._append(replace(one.line, wrong=(*one.line.wrong, "same_name")))
        elif twin.state in SETTLED or both is None or both == twin.line:
            self.again += 1
        else:
            self._correct(twin, both)

    def _here(self) -> list[Kept]:
        return [kept for kept in self.kept.values() if kept.state != LineState.REMOVED]

    def _mend(self, old: Kept, said: Line) -> None:
        """Correct a line as far as what was said can be read; what is good stays good."""
        line = corrected(old.line, said)
        if line is None:
            self.unread.append(Unread(old.number, said.text))
        elif line.wrong and not old.line.wrong:
            self.unread.append(Unread(old.number, said.text, line.wrong))
        else:
            self._correct(old, line)

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
    sorted_ = _Sorted({one.id: one for one in known}, _meant(known, written))
    for one in written:
        sorted_.take(one)
    new = [sorted_.kept[one] for one in sorted_.kept if one in sorted_.new]
    mended = [sorted_.kept[one] for one in sorted_.kept if one in sorted_.corrected]
    if new:
        values = [{"list_id": row["id"], **_columns(one)} for one in new]
        await desk.db.execute(insert(ListLine), values)
    for fixed in mended:
        await desk.db.execute(
            update(ListLine).where(ListLine.id == fixed.id).values(**_columns(fixed))
        )
    return Added(tuple(new), tuple(mended), sorted_.again, sorted_.too_many, tuple(sorted_.unread))


def _meant(known: Sequence[Kept], written: Sequence[Written]) -> Callable[[Written, Kept], bool]:
    """How numbers are to be understood: as those of our lines, or those of another piece of paper.

    Ours are meant when all of them are of wrong lines, and where no line tells whose it is; one
    line alone also when it names who stands there.
    """
    numbers = {one.number for one in written if one.number is not None}
    wrong = {one.number for one in known if one.state == LineState.WRONG}
    ours = (bool(numbers) and numbers <= wrong) or not any(one.line.head for one in written)

    def meant(one: Written, old: Kept) -> bool:
        alone = len(written) == 1 and alike(old.line, one.line)
        return one.corrects is not None or ours or alone

    return meant


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
