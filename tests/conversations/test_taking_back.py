"""A decision can be taken back for a minute; the citizen reads it once it stands."""

import asyncio

import pytest
from sqlalchemy import select, update

from bot.delivery import Later
from models.audit import AuditEntry
from models.cases import Case, CaseEvent
from models.decisions import Decision
from models.people import Role
from tests.conversations.stories import case_of, officer, reported, story_of


async def settled(town):
    return [row.settled for row in await town.rows(select(Decision.settled).order_by(Decision.id))]


DECISIONS = [
    ("/xacnhan {code} 40 triệu đồng", "đã **xác nhận** hồ sơ"),
    ("/tuchoi {code} nhà ở xã khác", "chưa được chấp nhận"),
    ("/datrogiup {code} 15 kg gạo ngày 24/11", "đã trợ giúp – 15 kg gạo"),
]


@pytest.mark.parametrize(("said", "told"), DECISIONS)
async def test_what_is_taken_back_the_citizen_never_reads(town, said, told):
    clerk = await officer(town)
    citizen = await reported(town)
    code = citizen.code
    await clerk.says(f"/nhan {code}")
    before = await case_of(citizen)
    await citizen.hears()
    await clerk.hears()
    await clerk.says(said.format(code=code))
    await clerk.play("""
        Người dân được báo sau 1 phút; bấm nhầm thì rút lại
        > [Rút lại]
        Đã rút lại, người dân chưa đọc gì
    """)
    assert await case_of(citizen) == before
    town.later(minutes=5)
    await town.minute()
    assert await citizen.hears() == ""
    await citizen.says(code)
    seen = await citizen.hears()
    assert "cán bộ đang giải quyết" in seen and "40 triệu" not in seen and "Rút lại" not in seen
    assert "taken_back" in await story_of(town, code)
    await clerk.says(said.format(code=code))  # and what was meant all along
    await town.decisions_are_told()
    assert told in await citizen.hears()
    assert await settled(town) == ["taken_back", "told"]


