"""Files at Zalo: uploaded once, used for some days, uploaded again when they have run out."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.zalo.client import Client
from bot.channels.zalo.pictures import small_enough
from bot.channels.zalo.refusals import EXPIRED, Refused
from bot.channels.zalo.show import FILES, Attach
from models.zalo import ZaloUpload

KEPT = timedelta(days=6)  # Zalo keeps them for seven days; a month has 5,000 uploads


class Uploads:
    """Sends files by what Zalo calls them."""

    def __init__(self, engine: AsyncEngine, client: Client, clock: Callable[[], datetime]) -> None:
        self._engine, self._client, self._clock = engine, client, clock

    async def send(self, user_id: str, attach: Attach, *, first: bool) -> str:
        """Send a file; one that has run out at Zalo is uploaded once more."""
        name = attach.name if len(attach.name) <= 64 else _hash(attach.name)
        ref = await self._known(name)
        if ref is not None:
            try:
                return await self._client.say(user_id, _message(attach, ref), first=first)
            except Refused as refused:
                if refused.code != EXPIRED:
                    raise
                await self._forget(name)
                first = False
        ref = await self._upload(attach, name, first=first)
        return await self._client.say(user_id, _message(attach, ref), first=False)

    async def _upload(self, attach: Attach, name: str, *, first: bool) -> str:
        data, mime = attach.file.data, attach.file.mime
        if attach.kind == "image":
            shrunk = await asyncio.to_thread(small_enough, data)
            data, mime = shrunk, mime if shrunk is data else "image/jpeg"
            called = "image.jpg" if mime == "image/jpeg" else "image.png"
        else:
            called = _ascii(attach.file.name) or f"file.{FILES[mime]}"
        found = await self._client.upload(attach.kind, data, called, mime, first=first)
        ref = str(found.get("attachment_id" if attach.kind == "image" else "token", ""))
        async with self._engine.begin() as db:
            now = self._clock()
            await db.execute(
                insert(ZaloUpload)
                .values(name=name, ref=ref, uploaded_at=now)
                .on_conflict_do_update(
                    index_elements=["name"], set_={"ref": ref, "uploaded_at": now}
                )
            )
        return ref

    async def _known(self, name: str) -> str | None:
        query = select(ZaloUpload.ref).where(
            ZaloUpload.name == name, ZaloUpload.uploaded_at > self._clock() - KEPT
        )
        async with self._engine.connect() as db:
            found: str | None = await db.scalar(query)
        return found

    async def _forget(self, name: str) -> None:
        async with self._engine.begin() as db:
            await db.execute(delete(ZaloUpload).where(ZaloUpload.name == name))

    async def sweep(self) -> None:
        """Forget what has run out."""
        async with self._engine.begin() as db:
            await db.execute(
                delete(ZaloUpload).where(ZaloUpload.uploaded_at < self._clock() - KEPT)
            )


def _message(attach: Attach, ref: str) -> dict[str, Any]:
    if attach.kind == "file":
        return {"attachment": {"type": "file", "payload": {"token": ref}}}
    element = {"media_type": "image", "attachment_id": ref}
    payload = {"template_type": "media", "elements": [element]}
    return {"attachment": {"type": "template", "payload": payload}}


def _ascii(name: str | None) -> str | None:
    """A name that every part of the way takes."""
    if name and name.isascii() and all(char.isalnum() or char in "._-" for char in name):
        return name
    return None


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
