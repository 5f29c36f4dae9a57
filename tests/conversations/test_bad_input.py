"""A bad keyboard, odd messages, hostile text: each has a clear answer, and the draft stays."""

import pytest
from sqlalchemy import text as sql

from handlers.messages import Contact, Media, Position
from models.people import Role
from tests.conversations.stories import case_of, draft, flow, officer, reported, reporting, summary

ODD = [
    ("", "chưa có chữ"),
    ("   \n ", "chưa có chữ"),
    ("😭😭🙏", "chưa có chữ"),
    ("x" * 5000, "quá dài (5000 chữ)"),
]


@pytest.mark.parametrize("channel", ["webchat", "telegram"])
@pytest.mark.parametrize(("text", "answer"), ODD)
async def test_what_is_no_answer_is_said_to_be_none(town, channel, text, answer):
    citizen = await reporting(town, channel=channel)
    before = await draft(citizen)
    await citizen.says(text)
    heard = await citizen.hears()
    assert answer in heard and "Ở thôn, tổ dân phố nào?" in heard
    assert await draft(citizen) == before


@pytest.mark.parametrize(("text", "answer"), ODD)
async def test_the_same_out_of_the_blue(town, text, answer):
    citizen = town.person("84900")
    await citizen.says(text)
    heard = await citizen.hears()
    assert answer in heard or "chưa hiểu rõ ý" in heard
    assert any("Khẩn cấp" in button.label for button in citizen.last[-1].buttons)


async def test_a_cry_for_help_in_a_message_too_long_is_still_heard(town):
    citizen = town.person("84900")
    await citizen.says("Cứu với nước lên tới nóc nhà rồi. " + "Bà con ơi. " * 500)
    heard = await citizen.hears()
    assert heard.startswith("🆘 **Đang nguy hiểm tính mạng, xin gọi ngay 112**")
    assert "quá dài" in heard and "xã, phường" in heard


async def test_stickers_and_unreadable_messages(town):
    citizen = await reporting(town)
    before = await draft(citizen)
    for odd in ({"media": (Media("sticker", "s1"),)}, {"event": "unreadable"}):
        await citizen.says(**odd)
        heard = await citizen.hears()
        assert "chưa hiểu được hình dán" in heard and "Ở thôn, tổ dân phố nào?" in heard
        assert await draft(citizen) == before


async def test_a_telephone_number_from_abroad(town):
    citizen = await reporting(town)
    await citizen.play("""
        > thôn 2
        > [Bỏ qua]
        > [Bão]
        > [Hôm nay]
        > [Gia đình tôi]
        > [Bỏ qua]
        > 4
        > [Không có]
        > [Không rõ]
        Số điện thoại để cán bộ gọi lại?
        > +1 212 555 0100
        chưa phải số điện thoại Việt Nam. Xin gõ lại, ví dụ: 0912 345 678
    """)
    await citizen.says(contact=Contact("+49 30 1234567"))
    assert "chưa phải số điện thoại Việt Nam" in await citizen.hears()
    await citizen.says(contact=Contact("84912345678"))
    assert "Xin gửi ảnh hoặc ghi âm" in await citizen.hears()
    assert (await draft(citizen))["phone"] == "+84912345678"


async def test_a_number_shared_before_it_is_asked_is_not_asked_again(town):
    citizen = await reporting(town)
    await citizen.says(contact=Contact("+84912345678"))
    heard = await citizen.hears()
    assert "đã nhận số điện thoại 0912 345 678" in heard and "Ở thôn" in heard
    assert (await draft(citizen))["phone"] == "+84912345678"


async def test_a_position_in_the_sea_asks_for_the_name(town):
    citizen = town.person("84900")
    await citizen.play("""
        > nhà tôi sập rồi
        > không
        > [Đồng ý]
        Việc xảy ra ở xã, phường nào?
    """)
    before = await draft(citizen)
    await citizen.says(position=Position(15.0, 112.5))
    heard = await citizen.hears()
    assert "nằm ngoài tỉnh Quảng Ngãi" in heard and "xã, phường" in heard
    assert await draft(citizen) == before


