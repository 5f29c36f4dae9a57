"""When who is reminded of a running clock, and told when it has run out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from models.deadlines import schema, yaml_file
from models.deadlines.calendar import for_commune
from models.deadlines.due import HOUR, Due
from models.deadlines.pauses import Pause, shift
from models.deadlines.shifts import DAY, MINUTE, Calendar, at, ticks

ClockName = Literal["take", "answer"]
Who = Literal["officers", "leader", "province", "citizen"]
Hours = Literal["any", "waking", "working"]


class RungRule(schema.Entry):
    """One notice of ladder.yaml."""

    id: str
    at: float = Field(gt=0, le=1)  # share of the clock that has run
    to: tuple[Who, ...] = Field(min_length=1)
    hours: Hours


class LadderFile(schema.Entry):
    """``ladder.yaml``."""

    any_hour_urgencies: tuple[schema.Urgency, ...]
    any_hour_units: tuple[schema.Unit, ...]
    waking: Annotated[schema.Shift, BeforeValidator(schema.read_shift)]
    before_closing: int = Field(ge=0)  # minutes
    take: tuple[RungRule, ...]
    answer: tuple[RungRule, ...]

    @model_validator(mode="after")
    def _climbs(self) -> Self:
        rules = (*self.take, *self.answer)
        if len({rule.id for rule in rules}) != len(rules):
            raise ValueError("rung ids must differ")
        for clock in (self.take, self.answer):
            if [rule.at for rule in clock] != sorted(rule.at for rule in clock):
                raise ValueError("rungs must climb")
        return self


@dataclass(frozen=True, slots=True)
class Rung:
    """One notice: ``at`` is aware UTC, ``to`` some of officers, leader, province, citizen."""

    id: str
    at: datetime
    to: tuple[Who, ...]


@cache
def read(folder: Path = yaml_file.DATA) -> LadderFile:
    """Read ladder.yaml; raises ``BadFile``."""
    return yaml_file.read(folder / "ladder.yaml", LadderFile)


def rungs(
    due: Due, clock: ClockName, urgency: str, paused: Sequence[Pause] = ()
) -> tuple[Rung, ...]:
    """Lay out the notices of one clock, in order of time.

    A share is counted in the clock's own unit from ``due.counted_from``: half of 8 working hours
    is 4 working hours.  Emergencies ring at any hour; otherwise a reminder that falls outside
    working time waits for the next shift, unless the deadline would come first: then it goes out
    shortly before the last closing, or, when there is no working time left at all, by day.
    A missed deadline is told by day, working day or not.

    Args:
        due: the deadline as it stands, pauses included.
        clock: "take" or "answer".
        urgency: of the case.
        paused: the pauses that moved ``due``.

    Raises:
        CalendarEnds: a notice is past the calendar.
    """
    ladder = read()
    calendar = for_commune(due.commune)
    any_hour = urgency in ladder.any_hour_urgencies or due.unit in ladder.any_hour_units
    start, end = ticks(due.counted_from), ticks(due.at)
    placed: list[Rung] = []
    reached = start
    for rule in ladder.take if clock == "take" else ladder.answer:
        tick = min(_position(due, rule.at, calendar, paused), end)
        if not any_hour:
            tick = _civil(tick, rule, (start, end), calendar, ladder)
        if rule.at < 1:
            tick = reached = max(tick, reached)
        placed.append(Rung(rule.id, at(tick), rule.to))
    return tuple(sorted(placed, key=lambda rung: rung.at))


def _position(due: Due, share: float, calendar: Calendar, paused: Sequence[Pause]) -> int:
    """Find the tick at which ``share`` of the clock has run."""
    start, end = ticks(due.counted_from), ticks(due.at)
    if share == 1:
        return end
    if due.unit == "working_hours":
        whole = round(due.amount * HOUR)
    elif due.unit == "working_days":
        closing = calendar.closing_after(start // DAY, int(due.amount))
        whole = calendar.worked(closing) - calendar.worked(start)
    elif due.unit == "calendar_days":
        return shift(start + round(due.amount * share * DAY), due.unit, paused, calendar)
    else:
        return shift(start + round(due.amount * share * HOUR), due.unit, paused, calendar)
    tick = calendar.add(start, round(whole * share))
    return shift(tick, "working_hours", paused, calendar)


def _civil(
    tick: int,
    rule: RungRule,
    clock: tuple[int, int],
    calendar: Calendar,
    ladder: LadderFile,
) -> int:
    """Move a notice out of the night or into working time."""
    start, end = clock
    if rule.hours == "any":
        return tick
    by_day = _waking(tick, ladder)
    if rule.hours == "waking":
        return by_day
    worked = calendar.worked(tick)
    next_shift, last_closing = calendar.latest(worked), calendar.earliest(worked)
    if tick in {next_shift, last_closing}:
        return tick
    if next_shift < end or rule.at == 1:
        return next_shift
    before_closing = last_closing - ladder.before_closing * MINUTE
    if before_closing >= start:
        return before_closing
    return by_day if by_day < end else tick


def _waking(tick: int, ladder: LadderFile) -> int:
    midnight = tick - tick % DAY
    morning, evening = (midnight + minutes * MINUTE for minutes in ladder.waking)
    if tick < morning:
        return morning
    return tick if tick <= evening else morning + DAY
