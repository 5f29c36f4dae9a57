"""Whoever writes without pressing anything is understood; danger comes before everything."""

import pytest
from sqlalchemy import select

from handlers.messages import Position
from models.conversations import Conversation
from models.outbox import Lane, Outbox
from models.people import Role
from tests.conversations.stories import case_of, draft, officer, reported, reporting, summary
from tests.people import DONG_SON

NUMBERS = "🆘 **Đang nguy hiểm tính mạng, xin gọi ngay 112**"


async def lanes(who):
    """The lanes of what was sent to somebody."""
    rows = await who.town.rows(
        select(Outbox.lane)
        .join(Conversation)
        .where(Conversation.address == who.address, Outbox.case_id.is_not(None))
    )
    return {row.lane for row in rows}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("nha toi bi toc mai roi", "house_damaged"),
        ("nhaf tooi bij toocs mais rooif", "house_damaged"),
        ("nhà tôi sập rồi", "house_destroyed"),
        ("hết gạo ăn mấy bữa rồi", "hunger"),
    ],
)
async def test_a_report_begins_with_what_was_said(town, said, kind):
    citizen = town.person("84900")
    await citizen.says(said)
    assert "Ngay lúc này có ai đang **nguy hiểm tính mạng**" in await citizen.hears()
    assert (await draft(citizen))["kinds"] == kind


async def test_a_village_in_the_sentence_is_not_asked_for(town):
    citizen = town.person("84900")
    await citizen.says("nhà tôi ở thôn Phước Thiện xã Đông Sơn bị tốc mái")
    known = await draft(citizen)
    assert (known["commune"], known["village"]) == (DONG_SON, "thôn Phước Thiện")


@pytest.mark.parametrize("word", ["nhà em", "đêm qua do bão", "2 đứa nhỏ 4t 7t"])
async def test_a_word_that_only_resembles_others_adds_no_hardship(town, word):
    citizen = await reporting(town)
    await citizen.play("> thôn Phước Thiện\n> [Bỏ qua]")
    before = (await draft(citizen))["kinds"]
    await citizen.says(word)
    assert (await draft(citizen))["kinds"] == before


async def test_what_is_told_later_in_plain_words_is_added(town):
    citizen = await reporting(town)
    await citizen.play("> thôn Phước Thiện\n> [Bỏ qua]\n> nhà hết gạo ăn rồi cán bộ ơi")
    assert (await draft(citizen))["kinds"] == "house_destroyed,hunger"


async def test_when_nothing_can_be_offered_it_is_said_so(town):
    citizen = town.person("84900")
    await citizen.says("thôn Gò Loa")
    heard = await citizen.hears()
    assert "chưa hiểu rõ ý" in heard and "có phải ông/bà muốn" not in heard


async def test_a_commune_that_may_be_meant_is_one_tap(town):
    citizen = town.person("84900")
    await citizen.play("""
        > nha e o dong son bi toc mai
        > không
        > [Đồng ý]
        Dạ, có phải một trong các nơi này không ạ?
        Việc xảy ra ở xã, phường nào?
        > [Xã Đông Sơn]
        ✅ Đã ghi nhận, mã hồ sơ QN-… (Xã Đông Sơn)
    """)


async def test_what_an_answer_says_besides_is_not_asked_again(town):
    citizen = await reporting(town)
    await citizen.play("""
        > thôn Phước Thiện
        > [Bỏ qua]
        > [Bão]
        > [Hôm nay]
        > [Gia đình tôi]
        > Trần Văn Bình
        > 4 người, có 2 con nhỏ, hộ cận nghèo
        Số điện thoại để cán bộ gọi lại?
    """)
    known = await draft(citizen)
    assert known["people"] == "4"
    assert (known["vulnerable"], known["poverty"]) == ("children=2", "near_poor")


async def test_several_kinds_at_once(town):
    citizen = town.person("84900")
    await citizen.says("nhà sập, mẹ tôi bị thương nặng nằm viện")
    await citizen.hears()
    assert set(str((await draft(citizen))["kinds"]).split(",")) >= {"house_destroyed", "injury"}


