"""How long the job that finds what is due takes, with a thousand cases and with a million.

    python -m tests.bench.due [most cases]

The same fifty cases are due each time; the others, nine in ten closed, only stand in the tables.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import asyncpg
from pydantic import SecretStr
from sqlalchemy import text

from bot import database, logs
from bot.app import App
from bot.media import MediaStore
from bot.settings import Settings
from models import vault
from models.cases import Case
from models.people import Role
from tests.conversations.stories import case_of, officer, reported
from tests.people import Town

SIZES = (1_000, 10_000, 100_000, 1_000_000)
DUE = 50
ROUNDS = 9
LOOKS = 101  # when nothing is due a round is a thousandth of a second
AIM = 1.5

_OTHERS = """
    INSERT INTO cases ({names})
    SELECT {values} FROM cases, generate_series($1::bigint, $2::bigint) AS n WHERE cases.id = $3
"""
_OWN = {
    "code": "'OTHER-' || n",
    "draft_id": "NULL",
    "village": "'Thôn ' || n % 40",
    "status": "CASE WHEN n % 10 = 0 THEN 'new' ELSE 'helped' END",
    "opened_at": "opened_at + n % 500 * interval '1 hour'",
    "take_due_at": "take_due_at + interval '400 days' + n % 500 * interval '1 hour'",
    "answer_due_at": "answer_due_at + interval '400 days' + n % 500 * interval '1 hour'",
    "next_rung_at": "CASE WHEN n % 10 = 0 THEN next_rung_at + interval '400 days' END",
    "answered_at": "CASE WHEN n % 10 > 0 THEN opened_at END",
    "closed_at": "CASE WHEN n % 10 > 0 THEN opened_at END",
}
_DUE_AGAIN = (
    "DELETE FROM rungs",
    "DELETE FROM case_events WHERE what IN ('late', 'reminded')",
    "DELETE FROM outbox",
    "DELETE FROM pgqueuer",
    "UPDATE cases SET next_rung_at = take_due_at WHERE code LIKE 'DUE-%'",
)


async def stand(url: str, first: int, last: int, like: int, **own: str) -> None:
    """Put copies of a case beside it."""
    own = _OWN | own
    names = [column.name for column in Case.__table__.c if column.name != "id"]
    values = [own.get(name, name) for name in names]
    connection = await asyncpg.connect(url)
    statement = _OTHERS.format(names=", ".join(names), values=", ".join(values))
    await connection.execute(statement, first, last, like, timeout=1800)
    await connection.execute("VACUUM ANALYZE cases", timeout=1800)
    await connection.close()


async def took(town: Town, run: Callable[[], Awaitable[None]], *, due: bool) -> float:
    """Milliseconds, the middle of several rounds."""
    spans = []
    for _ in range(ROUNDS if due else LOOKS):
        if due:
            async with town.app.engine.begin() as db:
                for statement in _DUE_AGAIN:
                    await db.execute(text(statement))
        started = time.perf_counter()
        await run()
        spans.append(time.perf_counter() - started)
    return statistics.median(spans) * 1000


async def main(most: int) -> None:
    with tempfile.TemporaryDirectory(prefix="tro-giup-bench-") as folder:
        Path(folder).chmod(0o755)  # noqa: ASYNC240 - nothing else runs yet
        with database.embedded_server(Path(folder)) as url:
            await database.migrate(url)
            ring = vault.Vault(vault.new_key())
            vault.use(ring)
            engine = database.engine(url, pool=4)
            settings = Settings(
                _env_file=None,  # type: ignore[call-arg]
                data_dir=Path(folder),
                database_url=SecretStr(url),
                demo=True,
            )
            town = Town()
            store = MediaStore(Path(folder).as_uri(), ring.seal, ring.open)
            town.app = App(settings, url, engine, store, town.now)
            town.app.add_channels(serves=False)
            await _measure(town, url, most)
            await town.app.intake.close()
            await engine.dispose()


async def _measure(town: Town, url: str, most: int) -> None:
    await officer(town)
    await town.staff("lanh-dao", Role.LEADER)
    like = int(str((await case_of(await reported(town)))["id"]))
    # these keep the clocks of the case they are like, all others are due a year later
    real = {name: name for name in ("opened_at", "take_due_at", "answer_due_at", "next_rung_at")}
    none = {"answered_at": "NULL", "closed_at": "NULL"}
    await stand(url, 1, DUE, like, **real, **none, code="'DUE-' || n", status="'new'")
    async with town.app.engine.begin() as db:
        await db.execute(text(f"UPDATE cases SET next_rung_at = NULL WHERE id = {like}"))  # noqa: S608
    town.time += timedelta(days=2, hours=1)
    worker = town.app.worker()
    standing, busy, idle = DUE, [], []
    for size in [size for size in SIZES if size <= most]:
        await stand(url, standing, size - DUE, like)
        standing = size - DUE + 1
        await took(town, worker._ring, due=True)  # noqa: SLF001 - this part of the minute only
        busy.append(await took(town, worker._ring, due=True))  # noqa: SLF001
        idle.append(await took(town, worker._ring, due=False))  # noqa: SLF001
        print(
            f"{size:9,} cases   {DUE} due {busy[-1]:8.1f} ms   nothing due {idle[-1]:6.2f} ms",
            flush=True,
        )
    print(f"{DUE} due: {busy[-1] / busy[0]:.2f} times as long (aim {AIM})")
    print(f"nothing due: {idle[-1] / idle[0]:.2f} times as long (aim {AIM})")


if __name__ == "__main__":
    logs.configure("json", quiet=True)
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]))
