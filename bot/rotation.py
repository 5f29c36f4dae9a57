"""Sealing everything again with a new key."""

from __future__ import annotations

import contextlib
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.media import MediaStore
from models.base import Base
from models.cases import Case, MediaFile
from models.households import Household
from models.people import Person
from models.vault import Sealed, Vault

BATCH = 500


async def rotate(engine: AsyncEngine, ring: Vault, store: MediaStore) -> int:
    """Seal every value that an older key sealed; may be interrupted and run again.

    Photographs and the hashes that telephone numbers are found by follow the key as well; codes
    of invitations are known to nobody, so those given under the old key end with it.

    Returns:
        How many values were sealed again.
    """
    done = 0
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed):
                done += await _column(engine, ring, table, column)
    await _hashes(engine, ring)
    return done + await _files(engine, store)


async def _files(engine: AsyncEngine, store: MediaStore) -> int:
    """Seal stored photographs and voice notes again."""
    async with engine.connect() as db:
        stored = await db.scalars(select(MediaFile.id).where(MediaFile.stored_at.is_not(None)))
        ids = [one.hex for one in stored]
    done = 0
    for media_id in ids:
        with contextlib.suppress(FileNotFoundError):
            done += await store.reseal(media_id)
    return done


async def _hashes(engine: AsyncEngine, ring: Vault) -> None:
    """Write the hashes of telephone numbers under the first key."""
    for table, sealed in (
        (Case, Case.details),
        (Person, Person.private),
        (Household, Household.private),
    ):
        rows = select(table.id, sealed, table.phone_hash).where(table.phone_hash.is_not(None))
        async with engine.begin() as db:
            for row in (await db.execute(rows)).all():
                number = (row[1] or {}).get("phone")
                if number and row.phone_hash != ring.fingerprint(number):
                    hashed = update(table).where(table.id == row.id)
                    await db.execute(hashed.values(phone_hash=ring.fingerprint(number)))


async def _column(
    engine: AsyncEngine, ring: Vault, table: Table, column: Column[dict[str, Any]]
) -> int:
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