async def test_until_it_is_told_the_citizen_knows_the_case_as_it_was(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/tuchoi {citizen.code} nhà ở xã khác")
    await citizen.hears()
    await citizen.says("/hoso")
    assert "còn" in (seen := await citizen.hears()) and "chưa được chấp nhận" not in seen
    await citizen.says(citizen.code)
    seen = await citizen.hears()
    assert "chưa được chấp nhận" not in seen and "nhà ở xã khác" not in seen
    assert any("Bổ sung" in button.label for button in citizen.last[-1].buttons)
    await clerk.hears()
    await clerk.says(f"/xem {citizen.code}")
    assert "Người dân được báo lúc 09:13" in await clerk.hears()
    await town.decisions_are_told()
    await citizen.hears()
    await citizen.says(citizen.code)
    assert "Không chấp nhận: nhà ở xã khác" in await citizen.hears()
    await clerk.play("""
        > [Rút lại]
        không còn quyết định nào chờ gửi
    """)


async def test_the_next_decision_says_that_the_one_before_was_meant(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/xacnhan {citizen.code} 40 triệu đồng")
    await citizen.hears()
    await clerk.says(f"/datrogiup {citizen.code} đã trao 40 triệu đồng")
    assert "đã **xác nhận** hồ sơ" in await citizen.hears()
    await clerk.says(f"/rutlai {citizen.code}")
    assert (await case_of(citizen))["status"] == "confirmed"
    await town.decisions_are_told()
    assert "đã trợ giúp" not in await citizen.hears()


async def test_reopening_what_nobody_has_read_takes_it_back(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/tuchoi {citizen.code} trùng")
    await citizen.hears()
    await clerk.hears()
    await clerk.says(f"/molai {citizen.code} không trùng")
    assert "Đã rút lại, người dân chưa đọc gì" in await clerk.hears()
    await town.decisions_are_told()
    assert await citizen.hears() == ""


async def test_who_may_take_it_back(town):
    clerk, other = await officer(town, "lan"), await officer(town, "minh")
    leader = await town.staff("lanh-dao", Role.LEADER)
    citizen = await reported(town)
    await clerk.says(f"/tuchoi {citizen.code} trùng")
    await other.hears()
    await other.says(f"/rutlai {citizen.code}")
    assert "chỉ người đã quyết định hoặc lãnh đạo" in await other.hears()
    await clerk.hears()
    await leader.says(f"/rutlai {citizen.code}")
    assert "Đã rút lại" in await leader.hears()
    assert "đã rút lại quyết định về hồ sơ ông/bà đang giữ" in await clerk.hears()
    rows = await town.rows(select(AuditEntry.role).where(AuditEntry.action == "take_back"))
    assert [row.role for row in rows] == ["leader"]


async def test_the_citizen_withdraws_what_was_decided_but_not_told(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/nhan {citizen.code}")
    await clerk.says(f"/xacnhan {citizen.code} 40 triệu đồng")
    await clerk.hears()
    await citizen.says(f"/rut {citizen.code} chac")
    assert "đã rút hồ sơ" in await citizen.hears()
    assert "quyết định chưa gửi nên đã bỏ" in await clerk.hears()
    await clerk.says(f"/rutlai {citizen.code}")
    assert "không còn quyết định nào" in await clerk.hears()
    await town.decisions_are_told()
    assert await citizen.hears() == ""
    case = await case_of(citizen)
    assert case["status"] == "withdrawn" and case["answered_at"] is None


@pytest.mark.parametrize("number", range(4))
async def test_taking_back_while_the_citizen_withdraws(town, number):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/xacnhan {citizen.code} 40 triệu đồng")
    await citizen.hears()
    acts = [
        clerk.says(f"/rutlai {citizen.code}"),
        citizen.says(f"/rut {citizen.code} chac"),
        town.minute(),
    ]
    await asyncio.gather(*(acts[number % 3 :] + acts[: number % 3]))
    await town.decisions_are_told()
    assert (await case_of(citizen))["status"] == "withdrawn"
    assert "40 triệu" not in await citizen.hears()
    assert (await settled(town))[0] in ("taken_back", "withdrawn")


@pytest.mark.parametrize("number", range(3))
async def test_taking_back_at_the_last_moment_is_one_or_the_other(town, number):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/xacnhan {citizen.code} 40 triệu đồng")
    await citizen.hears()
    await clerk.hears()
    town.later(minutes=1)
    acts = [town.minute(), town.minute(), clerk.says(f"/rutlai {citizen.code}")]
    await asyncio.gather(*(acts[number:] + acts[:number]))
    told, answer = await citizen.hears(), await clerk.hears()
    status = (await case_of(citizen))["status"]
    if status == "confirmed":
        assert told.count("đã **xác nhận** hồ sơ") == 1 and "không còn quyết định nào" in answer
    else:
        assert status == "taken" and told == "" and "Đã rút lại" in answer


async def test_the_job_tells_once_and_comes_back_if_it_is_early(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/xacnhan {citizen.code} 40 triệu đồng")
    await citizen.hears()
    decision_id = await town.one(select(Decision.id))
    worker = town.app.worker()
    with pytest.raises(Later):
        await worker._told(decision_id)  # noqa: SLF001 - as its job does
    assert await citizen.hears() == ""
    town.later(minutes=1)
    await asyncio.gather(*(worker._told(decision_id) for _ in range(3)))  # noqa: SLF001
    assert (await citizen.hears()).count("đã **xác nhận** hồ sơ") == 1
    assert await town.one(select(Decision.body)) is None  # the words are in the story alone


async def test_internal_notes_are_never_the_citizens_business(town):
    clerk, other = await officer(town, "lan"), await officer(town, "minh")
    head = await town.staff("truong-thon", Role.VILLAGE_HEAD, "21109", "Phước Thiện")
    citizen = await reported(town)
    code = citizen.code
    await clerk.hears()
    await clerk.play("""
        > [Ghi chú]
        chỉ cán bộ, lãnh đạo đọc
        > Nhà này năm ngoái đã nhận 20 triệu
        người dân không đọc được
    """)
    await other.says(f"/note {code} Đã hỏi trưởng thôn")
    await other.says(f"/xem {code}")
    seen = await other.hears()
    assert "Nhà này năm ngoái" in seen and "Đã hỏi trưởng thôn" in seen
    for somebody in (citizen, head):
        await somebody.hears()
        await somebody.says(code)
        assert "năm ngoái" not in (await somebody.hears())
    rows = await town.rows(select(CaseEvent.public).where(CaseEvent.what == "noted"))
    assert [row.public for row in rows] == [False, False]


async def test_whoever_reported_the_same_household_reads_it_when_it_is_told(town):
    clerk = await officer(town)
    first, second = await reported(town, "84900"), await reported(town, "84901")
    lead = await case_of(first)
    async with town.app.engine.begin() as db:
        follows = Case.reporter_id == await second.person_id()
        await db.execute(update(Case).where(follows).values(same_as=lead["id"]))
    await clerk.says(f"/tuchoi {first.code} nhà ở xã khác")
    await second.hears()
    await second.says(second.code)
    assert "chưa được chấp nhận" not in await second.hears()
    await town.decisions_are_told()
    for somebody in (first, second):
        assert "nhà ở xã khác" in await somebody.hears()
