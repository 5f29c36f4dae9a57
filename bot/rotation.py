"""Sealing everything again with a new key."""

from __future__ import annotations

from typing import Any

from sqlalchemy import LargeBinary, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncEngine

from models.base import Base
from models.vault import Sealed, Vault

BATCH = 500


async def rotate(engine: AsyncEngine, ring: Vault) -> int:
    """Seal every value that an older key sealed; may be interrupted and run again.

    Returns:
        How many values were sealed again.
    """
    done = 0
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed):
                done += await _column(engine, ring, table, column)
    return done


async def _column(engine: AsyncEngine, ring: Vault, table: Any, column: Any) -> int:
    done, last = 0, None
    key = next(iter(table.primary_key.columns))
    raw = type_coerce(column, LargeBinary)
    while True:
        query = select(key, raw.label("sealed")).where(column.is_not(None)).order_by(key)
        if last is not None:
            query = query.where(key > last)
        async with engine.begin() as db:
            rows = (await db.execute(query.limit(BATCH).with_for_update())).all()
            for row in rows:
                if ring.is_current(row.sealed):
                    continue
                opened = ring.open(row.sealed)
                sealed = type_coerce(ring.seal(opened), LargeBinary)
                await db.execute(update(table).where(key == row[0]).values({column: sealed}))
                done += 1
        if not rows:
            return done
        last = rows[-1][0]
