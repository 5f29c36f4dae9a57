"""The job queue: what runs later, and what runs every minute."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
import structlog
from pgqueuer import PgQueuer
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job, Schedule
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import upkeep
from bot.delivery import Delivery, Later
from bot.intake import Intake
from bot.media_jobs import MediaFetcher, NotYet
from handlers import clockwork
from handlers.desk import World
from handlers.messages import Incoming

log = structlog.get_logger(__name__)

BATCH = 6
CONCURRENT = 12  # each delivery may hold two connections of the pool
EVERY_MINUTE = "* * * * *"
NIGHTLY = "15 19 * * *"  # 02:15 in Viet Nam; cron counts in UTC
BACK_AFTER = (1, 2, 5, 10, 30)  # seconds until the queue is tried again after a lost connection


@dataclass
class Worker:
    """Runs jobs until told to stop; any number of processes may."""

    url: str  # for asyncpg
    engine: AsyncEngine
    world: World
    clock: Callable[[], datetime]
    deliver: Delivery
    fetch: MediaFetcher
    intake: Intake
    heartbeat: timedelta
    history_days: int
    _queue: PgQueuer | None = field(default=None, init=False)
    _stopping: bool = field(default=False, init=False)

    async def run(self) -> None:
        """Work; a lost database connection is waited out."""
        failures = 0
        while not self._stopping:
            try:
                await self._work()
                failures = 0
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, RuntimeError) as error:
                wait = BACK_AFTER[min(failures, len(BACK_AFTER) - 1)]
                failures += 1
                log.warning("worker_interrupted", error=type(error).__name__, again_in=wait)
                await asyncio.sleep(wait)

    async def _work(self) -> None:
        async with asyncpg.create_pool(self.url, min_size=2, max_size=4) as pool:
            self._queue = queue = PgQueuer.from_asyncpg_pool(pool)
            self._register(queue)
            if self._stopping:
                return
            await queue.run(
                dequeue_timeout=timedelta(seconds=5),
                batch_size=BATCH,
                max_concurrent_tasks=CONCURRENT,
                heartbeat_timeout=self.heartbeat,
                shutdown_on_listener_failure=True,
            )

    def stop(self) -> None:
        """Finish the jobs in hand and return from ``run``."""
        self._stopping = True
        if self._queue is not None:
            self._queue.shutdown.set()

    def _register(self, queue: PgQueuer) -> None:
        queue.entrypoint("deliver", on_failure="delete")(self._deliver)
        queue.entrypoint("fetch_media", on_failure="delete")(self._fetch)
        queue.entrypoint("settle_album", on_failure="delete")(self._settle)
        queue.schedule("every_minute", EVERY_MINUTE)(self._every_minute)
        queue.schedule("nightly", NIGHTLY)(self._nightly)

    async def _deliver(self, job: Job) -> None:
        try:
            await self.deliver(int(_payload(job)))
        except Later as later:
            raise RetryRequested(later.wait, later.reason) from later
        except Exception as error:
            # the outbox row still waits: never let its job die with a passing trouble
            log.exception("delivery_failed", error=type(error).__name__)
            raise RetryRequested(timedelta(seconds=5), type(error).__name__) from error

    async def _fetch(self, job: Job) -> None:
        try:
            await self.fetch(_payload(job), tries=job.attempts)
        except NotYet as later:
            raise RetryRequested(later.wait, str(later)) from later

    async def _settle(self, job: Job) -> None:
        conversation_id, _, album = _payload(job).partition(":")
        address = await upkeep.address(self.engine, int(conversation_id))
        if address is not None:
            channel, where = address
            said = Incoming(
                channel,
                where,
                f"album:{conversation_id}:{album}:{job.id}",
                self.clock(),
                event="album_settled",
            )
            await self.intake(said)

    async def _every_minute(self, _: Schedule) -> None:
        await self.minute()

    async def minute(self) -> None:
        """Ring what is due, nudge who fell silent, wake what lost its job."""
        for work in (self._ring, self._nudge, self._wake):
            await work()

    async def _ring(self) -> None:
        while True:
            async with self.engine.begin() as db:
                if not await clockwork.ring_next(db, self.world, self.clock()):
                    return

    async def _nudge(self) -> None:
        while True:
            async with self.engine.begin() as db:
                if not await clockwork.nudge_next(db, self.world, self.clock()):
                    return

    async def _wake(self) -> None:
        await upkeep.wake_forgotten(self.engine, self.clock())
        await upkeep.measure(self.engine, self.clock())

    async def _nightly(self, _: Schedule) -> None:
        await upkeep.empty_old_words(self.engine, self.clock(), self.history_days)


def _payload(job: Job) -> str:
    return (job.payload or b"").decode()
