"""Work for later, put into the queue in the same transaction as the rows it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    payload: str
    priority: int
    after: timedelta = timedelta(0)
    key: str | None = None  # a waiting job with this key makes another one needless


async def enqueue(db: AsyncConnection, jobs: Sequence[Job]) -> None:
    """Put jobs into the queue; a rollback of the caller's transaction takes them out again."""
    if not jobs:
        return
    raw = (await db.get_raw_connection()).driver_connection
    assert raw is not None  # noqa: S101 - the asyncpg dialect always has one
    queries = Queries(AsyncpgDriver(raw))
    await queries.enqueue(
        [job.name for job in jobs],
        [job.payload.encode() for job in jobs],
        [job.priority for job in jobs],
        execute_after=[job.after for job in jobs],
        dedupe_key=[job.key for job in jobs],
        on_conflict="skip",
    )