async def test_a_position_that_nobody_asked_for_answers_no_other_question(town):
    citizen = await reporting(town)
    await citizen.says(position=Position(15.12, 108.81))
    heard = await citizen.hears()
    assert "đã nhận vị trí" in heard and "Ở thôn, tổ dân phố nào?" in heard
    assert "village" not in await draft(citizen)
    assert (await case_of(citizen))["details"]["position"] == [15.12, 108.81]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("30/12/2026", "ngày này chưa tới"),
        ("31/02/2026", "chưa đọc được ngày"),
        ("99999999999999999999/1/1", "chưa đọc được ngày"),
        ("lâu rồi", "chưa đọc được ngày"),
    ],
)
async def test_a_day_that_is_none_or_not_yet(town, said, answer):
    citizen = await reporting(town)
    await citizen.play("""
        > thôn 2
        > [Bỏ qua]
        > [Bão]
        Xảy ra ngày nào?
    """)
    await citizen.says(said)
    heard = await citizen.hears()
    assert answer in heard and "Xảy ra ngày nào?" in heard
    assert "happened" not in await draft(citizen)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("hôm kia", "2026-11-21"),
        ("3 ngày trước", "2026-11-20"),
        ("15/11", "2026-11-15"),
        ("24/12", "2025-12-24"),
        ("15-11-26", "2026-11-15"),
    ],
)
async def test_days_as_people_say_them(town, said, shown):
    citizen = await reporting(town)
    await citizen.play("""
        > thôn 2
        > [Bỏ qua]
        > [Bão]
    """)
    await citizen.says(said)
    assert (await draft(citizen))["happened"] == shown


HOSTILE = [
    "'; DROP TABLE cases; --",
    "<script>alert(1)</script><b>đậm</b>",
    "**đậm** và ***",
    "{code} {0} {braces!r}",
    "%s %d %(name)s 100%",
    "a\x00b\x1b[31m",
    "\ud83dnửa",  # half an emoji, cut by a bad line
]


@pytest.mark.parametrize(
    "hostile", HOSTILE, ids=["sql", "html", "bold", "braces", "percent", "control", "half"]
)
async def test_hostile_text_is_shown_as_it_was_typed(town, hostile):
    clerk = await officer(town)
    citizen = await reporting(town)
    for answer in (hostile, hostile, "bão", "hôm nay", "1", hostile):
        await citizen.says(answer)
    await citizen.play("""
        > 4
        > [Không có]
        > [Không rõ]
        > [Bỏ qua]
        > [Bỏ qua]
    """)
    await citizen.says(hostile)  # no answer to the summary either
    await citizen.hears()
    assert await flow(citizen) == "report"
    await citizen.says("[Gửi]")
    seen = await clerk.hears()
    typed = "".join(char for char in hostile if char >= " " and char != "\ud83d")
    assert seen.replace("\u2060", "").count(typed) >= 3
    await clerk.says("[Nhận]")
    await clerk.says(f"/hoi {citizen.code} {hostile}")
    asked = await citizen.hears()
    assert typed in asked.replace("\u2060", "")
    await citizen.says(hostile)
    answered = await clerk.hears()
    assert "Người báo tin trả lời" in answered and typed in answered.replace("\u2060", "")
    await clerk.says(f"/tim {hostile}")
    await clerk.says(f"/tuchoi {citizen.code} {hostile}")
    await town.decisions_are_told()
    assert typed in (await citizen.hears()).replace("\u2060", "")
    assert await town.one(sql("SELECT count(*) FROM cases")) == 1
    assert await town.one(sql("SELECT count(*) FROM received WHERE failed IS NOT NULL")) == 0


