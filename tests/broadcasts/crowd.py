"""A province with staff and some people, and everything that is sent to them sent."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select, update

from bot.bulk import Bulk
from models.broadcasts import Broadcast, Recipient
from models.people import Person, Role
from tests.people import DONG_SON, Somebody, Town


def bulk(town: Town) -> Bulk:
    worker = town.app.worker()
    return Bulk(town.app.engine, worker.deliver, town.app.world, town.now)


async def drain(town: Town) -> None:
    """Let every broadcast that may run be sent."""
    await bulk(town).drain()
    await town.run_jobs()


async def citizens(town: Town, *names: str, commune: str | None = DONG_SON) -> list[Somebody]:
    found = []
    for name in names:
        one = town.person(name)
        await one.says("/menu")
        await one.unread()
        async with town.app.engine.begin() as db:
            person = await one.person_id()
            await db.execute(update(Person).where(Person.id == person).values(commune=commune))
        found.append(one)
    return found


async def province(town: Town, name: str) -> Somebody:
    return await town.staff(name, Role.PROVINCE, None)


async def newest(town: Town) -> int:
    return int(await town.one(select(func.max(Broadcast.id))))


async def state(town: Town, number: int) -> str:
    return str(await town.one(select(Broadcast.state).where(Broadcast.id == number)))


async def fates(town: Town, number: int) -> Counter[str]:
    rows = await town.rows(
        select(Recipient.fate, func.count())
        .where(Recipient.broadcast_id == number)
        .group_by(Recipient.fate)
    )
    return Counter({row[0]: row[1] for row in rows})