@pytest.mark.parametrize("channel", ["webchat", "telegram"])
async def test_a_cry_with_a_place_is_filed_at_once(town, channel):
    leader = await town.staff("lanh-dao", Role.LEADER, "21109")
    citizen = town.person("84900", channel)
    await citizen.says("cứu với nước lên tới nóc, nhà ở xã Đông Sơn, nhà có 5 người")
    heard = await citizen.hears()
    assert heard.startswith(NUMBERS)
    assert "✅ Đã báo khẩn tới cán bộ **Xã Đông Sơn**" in heard and "Ở thôn" in heard
    card = await leader.hears()
    assert "Hồ sơ mới" in card and "cứu với nước lên tới nóc" in card and "Số người: 5" in card
    assert await lanes(leader) == {Lane.URGENT}
    assert (await case_of(citizen))["urgency"] == "sos"
    await citizen.play("""
        > [Bỏ qua]
        > [Bỏ qua]
        Số điện thoại để cán bộ gọi lại?
        > [Bỏ qua]
        ✅ Đã ghi nhận hồ sơ QN-…
        gọi ngay 112
    """)


async def test_nobody_on_duty_is_said_honestly(town):
    province = await town.staff("so-y-te", Role.PROVINCE, None)
    citizen = town.person("84900")
    await citizen.says("cứu với nước lên tới nóc, nhà ở xã Bình Minh")
    heard = await citizen.hears()
    assert "chưa có cán bộ trực" in heard and "gọi 112" in heard
    assert "chưa có ai nhận" in await province.hears()


@pytest.mark.parametrize("place", ["Đông Sơn", "dong son", "Xã Đông Sơn"])
async def test_sos_a_place_and_it_is_with_the_officer(town, place):
    clerk = await officer(town)
    citizen = town.person("84900")
    await citizen.says("/start")
    await citizen.hears()
    await citizen.says("[🆘 Khẩn cấp]")
    heard = await citizen.hears()
    assert heard.startswith(NUMBERS) and "xã, phường" in heard
    await citizen.says(place)
    assert "Đã báo khẩn tới cán bộ" in await citizen.hears()
    assert "Nguy hiểm tính mạng" in await clerk.hears()
    assert await lanes(clerk) == {Lane.URGENT}


async def test_sos_with_a_position_and_one_tap(town):
    citizen = town.person("84900")
    await citizen.says("sos")
    await citizen.hears()
    await citizen.says(position=Position(15.12, 108.81))
    heard = await citizen.hears()
    assert "Xin bấm chọn đúng xã, phường" in heard
    await citizen.says("1")
    assert "hồ sơ khẩn" in await citizen.hears()
    case = await case_of(citizen)
    assert case["details"]["position"] == [15.12, 108.81] and case["urgency"] == "sos"


async def test_a_position_first_then_sos_offers_its_communes(town):
    citizen = town.person("84900")
    await citizen.says(position=Position(15.12, 108.81))
    assert "đã nhận vị trí" in await citizen.hears()
    await citizen.says("[Đang nguy hiểm]")
    heard = await citizen.hears()
    assert heard.startswith(NUMBERS) and "có phải một trong các nơi này" in heard
    await citizen.says("1")
    assert "hồ sơ khẩn" in await citizen.hears()


@pytest.mark.parametrize(
    "place",
    ["Trà Bùi", "Bình Châu"],
)
async def test_names_that_may_be_several_places_are_asked(town, place):
    citizen = town.person("84900")
    await citizen.says("sos")
    await citizen.hears()
    await citizen.says(place)
    heard = await citizen.hears()
    if await case_of(citizen):  # one place only: nothing to ask
        assert place != "Trà Bùi" and "hồ sơ khẩn" in heard
        return
    assert "có phải một trong các nơi này" in heard
    await citizen.says("1")
    assert "hồ sơ khẩn" in await citizen.hears()


async def test_an_ambiguous_place_in_the_first_sentence_is_asked_at_its_turn(town):
    citizen = town.person("84900")
    await citizen.says("cứu với, nước lên tới nóc, nhà ở xã Trà Bùi")
    heard = await citizen.hears()
    assert heard.startswith(NUMBERS) and "có phải một trong các nơi này" in heard


async def test_sos_of_somebody_who_does_not_know_where(town):
    province = await town.staff("so-y-te", Role.PROVINCE, None)
    citizen = town.person("84900")
    await citizen.says("sos")
    await citizen.hears()
    await citizen.says("[Không rõ xã nào]")
    assert "Đã báo khẩn tới cán bộ **cấp tỉnh**" in await citizen.hears()
    await province.hears()
    await province.says("[Nhận]")
    assert "đã nhận hồ sơ này" in await province.hears()


