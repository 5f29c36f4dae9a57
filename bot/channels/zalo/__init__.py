"""Zalo: events of an Official Account by webhook, consultation messages through its API.

Facts about the platform and how sure they are: docs/tasks/set-up-zalo.md.  None was tried against
a live account; whatever is disputed is a field of ``Config``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.zalo import show
from bot.channels.zalo.care import Care
from bot.channels.zalo.client import PER_SECOND, Client
from bot.channels.zalo.config import Config
from bot.channels.zalo.inbox import Inbox, TakeIn
from bot.channels.zalo.login import CALLBACK
from bot.channels.zalo.media import Files
from bot.channels.zalo.outbound import LoadMedia, Outbound
from bot.channels.zalo.positions import Positions
from bot.channels.zalo.templates import PhoneOf, Templates
from bot.channels.zalo.webhook import JOB, Webhook
from bot.channels.zalo.windows import People
from handlers.desk import World
from handlers.messages import Limits, Media, Outgoing

CALLED_BACK = (
    "Sao chép toàn bộ địa chỉ của trang này và dán vào cửa sổ đang chạy lệnh zalo-login.\n"
    "Copy the whole address of this page into the terminal where zalo-login is running."
)


class ZaloChannel:
    """The Zalo channel, one instance a process."""

    name = "zalo"
    limits = Limits(
        text=show.LIMIT, buttons=30, per_second=PER_SECOND, per_chat=float("inf")
    )  # Zalo tells no rate for one person
    keeps_history = False

    def __init__(  # noqa: PLR0913, PLR0917 - everything it works with, once
        self,
        engine: AsyncEngine,
        config: Config,
        world: World,
        clock: Callable[[], datetime],
        take_in: TakeIn,
        load_media: LoadMedia,
        phone_of: PhoneOf,
        *,
        receives: bool = True,
    ) -> None:
        """Keep what the channel works with; nothing is received before ``start``.

        Args:
            engine: the database.
            config: of the Official Account.
            world: for what staff are told about the channel.
            clock: the time.
            take_in: returns once a message is committed, raises if it is to come again.
            load_media: reads a stored file by its id.
            phone_of: the telephone number of a person by their user id, if one is known.
            receives: False in a process that only sends.
        """
        self._receives = receives
        self.client = Client(engine, config, clock)
        people = People(engine)
        self._positions = Positions(engine, clock, take_in, config.public_url)
        templates = Templates(config, self.client, people, clock, phone_of)
        self._outbound = Outbound(
            engine, config, clock, self.client, people, self._positions, templates, load_media
        )
        self._webhook = Webhook(engine, config, clock)
        self._files = Files(engine, config.media_hosts)
        self._care = Care(engine, config, world, clock)
        self._inbox = Inbox(engine, clock, take_in, people, self._outbound)
        self.jobs: dict[str, Callable[[str], Awaitable[None]]] = {JOB: self._inbox}

    async def start(self) -> None:
        """Begin to receive.  Tokens are the business of the first send and of the minute job."""
        if self._receives:
            self._webhook.start()

    async def stop(self) -> None:
        await self._webhook.stop()
        await self.client.close()

    def routes(self) -> list[web.RouteDef]:
        """Give what the web server must serve."""
        return [
            *self._webhook.routes(),
            *self._positions.routes(),
            web.get(CALLBACK, self._called_back),
        ]

    async def send(self, address: str, message: Outgoing, key: str) -> str:
        """Deliver one message; Zalo knows no idempotency key."""
        return await self._outbound.send(address, message, key)

    async def fetch(self, media: Media) -> bytes:
        return await self._files.fetch(self.client.http, media)

    async def minute(self) -> None:
        """Renew the tokens early, sound the alarm, keep staff within reach, tidy up."""
        await self.client.tokens.refresh_early()
        await self._care.look()
        await self._care.ask_staff()
        await self._inbox.wake_forgotten()
        await self._positions.sweep()
        await self._outbound.uploads.sweep()

    async def _called_back(self, _: web.Request) -> web.Response:
        """Where the browser ends after the consent; the code is in its address."""
        return web.Response(text=CALLED_BACK)
