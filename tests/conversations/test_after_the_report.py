"""Following a case: its story, codes however they are typed, questions, withdrawal, help."""

import pytest
from sqlalchemy import select

from handlers.messages import Position
from models import codes
from models.cases import Case
from models.people import Role
from tests.conversations.stories import (
    case_of,
    draft,
    flow,
    officer,
    one_wrong,
    reported,
    reporting,
    story_of,
)
from tests.people import DONG_SON


def spellings(code):
    bare = code.replace("-", "")
    return [
        code,
        code.lower(),
        bare,
        bare.lower(),
        code.replace("-", " "),
        f"  {code.replace('-', ' – ')} ",
        f"hồ sơ {code.lower()} tới đâu rồi?",
    ]


@pytest.mark.parametrize("channel", ["webchat", "telegram"])
async def test_a_code_in_any_spelling_shows_the_case(town, channel):
    citizen = await reported(town, channel=channel)
    for typed in spellings(citizen.code):
        await citizen.says(typed)
        heard = await citizen.hears()
        assert "chờ cán bộ tiếp nhận" in heard and "Ghi nhận hồ sơ" in heard, typed


async def test_staff_commands_take_a_code_in_any_spelling(town):
    clerk = await officer(town)
    citizen = await reported(town)
    code = citizen.code
    for typed in (*spellings(code)[:6], code[3:], code[3:].lower(), code[3:].replace("-", " ")):
        await clerk.says(f"/xem {typed}")
        assert "Trần Văn Bình" in await clerk.hears(), typed
    await clerk.says(f"/hoi {code[3:].replace('-', ' ').lower()} nhà còn ai không?")
    assert "«nhà còn ai không?»" in await citizen.hears()


async def test_one_wrong_character_is_noticed(town):
    clerk = await officer(town)
    citizen = await reported(town)
    code = citizen.code
    wrong = one_wrong(code)
    for said in (wrong, f"/xem {wrong}", f"/rut {wrong}", f"/them {wrong}", f"/vihan {wrong}"):
        await citizen.says(said)
        assert "chữ kiểm tra ở cuối không khớp" in await citizen.hears(), said
    for command in ("nhan", "hoi", "xacnhan", "tuchoi", "chuyen", "datrogiup", "molai"):
        await clerk.says(f"/{command} {wrong} vì sao")
        assert "chữ kiểm tra ở cuối không khớp" in await clerk.hears()
    assert await story_of(town, code) == ["opened", "completed"]


async def test_nobody_learns_whether_a_foreign_case_exists(town):
    citizen = await reported(town)
    stranger = town.person("84911")
    neighbour = await town.staff("can-bo-khac", Role.OFFICER, "21034")
    free = codes.new()
    for who, commands in (
        (stranger, ("", "/xem ", "/rut ", "/them ", "/vihan ", "/danhan ")),
        (neighbour, ("", "/xem ", "/nhan ", "/hoi ", "/tuchoi ", "/molai ", "/tim ")),
    ):
        for command in commands:
            await who.says(f"{command}{citizen.code}")
            real = (await who.hears()).replace(citizen.code, "X")
            await who.says(f"{command}{free}")
            assert real == (await who.hears()).replace(free, "X") != ""
            assert "Trần Văn Bình" not in real and "Nhà sập" not in real
    assert await story_of(town, citizen.code) == ["opened", "completed"]


async def test_my_cases(town):
    citizen = town.person("84900")
    await citizen.play("""
        > /hoso
        ông/bà chưa có hồ sơ nào
    """)
    citizen = await reported(town, "84901")
    await citizen.play("""
        > hồ sơ của tôi
        Hồ sơ của ông/bà
        QN-… – Nhà sập
        > [QN-]
        chờ cán bộ tiếp nhận
        Tiếp nhận trước
        Trả lời trước
        > [Vì sao là hạn này?]
        23/11/2026
    """)


