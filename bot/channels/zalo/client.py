"""Requests to Zalo with the token of the moment; answers are read whatever their status."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import slots
from bot.channels.zalo import metrics
from bot.channels.zalo.config import Config
from bot.channels.zalo.refusals import Kind, Refused, Unreachable
from bot.channels.zalo.tokens import REQUEST, Tokens
from models.outbox import Lane

log = structlog.get_logger(__name__)

Data = dict[str, Any]  # a JSON object
Body = bytes | aiohttp.FormData | dict[str, str]

CALL, UPLOAD = 30.0, 120.0  # seconds
PER_SECOND = 3900 / 60  # of 4,000 requests a minute and app, shared by every process
CONSULT = "/v3.0/oa/message/cs"


class Client:
    """Requests of one process."""

    def __init__(self, engine: AsyncEngine, config: Config, clock: Callable[[], datetime]) -> None:
        self._engine, self._config = engine, config
        self._http: aiohttp.ClientSession | None = None
        self.tokens = Tokens(engine, config, clock, self._ask)

    @property
    def http(self) -> aiohttp.ClientSession:
        """Opened at first use: a session belongs to a running loop."""
        if self._http is None or self._http.closed:
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=64), cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._http

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def say(self, user_id: str, message: Mapping[str, Any], *, first: bool) -> str:
        """Send a consultation message; give its id.

        ``first`` of a message's requests: its slot was taken before.
        """
        body = {"recipient": {"user_id": user_id}, "message": message}
        data = await self.call(CONSULT, body, first=first)
        return str(data.get("message_id", "0"))

    async def call(self, path: str, body: Mapping[str, Any], *, first: bool = False) -> Data:
        """Make a call of the API with a JSON body; give its ``data``."""
        base = self._config.business if path.startswith("/message/") else self._config.api
        text = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        return await self._authorised(base + path, lambda: text, headers, CALL, first=first)

    async def upload(self, kind: str, data: bytes, name: str, mime: str, *, first: bool) -> Data:
        """Upload a picture or a file; the name is ASCII."""

        def form() -> aiohttp.FormData:
            made = aiohttp.FormData()
            made.add_field("file", data, filename=name, content_type=mime)
            return made

        url = f"{self._config.api}/v2.0/oa/upload/{kind}"
        return await self._authorised(url, form, {}, UPLOAD, first=first)

    async def _authorised(
        self,
        url: str,
        body: Callable[[], Body],
        headers: Mapping[str, str],
        seconds: float,
        *,
        first: bool,
    ) -> Data:
        """Make a call; a worn-out token is renewed once, and the call made once more."""
        access = await self.tokens.current()
        again = False
        while True:
            if again or not first:
                await slots.take(self._engine, "zalo", PER_SECOND, Lane.URGENT)
            given = {**headers, "access_token": access.token}
            answer = await self._post(url, body(), given, seconds)
            code = answer.get("error")
            if code == 0:
                data = answer.get("data")
                return data if isinstance(data, dict) else {}
            if not isinstance(code, int):
                raise Unreachable("answer without an error number")
            metrics.REFUSED.labels(str(code)).inc()
            refused = Refused(code)
            if refused.kind is not Kind.REFRESH or again:
                raise refused
            access, again = await self.tokens.renewed(access.generation), True

    async def _ask(self, form: Mapping[str, str]) -> Data:
        """Ask the OAuth server for tokens."""
        url = f"{self._config.oauth}/v4/oa/access_token"
        return await self._post(url, dict(form), {"secret_key": self._config.app_secret}, REQUEST)

    async def _post(
        self, url: str, body: Body, headers: Mapping[str, str], seconds: float
    ) -> Data:
        """Post, and read a JSON object out of the answer: an error may come with any status."""
        try:
            async with self.http.post(
                url,
                data=body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=seconds),
                allow_redirects=False,
            ) as answer:
                read = await answer.read()
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unreachable(type(error).__name__) from error
        try:
            found = json.loads(read)
        except ValueError:
            raise Unreachable(f"HTTP {status}, no JSON") from None
        if not isinstance(found, dict):
            raise Unreachable(f"HTTP {status}, no object")
        return found
