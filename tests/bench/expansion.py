"""The recipients of a large broadcast are written down while people go on talking.

    python -m tests.bench.expansion [recipients]

Told: how much memory the process takes beside what it took idle, and how long a message of
somebody among the recipients takes meanwhile beside before.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import psutil
from sqlalchemy import func, insert, select

from bot import clock, database, logs
from bot.app import App
from bot.bulk import Bulk
from bot.media import MediaStore
from bot.settings import Settings
from handlers.messages import Incoming
from models import vault
from models.broadcasts import Broadcast, Recipient, State

EACH = 0.02  # seconds between two messages of the people who go on talking


@dataclass
class Watched:
    """Memory and waiting times while something runs."""

    app: App
    most: int = 0  # bytes
    waits: list[float] = field(default_factory=list)
    _said: int = 0

    async def talk(self, stop: asyncio.Event) -> None:
        own = psutil.Process()
        while not stop.is_set():
            self._said += 1
            began = time.perf_counter()
            address = f"p{self._said * 37 % 5000 + 1}"
            said = Incoming(
                "webchat", address, f"{address}:{self._said}-{began}", clock.now(), "/menu"
            )
            await self.app.intake(said)
            self.waits.append(time.perf_counter() - began)
            self.most = max(self.most, own.memory_info().rss)
            await asyncio.sleep(EACH)

    def line(self) -> str:
        waits = sorted(self.waits)
        p99 = waits[len(waits) * 99 // 100]
        return (
            f"{len(waits)} messages taken in: median {waits[len(waits) // 2] * 1000:.1f} ms, "
            f"p99 {p99 * 1000:.1f} ms, most {waits[-1] * 1000:.1f} ms; "
            f"memory at most {self.most / 2**20:.0f} MB"
        )


async def people(url: str, count: int) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(
        "INSERT INTO people (id, commune) SELECT gen_random_uuid(), '21109' "
        "FROM generate_series(1, $1)",
        count,
    )
    await connection.execute(
        "INSERT INTO conversations (person_id, channel, address) "
        "SELECT id, 'webchat', 'p' || row_number() OVER () FROM people"
    )
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def main(recipients: int) -> None:
    with tempfile.TemporaryDirectory(prefix="tro-giup-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # noqa: ASYNC240 - nothing else runs yet
        with database.embedded_server(folder) as server:
            connection = await asyncpg.connect(server)
            await connection.execute("CREATE DATABASE service")
            await connection.close()
            url = server.replace("/postgres?", "/service?")
            await database.migrate(url)
            await people(url, recipients)
            await measure(url, folder)


async def measure(url: str, folder: Path) -> None:
    ring = vault.Vault(vault.new_key())
    vault.use(ring)
    engine = database.engine(url, pool=20)
    settings = Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]
    app = App(settings, url, engine, MediaStore(folder.as_uri(), ring.seal, ring.open))
    app.add_channels(serves=False)
    bulk = Bulk(engine, app.worker().deliver, app.world, clock.now)
    print("idle       ", (await watched(app, asyncio.sleep(5))).line())
    now = datetime.now(UTC)  # noqa: TID251 - a bench reads the clock
    async with engine.begin() as db:
        await db.execute(
            insert(Broadcast).values(
                title="bench", topic="benefits", content={"text": {"vi": "x"}}, audience={},
                state=State.RUNNING.value, made_at=now, due_at=now, started_at=now,
            )
        )  # fmt: skip
    began = time.perf_counter()
    print("expanding  ", (await watched(app, expand(bulk))).line())
    async with engine.connect() as db:
        written = await db.scalar(select(func.count()).select_from(Recipient))
    print(f"{written} recipients written in {time.perf_counter() - began:.1f} s")
    await app.intake.close()
    await engine.dispose()


async def expand(bulk: Bulk) -> None:
    while await bulk.expand():
        pass


async def watched(app: App, work: object) -> Watched:
    found, stop = Watched(app), asyncio.Event()
    talking = asyncio.create_task(found.talk(stop))
    await work  # type: ignore[misc]  # a coroutine
    stop.set()
    await talking
    return found


if __name__ == "__main__":
    logs.configure("json", quiet=True)
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
