"""The connection to a Bot API server."""

from __future__ import annotations

import logging
import os

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.telegram.parse import ALLOWED, Raw

# The library's own switch: periods as timedelta, without its deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")
# These two write what must not be in a log: addresses with the token, and what people wrote.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("telegram").setLevel(logging.CRITICAL)

CALL, UPLOAD = 30.0, 120.0  # seconds for a whole call, and for one that carries a file


class Client(Bot):
    """``telegram.Bot`` for a server by its address, with updates handed over unread."""

    def __init__(self, token: str, api_base: str) -> None:
        base = api_base.rstrip("/")
        calls = HTTPXRequest(
            connection_pool_size=64,
            connect_timeout=10,
            read_timeout=20,
            write_timeout=20,
            pool_timeout=10,
            media_write_timeout=60,
        )
        polls = HTTPXRequest(connection_pool_size=2, connect_timeout=10, pool_timeout=10)
        super().__init__(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=calls,
            get_updates_request=polls,
        )

    async def raw_updates(self, offset: int | None, seconds: float) -> list[Raw]:
        """Ask for updates as they are.

        ``Bot.get_updates`` reads the whole answer or, at one fault in it, nothing; and logs it.
        """
        asked = {"offset": offset, "timeout": int(seconds), "allowed_updates": list(ALLOWED)}
        updates = await self._post("getUpdates", asked, read_timeout=seconds + 10)
        return [
            update
            for update in updates
            if isinstance(update, dict) and isinstance(update.get("update_id"), int)
        ]

    async def close_connections(self) -> None:
        # Bot.shutdown() does nothing unless Bot.initialize() ran, which needs Telegram to answer
        for request in self._request:
            await request.shutdown()
