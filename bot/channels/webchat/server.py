"""What a browser asks of the web chat: pages, the socket, uploads, pictures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog
from aiohttp import WSMsgType, web
from sqlalchemy.exc import SQLAlchemyError

from bot import clock
from bot.channels.webchat.accounts import Accounts
from bot.channels.webchat.hub import Hub, Page, say
from bot.media import Checked, MediaRefused, MediaStore, check, mime_of, qr_png
from handlers.messages import Incoming, Media, Position

log = structlog.get_logger(__name__)

TakeIn = Callable[[Incoming], Awaitable[None]]

PAGE = Path(__file__).parent / "page"
LONGEST = 20_000  # characters; the conversation itself answers what is above its own limit
UPLOAD = 25 * 1024 * 1024
KINDS = ("photo", "voice", "video", "document")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "media-src 'self' blob:; connect-src 'self'; frame-src 'self'; manifest-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), microphone=(self), camera=(self)",
}
REFUSED = {
    "too_large": "Tệp quá lớn. Xin gửi ảnh, hoặc video ngắn dưới 20 MB.",
    "corrupt": "Ảnh bị hỏng, mở không được. Xin chụp và gửi lại.",
    "kind_not_accepted": "Loại tệp này chưa nhận được. Xin gửi ảnh, ghi âm, video ngắn hoặc PDF.",
}


class BadFrame(ValueError):
    """A frame the page never sends; ``str`` is what its person is told."""


class Server:
    def __init__(self, hub: Hub, store: MediaStore, take_in: TakeIn, accounts: Accounts) -> None:
        self._hub, self._store, self._take_in, self._accounts = hub, store, take_in, accounts

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.front),
            web.get("/chat", self.chat),
            web.get("/chat/socket", self.socket),
            web.post("/chat/upload", self.upload),
            web.get("/chat/media/{name}", self.media),
            web.get("/chat/qr", self.qr),
            web.get("/static/{name}", self.static),
        ]

    async def front(self, request: web.Request) -> web.StreamResponse:
        """The demonstration, or the public chat."""
        if self._accounts.demo and "as" not in request.query:
            return self._page("demo.html")
        return await self.chat(request)

    async def chat(self, request: web.Request) -> web.StreamResponse:
        if not self._accounts.public and self._accounts.known(request) is None:
            raise web.HTTPNotFound(text="web chat is closed: set WEBCHAT_PUBLIC or DEMO")
        response = self._page("chat.html")
        self._accounts.welcome(request, response)
        return response

    def _page(self, name: str) -> web.FileResponse:
        return web.FileResponse(PAGE / name, headers={**HEADERS, "Cache-Control": "no-cache"})

    async def static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        path = PAGE / name
        if path.parent != PAGE or not path.is_file() or path.suffix == ".html":
            raise web.HTTPNotFound
        return self._page(name)

    async def socket(self, request: web.Request) -> web.StreamResponse:
        address = self._accounts.known(request)
        origin = request.headers.get("Origin", "")
        if origin and origin.split("://", 1)[-1] != request.host:
            raise web.HTTPForbidden(text="another site's page")
        if address is None:
            raise web.HTTPUnauthorized(text="no account")
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=256 * 1024)
        await socket.prepare(request)
        page = Page(address, socket)
        self._hub.add(page)
        try:
            async for frame in socket:
                if frame.type == WSMsgType.TEXT:
                    await self._frame(page, frame.data)
        finally:
            self._hub.remove(page)
        return socket

    async def _frame(self, page: Page, data: str) -> None:
        try:
            frame = json.loads(data)
            kind = frame["type"]
        except (ValueError, TypeError, KeyError):
            return
        try:
            if kind == "hello":
                after = frame.get("after", 0)
                found = await self._hub.history(page, after if isinstance(after, int) else 0)
                await say(page, {"type": "history", "items": found, "more": False})
                if not found and after == 0:
                    await self._greet(page)
            elif kind == "message":
                await self._message(page, frame)
        except SQLAlchemyError as error:
            # not acknowledged: the page keeps the message and brings it again
            log.warning("webchat_database_unreachable", error=type(error).__name__)
            await page.socket.close(code=1013)

    async def _greet(self, page: Page) -> None:
        """Nobody should face an empty page: a newcomer is spoken to first."""
        first = Incoming(
            "webchat", page.address, f"{page.address}:hello", clock.now(), button="c:start"
        )
        await self._take_in(first)
        await self._hub.wake(page.address)

    async def _message(self, page: Page, frame: dict[str, Any]) -> None:
        try:
            said = read(page.address, frame)
        except (BadFrame, KeyError, TypeError, ValueError) as problem:
            text = str(problem) if isinstance(problem, BadFrame) else "Tin nhắn không đọc được."
            await say(page, {"type": "refused", "id": str(frame.get("id")), "text": text})
            return
        await say(page, {"type": "typing", "on": True})
        await self._take_in(said)
        await self._hub.wake(page.address)
        await say(page, {"type": "ack", "id": str(frame["id"])})
        await say(page, {"type": "typing", "on": False})

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Check a file and keep it until the message that names it arrives."""
        if self._accounts.known(request) is None:
            raise web.HTTPUnauthorized
        try:
            reader = await request.multipart()
            field = await reader.next()
            data = bytearray()
            mime = None
            while field is not None and hasattr(field, "read_chunk"):
                mime = field.headers.get("Content-Type")
                while chunk := await field.read_chunk(256 * 1024):
                    data += chunk
                    if len(data) > UPLOAD:
                        return _refused(413, "too_large")
                break
            checked = await asyncio.to_thread(_checked, bytes(data), mime)
        except MediaRefused as refusal:
            return _refused(415, refusal.reason)
        except (ValueError, AssertionError):
            return _refused(400, "kind_not_accepted")
        media_id = uuid4().hex
        await self._store.put(media_id, checked.data)
        return web.json_response({"id": media_id, "kind": checked.kind})

    async def media(self, request: web.Request) -> web.StreamResponse:
        address = self._accounts.known(request)
        media_id = self._accounts.signed(address, request.match_info["name"]) if address else None
        if media_id is None:
            raise web.HTTPNotFound
        try:
            data = await self._store.get(media_id)
        except (FileNotFoundError, ValueError) as error:
            raise web.HTTPNotFound from error
        headers = {**HEADERS, "Cache-Control": "private, max-age=86400"}
        return web.Response(body=data, content_type=mime_of(data), headers=headers)

    async def qr(self, request: web.Request) -> web.StreamResponse:
        text = request.query.get("text", "")
        if not text.startswith(("https://", "http://")) or len(text) > 300:
            raise web.HTTPBadRequest
        return web.Response(body=qr_png(text), content_type="image/png", headers=HEADERS)


