"""Events on this machine's disk while the database is away: nothing Zalo sent is lost.

Zalo wants its answer within two seconds and switches the webhook off when it does not get it, so
an event that cannot be stored in time is written here, sealed, and stored later.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from secrets import token_hex

import structlog

from bot.channels.zalo import metrics, vaulted

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Spooled:
    """One call of the webhook, its signature found good."""

    body: bytes
    at: datetime


class Spool:
    """A folder of sealed files, the oldest first by name."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder / "spool", count()
        self.waiting = 0  # of this process and of what was found at the start

    async def put(self, spooled: Spooled) -> None:
        """Return once it is on the disk."""
        name = f"{time.time_ns():020d}-{next(self._numbers):06d}-{token_hex(4)}.event"
        kept = {"body": spooled.body.decode("latin-1"), "at": spooled.at.isoformat()}
        await asyncio.to_thread(vaulted.write, self._folder / name, json.dumps(kept).encode())
        self.waiting += 1
        metrics.SPOOLED.set(self.waiting)

    async def names(self) -> list[Path]:
        """Everything that waits, also what another process of this machine left."""
        return await asyncio.to_thread(lambda: sorted(self._folder.glob("*.event")))

    async def get(self, path: Path) -> Spooled | None:
        """Read one; None if it is gone, or cannot be opened with the keys of today."""
        kept = await asyncio.to_thread(vaulted.read, path)
        if kept is None:
            return None
        read = json.loads(kept)
        return Spooled(read["body"].encode("latin-1"), datetime.fromisoformat(read["at"]))

    async def drop(self, path: Path) -> None:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        self.waiting = max(0, self.waiting - 1)
        metrics.SPOOLED.set(self.waiting)

    async def set_aside(self, path: Path) -> None:
        """Leave what cannot be opened to a person, unless another process has stored it."""
        if await asyncio.to_thread(path.exists):
            log.error("zalo_spool_unreadable", file=path.name, set="ENCRYPTION_KEY")
            await asyncio.to_thread(path.rename, path.with_suffix(".unreadable"))

    def settle(self, waiting: int) -> None:
        self.waiting = waiting
        metrics.SPOOLED.set(waiting)
