"""500 households imported while 100 citizens chat: how long citizens wait, with and without.

    python -m tests.bench.lists

The service runs as two processes, web and worker, on a PostgreSQL of its own.  A citizen's wait
runs from the message until the answer is in the outbox and delivered to the page.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog
from pydantic import SecretStr
from sqlalchemy import Select, func, insert, literal, select, text

from bot import clock, database
from bot.app import App
from bot.media import XLSX, MediaStore
from bot.settings import Settings
from handlers.messages import Incoming, Media
from models import vault
from models.conversations import Conversation
from models.lists import HouseholdList, ListLine
from models.outbox import Lane, Outbox
from models.people import Grant, Role
from tests.lists.sheets import HEADINGS, xlsx
from tests.people import DONG_SON
from tests.webchat.service import ROOT

CITIZENS, HOUSEHOLDS = 100, 500
PAUSE = 3.0  # seconds between two messages of one citizen, about
ALONE = 15.0  # seconds measured without an import, each round
WARM = 20.0  # until everybody talks and everything is compiled
ROUNDS = 3
TALK = (
    "nhà tôi sập rồi", "không", "đồng ý", "Đông Sơn", "thôn Phước Thiện", "gần chợ", "bão",
    "hôm nay", "gia đình tôi", "Trần Văn Bình", "4", "2 trẻ nhỏ, 1 người già", "hộ nghèo",
    "0912345678", "xong", "gửi",
)  # fmt: skip


@dataclass
class Crowd:
    """Citizens who go on chatting until told to stop."""

    app: App
    ids: Iterator[int]
    waits: list[tuple[float, float]] = field(default_factory=list)  # when, how long
    stop: bool = False

    async def citizen(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - nothing secret
        await asyncio.sleep(chance.uniform(0, PAUSE))
        while not self.stop:
            address = f"{number}-{next(self.ids)}"
            for words in TALK:
                if self.stop:
                    return
                began = time.perf_counter()
                await says(self.app, address, words, self.ids)
                self.waits.append((began, time.perf_counter() - began))
                await asyncio.sleep(chance.uniform(0.5, 1.5) * PAUSE)


async def says(app: App, address: str, words: str, ids: Iterator[int], **more: object) -> None:
    await app.intake(
        Incoming("webchat", address, f"{address}:{next(ids)}", clock.now(), text=words, **more)
    )


def p(waits: list[float], share: float) -> float:
    ordered = sorted(waits)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


async def delivered(app: App, since: object, until: object) -> list[float]:
    """Seconds from a citizen's message until its answer was delivered."""
    async with app.engine.connect() as db:
        rows = await db.execute(
            text(
                "SELECT extract(epoch FROM o.done_at - o.created_at) AS wait FROM outbox o "
                "JOIN conversations c ON c.id = o.conversation_id "
                "WHERE o.done_at IS NOT NULL AND c.address ~ '^[0-9]+-' "
                "AND o.created_at BETWEEN :since AND :until"
            ),
            {"since": since, "until": until},
        )
        return [float(row.wait) for row in rows]


async def head(app: App, ids: Iterator[int]) -> None:
    await says(app, "head", "/menu", ids)
    await says(app, "clerk", "/menu", ids)
    async with app.engine.begin() as db:
        for address, role in (("head", Role.VILLAGE_HEAD), ("clerk", Role.OFFICER)):
            person = await db.scalar(
                select(Conversation.person_id).where(Conversation.address == address)
            )
            await db.execute(
                insert(Grant).values(
                    person_id=person, role=role.value, commune=DONG_SON, granted_at=clock.now(),
                    villages=["Phước Thiện"] if role == Role.VILLAGE_HEAD else [],
                )
            )  # fmt: skip
    for words in ("/danhsach", "bão", "hôm nay"):
        await says(app, "head", words, ids)


def spreadsheet(round_: int) -> bytes:
    """500 households, other ones in every round."""
    first = "An Bình Cúc Dung Em Hà Hoa Hồng Huệ Kim Lan Lê Liên Loan Mai Mận Minh Nga Ngọc Nở"
    given = [f"{one} {two}" for one in first.split() for two in first.split()]
    surnames = ("Trần Thị", "Lê Văn", "Phạm Thị", "Võ Văn", "Đỗ Thị", "Bùi Văn")[2 * round_ :]
    heads = [f"{surname} {name}" for surname in surnames[:2] for name in given][:HOUSEHOLDS]
    rows = [(n, one, 4, "tốc mái", "", "") for n, one in enumerate(heads, 1)]
    return xlsx(HEADINGS, *rows)


SHEETS = [spreadsheet(round_) for round_ in range(ROUNDS)]


