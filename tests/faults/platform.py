"""The stand-in Bot API server with two more doors: what is new in all chats, and late repetitions.

``python -m tests.faults.platform`` prints the port it listens on.
"""

import asyncio
import contextlib
import logging
import random
import signal
import sys
from collections.abc import AsyncIterator, Iterator

import aiohttp
from aiohttp import web

from tests.standins.telegram import sending
from tests.standins.telegram.api import METHODS, app_of
from tests.standins.telegram.client import ROOT, TOKEN, Standin
from tests.standins.telegram.world import World


class Recording(World):
    """Remembers every update, so that an old one can come once more, much later."""

    def reset(self) -> None:
        super().reset()
        self.past: list[dict] = []
        self.chance = random.Random(11)  # noqa: S311 - faults that can be played again
        self.faults["answer_takes"] = 0.0  # seconds at most, after a message was shown

    def add_update(self, body: dict) -> int:
        self.past.append(body)
        return super().add_update(body)

    async def get_updates(self, offset: int, limit: int, seconds: float) -> list[dict]:
        found = await super().get_updates(offset, limit, seconds)
        self.counts["delivered"] += len(found)
        return found

    def again(self, count: int) -> int:
        """Deliver some updates of any age again, under new numbers, as the first time."""
        chosen = self.chance.sample(self.past, min(count, len(self.past)))
        for body in chosen:
            super().add_update(body)
        return len(chosen)

    def news(self, after: int) -> Iterator[tuple[int, dict]]:
        for chat, holder in self.chats.items():
            for message in reversed(holder.messages):
                if message["message_id"] <= after:
                    break
                if message["by"] == "bot":
                    yield chat, message


class Platform(Standin):
    """The test's side."""

    async def news(self, after: int) -> list[tuple[int, dict]]:
        """Give what the bot said after a message id, in order, with its chat."""
        return sorted(await self._get(f"news/{after}"), key=lambda one: one[1]["message_id"])

    async def again(self, count: int) -> int:
        return (await self._post("again", count))["count"]

    async def open(self, chats: list[int]) -> None:
        """Let people have started the bot some time ago."""
        await self._post("open", chats)


async def send_message(world: Recording, asked: dict, files: dict) -> object:
    """Show a message, and leave the bot in doubt for a while."""
    shown = await sending.send_message(world, asked, files)
    await asyncio.sleep(world.chance.uniform(0, world.faults["answer_takes"]))
    return shown


def app(world: Recording) -> web.Application:
    METHODS["sendmessage"] = send_message
    served = app_of(world)

    async def news(request: web.Request) -> web.Response:
        return web.json_response(list(world.news(int(request.match_info["after"]))))

    async def again(request: web.Request) -> web.Response:
        return web.json_response({"count": world.again(await request.json())})

    async def opened(request: web.Request) -> web.Response:
        chats = [world.chats[chat] for chat in await request.json()]
        return web.json_response({"count": len(chats)})

    served.add_routes(
        [
            web.get("/control/news/{after}", news),
            web.post("/control/again", again),
            web.post("/control/open", opened),
        ]
    )
    return served


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[Platform]:
    """Run the platform in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.platform"), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        async with aiohttp.ClientSession() as http:
            yield Platform(f"http://127.0.0.1:{int(line)}", http)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def serve() -> None:
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # callers are killed in mid-sentence
    runner = web.AppRunner(app(Recording(TOKEN)), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, shutdown_timeout=0.5).start()
    print(runner.addresses[0][1], flush=True)  # noqa: T201 - whoever started it reads this
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
