"""Waking the queue's workers: once for many commits instead of in each of them.

PgQueuer notifies inside the transaction that brings a job, and PostgreSQL lets only one such
transaction commit at a time, also among all processes (docs/decisions/0004).  A connection told
``LATER`` does not notify; whoever commits on it rings afterwards.  If it dies before that, a
worker finds the job when it next looks by itself, within seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from pgqueuer.domain.settings import DBSettings

LATER = "SET queue.rung_afterwards = on"  # a connection that does not notify: migration 0019
AT_ONCE = "RESET queue.rung_afterwards"
APART = 0.01  # seconds between two rings while messages come without a pause

_QUEUE = DBSettings()
# as PgQueuer's own trigger says it
NOTIFY = f"""SELECT pg_notify('{_QUEUE.channel}', json_build_object(
    'channel', '{_QUEUE.channel}', 'operation', 'insert', 'sent_at', now(),
    'table', '{_QUEUE.queue_table}', 'type', 'table_changed_event')::text)"""


class Bell:
    """Rings soon after it was asked to, as often as needed and no more."""

    def __init__(self, notify: Callable[[], Awaitable[None]]) -> None:
        """Take what rings: it runs ``NOTIFY`` on a connection."""
        self._notify = notify
        self._asked = False
        self._ringing: asyncio.Task[None] | None = None
        self._last = 0.0  # time of the loop

    def ring(self) -> None:
        """Have what is committed by now heard of."""
        self._asked = True
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.get_running_loop().create_task(self._ring())

    async def _ring(self) -> None:
        loop = asyncio.get_running_loop()
        while self._asked:
            await asyncio.sleep(max(self._last + APART - loop.time(), 0))
            self._asked = False
            await self._notify()
            self._last = loop.time()

    async def quiet(self) -> None:
        """Wait until everything asked for has been rung."""
        if self._ringing is not None:
            await asyncio.gather(self._ringing, return_exceptions=True)
