"""Ways to where a test of lists begins, and the jobs that a worker would run."""

from __future__ import annotations

from sqlalchemy import select, text

from models.cases import Case
from models.lists import ListLine
from models.people import Role
from tests.conversations.stories import flow
from tests.people import DONG_SON, Somebody, Town

PLACE = "Phước Thiện"


async def head(
    town: Town, name: str = "truong-thon", *villages: str, channel: str = "webchat"
) -> Somebody:
    own = villages or (PLACE,)
    return await town.staff(name, Role.VILLAGE_HEAD, DONG_SON, *own, channel=channel)


async def begun(town: Town, name: str = "truong-thon", channel: str = "webchat") -> Somebody:
    """A village head who is asked for the lines."""
    somebody = await head(town, name, channel=channel)
    await somebody.play("""
        > /danhsach
        Do đâu mà ra?
        > [Bão]
        Xảy ra ngày nào?
        > [Hôm nay]
        Xin gửi các hộ
    """)
    return somebody


async def work(town: Town) -> int:
    """Run the jobs of lists until none is left; gives how many batches there were."""
    worker = town.app.worker()
    batches = 0
    while True:
        async with town.app.engine.begin() as db:
            jobs = (
                await db.execute(
                    text(
                        "DELETE FROM pgqueuer WHERE entrypoint IN ('file_list', 'read_sheet') "
                        "RETURNING entrypoint, convert_from(payload, 'UTF8') AS payload"
                    )
                )
            ).all()
        if not jobs:
            return batches
        for job in jobs:
            if job.entrypoint == "read_sheet":
                await worker.lists.read(job.payload)
            else:
                batches += await filed(town, job.payload)


async def filed(town: Town, list_id: str) -> int:
    worker = town.app.worker()
    batches = 1
    while await worker.lists.batch(list_id):
        batches += 1
    return batches


async def sent(town: Town, somebody: Somebody, lines: str) -> None:
    await somebody.says(lines)
    await somebody.says("xong")
    if await flow(somebody) == "household_list":  # some lines are wrong, and that was said
        await somebody.says("xong")
    await work(town)


async def cases(town: Town) -> list[dict[str, object]]:
    return [row._asdict() for row in await town.rows(select(Case.__table__).order_by(Case.id))]


async def states(town: Town) -> list[tuple[int, str]]:
    rows = await town.rows(
        select(ListLine.number, ListLine.state).order_by(ListLine.list_id, ListLine.number)
    )
    return [(row.number, row.state) for row in rows]


async def decided(town: Town) -> int:
    """Run the batches of a decision about a whole list."""
    worker = town.app.worker()
    batches = 0
    async with town.app.engine.begin() as db:
        jobs = await db.execute(
            text(
                "DELETE FROM pgqueuer WHERE entrypoint = 'decide_list' "
                "RETURNING convert_from(payload, 'UTF8') AS payload"
            )
        )
    for job in jobs:
        batches += 1
        while await worker.lists.decided(job.payload):
            batches += 1
    return batches
