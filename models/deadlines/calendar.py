"""Working time of the communes, and the arithmetic of deadlines on it."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path

from models.deadlines import schema, yaml_file
from models.deadlines.days import DaysOff, days_off
from models.deadlines.shifts import (
    DAY,
    MINUTE,
    ZONE,
    Calendar,
    CalendarEnds,
    at,
    local_day,
    midnight,
    ticks,
)

__all__ = [
    "ZONE",
    "Calendar",
    "CalendarEnds",
    "add_working_days",
    "add_working_time",
    "build",
    "for_commune",
    "is_working_day",
    "local_day",
    "working_days_between",
    "working_minutes_between",
]


def add_working_time(start: datetime, minutes: float, calendar: Calendar) -> datetime:
    """Move ``minutes`` of working time forward, or back when negative.

    Outside working time nothing runs: the count starts with the next shift.  A count that ends
    with a shift ends there, not at the opening of the next; zero gives the first working moment.

    Args:
        start: aware, any zone.
        minutes: working minutes, to the microsecond.
        calendar: the commune's working time.

    Returns:
        Aware UTC.

    Raises:
        CalendarEnds: the count leaves the calendar.
        ValueError: ``start`` has no time zone.
    """
    return at(calendar.add(ticks(start), round(minutes * MINUTE)))


def working_minutes_between(start: datetime, end: datetime, calendar: Calendar) -> float:
    """Count the working minutes from ``start`` to ``end``; negative when ``end`` is earlier.

    Raises:
        CalendarEnds: one of them is outside the calendar.
        ValueError: one of them has no time zone.
    """
    return (calendar.worked(ticks(end)) - calendar.worked(ticks(start))) / MINUTE


def add_working_days(received: datetime, n: int, calendar: Calendar) -> datetime:
    """Find when the office closes on the ``n``-th working day after the day of receipt.

    The day of receipt (in Vietnam) is not counted, whatever the hour; weekends and holidays are
    skipped, make-up Saturdays count.

    Returns:
        Aware UTC.

    Raises:
        CalendarEnds: the count leaves the calendar.
        ValueError: ``n`` is less than 1, or ``received`` has no time zone.

    Source: Civil Code 91/2015/QH13, articles 147.2 and 148.5.
    """
    if n < 1:
        raise ValueError(f"{n} working days: the first day is not counted, so at least 1")
    return at(calendar.closing_after(ticks(received) // DAY, n))


def working_days_between(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Count the working days after the day of ``start``, up to and including that of ``end``."""
    return calendar.working_days(ticks(start) // DAY, ticks(end) // DAY)


def is_working_day(day: date, calendar: Calendar | None = None) -> bool:
    """Say whether ``day`` counts as a "ngày làm việc" (the province's calendar by default).

    Days after ``known_to`` that are only probably off count as working days.

    Raises:
        CalendarEnds: the day is outside the calendar.
    """
    return (calendar or for_commune()).kind(day) in {"working", "make_up", "maybe_holiday"}


def build(
    time: schema.WorkingTime, days: schema.Holidays, commune: str | None, version: str
) -> Calendar:
    """Lay out the working time of a commune, or of the province when it has none of its own."""
    exceptions = days_off(days)
    weekdays = frozenset(schema.WEEKDAYS.index(name) for name in time.working_days)
    weeks = (*time.communes.get(commune or "", ()), *time.versions)
    starts: list[int] = []
    before = [0]
    numbers: list[int] = []
    closing: list[int] = []
    day = days.first
    while day <= days.counted_to:
        shifts = _shifts(day, weeks, exceptions)
        dawn = midnight(day)
        for start, end in shifts:
            starts.append(dawn + start * MINUTE)
            before.append(before[-1] + (end - start) * MINUTE)
        if shifts and (day in exceptions.work or day.weekday() in weekdays):
            numbers.append(dawn // DAY)
            closing.append(dawn + shifts[-1][1] * MINUTE)
        day += timedelta(days=1)
    return Calendar(
        commune=commune,
        version=version,
        first=days.first,
        known_to=days.known_to,
        last=days.counted_to,
        exceptions=exceptions,
        working_weekdays=weekdays,
        starts=tuple(starts),
        before=tuple(before),
        days=tuple(numbers),
        closing=tuple(closing),
        span=(midnight(days.first), midnight(days.counted_to) + DAY),
        known_until=midnight(days.known_to) + DAY,
    )


def _shifts(day: date, weeks: tuple[schema.Week, ...], exceptions: DaysOff) -> schema.Shifts:
    if day in exceptions.rest:
        return ()
    week = next(week for week in weeks if week.since <= day <= week.to)
    if day in exceptions.work:
        return week.make_up
    return week.shifts.get(schema.WEEKDAYS[day.weekday()], ())


@cache
def _files(folder: Path) -> tuple[schema.WorkingTime, schema.Holidays, str]:
    paths = folder / "working_time.yaml", folder / "holidays.yaml"
    digest = hashlib.sha256(installed("holidays").encode())
    for path in paths:
        digest.update(path.read_bytes())
    time = yaml_file.read(paths[0], schema.WorkingTime)
    days = yaml_file.read(paths[1], schema.Holidays)
    first = min(week.since for week in time.versions)
    last = max(week.to for week in time.versions)
    if first > days.first or last < days.counted_to:
        span = f"{days.first} to {days.counted_to}"
        raise yaml_file.BadFile(paths[0], "versions", f"holidays.yaml needs working time {span}")
    return time, days, digest.hexdigest()[:12]


@cache
def _laid_out(commune: str | None, folder: Path) -> Calendar:
    time, days, version = _files(folder)
    return build(time, days, commune, version)


def for_commune(commune: str | None = None, folder: Path = yaml_file.DATA) -> Calendar:
    """Give the calendar of a commune (code of communes.csv), or the province's.

    ``version`` is a digest of the two files and of the library's release: it changes with every
    edit, so a stored deadline always tells which calendar it was counted on.

    Raises:
        BadFile: one of the files cannot be used.
    """
    return _laid_out(commune if commune in _files(folder)[0].communes else None, folder)
