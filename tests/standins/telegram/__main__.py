"""Serve on a loopback port until told to stop."""

import argparse
import asyncio
import contextlib
import signal

from aiohttp import web

from tests.standins.telegram.api import app_of
from tests.standins.telegram.world import World


async def serve(port: int, token: str) -> None:
    runner = web.AppRunner(app_of(World(token)), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, shutdown_timeout=0.5)
    await site.start()
    print(runner.addresses[0][1], flush=True)  # noqa: T201 - whoever started it reads this
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await runner.cleanup()


parser = argparse.ArgumentParser(description="A stand-in Bot API server.")
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--token", default="123456:STANDIN")
options = parser.parse_args()
with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(serve(options.port, options.token))
