"""The queue's workers are woken after commits: seldom under load, but for every job."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from pgqueuer.models import AnyEvent
from sqlalchemy.ext.asyncio import AsyncEngine

from models import bell
from models.hot import Held
from models.jobs import Job, enqueue

JOBS = 60


class Worker:
    """Hears as PgQueuer's workers do, and counts what it finds each time."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self.found: list[int] = []

    async def hear(self, event: str) -> None:
        assert AnyEvent.model_validate_json(event).root.type == "table_changed_event"
        self.found.append(await self._connection.fetchval("SELECT count(*) FROM pgqueuer"))

    async def settled(self) -> list[int]:
        """Wait until nothing has been heard for a while."""
        before = -1
        while before != len(self.found):
            before = len(self.found)
            await asyncio.sleep(0.3)
        return self.found


@pytest.fixture
async def worker(database_url: str) -> AsyncIterator[Worker]:
    listening = await asyncpg.connect(database_url)
    looking = await asyncpg.connect(database_url)
    worker = Worker(looking)
    events: asyncio.Queue[str] = asyncio.Queue()
    await listening.add_listener("ch_pgqueuer", lambda *told: events.put_nowait(told[3]))

    async def listen() -> None:
        while True:
            await worker.hear(await events.get())

    task = asyncio.create_task(listen())
    yield worker
    task.cancel()
    for one in (listening, looking):
        await one.close()


async def bring(held: Held, number: int) -> None:
    async with held.transaction() as db:
        await enqueue(db, [Job("nobody", str(number), 1)])


async def test_many_commits_are_rung_for_together_and_the_last_is_heard(
    engine: AsyncEngine, worker: Worker
) -> None:
    held = Held(engine)
    await asyncio.gather(*(bring(held, number) for number in range(JOBS)))
    found = await worker.settled()
    assert found[-1] == JOBS
    assert len(found) < JOBS / 2
    await bring(held, JOBS)
    assert (await worker.settled())[-1] == JOBS + 1
    await held.close()


async def test_a_ring_that_fails_ends_nothing(
    engine: AsyncEngine, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(engine)
    monkeypatch.setattr("models.hot.NOTIFY", "SELECT 1 / 0")
    await bring(held, 0)
    assert await worker.settled() == []
    monkeypatch.setattr("models.hot.NOTIFY", bell.NOTIFY)
    await bring(held, 1)
    assert (await worker.settled())[-1] == 2
    await held.close()


@pytest.mark.parametrize("how", ["failed", "closed"])
async def test_a_connection_given_back_notifies_again_by_itself(
    engine: AsyncEngine, worker: Worker, how: str
) -> None:
    held = Held(engine)
    if how == "failed":
        with pytest.raises(ZeroDivisionError):
            async with held.transaction():
                raise ZeroDivisionError
    else:
        await bring(held, 0)
        await held.close()
        await worker.settled()
    heard = len(worker.found)
    async with engine.begin() as db:
        await db.exec_driver_sql("SELECT 1")
        await enqueue(db, [Job("nobody", "1", 1)])
    assert len(await worker.settled()) == heard + 1
    await held.close()
