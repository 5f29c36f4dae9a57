"""The web server: channels' routes, health and metrics."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from prometheus_client import generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.telegram import TelegramChannel
from bot.channels.webchat import WebChat

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger(__name__)

LARGEST = 26 * 1024 * 1024


def site(app: App) -> web.Application:
    """Every route of this process."""
    routes = web.Application(client_max_size=LARGEST)

    async def health(_: web.Request) -> web.Response:
        """Whether the database answers: what a load balancer asks."""
        try:
            async with app.engine.connect() as db:
                await db.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError):
            return web.json_response({"database": "unreachable"}, status=503)
        return web.json_response({"database": "ok"})

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), content_type="text/plain")

    routes.add_routes([web.get("/healthz", health), web.get("/metrics", metrics)])
    for channel in app.channels.values():
        if isinstance(channel, WebChat | TelegramChannel):
            routes.add_routes(channel.routes())
    return routes


@contextlib.asynccontextmanager
async def serving(app: App) -> AsyncIterator[str]:
    """Listen; yields the address."""
    runner = web.AppRunner(site(app), access_log=None, shutdown_timeout=5)
    await runner.setup()
    listener = web.TCPSite(runner, app.settings.web_host, app.settings.web_port)
    await listener.start()
    port = runner.addresses[0][1]
    address = f"http://{app.settings.web_host}:{port}/"
    log.info("listening", address=address)
    try:
        yield address
    finally:
        await runner.cleanup()
