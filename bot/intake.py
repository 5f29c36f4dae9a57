"""Taking one incoming message in: one transaction, and what happens when it fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.logs import frames
from bot.metrics import FAILED, TAKEN_IN
from handlers import receive as receiving
from handlers.desk import World
from handlers.messages import Incoming
from models.hot import autocommit, transaction

log = structlog.get_logger(__name__)

RETRIED = 3


class Intake:
    """The door between channels and conversations."""

    def __init__(self, engine: AsyncEngine, world: World, clock: Callable[[], datetime]) -> None:
        self._engine, self._world, self._clock = autocommit(engine), world, clock

    async def __call__(self, said: Incoming) -> None:
        """Apply a message; returns once it is committed.

        Raises:
            OperationalError: the database cannot be reached; the channel must bring it again.
        """
        for attempt in range(1, RETRIED + 1):
            try:
                async with transaction(self._engine) as db:
                    first = await receiving.receive(db, said, self._world, self._clock())
            except (OperationalError, InterfaceError, ConnectionError, OSError):
                raise
            except DBAPIError as error:
                # a deadlock or a lost race: the other transaction is through by now
                if attempt == RETRIED:
                    await self._keep(said, error)
            except Exception as error:  # noqa: BLE001 - whatever it is, the message is not lost
                await self._keep(said, error)
                return
            else:
                TAKEN_IN.labels(said.channel, "first" if first else "repeated").inc()
                return

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
        async with transaction(self._engine) as db:
            await receiving.keep_failed(db, said, self._world, self._clock(), type(error).__name__)
