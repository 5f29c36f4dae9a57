"""The web server: channels' routes, health and metrics."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from prometheus_client import generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot import upkeep
from bot.channels.telegram import TelegramChannel
from bot.channels.webchat import WebChat
from bot.channels.zalo import ZaloChannel

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger(__name__)

LARGEST = 26 * 1024 * 1024
HEALTH = 5.0  # seconds for the database to answer
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), microphone=(self), camera=(self)",
}
A_YEAR = "max-age=31536000"


def site(app: App) -> web.Application:
    """Every route of this process."""
    routes = web.Application(client_max_size=LARGEST)

    async def health(_: web.Request) -> web.Response:
        """Whether the database answers: what a load balancer asks."""
        try:
            async with asyncio.timeout(HEALTH), app.engine.connect() as db:
                await db.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError):
            return web.json_response({"database": "unreachable"}, status=503)
        return web.json_response({"database": "ok"})

    async def metrics(_: web.Request) -> web.Response:
        """Counts of this process, and what the database knows, read anew at every look."""
        with contextlib.suppress(SQLAlchemyError, OSError):
            await upkeep.measure(app.engine, app.now())
        return web.Response(body=generate_latest(), content_type="text/plain")

    async def guarded(_: web.Request, response: web.StreamResponse) -> None:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if app.settings.public_url.startswith("https"):
            response.headers["Strict-Transport-Security"] = A_YEAR
        response.headers["Server"] = "tro-giup"  # which versions run here is nobody's business

    routes.on_response_prepare.append(guarded)
    routes.add_routes([web.get("/healthz", health), web.get("/metrics", metrics)])
    for channel in app.channels.values():
        if isinstance(channel, WebChat | TelegramChannel | ZaloChannel):
            routes.add_routes(channel.routes())
        if isinstance(channel, WebChat):
            routes.on_shutdown.append(_closing(channel))
    return routes


def _closing(chat: WebChat) -> Callable[[web.Application], Awaitable[None]]:
    async def close(_: web.Application) -> None:
        await chat.close_pages()

    return close


@contextlib.asynccontextmanager
async def serving(app: App) -> AsyncIterator[str]:
    """Listen; yields the address."""
    runner = web.AppRunner(site(app), access_log=None, shutdown_timeout=5)
    await runner.setup()
    listener = web.TCPSite(runner, app.settings.web_host, app.settings.web_port)
    await listener.start()
    # 0 asks for any free port; from here on everybody reads the real one
    port = app.settings.web_port = runner.addresses[0][1]
    address = f"http://{app.settings.web_host}:{port}/"
    log.info("listening", address=address)
    try:
        yield address
    finally:
        await runner.cleanup()
