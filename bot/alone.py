"""Work that only one process may do at a time, handed on when that process ends or dies."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg
import structlog

log = structlog.get_logger(__name__)

LOOK_AGAIN = 2.0  # seconds between tries while another process has it
POLLING = 0x706F6C6C  # "poll": Telegram gives updates to one asker only


@contextlib.asynccontextmanager
async def alone(url: str, key: int) -> AsyncIterator[asyncio.Event]:
    """Wait until no other process holds ``key``, then hold it.

    Yields:
        An event that is set when the hold is lost with the database connection: the work must
        stop then, for another process may have taken it over.
    """
    connection = await _held(url, key)
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _: lost.set())
    try:
        yield lost
    finally:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await connection.close(timeout=2)


async def _held(url: str, key: int) -> asyncpg.Connection:
    while True:
        connection = None
        try:
            connection = await asyncpg.connect(url)
            # asked again and again, for a statement that waits would hold back vacuum
            while not await connection.fetchval(  # noqa: ASYNC110
                "SELECT pg_try_advisory_lock($1)", key
            ):
                await asyncio.sleep(LOOK_AGAIN)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("waiting_for_database", error=type(error).__name__)
            if connection is not None:
                connection.terminate()
            await asyncio.sleep(LOOK_AGAIN)
        except asyncio.CancelledError:
            if connection is not None:
                connection.terminate()
            raise
        else:
            return connection