async def test_an_old_button_of_an_earlier_question_changes_nothing(town):
    citizen = await reporting(town)
    old = [button for message in citizen.last for button in message.buttons]
    before = await draft(citizen)
    for button in old:
        if button.token.startswith("a:") or "boqua" in button.token or "quaylai" in button.token:
            if button in citizen.last[-1].buttons:
                continue
            await citizen.says("", button=button.token)
            heard = await citizen.hears()
            assert "Dạ, " in heard and "Ở thôn, tổ dân phố nào?" in heard
            assert await draft(citizen) == before


async def test_buttons_of_an_earlier_report_change_nothing(town):
    citizen = await summary(town)
    await citizen.says("[Sửa]")
    await citizen.hears()
    lines = citizen.last[-1].buttons
    await citizen.says("gửi")
    await citizen.hears()
    earlier = [button for message in citizen.last for button in message.buttons]
    await citizen.says("hết gạo ăn")
    await citizen.hears()
    before = await draft(citizen)
    for button in (*earlier, *lines):
        if button.token.startswith(("a:", "c:sua", "c:huy", "c:boqua", "c:quaylai")):
            await citizen.says("", button=button.token)
            assert "nên không đổi gì" in await citizen.hears()
            assert await draft(citizen) == before
            assert await flow(citizen) == "report"


async def test_a_button_that_never_was(town):
    citizen = await reporting(town)
    for token in ("", "a", "a:::", "c:", "c:khongco:1", "x:y:z", "c:xem", "a:zzzzzz:village:x"):
        await citizen.says("", button=token)
        assert "Ở thôn, tổ dân phố nào?" in await citizen.hears()


@pytest.mark.parametrize(
    ("role", "typed", "meant"),
    [
        (None, "/giup", "/trogiup"),
        (None, "/ngungtin", "/ngungnhantin"),
        (None, "/ho", "/hoso"),
        (None, "/kiem-tra-a", "/kiemtra"),
        (Role.VILLAGE_HEAD, "/ho", "/houutien"),
        (Role.VILLAGE_HEAD, "/danhsac", "/danhsach"),
        (Role.OFFICER, "/tre", "/loc"),
        (Role.OFFICER, "/xacnha", "/xacnhan"),
    ],
)
async def test_a_mistyped_command_finds_its_neighbours(town, role, typed, meant):
    who = town.person("84900") if role is None else await town.staff("staff", role)
    await who.play(f"""
        > {typed}
        không có lệnh {typed.replace("-", "")}. Có phải ông/bà muốn:
        {meant} –
    """)
    assert any(one.label == meant for one in who.last[-1].buttons)


async def test_nobody_is_offered_a_command_of_staff(town):
    citizen = town.person("84900")
    await citizen.play("""
        > /hangdo
        không có lệnh /hangdo. Gõ /trogiup
    """)


@pytest.mark.parametrize("channel", ["webchat", "telegram"])
async def test_commands_that_are_not_there_or_not_for_everybody(town, channel):
    citizen = await reporting(town, channel=channel)
    before = await draft(citizen)
    await citizen.play("""
        > /bayvenha
        không có lệnh /bayvenha. Gõ /trogiup
        Ở thôn, tổ dân phố nào?
        > /nhan QN-2222-2
        lệnh này dành cho cán bộ được mời
        Ở thôn, tổ dân phố nào?
        > /
        không có lệnh /.
        > /trogiup
        Không cần nhớ lệnh
        Ở thôn, tổ dân phố nào?
        > /riengtu
        Thông tin đang lưu về ông/bà
        Ở thôn, tổ dân phố nào?
        > /start
        việc đang làm dở vẫn được giữ
        Ở thôn, tổ dân phố nào?
        > menu
        việc đang làm dở vẫn được giữ
    """)
    assert await draft(citizen) == before


async def test_reported_is_not_undone_by_odd_messages(town):
    citizen = await reported(town)
    for odd in ("", "😀", "x" * 5000, "/huy", "huỷ"):
        await citizen.says(odd)
        assert await citizen.hears()
    assert (await case_of(citizen))["status"] == "new"
