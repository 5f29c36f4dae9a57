"""The day a duty belongs to: it changes in the morning, not at midnight."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from models.deadlines.ladder_file import read
from models.deadlines.shifts import MINUTE, at, day_of, midnight, ticks


def duty_day(now: datetime) -> date:
    """Give the duty day of a moment."""
    return day_of(ticks(now) - read().duty_day_from * MINUTE)


def next_change(now: datetime) -> datetime:
    """When the next duty day begins."""
    return at(midnight(duty_day(now) + timedelta(days=1)) + read().duty_day_from * MINUTE)
