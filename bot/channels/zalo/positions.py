"""A page that reads where somebody is and tells their conversation, once.

Zalo has no button that asks for a position.  The address of the page is a secret made for one
message; whose conversation it belongs to is known here only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from aiohttp import web
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from handlers.messages import Incoming, Position
from models import vault
from models.zalo import PositionLink

log = structlog.get_logger(__name__)

TakeIn = Callable[[Incoming], Awaitable[None]]

CHANNEL = "zalo"
PATH = "/vi-tri/{word}"
VALID = timedelta(hours=24)
SECRET = 15  # bytes, and as many of the signature
PAGE = Path(__file__).parent / "position.html"
SCRIPT = Path(__file__).parent / "position.js"
LARGEST = 1024  # bytes of what the page sends
SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Positions:
    def __init__(
        self,
        engine: AsyncEngine,
        clock: Callable[[], datetime],
        take_in: TakeIn,
        public_url: str,
    ) -> None:
        self._engine, self._clock, self._take_in = engine, clock, take_in
        self._public = public_url.rstrip("/") if public_url.startswith("http") else ""
        self._page, self._script = PAGE.read_text("utf-8"), SCRIPT.read_text("utf-8")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/vi-tri/position.js", self._serve_script),
            web.get(PATH, self._show),
            web.post(PATH, self._told),
        ]

    async def link(self, user_id: str, key: str) -> str | None:
        """Make the address of a page for one message; None where the service has no address.

        The same message, sent again, has the same page.
        """
        if not self._public:
            return None
        ring = vault.current()
        secret = ring.fingerprint(f"position {key} {user_id}")[:SECRET]
        word = _text(secret + _signature(ring, secret))
        async with self._engine.begin() as db:
            await db.execute(
                insert(PositionLink)
                .values(
                    digest=_digest(word),
                    channel=CHANNEL,
                    address=user_id,
                    expires_at=self._clock() + VALID,
                )
                .on_conflict_do_nothing()
            )
        return f"{self._public}/vi-tri/{word}"

    async def sweep(self) -> None:
        """Forget pages that nobody can use any more."""
        async with self._engine.begin() as db:
            await db.execute(delete(PositionLink).where(PositionLink.expires_at < self._clock()))

    async def _serve_script(self, _: web.Request) -> web.Response:
        return web.Response(text=self._script, content_type="text/javascript")

    async def _show(self, request: web.Request) -> web.Response:
        if not _signed(request.match_info["word"]):
            raise web.HTTPNotFound
        return web.Response(
            text=self._page,
            content_type="text/html",
            headers={"Content-Security-Policy": SECURITY, "Cache-Control": "no-store"},
        )

    async def _told(self, request: web.Request) -> web.Response:
        word = request.match_info["word"]
        if not _signed(word):
            raise web.HTTPNotFound
        raw = await request.content.read(LARGEST)
        try:
            told = json.loads(raw)
            place = Position(float(told["lat"]), float(told["lon"]))
        except (ValueError, KeyError, TypeError):
            raise web.HTTPBadRequest from None
        fine = math.isfinite(place.lat) and math.isfinite(place.lon)
        if not (fine and abs(place.lat) <= 90 and abs(place.lon) <= 180):
            raise web.HTTPBadRequest
        address = await self._whose(word)
        if address is None:
            return web.json_response({"ok": False}, status=410)
        # the same id however often it comes: the core drops a repetition
        message_id = f"position:{_digest(word).hex()}"
        await self._take_in(Incoming(CHANNEL, address, message_id, self._clock(), position=place))
        async with self._engine.begin() as db:
            await db.execute(
                update(PositionLink)
                .where(PositionLink.digest == _digest(word))
                .values(used_at=self._clock())
            )
        return web.json_response({"ok": True})

    async def _whose(self, word: str) -> str | None:
        async with self._engine.connect() as db:
            found: str | None = await db.scalar(
                select(PositionLink.address).where(
                    PositionLink.digest == _digest(word),
                    PositionLink.used_at.is_(None),
                    PositionLink.expires_at > self._clock(),
                )
            )
        return found


def _signature(ring: vault.Vault, secret: bytes) -> bytes:
    return ring.fingerprint(f"position page {secret.hex()}")[:SECRET]


def _signed(word: str) -> bool:
    """Whether we made the word; asked before the database is."""
    try:
        raw = base64.urlsafe_b64decode(word)
    except ValueError:
        return False
    ring = vault.current()
    expected = [one[:SECRET] for one in ring.fingerprints(f"position page {raw[:SECRET].hex()}")]
    return any(hmac.compare_digest(raw[SECRET:], one) for one in expected)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()
