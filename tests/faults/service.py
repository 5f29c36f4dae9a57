"""Processes of the service as a test handles them."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from tests.standins.telegram.client import ROOT, TOKEN


class Process:
    """One process of the service, started and killed."""

    def __init__(self, roles: str, env: dict[str, str], log: Path) -> None:
        self.roles, self._env, self._log = roles, env, log
        self._from = 0
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._from = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--roles", self.roles),
                cwd=ROOT,
                env=self._env,
                stdout=log,
                stderr=log,
            )

    @property
    def up(self) -> bool:
        return b'"event": "started"' in self.written()

    def written(self) -> bytes:
        """What this run has logged."""
        with self._log.open("rb") as log:
            log.seek(self._from)
            return log.read()

    def everything(self) -> bytes:
        """What all runs have logged."""
        return self._log.read_bytes()

    async def ready(self) -> None:
        async with asyncio.timeout(180):
            while not self.up:
                assert self.process is not None
                assert self.process.returncode is None, self.written().decode()[-3000:]
                await asyncio.sleep(0.1)

    async def kill(self, number: signal.Signals = signal.SIGKILL) -> int:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        async with asyncio.timeout(60):
            return await self.process.wait()


def environment(
    database_url: str, key: str, data_dir: Path, api_base: str, **more: str
) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "DATABASE_URL": database_url,
        "ENCRYPTION_KEY": key,
        "DATA_DIR": str(data_dir),
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_BASE": api_base,
        "WEB_PORT": "0",
        "LOG_FORMAT": "json",
        "JOB_HEARTBEAT_SECONDS": "2",
        **more,
    }


@contextlib.asynccontextmanager
async def processes(
    env: dict[str, str],
    folder: Path,
    *roles: str,
    per_second: float = 1000,
    per_chat: float = 100,
) -> AsyncIterator[list[Process]]:
    """Start processes of the service; they are killed at the end.

    Telegram's thirty messages a second would make a test of thousands of messages last for
    minutes, so they may send faster.
    """
    rates = {"TELEGRAM_PER_SECOND": str(per_second), "TELEGRAM_PER_CHAT": str(per_chat)}
    made = [
        Process(role, env | rates, folder / f"{number}.log") for number, role in enumerate(roles)
    ]
    try:
        for one in made:
            await one.start()
        for one in made:
            await one.ready()
        yield made
    finally:
        for one in made:
            if one.process is not None:
                await one.kill()
