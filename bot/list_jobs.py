"""Jobs of lists: reading a spreadsheet that was sent, and filing lines batch by batch."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import sheets
from bot.media import MediaStore
from bot.sheets import SheetRefused
from handlers import listwork, twins
from handlers.desk import World
from handlers.lists import arrival, filing, sheet
from handlers.lists.paste import Written
from models.cases import MediaFile

log = structlog.get_logger(__name__)

REST = 2.0  # between two batches, as a multiple of what one took: most of the time is others'
LONGEST_REST = 0.4  # seconds; on a machine that is overloaded the list still gets through


@dataclass(frozen=True, slots=True)
class ListWork:
    engine: AsyncEngine
    store: MediaStore
    world: World
    clock: Callable[[], datetime]

    async def read(self, media_id: str) -> None:
        """Read a spreadsheet into the list it was sent for; read before, it does nothing."""
        async with self.engine.connect() as db:
            mime = await db.scalar(select(MediaFile.mime).where(MediaFile.id == UUID(media_id)))
        written: list[Written] = []
        refused = None
        try:
            data = await self.store.get(media_id)
            written = await asyncio.to_thread(_read, data, str(mime))
        except SheetRefused as refusal:
            refused = refusal.reason
        except FileNotFoundError:
            refused = "broken"
        async with self.engine.begin() as db:
            await arrival.sheet_read(
                db, self.world, self.clock(), UUID(media_id), written, refused
            )
        log.info("sheet_read", media=media_id, lines=len(written), refused=refused)

    async def file(self, list_id: str) -> None:
        """File the lines of a list, batch by batch, leaving most of the time to others.

        Killed in between, another process goes on with the batch after the last committed one.
        """
        await _in_turns(lambda: self.batch(list_id))

    async def decide(self, list_id: str) -> None:
        """Decide the cases of a list in the same way."""
        await _in_turns(lambda: self.decided(list_id))

    async def decided(self, list_id: str) -> bool:
        """Decide the next cases; False when none are left."""
        async with self.engine.begin() as db:
            return await listwork.decide_some(db, self.world, self.clock(), UUID(list_id))

    async def alike(self, what: str) -> None:
        """Look for other reports of the household of a case, or of those of a list."""
        async with self.engine.begin() as db:
            await twins.look(db, self.world, self.clock(), what)

    async def batch(self, list_id: str) -> bool:
        """File the next lines; False when none are left."""
        async with self.engine.begin() as db:
            return await filing.file_some(db, self.world, self.clock(), UUID(list_id))


async def _in_turns(batch: Callable[[], Awaitable[bool]]) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        began = clock()
        if not await batch():
            return
        await asyncio.sleep(min(REST * (clock() - began), LONGEST_REST))


def _read(data: bytes, mime: str) -> list[Written]:
    return sheet.lines(sheets.rows(data, mime))
