"""What may stand in working_time.yaml and holidays.yaml; pieces the other two files share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Literal, Protocol, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Certainty = Literal["sure", "reported", "unsure"]  # text read / second-hand / to be confirmed
Unit = Literal["hours_around_the_clock", "working_hours", "working_days", "calendar_days"]
Urgency = Literal["sos", "high", "normal", "low"]
URGENCIES: tuple[Urgency, ...] = ("sos", "high", "normal", "low")
Shift = tuple[int, int]  # minutes after midnight, start and end

_SATURDAY = 5
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00)")


def read_time(text: object) -> int:
    """Read «07:00» as minutes after midnight."""
    if not (match := _TIME.fullmatch(str(text).strip())):
        raise ValueError(f"{text!r} is not a time of day such as 07:00")
    hours, minutes = (int(part) for part in match.groups() if part)
    return hours * 60 + minutes


def read_shift(value: object) -> Shift:
    """Read «07:00-11:30» as minutes after midnight."""
    start, dash, end = str(value).partition("-")
    if not dash:
        raise ValueError(f"{value!r} is not a shift; write 07:00-11:30")
    shift = read_time(start), read_time(end)
    if shift[0] >= shift[1]:
        raise ValueError(f"shift {value} ends before it starts")
    return shift


def _in_order(shifts: tuple[Shift, ...]) -> None:
    for before, after in pairwise(shifts):
        if after[0] < before[1]:
            raise ValueError("shifts of a day must be in order and must not overlap")


class Entry(BaseModel):
    """One mapping of a data file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cited(Entry):
    """Something with a source, and how sure it is."""

    source: str
    certainty: Certainty
    confirm: str = ""  # what a person has to find out

    @model_validator(mode="after")
    def _say_what_to_confirm(self) -> Self:
        if self.certainty == "unsure" and not self.confirm:
            raise ValueError("an unsure entry must say in 'confirm' what is to be confirmed")
        return self


class Dated(Cited):
    """A version, in force from its first to its last day."""

    since: date = Field(alias="from")  # first day
    to: date = date.max  # last day, inclusive


class _Period(Protocol):
    @property
    def since(self) -> date: ...
    @property
    def to(self) -> date: ...


def no_overlap(periods: Sequence[_Period], *, gaps: bool) -> None:
    """Refuse versions that overlap, or leave days uncovered unless ``gaps`` are allowed."""
    ordered = sorted(periods, key=lambda period: period.since)
    for period in ordered:
        if period.to < period.since:
            raise ValueError(f"the version of {period.since} ends before it starts")
    for before, after in pairwise(ordered):
        if before.to >= after.since:
            raise ValueError(f"the version of {before.since} runs into {after.since}")
        if not gaps and before.to + timedelta(days=1) != after.since:
            raise ValueError(f"nothing is in force between {before.to} and {after.since}")


Shifts = tuple[Annotated[Shift, BeforeValidator(read_shift)], ...]


class Week(Dated):
    """The shifts of a week, and those of a day worked in place of another."""

    shifts: dict[Weekday, Shifts]
    make_up: Shifts = Field(min_length=1)

    @model_validator(mode="after")
    def _shifts_in_order(self) -> Self:
        for shifts in (*self.shifts.values(), self.make_up):
            _in_order(shifts)
        return self


class WorkingTime(Entry):
    """``working_time.yaml``."""

    working_days: tuple[Weekday, ...] = Field(min_length=1)
    versions: tuple[Week, ...] = Field(min_length=1)
    communes: dict[str, tuple[Week, ...]]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        no_overlap(self.versions, gaps=False)
        for weeks in self.communes.values():
            no_overlap(weeks, gaps=True)
        for week in (
            *self.versions,
            *(week for weeks in self.communes.values() for week in weeks),
        ):
            if missing := [day for day in self.working_days if not week.shifts.get(day)]:
                raise ValueError(f"the version of {week.since} has no shift on {missing[0]}")
        return self


class Change(Cited):
    """Days off added and days worked added, announced together."""

    id: str
    name: str  # in Vietnamese, what follows «nghỉ»
    rest: tuple[date, ...] = ()
    work: tuple[date, ...] = ()


class Holidays(Entry):
    """``holidays.yaml``: what the library does not know."""

    library: str
    first: date
    known_to: date
    counted_to: date
    changes: tuple[Change, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.first <= self.known_to <= self.counted_to:
            raise ValueError("first, known_to and counted_to must be in this order")
        seen: set[date] = set()
        for change in self.changes:
            for day in (*change.rest, *change.work):
                if not self.first <= day <= self.counted_to:
                    raise ValueError(f"{change.id}: {day} is outside first..counted_to")
                if change.certainty != "unsure" and day in seen:
                    raise ValueError(f"{change.id}: {day} is changed twice")
                seen |= {day} if change.certainty != "unsure" else set()
            if idle := [day for day in change.rest if day.weekday() >= _SATURDAY]:
                raise ValueError(f"{change.id}: {idle[0]} is a weekend, it is off anyway")
        return self
