"""Serve on a loopback port until told to stop."""

import asyncio
import signal

from aiohttp import web

from tests.standins.zalo.api import app_of
from tests.standins.zalo.world import World


async def serve() -> None:
    world = World()
    runner = web.AppRunner(app_of(world), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = world.port = runner.addresses[0][1]
    print(port, flush=True)  # noqa: T201 - whoever started it reads this
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    world.reset()
    await runner.cleanup()


asyncio.run(serve())
