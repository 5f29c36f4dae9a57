"""Officers, leaders and village heads: by name, by English alias, by button, and two at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from models import audit
from models.audit import AuditEntry
from models.cases import Case, Rung
from models.people import Role
from tests.conversations.stories import (
    called,
    case_of,
    flow,
    officer,
    reported,
    reporting,
    story_of,
)

COMMANDS = [
    ("/nhan", "[✋ Nhận]", "/take", "đã nhận hồ sơ này"),
    ("/hoi", "[💬 Hỏi]", "/ask", "Hỏi người báo tin điều gì?"),
    ("/xacnhan", None, "/confirm", "Quyết định gì, theo điều nào?"),
    ("/tuchoi", None, "/decline", "Lý do từ chối"),
    ("/datrogiup", None, "/helped", "Đã trợ giúp gì"),
    ("/xem", None, "/show", "Trần Văn Bình"),
    ("/tim", None, "/search", "Trần Văn Bình"),
]


@pytest.mark.parametrize(("name", "button", "alias", "answer"), COMMANDS)
async def test_every_command_by_name_alias_and_button(town, name, button, alias, answer):
    for way in (name, button, alias):
        clerk = await officer(town, f"can-bo-{way}")
        citizen = await reported(town, f"84900{way}")
        await clerk.hears()
        if way is None:
            continue
        await clerk.says(way if way == button else f"{way} {citizen.code}")
        assert answer in await clerk.hears(), way


async def test_a_command_without_a_code_offers_cases(town):
    clerk = await officer(town)
    await reported(town)
    await clerk.hears()
    await clerk.play("""
        > /nhan
        hồ sơ nào? Bấm chọn, hoặc gõ mã sau lệnh
        > [QN-]
        đã nhận hồ sơ này
        > /xacnhan
        > [QN-]
        Quyết định gì
        > ???
        tin nhắn chưa có chữ
        Quyết định gì
        > Hỗ trợ 40 triệu đồng
        Đã lưu: QN-… – đã xác nhận. Người dân được báo sau 1 phút
    """)


async def test_two_officers_take_at_once(town):
    first = await called(await officer(town, "lan"), "Trần Thị Lan")
    second = await called(await officer(town, "minh"), "Lê Văn Minh")
    citizen = await reported(town)
    await first.hears()
    await second.hears()
    code = citizen.code
    await asyncio.gather(first.says("[✋ Nhận]"), second.says("[✋ Nhận]"))
    heard = {first.address: await first.hears(), second.address: await second.hears()}
    winner = next(who for who in heard if "đã nhận hồ sơ này" in heard[who])
    loser = "minh" if winner == "lan" else "lan"
    name = {"lan": "Trần Thị Lan", "minh": "Lê Văn Minh"}[winner]
    assert f"cán bộ đang giải quyết** ({name})" in heard[loser].replace("**cán", "cán")
    assert (await story_of(town, code)).count("taken") == 1
    assert (await citizen.hears()).count("đã tiếp nhận hồ sơ") == 1


async def test_two_decisions_at_once_are_one(town):
    first, second = await officer(town, "lan"), await officer(town, "minh")
    citizen = await reported(town)
    code = citizen.code
    await asyncio.gather(
        first.says(f"/xacnhan {code} 40 triệu đồng"), second.says(f"/tuchoi {code} không đúng")
    )
    story = await story_of(town, code)
    assert story.count("confirmed") + story.count("declined") == 1


async def test_a_form_over_a_case_that_somebody_else_answered_meanwhile(town):
    first, second = await officer(town, "lan"), await officer(town, "minh")
    citizen = await reported(town)
    code = citizen.code
    await second.says(f"/tuchoi {code}")
    await second.hears()
    await first.says(f"/xacnhan {code} 40 triệu đồng")
    await second.says("không đúng")
    assert "đã xác nhận" in await second.hears()
    assert await flow(second) is None
    assert (await case_of(citizen))["status"] == "confirmed"


async def test_a_decline_needs_a_reason_the_citizen_understands(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/tuchoi {citizen.code}")
    await clerk.hears()
    for empty in ("", "  ", "...", "😀"):
        await clerk.says(empty)
        assert "Lý do từ chối" in await clerk.hears()
    assert (await case_of(citizen))["status"] == "new"
    await clerk.says("Nhà ở xã khác, mời gia đình báo xã Bình Minh")
    await clerk.hears()
    await town.decisions_are_told()
    heard = await citizen.hears()
    assert "chưa được chấp nhận" in heard and "mời gia đình báo xã Bình Minh" in heard
    assert any("Gặp cán bộ" in button.label for button in citizen.last[-1].buttons)


async def test_handing_over_to_a_colleague_by_name(town):
    first, second = await officer(town, "lan"), await officer(town, "minh")
    await second.says("/ten Lê Văn Minh")
    assert "Lê Văn Minh" in await second.hears()
    citizen = await reported(town)
    await first.hears()
    await first.says("[✋ Nhận]")
    await first.hears()
    await second.hears()
    await first.play("""
        > [Chuyển]
        Chuyển cho ai?
        > Nguyễn Văn Không
        không có ai tên như vậy
        > le van minh
        Đã chuyển QN-… cho Lê Văn Minh
    """)
    assert "Hồ sơ được chuyển cho ông/bà" in await second.hears()
    assert (await case_of(citizen))["taken_by"] == await second.person_id()


async def test_nobody_to_hand_over_to(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/nhan {citizen.code}")
    await clerk.says(f"/chuyen {citizen.code}")
    assert "chưa có cán bộ nào khác" in await clerk.hears()


async def test_the_province_hands_over_to_a_commune(town):
    province = await town.staff("so-y-te", Role.PROVINCE, None)
    clerk = await officer(town)
    citizen = town.person("84900")
    await citizen.says("sos")
    await citizen.hears()
    await citizen.says("[Không rõ xã nào]")
    await citizen.hears()
    await province.says(f"/chuyen {citizen.code} Đông Sơn")
    assert "Đã chuyển" in await province.hears()
    assert "Hồ sơ mới" in await clerk.hears()


async def test_reopening_starts_a_new_answer_clock(town):
    clerk = await officer(town)
    citizen = await reported(town)
    code = citizen.code
    await clerk.says(f"/tuchoi {code} chưa rõ nhà nào")
    await town.decisions_are_told()
    town.later(days=20)
    await clerk.says(f"/molai {code} gia đình đã nói rõ")
    assert "Đã mở lại hồ sơ" in (heard := await clerk.hears()) and "trễ" not in heard
    assert "được mở lại: gia đình đã nói rõ" in await citizen.hears()
    case = await case_of(citizen)
    assert case["status"] == "taken" and case["answer_due_at"] > town.time
    await town.minute()
    assert "quá hạn" not in await citizen.hears()


async def test_a_colleague_hears_that_his_case_was_answered(town):
    first, second = await officer(town, "lan"), await officer(town, "minh")
    citizen = await reported(town)
    await first.says(f"/nhan {citizen.code}")
    await first.hears()
    await second.says(f"/xacnhan {citizen.code} 40 triệu đồng")
    assert "đã xử lý hồ sơ ông/bà đang giữ" in await first.hears()


async def many(town, citizen, number):
    """Cases of one reporter, each an hour more urgent than the one before."""
    case = await case_of(citizen)
    drop = ("id", "code", "draft_id")
    base = {key: value for key, value in case.items() if key not in drop}
    rows = [
        {
            **base,
            "code": f"QN-{2222 + index}-X",
            "take_due_at": case["take_due_at"] - timedelta(minutes=index),
            "village": ("Phước Thiện", "thon phuoc thien", "Thôn 2")[index % 3],
            "kinds": [("hunger", "livelihood")[index % 2]],
        }
        for index in range(1, number + 1)
    ]
    async with town.app.engine.begin() as db:
        await db.execute(insert(Case), rows)


async def test_a_queue_of_forty_cases(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await many(town, citizen, 39)
    await clerk.hears()
    seen = []
    await clerk.says("/hangdoi")
    for page in range(5):
        heard = await clerk.hears()
        assert f"40 hồ sơ, gấp nhất trước (đang xem {page * 8 + 1}–{page * 8 + 8})" in heard
        seen += [line.split("**")[1] for line in heard.splitlines() if "QN-" in line]
        if page < 4:
            await clerk.says("[Trang sau]")
    dues = {
        row.code: row.take_due_at for row in await town.rows(select(Case.code, Case.take_due_at))
    }
    assert len(seen) == len(set(seen)) == 40
    assert seen == sorted(seen, key=lambda code: dues[code])
    await clerk.play("""
        > [Trang trước]
        đang xem 25–32
        > /hangdoi 99
        đang xem 33–40
        > /queue 2
        đang xem 9–16
        > hàng đợi
        đang xem 1–8
        > /hangdoi tre
        Không có hồ sơ nào chờ theo «⏰ Đã trễ»
        > /hangdoi phuoc thien
        Hàng đợi: 27 hồ sơ
        > [Trang sau]
        27 hồ sơ, gấp nhất trước (đang xem 9–16)
        > /hangdoi thiếu đói
        Hàng đợi: 19 hồ sơ
        > /hangdoi của tôi
        Không có hồ sơ nào chờ
    """)
    town.later(days=3)
    await clerk.says("/hangdoi tre")
    assert "Hàng đợi**: 40 hồ sơ" in await clerk.hears()


async def test_whoever_waits_for_the_citizen_comes_last_in_the_queue(town):
    clerk = await officer(town)
    first = await reported(town, "84900")
    town.later(minutes=30)
    await reported(town, "84901")
    await clerk.says(f"/hoi {first.code} nhà còn ai?")
    await clerk.hears()
    await clerk.says("/hangdoi")
    lines = (await clerk.hears()).splitlines()
    assert first.code in lines[2] and "⏸ chờ người dân trả lời" in lines[2]


@pytest.mark.parametrize(
    "wanted",
    ["0912345678", "+84 912 345 678", "trần văn bình", "Tran Binh", "phuoc thien", "nhà sập"],
)
async def test_search(town, wanted):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/tim {wanted}")
    assert citizen.code in await clerk.hears()
    await clerk.says("/tim 0987654321")
    assert "Không thấy hồ sơ nào khớp" in await clerk.hears()


async def test_a_village_head_sees_only_the_own_village(town):
    head = await town.staff("truong-thon", Role.VILLAGE_HEAD, "21109", "Phước Thiện")
    own = await reported(town, "84900")  # typed as «thôn Phước Thiện»
    other = await reporting(town, "84901")
    await other.says("thôn Hải Ninh")
    await other.hears()
    await head.says("/hangdoi")
    heard = await head.hears()
    assert own.code in heard and other.code not in heard
    await head.says(own.code)
    assert "Trần Văn Bình" in await head.hears()
    assert not any("Nhận" in button.label for button in head.last[-1].buttons)
    await head.says(f"/xem {other.code}")
    assert "không có trong danh sách" in await head.hears()
    await head.says("/tim nhà sập")
    heard = await head.hears()
    assert own.code in heard and other.code not in heard
    for command in ("/nhan", "/tuchoi", "/moi", "/thuhoi"):
        await head.says(f"{command} {own.code}")
        assert "lệnh này dành cho cán bộ được mời" in await head.hears()


async def test_every_action_is_in_the_log_which_only_grows(town):
    clerk = await officer(town)
    citizen = await reported(town)
    code = citizen.code
    for said in (
        f"/xem {code}", "/tim Phước Thiện", f"/nhan {code}", f"/hoi {code} ai?",
        f"/xacnhan {code} 40 triệu", f"/datrogiup {code} 40 triệu", f"/molai {code} nhầm",
        f"/tuchoi {code} trùng",
    ):  # fmt: skip
        await clerk.says(said)
        await town.decisions_are_told()
    rows = await town.rows(select(AuditEntry.action, AuditEntry.person_id).order_by(AuditEntry.id))
    assert [row.action for row in rows] == [
        "show", "search", "take", "ask", "confirm", "helped", "reopen", "decline",
    ]  # fmt: skip
    assert {row.person_id for row in rows} == {await clerk.person_id()}
    async with town.app.engine.connect() as db:
        assert await audit.broken_at(db) is None
    for change in ("UPDATE audit SET action = 'x'", "DELETE FROM audit", "TRUNCATE audit"):
        with pytest.raises(DBAPIError):
            async with town.app.engine.begin() as db:
                await db.execute(text(change))


async def test_reminders_and_lateness_are_each_told_once(town):
    clerk = await officer(town)
    leader = await town.staff("lanh-dao", Role.LEADER, "21109")
    citizen = await reported(town)
    await clerk.hears()
    await leader.hears()
    told = {"clerk": 0, "leader": 0}
    late = ""
    for _ in range(4 * 24):
        town.later(minutes=45)
        await town.minute()
        await town.minute()
        told["clerk"] += len(await clerk.unread())
        told["leader"] += len(await leader.unread())
        late += await citizen.hears()
    given = [row.rung for row in await town.rows(select(Rung.rung))]
    assert len(given) == len(set(given)) >= 4
    assert told["clerk"] and told["leader"]
    assert late.count("Xin lỗi ông/bà: hồ sơ") == 1 and "gọi ngay 112" in late
    await citizen.says(citizen.code)
    assert "Đã quá hạn hứa, xin lỗi ông/bà" in await citizen.hears()


async def test_an_answered_case_reminds_nobody(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/xacnhan {citizen.code} 40 triệu đồng")
    await town.decisions_are_told()
    await clerk.hears()
    await citizen.hears()
    town.later(days=5)
    await town.minute()
    assert await clerk.hears() == "" and await citizen.hears() == ""
