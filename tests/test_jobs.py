"""Our jobs are rows like those PgQueuer makes itself."""

from datetime import timedelta

import asyncpg
import pytest
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries

from bot import database
from models.hot import Held
from models.jobs import Job, enqueue

SAME = """SELECT to_jsonb(row) - array[{}]::text[] AS same FROM {} AS row ORDER BY row.id"""
QUEUE = SAME.format("'id', 'created', 'updated', 'execute_after', 'heartbeat'", "pgqueuer")
LOG = SAME.format("'id', 'created', 'job_id', 'dedupe_key'", "pgqueuer_log")
JOBS = [
    Job("deliver", "17", 30),
    Job("settle_album", "17:a", 40, timedelta(seconds=2), "album:17:a"),
]


@pytest.fixture
async def raw(database_url):
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_they_are_the_rows_that_the_library_writes(raw, database_url):
    queue = Queries(AsyncpgDriver(raw))
    for job in JOBS:
        payload = job.payload.encode()
        await queue.enqueue(job.name, payload, job.priority, job.after, job.key)
    by_library = [await raw.fetch(QUEUE), await raw.fetch(LOG)]
    waits = await raw.fetch("SELECT execute_after - created AS wait FROM pgqueuer ORDER BY id")
    await raw.execute("TRUNCATE pgqueuer, pgqueuer_log")
    engine = database.engine(database_url, pool=2)
    held = Held(engine)
    async with held.transaction() as db:
        await enqueue(db, JOBS)
    await held.close()
    await engine.dispose()
    assert [await raw.fetch(QUEUE), await raw.fetch(LOG)] == by_library
    ours = await raw.fetch("SELECT execute_after - created AS wait FROM pgqueuer ORDER BY id")
    assert [row["wait"] for row in ours] == [row["wait"] for row in waits]


async def test_a_waiting_job_makes_another_one_needless(raw, database_url):
    engine = database.engine(database_url, pool=2)
    held = Held(engine)
    for _ in range(2):
        async with held.transaction() as db:
            await enqueue(db, [*JOBS, JOBS[1]])
    await held.close()
    await engine.dispose()
    names = await raw.fetch("SELECT entrypoint FROM pgqueuer ORDER BY id")
    assert [row["entrypoint"] for row in names] == ["deliver", "settle_album", "deliver"]
    assert await raw.fetchval("SELECT count(*) FROM pgqueuer_log") == 3
