"""The platform refuses, is slow, or is away: who has to wait, and what is written down."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import delivery, upkeep
from bot.delivery import Delivery, Later
from handlers import router
from handlers.desk import Chat
from models.cases import Case, CaseEvent
from models.conversations import Conversation, Received
from models.outbox import Lane, Outbox, Pace
from models.people import Role
from tests.faults import loud, settled
from tests.faults.loud import FREE, Loud, refused
from tests.faults.platform import Platform
from tests.faults.reports import almost_sent
from tests.faults.service import environment, processes
from tests.people import Town

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
PACED = replace(FREE, per_second=30, per_chat=1)


class Clock:
    """A time of day that is set; the rate limits follow it."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def later(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def hour() -> Clock:
    return Clock()


@pytest.fixture
def channel() -> Loud:
    return Loud()


@pytest.fixture
def deliver(engine: AsyncEngine, channel: Loud, hour: Clock) -> Delivery:
    return Delivery(engine, {"telegram": channel}, hour)


async def later(deliver: Delivery, to: Chat, *, urgent: bool = False) -> float:
    """Try to deliver; give the seconds it is to be left."""
    # a process of its own: what it knows about waiting jobs is not shared
    fresh = Delivery(deliver.engine, deliver.channels, deliver.clock)
    with pytest.raises(Later) as caught:
        await fresh(to.id, urgent=urgent)
    return caught.value.wait.total_seconds()


async def row(engine: AsyncEngine, query: Any) -> Any:
    async with engine.connect() as db:
        return (await db.execute(query)).one()


async def test_one_chat_is_refused_and_only_it_waits(
    engine: AsyncEngine, deliver: Delivery, channel: Loud, hour: Clock
) -> None:
    busy, other = await loud.chat(engine, "1"), await loud.chat(engine, "2")
    await loud.say(engine, busy, "a")
    await loud.say(engine, other, "x", lane=Lane.BULK)
    await deliver(busy.id)  # so the refusal that follows is for this chat's own sake
    channel.fails = lambda address, _: refused(retry_after=30) if address == "1" else None
    channel.limits = PACED
    await loud.say(engine, busy, "b", "c")
    async with engine.begin() as db:
        await db.execute(
            update(Conversation).where(Conversation.id == busy.id).values(last_sent_at=hour())
        )
    hour.later(1.5)
    assert await later(deliver, busy) == 30
    channel.fails = lambda _address, _text: None
    hour.later(2)
    assert await deliver(other.id)  # even bulk
    assert 27 < await later(deliver, busy) <= 30
    hour.later(29)
    assert await later(deliver, busy) == 1  # one went out, the next keeps a second's distance
    hour.later(1.1)
    assert await deliver(busy.id)
    assert channel.heard == {"1": ["a", "b", "c"], "2": ["x"]}


async def refuse_many(
    engine: AsyncEngine,
    deliver: Delivery,
    channel: Loud,
    wait: float,
    lane: Lane = Lane.BULK,
) -> Chat:
    """As many chats as it takes are refused that we had left alone; gives the last."""
    channel.fails = lambda _address, _text: refused(retry_after=wait)
    for number in range(delivery.REFUSALS):
        chat = await loud.chat(engine, f"{wait}-{number}")
        await loud.say(engine, chat, "tin hàng loạt", lane=lane)
        with pytest.raises(Later) as caught:
            await deliver(chat.id)
        assert caught.value.wait.total_seconds() == wait
    channel.fails = lambda _address, _text: None
    return chat


async def test_a_chat_refused_alone_does_not_hold_the_others(
    engine: AsyncEngine, deliver: Delivery, channel: Loud
) -> None:
    first, second = [await loud.chat(engine, str(number)) for number in range(2)]
    channel.fails = lambda address, _: refused(retry_after=40) if address == "0" else None
    for chat in (first, second):
        await loud.say(engine, chat, "tin hàng loạt", lane=Lane.BULK)
    assert await later(deliver, first) == 40
    assert await deliver(second.id)


