"""Messages that a platform lets nobody send now wait for the person, and the case says so."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select, update

from bot import upkeep
from bot.channels.base import SendFailed
from models.conversations import Conversation
from models.outbox import Lane, Outbox
from models.people import Role
from tests.faults import loud
from tests.faults.loud import Loud
from tests.faults.reports import almost_sent
from tests.people import Somebody, Town

SILENT = "-230 no interaction in 7 days"


def closed(_address: str, _text: str) -> SendFailed:
    return SendFailed(SILENT, retry=False, mailbox=True)


def shut_for(*addresses: str):
    return lambda address, text: closed(address, text) if address in addresses else None


async def waiting(town: Town, address: str = "84900") -> int:
    here = Outbox.conversation_id == Conversation.id
    return await town.one(
        select(func.count())
        .select_from(Outbox)
        .join(Conversation, here)
        .where(Conversation.address == address, Outbox.mailbox)
    )


async def a_case(town: Town) -> tuple[Loud, Somebody, Somebody]:
    """A filed case, whose reporter cannot be written to any more."""
    channel = Loud()
    town.app.channels["telegram"] = channel
    officer = await town.staff("can-bo", Role.OFFICER)
    citizen = await almost_sent(town, "84900", "telegram")
    await citizen.presses("Gửi")
    await officer.unread()
    await town.run_jobs()
    await citizen.unread()
    channel.fails = shut_for("84900")
    return channel, officer, citizen


async def test_it_waits_and_the_officer_reads_that_the_person_does_not_know(town: Town) -> None:
    _, officer, citizen = await a_case(town)
    await officer.presses("Nhận")
    await officer.says(f"/hoi {citizen.code} nhà còn ai không?")
    await town.run_jobs()
    assert await waiting(town) == 2
    await officer.unread()
    await officer.play(f"""
        > {citizen.code}
        Chưa báo được qua Zalo (người dân lâu chưa nhắn), nên gọi điện hoặc tới nhà
    """)
    story = "\n".join(message.text for message in officer.last[-1:])
    assert story.count("Chưa báo được") == 1


async def test_the_next_word_brings_everything_in_order_before_its_answer(town: Town) -> None:
    channel, officer, citizen = await a_case(town)
    await officer.presses("Nhận")
    await officer.says(f"/hoi {citizen.code} nhà còn ai không?")
    await town.run_jobs()
    before = len(channel.heard["84900"])
    channel.fails = lambda _address, _text: None
    await citizen.says("chào")
    await town.run_jobs()
    assert await waiting(town) == 0
    first, second, *_ = channel.heard["84900"][before:]
    assert "đã tiếp nhận" in first
    assert "nhà còn ai không?" in second
    await officer.unread()
    await officer.play(f"""
        > {citizen.code}
        Chưa báo được qua Zalo
        Người dân đã nhắn lại, tin chờ trên Zalo đã gửi tới
    """)


async def test_who_writes_while_a_message_is_being_kept_gets_it(town: Town) -> None:
    channel, officer, citizen = await a_case(town)
    trying, written = asyncio.Event(), asyncio.Event()

    async def send(address, message, key):  # noqa: ARG001 - the channel's own signature
        trying.set()
        await written.wait()
        channel.send = Loud.send.__get__(channel)
        channel.fails = lambda _address, _text: None
        raise closed(address, message.text)

    await officer.presses("Nhận")
    channel.send = send
    jobs = asyncio.create_task(town.run_jobs())
    await trying.wait()
    await citizen.says("chào")
    written.set()
    await jobs
    await town.run_jobs()
    assert await waiting(town) == 0
    assert any("đã tiếp nhận" in text for text in channel.heard["84900"])


async def test_staff_who_cannot_be_written_to_are_not_taken_for_the_citizen(town: Town) -> None:
    channel = Loud()
    town.app.channels["telegram"] = channel
    officer = await town.staff("can-bo", Role.OFFICER)
    async with town.app.engine.begin() as db:
        await db.execute(
            update(Conversation)
            .where(Conversation.address == "can-bo")
            .values(channel="telegram", address="84901")
        )
    channel.fails = shut_for("84901")
    citizen = await almost_sent(town, "84900", "telegram")
    await citizen.presses("Gửi")
    await town.run_jobs()
    await citizen.unread()
    officer.channel, officer.address = "telegram", "84901"
    await officer.unread()
    await officer.says(citizen.code)
    heard = await officer.hears()
    assert "Chưa báo được cho một cán bộ qua Zalo" in heard
    assert "người dân lâu chưa nhắn" not in heard


async def test_what_is_kept_has_no_job_and_is_not_woken(town: Town) -> None:
    channel = Loud()
    town.app.channels["telegram"] = channel
    engine = town.app.engine
    somebody = await loud.chat(engine, "1")
    channel.fails = closed
    await loud.say(engine, somebody, "a", "b")
    await town.run_jobs()
    async with engine.begin() as db:
        await db.exec_driver_sql("DELETE FROM pgqueuer")
    assert await waiting(town, "1") == 2
    assert await upkeep.wake_forgotten(engine, town.time + timedelta(days=1)) == 0


async def test_old_news_is_not_kept_for_ever_but_answers_are(town: Town) -> None:
    channel = Loud()
    town.app.channels["telegram"] = channel
    engine = town.app.engine
    somebody = await loud.chat(engine, "1")
    channel.fails = closed
    await loud.say(engine, somebody, "chúc mừng ngày 1/10", lane=Lane.BULK)
    await loud.say(engine, somebody, "hồ sơ đã được xác nhận")
    await town.run_jobs()
    town.later(days=8)
    await upkeep.empty_old_words(engine, town.time, 30)
    rows = await town.rows(select(Outbox.failure, Outbox.mailbox).order_by(Outbox.id))
    assert rows == [("kept too long", False), (None, True)]
