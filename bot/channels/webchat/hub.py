"""Open pages of this process, woken by PostgreSQL's notifications."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import structlog
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.webchat.items import Item, items

log = structlog.get_logger(__name__)

CHANNEL = "webchat"
PING = 25.0  # seconds; below the idle limits of common proxies


@dataclass(eq=False)
class Page:
    """One open socket.  ``shown`` are the numbers it has been sent."""

    address: str
    socket: web.WebSocketResponse
    after: int = 0
    shown: set[int] = field(default_factory=set)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Hub:
    def __init__(
        self, engine: AsyncEngine, database_url: str, sign: Callable[[str, str], str]
    ) -> None:
        self._engine, self._url, self._sign = engine, database_url, sign
        self._pages: defaultdict[str, set[Page]] = defaultdict(set)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopped = False

    def start(self) -> None:
        for loop in (self._listen(), self._ping()):
            self._run(loop)

    async def stop(self) -> None:
        self._stopped = True
        for page in [page for pages in self._pages.values() for page in pages]:
            await page.socket.close(code=1001)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def add(self, page: Page) -> None:
        self._pages[page.address].add(page)

    def remove(self, page: Page) -> None:
        self._pages[page.address].discard(page)
        if not self._pages[page.address]:
            del self._pages[page.address]

    async def history(self, page: Page, after: int) -> list[Item]:
        """Everything the page has not shown; numbers may repeat, the page drops those it has."""
        async with page.lock:
            page.after = after
            found = await items(self._engine, page.address, after, self._sign)
            page.shown.update(item["seq"] for item in found)
            return found

    async def wake(self, address: str) -> None:
        """Send what is new to every page of an account."""
        for page in list(self._pages.get(address, ())):
            async with page.lock:
                for item in await items(self._engine, address, page.after, self._sign):
                    if item["seq"] not in page.shown:
                        page.shown.add(item["seq"])
                        await say(page, {"type": "item", "item": item})

    async def _listen(self) -> None:
        """Hear notifications; after a lost connection every page is looked after once."""
        while not self._stopped:
            try:
                connection = await asyncpg.connect(self._url)
                try:
                    lost = asyncio.Event()
                    connection.add_termination_listener(lambda _, lost=lost: lost.set())
                    await connection.add_listener(CHANNEL, self._heard)
                    for address in list(self._pages):
                        await self.wake(address)
                    await lost.wait()
                finally:
                    await connection.close(timeout=5)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("webchat_listening_interrupted", error=type(error).__name__)
            await asyncio.sleep(1)

    def _heard(self, _: object, __: int, ___: str, payload: object) -> None:
        address = str(payload)
        if address in self._pages:
            self._run(self.wake(address))

    async def _ping(self) -> None:
        while not self._stopped:
            await asyncio.sleep(PING)
            for page in [page for pages in self._pages.values() for page in pages]:
                await say(page, {"type": "ping"})

    def _run(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("webchat_task_failed", error=type(error).__name__, exc_info=error)


async def say(page: Page, frame: dict[str, Any]) -> None:
    with contextlib.suppress(ConnectionError, RuntimeError):  # it closed meanwhile
        await page.socket.send_json(frame)
