"""The stand-in as a test sees it: started in its own process, played through its control API."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

ROOT = Path(__file__).parents[3]


class Standin:
    """People who write to the Official Account, and what they see."""

    def __init__(self, base: str, http: aiohttp.ClientSession) -> None:
        self.base = base  # what the ZALO_…_BASE settings are set to
        self._http = http

    async def say(self, user: str, text: str | None = None, **deed: Any) -> Any:
        """Write, send or press; see ``people.act`` for what a deed may be."""
        return await self._post("say", {"user": user, **({"text": text} if text else {}), **deed})

    async def press(self, user: str, label: str, **deed: Any) -> Any:
        return await self._post("say", {"user": user, "press": label, **deed})

    async def change(self, **values: Any) -> None:
        await self._post("change", values)

    async def reset(self) -> None:
        await self._post("reset", {})

    async def messages(self, user: str) -> list[dict[str, Any]]:
        """Give what the account said to a person, oldest first."""
        found = await self._get(f"users/{quote(user, safe='')}")
        return [one for one in found["messages"] if one["by"] == "oa"]

    async def state(self) -> Any:
        return await self._get("state")

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
async def running() -> AsyncIterator[Standin]:
    """Run the stand-in in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.standins.zalo"), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        async with aiohttp.ClientSession() as http:
            yield Standin(f"http://127.0.0.1:{int(line)}", http)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
