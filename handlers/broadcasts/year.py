"""The calendar as it stands: the file, the province's own days, what was changed this year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select

from handlers.desk import Desk
from models import occasions
from models.days import DayChange, OwnDay
from models.occasions import Change, Day, Occasion

log = structlog.get_logger(__name__)

OWN = "own-"
A_YEAR = timedelta(days=385)  # the longest lunar year


def day_of(number: int, body: dict[str, Any]) -> Day:
    """An own day as an entry of the calendar."""
    fixed = {"id": f"{OWN}{number}", "on": True, "source": "", "certainty": "sure"}
    return Day.model_validate({**body, **fixed})


async def own(desk: Desk) -> dict[Day, datetime]:
    """The province's own days, and since when each is one."""
    rows = await desk.db.execute(
        select(OwnDay.id, OwnDay.body, OwnDay.added_at)
        .where(OwnDay.removed_at.is_(None))
        .order_by(OwnDay.id)
    )
    found = {}
    for row in rows:
        try:
            found[day_of(row.id, row.body)] = row.added_at
        except ValueError as error:  # what a day is made of has changed; the others go on
            log.exception("own_day_unreadable", own_day=row.id, error=type(error).__name__)
    return found


async def coming(desk: Desk, since: date, until: date) -> list[Occasion]:
    """Every occasion from one day to another, whether wanted or not, the next first."""
    added = await own(desk)
    rows = await desk.db.execute(
        select(
            DayChange.occasion,
            DayChange.occasion_on,
            DayChange.on,
            DayChange.days_before,
            DayChange.hour,
        ).where(DayChange.occasion_on.between(since, until))
    )
    changes = {
        (row.occasion, row.occasion_on): Change(row.on, row.days_before, row.hour) for row in rows
    }
    found = [
        one
        for one in occasions.coming(since, until, tuple(added), changes)
        if one.day not in added or one.send_at > added[one.day]
    ]
    return sorted(found, key=lambda one: one.on)


async def next_of(desk: Desk, day_id: str, on: date | None = None) -> Occasion | None:
    """The next time that a day comes, or the very one."""
    for one in await coming(desk, desk.today, desk.today + A_YEAR):
        if one.day.id == day_id and on in (None, one.on):
            return one
    return None
