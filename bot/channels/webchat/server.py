"""What a browser asks of the web chat: the page, and the socket behind it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import WSMsgType, web

from bot import clock, trouble
from bot.channels.webchat import frames
from bot.channels.webchat.accounts import Accounts
from bot.channels.webchat.allowance import Allowance
from bot.channels.webchat.files import Files
from bot.channels.webchat.frames import BadFrame
from bot.channels.webchat.hub import Hub, Page, say
from bot.channels.webchat.pages import Pages
from bot.trouble import Trouble
from handlers.messages import Incoming

log = structlog.get_logger(__name__)

TakeIn = Callable[[Incoming], Awaitable[None]]

A_MINUTE = 60  # messages of one account; nobody types more, a page that was offline may have some
AGAIN = 1013  # close code: come back later
SLOWER = "Gửi nhiều quá, máy sẽ tự gửi tiếp sau ít giây. Nguy hiểm tính mạng: gọi ngay 112."
UNREADABLE = "Tin nhắn không đọc được. Xin gõ lại."
FAULT = "Máy chủ không nhận được tin này. Xin gõ lại, hoặc gọi UBND xã; nguy hiểm: gọi ngay 112."


class Server:
    def __init__(
        self, hub: Hub, files: Files, take_in: TakeIn, accounts: Accounts, head: str = ""
    ) -> None:
        self._hub, self._files, self._take_in, self._accounts = hub, files, take_in, accounts
        self._pages, self._head = Pages(head), head
        self._allowance = Allowance(A_MINUTE, A_MINUTE / 60)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.front),
            web.get("/chat", self.chat),
            web.get("/chat/socket", self.socket),
            web.post("/chat/upload", self._files.upload),
            web.get("/chat/media/{name}", self._files.media),
            web.get("/chat/qr", self._files.qr),
            web.get("/static/{name}", self._pages.static),
        ]

    async def front(self, request: web.Request) -> web.StreamResponse:
        """The demonstration, or the public chat; a link with a word always opens a chat."""
        if self._accounts.demo and "as" not in request.query:
            if "start" not in request.query:
                return self._pages.html(request, "demo.html")
            if not self._accounts.public:
                word = request.query["start"]
                raise web.HTTPFound(
                    request.rel_url.with_path("/chat").with_query({"as": "citizen", "start": word})
                )
        if self._head and not self._accounts.public and self._accounts.known(request) is None:
            page = f"<!doctype html><html><head>{self._head}</head><body></body></html>"
            return web.Response(text=page, content_type="text/html")
        return await self.chat(request)

    async def chat(self, request: web.Request) -> web.StreamResponse:
        if not self._accounts.public and self._accounts.known(request) is None:
            raise web.HTTPNotFound(text="web chat is closed: set WEBCHAT_PUBLIC or DEMO")
        response = self._pages.html(request, "chat.html")
        self._accounts.welcome(request, response)
        return response

    async def socket(self, request: web.Request) -> web.StreamResponse:
        address = self._accounts.known(request)
        if self._accounts.foreign(request):
            raise web.HTTPForbidden(text="another site's page")
        if address is None:
            raise web.HTTPUnauthorized(text="no account")
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=256 * 1024)
        await socket.prepare(request)
        word = request.query.get("start", "")
        page = Page(address, socket, start=word if frames.START_WORD.fullmatch(word) else "")
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
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        try:
            if kind == "hello":
                await self._hello(page, frame)
            elif kind == "message":
                await self._message(page, frame)
        except Exception as error:
            if trouble.kind(error) is Trouble.OURS:
                log.exception("webchat_frame_failed", error=type(error).__name__)
                if kind == "message":  # bringing it again would fail again
                    await _refuse(page, frame, FAULT)
                    return
            else:
                log.warning("webchat_database_unreachable", error=type(error).__name__)
            # not acknowledged: the page keeps the message and brings it again
            await page.socket.close(code=AGAIN)

    async def _hello(self, page: Page, frame: dict[str, Any]) -> None:
        after = frames.after(frame)
        found, more = await self._hub.history(page, after)
        await say(page, {"type": "history", "items": found, "more": more})
        if page.start:
            if self._allowance.wait(page.address):
                await page.socket.close(code=AGAIN)
                return
            self._allowance.take(page.address)
            await self._take_in(frames.started(page.address, page.start, clock.now()))
            page.start = ""
        elif not found and after == 0:
            await self._take_in(frames.greeting(page.address, clock.now()))
        else:
            return
        await self._hub.show(page)
        self._hub.wake_others(page)

    async def _message(self, page: Page, frame: dict[str, Any]) -> None:
        """Take a message in; it is acknowledged when it is committed and its answers are shown."""
        if frame.get("button") != frames.SOS:
            if wait := self._allowance.wait(page.address):
                log.warning("webchat_messages_limited", wait=wait)
                later = {"type": "later", "id": str(frame.get("id")), "seconds": wait}
                await say(page, {**later, "text": SLOWER})
                return
            self._allowance.take(page.address)
        try:
            said = frames.read(page.address, frame, clock.now(), self._accounts.signed)
        except BadFrame as problem:
            await _refuse(page, frame, str(problem))
            return
        except (KeyError, TypeError, ValueError, AttributeError):
            await _refuse(page, frame, UNREADABLE)
            return
        await say(page, {"type": "typing", "on": True})
        await self._take_in(said)
        await self._hub.show(page)
        await say(page, {"type": "ack", "id": frame["id"]})
        await say(page, {"type": "typing", "on": False})
        self._hub.wake_others(page)


async def _refuse(page: Page, frame: dict[str, Any], text: str) -> None:
    await say(page, {"type": "refused", "id": str(frame.get("id")), "text": text})
