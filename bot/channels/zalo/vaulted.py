"""One sealed file on this machine, written whole or not at all."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from secrets import token_hex

from models import vault


class Vaulted:
    """Survives the process, and the database being away."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def write(self, data: bytes) -> None:
        """Return once it is on the disk."""
        await asyncio.to_thread(write, self._path, data)

    async def read(self) -> bytes | None:
        return await asyncio.to_thread(read, self._path)


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        with beside.open("wb") as file:
            file.write(vault.current().seal(data))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read(path: Path) -> bytes | None:
    """Read a file; None if there is none, or it is sealed with a key that is gone."""
    try:
        return vault.current().open(path.read_bytes())
    except (FileNotFoundError, vault.VaultError):
        return None