async def test_adding_words_and_a_position(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.hears()
    await citizen.play("""
        > [Bổ sung]
        Hồ sơ QN-…
        Xin gõ điều cần nói thêm
        > Cần thêm bạt che
        đã thêm vào hồ sơ
        > [Xem hồ sơ]
        Người báo tin bổ sung: Cần thêm bạt che
        > [Bổ sung]
        Xin gõ điều
    """)
    assert "Cần thêm bạt che" in await clerk.hears()
    await citizen.says(position=Position(15.12, 108.81))
    assert "đã thêm vào hồ sơ" in await citizen.hears()
    [message] = await clerk.unread()
    assert message.position == Position(15.12, 108.81)


async def test_an_officer_asks_and_the_next_words_are_the_answer(town):
    clerk = await officer(town)
    citizen = await reported(town)
    due = (await case_of(citizen))["answer_due_at"]
    await clerk.hears()
    await clerk.says("[Hỏi]")
    assert citizen.code in await clerk.hears()
    await clerk.says("Nhà còn ở được không?")
    assert "Thời hạn tạm dừng" in await clerk.hears()
    heard = await citizen.hears()
    assert "«Nhà còn ở được không?»" in heard
    await citizen.says(citizen.code)
    heard = await citizen.hears()
    assert "⏸" in heard and "Cán bộ đang chờ ông/bà trả lời" in heard
    town.later(hours=30)
    await town.minute()
    await citizen.says("dạ không, sập hết rồi")
    heard = await citizen.hears()
    assert "đã chuyển câu trả lời cho cán bộ" in heard and "Thời hạn tính tiếp" in heard
    assert "quá hạn" not in heard
    assert "dạ không, sập hết rồi" in await clerk.hears()
    case = await case_of(citizen)
    assert case["waiting_since"] is None and case["answer_due_at"] > due
    assert (await story_of(town, citizen.code))[-1] == "answered"


async def test_when_several_wait_the_person_says_which(town):
    clerk = await officer(town)
    citizen = await reported(town)
    first = citizen.code
    await citizen.play("""
        > gặp cán bộ
        > Giấy hộ nghèo nộp đâu?
        > [Xã Đông Sơn]
        > [Bỏ qua]
        ✅ Đã chuyển câu hỏi
    """)
    second = citizen.code
    assert first != second
    await clerk.says(f"/hoi {first} Nhà còn ai?")
    await clerk.says(f"/hoi {second} Giấy năm nào?")
    await citizen.hears()
    await citizen.says("còn bà nội tôi")
    assert "để trả lời cán bộ về hồ sơ nào" in await citizen.hears()
    await citizen.says(f"[Trả lời {first}]")
    assert f"đã chuyển câu trả lời cho cán bộ ({first})" in await citizen.hears()
    await citizen.says("giấy năm 2026")
    assert f"đã chuyển câu trả lời cho cán bộ ({second})" in await citizen.hears()


async def test_a_question_while_a_form_is_open_is_not_mistaken(town):
    clerk = await officer(town)
    citizen = await reported(town)
    first = citizen.code
    await citizen.play("""
        > hết gạo ăn
        > không
        > Đông Sơn
        Ở thôn
    """)
    await clerk.says(f"/hoi {first} Nhà còn ai?")
    await citizen.hears()
    before = await draft(citizen)
    await citizen.says("còn bà nội tôi")
    assert "để trả lời cán bộ, hay cho việc đang làm dở" in await citizen.hears()
    assert await draft(citizen) == before
    await citizen.says(f"[Trả lời {first}]")
    heard = await citizen.hears()
    assert f"đã chuyển câu trả lời cho cán bộ ({first})" in heard and "Ở thôn" in heard
    await citizen.says("thôn 2")
    assert (await draft(citizen))["village"] == "thôn 2"
    # and the other way round
    await clerk.says(f"/hoi {first} Bà nội mấy tuổi?")
    await citizen.hears()
    await citizen.says("gần chợ")
    await citizen.hears()
    await citizen.says("[Cho việc đang làm dở]")
    assert "Xảy ra ngày nào?" in (heard := await citizen.hears()) or "Do đâu" in heard
    assert (await draft(citizen))["address"] == "gần chợ"


async def test_answering_by_the_button_over_an_open_form(town):
    clerk = await officer(town)
    citizen = await reporting(town)
    await citizen.says("thôn 2")
    await clerk.says(f"/hoi {citizen.code} Nhà còn ai?")
    await citizen.hears()
    await citizen.says("[✍ Trả lời]")
    assert "Xin gõ điều cần nói thêm" in await citizen.hears()
    await citizen.says("còn bà nội tôi")
    heard = await citizen.hears()
    assert "đã chuyển câu trả lời" in heard and "Địa chỉ hoặc mốc" in heard
    assert await flow(citizen) == "report"


async def test_withdrawing_asks_once_more(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.hears()
    await citizen.play("""
        > {code}
        > [Rút hồ sơ]
        Rút hồ sơ QN-…?
        > [Không, giữ lại]
        chờ cán bộ tiếp nhận
    """)
    assert await clerk.hears() == ""
    await citizen.play("""
        > [Rút hồ sơ]
        > [Đúng, rút]
        đã rút hồ sơ
        > /rut {code}
        đã xong, không cần rút
        > /them {code}
        đã xong
        > /danhan {code}
        đã rút
    """)
    assert "đã rút hồ sơ" in await clerk.hears()


@pytest.mark.parametrize(
    ("press", "answer", "what"),
    [
        ("👍", "Chúc gia đình bình an", "received_help"),
        ("👎", "đã báo lại cho cán bộ và lãnh đạo", "no_help"),
    ],
)
async def test_whether_help_came(town, press, answer, what):
    clerk = await officer(town)
    citizen = await reported(town)
    await citizen.says(f"/danhan {citizen.code}")  # too early: nothing to say yet
    assert "chờ cán bộ tiếp nhận" in await citizen.hears()
    await clerk.says(f"/datrogiup {citizen.code} 40 triệu đồng, ngày 24/11")
    await town.decisions_are_told()
    assert "đã trợ giúp – 40 triệu đồng" in await citizen.hears()
    await clerk.hears()
    await citizen.says(f"[{press}]")
    assert answer in await citizen.hears()
    await citizen.says(f"[{press}]")
    assert "điều này đã được ghi rồi" in await citizen.hears()
    assert (await story_of(town, citizen.code)).count(what) == 1
    assert ("chưa nhận được" in await clerk.hears()) == (what == "no_help")


async def test_nothing_of_the_staff_only_story_is_shown(town):
    citizen = await reported(town)
    town.later(hours=5)
    await town.minute()
    await citizen.says(citizen.code)
    assert "Nhắc cán bộ" not in await citizen.hears()
    assert len(await town.rows(select(Case.id))) == 1


async def test_danger_in_the_form_of_a_case_that_was_declined_is_a_new_emergency(town):
    citizen, staff = await reporting(town), await officer(town)
    first = (await case_of(citizen))["code"]
    await staff.says(f"/nhan {first}")
    await staff.play(f"""
        > /tuchoi {first}
        Lý do từ chối
        > trùng với hồ sơ khác
        chưa được chấp nhận
    """)
    await staff.hears()
    await citizen.play("""
        > nước lên tới nóc nhà rồi, cứu với
        gọi ngay 112
        Đã báo khẩn tới cán bộ
    """)
    again = await case_of(citizen)
    assert (again["status"], again["urgency"], again["commune"]) == ("new", "sos", DONG_SON)
    assert again["code"] != first
    assert (await case_of(citizen, first))["urgency"] == "high"
    await staff.play(f"""
        > /hangdoi
        🔴 {again["code"]}
    """)
    await citizen.says("/sos")  # once more in the same form: still the same emergency
    assert (await case_of(citizen))["code"] == again["code"]
