"""Two things at once: one after the other, each once, and one wins."""

import asyncio
import random
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot import clock, database
from bot.delivery import Delivery
from bot.intake import Intake
from handlers import receive as receiving
from handlers.messages import Incoming
from models.cases import Case
from models.conversations import Conversation, Received
from models.outbox import Outbox
from models.people import Person, Role
from tests.faults import loud
from tests.faults.loud import Loud
from tests.faults.reports import almost_sent
from tests.people import CODE, Town

SAID = ("khong", "dong son", "1", "/menu", "thôn 3", "nhà tôi sập rồi", "hôm nay", "gần chợ", "4")


@pytest.fixture
async def engines(database_url: str) -> AsyncIterator[list[AsyncEngine]]:
    """One pool for each of several processes; the database cannot tell the difference."""
    made = [database.engine(database_url, pool=6) for _ in range(3)]
    yield made
    for one in made:
        await one.dispose()


@pytest.fixture
async def doors(engines: list[AsyncEngine], town: Town) -> AsyncIterator[list[Intake]]:
    made = [Intake(engine, town.app.world, town.now) for engine in engines]
    yield made
    for one in made:
        await one.close()


def message(town: Town, address: str, words: str, **more: str) -> Incoming:
    return Incoming("webchat", address, town.next_id(), town.time, text=words, **more)


async def told(town: Town, address: str) -> list[str]:
    """Everything somebody was told, with case codes left out."""
    return [CODE.sub("QN", one.text) for one in await town.person(address).unread()]


async def received(town: Town, address: str) -> list[str]:
    """The words that were applied, in the order they were."""
    rows = await town.rows(
        select(Received.body, Received.failed)
        .join(Conversation, Conversation.id == Received.conversation_id)
        .where(Conversation.address == address)
        .order_by(Received.id)
    )
    assert not [row.failed for row in rows if row.failed]
    return [row.body["text"] for row in rows]


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[Incoming]:
    """Messages in the order they were applied: noted while the conversation is locked."""
    applied: list[Incoming] = []
    receive = receiving.receive

    async def noted(db: AsyncConnection, said: Incoming, *rest: Any) -> bool:
        first = await receive(db, said, *rest)
        if first:
            applied.append(said)
        return first

    monkeypatch.setattr(receiving, "receive", noted)
    return applied


async def test_messages_in_parallel_are_applied_one_after_the_other(
    town: Town, doors: list[Intake], order: list[Incoming]
) -> None:
    for number in range(4):
        words = random.Random(number).sample(SAID, len(SAID))  # noqa: S311
        hurried, patient = f"hurried-{number}", f"patient-{number}"
        for address in (hurried, patient):
            await town.person(address).says("nhà tôi sập rồi")
        await asyncio.gather(
            *(
                doors[place % len(doors)](message(town, hurried, said))
                for place, said in enumerate(words)
            )
        )
        assert sorted(await received(town, hurried)) == sorted(["nhà tôi sập rồi", *words])
        for said in [one.text for one in order if one.address == hurried][1:]:
            await town.person(patient).says(said)
        assert await told(town, hurried) == await told(town, patient)


async def test_first_contact_makes_one_person(town: Town, doors: list[Intake]) -> None:
    for number in range(5):
        await asyncio.gather(
            *(
                doors[place % len(doors)](message(town, f"new-{number}", f"chào {place}"))
                for place in range(6)
            )
        )
        assert len(await received(town, f"new-{number}")) == 6
    assert await town.one(select(func.count()).select_from(Conversation)) == 5
    assert await town.one(select(func.count()).select_from(Person)) == 5


async def test_a_doubled_update_is_applied_once(town: Town, doors: list[Intake]) -> None:
    for address in ("doubled", "single"):
        await town.person(address).says("nhà tôi sập rồi")
    for words in ("khong", "dong son"):
        same = message(town, "doubled", words)
        await asyncio.gather(*(door(same) for door in doors * 3))
        await town.person("single").says(words)
    assert await received(town, "doubled") == ["nhà tôi sập rồi", "khong", "dong son"]
    assert await told(town, "doubled") == await told(town, "single")


