"""Workers are killed while decisions are told: each citizen reads theirs, and reads it once."""

import asyncio
import random
from pathlib import Path

from sqlalchemy import func, select, text

from models.decisions import Decision
from tests.conversations.stories import officer
from tests.conversations.test_many_at_once import storm
from tests.faults.platform import Platform
from tests.faults.service import environment, processes
from tests.people import Town

CASES, KILLS = 40, 3
SPREAD = """
    UPDATE pgqueuer SET execute_after = now() + random() * interval '6 seconds'
    WHERE entrypoint = 'tell_decision'
"""


async def test_killed_while_decisions_are_told(
    town: Town, platform: Platform, database_url: str, key: str, tmp_path: Path
) -> None:
    clerk = await officer(town)
    people = await storm(town, CASES)
    for said in (
        "/xacnhanloat",
        f"[Tất cả ({CASES})]",
        "5 triệu đồng mỗi hộ",
        "[Không bỏ hồ sơ nào]",
        "[Xác nhận các hồ sơ này]",
    ):
        await clerk.says(said)
        await clerk.unread()
    chance = random.Random(7)  # noqa: S311 - a run that can be played again
    env = environment(database_url, key, tmp_path, platform.base)
    left = select(func.count()).select_from(Decision).where(Decision.settled.is_(None))
    async with processes(env, tmp_path, "worker", "worker") as both:
        async with town.app.engine.begin() as db:
            await db.execute(text(SPREAD))
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(0.5, 1))
            victim = chance.choice(both)
            await victim.kill()
            await victim.start()
        assert await town.one(left), "all were told before the last kill"

        async def all_told() -> bool:
            return not await town.one(left)

        await platform.until(all_told, seconds=90)
    for somebody in people.values():
        assert (await somebody.hears()).count("5 triệu đồng mỗi hộ") == 1
