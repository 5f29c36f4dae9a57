"""Sending slots of a channel, shared by every process: one row, the next free moment."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from models.outbox import Pace

AHEAD = timedelta(seconds=1)  # how far ahead slots are given out
NEVER = float("inf")


class NoSlot(Exception):
    """None is free soon; ``wait`` says how long to leave it."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("no slot")
        self.wait = wait


async def take(engine: AsyncEngine, channel: str, per_second: float, *, urgent: bool) -> None:
    """Take a slot and wait for it, holding nothing meanwhile.

    Others are given slots at nine tenths of the rate, a second ahead at most.  Urgent messages
    do not wait for theirs unless they are so many that they alone would break the limit.

    Raises:
        NoSlot: everything a second ahead is taken.
    """
    step = timedelta(seconds=1 / (per_second * (1 if urgent else 0.9)))
    ahead = 2 * AHEAD if urgent else AHEAD
    here = Pace.channel == channel
    free = func.greatest(Pace.next_at, func.clock_timestamp())
    async with engine.begin() as db:  # short: the row is everybody's
        wait: timedelta | None = await db.scalar(
            update(Pace)
            .where(here, Pace.next_at < func.clock_timestamp() + ahead)
            .values(next_at=free + step)
            .returning(Pace.next_at - step - func.clock_timestamp())
        )
        if wait is None:
            wait = await db.scalar(select(Pace.next_at - func.clock_timestamp()).where(here))
            if wait is not None:
                spread = random.uniform(0, 1)  # noqa: S311 - nothing secret
                raise NoSlot(wait - ahead + spread * AHEAD)
            await db.execute(insert(Pace).values(channel=channel).on_conflict_do_nothing())
            return
    if urgent:
        wait -= AHEAD
    if wait > timedelta(0):
        await asyncio.sleep(wait.total_seconds())