async def test_a_doubled_first_contact_is_applied_once(town: Town, doors: list[Intake]) -> None:
    same = message(town, "new", "nhà tôi sập rồi")
    await asyncio.gather(*(door(same) for door in doors * 3))
    assert await received(town, "new") == ["nhà tôi sập rồi"]


async def test_two_officers_press_the_same_button(town: Town, doors: list[Intake]) -> None:
    officers = [await town.staff(f"can-bo-{number}", Role.OFFICER) for number in (1, 2)]
    for number in range(4):
        citizen = await almost_sent(town, f"dan-{number}")
        await citizen.presses("Gửi")
        for one in officers:
            await one.unread()
        presses = [
            Incoming("webchat", one.address, town.next_id(), town.time, button=one.token("Nhận"))
            for one in officers
        ]
        await asyncio.gather(*(doors[place](press) for place, press in enumerate(presses)))
        heard = [await one.hears() for one in officers]
        taken = await town.one(select(Case.taken_by).order_by(Case.id.desc()).limit(1))
        people = [await one.person_id() for one in officers]
        winner = people.index(taken)
        assert re.search(r"đã nhận|Đã nhận", heard[winner]), heard
        assert heard[winner] != heard[1 - winner]
        events = await town.rows(
            text(
                "SELECT count(*) FROM case_events WHERE what = 'taken' "
                "AND case_id = (SELECT max(id) FROM cases)"
            )
        )
        assert events[0][0] == 1


async def test_citizens_and_officer_at_once_do_not_stand_in_each_others_way(
    town: Town, doors: list[Intake]
) -> None:
    """Each writes into the other's outbox while both conversations are locked."""
    officer = await town.staff("can-bo", Role.OFFICER)
    first = [await almost_sent(town, f"truoc-{number}") for number in range(6)]
    for one in first:
        await one.presses("Gửi")
    await officer.unread()
    cases = await town.rows(select(Case.code).order_by(Case.id))
    more = [await almost_sent(town, f"sau-{number}") for number in range(6)]
    acts = [message(town, officer.address, f"/nhan {case.code}") for case in cases]
    acts += [
        Incoming("webchat", one.address, town.next_id(), town.time, button=one.token("Gửi"))
        for one in more
    ]
    acts += [message(town, one.address, "tôi cần thêm nước uống") for one in first]
    random.Random(5).shuffle(acts)  # noqa: S311
    await asyncio.gather(*(doors[place % 3](act) for place, act in enumerate(acts)))
    statuses = [row.status for row in await town.rows(select(Case.status).order_by(Case.id))]
    assert statuses == ["taken"] * 6 + ["new"] * 6
    assert not await town.rows(select(Received.id).where(Received.failed.is_not(None)))


async def test_two_workers_keep_order_and_send_each_message_once(
    engines: list[AsyncEngine],
) -> None:
    platform = Loud()
    platform.slowest = 0.004
    workers = [Delivery(engine, {"telegram": platform}, clock.now) for engine in engines[:2]]
    chats = [await loud.chat(engines[2], str(number)) for number in range(4)]
    chance = random.Random(9)  # noqa: S311

    async def speak(place: int) -> None:
        """Write messages as somebody's replies are written; each one's job runs somewhere."""
        jobs = []
        for number in range(40):
            await asyncio.sleep(chance.uniform(0, 0.006))
            await loud.say(engines[2], chats[place], str(number))
            jobs.append(asyncio.create_task(chance.choice(workers)(chats[place].id)))
        await asyncio.gather(*jobs)

    await asyncio.gather(*(speak(place) for place in range(len(chats))))
    # every job has run once: nothing may be left over, and no job may be needed again
    async with engines[2].connect() as db:
        left = await db.scalar(
            select(func.count()).select_from(Outbox).where(Outbox.done_at.is_(None))
        )
    assert left == 0
    everything = [str(number) for number in range(40)]
    assert [platform.heard[str(place)] for place in range(4)] == [everything] * 4
    assert platform.most > 1  # conversations side by side
