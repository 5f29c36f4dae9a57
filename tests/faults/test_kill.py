"""Processes are killed again and again under two hundred conversations.  Nothing may be lost."""

import asyncio
import random
import time
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from models.cases import Case
from models.conversations import Conversation, Received
from models.outbox import Outbox
from models.people import Grant, Role
from tests.faults import settled
from tests.faults.platform import Platform
from tests.faults.service import Process, environment, processes
from tests.faults.walkers import Crowd, Walker
from tests.people import DONG_SON

PEOPLE, KILLS, SEED = 200, 15, 335
MESSAGES = 16  # that each of them is told, at least
OFFICER = 9001
HANGS = 500  # seconds; this test is broken if it lasts that long


async def make_officer(platform: Platform, engine: AsyncEngine, chat: int = OFFICER) -> None:
    """Let somebody say hello and make them an officer."""
    await platform.say(chat, "/menu")

    async def answered() -> bool:
        return bool(await platform.answers(chat))

    await platform.until(answered, seconds=30)
    async with engine.begin() as db:
        person_id, at = (
            await db.execute(
                select(Conversation.person_id, func.now()).where(Conversation.address == str(chat))
            )
        ).one()
        role = {"person_id": person_id, "role": Role.OFFICER.value, "commune": DONG_SON}
        await db.execute(insert(Grant).values(**role, villages=[], granted_at=at))


class Killer:
    """Kills one process or the other, at moments nobody chose, and starts it again.

    The kills are spread over the whole walk, so that they fall into every part of it.
    """

    def __init__(self, victims: list[Process], crowd: Crowd) -> None:
        self._victims, self._crowd = victims, crowd
        self._chance = random.Random(SEED)  # noqa: S311 - a run that can be played again
        self.kills = 0

    async def run(self) -> None:
        while self.kills < KILLS:
            share = (self.kills + self._chance.random()) / KILLS
            while self._crowd.heard < 0.95 * share * PEOPLE * MESSAGES:
                await self._crowd.moved.wait()
            await asyncio.sleep(self._chance.uniform(0, 0.3))
            victim = self._chance.choice(self._victims)
            await victim.kill()
            self.kills += 1
            await victim.start()


async def test_killed_again_and_again(
    platform: Platform, engine: AsyncEngine, database_url: str, key: str, tmp_path: Path
) -> None:
    began = time.monotonic()
    await platform.faults(double=0.1, again=0.1, shuffle=True, answer_takes=0.3)
    env = environment(database_url, key, tmp_path, platform.base)
    walkers = [Walker(10_000 + number, number) for number in range(PEOPLE)]
    crowd = Crowd(platform, walkers, SEED)
    async with asyncio.timeout(HANGS), processes(env, tmp_path, "web,worker", "worker") as both:
        await make_officer(platform, engine)
        killer = Killer(both, crowd)
        killing = asyncio.create_task(killer.run())
        await crowd.begin(walkers)
        while crowd.through() < PEOPLE or not killing.done():
            await crowd.look()
        await killing
        for one in both:
            await one.ready()
        await platform.until(lambda: _all_done(platform, engine), seconds=90, each=0.3)
    await _every_report_once(engine, walkers)
    again = [
        settled.repeated(await settled.outbox(engine, one.chat), await platform.answers(one.chat))
        for one in walkers
    ]
    cards = await _cards(platform, engine, walkers)
    dropped = sum(one.everything().count(b'"message_repeated"') for one in both)
    heard = await _count(engine, select(func.count()).select_from(Received))
    sent = await _count(engine, select(func.count()).select_from(Outbox))
    print(  # noqa: T201 - figures for people
        f"\n{killer.kills} kills, {PEOPLE} conversations, {heard} messages in, {sent} out; "
        f"{dropped} repeated updates dropped ({crowd.late} came late), "
        f"{sum(again) + cards} messages sent twice; {time.monotonic() - began:.0f} s"
    )
    assert dropped > 0
    assert killer.kills >= 15
    assert sum(again) + cards <= 20 * KILLS  # no more than were in flight at a kill


async def _all_done(platform: Platform, engine: AsyncEngine) -> bool:
    return (await platform.state())["pending"] == 0 and not await settled.waiting(engine)


async def _every_report_once(engine: AsyncEngine, walkers: list[Walker]) -> None:
    async with engine.connect() as db:
        cases = (await db.execute(select(Case, Conversation.address).join(Conversation))).all()
        forms = await db.scalar(
            select(func.count()).select_from(Conversation).where(Conversation.flow.is_not(None))
        )
        failed = await db.scalar(
            select(func.count()).select_from(Received).where(Received.failed.is_not(None))
        )
    assert forms == 0 and failed == 0
    assert not settled.doubled([case.address for case in cases])
    by_chat = {int(case.address): case for case in cases}
    assert by_chat.keys() == {one.chat for one in walkers}
    for one in walkers:
        case = by_chat[one.chat]
        told = str(sorted(map(str, case.details.values())))
        assert one.code == case.code and not case.incomplete
        assert "Phước Thiện" in str(case.village)
        for said in (one.name, one.address, f"'{one.people}'", one.phone.lstrip("0")):
            assert said in told


async def _cards(platform: Platform, engine: AsyncEngine, walkers: list[Walker]) -> int:
    """Every case reached the officer, or waits for the office; gives how many came twice."""
    rows, shown = await settled.outbox(engine, OFFICER), await platform.answers(OFFICER)
    assert all(row.done_at and row.platform_id and not row.failure for row in rows)
    assert {int(row.platform_id) for row in rows} <= {m["message_id"] for m in shown}
    told = {row.case_id for row in rows if row.case_id}
    cases = await _all(engine, select(Case.id, Case.code, Case.card_at))
    # the real clock runs: what is no emergency is shown when the office opens
    assert all(case_id in told or card_at is not None for case_id, _, card_at in cases)
    words = "\n".join(message.get("text", "") for message in shown)
    ready = {code for case_id, code, _ in cases if case_id in told}
    assert all(one.code in words and one.name in words for one in walkers if one.code in ready)
    return len(shown) - len(rows)


async def _all(engine: AsyncEngine, query: object) -> list[tuple]:
    async with engine.connect() as db:
        return [tuple(row) for row in await db.execute(query)]


async def _count(engine: AsyncEngine, query: object) -> int:
    [[count]] = await _all(engine, query)
    return count
