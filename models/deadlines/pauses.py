"""A clock stands still while the citizen is asked something, and goes on where it stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from models.deadlines import due as dues
from models.deadlines import schema
from models.deadlines.calendar import for_commune
from models.deadlines.due import Due
from models.deadlines.shifts import DAY, Calendar, CalendarEnds, at, ticks

Pause = tuple[datetime, datetime]  # from, to; aware


def resume(due: Due, paused: Sequence[Pause]) -> Due:
    """Give back the time a clock stood still, in the clock's own unit.

    Around the clock and in calendar days the pause is added as it is; in working hours, the
    working time that fell into it; in working days, the working days after the one on which it
    began, up to the one on which it ended (that day is like a day of receipt).  A pause that began
    after the deadline changes nothing: the clock had already run out.

    Applying pauses one after another, or all at once, comes to the same.

    Args:
        due: the deadline before these pauses.
        paused: (from, to), aware; may overlap and come in any order.

    Past the calendar the pause is given back as it is, and the deadline marked ``uncharted``.

    Raises:
        ValueError: a pause ends before it begins, or has no time zone.
    """
    calendar = for_commune(due.commune)
    if not due.uncharted:
        try:
            return _counted(due, paused, calendar)
        except CalendarEnds:
            pass
    tick = shift(ticks(due.at), "calendar_days", paused, calendar)
    return replace(due, at=at(tick), sure=False, uncharted=True)


def _counted(due: Due, paused: Sequence[Pause], calendar: Calendar) -> Due:
    tick = dues.rolled(shift(ticks(due.at), due.unit, paused, calendar), due, calendar)
    return replace(due, at=at(tick), sure=due.sure and dues.is_sure(tick, due, calendar))


def expected(due: Due, paused: Sequence[Pause] = ()) -> tuple[datetime, datetime]:
    """Count a stored deadline again on today's calendar; for explaining, never for moving it.

    Returns:
        The straight end, and the end after moving from a day off; the same for most clocks.
    """
    calendar = for_commune(due.commune)
    tick = dues.reach(due, ticks(due.counted_from), calendar)
    if due.last_day_off != "counts":
        tick = dues.rolled(tick, due, calendar) if paused else tick
    tick = shift(tick, due.unit, paused, calendar)
    return at(tick), at(dues.rolled(tick, due, calendar))


def shift(tick: int, unit: schema.Unit, paused: Sequence[Pause], calendar: Calendar) -> int:
    """Move the end of a clock by the time it stood still before that end, in its own unit."""
    for start, end in merged(paused):
        if start >= tick:
            break
        if unit == "working_hours":
            if lost := calendar.worked(end) - calendar.worked(start):
                tick = calendar.add(tick, lost)
        elif unit == "working_days":
            tick = _shift_days(tick, start, end, calendar)
        else:
            tick += end - start
    return tick


def _shift_days(tick: int, start: int, end: int, calendar: Calendar) -> int:
    lost = calendar.working_days(start // DAY, end // DAY)
    moved = calendar.closing_after(tick // DAY, lost) if lost else tick
    # the office closed before the answer came: the next working day is the first of any use
    return moved if moved > end else calendar.closing_after(end // DAY, 1)


def merged(paused: Sequence[Pause]) -> list[tuple[int, int]]:
    """Give the pauses in ticks, in order, overlapping ones joined.

    Raises:
        ValueError: a pause ends before it begins, or has no time zone.
    """
    spans: list[tuple[int, int]] = []
    for start, end in sorted((ticks(start), ticks(end)) for start, end in paused):
        if end < start:
            raise ValueError(f"a pause ends before it begins: {at(start)}, {at(end)}")
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return spans
