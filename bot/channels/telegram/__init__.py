"""Telegram: updates by polling or webhook, messages through the Bot API."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web

from bot.channels.telegram import outbound, show
from bot.channels.telegram.client import CALL, Client
from bot.channels.telegram.inbound import Alone, Inbound, TakeIn, unrivalled
from bot.channels.telegram.outbound import LoadMedia, Menu
from bot.channels.telegram.parse import CHANNEL
from bot.channels.telegram.refusals import optional, patiently
from bot.channels.telegram.uploaded import Uploaded
from handlers.i18n import OFFERED
from handlers.messages import Limits, Media, Outgoing

DEFAULT_ROLE = "citizen"  # whose commands a chat shows until it is given others


class TelegramChannel:
    """The Telegram channel, one instance a process."""

    name = CHANNEL
    limits = Limits(text=show.TEXT, buttons=20, per_second=30, per_chat=1, edits=True)
    keeps_history = False

    def __init__(  # noqa: PLR0913, PLR0917 - everything it works with, once
        self,
        token: str,
        api_base: str,
        take_in: TakeIn,
        load_media: LoadMedia,
        menus: Callable[[str, str], Menu],
        webhook_url: str | None = None,
        webhook_secret: str | None = None,
        *,
        receives: bool = True,
        alone: Alone = unrivalled,
        limits: Limits = limits,
    ) -> None:
        """Keep what the channel works with; nothing is received before ``start``.

        Args:
            token: of the bot.
            api_base: address of the Bot API server, without a path; files come from it too.
            take_in: returns once a message is committed, raises if it is to come again.
            load_media: reads a stored file by its id.
            menus: the commands of a role in a language; empty takes a chat's own menu away.
            webhook_url: address that Telegram is to call, leading to ``routes``; None polls.
            webhook_secret: what Telegram must send along; None derives one from the token.
            receives: False in a process that only sends.
            alone: held while polling, so that of several processes one asks for updates.
            limits: with the rates of this installation.
        """
        self.limits = limits
        self._client = Client(token, api_base)
        self._inbound = Inbound(self._client, take_in, webhook_url, webhook_secret, alone)
        self._uploaded = Uploaded()
        self._load_media, self._menus, self._receives = load_media, menus, receives
        self._username: str | None = None
        self._greeting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to receive; a Telegram that cannot be reached is asked again and again."""
        if self._receives:
            self._inbound.start()
            self._greeting = asyncio.create_task(self._show_default_menus())

    async def stop(self) -> None:
        if self._greeting is not None:
            self._greeting.cancel()
            await asyncio.gather(self._greeting, return_exceptions=True)
        await self._inbound.stop()
        await self._client.close_connections()

    def routes(self) -> list[web.RouteDef]:
        """Give what the web server must serve: the webhook, where there is one."""
        return self._inbound.routes()

    async def username(self) -> str | None:
        """Give the bot's name for ``t.me`` links; None while Telegram cannot be reached."""
        if self._username is None:
            me = await optional("getMe", patiently(self._client.get_me(), CALL))
            self._username = me.username if me else None
        return self._username

    async def send(self, address: str, message: Outgoing, key: str) -> str:  # noqa: ARG002
        """Deliver one message; Telegram knows no idempotency key."""
        sent = await outbound.deliver(
            self._client, self._load_media, self._uploaded, address, message
        )
        if message.menu:
            menu = self._menus(message.menu, message.locale)
            await outbound.set_menu(self._client, address, menu, message.locale)
        return sent

    async def _show_default_menus(self) -> None:
        for locale in OFFERED:
            menu = self._menus(DEFAULT_ROLE, locale)
            await outbound.set_menu(self._client, None, menu, locale)

    async def fetch(self, media: Media) -> bytes:
        return await outbound.fetch(self._client, media)
