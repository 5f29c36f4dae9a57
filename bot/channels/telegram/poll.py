"""Long polling: the updates of one chat in order, chats side by side, nothing confirmed too early.

Telegram forgets an update once a higher offset is asked for.  So the offset is the oldest update
that is not taken in yet, and an update stuck in one chat does not hold the others: the same window
is asked for again and what is known is passed over.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.channels.telegram.parse import Raw

log = structlog.get_logger(__name__)

Fetch = Callable[[int | None, float], Awaitable[list[Raw]]]  # offset, seconds to wait
Take = Callable[[Raw, int], Awaitable[None]]  # one update, how often it failed before

AT_ONCE = 32  # chats worked on side by side
LONG_POLL = 25.0  # seconds Telegram keeps a request open
LOOK_AGAIN = 1.0  # seconds between requests while an update is stuck
SLOWEST = 30.0  # seconds, the longest back-off
GIVE_UP = 30  # tries, some fifteen minutes: then the update itself must be at fault
DRAIN = 20.0  # seconds a stop waits for what is being taken in


class Poller:
    """Asks for updates until it is stopped."""

    def __init__(
        self, fetch: Fetch, take: Take, on_error: Callable[[Exception], float | None]
    ) -> None:
        """Keep the three things a poller works with.

        Args:
            fetch: asks Telegram.
            take: returns once the update is committed, raises if it is to come again.
            on_error: told of a failed ``fetch``; may say how many seconds to wait.
        """
        self._fetch, self._take, self._on_error = fetch, take, on_error
        self._lanes: dict[int, deque[Raw]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: set[int] = set()  # ids handed to a lane and not taken in
        self._done: set[int] = set()  # ids taken in that Telegram will show again
        self._next: int | None = None
        self._taken = 0  # grows with every update taken in: proof that taking in works
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._stopping = asyncio.Event()
        self.running = False

    async def run(self) -> None:
        self.running = True
        failures = 0
        while not self._stopping.is_set():
            try:
                updates = await self._unless_stopped(
                    self._fetch(self._offset(), 0 if self._open else LONG_POLL)
                )
                self._accept(updates or [])
            except Exception as error:  # noqa: BLE001 - polling outlives every failure
                failures += 1
                wait = self._on_error(error)
                await self._pause(
                    wait if wait is not None else min(2.0 ** (failures - 1), SLOWEST)
                )
                continue
            failures = 0
            if self._tasks:
                await self._unless_stopped(asyncio.wait(self._tasks, timeout=LOOK_AGAIN))
        await self._drain()

    def stop(self) -> None:
        self._stopping.set()

    def _offset(self) -> int | None:
        return min(self._open) if self._open else self._next

    def _accept(self, updates: list[Raw]) -> None:
        if not self._open:
            self._done.clear()
        for update in sorted(updates, key=lambda raw: int(raw["update_id"])):
            number = int(update["update_id"])
            # Not a maximum over time: after a quiet week Telegram counts from a random number.
            self._next = number + 1
            if number in self._open or number in self._done:
                continue
            self._open.add(number)
            chat = chat_of(update)
            if chat in self._lanes:
                self._lanes[chat].append(update)
                continue
            self._lanes[chat] = deque([update])
            task = asyncio.create_task(self._work(chat))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self, chat: int) -> None:
        lane = self._lanes[chat]
        while lane and not self._stopping.is_set():
            await self._until_taken(lane[0])
            lane.popleft()
        del self._lanes[chat]

    async def _until_taken(self, update: Raw) -> None:
        number = int(update["update_id"])
        failures, taken_before = 0, self._taken
        while not self._stopping.is_set():
            async with self._slots:
                try:
                    await self._take(update, failures)
                except Exception as error:  # noqa: BLE001 - whatever it was, the update waits
                    failures += 1
                    log.warning(
                        "telegram_update_failed",
                        update=number,
                        failures=failures,
                        error=type(error).__name__,
                    )
                else:
                    self._taken += 1
                    self._close(number)
                    return
            if failures >= GIVE_UP and self._taken > taken_before:
                log.error("telegram_update_given_up", update=number, failures=failures)
                self._close(number)
                return
            await self._pause(min(2.0 ** (failures - 1), SLOWEST))

    def _close(self, number: int) -> None:
        self._open.discard(number)
        self._done.add(number)

    async def _drain(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DRAIN)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:  # tell Telegram what is done, so that the next start does not see it again
            async with asyncio.timeout(2):
                await self._fetch(self._offset(), 0)
        except Exception as error:  # noqa: BLE001 - a repetition is dropped by the core
            log.info("telegram_offset_not_confirmed", error=type(error).__name__)

    async def _pause(self, seconds: float) -> None:
        await self._unless_stopped(asyncio.sleep(seconds))

    async def _unless_stopped(self, work: Awaitable[Any]) -> Any:  # noqa: ANN401 - passed through
        """Wait for something, but no longer than until a stop; its errors are raised."""
        task = asyncio.ensure_future(work)
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            return await task if task.done() else None
        finally:
            task.cancel()
            stop.cancel()


def chat_of(update: Raw) -> int:
    """Find the chat of an update without trusting its shape; 0 when there is none."""
    for kind, body in update.items():
        if kind == "callback_query" and isinstance(body, dict):
            body = body.get("message")  # noqa: PLW2901 - the chat of a press is one level down
        if isinstance(body, dict) and isinstance(chat := body.get("chat"), dict):
            return int(chat["id"]) if isinstance(chat.get("id"), int) else 0
    return 0
