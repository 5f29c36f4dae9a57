"""A commune of households on the stand-in platform that are called, and answer as they will.

Five in a hundred have blocked the service, sixty answer, the others keep quiet.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from handlers import rollfigures
from handlers.desk import Desk, World
from handlers.households import GROUPS, Facts
from handlers.villages import key
from models import vault
from models.cases import Case
from models.conversations import Conversation
from models.households import Household
from models.outbox import Lane, Outbox
from models.people import Person
from models.rollcalls import RollAsk, RollHousehold
from tests.faults import settled
from tests.faults.platform import Platform
from tests.faults.service import processes
from tests.faults.test_kill import OFFICER, make_officer
from tests.people import DONG_SON, MONDAY

FIRST = 50_000  # their chats
QUESTION = "Gia đình mình có an toàn không?"
BEGIN = ("/diemdanh moi", "1", "1", "1", "1")  # the whole commune, everybody, in earnest
WORDS = {
    "safe": ("[✅ An toàn]", "an toàn", "gia đình tôi an toàn", "dạ ok"),
    "unsure": ("[❔ Chưa biết]", "chưa biết"),
    "help": ("[🆘 Cần giúp]", "cần giúp"),
}


@dataclass
class Called:
    """Who lives there, what each will say, and what was heard."""

    size: int
    will: dict[int, str] = field(default_factory=dict)  # chat -> what they are
    blocked: list[int] = field(default_factory=list)
    asked: Counter[int] = field(default_factory=Counter)
    said: set[int] = field(default_factory=set)
    _seen: int = 0
    _read: set[int] = field(default_factory=set)  # a slow message may show after a later one

    def __post_init__(self) -> None:
        for number in range(self.size):
            chat = FIRST + number
            if number % 20 == 7:  # five in a hundred
                self.blocked.append(chat)
            elif number % 5 < 3 or number % 20 == 8:  # sixty in a hundred, as one in five blocked
                self.will[chat] = ("help", "unsure", "safe")[min(number % 25, 2)]

    @property
    def expected(self) -> Counter[str]:
        return Counter(self.will.values())

    async def settle(self, engine: AsyncEngine) -> None:
        """Enter every household, each with a chat that its telephone leads to."""
        people, chats, households = [], [], []
        groups = [choice.id for choice in GROUPS]
        for number in range(self.size):
            phone = f"+84905{number:06}"
            hashed = vault.current().fingerprint(phone)
            person, village = uuid4(), f"Thôn {number % 12 + 1}"
            people.append(
                {"id": person, "commune": DONG_SON, "private": {"phone": phone},
                 "phone_hash": hashed}
            )  # fmt: skip
            chats.append(
                {"person_id": person, "channel": "telegram", "address": str(FIRST + number)}
            )
            facts = Facts(f"Chủ hộ {number}", phone, groups=(groups[number % len(groups)],))
            households.append(
                {"commune": DONG_SON, "village": village, "village_key": key(village),
                 "at_risk": True, "private": facts.packed(), "phone_hash": hashed,
                 "basis": "duty", "basis_at": MONDAY, "source": "spreadsheet",
                 "changed_at": MONDAY, "reviewed_at": MONDAY}
            )  # fmt: skip
        async with engine.begin() as db:
            await db.execute(insert(Person), people)
            await db.execute(insert(Conversation), chats)
            await db.execute(insert(Household), households)

    async def begin(self, platform: Platform, officer: int) -> None:
        """Let the officer call the roll, a question at a time."""
        for said in BEGIN:
            before = len(await platform.answers(officer))
            await platform.say(officer, said)

            async def answered(before: int = before) -> bool:
                return len(await platform.answers(officer)) > before

            await platform.until(answered, seconds=60)

    async def listen(self, platform: Platform) -> None:
        """Answer every question that is new, some of them twice."""
        deeds = []
        for chat, message in await platform.news(max(0, self._seen - 500)):
            if message["message_id"] in self._read:
                continue
            self._read.add(message["message_id"])
            self._seen = max(self._seen, message["message_id"])
            if QUESTION not in message.get("text", ""):
                continue
            self.asked[chat] += 1
            if chat not in self.will or chat in self.said:
                continue
            self.said.add(chat)
            ways = WORDS[self.will[chat]]
            way = ways[chat % len(ways)]
            deed: dict[str, object] = {"chat_id": chat, "text": way}
            if way.startswith("["):
                deed = {"chat_id": chat, "button": way[1:-1]}
            deeds += [deed] * (2 if chat % 10 == 0 and self.will[chat] != "help" else 1)
        if deeds:
            await platform.say_all(deeds)
        await asyncio.sleep(0.05)


async def each_household(engine: AsyncEngine, called: Called) -> None:
    """What is known of each household is what it said; each was asked in one message."""
    async with engine.connect() as db:
        rows = await db.execute(
            select(Conversation.address, RollHousehold.answer, RollHousehold.case_id)
            .join(RollAsk, RollAsk.conversation_id == Conversation.id)
            .join(RollHousehold, RollHousehold.id == RollAsk.unit_id)
        )
        known = {int(row.address): row for row in rows}
        questions = await db.execute(
            select(Outbox.conversation_id, func.count())
            .where(Outbox.lane == int(Lane.CALL))
            .group_by(Outbox.conversation_id)
        )
        per_chat = Counter(row[1] for row in questions)
        cases = await db.execute(select(Case.reporter_id).where(Case.urgency == "sos"))
        reporters = [row[0] for row in cases]
    assert len(known) == called.size
    assert {chat: row.answer for chat, row in known.items() if row.answer} == called.will
    assert per_chat == {1: called.size}
    in_need = [row.case_id for row in known.values() if row.answer == "help"]
    assert all(in_need) and len(set(in_need)) == len(in_need) == len(reporters)
    assert len(set(reporters)) == len(reporters)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a roll-call is played."""

    platform: Platform
    engine: AsyncEngine
    env: dict[str, str]
    folder: Path


