"""Files that people sent: fetched from Zalo's own hosts and from nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch

import aiohttp
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from yarl import URL

from bot.channels.base import FetchFailed
from bot.channels.zalo import parse
from bot.channels.zalo.client import UPLOAD
from handlers.messages import Media
from models.zalo import ZaloEvent

LARGEST = 20 * 1024 * 1024  # bytes
HOPS = 3  # redirections followed, each to a host of the list
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Files:
    """Fetches; the address is read from the sealed event, for whoever has it has the file."""

    def __init__(self, engine: AsyncEngine, hosts: Sequence[str]) -> None:
        self._engine, self._hosts = engine, hosts

    async def fetch(self, http: aiohttp.ClientSession, media: Media) -> bytes:
        if media.size is not None and media.size > LARGEST:
            raise FetchFailed("too_large", retry=False)
        address = await self._address(media.ref)
        if address is None:
            raise FetchFailed("address not known", retry=False)
        try:
            return await self._get(http, address)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise FetchFailed(type(error).__name__, retry=True) from error

    async def _get(self, http: aiohttp.ClientSession, address: str) -> bytes:
        for _ in range(HOPS + 1):
            if not self.allowed(address):
                raise FetchFailed("host not allowed", retry=False)
            timeout = aiohttp.ClientTimeout(total=UPLOAD)
            async with http.get(address, allow_redirects=False, timeout=timeout) as answer:
                if answer.status in (301, 302, 303, 307, 308):
                    address = str(answer.url.join(URL(answer.headers.get("Location", ""))))
                    continue
                if answer.status >= 400:
                    retry = answer.status >= 500 or answer.status == 429
                    raise FetchFailed(f"HTTP {answer.status}", retry=retry)
                data = bytearray()
                async for chunk in answer.content.iter_any():
                    data += chunk
                    if len(data) > LARGEST:
                        raise FetchFailed("too_large", retry=False)
                return bytes(data)
        raise FetchFailed("too many redirections", retry=False)

    def allowed(self, address: str) -> bool:
        """Whether an address may be asked: https, a host of the list, its usual port.

        A listed host of this machine itself, as a test has it, may be asked without TLS.
        """
        try:
            url = URL(address)
            host, port = (url.host or "").lower(), url.port
        except ValueError:
            return False
        if url.user or not any(fnmatch(host, one.lower()) for one in self._hosts):
            return False
        if host in LOOPBACK:
            return url.scheme in ("http", "https")
        return url.scheme == "https" and port == 443

    async def _address(self, ref: str) -> str | None:
        key = ref.rpartition("#")[0]
        query = select(ZaloEvent.body).where(ZaloEvent.key == key)
        async with self._engine.connect() as db:
            body = await db.scalar(query)
        raw = parse.load(str(body["raw"]).encode()) if body else None
        return parse.address_of(raw, ref) if raw else None
