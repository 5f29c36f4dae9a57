"""Reports of one household: proposed with the evidence, linked, kept apart, undone."""

from sqlalchemy import select, text

from models.people import Role
from models.twins import Twin
from tests.conversations.stories import case_of, officer, reported, story_of
from tests.lists.chat import begun, cases, sent


async def looked(town):
    """Let the worker compare what came in."""
    async with town.app.engine.begin() as db:
        jobs = await db.execute(
            text(
                "DELETE FROM pgqueuer WHERE entrypoint = 'find_alike' "
                "RETURNING convert_from(payload, 'UTF8') AS what"
            )
        )
    for job in jobs:
        await town.app.worker().lists.alike(job.what)


async def two(town):
    """A citizen's report and a village head's list with the same household in it."""
    clerk = await officer(town)
    citizen = await reported(town)
    who = await begun(town)
    await sent(town, who, "1. Ông TRAN VAN BINH, 4 khẩu, sập nhà\n2. Lê Thị Khác, 2 khẩu, tốc mái")
    await clerk.hears()
    await looked(town)
    await citizen.hears()
    await who.hears()
    return clerk, citizen, who


async def test_the_likely_pair_is_proposed_with_the_evidence(town):
    clerk, citizen, _ = await two(town)
    [message] = await clerk.unread()
    heard = message.text.replace("**", "")
    assert "Có thể cùng một hộ" in heard and citizen.code in heard
    assert "Trần Văn Bình" in heard and "Ông TRAN VAN BINH" in heard
    assert "cùng họ tên" in heard and "cùng thôn" in heard
    assert await town.one(select(Twin.state)) == "proposed"
    await looked(town)
    assert await clerk.hears() == ""


async def test_linked_they_are_decided_once_and_everybody_hears(town):
    clerk, citizen, _ = await two(town)
    await clerk.hears()
    await clerk.says("[Cùng một hộ]")
    listed = (await cases(town))[1]
    assert f"Đã gộp {listed['code']} vào {citizen.code}" in (await clerk.hears())
    await clerk.says("/hangdoi")
    queue = await clerk.hears()
    assert citizen.code in queue and listed["code"] not in queue
    await clerk.says(f"/xacnhan {listed['code']} Hỗ trợ 40 triệu đồng")
    town.later(seconds=61)
    await town.minute()
    assert "đã **xác nhận**" in await citizen.hears()
    states = {case["code"]: case["status"] for case in await cases(town)}
    assert states[citizen.code] == states[listed["code"]] == "confirmed"


async def test_both_citizens_who_reported_stay_informed(town):
    clerk = await officer(town)
    first, second = await reported(town, "84901"), await reported(town, "84902")
    await looked(town)
    await clerk.hears()
    await clerk.says("[Cùng một hộ]")
    assert "cùng một hộ với hồ sơ đã có" in await second.hears()
    assert "cùng một hộ" not in await first.hears()
    await clerk.says(f"/tuchoi {first.code} Nhà không ở xã này")
    town.later(seconds=61)
    await town.minute()
    heard = await second.hears()
    assert "chưa được chấp nhận" in heard and second.code in heard and first.code not in heard
    await second.says(f"/xem {second.code}")
    assert "Nhà không ở xã này" in await second.hears()


async def test_kept_apart_they_are_not_proposed_again(town):
    clerk, citizen, _ = await two(town)
    await clerk.hears()
    await clerk.says("[Hai hộ khác nhau]")
    assert "không hỏi lại cặp này" in await clerk.hears()
    case = await case_of(citizen)
    await town.app.worker().lists.alike(str(case["id"]))
    assert await clerk.hears() == ""
    await clerk.says("/trung")
    assert "không có cặp hồ sơ nào nghi trùng" in await clerk.hears()


async def test_undone_it_is_what_it_was(town):
    clerk, citizen, _ = await two(town)
    before = (await cases(town))[1]
    await clerk.hears()
    await clerk.says("[Cùng một hộ]")
    await clerk.hears()
    await clerk.says(f"/nhan {citizen.code}")
    assert (await cases(town))[1]["status"] == "taken"
    await clerk.play("""
        > [Tách lại]
        Đã tách QN-…: chờ cán bộ tiếp nhận
    """)
    after = (await cases(town))[1]
    assert {name: after[name] for name in before if name != "clocks"} == {
        name: before[name] for name in before if name != "clocks"
    }
    assert (await story_of(town, after["code"]))[-2:] == ["linked", "unlinked"]


async def test_withdrawn_the_other_report_stands_again(town):
    clerk, citizen, _ = await two(town)
    await clerk.hears()
    await clerk.says("[Cùng một hộ]")
    await citizen.hears()
    await citizen.says(f"/rut {citizen.code}")
    await citizen.hears()
    await citizen.says("[Đúng, rút]")
    [own, listed, _] = await cases(town)
    assert (own["status"], listed["status"], listed["same_as"]) == ("withdrawn", "new", None)
    await town.minute()
    await clerk.says("/hangdoi")
    assert listed["code"] in await clerk.hears()


async def test_help_already_given_is_said_before_somebody_goes_again(town):
    clerk = await officer(town)
    first = await reported(town, "84901")
    await clerk.says(f"/datrogiup {first.code} 30 kg gạo")
    await clerk.hears()
    second = await reported(town, "84902")
    await looked(town)
    assert "Hộ này đã được trợ giúp" in await clerk.hears()
    await clerk.says(f"/xem {second.code}")
    heard = await clerk.hears()
    assert f"Có thể cùng hộ với {first.code}" in heard and "Hộ này đã được trợ giúp" in heard


async def test_a_list_of_a_household_that_was_helped_says_so_to_its_head(town):
    clerk = await officer(town)
    who = await begun(town)
    await sent(town, who, "1. Nguyễn Văn An, 4 khẩu, tốc mái")
    await clerk.says(f"/datrogiup {(await cases(town))[0]['code']} 30 kg gạo")
    await who.says("/danhsach moi")
    await who.play("""
        > [Bão]
        > [Hôm nay]
    """)
    await sent(town, who, "1. Nguyễn Văn An, 4 khẩu, tốc mái\n2. Lê Thị Khác, 2 khẩu, sập")
    assert "đã được trợ giúp thứ Hai 23/11/2026" in await who.hears()


async def test_a_neighbouring_commune_does_not_see_the_pair(town):
    await two(town)
    stranger = await town.staff("xa-khac", Role.OFFICER, "21112")
    twin = await town.one(select(Twin.id))
    await stranger.says("", button=f"c:gop:{twin}")
    assert "không có cặp hồ sơ này" in await stranger.hears()
