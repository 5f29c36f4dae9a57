"""A channel's sending rate, shared by every process through one row of the database.

Each message takes the next free slot.  Who may wait longer may book less far ahead, so what is
more urgent finds a slot sooner: bulk keeps half a second of slots taken, an answer is never more
than a little over a second away from its own, and urgent messages do not wait for theirs at all
unless they alone would break the limit.
"""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from models.outbox import Lane, Pace

# Slots are booked this far ahead.  An alert leaves answers a place between its own messages:
# who writes during a storm is not answered after the whole province has been warned.
AHEAD = {
    Lane.BULK: timedelta(seconds=0.5),
    Lane.REMINDER: timedelta(seconds=0.7),
    Lane.CALL: timedelta(seconds=0.9),
    Lane.ALERT: timedelta(seconds=1.0),
    Lane.REPLY: timedelta(seconds=1.2),
    Lane.URGENT: timedelta(seconds=2.2),
}
NEVER = float("inf")
UNWAITED = timedelta(seconds=1)  # an urgent message goes this much before its slot
SHARE = 0.99  # of the platform's rate: lines are uneven, and urgent messages come between


class NoSlot(Exception):
    """All slots as far ahead as this lane may book are taken; ``wait`` until the next try."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("no slot")
        self.wait = wait


async def book(
    engine: AsyncEngine, channel: str, per_second: float, lane: Lane, count: int = 1
) -> tuple[timedelta, timedelta]:
    """Take sending slots; give the wait until the first, and the time from one to the next.

    Raises:
        NoSlot: try again later.
    """
    step = timedelta(seconds=1 / (per_second * SHARE))
    ahead = AHEAD[lane]
    here = Pace.channel == channel
    free = func.greatest(Pace.next_at, func.clock_timestamp())
    async with engine.begin() as db:  # short: the row is everybody's
        wait: timedelta | None = await db.scalar(
            update(Pace)
            .where(here, Pace.next_at < func.clock_timestamp() + ahead)
            .values(next_at=free + step * count)
            .returning(Pace.next_at - step * count - func.clock_timestamp())
        )
        if wait is None:
            wait = await db.scalar(select(Pace.next_at - func.clock_timestamp()).where(here))
            if wait is not None:
                raise NoSlot(max(wait - ahead, timedelta(0)))
            await db.execute(insert(Pace).values(channel=channel).on_conflict_do_nothing())
            return timedelta(0), step
    if lane >= Lane.URGENT:
        wait -= UNWAITED
    return max(wait, timedelta(0)), step


async def take(engine: AsyncEngine, channel: str, per_second: float, lane: Lane) -> None:
    """Wait for one slot.

    Raises:
        NoSlot: it is too far off to wait for; others who were refused do not come back together.
    """
    try:
        wait, _ = await book(engine, channel, per_second, lane)
    except NoSlot as none:
        spread = random.uniform(0, 1)  # noqa: S311 - nothing secret
        raise NoSlot(none.wait + spread * AHEAD[Lane.BULK]) from None
    if wait > timedelta(0):
        await asyncio.sleep(wait.total_seconds())


async def held_until(engine: AsyncEngine, channel: str) -> datetime | None:
    """Until when bulk is to leave the channel alone, as the platform asked."""
    async with engine.connect() as db:
        until: datetime | None = await db.scalar(
            select(Pace.bulk_hold_until).where(Pace.channel == channel)
        )
    return until
