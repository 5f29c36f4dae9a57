"""What comes from Telegram, by polling or webhook, and the answer every pressed button gets."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

import structlog
from aiohttp import web
from telegram.error import Conflict, RetryAfter

from bot.channels.telegram.client import CALL, Client
from bot.channels.telegram.parse import ALLOWED, Raw, parse
from bot.channels.telegram.poll import Poller
from bot.channels.telegram.refusals import optional, patiently, reason, send_failed
from handlers.messages import Incoming

log = structlog.get_logger(__name__)

TakeIn = Callable[[Incoming], Awaitable[None]]
Alone = Callable[[], AbstractAsyncContextManager[asyncio.Event]]


@contextlib.asynccontextmanager
async def unrivalled() -> AsyncIterator[asyncio.Event]:
    """There is no other process."""
    yield asyncio.Event()


PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name, not the secret
LARGEST_UPDATE = 1024 * 1024  # bytes
CONFLICT_WAIT, CONFLICT_LOG = 5.0, 60.0  # seconds; another process polls with the same token
SLOWEST = 30.0  # seconds, the longest back-off


class Inbound:
    """Receives while the channel runs."""

    def __init__(
        self,
        client: Client,
        take_in: TakeIn,
        webhook_url: str | None,
        secret: str | None,
        alone: Alone,
    ) -> None:
        self._client, self._take_in, self._webhook_url = client, take_in, webhook_url
        derived = hashlib.sha256(b"webhook:" + client.token.encode()).hexdigest()
        self._secret = secret or derived
        self._alone, self._stopping = alone, False
        self._poller = self._new_poller()
        self._receiving: asyncio.Task[None] | None = None
        self._answers: set[asyncio.Task[Any]] = set()
        self._conflict_logged = -CONFLICT_LOG

    def start(self) -> None:
        receive = self._set_webhook(self._webhook_url) if self._webhook_url else self._poll()
        self._receiving = asyncio.create_task(receive)

    def _new_poller(self) -> Poller:
        return Poller(self._client.raw_updates, self._take, self._fetch_failed)

    async def stop(self) -> None:
        self._stopping = True
        self._poller.stop()
        if self._receiving is not None:
            if not self._poller.running:
                self._receiving.cancel()
            await asyncio.gather(self._receiving, return_exceptions=True)
        await asyncio.gather(*self._answers, return_exceptions=True)

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self._webhook)] if self._webhook_url else []

    async def _take(self, raw: Raw, failures: int) -> None:
        """Take one update in; raises only what ``take_in`` raised."""
        message = parse(raw, self._client, datetime.now(UTC))  # noqa: TID251 - bot/ has the clock
        try:
            if message is not None:
                await self._take_in(message)
        finally:
            press = raw.get("callback_query")
            if failures == 0 and isinstance(press, dict) and "id" in press:
                self._answer(str(press["id"]))

    def _answer(self, query_id: str) -> None:
        """Stop the button's spinner, without holding up what the person does next."""
        call = patiently(self._client.answer_callback_query(query_id), CALL)
        task = asyncio.create_task(optional("answerCallbackQuery", call))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    def _fetch_failed(self, error: Exception) -> float | None:
        if isinstance(error, RetryAfter):
            return send_failed(error).retry_after
        if isinstance(error, Conflict):
            if time.monotonic() - self._conflict_logged >= CONFLICT_LOG:
                self._conflict_logged = time.monotonic()
                log.warning("telegram_polled_elsewhere")
            return CONFLICT_WAIT
        log.warning("telegram_polling_failed", reason=reason(error))
        return None

    async def _poll(self) -> None:
        """Poll while no other process does; Telegram refuses a second asker."""
        while not self._stopping:
            async with self._alone() as lost:
                # without this an old webhook keeps the updates from whoever polls
                await optional("deleteWebhook", patiently(self._client.delete_webhook(), CALL))
                polling = asyncio.create_task(self._poller.run())
                losing = asyncio.create_task(lost.wait())
                try:
                    await asyncio.wait({polling, losing}, return_when=asyncio.FIRST_COMPLETED)
                    self._poller.stop()
                    await polling
                finally:
                    losing.cancel()
                    polling.cancel()
                if not self._stopping:
                    log.warning("telegram_polling_handed_on")
                    self._poller = self._new_poller()

    async def _set_webhook(self, url: str) -> None:
        wait = 1.0
        while True:
            call = self._client.set_webhook(
                url, secret_token=self._secret, allowed_updates=ALLOWED
            )
            if await optional("setWebhook", patiently(call, CALL)):
                return
            await asyncio.sleep(wait)
            wait = min(2 * wait, SLOWEST)

    async def _webhook(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._secret.encode()):
            log.warning("telegram_webhook_refused")
            return web.Response(status=403)
        body = bytearray()
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > LARGEST_UPDATE:
                return web.Response(status=413)
        try:
            raw = json.loads(body)
        except ValueError:
            raw = None
        if not isinstance(raw, dict):
            return web.Response(status=400)
        try:
            await self._take(raw, failures=0)
        except Exception as error:  # noqa: BLE001 - Telegram sends it again, in its order
            log.warning(
                "telegram_update_failed", update=raw.get("update_id"), error=type(error).__name__
            )
            return web.Response(status=503)
        return web.Response()