async def test_danger_in_the_middle_of_a_calm_report(town):
    clerk = await officer(town)
    citizen = await reporting(town)
    calm = await case_of(citizen)
    assert "Hồ sơ mới" not in await clerk.hears()
    town.later(minutes=5)
    await citizen.says("cứu với, nước cuốn con tôi rồi")
    heard = await citizen.hears()
    assert heard.startswith(NUMBERS) and "Đã báo khẩn" not in heard
    assert "Hồ sơ mới" in await clerk.hears() and await lanes(clerk) == {Lane.URGENT}
    urgent = await case_of(citizen)
    assert urgent["code"] == calm["code"] and urgent["urgency"] == "sos"
    assert urgent["take_due_at"] < calm["take_due_at"]
    assert urgent["answer_due_at"] <= calm["answer_due_at"]


async def test_danger_while_an_officer_waits_for_an_answer(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/hoi {citizen.code} Nhà còn ai không?")
    await citizen.hears()
    await citizen.says("cứu với nước lên tới nóc rồi, xã Đông Sơn")
    assert (await citizen.hears()).startswith(NUMBERS)
    assert (await case_of(citizen))["urgency"] == "sos"


async def test_danger_while_asking_for_a_person(town):
    citizen = town.person("84900")
    await citizen.says("gặp cán bộ")
    assert "muốn hỏi hoặc nhờ cán bộ việc gì" in await citizen.hears()
    await citizen.says("cứu với nước lên tới nóc rồi, xã Đông Sơn")
    assert (await citizen.hears()).startswith(NUMBERS)
    assert (await case_of(citizen))["urgency"] == "sos"


async def test_what_was_said_is_not_asked_again(town):
    citizen = town.person("84900")
    await citizen.play("""
        > bão làm sập nhà tôi ở xã Đông Sơn, nhà có 4 người, hộ nghèo, số 0912345678
        Ngay lúc này có ai đang nguy hiểm tính mạng không?
        > không ai cả
        xin ông/bà cho phép
        > đồng ý
        ✅ Đã ghi nhận, mã hồ sơ QN-…
        Ở thôn
        > không
        Địa chỉ hoặc mốc
        > không
        Xảy ra ngày nào?
        > hôm qua
        Ông/bà báo cho ai?
        > Hàng xóm
        Họ tên chủ hộ
        > Lê Văn Sáu
        Trong đó có trẻ nhỏ
        > không
        Xin gửi ảnh
        > không
        Số người: 4
        Hộ nghèo, cận nghèo: Hộ nghèo
        Điện thoại: 0912 345 678
        > gui
        ✅ Đã ghi nhận hồ sơ
    """)
    details = (await case_of(citizen))["details"]
    assert details["whose"] == "neighbour" and details["head"] == "Lê Văn Sáu"
    # a neighbour's commune and telephone are not the reporter's own
    await citizen.play("""
        > hết gạo ăn
        > không
        xã, phường nào
    """)
    assert "Xã Đông Sơn" not in [button.label for button in citizen.last[-1].buttons]


async def test_the_second_report_proposes_commune_and_telephone(town):
    citizen = await reported(town)
    await citizen.play("""
        > hết gạo ăn
        nguy hiểm tính mạng
        > không
        xã, phường nào
        > [Xã Đông Sơn]
        ✅ Đã ghi nhận, mã hồ sơ
        > [Bỏ qua]
        > [Bỏ qua]
        > [Bỏ qua]
        > [Bỏ qua]
        > [Gia đình tôi]
        > [Bỏ qua]
        > [Bỏ qua]
        > [Bỏ qua]
        > [Không rõ]
        Số điện thoại
        > [0912 345 678]
        Xin gửi ảnh
    """)
    assert (await draft(citizen))["commune"] == DONG_SON


async def test_what_is_unclear_is_offered_not_guessed(town):
    citizen = town.person("84900")
    await citizen.says("khó khăn quá anh chị ơi")
    heard = await citizen.hears()
    assert "Dạ" in heard and citizen.last[-1].buttons
    assert await draft(citizen) == {}


async def test_sos_under_the_summary_of_a_calm_report(town):
    clerk = await officer(town)
    citizen = await summary(town)
    await citizen.says("🆘")
    assert (await citizen.hears()).startswith(NUMBERS)
    assert "Hồ sơ mới" in await clerk.hears() and Lane.URGENT in await lanes(clerk)
    case = await case_of(citizen)
    assert case["urgency"] == "sos" and case["details"]["phone"] == "+84912345678"


async def test_whoever_blocks_and_comes_back(town):
    citizen = await reporting(town)
    await citizen.says(event="blocked")
    assert await citizen.hears() == ""
    await citizen.says(event="unblocked")
    assert await citizen.hears() == ""
    await citizen.says("thôn 2")
    assert "Địa chỉ hoặc mốc" in await citizen.hears()
