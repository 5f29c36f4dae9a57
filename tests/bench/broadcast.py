"""A broadcast over a stand-in Telegram, with everything going wrong that does.

    python -m tests.bench.broadcast [recipients] [messages a second]

Two processes of the service share the platform's rate.  Some messages are answered with a 429 and
``retry_after``, five in a hundred people have blocked the bot, one process is killed half way, and
a hundred urgent messages are thrown in.  Told: who was missed, who got it twice, how long it took
beside the shortest time possible, and how long the urgent ones waited.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
from sqlalchemy import BigInteger, cast, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import database, logs
from handlers.desk import packed
from handlers.messages import Outgoing
from models import vault
from models.broadcasts import Broadcast, Fate, Recipient, State
from models.conversations import Conversation
from models.hot import Held
from models.jobs import Job, enqueue
from models.occasions import calendar
from models.outbox import Lane, Outbox
from models.people import Grant, Person
from tests.faults import platform as platforms
from tests.faults.platform import Platform
from tests.faults.service import Process, environment, processes

FIRST, URGENT_FIRST = 100_000, 900_000
WORDS = "Ngày Quốc tế Người khuyết tật"
BLOCKED, REFUSED = 0.05, 0.02  # shares
ANSWERS_IN = 0.1  # seconds at most that the platform takes
SEED = 312


@dataclass
class Result:
    recipients: int
    urgent: int
    per_second: float
    seconds: float = 0.0  # from the start to the last message
    fates: Counter[str] = field(default_factory=Counter)
    missed: int = 0  # neither shown nor known to be out of reach
    twice: int = 0
    in_flight: int = 0  # in the hands of the process that was killed
    waits: list[float] = field(default_factory=list)  # of urgent messages, until they are tried
    refused: list[float] = field(default_factory=list)  # of those tried in vain, until they came
    first: float = 0.0  # seconds from the start to the first message
    nearly: float = 0.0  # and until 99 of 100 were shown
    floods: int = 0
    over_rate: int = 0  # messages above the platform's rate in a second

    @property
    def floor(self) -> float:
        """Seconds that as many messages take at the platform's rate, refused ones not counted."""
        return (self.recipients + self.urgent) / self.per_second

    def lines(self) -> str:
        waits = sorted(self.waits)
        p99 = waits[math.ceil(0.99 * len(waits)) - 1]
        fates = ", ".join(f"{name} {many}" for name, many in sorted(self.fates.items()))
        return (
            f"{self.recipients} recipients: {fates}\n"
            f"missed {self.missed}, twice {self.twice} ({self.in_flight} were in the hands of the "
            f"killed process), {self.floods} times 429, "
            f"{self.over_rate} messages in a second too full\n"
            f"{self.seconds:.1f} s, floor {self.floor:.1f} s: {self.floor / self.seconds:.1%} "
            f"(first after {self.first:.1f} s, 99 % after {self.nearly:.1f} s)\n"
            f"{len(waits)} urgent, until tried: median {waits[len(waits) // 2] * 1000:.0f} ms, "
            f"p99 {p99 * 1000:.0f} ms, most {waits[-1] * 1000:.0f} ms\n"
            f"of them refused with a 429 of 1 to 3 s: {len(self.refused)}, "
            f"shown after {', '.join(f'{one:.1f}' for one in sorted(self.refused)) or '-'} s"
        )


async def people(engine: AsyncEngine, first: int, count: int) -> None:
    async with engine.begin() as db:
        ids = [uuid4() for _ in range(count)]
        await db.execute(insert(Person), [{"id": one, "commune": "21109"} for one in ids])
        await db.execute(
            insert(Conversation),
            [
                {"person_id": one, "channel": "telegram", "address": str(first + number)}
                for number, one in enumerate(ids)
            ],
        )


async def approved(engine: AsyncEngine) -> int:
    """A broadcast that may begin."""
    now = datetime.now(UTC)  # noqa: TID251 - real processes run by the real clock
    async with engine.begin() as db:
        made = await db.scalar(
            insert(Broadcast)
            .values(
                title="3/12",
                topic="danger",
                # at night only alerts go out
                alert=not calendar().hours.open_at(now),
                content={"text": {"vi": WORDS}},
                audience={"roles": ["citizen"]},
                state=State.RUNNING.value,
                made_at=now,
                due_at=now,
                started_at=now,
            )
            .returning(Broadcast.id)
        )
    return int(made or 0)


async def urge(engine: AsyncEngine, held: Held, chat: int) -> None:
    """Say something urgent to somebody, as a conversation would."""
    async with engine.connect() as db:
        found = await db.scalar(select(Conversation.id).where(Conversation.address == str(chat)))
    async with held.transaction() as db:
        body = packed(Outgoing(f"🆘 {time.time()}"))
        row = {"conversation_id": found, "lane": int(Lane.URGENT), "body": body}
        await db.execute(insert(Outbox).values(row))
        await enqueue(db, [Job("deliver", str(found), int(Lane.URGENT))])


async def fates(engine: AsyncEngine, broadcast: int) -> Counter[str]:
    async with engine.connect() as db:
        rows = await db.execute(
            select(Recipient.fate, func.count().label("chats"))
            .where(Recipient.broadcast_id == broadcast)
            .group_by(Recipient.fate)
        )
        return Counter({row.fate: row.chats for row in rows})


def gone(counted: Counter[str]) -> int:
    return sum(counted.values()) - counted[Fate.WAITING] - counted[Fate.QUEUED]


async def over(engine: AsyncEngine, broadcast: int) -> bool:
    async with engine.connect() as db:
        state = await db.scalar(select(Broadcast.state).where(Broadcast.id == broadcast))
    return state == State.DONE


