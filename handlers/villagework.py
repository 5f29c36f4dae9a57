"""What happens by itself in villages: silence about a report, lists to be gone through."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import listreviews, verdicts
from handlers.desk import World

# Each does one thing in the caller's transaction, and says False when nothing is left to do.
Work = Callable[[AsyncConnection, World, datetime], Awaitable[bool]]
WORK: tuple[Work, ...] = (verdicts.note_silence, listreviews.remind)
