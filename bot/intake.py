"""Taking one incoming message in: one transaction, and what happens when it fails."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import datetime
from functools import cache

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import trouble
from bot.logs import frames
from bot.metrics import FAILED, TAKEN_IN
from bot.trouble import Trouble
from handlers import receive as receiving
from handlers.desk import World
from handlers.messages import Incoming
from models.hot import Held

log = structlog.get_logger(__name__)

RETRIED = 3  # tries when the database refused, which may have been a lost race
RACED = 10  # tries when it certainly was one
PAUSE = 0.05  # seconds, the most before the next of them

_taken_in = cache(TAKEN_IN.labels)


class Intake:
    """The door between channels and conversations."""

    def __init__(self, engine: AsyncEngine, world: World, clock: Callable[[], datetime]) -> None:
        self._held = Held(engine)
        self._world, self._clock = world, clock

    async def __call__(self, said: Incoming) -> None:
        """Apply a message; returns once it is committed, or kept with a word to its sender.

        Raises:
            Exception: the database cannot be used now; the channel must bring the message again.
        """
        tries = 0
        while True:
            tries += 1
            try:
                async with self._held.transaction() as db:
                    first = await receiving.receive(db, said, self._world, self._clock())
            except Exception as error:
                kind = trouble.kind(error)
                if kind is Trouble.AWAY or (kind is Trouble.RACE and tries >= RACED):
                    raise
                if kind is Trouble.RACE or (isinstance(error, DBAPIError) and tries < RETRIED):
                    await asyncio.sleep(random.uniform(0, PAUSE))  # noqa: S311 - nothing secret
                    continue
                await self._keep(said, error)
                return
            _taken_in(said.channel, "first" if first else "repeated").inc()
            return

    async def close(self) -> None:
        """Give the connections back; nothing is taken in any more."""
        await self._held.close()

    async def _keep(self, said: Incoming, error: Exception) -> None:
        """Our own fault: keep the message, say so to the person, and call for an engineer."""
        log.error(
            "message_failed",
            channel=said.channel,
            message=said.message_id,
            error=type(error).__name__,
            frames=frames(error),
        )
        FAILED.labels(said.channel).inc()
        async with self._held.transaction() as db:
            await receiving.keep_failed(db, said, self._world, self._clock(), type(error).__name__)
