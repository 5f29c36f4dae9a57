"""What a refusal of Telegram means, and calls the service can do without."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

import structlog
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.channels.base import FetchFailed, SendFailed

log = structlog.get_logger(__name__)
Result = TypeVar("Result")

# Descriptions, lower case, of a 400 that means that the person is not there (any more).
GONE = ("chat not found", "user not found", "peer_id_invalid", "user_id_invalid", "deactivated")
UNREADABLE = (KeyError, TypeError, ValueError)  # the library, over an answer of odd shape
TOKEN_WAIT = 60.0  # seconds until a refused token or an unknown method is worth another try


def reason(error: Exception) -> str:
    """Name an error for the log: Telegram quotes what people wrote, so nothing after a quote."""
    if not isinstance(error, BadRequest | Forbidden):
        return type(error).__name__
    said = error.message.split('"', 1)[0].strip()[:80]
    return f"{type(error).__name__}: {said}"


def send_failed(error: TelegramError | TimeoutError) -> SendFailed:
    why = reason(error)
    match error:
        case RetryAfter():
            return SendFailed(why, retry=True, retry_after=_seconds(error))
        case Forbidden() | ChatMigrated():  # blocked, deactivated, never started the bot
            return SendFailed(why, retry=False, gone=True)
        case BadRequest():
            gone = any(words in error.message.lower() for words in GONE)
            return SendFailed(why, retry=False, gone=gone)
        case InvalidToken():  # an operator may put it right; the message is not to blame
            return SendFailed(why, retry=True, retry_after=TOKEN_WAIT)
        case _:
            return SendFailed(why, retry=not _too_large(error))


def fetch_failed(error: TelegramError | TimeoutError) -> FetchFailed:
    words = str(error).lower()
    # «wrong file_id or the file is temporarily unavailable» is one sentence for two things
    final = isinstance(error, BadRequest | Forbidden) and "temporarily" not in words
    return FetchFailed("too_large" if "too big" in words else reason(error), retry=not final)


async def optional(method: str, call: Awaitable[Result]) -> Result | None:
    """Make a call the service can do without; a refusal is logged and survived."""
    try:
        return await call
    except (*UNREADABLE, TelegramError, TimeoutError) as error:
        log.warning("telegram_call_refused", method=method, reason=reason(error))
        return None


async def patiently(call: Awaitable[Result], seconds: float) -> Result:
    """Bound a whole call; the library bounds each read and write only."""
    async with asyncio.timeout(seconds):
        return await call


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _too_large(error: TelegramError | TimeoutError) -> bool:
    return "too large" in str(error).lower()  # 413 has no error class of its own
