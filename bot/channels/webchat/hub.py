"""Open pages of this process, woken by PostgreSQL's notifications."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.webchat.items import Item, Sign, stretch

log = structlog.get_logger(__name__)

CHANNEL = "webchat"
LISTENER = "tro-giup-webchat"  # its connection, for whoever looks into pg_stat_activity
PING = 25.0  # seconds; below the idle limits of common proxies
LISTENING = 20.0  # seconds between proofs that the database still hears us


@dataclass(eq=False)
class Page:
    """One open socket.  ``shown`` are the numbers it has been sent."""

    address: str
    socket: web.WebSocketResponse
    after: int | None = None  # nothing is said to a page that has not said hello
    shown: set[int] = field(default_factory=set)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    start: str = ""  # the word of the link it was opened with, until it is taken in


class Hub:
    def __init__(self, engine: AsyncEngine, database_url: str, sign: Sign) -> None:
        self._engine, self._url, self._sign = engine, database_url, sign
        self._pages: defaultdict[str, set[Page]] = defaultdict(set)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopped = False

    def start(self) -> None:
        for loop in (self._listen(), self._ping()):
            self.run(loop)

    async def stop(self) -> None:
        await self.close_pages()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close_pages(self) -> None:
        """Send every page away; it comes back to whoever serves then."""
        self._stopped = True
        await asyncio.gather(
            *(page.socket.close(code=1001) for page in self._all()), return_exceptions=True
        )

    def add(self, page: Page) -> None:
        self._pages[page.address].add(page)

    def remove(self, page: Page) -> None:
        self._pages[page.address].discard(page)
        if not self._pages[page.address]:
            del self._pages[page.address]

    def _all(self) -> list[Page]:
        return [page for pages in self._pages.values() for page in pages]

    async def history(self, page: Page, after: int) -> tuple[list[Item], bool]:
        """Everything the page has not shown; numbers may repeat, the page drops those it has."""
        async with page.lock:
            found, more = await stretch(self._engine, page.address, after, self._sign)
            page.shown.update(item["seq"] for item in found)
            page.after = max((item["seq"] for item in found), default=after)
            return found, more

    async def show(self, page: Page) -> None:
        """Send a page what is new."""
        async with page.lock:
            more = page.after is not None
            while more and page.after is not None:
                began = page.after
                found, more = await stretch(self._engine, page.address, began, self._sign)
                for item in found:
                    page.after = max(page.after, item["seq"])
                    if item["seq"] not in page.shown:
                        page.shown.add(item["seq"])
                        await say(page, {"type": "item", "item": item})
                more = more and page.after > began

    async def wake(self, address: str) -> None:
        """Send what is new to every page of an account; a slow one keeps no other waiting."""
        await asyncio.gather(*(self.show(page) for page in self._pages.get(address, ())))

    def wake_others(self, than: Page) -> None:
        for page in self._pages.get(than.address, ()):
            if page is not than:
                self.run(self.show(page))

    async def _listen(self) -> None:
        """Hear notifications; after a lost connection every page is looked after once."""
        while not self._stopped:
            try:
                await self._hear()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("webchat_listening_interrupted", error=type(error).__name__)
            await asyncio.sleep(1)

    async def _hear(self) -> None:
        connection = await asyncpg.connect(
            self._url, timeout=10, server_settings={"application_name": LISTENER}
        )
        try:
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(CHANNEL, self._heard)
            for address in list(self._pages):
                self.run(self.wake(address))
            while not lost.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(lost.wait(), LISTENING)
                if not lost.is_set():  # a server that vanished does not say so
                    await connection.execute("SELECT 1", timeout=10)
        finally:
            connection.terminate()

    def _heard(self, _: object, __: int, ___: str, payload: object) -> None:
        address = str(payload)
        if address in self._pages:
            self.run(self.wake(address))

    async def _ping(self) -> None:
        while not self._stopped:
            await asyncio.sleep(PING)
            for page in self._all():
                self.run(say(page, {"type": "ping"}))

    def run(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something beside; what the database could not give is given when it is back."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, SQLAlchemyError | OSError):
            log.warning("webchat_page_not_woken", error=type(error).__name__)
        else:
            log.error("webchat_task_failed", error=type(error).__name__, exc_info=error)


async def say(page: Page, frame: dict[str, Any]) -> None:
    with contextlib.suppress(ConnectionError, RuntimeError):  # it closed meanwhile
        await page.socket.send_json(frame)
