"""The service in a terminal: for people, and for scripts that pipe lines in."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

from bot import clock
from bot.app import App, prepared, running
from bot.channels.webchat.items import Item, items
from bot.settings import Settings
from handlers.messages import Incoming

QUIET = 0.6  # seconds without a new message: the service has said what it had to say
LONGEST = 10.0


class Terminal:
    """One person at the terminal; an account of the web chat like any other."""

    def __init__(self, app: App, who: str, show: Callable[[str], None]) -> None:
        self._app, self._address, self._show = app, f"demo-{who}", show
        self._seen: set[int] = set()
        self.buttons: list[tuple[str, str]] = []

    async def skip_history(self) -> None:
        for item in await self._items():
            self._seen.add(item["seq"])
            self._offer(item)

    async def say(self, text: str) -> None:
        """Say a line; ``#2`` or a button's label presses a button."""
        token = self._button(text)
        said = Incoming(
            "webchat",
            self._address,
            f"{self._address}:{uuid4()}",
            clock.now(),
            text=text if token is None else "",
            button=token,
        )
        await self._app.intake(said)

    def _button(self, text: str) -> str | None:
        for number, (label, token) in enumerate(self.buttons, 1):
            if text in (f"#{number}", label):
                return token
        return None

    async def hear(self, *, quiet: float = QUIET) -> None:
        """Show what is said until it is quiet."""
        loop = asyncio.get_running_loop()
        start = last = loop.time()
        while loop.time() - last < quiet and loop.time() - start < LONGEST:
            for item in await self._items():
                if item["seq"] not in self._seen:
                    self._seen.add(item["seq"])
                    last = loop.time()
                    if item["from"] == "bot":
                        self._print(item)
            await asyncio.sleep(0.05)

    async def _items(self) -> list[Item]:
        return await items(self._app.engine, self._address, 0, lambda _, media_id: media_id)

    def _print(self, item: Item) -> None:
        for media in item["media"]:
            self._show(f"  [ảnh {media['id'][:8]}]")
        for line in item["text"].replace("**", "").splitlines():
            self._show(f"  {line}")
        self._offer(item)
        for number, (label, _) in enumerate(self.buttons, 1):
            self._show(f"    #{number} {label}")

    def _offer(self, item: Item) -> None:
        if item["from"] == "bot" and item["buttons"]:
            self.buttons = [(one["label"], one["token"]) for one in item["buttons"]]


async def talk(settings: Settings, who: str) -> None:
    """Run a conversation on standard input and output, with a worker of its own."""
    async with prepared(settings) as app, running(app, frozenset({"worker"})):
        terminal = Terminal(app, who, print)
        await terminal.skip_history()
        print("(gõ tin nhắn; #1 bấm nút thứ nhất; Ctrl-D để thôi)")
        await terminal.hear(quiet=0.1)
        async for line in _lines():
            if line.strip():
                if not sys.stdin.isatty():
                    print(f"> {line.strip()}")
                await terminal.say(line.strip())
            await terminal.hear()


async def _lines() -> AsyncIterator[str]:
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line