async def imported(app: App, ids: Iterator[int], round_: int) -> None:
    """Send the spreadsheet, press «Xong», and wait until the list is being filed."""
    for words in ("/danhsach moi", "bão", "hôm nay"):
        await says(app, "head", words, ids)
    data = SHEETS[round_]
    upload = uuid4().hex
    await app.store.folder("uploads").put(upload, data)
    media = (Media("document", upload, XLSX, len(data), "ds.xlsx"),)
    await says(app, "head", "", ids, media=media)
    await until(
        app, reached(select(func.count()).select_from(ListLine), HOUSEHOLDS * (round_ + 1))
    )
    await says(app, "head", "xong", ids)


def reached(counted: Select[Any], number: int) -> Select[Any]:
    return select(literal("there")).where(counted.scalar_subquery() >= number)


async def until(app: App, query: object, patience: float = 120) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        async with app.engine.connect() as db:
            if await db.scalar(query):
                return
        await asyncio.sleep(0.2)
    raise TimeoutError(str(query))


async def emergency(app: App, ids: Iterator[int], round_: int) -> float:
    """Seconds until the officer's card of an emergency is delivered, while the list is filed."""
    began = time.perf_counter()
    for words in ("cứu với, nhà tôi 3 người đang kẹt trong nước lũ", "Đông Sơn"):
        await says(app, f"sos{round_}", words, ids)
    cards = (
        select(func.count())
        .select_from(Outbox)
        .join(Conversation, Conversation.id == Outbox.conversation_id)
        .where(
            Conversation.address == "clerk",
            Outbox.lane == Lane.URGENT,
            Outbox.done_at.is_not(None),
        )
    )
    await until(app, reached(cards, round_ + 1))
    return time.perf_counter() - began


async def measure(folder: Path) -> None:
    with database.embedded_server(folder / "pg") as url:
        key = vault.new_key()
        ring = vault.Vault(key)
        vault.use(ring)
        await database.migrate(url)
        media = (folder / "media").as_uri()
        settings = Settings(
            _env_file=None, data_dir=folder, database_url=SecretStr(url),
            encryption_key=SecretStr(key), media_url=media,
        )  # fmt: skip
        engine = database.engine(url, pool=30)
        app = App(settings, url, engine, MediaStore(media, ring.seal, ring.open))
        app.add_channels(serves=False)
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--roles", "worker", cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url, "ENCRYPTION_KEY": key, "MEDIA_URL": media,
                 "DATA_DIR": str(folder)},
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            await run(app)
        finally:
            worker.terminate()
            await worker.wait()
            await app.intake.close()
            await engine.dispose()


async def run(app: App) -> None:
    ids = count(1)
    crowd = Crowd(app, ids)
    await head(app, ids)
    people = [asyncio.create_task(crowd.citizen(number)) for number in range(CITIZENS)]
    await asyncio.sleep(WARM)
    alone, beside, took, sos, filed = [], [], [], [], []
    shown: dict[bool, list[float]] = {False: [], True: []}
    for round_ in range(ROUNDS):  # in turn, so that whatever else the machine does meets both
        crowd.waits.clear()
        start = clock.now()
        await asyncio.sleep(ALONE)
        alone += [wait for _, wait in crowd.waits]
        between = clock.now()
        crowd.waits.clear()
        began = time.perf_counter()
        await imported(app, ids, round_)
        sos.append(await emergency(app, ids, round_))
        async with app.engine.connect() as db:
            filed.append(await db.scalar(text("SELECT count(*) FROM cases WHERE list_id NOTNULL")))
        done = select(func.count()).where(HouseholdList.state == "filed")
        await until(app, reached(done, round_ + 1))
        took.append(time.perf_counter() - began)
        beside += [wait for _, wait in crowd.waits]
        end = clock.now()
        await asyncio.sleep(1)
        shown[False] += await delivered(app, start, between)
        shown[True] += await delivered(app, between, end)
    crowd.stop = True
    await asyncio.gather(*people)
    seconds = ", ".join(f"{one:.1f}" for one in took)
    say(f"{HOUSEHOLDS} households read and filed in {seconds} s; {CITIZENS} citizens chatting")
    for name, one, two in (
        ("answered", alone, beside),
        ("delivered", shown[False], shown[True]),
    ):
        say(
            f"{name:9} alone p50 {p(one, 0.5):6.1f} p99 {p(one, 0.99):6.1f} ms ({len(one)})   "
            f"with p50 {p(two, 0.5):6.1f} p99 {p(two, 0.99):6.1f} ms ({len(two)})   "
            f"p99 ratio {p(two, 0.99) / p(one, 0.99):.2f}"
        )
    for seconds_, cases in zip(sos, filed, strict=True):
        say(f"emergency: the officer's card after {seconds_:.2f} s; {cases} households filed then")


def say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="tro-giup-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        asyncio.run(measure(folder))


if __name__ == "__main__":
    main()
