"""One user of an embedded server, as a process: ``python -m tests.faults.server FOLDER``.

Prints the server's address, and stops it when its input ends, if it was the last user.
"""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import psutil

from tests.standins.telegram.client import ROOT

MAIN = "import sys, pathlib; from tests.faults.server import main; main(pathlib.Path(sys.argv[1]))"


class User:
    """A process that uses the embedded server."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.process, self.url = process, url

    async def leave(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        async with asyncio.timeout(60):
            assert await self.process.wait() == 0

    async def die(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


async def user(folder: Path, *before: str) -> User:
    """Start one; ``before`` is put before the command, to run it as somebody else."""
    process = await asyncio.create_subprocess_exec(
        *(*before, sys.executable, "-c", MAIN, str(folder)),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(90):
        while b"postgresql://" not in (line := await process.stdout.readline()):
            assert line, "the server did not start"
    return User(process, line.decode().strip())


class Server:
    """A server that is killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._users: list[User] = []

    async def start(self) -> str:
        self._users.append(await user(self._folder))
        return self._users[-1].url

    def kill(self) -> None:
        pid = postmaster(self._folder)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    async def end(self) -> None:
        for one in self._users:
            await one.die()
        if (pid := postmaster(self._folder)) is not None:
            os.kill(pid, signal.SIGINT)
            psutil.Process(pid).wait(20)


def postmaster(folder: Path) -> int | None:
    """Number of the server's own process; None when it does not run."""
    for process in psutil.process_iter(["name", "cmdline"]):
        if str(folder / "postgres") in (process.info["cmdline"] or ()):
            return process.pid
    return None


def main(folder: Path) -> None:
    from bot import database  # noqa: PLC0415 - slow, needed here only

    with database.embedded_server(folder) as url:
        print(url, flush=True)  # noqa: T201 - whoever started it reads this
        sys.stdin.read()
