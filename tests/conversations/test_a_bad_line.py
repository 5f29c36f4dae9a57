"""Messages that come twice, late, out of order, or are edited."""

import asyncio

from sqlalchemy import select

from handlers.messages import Position
from models.cases import Case
from tests.conversations.stories import (
    case_of,
    draft,
    officer,
    reported,
    reporting,
    sent_before,
    story_of,
    summary,
)


async def test_the_same_message_twice_is_one_answer(town):
    citizen = await reporting(town)
    await citizen.says("thôn 2", message_id="twice")
    await citizen.hears()
    await citizen.says("thôn 2", message_id="twice")
    assert await citizen.hears() == ""
    assert "address" not in await draft(citizen)


async def test_a_cry_delivered_five_times_at_once_is_one_case(town):
    clerk = await officer(town)
    citizen = town.person("84900")
    cry = "cứu với nước lên tới nóc, xã Đông Sơn"
    await asyncio.gather(*(citizen.says(cry, message_id="cry") for _ in range(5)))
    assert len(await town.rows(select(Case.id))) == 1
    assert (await clerk.hears()).count("Hồ sơ mới") == 1


async def test_send_pressed_twice_is_one_receipt(town):
    citizen = await summary(town)
    token = citizen.token("Gửi")
    await citizen.says("", button=token)
    await citizen.says("", button=token)
    assert (await citizen.hears()).count("✅ Đã ghi nhận hồ sơ") == 1
    assert len(await town.rows(select(Case.id))) == 1


async def test_an_old_message_is_no_answer_to_a_newer_question(town):
    citizen = await reporting(town)
    town.later(minutes=10)
    await citizen.says("thôn 2")
    assert "Địa chỉ hoặc mốc" in await citizen.hears()
    before = await draft(citizen)
    await sent_before(citizen, "nhà tôi ở gần sông, nước đang rút", minutes=9)
    heard = await citizen.hears()
    assert "tới trễ, đã ghi vào lời kể" in heard and "Địa chỉ hoặc mốc" in heard
    assert {key: await _value(citizen, key) for key in before} == before
    assert "gần sông" in str((await case_of(citizen))["details"]["words"])


async def _value(who, key):
    return (await draft(who)).get(key)


async def test_an_old_message_is_no_reason_for_a_decline(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.hears()
    town.later(minutes=5)
    await clerk.says(f"/tuchoi {citizen.code}")
    assert "Lý do từ chối" in await clerk.hears()
    await sent_before(clerk, "tôi đang đi họp", minutes=4)
    heard = await clerk.hears()
    assert "tới trễ nên chưa tính" in heard and "Lý do từ chối" in heard
    assert (await case_of(citizen))["status"] == "new"


async def test_an_edit_of_an_answer_changes_the_answer(town):
    citizen = await reporting(town)
    await citizen.says("thôn 2", message_id="v")
    await citizen.says("gần chợ", message_id="a")
    await citizen.hears()
    await citizen.says("thôn 3", message_id="v2", edits="v")
    heard = await citizen.hears()
    assert "đã sửa câu trả lời" in heard and "Do đâu mà ra?" in heard
    assert (await draft(citizen))["village"] == "thôn 3"
    assert (await case_of(citizen))["village"] == "thôn 3"
    await citizen.says("bão", message_id="c")
    await citizen.says("2", message_id="c2", edits="c")  # the number of a choice
    assert (await draft(citizen))["cause"] == "flood"
    await citizen.says("30/12/2026", message_id="h")
    await citizen.says("hôm qua", message_id="h1")
    await citizen.hears()
    await citizen.says("30/12/2027", message_id="h2", edits="h1")  # has not come yet
    assert "lưu bản sửa" in await citizen.hears()
    assert (await draft(citizen))["happened"] == "2026-11-22"


async def test_an_edit_afterwards_is_kept_beside_the_original(town):
    clerk = await officer(town)
    citizen = await reported(town)
    code = citizen.code
    await citizen.says(f"/them {code}")
    await citizen.says("Cần 2 tấm bạt", message_id="bat")
    await citizen.hears()
    await clerk.hears()
    await citizen.says("Cần 5 tấm bạt", message_id="bat2", edits="bat")
    assert f"đã lưu bản sửa vào hồ sơ {code}; bản gốc vẫn được giữ" in await citizen.hears()
    assert "sửa tin nhắn" in (told := await clerk.hears()) and "Cần 5 tấm bạt" in told
    await clerk.says(code)
    story = await clerk.hears()
    assert story.index("Cần 2 tấm bạt") < story.index("Cần 5 tấm bạt")
    assert (await story_of(town, code))[-1] == "edited"


async def test_an_edit_goes_to_the_case_the_words_went_into(town):
    citizen = await reported(town)
    first = citizen.code
    await citizen.says(f"/them {first}")
    await citizen.says("Cần 2 tấm bạt", message_id="bat")
    await citizen.says("sos, xã Đông Sơn")
    await citizen.says("Đông Sơn")
    await citizen.hears()
    second = (await case_of(citizen))["code"]
    assert second != first
    await citizen.says("Cần 5 tấm bạt", message_id="bat2", edits="bat")
    assert "edited" in await story_of(town, first)
    assert "edited" not in await story_of(town, str(second))


async def test_an_edit_of_the_first_sentence_keeps_both(town):
    citizen = town.person("84900")
    await citizen.says("nhà tôi tốc mái rồi", message_id="one")
    await citizen.says("nhà tôi tốc mái rồi, hết gạo nữa", message_id="one2", edits="one")
    assert "đã lưu bản sửa" in await citizen.hears()
    assert set(str((await draft(citizen))["kinds"]).split(",")) == {"house_damaged", "hunger"}


async def test_an_edit_out_of_nowhere_is_acknowledged(town):
    citizen = town.person("84900")
    await citizen.says("chào ông", message_id="x2", edits="x")
    assert "đã lưu bản sửa" in await citizen.hears()


async def test_a_live_position_moves_quietly(town):
    citizen = await reporting(town)
    await citizen.says(message_id="p2", edits="p", position=Position(15.1, 108.8))
    assert await citizen.hears() == ""


async def test_two_messages_at_once_are_answered_in_turn(town):
    citizen = await reporting(town)
    await asyncio.gather(citizen.says("thôn 2"), citizen.says("gần chợ"))
    stored = await draft(citizen)
    assert {stored["village"], stored["address"]} == {"thôn 2", "gần chợ"}
