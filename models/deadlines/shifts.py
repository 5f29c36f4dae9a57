"""The working time of one office laid out in time, for binary search.

Moments are kept as whole microseconds since 1970-01-01 00:00 in Asia/Ho_Chi_Minh ("ticks"), shifts
as a sorted list with the working time before each: a deadline is two searches.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

from models.deadlines.days import DaysOff

ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no summer time since 1975
MINUTE = 60_000_000  # ticks
DAY = 1440 * MINUTE

_EPOCH = datetime(1969, 12, 31, 17, tzinfo=UTC)  # midnight of 1970-01-01 in Vietnam
_FIRST_ORDINAL = date(1970, 1, 1).toordinal()
_TICK = timedelta(microseconds=1)

DayKind = Literal["working", "make_up", "weekend", "holiday", "maybe_holiday"]


class CalendarEnds(LookupError):
    """The count leaves the years the calendar covers; the message says which and what to do."""


def ticks(moment: datetime) -> int:
    """Count microseconds since 1970-01-01 00:00 in Vietnam.

    Raises:
        ValueError: ``moment`` has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return (moment - _EPOCH) // _TICK


def at(tick: int) -> datetime:
    """Turn ticks into an aware UTC moment."""
    return _EPOCH + timedelta(microseconds=tick)


def midnight(day: date) -> int:
    """Give the tick at which a day begins in Vietnam."""
    return (day.toordinal() - _FIRST_ORDINAL) * DAY


def day_of(tick: int) -> date:
    """Give the day in Vietnam."""
    return date.fromordinal(tick // DAY + _FIRST_ORDINAL)


def local_day(moment: datetime) -> date:
    """Give the day it is in Vietnam at an aware moment."""
    return day_of(ticks(moment))


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Working time laid out from ``first`` to ``last``, both inclusive."""

    commune: str | None
    version: str
    first: date
    known_to: date
    last: date
    exceptions: DaysOff
    working_weekdays: frozenset[int]  # Monday is 0
    starts: tuple[int, ...]  # ticks at which each shift starts
    before: tuple[int, ...]  # working ticks before each shift, and the total at the end
    days: tuple[int, ...]  # working days as days since 1970-01-01, and ...
    closing: tuple[int, ...]  # ... the tick at which the office closes on each
    span: tuple[int, int]  # first tick, and the tick after the last
    known_until: int  # tick after known_to

    def kind(self, day: date) -> DayKind:
        """Say what a day is to the law; a commune's own Saturday shift makes no working day.

        Raises:
            CalendarEnds: the day is before ``first`` or after ``last``.
        """
        if not self.first <= day <= self.last:
            raise self.ends()
        if day in self.exceptions.work:
            return "make_up"
        if day in self.exceptions.rest:
            return "holiday"
        if day.weekday() not in self.working_weekdays:
            return "weekend"
        return "maybe_holiday" if day in self.exceptions.maybe else "working"

    def name(self, day: date) -> str:
        """Name the holiday, sure or not, in words that follow «nghỉ»; empty for other days."""
        return self.exceptions.rest.get(day) or self.exceptions.maybe.get(day, "")

    def worked(self, tick: int) -> int:
        """Count working ticks from the start of the calendar to ``tick``."""
        self.check(tick)
        shift = bisect_right(self.starts, tick) - 1
        if shift < 0:
            return 0
        return min(self.before[shift] + tick - self.starts[shift], self.before[shift + 1])

    def earliest(self, worked: int) -> int:
        """Find the first tick by which ``worked`` ticks are worked; it may be a closing time."""
        shift = bisect_left(self.before, worked) - 1
        if not 0 <= shift < len(self.starts):
            raise self.ends()
        return self.starts[shift] + worked - self.before[shift]

    def latest(self, worked: int) -> int:
        """Find the last tick by which no more than ``worked`` ticks are worked."""
        shift = bisect_right(self.before, worked) - 1
        if not 0 <= shift < len(self.starts):
            raise self.ends()
        return self.starts[shift] + worked - self.before[shift]

    def check(self, tick: int) -> None:
        """Refuse a moment outside the calendar.

        Raises:
            CalendarEnds: the moment is before ``first`` or after ``last``.
        """
        if not self.span[0] <= tick < self.span[1]:
            raise self.ends()

    def ends(self) -> CalendarEnds:
        """Say where the calendar ends and how to extend it."""
        return CalendarEnds(
            f"the calendar runs from {self.first} to {self.last}; "
            "move first or counted_to in holidays.yaml"
        )

    def closing_after(self, day: int, n: int) -> int:
        """Find when the office closes on the ``n``-th working day after ``day`` (since 1970)."""
        index = bisect_right(self.days, day) + n - 1
        if day * DAY < self.span[0] or index >= len(self.closing):
            raise self.ends()
        return self.closing[index]

    def working_days(self, first: int, last: int) -> int:
        """Count the working days after ``first`` up to and including ``last`` (since 1970)."""
        return bisect_right(self.days, last) - bisect_right(self.days, first)

    def add(self, tick: int, amount: int) -> int:
        """Move by ``amount`` working ticks; see ``models.deadlines.calendar.add_working_time``."""
        worked = self.worked(tick) + amount
        return self.earliest(worked) if amount > 0 else self.latest(worked)