async def run(
    engine: AsyncEngine,
    platform: Platform,
    both: list[Process],
    result: Result,
) -> None:
    """Send it, kill one process half way, throw the urgent ones in, wait for the end."""
    held = Held(engine)
    chance = random.Random(SEED)  # noqa: S311 - a run that can be played again
    broadcast = await approved(engine)
    began = time.time()
    span = result.recipients / result.per_second

    async def urgent(number: int) -> None:
        await asyncio.sleep(chance.uniform(0.02, 0.95) * span)
        await urge(engine, held, URGENT_FIRST + number)

    async def half() -> bool:
        return gone(await fates(engine, broadcast)) >= result.recipients / 2

    async def kill() -> None:
        await platform.until(half, seconds=10 * span, each=0.2)
        await both[1].kill()
        async with engine.connect() as db:
            unsure = (
                select(func.count())
                .select_from(Outbox)
                .join(Recipient, Recipient.outbox_id == Outbox.id)
                .where(Outbox.done_at.is_(None))
            )
            result.in_flight = await db.scalar(unsure) or 0
        await asyncio.sleep(5)
        await both[1].start()

    await asyncio.gather(kill(), *(urgent(number) for number in range(result.urgent)))
    await platform.until(lambda: over(engine, broadcast), seconds=10 * span + 60, each=0.5)
    await held.close()
    result.fates = await fates(engine, broadcast)
    await judge(platform, result, began)


async def judge(platform: Platform, result: Result, began: float) -> None:
    shown: Counter[int] = Counter()
    times: list[float] = []
    came: dict[int, float] = {}
    for chat, message in await platform.news(0):
        if chat >= URGENT_FIRST and message["text"].startswith("🆘"):
            came[chat] = message["at"]
        elif message["text"] == WORDS:
            shown[chat] += 1
            times.append(message["at"] - began)
    times.sort()
    result.first, result.nearly = times[0], times[math.ceil(0.99 * len(times)) - 1]
    result.seconds = times[-1]
    await judge_urgent(platform, result, came)
    reachable = {
        chat
        for chat in range(FIRST, FIRST + result.recipients)
        if chat not in set(blocked(result.recipients))
    }
    result.missed = len(reachable - set(shown))
    result.twice = sum(many - 1 for many in shown.values())
    counts = (await platform.state())["counts"]
    result.floods, result.over_rate = counts.get("floods", 0), counts.get("breach_all", 0)


async def judge_urgent(platform: Platform, result: Result, came: dict[int, float]) -> None:
    """How long urgent ones stood behind bulk; what the platform refused is told apart."""
    tries: dict[int, list[float]] = {}
    said: dict[int, float] = {}
    for call in await platform.calls("sendMessage"):
        chat, text = int(call["asked"]["chat_id"]), call["asked"]["text"]
        if chat >= URGENT_FIRST and text.startswith("🆘"):
            tries.setdefault(chat, []).append(call["at"])
            said[chat] = float(text.partition(" ")[2])
    result.waits = [tries[chat][0] - said[chat] for chat in came]
    result.refused = [came[chat] - said[chat] for chat in came if len(tries[chat]) > 1]
    result.missed += result.urgent - len(came)


def blocked(recipients: int) -> list[int]:
    chance = random.Random(SEED)  # noqa: S311 - a run that can be played again
    return chance.sample(range(FIRST, FIRST + recipients), int(recipients * BLOCKED))


async def measure(url: str, key: str, folder: Path, platform: Platform, result: Result) -> Result:
    """Make the crowd, start two processes, and let it run."""
    engine = database.engine(url, pool=8)
    await people(engine, FIRST, result.recipients)
    await people(engine, URGENT_FIRST, result.urgent)
    await platform.open(list(range(FIRST, FIRST + result.recipients)))
    await platform.open(list(range(URGENT_FIRST, URGENT_FIRST + result.urgent)))
    async with engine.begin() as db:  # whoever waits for urgent words is not in the audience
        urgent = cast(Conversation.address, BigInteger) >= URGENT_FIRST
        officer = select(
            Conversation.person_id, literal("officer"), literal("21109"), func.now()
        ).where(urgent)
        columns = ["person_id", "role", "commune", "granted_at"]
        await db.execute(insert(Grant).from_select(columns, officer))
    await platform.faults(
        blocked=blocked(result.recipients), flood_share=REFUSED, answer_takes=ANSWERS_IN
    )
    env = environment(url, key, folder, platform.base)
    async with processes(
        env, folder, "web,worker", "worker", per_second=result.per_second, per_chat=1
    ) as both:
        await run(engine, platform, both, result)
    await engine.dispose()
    return result


async def main(recipients: int, per_second: float) -> None:
    with tempfile.TemporaryDirectory(prefix="tro-giup-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # noqa: ASYNC240 - nothing else runs yet
        with database.embedded_server(folder) as server:
            connection = await asyncpg.connect(server)
            await connection.execute("CREATE DATABASE service")
            await connection.close()
            url = server.replace("/postgres?", "/service?")
            await database.migrate(url)
            key = vault.new_key()
            vault.use(vault.Vault(key))
            async with contextlib.AsyncExitStack() as stack:
                platform = await stack.enter_async_context(platforms.running())
                result = Result(recipients, 100, per_second)
                print((await measure(url, key, folder, platform, result)).lines())


if __name__ == "__main__":
    logs.configure("json", quiet=True)
    asyncio.run(
        main(
            int(sys.argv[1]) if len(sys.argv) > 1 else 10_000,
            float(sys.argv[2]) if len(sys.argv) > 2 else 30,
        )
    )
