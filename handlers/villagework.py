"""What happens by itself in villages: roll-calls, storms, silence, lists to be gone through."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import alertcalls, listreviews, rollwork, storms, verdicts
from handlers.desk import World

# Each does one thing in the caller's transaction, and says False when nothing is left to do.
Work = Callable[[AsyncConnection, World, datetime], Awaitable[bool]]
WORK: tuple[Work, ...] = (
    storms.end_next,
    storms.tell_next,
    alertcalls.begin_next,
    rollwork.ask_next,
    rollwork.walk_next,
    rollwork.end_next,
    verdicts.note_silence,
    listreviews.remind,
)
