"""Who is rung: the roster, «vào trực» and «nghỉ trực», leave, stand-ins, handing over."""

import pytest
from sqlalchemy import select, update

from models.audit import AuditEntry
from models.cases import Case
from models.conversations import Conversation
from models.people import Grant, Role
from models.roster import Leave, RosterEntry
from tests.conversations.stories import called, case_of, officer, reported, story_of
from tests.deadlines.when import at

NIGHT = at("2026-11-25 22:00")


async def named(town, name, role=Role.OFFICER):
    return await called(await town.staff(name, role), name)


async def office(town):
    """Two officers and a leader, known by name."""
    lan = await named(town, "Trần Thị Lan")
    minh = await named(town, "Lê Văn Minh")
    boss = await named(town, "Nguyễn Văn Hai", Role.LEADER)
    return lan, minh, boss


async def emergency(town, name="84999"):
    citizen = town.person(name)
    await citizen.says("sos")
    await citizen.hears()
    await citizen.says("Đông Sơn")
    await citizen.hears()
    return citizen


async def rung(*people):
    """Who of the office heard of a new case."""
    return ["Hồ sơ mới" in await one.hears() for one in people]


async def test_without_a_roster_everybody_is_on_duty(town):
    lan, minh, boss = await office(town)
    town.time = NIGHT
    await emergency(town)
    assert await rung(lan, minh, boss) == [True, True, True]


async def test_the_roster_decides_who_is_rung_at_night(town):
    lan, minh, boss = await office(town)
    await boss.says("/lichtruc 25/11 Lan")
    assert "Đã xếp thứ Tư 25/11/2026: Trần Thị Lan" in await boss.hears()
    assert "được xếp trực: thứ Tư 25/11/2026" in await lan.hears()
    town.time = NIGHT
    await emergency(town)
    assert await rung(lan, minh, boss) == [True, False, False]
    town.time = at("2026-11-26 06:59")  # the duty changes at seven, not at midnight
    await emergency(town, "84998")
    assert await rung(lan, minh, boss) == [True, False, False]
    town.time = at("2026-11-26 07:00")
    await emergency(town, "84997")
    assert await rung(lan, minh, boss) == [True, True, True]


async def test_a_day_of_its_own_wins_over_every_saturday(town):
    lan, minh, boss = await office(town)
    await boss.play("""
        > /lichtruc mỗi thứ Bảy Minh
        Đã xếp mỗi thứ Bảy: Lê Văn Minh
        thứ Bảy 28/11/2026: Lê Văn Minh
        > /lichtruc 5/12 Lan, Minh
        thứ Bảy 05/12/2026: Trần Thị Lan, Lê Văn Minh
    """)
    await lan.hears(), await minh.hears()
    town.time = at("2026-11-28 10:00")
    await emergency(town)
    assert await rung(lan, minh, boss) == [False, True, False]
    town.time = at("2026-12-05 10:00")
    await emergency(town, "84998")
    assert await rung(lan, minh, boss) == [True, True, False]
    await boss.play("""
        > /lichtruc 5/12 không ai
        Đã xếp thứ Bảy 05/12/2026: không ai
    """)


async def test_a_leader_keeps_the_roster_by_buttons(town):
    _, _, boss = await office(town)
    await boss.play("""
        > /lichtruc
        Lịch trực
        thứ Hai 23/11/2026: (mọi người)
        > [Sửa lịch]
        Xếp trực ngày nào?
        > [thứ Sáu 27/11/2026]
        Ai trực?
        > 1, 2
        Đã xếp thứ Sáu 27/11/2026: Trần Thị Lan, Lê Văn Minh
    """)
    assert len(await town.rows(select(RosterEntry.id))) == 2


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/lichtruc 31/2 Lan", "chưa đọc được ngày"),
        ("/lichtruc bao giờ cũng được", "chưa đọc được ngày"),
        ("/lichtruc 28/11 Tèo", "không có ai tên như vậy"),
        ("/lichtruc 28/11", "Ai trực?"),
        ("/lichtruc 20/11/2026", "Ai trực?"),
    ],
)
async def test_what_the_roster_cannot_read_is_asked(town, said, answer):
    _, _, boss = await office(town)
    await boss.says(said)
    assert answer in await boss.hears()
    assert not await town.rows(select(RosterEntry.id))


async def test_only_a_leader_changes_the_roster(town):
    lan, *_ = await office(town)
    await lan.says("/lichtruc 28/11 Lan")
    assert "không thuộc vai trò" in await lan.hears()
    assert not await town.rows(select(RosterEntry.id))
    await lan.says("/lichtruc")
    assert "Sửa" not in await lan.hears()


