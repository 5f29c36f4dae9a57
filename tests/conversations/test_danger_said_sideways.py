"""Danger that is said sideways is heard; what only sounds like it opens no case."""

import pytest

from tests.conversations.stories import case_of, draft, officer


async def test_a_child_in_danger_is_told_of_the_childrens_line(town):
    clerk = await officer(town)
    citizen = town.person("84900")
    await citizen.play("""
        > dượng nó đêm mô cũng mò vô phòng con bé 11 tuổi, ở xã Đông Sơn
        gọi ngay 112
        gọi 111
        Đã báo khẩn tới cán bộ Xã Đông Sơn
    """)
    assert (await case_of(citizen))["urgency"] == "sos"
    assert "Hồ sơ mới" in await clerk.hears()


async def test_a_farewell_is_heard_and_an_officer_calls(town):
    clerk = await officer(town)
    citizen = town.person("84900")
    await citizen.play("""
        > con không đủ can đảm sống tiếp, xin tha lỗi cho con
        gọi ngay 112
        115 (cấp cứu)
        xã, phường
        > Đông Sơn
        Đã báo khẩn tới cán bộ Xã Đông Sơn
    """)
    assert "không đủ can đảm" in await clerk.hears()


async def test_violence_that_goes_on_now(town):
    clerk = await officer(town)
    citizen = town.person("84900")
    await citizen.play("""
        > ổng xách rựa rượt mẹ con tui, tui núp ngoài rẫy xã Đông Sơn
        113 (công an)
        Đã báo khẩn tới cán bộ Xã Đông Sơn
    """)
    assert "xách rựa" in await clerk.hears()


async def test_somebody_swept_away_in_the_words_of_the_village(town):
    citizen = town.person("84900")
    await citizen.says("thằng cháu tui hắn bị nác cuốn mô rồi, xã Đông Sơn")
    assert (await citizen.hears()).startswith("🆘")
    assert (await case_of(citizen))["urgency"] == "sos"


async def test_somebody_who_says_goodbye_and_leaves_whom_he_cares_for(town):
    clerk = await officer(town)
    citizen = town.person("84900")
    await citizen.play("""
        > thôi tối nay con đi luôn, cậy xã Đông Sơn coi giùm bà nội
        gọi ngay 112
        115 (cấp cứu)
        Đã báo khẩn tới cán bộ Xã Đông Sơn
    """)
    assert "tối nay con đi luôn" in await clerk.hears()


async def test_danger_told_in_the_middle_of_something_else(town):
    clerk = await officer(town)
    citizen = town.person("84900")
    await citizen.play("""
        > Dạ em hỏi thẻ bảo hiểm của ba em hết hạn tháng trước thì đổi ở đâu ạ. Em ra xã hai lần \
rồi mà chưa được. Ba em bị lũ cuốn hồi nãy ngoài đập xã Đông Sơn, em chạy theo không kịp
        gọi ngay 112
        Đã báo khẩn tới cán bộ Xã Đông Sơn
    """)
    assert (await case_of(citizen))["urgency"] == "sos"
    assert "bị lũ cuốn hồi nãy" in await clerk.hears()


@pytest.mark.parametrize(
    "said",
    [
        "chết cười với ông trưởng thôn",
        "mưa chết tiệt",
        "ngập đầu trong công việc",
        "cám ơn mấy anh bộ đội đã cứu cả xóm tui đợt lũ vừa rồi",
        "đuối nước ở trường thì ai chịu trách nhiệm bồi thường",
        "giá heo leo tới nóc luôn",
        "đội nhà lật xuồng rồi, thua 2 0",
        "chỉ giùm cách cứu người đuối nước, phòng khi cần",
        "ngày mai có bão không cán bộ",
        "mai trường em diễn tập chữa cháy, phụ huynh đừng hoảng",
        "cứu em, em lỡ xóa app ngân hàng rồi",
        "thanh lý áo phao cứu sinh với bình chữa cháy, inbox em",
    ],
)
async def test_figures_of_speech_thanks_and_questions_open_nothing(town, said):
    citizen = town.person("84900")
    await citizen.says(said)
    assert "🆘" not in (await citizen.hears()).splitlines()[0]
    assert not await case_of(citizen) and await draft(citizen) == {}


async def test_whoever_was_taken_for_being_in_danger_goes_back_in_one_tap(town):
    citizen = town.person("84900")
    await citizen.says("học bài muốn ngộp thở luôn á")
    await citizen.hears()
    await citizen.says("/huy")
    await citizen.hears()
    assert not await case_of(citizen) and await draft(citizen) == {}
