"""A person at the page: talks to the socket as a browser does."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from secrets import token_urlsafe
from typing import Any
from uuid import uuid4

import aiohttp


class Visitor:
    """One browser: a cookie, or a part in the demonstration."""

    def __init__(self, address: str, part: str = "", **query: str) -> None:
        self.address = address.rstrip("/")
        self.query = query | ({"as": part} if part else {})
        cookies = {} if part else {"trogiup": token_urlsafe(32)}
        jar = aiohttp.CookieJar(unsafe=True)  # it keeps cookies of an address without a name
        self.web = aiohttp.ClientSession(cookies=cookies, cookie_jar=jar)
        self.origin = self.address
        self.frames: list[dict[str, Any]] = []
        self.socket: aiohttp.ClientWebSocketResponse | None = None

    async def connect(self, after: int = 0) -> dict[str, Any]:
        """Open the socket and say hello; gives the history."""
        if self.socket is not None:
            await self.socket.close()
        self.socket = await self.web.ws_connect(
            f"{self.address}/chat/socket", params=self.query, headers={"Origin": self.origin}
        )
        await self.socket.send_json({"type": "hello", "after": after})
        return await self.hears("history")

    async def hears(self, kind: str, seconds: float = 10, **like: Any) -> dict[str, Any]:
        """The next frame of a kind; others are kept in ``frames``."""
        assert self.socket is not None
        async with asyncio.timeout(seconds):
            while True:
                frame = await self.socket.receive_json()
                self.frames.append(frame)
                if frame["type"] == kind and like.items() <= frame.items():
                    return frame

    async def answer(self, containing: str) -> dict[str, Any]:
        """The next item of the service with these words."""
        seen = 0
        while True:
            for frame in self.frames[seen:]:
                seen += 1
                item = frame.get("item", {})
                if item.get("from") == "bot" and containing in item["text"]:
                    return item
            await self.hears("item")

    async def send(self, text: str = "", **more: Any) -> str:
        assert self.socket is not None
        message_id = more.pop("id", None) or str(uuid4())
        await self.socket.send_json({"type": "message", "id": message_id, "text": text} | more)
        return message_id

    async def says(self, text: str = "", **more: Any) -> dict[str, Any]:
        """Say something and wait until it is stored, refused or put off."""
        message_id = await self.send(text, **more)
        while True:
            frame = await self.hears_any("ack", "refused", "later")
            if frame["id"] == message_id:
                return frame

    async def hears_any(self, *kinds: str) -> dict[str, Any]:
        assert self.socket is not None
        async with asyncio.timeout(10):
            while True:
                frame = await self.socket.receive_json()
                self.frames.append(frame)
                if frame["type"] in kinds:
                    return frame

    async def presses(self, label: str) -> dict[str, Any]:
        for frame in reversed(self.frames):
            items = frame.get("items", [frame.get("item", {})])
            for button in (one for item in items for one in item.get("buttons", ())):
                if label in button["label"]:
                    return await self.says(button=button["token"], label=button["label"])
        raise AssertionError(f"no button {label}")

    async def upload(self, data: bytes, mime: str = "image/jpeg", **more: Any) -> Any:
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(data), filename="tep", content_type=mime)
        async with self.web.post(
            f"{self.address}/chat/upload",
            params=self.query,
            data=form,
            headers={"Origin": self.origin},
            **more,
        ) as response:
            return response.status, await response.json()

    async def get(self, path: str, **more: Any) -> tuple[int, Any, bytes]:
        async with self.web.get(f"{self.address}{path}", params=self.query, **more) as response:
            return response.status, response.headers, await response.read()

    async def close(self) -> None:
        if self.socket is not None:
            await self.socket.close()
        await self.web.close()


@contextlib.asynccontextmanager
async def visiting(address: str, part: str = "", **query: str) -> AsyncIterator[Visitor]:
    visitor = Visitor(address, part, **query)
    try:
        yield visitor
    finally:
        await visitor.close()
