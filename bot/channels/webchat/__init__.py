"""The web chat: a page, a socket, and messages that stay in the database until they are seen."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.base import FetchFailed, SendFailed
from bot.channels.webchat.accounts import Accounts
from bot.channels.webchat.files import SWEPT, Files
from bot.channels.webchat.hub import CHANNEL, Hub
from bot.channels.webchat.server import Server, TakeIn
from bot.media import MediaStore
from handlers.messages import Limits, Media, Outgoing

log = structlog.get_logger(__name__)


class WebChat:
    """The web chat channel, one instance a process.

    What is said is in the outbox already; sending is waking the page that shows it, in whichever
    process its socket is.  Each message carries its number, so the page shows none twice.
    """

    name = "webchat"
    limits = Limits(
        text=8000, buttons=30, per_second=float("inf"), per_chat=float("inf"), edits=True
    )
    keeps_history = True

    def __init__(  # noqa: PLR0913 - everything it works with, once
        self,
        engine: AsyncEngine,
        database_url: str,
        store: MediaStore,
        take_in: TakeIn,
        accounts: Accounts,
        *,
        serves: bool = True,
        head: str = "",
    ) -> None:
        self._engine, self._serves = engine, serves
        self._hub = Hub(engine, database_url, accounts.sign)
        self._files = Files(engine, store, accounts)
        self._server = Server(self._hub, self._files, take_in, accounts, head)

    async def start(self) -> None:
        if self._serves:
            self._hub.start()
            self._hub.run(self._sweep())

    async def stop(self) -> None:
        await self._hub.stop()

    async def close_pages(self) -> None:
        """End every socket, so that the web server can stop without waiting for them."""
        await self._hub.close_pages()

    async def _sweep(self) -> None:
        while True:
            try:
                if gone := await self._files.sweep():
                    log.info("webchat_uploads_swept", files=gone)
            except (OSError, SQLAlchemyError) as error:
                log.warning("webchat_uploads_not_swept", error=type(error).__name__)
            await asyncio.sleep(SWEPT)

    def routes(self) -> list[web.RouteDef]:
        return self._server.routes()

    async def send(self, address: str, message: Outgoing, key: str) -> str:
        """Wake the page; the key is the message's number, by which it drops a repetition."""
        del message
        try:
            async with self._engine.begin() as db:
                await db.execute(
                    text("SELECT pg_notify(:channel, :address)"),
                    {"channel": CHANNEL, "address": address},
                )
        except DBAPIError as error:
            raise SendFailed("database", retry=True) from error
        return key

    async def fetch(self, media: Media) -> bytes:
        """Read an upload, which is here already."""
        try:
            return await self._files.uploads.get(media.ref)
        except FileNotFoundError as error:
            raise FetchFailed("upload not found", retry=False) from error