async def called_through(stage: Stage, called: Called, *, hangs: float) -> float:
    """Call everybody, kill a process while it asks and one while they answer, and count.

    Returns:
        Seconds from the first question until everything had settled.
    """
    platform, engine = stage.platform, stage.engine
    await called.settle(engine)
    await platform.open([FIRST + number for number in range(called.size)])
    await platform.faults(double=0.1, again=0.1, blocked=called.blocked)
    reachable = called.size - len(called.blocked)
    async with (
        asyncio.timeout(hangs),
        processes(stage.env, stage.folder, "web,worker", "worker") as both,
    ):
        await make_officer(platform, engine)
        await called.begin(platform, OFFICER)
        began = time.monotonic()
        marks = [(0.25, 1), (0.6, 0)]  # share of questions heard, which is killed then
        while len(called.asked) < reachable or called.will.keys() - called.said:
            await called.listen(platform)
            if marks and len(called.asked) >= marks[0][0] * reachable:
                victim = both[marks.pop(0)[1]]
                await victim.kill()
                await victim.start()
        for one in both:
            await one.ready()

        async def quiet() -> bool:
            await called.listen(platform)
            return (await platform.state())["pending"] == 0 and not await settled.waiting(engine)

        await platform.until(quiet, seconds=hangs, each=0.3)
        took = time.monotonic() - began
        before = len(await platform.answers(OFFICER))
        await platform.say(OFFICER, "/diemdanh")

        async def told() -> bool:
            return len(await platform.answers(OFFICER)) > before

        await platform.until(told, seconds=30)
        shown = "\n".join(m.get("text", "") for m in (await platform.answers(OFFICER))[before:])
    await each_household(engine, called)
    figures = await _figures(engine)
    counted = called.expected
    silent = reachable - len(called.will)
    assert (figures.total, figures.safe, figures.help, figures.unsure) == (
        called.size, counted["safe"], counted["help"], counted["unsure"],
    )  # fmt: skip
    assert (figures.silent, figures.unreached) == (silent, len(called.blocked))
    assert f"✅ {counted['safe']} an toàn · 🆘 {counted['help']} cần giúp" in shown
    assert f"🔕 {silent} chưa trả lời · 🚪 {len(called.blocked)} không nhắn được" in shown
    return took


async def _figures(engine: AsyncEngine) -> rollfigures.Counts:
    async with engine.connect() as db:
        desk = Desk(db, MONDAY, World({}))
        return rollfigures.summed(await rollfigures.counts(desk, 1))