def _checked(data: bytes, mime: str | None) -> Checked:
    kind = (mime or "").split("/")[0]
    guess = {"image": "photo", "audio": "voice", "video": "video"}.get(kind, "document")
    return check(data, guess, mime)  # type: ignore[arg-type] # the values are kinds


def _refused(status: int, reason: str) -> web.Response:
    return web.json_response({"error": REFUSED.get(reason, REFUSED["corrupt"])}, status=status)


def read(address: str, frame: dict[str, Any]) -> Incoming:
    """Read a page's message; nothing in it is believed.

    Raises:
        BadFrame: with what to tell the person.
        KeyError, TypeError, ValueError: not made by the page.
    """
    message_id = str(frame["id"])
    text = str(frame.get("text") or "")
    button = frame.get("button")
    if not 8 <= len(message_id) <= 64:
        raise ValueError("id")
    if len(text) > LONGEST:
        raise BadFrame("Tin nhắn quá dài. Xin chia thành từng đoạn dưới 2.000 chữ.")
    media = tuple(
        Media(one["kind"] if one["kind"] in KINDS else "document", str(one["id"]).split(".")[0])
        for one in (frame.get("media") or ())[:10]
    )
    where = frame.get("position")
    return Incoming(
        "webchat",
        address,
        f"{address}:{message_id}",  # unique for this account, whatever another page thinks up
        clock.now(),
        text=str(frame.get("label") or "")[:200] if button else text,
        button=str(button)[:64] if button else None,
        media=media,
        position=Position(float(where["lat"]), float(where["lon"])) if where else None,
    )
