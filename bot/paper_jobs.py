"""Building one document or picture that somebody ordered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import trouble
from bot.media import EXTENSIONS, MediaStore, mime_of
from bot.media_jobs import NotYet
from bot.trouble import Trouble
from handlers import papers
from handlers.desk import Desk, World
from handlers.makers import MAKERS
from handlers.papers import Made, Maker, NothingToMake
from models.cases import MediaFile

log = structlog.get_logger(__name__)

TRIES = 5
BY_EXTENSION = {extension: mime for mime, extension in EXTENSIONS.items()}


@dataclass(frozen=True, slots=True)
class PaperMaker:
    engine: AsyncEngine
    store: MediaStore
    world: World
    clock: Callable[[], datetime]
    makers: Mapping[str, Maker] = field(default_factory=lambda: MAKERS)

    async def __call__(self, media_id: str, tries: int) -> None:
        """Build, store, and tell; done before, it does nothing.

        Raises:
            NotYet: try again later.
        """
        try:
            made = await self._gathered(UUID(media_id))
            if made is None:
                return
            data = await asyncio.to_thread(made.build)
        except NothingToMake as nothing:
            async with self.engine.begin() as db:
                desk = Desk(db, self.clock(), self.world)
                await papers.give_up(desk, UUID(media_id), "nothing_to_make", str(nothing))
            return
        except Exception as error:
            if trouble.kind(error) is not Trouble.OURS:
                raise
            log.exception("paper_broke", media=media_id, error=type(error).__name__)
            if tries < TRIES:
                raise NotYet(timedelta(seconds=2.0**tries)) from error
            async with self.engine.begin() as db:
                desk = Desk(db, self.clock(), self.world)
                await papers.give_up(desk, UUID(media_id), "not_made")
            return
        try:
            await self.store.put(media_id, data)
        except OSError as error:  # the disk is full, the store is away
            log.warning("media_not_stored", media=media_id, error=type(error).__name__)
            raise NotYet(timedelta(seconds=min(2.0**tries, 300))) from error
        mime = mime_of(data, BY_EXTENSION.get(made.name.rpartition(".")[2]))
        kind = "photo" if mime.startswith("image/") else "document"
        async with self.engine.begin() as db:
            desk = Desk(db, self.clock(), self.world)
            told = await papers.finish(
                desk, UUID(media_id), made=made, kind=kind, mime=mime, size=len(data)
            )
        log.info("paper_made", media=media_id, size=len(data), told=told)

    async def _gathered(self, media_id: UUID) -> Made | None:
        """Read what the file is made from; None when it is made or given up already."""
        async with self.engine.begin() as db:
            ordered = await db.execute(
                select(MediaFile.making, MediaFile.conversation_id).where(
                    MediaFile.id == media_id, MediaFile.making.is_not(None)
                )
            )
            row = ordered.one_or_none()
            if row is None:
                return None
            making: Mapping[str, Any] = row.making
            desk = Desk(db, self.clock(), self.world)
            chat = await desk.chat(row.conversation_id)
            return await self.makers[making["maker"]](desk, chat, making["facts"])
