"""One deadline as it is stored with a case, and the arithmetic of its unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from models.deadlines import schema
from models.deadlines.promises import LastDayOff
from models.deadlines.shifts import DAY, MINUTE, Calendar, day_of

HOUR = 60 * MINUTE  # ticks


@dataclass(frozen=True, slots=True)
class Basis:
    """Who says so: the law, with its article in Vietnamese, or the commune's own promise."""

    kind: Literal["law", "promise"]
    text_source: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One fixed deadline; stored with the case and never moved by a later edit of the data."""

    at: datetime  # aware UTC
    basis: Basis
    unit: schema.Unit
    amount: float  # in unit
    counted_from: datetime  # aware UTC
    calendar_version: str
    promise_version: str
    sure: bool  # False: runs past the announced holidays, the earliest reading was taken
    commune: str | None = None  # whose working time it was counted in
    last_day_off: LastDayOff = "counts"
    uncharted: bool = False  # past the calendar: every hour and day was counted, none skipped

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON values; moments as ISO 8601 in UTC."""
        return {
            "at": self.at.isoformat(),
            "basis": {"kind": self.basis.kind, "text_source": self.basis.text_source},
            "unit": self.unit,
            "amount": self.amount,
            "counted_from": self.counted_from.isoformat(),
            "calendar_version": self.calendar_version,
            "promise_version": self.promise_version,
            "sure": self.sure,
            "commune": self.commune,
            "last_day_off": self.last_day_off,
            "uncharted": self.uncharted,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Due:
        """Read back what ``to_json`` wrote; what was added later may be missing.

        Raises:
            KeyError, ValueError: it was not written by ``to_json``.
        """
        return cls(
            at=datetime.fromisoformat(raw["at"]).astimezone(UTC),
            basis=Basis(raw["basis"]["kind"], raw["basis"]["text_source"]),
            unit=raw["unit"],
            amount=raw["amount"],
            counted_from=datetime.fromisoformat(raw["counted_from"]).astimezone(UTC),
            calendar_version=raw["calendar_version"],
            promise_version=raw["promise_version"],
            sure=raw["sure"],
            commune=raw.get("commune"),
            last_day_off=raw.get("last_day_off", "counts"),
            uncharted=raw.get("uncharted", False),
        )


class Length(Protocol):
    """What a ``Due`` and a term of promises.yaml have in common."""

    @property
    def unit(self) -> schema.Unit: ...
    @property
    def amount(self) -> float: ...
    @property
    def last_day_off(self) -> LastDayOff: ...


def reach(length: Length, start: int, calendar: Calendar) -> int:
    """Find the tick at which a clock that started at ``start`` ends, not yet ``rolled``."""
    unit = length.unit
    if unit == "hours_around_the_clock":
        return start + round(length.amount * HOUR)
    if unit == "working_hours":
        return calendar.add(start, round(length.amount * HOUR))
    if unit == "working_days":
        return calendar.closing_after(start // DAY, int(length.amount))
    return start + int(length.amount) * DAY


def earliest(length: Length, start: int, calendar: Calendar) -> int:
    """Find the first tick at which a clock could end, whatever days turn out to be off.

    For what runs past the calendar: every hour and every day counts.
    """
    if length.unit == "working_days":
        closing = calendar.closing[-1] % DAY
        return (start // DAY + int(length.amount)) * DAY + closing
    if length.unit == "calendar_days":
        return start + int(length.amount) * DAY
    return start + round(length.amount * HOUR)


def rolled(tick: int, length: Length, calendar: Calendar) -> int:
    """Move an end on a day off to the closing of the next working day, where the term says so.

    Source: Civil Code 91/2015/QH13, article 148.5.
    """
    if length.last_day_off == "counts":
        return tick
    if calendar.kind(day_of(tick)) in {"weekend", "holiday"}:
        return calendar.closing_after(tick // DAY, 1)
    return tick


def is_sure(tick: int, length: Length, calendar: Calendar) -> bool:
    """Say whether all holidays that bear on a deadline have been announced."""
    if length.unit in {"working_hours", "working_days"} or length.last_day_off != "counts":
        return tick < calendar.known_until
    return True
