"""Choosing what one hears about: by button, in words, in answer to a message; and its proof."""

from sqlalchemy import func, select

from models.broadcasts import Answer, Fate, Subscription
from models.conversations import Conversation
from tests.broadcasts import crowd
from tests.people import Town


async def sent(town: Town, *names: str, topic: str = "Chế độ người khuyết tật"):
    """A broadcast with both buttons, about to go out to some people."""
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    people = await crowd.citizens(town, *names)
    await lan.says("/guitin moi")
    await lan.unread()
    await lan.presses(topic)
    await lan.says("Rà soát người khuyết tật.")
    await lan.says("/guitin 1 sua offers")
    await lan.unread()
    await lan.presses("Kiểm tra chế độ + Hẹn cán bộ")
    await lan.says("/guitin 1 trinh")
    await minh.unread()
    await minh.presses("✅ Duyệt")
    return lan, minh, people


async def test_stopped_by_the_button_under_a_message(town: Town) -> None:
    *_, (reader,) = await sent(town, "reader")
    await crowd.drain(town)
    await reader.unread()
    await reader.play("""
        > [🔕 Ngừng nhận tin này]
        từ nay không gửi tin về «Chế độ người khuyết tật» nữa. Cảnh báo nguy hiểm vẫn được gửi.
        > /tinnhan
        🔔 Cảnh báo bão, lũ, sạt lở
        🔕 Chế độ người khuyết tật
        🔔 Chế độ người cao tuổi
        luôn được gửi vì liên quan tính mạng (Luật 91/2025/QH15, Điều 19 khoản 1 điểm a)
        > [Nhận: Chế độ người khuyết tật]
        từ nay ông/bà nhận tin: Chế độ người khuyết tật
        """)
    [stop, take_up] = await town.rows(select(Subscription.__table__).order_by(Subscription.id))
    assert (stop.wants, stop.broadcast_id, stop.ended_at) == (False, 1, town.time)
    assert (take_up.wants, take_up.ended_at, take_up.wording) == (True, None, "2026-11-25")


async def test_who_opts_out_in_the_middle_gets_nothing_more(town: Town) -> None:
    *_, (early, late) = await sent(town, "early", "late")
    bulk = crowd.bulk(town)
    while await bulk.expand():
        pass
    await late.says("/tinnhan ngung disability")
    await late.unread()
    await crowd.drain(town)
    assert "Rà soát" in await early.hears()
    assert await late.unread() == []
    assert (await crowd.fates(town, 1))[Fate.OPTED_OUT] == 1


async def test_stopped_in_words(town: Town) -> None:
    *_, (one, other) = await sent(town, "one", "other")
    await crowd.drain(town)
    await one.play("""
        > dừng
        không gửi tin về «Chế độ người khuyết tật» nữa
        """)
    await other.play("""
        > ngừng nhận tin
        từ nay không gửi nữa: mọi tin tuyên truyền
        🔔 Cảnh báo bão, lũ, sạt lở
        🔕 Chế độ người khuyết tật
        🔕 Tin của xã nơi ở
        """)


async def test_words_after_a_message_are_read_in_its_light(town: Town) -> None:
    *_, (yes, meets, asks) = await sent(town, "yes", "meets", "asks")
    await crowd.drain(town)
    await yes.says("có")
    assert await _flow(town, "yes") == "check"
    await meets.says("hẹn")
    assert await _flow(town, "meets") == "contact"
    await asks.play("""
        > cái này là sao vậy
        ông/bà nhắn về tin «Rà soát người khuyết tật.» phải không?
        """)
    rows = await town.rows(select(Answer.what, func.count()).group_by(Answer.what))
    assert {row[0]: row[1] for row in rows} == {"check": 1, "meet": 1, "words": 1}


async def test_danger_after_a_message_is_danger(town: Town) -> None:
    *_, (reader,) = await sent(town, "reader")
    await crowd.drain(town)
    await reader.play("""
        > nhà tôi bị sập rồi cứu với
        112
        """)
    assert await _flow(town, "reader") == "report"


async def test_days_later_a_word_is_just_a_word(town: Town) -> None:
    *_, (reader,) = await sent(town, "reader")
    await crowd.drain(town)
    town.later(days=4)
    await reader.says("có")
    assert await town.one(select(func.count()).select_from(Answer)) == 0


async def _flow(town: Town, address: str) -> str | None:
    return await town.one(select(Conversation.flow).where(Conversation.address == address))
