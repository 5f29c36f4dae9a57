"""The stand-in as a test sees it: started in its own process, played through its control API."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp

TOKEN = "123456:STANDIN"  # noqa: S105 - nobody's
ROOT = Path(__file__).parents[3]


class Standin:
    """People who write to the bot, and what they see."""

    def __init__(self, base: str, http: aiohttp.ClientSession) -> None:
        self.base = base  # what TELEGRAM_API_BASE is set to
        self._http = http

    async def say(self, chat: int, text: str | None = None, **deed: Any) -> Any:
        """Write, send or press; see ``people.act`` for what a deed may be."""
        body = {"chat_id": chat, **({"text": text} if text is not None else {}), **deed}
        return await self._post("say", body)

    async def press(self, chat: int, label: str) -> Any:
        return await self._post("say", {"chat_id": chat, "button": label})

    async def say_all(self, deeds: list[dict[str, Any]]) -> Any:
        return await self._post("say", deeds)

    async def faults(self, **faults: Any) -> Any:
        return await self._post("faults", faults)

    async def reset(self) -> None:
        await self._post("reset", {})

    async def chat(self, chat: int) -> Any:
        return await self._get(f"chats/{chat}")

    async def answers(self, chat: int) -> list[dict[str, Any]]:
        """Give the bot's messages in a chat, oldest first."""
        return [m for m in (await self.chat(chat))["messages"] if m["by"] == "bot"]

    async def state(self) -> Any:
        return await self._get("state")

    async def calls(self, method: str | None = None) -> list[dict[str, Any]]:
        """Give the recorded requests, without those for updates."""
        made = await self._get("calls")
        return [call for call in made if method is None or call["method"] == method.lower()]

    async def file(self, name: str) -> bytes:
        async with self._http.get(f"{self.base}/control/files/{name}") as answer:
            return await answer.read()

    async def until(
        self, true: Callable[[], Awaitable[bool]], seconds: float = 10, each: float = 0.05
    ) -> None:
        """Wait until something holds; a test that waits in vain fails."""
        deadline = time.monotonic() + seconds
        while not await true():
            if time.monotonic() > deadline:
                raise TimeoutError
            await asyncio.sleep(each)

    async def _post(self, path: str, body: Any) -> Any:
        async with self._http.post(f"{self.base}/control/{path}", json=body) as answer:
            if answer.status >= 400:
                raise LookupError(await answer.text())
            return await answer.json()

    async def _get(self, path: str) -> Any:
        async with self._http.get(f"{self.base}/control/{path}") as answer:
            answer.raise_for_status()
            return await answer.json()


@contextlib.asynccontextmanager
async def running(port: int = 0) -> AsyncIterator[Standin]:
    """Run the stand-in in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.standins.telegram", "--port", str(port)),
        *("--token", TOKEN),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 20)
        async with aiohttp.ClientSession() as http:
            yield Standin(f"http://127.0.0.1:{int(line)}", http)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
