"""Alembic's entry: connects, and runs each migration in a transaction of its own."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from models import (  # noqa: F401 - they fill the metadata
    audit,
    broadcasts,
    cases,
    clock_records,
    communes,
    conversations,
    days,
    decisions,
    households,
    lists,
    offices,
    outbox,
    people,
    rollcalls,
    roster,
    storms,
    twins,
    unreached,
    watches,
    zalo,
)
from models.base import Base

LOCK = 0x6D696772617465  # "migrate": processes that start together take turns


def ours(name: str | None, kind: str, _: object) -> bool:
    """PgQueuer's tables are its own business."""
    return kind != "table" or not (name or "").startswith("pgqueuer")


def run(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        include_name=ours,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
    connection.commit()


async def main() -> None:
    engine = create_async_engine(
        context.config.attributes["url"],
        connect_args={"server_settings": {"lock_timeout": "30s"}},
    )
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(main())