async def test_everybody_is_refused_and_bulk_waits_but_urgent_does_not(
    engine: AsyncEngine, deliver: Delivery, channel: Loud, hour: Clock
) -> None:
    first = await refuse_many(engine, deliver, channel, 40)
    second, third = [await loud.chat(engine, str(number)) for number in (1, 2)]
    await loud.say(engine, second, "tin hàng loạt", lane=Lane.BULK)
    await loud.say(engine, third, "trả lời")
    assert await later(deliver, second) == 40
    assert await deliver(third.id)
    await loud.say(engine, second, "🆘", lane=Lane.URGENT)
    assert await deliver(second.id, urgent=True)
    assert channel.heard["1"] == ["tin hàng loạt", "🆘"]  # what stands before it goes first
    await loud.say(engine, first, "🆘", lane=Lane.URGENT)
    hour.later(delivery.URGENT_GAP.total_seconds())
    assert await deliver(first.id, urgent=True)
    assert channel.heard[f"40-{delivery.REFUSALS - 1}"] == ["tin hàng loạt", "🆘"]


async def test_a_shorter_refusal_does_not_end_a_longer_one(
    engine: AsyncEngine, deliver: Delivery, channel: Loud
) -> None:
    await refuse_many(engine, deliver, channel, 60)
    await refuse_many(engine, deliver, channel, 5, Lane.REPLY)  # bulk is not even tried now
    held = await row(engine, select(Pace.bulk_hold_until))
    assert held.bulk_hold_until == NOON + timedelta(seconds=60)


async def test_failures_are_tried_again_in_order_and_not_all_at_once(
    engine: AsyncEngine, deliver: Delivery, channel: Loud, hour: Clock
) -> None:
    somebody = await loud.chat(engine, "1")
    await loud.say(engine, somebody, "a", "b", "c")
    tried: list[str] = []
    channel.fails = lambda _address, words: (tried.append(words), refused())[1]
    waits = []
    for _ in range(8):
        waits.append(await later(deliver, somebody))
        # the jobs of the other messages come by at once; they do not hammer the platform
        assert await later(deliver, somebody) <= delivery.GAP.total_seconds()
        hour.later(max(waits[-1], delivery.GAP.total_seconds()))
    assert tried == ["a"] * 8
    assert waits[:5] == sorted(waits[:5])  # longer and longer; the longest differ by chance
    assert 40 < waits[-1] <= delivery.LONGEST_WAIT.total_seconds()
    channel.fails = lambda _address, _text: None
    assert await deliver(somebody.id)
    assert channel.heard["1"] == ["a", "b", "c"]


async def test_an_urgent_message_does_not_wait_for_a_failed_one(
    engine: AsyncEngine, deliver: Delivery, channel: Loud, hour: Clock
) -> None:
    """The older message's next try may be far away; one job sends both."""
    somebody = await loud.chat(engine, "1")
    channel.fails = lambda _address, _text: refused()
    await loud.say(engine, somebody, "trả lời")
    for _ in range(7):
        wait = await later(deliver, somebody)
        hour.later(max(wait, 5))
    channel.fails = lambda _address, _text: None
    await loud.say(engine, somebody, "🆘", lane=Lane.URGENT)
    assert await deliver(somebody.id, urgent=True)
    assert channel.heard["1"] == ["trả lời", "🆘"]


async def test_one_waiting_job_a_conversation_is_enough(
    engine: AsyncEngine, deliver: Delivery, channel: Loud
) -> None:
    somebody = await loud.chat(engine, "1")
    await loud.say(engine, somebody, "a", "b", "c")
    channel.fails = lambda _address, _text: refused(retry_after=9)
    with pytest.raises(Later):
        await deliver(somebody.id)
    assert not await deliver(somebody.id)  # ends: the first comes back
    await loud.say(engine, somebody, "🆘", lane=Lane.URGENT)
    with pytest.raises(Later) as caught:
        await deliver(somebody.id, urgent=True)
    assert caught.value.wait <= delivery.URGENT_GAP


