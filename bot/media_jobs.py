"""Fetching, checking and storing one file that a person sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.base import Channel, FetchFailed
from bot.media import MediaRefused, MediaStore, check
from handlers import filed
from handlers.desk import World
from handlers.messages import Media
from models.cases import MediaFile
from models.conversations import Conversation

log = structlog.get_logger(__name__)

TRIES = 12
ELSEWHERE = timedelta(seconds=3)  # until a process with the right channel takes the job


class NotYet(Exception):
    """The platform does not give the file now."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("media not to be had now")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class MediaFetcher:
    engine: AsyncEngine
    channels: Mapping[str, Channel]
    store: MediaStore
    world: World
    clock: Callable[[], datetime]

    async def __call__(self, media_id: str, tries: int) -> None:
        """Fetch, check and store; what happened is told to whom it concerns.

        Raises:
            NotYet: try again later.
        """
        found = await self._named(UUID(media_id))
        if found is None:
            return
        channel_name, media = found
        channel = self.channels.get(channel_name)
        if channel is None:
            raise NotYet(ELSEWHERE)
        refused, position, size = None, None, None
        try:
            data = await channel.fetch(media)
            checked = await asyncio.to_thread(check, data, media.kind, media.mime)
            await self.store.put(media_id, checked.data)
            position, size = checked.position, len(checked.data)
            media = Media(checked.kind, media.ref, checked.mime)
        except FetchFailed as failure:
            if failure.retry and tries < TRIES:
                raise NotYet(_wait(tries)) from failure
            refused = "too_large" if "large" in failure.reason else "not_to_be_had"
        except MediaRefused as refusal:
            refused = refusal.reason
        except OSError as trouble:  # the disk is full, the store is away: the file is still there
            log.warning("media_not_stored", media=media_id, error=type(trouble).__name__)
            raise NotYet(_wait(tries)) from trouble
        except Exception as error:
            log.exception("media_broke", media=media_id, error=type(error).__name__)
            if tries < TRIES:
                raise NotYet(_wait(tries)) from error
            refused = "not_to_be_had"
        async with self.engine.begin() as db:
            now = self.clock()
            await db.execute(
                update(MediaFile)
                .where(MediaFile.id == UUID(media_id))
                .values(
                    kind=media.kind,
                    mime=media.mime,
                    size=size,
                    refused=refused,
                    stored_at=None if refused else now,
                )
            )
            await filed.media_arrived(db, self.world, now, UUID(media_id), refused, position)
        log.info("media_fetched", media=media_id, refused=refused, size=size)

    async def _named(self, media_id: UUID) -> tuple[str, Media] | None:
        """What the platform calls the file; None when it is stored or refused already."""
        async with self.engine.connect() as db:
            row = (
                await db.execute(
                    select(
                        Conversation.channel,
                        MediaFile.kind,
                        MediaFile.ref,
                        MediaFile.mime,
                    )
                    .join(Conversation, Conversation.id == MediaFile.conversation_id)
                    .where(
                        MediaFile.id == media_id,
                        MediaFile.stored_at.is_(None),
                        MediaFile.refused.is_(None),
                    )
                )
            ).one_or_none()
        return (row.channel, Media(row.kind, row.ref, row.mime)) if row else None


def _wait(tries: int) -> timedelta:
    return timedelta(seconds=min(2.0**tries, 300))
