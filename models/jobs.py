"""Work for later, put into the queue in the same transaction as the rows it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pgqueuer.domain.schema.queue import dedupe_predicate
from pgqueuer.domain.settings import DBSettings
from sqlalchemy.ext.asyncio import AsyncConnection

from models.hot import driver


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    payload: str
    priority: int
    after: timedelta = timedelta(0)
    key: str | None = None  # a waiting job with this key makes another one needless


_QUEUE = DBSettings()
# What PgQueuer's own enqueue statement writes (tests/test_jobs.py), without sorting and joining
# for the numbers it gives back: nobody here asks for them.
QUEUED = f"""queued AS (
    INSERT INTO {_QUEUE.queue_table} (
        priority, entrypoint, payload, execute_after, dedupe_key, headers, status
    )
    SELECT priority, entrypoint, payload, now() + after, key, 'null', 'queued'
    FROM unnest($1::int[], $2::text[], $3::bytea[], $4::interval[], $5::text[])
        AS job (priority, entrypoint, payload, after, key)
    ON CONFLICT (dedupe_key) WHERE {dedupe_predicate(_QUEUE)} DO NOTHING
    RETURNING id, entrypoint, priority
)
INSERT INTO {_QUEUE.queue_table_log} (job_id, status, entrypoint, priority)
SELECT id, 'queued', entrypoint, priority FROM queued"""  # noqa: S608 - names of tables
_ENQUEUE = f"WITH {QUEUED}"


def columns(jobs: Sequence[Job]) -> tuple[list[object], ...]:
    """Jobs as the first five parameters of the statement, a list a column."""
    return (
        [job.priority for job in jobs],
        [job.name for job in jobs],
        [job.payload.encode() for job in jobs],
        [job.after for job in jobs],
        [job.key for job in jobs],
    )


async def enqueue(db: AsyncConnection, jobs: Sequence[Job]) -> None:
    """Put jobs into the queue; a rollback of the caller's transaction takes them out again."""
    if jobs:
        await driver(db).fetch(_ENQUEUE, *columns(jobs))
