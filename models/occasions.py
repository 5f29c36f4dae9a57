"""Awareness days as data: which day of the solar or lunar year, and when its message goes out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self

from lunar_vn import convert_lunar_to_solar
from pydantic import Field, field_validator, model_validator

from models.deadlines import schema, yaml_file
from models.deadlines.calendar import for_commune
from models.deadlines.review import Unsure
from models.deadlines.shifts import ZONE

_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")
_HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
WORKED = {"working", "make_up", "maybe_holiday"}
AROUND = 30  # days before an occasion that its message may go out at most

Moved = Literal["earlier", "later", "none"]


class Words(schema.Entry):
    """The same in the languages offered."""

    vi: str
    en: str  # empty where only the province's own words are known

    def of(self, locale: str) -> str:
        return self.en if locale == "en" and self.en else self.vi


class Usual(schema.Entry):
    days_before: int = Field(ge=0, le=AROUND)
    hour: str
    moved: Moved
    draft_days: int = Field(gt=0)


class Hours(schema.Cited):
    """When messages may reach people."""

    since: str = Field(alias="from")
    to: str
    late_hours: float = Field(gt=0)

    @field_validator("since", "to")
    @classmethod
    def _is_an_hour(cls, value: str) -> str:
        _clock(value)
        return value

    def open_at(self, now: datetime) -> bool:
        return _clock(self.since) <= now.astimezone(ZONE).time() < _clock(self.to)

    def opens(self, now: datetime) -> datetime:
        """The next moment, from now on, at which messages may go out."""
        if self.open_at(now):
            return now
        here = now.astimezone(ZONE)
        day = here.date() + timedelta(days=here.time() >= _clock(self.to))
        return datetime.combine(day, _clock(self.since), ZONE)


class Day(schema.Cited):
    """One awareness day."""

    id: str
    day: str | None = None
    lunar: str | None = None
    on: bool
    topic: str
    name: Words
    benefits: tuple[str, ...]
    text: Words
    days_before: int | None = Field(default=None, ge=0, le=AROUND)
    hour: str | None = None
    moved: Moved | None = None
    draft_days: int | None = Field(default=None, gt=0)
    only: int | None = None  # the one year in which it is kept

    @model_validator(mode="after")
    def _one_date(self) -> Self:
        if (self.day is None) == (self.lunar is None):
            raise ValueError("give either day or lunar, as month-day: 04-18")
        month, number = _month_day(self.day or self.lunar or "")
        if self.day is not None:
            date(2023, month, number)  # a day that every year has
        elif not (1 <= month <= 12 and 1 <= number <= 29):
            raise ValueError("every lunar month has 29 days at least, and some no more")
        if self.hour is not None:
            _clock(self.hour)
        return self

    def in_year(self, year: int) -> date:
        """The day of the occasion in a solar, or in the lunar, year."""
        month, number = _month_day(self.day or self.lunar or "")
        if self.day is not None:
            return date(year, month, number)
        return convert_lunar_to_solar(number, month, year)


class Calendar(schema.Entry):
    """``awareness_days.yaml``."""

    usual: Usual
    hours: Hours
    days: tuple[Day, ...]

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if len({day.id for day in self.days}) != len(self.days):
            raise ValueError("ids of days must differ")
        for hour in (self.usual.hour, *(day.hour for day in self.days if day.hour)):
            if not _clock(self.hours.since) <= _clock(hour) < _clock(self.hours.to):
                raise ValueError(f"hour {hour} is outside hours")
        return self


@dataclass(frozen=True, slots=True)
class Occasion:
    """One awareness day of one year, with the times of its message."""

    day: Day
    on: date
    draft_at: datetime
    send_at: datetime
    late_at: datetime  # not begun by then: missed
    wanted: bool  # a message is to be drafted


@dataclass(frozen=True, slots=True)
class Change:
    """What was decided for one year; None: as the day itself says."""

    on: bool | None = None
    days_before: int | None = None
    hour: str | None = None


UNCHANGED = Change()


@cache
def calendar(folder: Path = yaml_file.DATA) -> Calendar:
    """Read awareness_days.yaml; raises ``BadFile``."""
    return yaml_file.read(folder / "awareness_days.yaml", Calendar)


def entry(day_id: str) -> Day | None:
    return next((day for day in calendar().days if day.id == day_id), None)


def occasion(day: Day, on: date, change: Change = UNCHANGED) -> Occasion:
    """Work out when an occasion's message is drafted and sent."""
    usual = calendar().usual
    said = (change.days_before, day.days_before, usual.days_before)
    before = next(one for one in said if one is not None)
    going = _worked(on - timedelta(days=before), on, day.moved or usual.moved)
    send_at = datetime.combine(going, _clock(change.hour or day.hour or usual.hour), ZONE)
    return Occasion(
        day,
        on,
        send_at - timedelta(days=day.draft_days or usual.draft_days),
        send_at,
        late(send_at),
        day.on if change.on is None else change.on,
    )


def late(due: datetime) -> datetime:
    """When a message due then counts as missed: some hours later, or when the day's hours end."""
    hours = calendar().hours
    closing = datetime.combine(due.astimezone(ZONE).date(), _clock(hours.to), ZONE)
    return max(due, min(due + timedelta(hours=hours.late_hours), closing))


def coming(
    since: date,
    until: date,
    own: Sequence[Day] = (),
    changes: Mapping[tuple[str, date], Change] = MappingProxyType({}),
) -> Iterator[Occasion]:
    """Every occasion from one day to another, whether wanted or not.

    Args:
        since: the first day.
        until: the last day.
        own: days beside those of the file.
        changes: what was decided otherwise, by id and day.
    """
    for day in (*calendar().days, *own):
        for year in range(since.year - 1, until.year + 1):
            on = day.in_year(year)
            if since <= on <= until and day.only in (None, on.year):
                yield occasion(day, on, changes.get((day.id, on), UNCHANGED))


def _worked(day: date, on: date, moved: Moved) -> date:
    """Move off days off; never past the occasion itself."""
    if moved == "none":
        return day
    days = for_commune()
    step = timedelta(days=-1 if moved == "earlier" else 1)
    found = day
    while days.first < found < days.last and days.kind(found) not in WORKED:
        found += step
    return found if found <= on else _worked(day, on, "earlier")


def _month_day(value: str) -> tuple[int, int]:
    if not (found := _MONTH_DAY.fullmatch(value)):
        raise ValueError(f"{value!r} is not a month and day such as 04-18")
    return int(found[1]), int(found[2])


def _clock(value: str) -> time:
    if not (found := _HOUR.fullmatch(value)):
        raise ValueError(f"{value!r} is not an hour such as 08:30")
    return time(int(found[1]), int(found[2]))


def unsure(folder: Path = yaml_file.DATA) -> list[Unsure]:
    """List what a person must confirm before the calendar can be relied on."""
    read = calendar(folder)
    hours = read.hours
    found = [Unsure("awareness_days.yaml", "hours", f"{hours.since}-{hours.to}", hours.confirm)]
    return [one for one in found if hours.certainty == "unsure"] + [
        Unsure("awareness_days.yaml", f"days.{day.id}", day.name.vi, day.confirm)
        for day in read.days
        if day.certainty == "unsure"
    ]