async def test_going_off_duty_until_the_duty_changes(town):
    lan, minh, boss = await office(town)
    town.time = NIGHT
    await lan.play("""
        > /truc
        Đang trực (tới 07:00 thứ Năm 26/11/2026): Trần Thị Lan, Lê Văn Minh, Nguyễn Văn Hai
        Ông/bà đang trực
        > [Nghỉ trực]
        Đang trực (tới 07:00 thứ Năm 26/11/2026): Lê Văn Minh, Nguyễn Văn Hai
        Ông/bà không trực
    """)
    await emergency(town)
    assert await rung(lan, minh, boss) == [False, True, True]
    town.time = at("2026-11-26 07:00")  # nobody stays off by forgetting
    await emergency(town, "84998")
    assert await rung(lan, minh, boss) == [True, True, True]


async def test_coming_on_duty_beside_the_roster(town):
    lan, minh, boss = await office(town)
    await boss.says("/lichtruc 25/11 Lan")
    await lan.hears()
    town.time = NIGHT
    await minh.says("/duty on")
    await minh.hears()
    await emergency(town)
    assert await rung(lan, minh, boss) == [True, True, False]


async def test_with_everybody_off_an_emergency_still_rings_everybody(town):
    lan, minh, boss = await office(town)
    town.time = NIGHT
    for one in (lan, minh, boss):
        await one.says("/truc nghi")
    assert "không còn ai khác: việc khẩn vẫn báo" in await boss.hears()
    await lan.hears(), await minh.hears()
    await emergency(town)
    assert await rung(lan, minh, boss) == [True, True, True]


async def test_leave_with_a_stand_in(town):
    lan, minh, boss = await office(town)
    citizen = await reported(town)
    await lan.says(f"/nhan {citizen.code}")
    await lan.hears(), await minh.hears(), await boss.hears()
    await lan.play("""
        > /nghiphep
        Nghỉ từ ngày nào?
        > [Hôm nay]
        Đến hết ngày nào?
        > 30/11
        Ai thay?
        > [Lê Văn Minh]
        Trần Thị Lan nghỉ từ thứ Hai 23/11/2026 đến hết thứ Hai 30/11/2026, Lê Văn Minh thay
    """)
    assert "Lê Văn Minh thay" in await minh.hears() and "Lê Văn Minh thay" in await boss.hears()
    town.time = at("2026-11-25 07:00")  # half of the answer clock
    await town.minute()
    assert "Sắp tới hạn" in await minh.hears() and await lan.hears() == ""
    await citizen.says(f"/them {citizen.code} có thêm một cháu nhỏ")
    await minh.hears()
    await minh.play("""
        > /truc
        Trần Thị Lan nghỉ tới hết thứ Hai 30/11/2026, Lê Văn Minh thay
    """)
    town.time = at("2026-12-01 10:00")
    await emergency(town)
    assert await rung(lan) == [True]


async def test_leave_in_one_line_and_the_way_back(town):
    lan, minh, _ = await office(town)
    await lan.play("""
        > /nghiphep 24/11 27/11 Minh
        nghỉ từ thứ Ba 24/11/2026 đến hết thứ Sáu 27/11/2026, Lê Văn Minh thay
    """)
    await minh.hears()
    town.time = NIGHT
    await emergency(town)
    assert await rung(lan, minh) == [False, True]
    await lan.play("""
        > /nghiphep xong
        đã ghi ông/bà làm việc lại
        > /nghiphep xong
        không có ngày nghỉ nào đang ghi
    """)
    await emergency(town, "84998")
    assert await rung(lan) == [True]


async def test_a_rostered_officer_on_leave_is_stood_in_for(town):
    lan, minh, boss = await office(town)
    await boss.says("/lichtruc 25/11 Lan")
    await lan.says("/nghiphep 25/11 25/11 Minh")
    await lan.hears(), await minh.hears(), await boss.hears()
    town.time = NIGHT
    await emergency(town)
    assert await rung(lan, minh, boss) == [False, True, False]


async def test_a_leader_notes_somebody_elses_leave(town):
    lan, _, boss = await office(town)
    await boss.play("""
        > /nghiphep
        Ai nghỉ?
        > [Trần Thị Lan]
        Nghỉ từ ngày nào?
        > mai
        Đến hết ngày nào?
        > [Chỉ ngày đó]
        Ai thay?
        > [Trần Thị Lan]
        người thay phải là người khác
        > [Bỏ qua]
        Trần Thị Lan nghỉ từ thứ Ba 24/11/2026 đến hết thứ Ba 24/11/2026, chưa có người thay
    """)
    assert "chưa có người thay" in await lan.hears()
    logged = await town.rows(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1))
    assert logged[0].action == "leave_of_others"


@pytest.mark.parametrize(
    ("said", "answer"),
    [("22/11/2026", "ngày cuối phải từ hôm nay"), ("thứ tám", "chưa đọc được ngày")],
)
async def test_leave_that_cannot_be_is_refused(town, said, answer):
    lan, *_ = await office(town)
    await lan.says("/nghiphep")
    await lan.says("mai")
    await lan.hears()
    await lan.says(said)
    assert answer in await lan.hears()
    assert not await town.rows(select(Leave.id))


