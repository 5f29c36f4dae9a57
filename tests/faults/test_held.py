"""Connections kept for messages: none is lost, whatever befalls the message."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from models.hot import Held

MANY = 10  # more than the places there are


async def test_a_message_cancelled_twice_gives_its_place_back(engine: AsyncEngine) -> None:
    held = Held(engine)
    begun = asyncio.Event()

    async def message() -> None:
        async with held.transaction():
            begun.set()
            await asyncio.sleep(60)

    for _ in range(MANY):
        begun.clear()
        task = asyncio.create_task(message())
        async with asyncio.timeout(10):
            await begun.wait()
        task.cancel()
        await asyncio.sleep(0)  # now it rolls back
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
    async with asyncio.timeout(10):
        async with held.transaction() as db:
            assert (await db.exec_driver_sql("SELECT 1")).scalar() == 1
    await held.close()
    assert engine.pool.checkedout() == 0
