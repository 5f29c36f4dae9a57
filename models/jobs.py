"""Work for later, put into the queue in the same transaction as the rows it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from pgqueuer.adapters.persistence.qb import QueryQueueBuilder
from sqlalchemy.ext.asyncio import AsyncConnection

from models.hot import driver


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    payload: str
    priority: int
    after: timedelta = timedelta(0)
    key: str | None = None  # a waiting job with this key makes another one needless


@cache
def statement() -> str:
    """PgQueuer's own statement, written once instead of at every call."""
    return QueryQueueBuilder().build_enqueue_query("skip")


def columns(jobs: Sequence[Job]) -> tuple[list[object], ...]:
    """Jobs as the statement's six parameters, a list a column."""
    return (
        [job.priority for job in jobs],
        [job.name for job in jobs],
        [job.payload.encode() for job in jobs],
        [job.after for job in jobs],
        [job.key for job in jobs],
        ["null"] * len(jobs),
    )


async def enqueue(db: AsyncConnection, jobs: Sequence[Job]) -> None:
    """Put jobs into the queue; a rollback of the caller's transaction takes them out again."""
    if jobs:
        await driver(db).fetch(statement(), *columns(jobs))
