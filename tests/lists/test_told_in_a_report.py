"""A head who tells of further households in the report of one is offered a list of them."""

from __future__ import annotations

from sqlalchemy import select

from models.lists import HouseholdList
from tests.conversations.stories import OPENING, flow, reporting
from tests.lists.chat import head


async def test_further_households_go_into_a_list_without_typing_them_again(town):
    who = await head(town)
    await who.play(OPENING)
    await who.play("""
        > 2 hộ nữa: Bà Mười 2 khẩu và chú Tư Lành 4 khẩu bị tốc mái
        Mỗi hộ cần một hồ sơ riêng
        > thêm hộ bà Chín, 3 khẩu, sập bếp
        Mỗi hộ cần một hồ sơ riêng
        > [Lập danh sách nhiều hộ]
        Đọc được 2 hộ
        2. chú Tư Lành – 4 khẩu – tốc mái, hư một phần
        3. bà Chín – 3 khẩu – tốc mái, hư một phần
        Dòng 1 «Bà Mười 2 khẩu»: chưa rõ thiệt hại gì
        Do đâu mà ra?
        > 1: tốc mái
        1. Bà Mười – 2 khẩu – tốc mái, hư một phần
        > [Bão]
        > [Hôm nay]
        > xong
        Đang ghi 3 hộ
        mình làm tiếp việc đang dở
    """)
    assert await flow(who) == "report"


async def test_told_in_one_breath_it_is_a_list_from_the_start(town):
    who = await head(town)
    await who.play("""
        > bà Mười 2 khẩu và chú Tư Lành 4 khẩu đều bị tốc mái
        Đọc được 2 hộ
        Do đâu mà ra?
    """)


async def test_one_household_of_a_report_is_answered_as_ever(town):
    who = await head(town)
    await who.play(OPENING)
    await who.says("Trần Văn Bình, 4 khẩu")
    assert "hồ sơ riêng" not in await who.hears()


async def test_a_citizen_is_offered_no_list(town):
    citizen = await reporting(town)
    await citizen.says("2 hộ nữa: Bà Mười 2 khẩu và chú Tư Lành 4 khẩu bị tốc mái")
    assert "danh sách" not in await citizen.hears()
    assert await town.one(select(HouseholdList.id)) is None


async def test_danger_told_in_one_breath_is_a_call_for_help_first(town):
    who = await head(town)
    await who.says(
        "bà Mười 2 khẩu và chú Tư Lành 4 khẩu sập nhà, đang kẹt, nước lên tới mái, cứu với"
    )
    assert "gọi ngay 112" in (await who.hears()).replace("**", "")
    assert await flow(who) == "report"
