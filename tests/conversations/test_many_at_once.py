"""Confirming the cases of one event together; ready replies; the leader's second look."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from models import codes
from models.audit import AuditEntry
from models.cases import Case
from models.decisions import Decision
from models.offices import ReplyTemplate
from models.people import Role
from tests.conversations.stories import case_of, officer, reported, story_of

KINDS = ("house_damaged", "house_damaged", "hunger")


async def storm(town, number):
    """Cases of one storm, the oldest first, of as many people; gives them by code."""
    people = {}
    first = await reported(town, "84900")
    people[first.code] = first
    base = {
        key: value
        for key, value in (await case_of(first)).items()
        if key not in ("id", "code", "draft_id")
    }
    for index in range(1, number):
        somebody = town.person(f"8490{index}")
        await somebody.says("/menu")
        await somebody.hears()
        code = codes.new(4)
        row = {
            **base,
            "code": code,
            "reporter_id": await somebody.person_id(),
            "conversation_id": await somebody.chat_id(),
            "kinds": [KINDS[index % 3]],
            "take_due_at": base["take_due_at"] + timedelta(minutes=index),
            "next_rung_at": None,
        }
        async with town.app.engine.begin() as db:
            await db.execute(insert(Case).values(**row))
        people[code] = somebody
    return people


async def statuses(town):
    rows = await town.rows(select(Case.code, Case.status))
    return {row.code: row.status for row in rows}


async def test_one_event_is_confirmed_with_a_second_look(town):
    clerk = await officer(town)
    people = await storm(town, 7)
    order = list(people)
    await clerk.hears()
    await clerk.play("""
        > /xacnhanloat
        Xác nhận loạt: 7 hồ sơ
        của việc nào?
        > [Nhà tốc mái, hư hỏng một phần (4)]
        Xác nhận loạt: 4 hồ sơ
        Quyết định gì, theo điều nào?
        > Hỗ trợ 15 triệu đồng sửa nhà, Điều 12 NĐ 335/2026/NĐ-CP
        Xem lại từng hồ sơ (4)
        1. … Nhà tốc mái
        4. … Nhà tốc mái
        Bỏ lại hồ sơ nào?
        > 9
        gõ số thứ tự của hồ sơ bỏ lại
        > 1-4
        không còn hồ sơ nào
        > 2
        Sẽ xác nhận 3 hồ sơ
        Bỏ lại 1:
        Người dân đọc: «Hỗ trợ 15 triệu đồng sửa nhà
        > [Quay lại]
        Bỏ lại hồ sơ nào?
        > 2, 3
        Sẽ xác nhận 2 hồ sơ
        > [Xác nhận các hồ sơ này]
        Đã xác nhận 2 hồ sơ
    """)
    damaged = [code for n, code in enumerate(order) if n and KINDS[n % 3] == "house_damaged"]
    confirmed = [damaged[0], damaged[3]]
    assert sorted(c for c, s in (await statuses(town)).items() if s == "confirmed") == sorted(
        confirmed
    )
    assert await people[confirmed[0]].hears() == ""
    await town.decisions_are_told()
    for code in confirmed:
        assert "15 triệu đồng sửa nhà" in await people[code].hears()
    rows = await town.rows(select(AuditEntry.case_code).where(AuditEntry.action == "confirm"))
    assert sorted(row.case_code for row in rows) == sorted(confirmed)


async def test_the_whole_lot_is_taken_back_with_one_press(town):
    clerk = await officer(town)
    people = await storm(town, 4)
    await clerk.play("""
        > /confirmall
        > [Tất cả (4)]
        > 5 triệu đồng mỗi hộ
        > [Không bỏ hồ sơ nào]
        Sẽ xác nhận 4 hồ sơ
        > [Xác nhận các hồ sơ này]
        Đã xác nhận 4 hồ sơ
        > [Rút lại cả 4]
        Đã rút lại 4 hồ sơ, người dân chưa đọc gì
        > [Hàng đợi]
        Hàng đợi: 4 hồ sơ
    """)
    await town.decisions_are_told()
    for somebody in people.values():
        assert "5 triệu" not in await somebody.hears()
    assert set((await statuses(town)).values()) == {"taken"}
    await clerk.says(f"/rutlai loat {await town.one(select(Decision.batch).limit(1))}")
    assert "không còn quyết định nào của loạt này" in await clerk.hears()


async def test_a_filter_of_the_queue_narrows_the_lot(town):
    clerk = await officer(town)
    await storm(town, 7)
    await clerk.play("""
        > /xacnhanloat hunger
        Xác nhận loạt: 2 hồ sơ
        Quyết định gì
        > 15 kg gạo mỗi người
        Xem lại từng hồ sơ (2)
    """)


async def test_two_officers_confirm_the_same_lot(town):
    first, second = await officer(town, "lan"), await officer(town, "minh")
    people = await storm(town, 6)
    for one, text in ((first, "5 triệu đồng"), (second, "6 triệu đồng")):
        for said in ("/xacnhanloat", "[Tất cả (6)]", text, "[Không bỏ hồ sơ nào]"):
            await one.says(said)
            await one.hears()
    await asyncio.gather(
        first.says("[Xác nhận các hồ sơ này]"), second.says("[Xác nhận các hồ sơ này]")
    )
    heard = [await first.hears(), await second.hears()]
    assert sum("Đã xác nhận 6 hồ sơ" in one for one in heard) == 1
    assert max(one.count("Không xác nhận được:") for one in heard) == 6
    await town.decisions_are_told()
    for code, somebody in people.items():
        told = await somebody.hears()
        assert ("5 triệu đồng" in told) + ("6 triệu đồng" in told) == 1
        assert (await story_of(town, code)).count("confirmed") == 1


async def test_what_a_colleague_holds_is_not_confirmed_in_passing(town):
    first, second = await officer(town, "lan"), await officer(town, "minh")
    people = await storm(town, 3)
    await second.says(f"/nhan {next(iter(people))}")
    await first.hears()
    await first.says("/xacnhanloat")
    assert "Xác nhận loạt**: 2 hồ sơ" in await first.hears()
    leader = await town.staff("lanh-dao", Role.LEADER)
    await leader.says("/xacnhanloat")
    assert "Xác nhận loạt**: 3 hồ sơ" in await leader.hears()
    await first.says("/huy")
    await second.says("/hangdoi")


async def test_nothing_to_confirm(town):
    clerk = await officer(town)
    await clerk.says("/xacnhanloat")
    assert "không có hồ sơ nào xác nhận được" in await clerk.hears()


async def test_ready_replies_are_made_in_chat_and_picked_by_number_or_button(town):
    clerk, other = await officer(town, "lan"), await officer(town, "minh")
    citizen, neighbour = await reported(town), await reported(town, "84901")
    await clerk.hears()
    await clerk.play("""
        > /mau
        Chưa có mẫu nào
        > [Thêm mẫu]
        Mẫu dùng khi nào?
        > [Từ chối]
        Gõ câu mẫu
        > Nhà thuộc xã khác, mời gia đình báo xã ấy
        Đã lưu mẫu
        > [Thêm mẫu]
        > [Từ chối]
        > Đã nhận hỗ trợ cùng đợt ngày …
        Đã lưu mẫu
    """)
    await other.play(f"""
        > /tuchoi {citizen.code}
        1. Nhà thuộc xã khác
        2. Đã nhận hỗ trợ cùng đợt
        Lý do từ chối
        > 2
        còn chỗ trống
        Đã nhận hỗ trợ cùng đợt ngày …
        > [1. Nhà thuộc xã khác]
        Đã lưu: QN-… – chưa được chấp nhận
        «Nhà thuộc xã khác, mời gia đình báo xã ấy»
        > /tuchoi {neighbour.code}
        > Nhà thuộc xã khác, mời gia đình báo xã đó
        «Nhà thuộc xã khác, mời gia đình báo xã đó»
    """)
    await town.decisions_are_told()
    assert "mời gia đình báo xã ấy" in await citizen.hears()
    assert "báo xã đó" in await neighbour.hears()
    number = await town.one(select(func.min(ReplyTemplate.id)))
    await clerk.play(f"""
        > /mau
        {number}. Nhà thuộc xã khác
        > /mau sua {number}
        Mẫu đang dùng
        > Nhà thuộc xã khác
        Đã lưu mẫu
        > /mau {number}
        > [Xoá]
        Đã xoá mẫu: «Nhà thuộc xã khác»
    """)
    assert await town.one(select(func.count()).select_from(ReplyTemplate)) == 1


async def test_the_replies_of_another_commune_are_its_own(town):
    clerk = await officer(town)
    there = await town.staff("xa-khac", Role.OFFICER, "21115")
    await clerk.play("""
        > /mau them ask
        > Nhà còn ở được không?
        Đã lưu mẫu
    """)
    number = await town.one(select(ReplyTemplate.id))
    await there.says(f"/mau xoa {number}")
    assert "Chưa có mẫu nào" in await there.hears()
    assert await town.one(select(func.count()).select_from(ReplyTemplate)) == 1


async def watched(town):
    """An officer whose decisions a leader looks at, and that leader."""
    clerk = await officer(town, "lan")
    leader = await town.staff("lanh-dao", Role.LEADER)
    await leader.play("""
        > /xemlai
        Cán bộ quyết định, không cần lãnh đạo duyệt
        > [Bật: lãnh đạo duyệt]
        Cán bộ đề nghị, lãnh đạo duyệt
    """)
    return clerk, leader


async def test_a_leader_looks_again_and_decides(town):
    clerk, leader = await watched(town)
    citizen = await reported(town)
    await leader.hears()
    await clerk.says(f"/xacnhan {citizen.code} 40 triệu đồng")
    assert "Đã gửi lãnh đạo xem lại" in await clerk.hears()
    assert (await case_of(citizen))["status"] == "taken"
    await citizen.hears()
    await town.decisions_are_told()
    await clerk.says(f"/datrogiup {citizen.code} 40 triệu đồng")
    assert "xin **xác nhận**" in await clerk.hears()
    assert await citizen.hears() == ""
    await leader.play("""
        > [✅ Duyệt]
        Đã duyệt 1 hồ sơ
    """)
    assert "đã xử lý hồ sơ ông/bà đang giữ" in await clerk.hears()
    await town.decisions_are_told()
    assert "40 triệu đồng" in await citizen.hears()
    rows = await town.rows(select(AuditEntry.action, AuditEntry.role).order_by(AuditEntry.id))
    assert [tuple(row) for row in rows][-3:] == [
        ("propose", "officer"),
        ("approve", "leader"),
        ("confirm", "leader"),
    ]


async def test_a_leader_gives_a_proposal_back(town):
    clerk, leader = await watched(town)
    citizen = await reported(town)
    await leader.hears()
    await clerk.says(f"/tuchoi {citizen.code} trùng")
    await clerk.hears()
    await leader.play("""
        > [Trả lại]
        Trả lại vì sao?
        > Xin hỏi lại trưởng thôn
        Đã trả lại
        > /duyet
        Không có gì chờ duyệt
    """)
    assert "Lãnh đạo trả lại" in (heard := await clerk.hears()) and "hỏi lại trưởng thôn" in heard
    await citizen.hears()
    await citizen.says(citizen.code)
    seen = await citizen.hears()
    assert "trùng" not in seen and "trả lại" not in seen and "Đề nghị" not in seen
    await leader.says(f"/duyet {citizen.code} dongy")
    assert "không có gì chờ duyệt" in await leader.hears()


async def test_a_lot_is_looked_at_again_as_one(town):
    clerk, leader = await watched(town)
    people = await storm(town, 4)
    await leader.hears()
    await clerk.play("""
        > /xacnhanloat
        > [Tất cả (4)]
        > 5 triệu đồng mỗi hộ
        > [Không bỏ hồ sơ nào]
        > [Xác nhận các hồ sơ này]
        Đã gửi lãnh đạo xem lại 4 hồ sơ
    """)
    told = await leader.unread()
    assert len(told) == 1 and "đề nghị **đã xác nhận** 4 hồ sơ" in told[0].text
    await leader.says("/homnay")
    assert "Chờ lãnh đạo duyệt: **4**" in await leader.hears()
    leader.last = told
    await leader.play("""
        > [✅ Duyệt]
        Đã duyệt 4 hồ sơ
    """)
    await town.decisions_are_told()
    for somebody in people.values():
        assert "5 triệu đồng mỗi hộ" in await somebody.hears()


@pytest.mark.parametrize("withdrawn_first", [True, False])
async def test_what_was_proposed_and_then_withdrawn_is_not_approved(town, withdrawn_first):
    clerk, leader = await watched(town)
    citizen = await reported(town)
    await leader.hears()
    await clerk.says(f"/xacnhan {citizen.code} 40 triệu đồng")
    await leader.hears()
    if withdrawn_first:
        await citizen.says(f"/rut {citizen.code} chac")
        await leader.hears()
        await leader.says(f"/duyet {citizen.code} dongy")
        assert "không có gì chờ duyệt" in await leader.hears()
    else:
        await asyncio.gather(
            citizen.says(f"/rut {citizen.code} chac"),
            leader.says(f"/duyet {citizen.code} dongy"),
        )
    assert (await case_of(citizen))["status"] == "withdrawn"


async def test_with_no_leader_to_be_had_nobody_is_kept_waiting(town):
    clerk, leader = await watched(town)
    await leader.says("", event="blocked")
    citizen = await reported(town)
    await clerk.says(f"/xacnhan {citizen.code} 40 triệu đồng")
    assert "Người dân được báo sau 1 phút" in await clerk.hears()
