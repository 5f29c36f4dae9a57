"""The job queue: what runs later, and what runs every minute."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
import structlog
from pgqueuer import PgQueuer
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job, Schedule
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import trouble, upkeep
from bot.channels.base import Working
from bot.delivery import Delivery
from bot.intake import Intake
from bot.later import Later
from bot.list_jobs import ListWork
from bot.media_jobs import MediaFetcher, NotYet
from bot.paper_jobs import PaperMaker
from bot.trouble import Trouble
from handlers import (
    alertcalls,
    clockwork,
    decisions,
    mornings,
    reach,
    rollwork,
    storms,
    villagework,
)
from handlers.benefits import watching
from handlers.broadcasts import planner
from handlers.desk import World
from handlers.messages import Incoming
from models.outbox import Lane

log = structlog.get_logger(__name__)
# While the database is away these two write a traceback ten times a second; we say it once.
logging.getLogger("pgqueuer").setLevel(logging.CRITICAL)
logging.getLogger("asyncpg").setLevel(logging.CRITICAL)

BATCH = 10
CONCURRENT = 20  # each holds one connection of the pool at a time
CALLS = 3  # of all processes: a province full of roll-calls leaves places for answers
LISTS = 1  # batches filed at a time, of all processes: the rest waits behind citizens
MAKINGS = 2  # of all processes; a document costs processor time that answers need
FETCHES = 6  # of all processes; a slow download must not take the place of a delivery
EVERY_MINUTE = "* * * * *"
NIGHTLY = "15 19 * * *"  # 02:15 in Viet Nam; cron counts in UTC
BACK_AFTER = (0.5, 1, 2, 5, 10)  # seconds until the queue is tried again after it broke
STEADY = 60.0  # seconds after which an earlier break is forgotten
AGAIN = timedelta(seconds=5)  # after an error nobody foresaw
ANSWER = 30.0  # seconds the database may take for a statement of the queue


@dataclass
class Worker:
    """Runs jobs until told to stop; any number of processes may."""

    url: str  # for asyncpg
    engine: AsyncEngine
    world: World
    clock: Callable[[], datetime]
    deliver: Delivery
    fetch: MediaFetcher
    make: PaperMaker
    lists: ListWork
    intake: Intake
    heartbeat: timedelta
    history_days: int
    case_days: int
    working: Sequence[Working] = ()  # channels with jobs of their own
    _queue: PgQueuer | None = field(default=None, init=False)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def run(self) -> None:
        """Work until stopped; whatever breaks, a new queue is opened after a while."""
        loop = asyncio.get_running_loop()
        failures = 0
        while not self._stopping.is_set():
            started = loop.time()
            try:
                await self._work()
            except Exception as error:
                if loop.time() - started > STEADY:
                    failures = 0
                wait = BACK_AFTER[min(failures, len(BACK_AFTER) - 1)]
                failures += 1
                foreseen = trouble.kind(error) is Trouble.AWAY
                log.warning(
                    "worker_interrupted",
                    error=type(error).__name__,
                    again_in=wait,
                    exc_info=None if foreseen else error,
                )
                await self._pause(wait)

    async def _work(self) -> None:
        pool = await asyncpg.create_pool(
            self.url, min_size=2, max_size=4, command_timeout=ANSWER, timeout=ANSWER
        )
        try:
            self._queue = queue = PgQueuer.from_asyncpg_pool(pool)
            self._register(queue)
            await self._wake()
            if self._stopping.is_set():
                return
            await queue.run(
                dequeue_timeout=timedelta(seconds=5),
                batch_size=BATCH,
                max_concurrent_tasks=CONCURRENT,
                heartbeat_timeout=self.heartbeat,
                shutdown_on_listener_failure=True,
            )
        finally:
            # a lost connection is never given back, and close() would wait for it for ever
            try:
                async with asyncio.timeout(2):
                    await pool.close()
            except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                pool.terminate()

    def stop(self) -> None:
        """Finish the jobs in hand and return from ``run``."""
        self._stopping.set()
        if self._queue is not None:
            self._queue.shutdown.set()

    def _register(self, queue: PgQueuer) -> None:
        queue.entrypoint("deliver", on_failure="delete")(self._deliver)
        queue.entrypoint("fetch_media", on_failure="delete", concurrency_limit=FETCHES)(
            self._fetch
        )
        queue.entrypoint("make_file", on_failure="delete", concurrency_limit=MAKINGS)(self._make)
        queue.entrypoint("drop_file", on_failure="delete")(self._drop)
        queue.entrypoint("read_sheet", on_failure="delete", concurrency_limit=MAKINGS)(self._sheet)
        queue.entrypoint("decide_list", on_failure="delete", concurrency_limit=LISTS)(self._decide)
        queue.entrypoint("file_list", on_failure="delete", concurrency_limit=LISTS)(self._list)
        queue.entrypoint("rollcall", on_failure="delete", concurrency_limit=CALLS)(self._call_roll)
        queue.entrypoint("storm", on_failure="delete")(self._storm)
        queue.entrypoint("settle_album", on_failure="delete")(self._settle)
        queue.entrypoint("find_alike", on_failure="delete", concurrency_limit=LISTS)(self._alike)
        queue.entrypoint("tell_decision", on_failure="delete")(self._tell)
        for channel in self.working:
            for name, work in channel.jobs.items():
                queue.entrypoint(name, on_failure="delete")(self._of_channel(work))
        queue.schedule("every_minute", EVERY_MINUTE)(self._every_minute)
        queue.schedule("nightly", NIGHTLY)(self._nightly)

    async def _deliver(self, job: Job) -> None:
        urgent = job.priority >= Lane.URGENT
        await self._kept(self.deliver(int(_payload(job)), urgent=urgent))

    def _of_channel(
        self, work: Callable[[str], Awaitable[None]]
    ) -> Callable[[Job], Awaitable[None]]:
        async def run(job: Job) -> None:
            await self._kept(work(_payload(job)))

        return run

    async def _fetch(self, job: Job) -> None:
        await self._kept(self.fetch(_payload(job), tries=job.attempts))

    async def _make(self, job: Job) -> None:
        await self._kept(self.make(_payload(job), tries=job.attempts))

    async def _drop(self, job: Job) -> None:
        await self._kept(self.fetch.store.delete(_payload(job)))

    async def _sheet(self, job: Job) -> None:
        await self._kept(self.lists.read(_payload(job)))

    async def _decide(self, job: Job) -> None:
        await self._kept(self.lists.decide(_payload(job)))

    async def _alike(self, job: Job) -> None:
        await self._kept(self.lists.alike(_payload(job)))

    async def _list(self, job: Job) -> None:
        await self._kept(self.lists.file(_payload(job)))

    async def _call_roll(self, _: Job) -> None:
        await self._kept(self._until_done(alertcalls.begin_next))
        await self._kept(self._until_done(rollwork.ask_next))

    async def _storm(self, _: Job) -> None:
        await self._kept(self._until_done(storms.tell_next))

    async def _settle(self, job: Job) -> None:
        await self._kept(self._album_settled(job))

    async def _tell(self, job: Job) -> None:
        await self._kept(self._told(int(_payload(job))))

    async def _kept(self, work: Awaitable[object]) -> None:
        """Do a job; whatever happens, it stays in the queue until it is done.

        The queue takes a job out that failed or was cancelled; only a retry keeps it.  ``from
        None``: the queue writes the traceback down, and that of a statement holds its values.
        """
        try:
            await work
        except (Later, NotYet) as later:
            raise RetryRequested(later.wait, str(later)) from None
        except asyncio.CancelledError:
            raise RetryRequested(timedelta(0), "interrupted") from None
        except Exception as error:
            if trouble.kind(error) is not Trouble.AWAY:
                log.exception("job_failed", error=type(error).__name__)
                raise RetryRequested(AGAIN, type(error).__name__) from None
            log.warning("job_interrupted", error=type(error).__name__)
        else:
            return
        # without a database the retry could not be written down
        with contextlib.suppress(asyncio.CancelledError):
            await self._database_back()
        raise RetryRequested(timedelta(0), "database was away")

    async def _database_back(self) -> None:
        while not self._stopping.is_set():
            try:
                async with self.engine.connect() as db:
                    await db.execute(text("SELECT 1"))
            except Exception as error:
                if trouble.kind(error) is not Trouble.AWAY:
                    raise
                await self._pause(BACK_AFTER[0])
            else:
                return

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _album_settled(self, job: Job) -> None:
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

    async def _told(self, decision_id: int) -> None:
        async with self.engine.begin() as db:
            wait = await decisions.tell_in_time(db, self.world, self.clock(), decision_id)
        if wait is not None:
            raise Later(wait, "not yet to be told")

    async def _every_minute(self, _: Schedule) -> None:
        await self.minute()

    async def minute(self) -> None:
        """Ring what is due, nudge who fell silent, tell and wake what lost its job."""
        for work in (self._ring, self._nudge, self._office, self._broadcasts, self._wake):
            await work()
        for channel in self.working:
            await channel.minute()

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

    async def _office(self) -> None:
        """What villages and offices wait for, one row and one commit after the other."""
        for step in (
            decisions.tell_next,
            mornings.give_next,
            reach.note_silence,
            reach.tell_next,
            watching.remind_next,
            *villagework.WORK,
        ):
            await self._until_done(step)

    async def _until_done(self, step: villagework.Work) -> None:
        while True:
            async with self.engine.begin() as db:
                if not await step(db, self.world, self.clock()):
                    return

    async def _broadcasts(self) -> None:
        async with self.engine.begin() as db:
            await planner.tick(db, self.world, self.clock())

    async def _wake(self) -> None:
        await upkeep.wake_forgotten(self.engine, self.clock())
        await upkeep.measure(self.engine, self.clock())

    async def _nightly(self, _: Schedule) -> None:
        await self.night()

    async def night(self) -> None:
        """Empty what has been kept long enough."""
        await upkeep.empty_old_words(self.engine, self.clock(), self.history_days)
        await upkeep.empty_done_cases(self.engine, self.clock(), self.case_days)


def _payload(job: Job) -> str:
    return (job.payload or b"").decode()
