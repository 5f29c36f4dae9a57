"""Whoever falls silent is reminded once; an emergency is filed as it stands."""

from models.people import Role
from tests.conversations.stories import case_of, flow, officer, reporting


async def minutes(town, number):
    town.later(minutes=number)
    await town.minute()


async def test_a_calm_draft_is_reminded_once_then_put_away_and_can_go_on(town):
    citizen = town.person("84900")
    await citizen.play("""
        > nhà tôi tốc mái rồi
        > không
        > [Đồng ý]
        xã, phường nào
    """)
    await minutes(town, 29)
    assert await citizen.hears() == ""
    await minutes(town, 2)
    heard = await citizen.hears()
    assert "việc đang làm dở vẫn được giữ" in heard and "xã, phường" in heard
    await minutes(town, 60)
    await town.minute()
    assert await citizen.hears() == ""
    await minutes(town, 24 * 60)
    assert "việc làm dở đã được cất" in await citizen.hears()
    assert await flow(citizen) is None and not await case_of(citizen)
    await minutes(town, 60)
    assert await citizen.hears() == ""
    await citizen.play("""
        > [Làm tiếp việc dở]
        mình làm tiếp việc đang dở
        xã, phường nào
        > Đông Sơn
        ✅ Đã ghi nhận, mã hồ sơ
    """)


async def test_what_was_put_away_is_forgotten_after_a_week(town):
    citizen = town.person("84900")
    await citizen.play("""
        > nhà tôi tốc mái rồi
        > không
        xin ông/bà cho phép
    """)
    await minutes(town, 31)
    await minutes(town, 24 * 60 + 1)
    await minutes(town, 8 * 24 * 60)
    await citizen.hears()
    await citizen.play("""
        > [Làm tiếp việc dở]
        Ông/bà cần việc gì
    """)


async def test_an_answer_in_time_needs_no_reminder(town):
    citizen = await reporting(town)
    await minutes(town, 25)
    await citizen.says("thôn 2")
    await citizen.hears()
    await minutes(town, 25)
    assert await citizen.hears() == ""


async def test_an_abandoned_emergency_without_a_place_goes_to_the_province(town):
    province = await town.staff("so-y-te", Role.PROVINCE, None)
    citizen = town.person("84900")
    await citizen.says("cứu với nước lên tới nóc rồi")
    await citizen.hears()
    await minutes(town, 4)
    heard = await citizen.hears()
    assert "đã được chuyển cho cán bộ như ông/bà đã kể, mã **QN-" in heard
    assert "xã, phường" in heard
    card = await province.hears()
    assert "cứu với nước lên tới nóc rồi" in card and "Chưa đầy đủ" in card
    case = await case_of(citizen)
    assert case["commune"] == "51" and case["incomplete"] and case["urgency"] == "sos"
    # coming back later completes the same case, and the commune hears of it
    clerk = await officer(town)
    await citizen.says("Đông Sơn")
    assert "Ở thôn" in await citizen.hears()
    assert "Hồ sơ mới" in await clerk.hears()
    assert (await case_of(citizen))["code"] == case["code"]
    assert (await case_of(citizen))["commune"] == "21109"


async def test_an_abandoned_emergency_takes_the_commune_of_the_profile(town):
    clerk = await officer(town)
    citizen = town.person("84900")
    await citizen.says("/start c21109")
    await citizen.says("sos")
    await citizen.hears()
    await minutes(town, 4)
    assert "Chưa đầy đủ" in await clerk.hears()
    assert (await case_of(citizen))["commune"] == "21109"


async def test_asking_for_a_person_does_not_hide_an_emergency(town):
    province = await town.staff("so-y-te", Role.PROVINCE, None)
    citizen = town.person("84900")
    await citizen.says("sos")
    await citizen.says("gặp cán bộ")
    await citizen.hears()
    await minutes(town, 4)
    assert "Nguy hiểm tính mạng" in await province.hears()


async def test_silence_about_danger_is_no_answer(town):
    clerk = await officer(town)
    citizen = town.person("84900")
    await citizen.says("nhà tôi sập rồi, xã Đông Sơn")
    assert "nguy hiểm tính mạng" in await citizen.hears()
    await minutes(town, 31)
    assert "Chưa đầy đủ" in await clerk.hears()
    assert "đã được chuyển cho cán bộ" in await citizen.hears()


async def test_a_filed_report_that_stops_reaches_the_officer(town):
    clerk = await officer(town)
    citizen = await reporting(town)
    assert await clerk.hears() == ""
    await minutes(town, 31)
    assert "Chưa đầy đủ" in await clerk.hears()
    await minutes(town, 25 * 60)
    assert (await clerk.hears()).count("Hồ sơ mới") == 0
    assert "việc làm dở" in await citizen.hears()
    assert (await case_of(citizen))["status"] == "new"
