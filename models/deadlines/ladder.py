"""When who is reminded of a running clock, and told when it has run out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.deadlines.calendar import for_commune
from models.deadlines.due import HOUR, Due
from models.deadlines.ladder_file import USUAL, ClockName, Hours, Mode, Who, mode
from models.deadlines.pauses import Pause, shift
from models.deadlines.shifts import DAY, MINUTE, Calendar, CalendarEnds, at, ticks


@dataclass(frozen=True, slots=True)
class Rung:
    """One notice of one clock."""

    id: str
    clock: ClockName
    at: datetime  # aware UTC
    to: tuple[Who, ...]
    late: bool  # the deadline has passed
    until_acknowledged: bool


def rungs(
    due: Due,
    clock: ClockName,
    urgency: str,
    paused: Sequence[Pause] = (),
    rules: str = USUAL,
) -> tuple[Rung, ...]:
    """Lay out the notices of one clock, in order of time.

    A share is counted in the clock's own unit from ``due.counted_from``: half of 8 working hours
    is 4 working hours.  Emergencies ring at any hour; otherwise a reminder that falls outside
    working time waits for the next shift, unless the deadline would come first: then it goes out
    shortly before the last closing, or, when there is no working time left at all, by day.
    A missed deadline is told by day, working day or not.  Past the calendar, where nobody knows
    which days are worked, reminders go out by day.

    Args:
        due: the deadline as it stands, pauses included.
        clock: "take" or "answer".
        urgency: of the case.
        paused: the pauses that moved ``due``.
        rules: the mode the commune is in.
    """
    ladder = mode(rules)
    calendar = for_commune(due.commune)
    any_hour = urgency in ladder.any_hour_urgencies or due.unit in ladder.any_hour_units
    start, end = ticks(due.counted_from), ticks(due.at)
    placed: list[Rung] = []
    reached = start
    for rule in ladder.take if clock == "take" else ladder.answer:
        for name, share in rule.shares():
            tick = _position(due, share, calendar, paused)
            tick = min(tick, end) if share <= 1 else max(tick, end)
            if not any_hour and rule.hours != "any":
                tick = _civil(tick, rule.hours, (start, end), calendar, ladder)
            if share < 1:
                tick = reached = max(tick, reached)
            known = rule.until is not None
            placed.append(Rung(name, clock, at(tick), rule.to, share >= 1, known))
    return tuple(sorted(placed, key=lambda rung: rung.at))


def card_at(urgency: str, now: datetime, commune: str | None, rules: str = USUAL) -> datetime:
    """When a new case is shown to those on duty: at once, or when the office opens."""
    if urgency in mode(rules).any_hour_urgencies:
        return now
    calendar = for_commune(commune)
    tick = ticks(now)
    try:
        opening = calendar.latest(calendar.worked(tick))
    except CalendarEnds:
        return now
    return now if opening <= tick else at(opening)


def is_open(now: datetime, commune: str | None) -> bool:
    """Whether the office works at this moment; past the calendar it is taken to."""
    calendar = for_commune(commune)
    try:
        return calendar.latest(calendar.worked(ticks(now))) <= ticks(now)
    except CalendarEnds:
        return True


def _position(due: Due, share: float, calendar: Calendar, paused: Sequence[Pause]) -> int:
    """Find the tick at which ``share`` of the clock has run."""
    start, end = ticks(due.counted_from), ticks(due.at)
    if share == 1:
        return end
    if due.uncharted:
        return start + round((end - start) * share)
    try:
        if due.unit == "working_hours":
            whole = round(due.amount * HOUR)
        elif due.unit == "working_days":
            closing = calendar.closing_after(start // DAY, int(due.amount))
            whole = calendar.worked(closing) - calendar.worked(start)
        else:
            day = DAY if due.unit == "calendar_days" else HOUR
            return shift(start + round(due.amount * share * day), due.unit, paused, calendar)
        tick = calendar.add(start, round(whole * share))
        moved = shift(tick, "working_hours", paused, calendar)
        if moved < end:
            return moved
        # days were counted and the pause fell within one: the end stood still, so must its shares
        whole = calendar.worked(end) - calendar.worked(start)
        return calendar.add(start, round(whole * share))
    except CalendarEnds:
        return start + round((end - start) * share)


def _civil(
    tick: int, hours: Hours, clock: tuple[int, int], calendar: Calendar, ladder: Mode
) -> int:
    """Move a notice out of the night or into working time."""
    start, end = clock
    by_day = _by_day(tick, clock, ladder)
    if hours == "waking":
        return by_day
    try:
        worked = calendar.worked(tick)
        next_shift, last_closing = calendar.latest(worked), calendar.earliest(worked)
    except CalendarEnds:
        return by_day
    if tick in {next_shift, last_closing}:
        return tick
    if next_shift < end or tick >= end:
        return next_shift
    before_closing = last_closing - ladder.before_closing * MINUTE
    return before_closing if before_closing >= start else by_day


def _by_day(tick: int, clock: tuple[int, int], ladder: Mode) -> int:
    """Wait for the morning, or go out the evening before when the deadline comes first."""
    start, end = clock
    midnight = tick - tick % DAY
    morning, evening = (midnight + minutes * MINUTE for minutes in ladder.waking)
    if morning <= tick <= evening:
        return tick
    next_morning = morning if tick < morning else morning + DAY
    last_evening = evening - DAY if tick < morning else evening
    in_time = next_morning < end or tick >= end
    return next_morning if in_time or last_evening < start else last_evening
