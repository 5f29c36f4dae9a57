"""The database is away while people go on writing: nothing lost, nothing doubled, all in time."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import func, select

from bot import database
from bot.app import App
from bot.media import MediaStore
from bot.settings import Settings
from models import vault
from models.conversations import Received
from models.zalo import ZaloEvent
from tests.faults.server import Server
from tests.standins.zalo.client import Standin
from tests.zalo_town import ZaloTown, zalo_settings

PEOPLE = 20


@dataclass
class Figures:
    sent: int  # events
    calls: int  # of the webhook
    bad: int  # answers that were not 200
    slowest: float  # seconds until an answer
    stored: set[str]  # keys of events
    applied: int  # messages that the core took in
    caught_up: float  # seconds until everything was stored after the database came back


@contextlib.asynccontextmanager
async def town_on(
    server: Server, oa: Standin, key: str, folder: Path
) -> AsyncIterator[tuple[ZaloTown, str]]:
    """A town whose database can be killed."""
    url = await server.start()
    await database.migrate(url)
    vault.use(ring := vault.Vault(key))
    engine = database.engine(url, pool=12)
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=folder,
        database_url=SecretStr(url),
        encryption_key=SecretStr(key),
        **zalo_settings(oa.base),
    )
    town = ZaloTown(oa)
    store = MediaStore((folder / "media").as_uri(), ring.seal, ring.open)
    town.app = App(settings, url, engine, store, town.now)
    town.app.add_channels(serves=True)
    try:
        async with town.listening():
            town.channel._webhook.start()  # noqa: SLF001 - the channel alone, without its pages
            yield town, url
        await town.app.intake.close()
    finally:
        await engine.dispose()
        await server.end()


async def play(town: ZaloTown, server: Server, away: float, per_second: float) -> Figures:
    """People write all the time; after a second the database is killed, and stays away."""
    telling: list[asyncio.Task[None]] = []
    over = asyncio.Event()

    async def talk() -> None:
        start = time.monotonic()
        while not over.is_set():
            number = len(telling) + 1
            deed = {"msg_id": f"m{number}", "wait": False, "timestamp": town.stamp() + number}
            said = town.oa.say(f"u{number % PEOPLE}", f"tin {number}", **deed)
            telling.append(asyncio.create_task(said))
            await asyncio.sleep(max(0.0, start + number / per_second - time.monotonic()))

    talking = asyncio.create_task(talk())
    await asyncio.sleep(1)
    server.kill()
    await asyncio.sleep(away)
    await server.start()
    back = time.monotonic()
    await asyncio.sleep(1)
    over.set()
    await talking
    await asyncio.gather(*telling)
    await _stored(town, len(telling))
    caught_up = time.monotonic() - back
    await asyncio.gather(*(town.work(f"u{number}") for number in range(PEOPLE)))
    made = (await town.oa.state())["deliveries"]
    return Figures(
        len(telling),
        len(made),
        sum(one["status"] != 200 for one in made),
        max(one["seconds"] for one in made),
        {row.key for row in await town.rows(select(ZaloEvent.key))},
        await town.one(select(func.count()).select_from(Received)),
        caught_up,
    )


async def _stored(town: ZaloTown, count: int) -> None:
    async with asyncio.timeout(120):
        while True:
            with contextlib.suppress(Exception):  # it is still starting
                if await town.one(select(func.count()).select_from(ZaloEvent)) >= count:
                    return
            await asyncio.sleep(0.2)
