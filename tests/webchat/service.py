"""The service in a process of its own: started as an operator does, killed, started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# The kernel ends the service when the tests end, however that comes about.
WITH_US = (
    "import ctypes, runpy, sys;"
    "ctypes.CDLL(None).prctl(1, 9);"
    "sys.argv[0] = 'bot';"
    "runpy.run_module('bot', run_name='__main__')"
)


class Service:
    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.settings = folder, settings
        self.address = ""
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> Service:
        """Start; on the same port, once it has one."""
        port = self.address.rstrip("/").rpartition(":")[2] or "0"
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        with (self.folder / "service.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-c", WITH_US, "run"),
                cwd=self.folder,  # no .env there
                env=keep
                | {"PYTHONPATH": str(ROOT), "DATA_DIR": str(self.folder), "WEB_PORT": port}
                | self.settings,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            line = (await self.process.stdout.readline()).decode().strip()
        assert line.startswith("http"), f"the service did not start:\n{self.log()[-3000:]}"
        self.address = line
        return self

    async def kill(self, number: int = signal.SIGKILL) -> float:
        """End the process, and say how long it took."""
        assert self.process is not None
        began = asyncio.get_running_loop().time()
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        async with asyncio.timeout(30):
            await self.process.communicate()
        return asyncio.get_running_loop().time() - began

    async def stop(self) -> None:
        if self.process is not None and self.process.returncode is None:
            try:
                await self.kill(signal.SIGTERM)
            except TimeoutError:
                await self.kill()

    def log(self) -> str:
        return (self.folder / "service.log").read_text()


class Line:
    """The line to the database, which a test may cut."""

    NAME = ".s.PGSQL.5432"  # as libpq looks for it in its folder

    def __init__(self, folder: Path, url: str) -> None:
        base, _, target = url.partition("?host=")
        self.url = f"{base}?host={folder}"
        self._here, self._there = folder / self.NAME, Path(target) / self.NAME
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._copying: set[asyncio.Task[None]] = set()

    async def mend(self) -> None:
        self._here.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._carry, self._here)

    async def cut(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        await asyncio.gather(*self._copying, return_exceptions=True)
        self._server = None

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._copying.add(task)
        back, forth = await asyncio.open_unix_connection(self._there)
        self._open |= {writer, forth}
        try:
            await asyncio.gather(_copy(reader, forth), _copy(back, writer))
        finally:
            self._open -= {writer, forth}
            self._copying.discard(task)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
