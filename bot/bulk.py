"""Sending broadcasts: recipients are claimed as sending slots come, a few at a time.

Every worker process runs one loop for each channel and one that keeps the books.  Nothing is
shared but the database: a claim, the message in the outbox and its job are one commit, so that
whichever process dies, another goes on.  Urgent messages have the queue's own workers to
themselves; what is bulk takes none of their places.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot import slots, trouble
from bot.channels.base import Channel
from bot.delivery import Delivery
from bot.later import Later
from bot.slots import NEVER, NoSlot
from bot.trouble import Trouble
from handlers.broadcasts import letter, running
from handlers.broadcasts.letter import Row
from handlers.desk import World, packed
from models import ledger
from models.broadcasts import State
from models.jobs import Job, enqueue
from models.ledger import Claimed
from models.occasions import calendar
from models.outbox import Lane

log = structlog.get_logger(__name__)

SENDING = 8  # messages of this process on their way to platforms at a time
IDLE = 1.0  # seconds until an idle channel is looked at again: how soon a broadcast begins
BOOKS = 1.0  # seconds between rounds of the books
ROUND = 0.1  # seconds' worth of messages claimed at a time
UNPACED = 50  # claimed at a time where nothing limits the rate
MOST = 100  # claimed and not sent yet, in this process
EARLY = 0.05  # seconds before its slot a message is fetched and locked, to leave on time
SAFETY = timedelta(seconds=15)  # then a job looks after a message whose process may have died
PATIENCE = timedelta(seconds=12)  # longer waits are left to that job


@dataclass(slots=True)
class Bulk:
    engine: AsyncEngine
    deliver: Delivery
    world: World
    clock: Callable[[], datetime]
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _sends: set[asyncio.Task[None]] = field(default_factory=set)
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SENDING))

    async def run(self) -> None:
        """Send until told to stop; what is in hand is finished first."""
        await asyncio.gather(
            self._again(self.keep_books, BOOKS),
            self._again(self.expand, IDLE),
            *(
                self._again(partial(self.round, channel), IDLE)
                for channel in self.deliver.channels.values()
            ),
        )
        await asyncio.gather(*self._sends, return_exceptions=True)

    def stop(self) -> None:
        self._stopping.set()

    async def _again(self, work: Callable[[], Coroutine[Any, Any, bool]], rest: float) -> None:
        """Do something again and again, with a rest when there was nothing to do."""
        while not self._stopping.is_set():
            try:
                busy = await work()
            except Exception as error:
                busy = False
                if trouble.kind(error) is not Trouble.AWAY:
                    log.exception("bulk_broke", error=type(error).__name__)
            if not busy:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(rest):
                        await self._stopping.wait()

    async def round(self, channel: Channel) -> bool:
        """Claim the next recipients of a channel and send to them; False if there were none."""
        now = self.clock()
        for row in await self._running(channel.name, now):
            claimed = await self.claim(channel, row, now)
            if claimed is None:
                continue
            await self._book(channel, claimed, _lane(row), _calls(row))
            return True
        return False

    async def _running(self, channel: str, now: datetime) -> list[Row]:
        """What may be sent on a channel now, alerts first."""
        table = letter.TABLE
        async with self.engine.connect() as db:
            found = await db.execute(
                select(table)
                .where(table.c.state == State.RUNNING.value)
                .order_by(table.c.alert.desc(), table.c.started_at, table.c.id)
            )
            rows: list[Row] = [dict(row) for row in found.mappings()]
        if any(not row["alert"] for row in rows):
            until = await slots.held_until(self.engine, channel)
            if not calendar().hours.open_at(now) or (until is not None and until > now):
                return [row for row in rows if row["alert"]]
        return rows

    async def claim(self, channel: Channel, row: Row, now: datetime) -> list[Claimed] | None:
        """Take recipients, and put their messages into the outbox; None when nobody waits."""
        limits = channel.limits
        most = UNPACED if limits.per_second == NEVER else max(1, int(limits.per_second * ROUND))
        gap = timedelta(seconds=1 / limits.per_chat)
        async with self.engine.begin() as db:
            claimed, looked = await ledger.claim(
                db,
                row["id"],
                channel.name,
                letter.audience_of(row),
                most=most,
                gap=gap,
                now=now,
            )
            await self._write(db, row, claimed, now)
        return claimed if looked else None

    async def _write(
        self, db: AsyncConnection, row: Row, claimed: list[Claimed], now: datetime
    ) -> None:
        numbers = await letter.telephones(db) if claimed else {}
        messages = {
            key: packed(letter.message(row, *key, numbers))
            for key in {(one.locale, one.commune) for one in claimed}
        }
        await ledger.write(
            db,
            [
                {
                    "id": one.outbox_id,
                    "conversation_id": one.conversation_id,
                    "body": messages[one.locale, one.commune],
                }
                for one in claimed
            ],
            int(_lane(row)),
            now,
        )
        lane = int(_lane(row))
        await enqueue(
            db, [Job("deliver", str(one.conversation_id), lane, SAFETY) for one in claimed]
        )

    async def _book(
        self, channel: Channel, claimed: list[Claimed], lane: Lane, calls: int
    ) -> None:
        """Give each message its sending slot."""
        if channel.limits.per_second == NEVER:
            wait, step = timedelta(0), timedelta(0)
        else:
            wait, step = await self._slots(channel, lane, len(claimed) * calls)
        begin = asyncio.get_running_loop().time() + wait.total_seconds()
        for place, one in enumerate(claimed):
            at = begin + place * calls * step.total_seconds()
            task = asyncio.create_task(self._send(one.conversation_id, at))
            self._sends.add(task)
            task.add_done_callback(self._sends.discard)
        while len(self._sends) >= MOST:  # the platform is slow
            await asyncio.wait(self._sends, return_when=asyncio.FIRST_COMPLETED)

    async def _slots(
        self, channel: Channel, lane: Lane, count: int
    ) -> tuple[timedelta, timedelta]:
        while True:
            try:
                return await slots.book(
                    self.engine, channel.name, channel.limits.per_second, lane, count
                )
            except NoSlot as none:
                await asyncio.sleep(none.wait.total_seconds() + 0.002)

    async def _send(self, conversation_id: int, at: float) -> None:
        """Deliver one message in its slot; what has to wait long is left to its job."""
        await asyncio.sleep(at - EARLY - asyncio.get_running_loop().time())
        slot: float | None = at
        while True:
            try:
                async with self._places:
                    await self.deliver(conversation_id, slot=slot)
            except Later as later:
                slot = None
                if later.wait > PATIENCE or self._stopping.is_set():
                    return
                await asyncio.sleep(later.wait.total_seconds())
            except Exception as error:
                if trouble.kind(error) is not Trouble.AWAY:
                    log.exception("bulk_send_broke", error=type(error).__name__)
                return
            else:
                return

    async def keep_books(self) -> bool:
        """Settle what was sent, end what is over, show how far it is."""
        async with self.engine.begin() as db:
            await running.keep_books(db, self.world, self.clock())
        return False

    async def expand(self) -> bool:
        """Write a batch of recipients; False when none is missing."""
        async with self.engine.begin() as db:
            return await running.expand_next(db, self.clock())

    async def drain(self) -> None:
        """Send everything there is to send now: for tests and the terminal."""
        while await self.expand():
            pass
        for channel in self.deliver.channels.values():
            while await self.round(channel):
                await asyncio.gather(*self._sends)
        await self.keep_books()


def _lane(row: Row) -> Lane:
    return Lane.ALERT if row["alert"] else Lane.BULK


def _calls(row: Row) -> int:
    """A picture is a message of its own to the platform."""
    return 1 + bool(row["content"].get("media"))