async def test_nothing_is_given_up_while_the_platform_is_away(
    engine: AsyncEngine, deliver: Delivery, channel: Loud, hour: Clock
) -> None:
    somebody, other = await loud.chat(engine, "1"), await loud.chat(engine, "2")
    await loud.say(engine, somebody, "🆘", lane=Lane.URGENT)
    channel.fails = lambda _address, _text: refused()
    for _ in range(delivery.TRIES + 10):
        with pytest.raises(Later):
            await Delivery(engine, deliver.channels, hour)(somebody.id)
        hour.later(3600)
    # the platform is back for everybody else: the message itself must be at fault
    channel.fails = lambda address, _: refused() if address == "1" else None
    await loud.say(engine, other, "x")
    assert await deliver(other.id)
    assert not await deliver(somebody.id)
    found = await row(engine, select(Outbox.failure, Outbox.body).where(Outbox.lane == 40))
    assert found == ("refused by the test", None)


async def test_a_fault_of_ours_in_one_message_holds_nobody_for_ever(
    engine: AsyncEngine, deliver: Delivery, channel: Loud, hour: Clock
) -> None:
    somebody, other = await loud.chat(engine, "1"), await loud.chat(engine, "2")
    await loud.say(engine, somebody, "a", "b")
    channel.fails = lambda _address, words: ZeroDivisionError() if words == "a" else None
    for number in range(delivery.TRIES - 1):
        await loud.say(engine, other, str(number))
        assert await deliver(other.id)
        with pytest.raises(Later):
            await Delivery(engine, deliver.channels, hour)(somebody.id)
        hour.later(3600)
    await loud.say(engine, other, "x")
    assert await deliver(other.id)
    assert await deliver(somebody.id)
    assert channel.heard["1"] == ["b"]


async def test_a_worker_without_the_channel_leaves_the_message_to_another(
    engine: AsyncEngine, deliver: Delivery, hour: Clock
) -> None:
    somebody = await loud.chat(engine, "1")
    await loud.say(engine, somebody, "a")
    with pytest.raises(Later) as caught:
        await Delivery(engine, {}, hour)(somebody.id)
    assert caught.value.wait <= timedelta(seconds=5)
    assert await deliver(somebody.id)


async def test_who_blocked_the_service_is_written_down_and_comes_back(town: Town) -> None:
    channel = Loud()
    town.app.channels["telegram"] = channel
    officer = await town.staff("can-bo", Role.OFFICER)
    citizen = await almost_sent(town, "84900", "telegram")
    await citizen.presses("Gửi")
    await officer.unread()
    await town.run_jobs()
    channel.fails = lambda _address, _text: refused(gone=True)
    await officer.presses("Nhận")  # the reporter is told, or would be
    await town.run_jobs()
    here = Conversation.address == "84900"
    [gone] = await town.rows(select(Conversation.gone_at, Conversation.gone_why).where(here))
    assert gone == (town.time, "refused by the test")
    assert await town.rows(
        select(CaseEvent.id).join(Case, Case.id == CaseEvent.case_id)
        .where(CaseEvent.what == "unreached", CaseEvent.public.is_(False))
    )  # fmt: skip
    assert not await town.rows(select(Outbox.id).where(Outbox.done_at.is_(None)))
    assert await town.rows(select(Outbox.id).where(Outbox.failure == "refused by the test"))
    await officer.says("/chuabao")  # and somebody is asked to telephone
    assert "đã chặn kênh hoặc mất tài khoản" in await officer.hears()
    channel.fails = lambda _address, _text: None
    await citizen.says("tôi đây")
    [back] = await town.rows(select(Conversation.gone_at, Conversation.gone_why).where(here))
    assert back == (None, None)
    before = len(channel.heard["84900"])
    await town.run_jobs()
    assert len(channel.heard["84900"]) > before


