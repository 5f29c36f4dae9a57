"""Whatever crashes in the middle of a reminder: each is given once, none is lost."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from random import Random

from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from handlers.desk import unpacked
from models.cases import Case, Rung
from models.outbox import Outbox
from models.people import Role
from tests.conversations.stories import case_of, officer, reported

CASES = 40
KILL = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


async def copies(town, citizen, number):
    case = await case_of(citizen)
    base = {name: one for name, one in case.items() if name not in ("id", "code", "draft_id")}
    rows = [{**base, "code": f"QN-{2222 + index}-X"} for index in range(number)]
    async with town.app.engine.begin() as db:
        await db.execute(insert(Case), rows)


async def killing(town, often):
    """The connection of whoever is at work is cut off, again and again."""
    random = Random(7)  # noqa: S311 - no secret
    killed = 0
    for _ in range(often):
        await asyncio.sleep(random.uniform(0.005, 0.06))
        with contextlib.suppress(DBAPIError):
            async with town.app.engine.connect() as db:
                killed += len((await db.execute(text(KILL))).all())
    return killed


async def ringing(town):
    """A process that takes up the work again however often it dies."""
    for _ in range(200):
        try:
            await town.app.worker()._ring()  # noqa: SLF001 - without the other work of a minute
        except (DBAPIError, OSError):
            continue
        return


async def test_each_rung_is_given_once_however_often_processes_die(town):
    await officer(town)
    await town.staff("lanh-dao", Role.LEADER)
    citizen = await reported(town)
    await copies(town, citizen, CASES - 1)
    town.later(days=2, hours=1)  # everything of both clocks has come due
    killed, *_ = await asyncio.gather(
        killing(town, 25), ringing(town), ringing(town), ringing(town)
    )
    await ringing(town)
    assert killed > 0
    given = await town.rows(select(Rung.case_id, Rung.rung))
    expected = {rung.rung for rung in given if rung.case_id == given[0].case_id}
    assert {"take_late", "answer_late", "answer_late_citizen"} <= expected
    assert len(given) == len(set(given)) == CASES * len(expected)
    said = await town.rows(select(Outbox.case_id, Outbox.conversation_id, Outbox.body))
    notices = Counter(
        (row.case_id, row.conversation_id)
        for row in said
        if unpacked(row.body).text.startswith(("⏰", "Xin lỗi"))
    )
    assert len(notices) == CASES * 3 and set(notices.values()) == {1}
    assert await town.one(select(func.count()).where(Case.next_rung_at <= town.time)) == 0