async def test_what_the_absent_held_is_handed_over(town):
    lan, minh, boss = await office(town)
    citizens = [await reported(town, f"8490{n}") for n in range(3)]
    for citizen in citizens:
        await lan.says(f"/nhan {citizen.code}")
    await lan.hears(), await minh.hears()
    await lan.says("/nghiphep 24/11 30/11 Minh")
    await lan.hears()
    await minh.hears()
    await lan.says("[Bàn giao 3 hồ sơ]")
    assert "Đã bàn giao 3 hồ sơ của Trần Thị Lan cho Lê Văn Minh" in await lan.hears()
    heard = await minh.hears()
    assert "3 hồ sơ** của Trần Thị Lan được bàn giao" in heard
    assert all(citizen.code in heard for citizen in citizens)
    holders = await town.rows(select(Case.taken_by).distinct())
    assert [row.taken_by for row in holders] == [await minh.person_id()]
    assert "handed_over" in await story_of(town, citizens[0].code)
    logged = await town.rows(select(AuditEntry.id).where(AuditEntry.action == "hand_over"))
    assert len(logged) == 3
    await boss.hears()
    await lan.says("/bangiao")
    assert "không có hồ sơ nào đang giữ" in await lan.hears()


async def test_a_leader_hands_over_what_somebody_held_who_has_left(town):
    lan, minh, boss = await office(town)
    citizen = await reported(town)
    await lan.says(f"/nhan {citizen.code}")
    async with town.app.engine.begin() as db:
        await db.execute(
            update(Grant)
            .where(Grant.person_id == await lan.person_id())
            .values(revoked_at=town.time)
        )
    await boss.hears(), await minh.hears()
    await boss.play("""
        > /bangiao
        Bàn giao hồ sơ của ai?
        > [Trần Thị Lan]
        Bàn giao cho ai?
        > [Lê Văn Minh]
        Đã bàn giao 1 hồ sơ
    """)
    assert (await case_of(citizen))["taken_by"] == await minh.person_id()
    await boss.says("/bangiao Minh, Hai")
    assert "Đã bàn giao 1 hồ sơ của Lê Văn Minh cho Nguyễn Văn Hai" in await boss.hears()


async def test_an_officer_hands_over_only_the_own(town):
    lan, minh, _ = await office(town)
    citizen = await reported(town)
    await minh.says(f"/nhan {citizen.code}")
    await lan.says("/bangiao")
    assert "không có hồ sơ nào đang giữ" in await lan.hears()


async def test_whoever_cannot_be_reached_counts_as_away(town):
    lan, minh, boss = await office(town)
    await boss.says("/lichtruc 25/11 Lan")
    await lan.says("/nghiphep 24/11 24/11 Minh")
    await minh.hears(), await boss.hears()
    async with town.app.engine.begin() as db:
        await db.execute(
            update(Conversation)
            .where(Conversation.person_id == await lan.person_id())
            .values(gone_at=town.time)
        )
    town.time = NIGHT
    await emergency(town)
    assert await rung(minh, boss) == [True, True]


async def test_the_ladder_climbs_from_duty_to_the_officer_the_leader_and_the_province(town):
    lan, minh, boss = await office(town)
    province = await town.staff("so-y-te", Role.PROVINCE, None)
    town.time = at("2026-11-25 07:00")
    await minh.says("/truc nghi")
    citizen = await reported(town)
    for one in (lan, minh, boss, province):
        await one.hears()

    async def heard(moment):
        town.time = at(moment)
        await town.minute()
        await town.minute()
        return [citizen.code in await one.hears() for one in (lan, minh, boss, province)]

    assert await heard("2026-11-25 11:00") == [True, False, False, False]  # half: on duty
    assert await heard("2026-11-25 15:48") == [True, False, True, False]  # near: the leader
    assert await heard("2026-11-25 17:00") == [True, False, True, True]  # late: the province
    town.time = at("2026-11-26 08:00")
    await minh.says(f"/nhan {citizen.code}")
    await minh.hears()
    assert await heard("2026-11-26 15:00") == [False, True, False, False]  # half: the officer


async def test_a_case_of_the_province_rings_the_province(town):
    lan, *_ = await office(town)
    province = await town.staff("so-y-te", Role.PROVINCE, None)
    citizen = town.person("84900")
    await citizen.says("sos")
    await citizen.hears()
    await citizen.says("[Không rõ xã nào]")
    await province.hears()
    town.later(minutes=16)
    await town.minute()
    assert "Sắp tới hạn" in await province.hears() and await lan.hears() == ""


async def test_an_officer_of_another_commune_is_never_rung(town):
    stranger = await town.staff("xa-khac", Role.OFFICER, "21025")
    lan = await officer(town)
    await emergency(town)
    assert await rung(lan, stranger) == [True, False]