async def test_a_message_without_a_job_is_woken(town: Town) -> None:
    engine = town.app.engine
    somebody = await loud.chat(engine, "1")
    await loud.say(engine, somebody, "a", "b")
    async with engine.begin() as db:
        await db.execute(update(Outbox).values(created_at=town.time))
    assert await upkeep.wake_forgotten(engine, town.time + timedelta(minutes=5)) == 0
    async with engine.begin() as db:
        await db.execute(text("DELETE FROM pgqueuer"))
    assert await upkeep.wake_forgotten(engine, town.time) == 0  # it may be under way
    assert await upkeep.wake_forgotten(engine, town.time + timedelta(minutes=1)) == 1
    assert await upkeep.wake_forgotten(engine, town.time + timedelta(minutes=1)) == 0
    jobs = await town.rows(text("SELECT convert_from(payload, 'UTF8') FROM pgqueuer"))
    assert jobs == [(str(somebody.id),)]


async def test_a_file_without_a_job_is_woken(town: Town) -> None:
    engine = town.app.engine
    await town.person("1").says("chào")
    async with engine.begin() as db:
        await db.execute(
            text(
                "INSERT INTO media (id, conversation_id, kind, ref, received_at)"
                " SELECT gen_random_uuid(), id, 'photo', 'AgAC', :at FROM conversations"
            ),
            {"at": town.time},
        )
        await db.execute(text("DELETE FROM pgqueuer"))
    await upkeep.wake_forgotten(engine, town.time + timedelta(minutes=1))
    await upkeep.wake_forgotten(engine, town.time + timedelta(minutes=1))
    jobs = await town.rows(
        text("SELECT entrypoint FROM pgqueuer WHERE entrypoint = 'fetch_media'")
    )
    assert jobs == [("fetch_media",)]


async def test_a_message_we_cannot_handle_is_kept_and_holds_nothing_up(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = town.person("1")
    await citizen.says("nhà tôi sập rồi")
    await citizen.unread()
    route = router.route

    async def broken(turn: Any) -> None:
        if turn.said.text == "khong":
            raise ZeroDivisionError
        await route(turn)

    monkeypatch.setattr(router, "route", broken)
    await citizen.says("khong")
    assert "Hệ thống đang bận, tin nhắn của ông/bà đã được lưu" in await citizen.hears()
    [kept] = await town.rows(
        select(Received.body, Received.failed).where(Received.failed.is_not(None))
    )
    assert (kept.body["text"], kept.failed) == ("khong", "ZeroDivisionError")
    await citizen.says("không có ai")
    assert "Hệ thống đang bận" not in await citizen.hears()


async def test_the_rates_hold_across_processes(
    platform: Platform, engine: AsyncEngine, database_url: str, key: str, tmp_path: Path
) -> None:
    """Thirty a second in all and one to each chat, whoever sends."""
    env = environment(database_url, key, tmp_path, platform.base)
    chats = [await loud.chat(engine, str(number)) for number in range(1, 61)]
    await platform.say_all([{"chat_id": int(number)} for number in range(1, 61)])
    for one in chats:
        await loud.say(engine, one, "một", "hai", "ba")
    urgent = await loud.chat(engine, "99")
    await platform.say(99)
    async with processes(env, tmp_path, "worker", "worker", per_second=30, per_chat=1):
        await asyncio.sleep(1)  # the rest is waiting its turn by now
        await loud.say(engine, urgent, "🆘", lane=Lane.URGENT)
        await platform.until(lambda: _nothing_waits(engine), seconds=60, each=0.3)
    news = await platform.news(0)
    for number in range(1, 61):
        assert [m["text"] for chat, m in news if chat == number] == ["một", "hai", "ba"]
    counts = (await platform.state())["counts"]
    assert "breach_chat" not in counts
    at = sorted(message["at"] for _, message in news)
    assert len(at) == 181
    # over three seconds a hiccup of this machine does not count
    assert max(sum(start <= one < start + 3 for one in at) for start in at) <= 90
    place = [chat for chat, _ in sorted(news, key=lambda one: one[1]["at"])].index(99)
    assert place < 120  # it did not queue behind the rest


async def _nothing_waits(engine: AsyncEngine) -> bool:
    return not await settled.waiting(engine)
