"""The two clocks in the conversation: urgency, «đã biết», the night, how each ended."""

from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from bot.intake import Intake
from models.audit import AuditEntry
from models.cases import Case, CaseEvent, Rung
from models.clock_records import ClockRecord
from models.communes import CommuneSettings
from models.conversations import Conversation
from models.deadlines.clocks import Due
from models.people import Role
from tests.conversations.stories import case_of, officer, reported, reporting, story_of
from tests.deadlines.when import at


async def records(town, code):
    query = (
        select(ClockRecord.__table__)
        .join(Case, Case.id == ClockRecord.case_id)
        .where(Case.code == code)
        .order_by(ClockRecord.id)
    )
    return [row._asdict() for row in await town.rows(query)]


async def rung(town):
    return [row.rung for row in await town.rows(select(Rung.rung).order_by(Rung.id))]


async def rings(somebody):
    """What somebody heard, but for the morning's overview of the day's work."""
    messages = await somebody.unread()
    return "\n".join(one.text for one in messages if not one.text.startswith("☀️"))


async def through(town, *moments):
    for moment in moments:
        town.time = at(moment)
        await town.minute()


async def test_an_officer_raises_the_urgency_and_the_clocks_are_derived_anew(town):
    clerk, other = await officer(town, "lan"), await officer(town, "minh")
    citizen = await reported(town)
    before = await case_of(citizen)
    await other.hears()
    town.later(hours=1)
    await clerk.play(f"""
        > /mucdo {citizen.code}
        Mức khẩn mới?
        > [Nguy hiểm tính mạng]
        Vì sao đổi mức?
        > nước đang lên, nhà sắp trôi
        Đã đổi mức khẩn, thời hạn tính lại
    """)
    after = await case_of(citizen)
    assert after["urgency"] == "sos"
    assert after["take_due_at"] == at("2026-11-23 10:42")  # 30 minutes from then
    assert after["answer_due_at"] == at("2026-11-24 10:12")
    assert Due.from_json(after["clocks"]["history"][0]["answer"]).at == before["answer_due_at"]
    heard = await citizen.hears()
    assert "nước đang lên, nhà sắp trôi" in heard and "10:12 thứ Ba 24/11/2026" in heard
    assert "Mức khẩn được nâng lên" in await other.hears()
    logged = await town.rows(select(AuditEntry.facts).where(AuditEntry.action == "urgency"))
    assert [row.facts for row in logged] == [{"before": "high", "after": "sos"}]
    events = await town.rows(select(CaseEvent.body).where(CaseEvent.what == "urgency"))
    assert "nước đang lên, nhà sắp trôi" in events[0].body["text"]


async def test_lowering_counts_from_receipt_and_wins_nobody_time(town):
    clerk = await officer(town)
    citizen = town.person("84900")
    await citizen.says("sos")
    await citizen.hears()
    await citizen.says("Đông Sơn")
    await citizen.hears()
    town.later(minutes=20)
    await clerk.says(f"/mucdo {citizen.code} thường chỉ hỏi thủ tục")
    case = await case_of(citizen)
    # an emergency by its kind stays one: the kind's own promise decides
    assert case["urgency"] == "normal"
    assert case["take_due_at"] == at("2026-11-23 09:42")
    second = await reporting(town, "84901")
    assert (await case_of(second))["take_due_at"] == at("2026-11-25 09:32")
    town.later(minutes=20)
    await clerk.says(f"/mucdo {second.code} sos nhà sắp đổ")
    await clerk.says(f"/mucdo {second.code} thường đã chống đỡ xong")
    case = await case_of(second)
    assert case["take_due_at"] == at("2026-11-25 09:32")
    assert case["answer_due_at"] == at("2026-11-25 09:32")


async def test_raising_never_gives_more_time(town):
    clerk = await officer(town)
    citizen = await reported(town)
    before = await case_of(citizen)
    town.time = before["answer_due_at"]
    town.later(hours=-2)
    await clerk.says(f"/mucdo {citizen.code} sos nặng hơn")
    case = await case_of(citizen)
    assert case["answer_due_at"] == before["answer_due_at"]


async def test_the_same_urgency_again_changes_nothing(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/mucdo {citizen.code} gấp như cũ")
    assert "vốn đang ở mức 🟠 Gấp" in await clerk.hears()
    assert "urgency" not in await story_of(town, citizen.code)


async def test_what_an_officer_judged_is_not_undone_by_the_reporters_next_answer(town):
    clerk = await officer(town)
    citizen = await reporting(town)
    await clerk.says(f"/mucdo {citizen.code} không gấp đã có người tới")
    await citizen.says("thôn Phước Thiện")
    assert (await case_of(citizen))["urgency"] == "low"


async def test_acknowledging_stops_the_reminders_but_not_the_deadline(town):
    clerk = await officer(town)
    leader = await town.staff("lanh-dao", Role.LEADER)
    citizen = await reported(town)
    await clerk.says(f"/nhan {citizen.code}")
    due = (await case_of(citizen))["answer_due_at"]  # 09:12 on Wednesday
    assert due == at("2026-11-25 09:12")
    await clerk.hears()
    await through(town, "2026-11-25 07:00")
    heard = await clerk.hears()
    assert "Sắp tới hạn" in heard
    await clerk.says("[Đã biết]")
    assert "Không nhắc nữa; hạn vẫn là **09:12 thứ Tư 25/11/2026**" in await clerk.hears()
    await leader.hears()
    await through(town, "2026-11-25 08:30")
    assert await clerk.hears() == "" and await leader.hears() == ""
    await through(town, "2026-11-25 09:13")
    assert "Quá hạn" in await clerk.hears() and "Quá hạn" in await leader.hears()
    assert "đã quá hạn hứa" in await citizen.hears()
    await through(town, "2026-11-26 09:13", "2026-11-27 09:13", "2026-11-28 09:13")
    assert await rings(clerk) == ""  # nor is it repeated
    assert (await story_of(town, citizen.code)).count("late") == 1


async def test_nobody_acknowledges_and_the_lateness_is_repeated_so_often_and_no_more(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/nhan {citizen.code}")
    town.time = at("2026-11-25 07:00")
    for _ in range(12 * 24):
        town.later(hours=1)
        await town.minute()
    given = await rung(town)
    late = [f"answer_still_late{n}" for n in ("", "_2", "_3", "_4")]
    first = ["answer_half", "answer_near", "answer_late", "answer_late_citizen"]
    assert sorted(given) == sorted([*first, *late])


async def test_taking_a_case_ends_its_first_ladder(town):
    clerk = await officer(town)
    await town.staff("lanh-dao", Role.LEADER)
    citizen = await reported(town)
    await through(town, "2026-11-23 15:13")
    assert await rung(town) == ["take_half"]
    await clerk.says(f"/nhan {citizen.code}")
    await through(town, "2026-11-25 08:00", "2026-11-25 09:00")
    assert "take_near" not in await rung(town) and "take_late" not in await rung(town)


async def test_what_comes_at_night_waits_for_the_office(town):
    clerk = await officer(town)
    town.time = at("2026-11-25 21:40")
    citizen = await reported(town)
    assert await clerk.hears() == ""
    await through(town, "2026-11-26 02:00")
    assert await clerk.hears() == ""
    await through(town, "2026-11-26 07:00", "2026-11-26 07:01")
    heard = await clerk.hears()
    assert heard.count("Hồ sơ mới") == 1 and citizen.code in heard


async def test_who_plays_the_demonstration_at_night_does_not_wait(town):
    clerk = await officer(town)
    world = replace(town.app.world, demo=True)
    await town.app.intake.close()
    town.app.intake = Intake(town.app.engine, world, town.now)
    town.time = at("2026-11-25 21:40")
    citizen = await reported(town)
    heard = await clerk.hears()
    assert "Hồ sơ mới" in heard and citizen.code in heard


async def test_what_was_taken_at_night_needs_no_card_in_the_morning(town):
    clerk = await officer(town)
    town.time = at("2026-11-25 21:40")
    citizen = await reported(town)
    await clerk.says(f"/nhan {citizen.code}")
    await clerk.hears()
    await through(town, "2026-11-26 07:00")
    assert await rings(clerk) == ""


async def test_danger_to_life_rings_at_any_hour(town):
    clerk = await officer(town)
    town.time = at("2026-11-25 02:10")
    citizen = town.person("84900")
    await citizen.says("sos")
    await citizen.hears()
    await citizen.says("Đông Sơn")
    assert "Hồ sơ mới" in await clerk.hears()
    await through(town, "2026-11-25 02:26")
    assert "Sắp tới hạn" in await clerk.hears()


async def test_every_clock_is_recorded_with_its_pauses(town):
    clerk = await officer(town)
    citizen = await reported(town)
    code = citizen.code
    town.time = at("2026-11-23 10:00")
    await clerk.says(f"/hoi {code} nhà còn ai?")
    town.time = at("2026-11-24 10:00")
    await citizen.says("còn bà nội")
    town.time = at("2026-11-26 08:00")
    await clerk.says(f"/xacnhan {code} 40 triệu đồng")
    take, answer = await records(town, code)
    assert (take["clock"], take["how"], take["kept"], take["urgency"]) == (
        "take", "taken", True, "high",
    )  # fmt: skip
    assert take["ended_at"] == at("2026-11-23 10:00")
    assert (answer["clock"], answer["how"], answer["kept"]) == ("answer", "confirmed", True)
    assert answer["paused_seconds"] == 24 * 3600 and len(answer["pauses"]) == 1
    assert answer["due_at"] == at("2026-11-26 09:12") and answer["basis"] == "promise"


async def test_a_late_answer_is_recorded_as_late(town):
    clerk = await officer(town)
    citizen = await reported(town)
    town.later(days=4)
    await clerk.says(f"/tuchoi {citizen.code} không đúng thực tế")
    assert [one["kept"] for one in await records(town, citizen.code)] == [False, False]


@pytest.mark.parametrize(("days", "kept"), [(0, None), (4, False)])
async def test_withdrawing_in_time_keeps_nothing_and_breaks_nothing(town, days, kept):
    await officer(town)
    citizen = await reported(town)
    town.later(days=days, minutes=5)
    await citizen.says(f"/rut {citizen.code} chac")
    ended = await records(town, citizen.code)
    assert [(one["clock"], one["how"], one["kept"]) for one in ended] == [
        ("take", "withdrawn", kept),
        ("answer", "withdrawn", kept),
    ]


async def test_a_new_urgency_and_reopening_begin_a_new_round(town):
    clerk = await officer(town)
    citizen = await reported(town)
    code = citizen.code
    await clerk.says(f"/nhan {code}")
    await clerk.says(f"/mucdo {code} sos nặng hơn")
    await clerk.says(f"/xacnhan {code} 40 triệu đồng")
    await town.decisions_are_told()
    town.later(days=1)
    await clerk.says(f"/molai {code} còn thiếu")
    town.later(days=5)
    await clerk.says(f"/datrogiup {code} 40 triệu đồng")
    ended = await records(town, code)
    assert [(one["clock"], one["round"], one["how"], one["kept"]) for one in ended] == [
        ("take", 1, "taken", True),
        ("answer", 1, "changed", None),
        ("answer", 2, "confirmed", True),
        ("answer", 3, "helped", False),
    ]


async def test_a_decision_taken_back_has_kept_no_promise(town):
    clerk = await officer(town)
    citizen = await reported(town)
    code = citizen.code
    await clerk.says(f"/xacnhan {code} 40 triệu đồng")
    await clerk.hears()
    assert [one["clock"] for one in await records(town, code)] == ["take", "answer"]
    await clerk.says(f"/rutlai {code}")
    assert [one["clock"] for one in await records(town, code)] == ["take"]


async def test_a_commune_in_a_storm_rings_by_its_own_rules(town):
    clerk = await officer(town)
    await reported(town)  # «nhà sập»: high
    async with town.app.engine.begin() as db:
        await db.execute(
            insert(CommuneSettings).values(commune="21109", mode="storm", changed_at=town.time)
        )
    await clerk.hears()
    town.time = at("2026-11-25 22:00")
    await reported(town, "84901")
    assert "Hồ sơ mới" in await clerk.hears()  # at night, too


async def test_without_a_leader_the_citizen_is_not_told_that_the_leader_knows(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.hears()
    town.time = (await case_of(citizen))["answer_due_at"]
    town.later(hours=1)
    await town.minute()
    heard = await citizen.hears()
    assert "đã quá hạn hứa" in heard and "đã được báo" not in heard
    province = await town.staff("so-y-te", Role.PROVINCE, None)
    second = await reported(town, "84901")
    town.later(days=3)
    await town.minute()
    assert "Cấp tỉnh đã được báo" in await second.hears()
    assert "Quá hạn tại Xã Đông Sơn" in await province.hears()


async def test_with_nobody_to_reach_the_province_hears_the_reminders(town):
    clerk = await officer(town)
    province = await town.staff("so-y-te", Role.PROVINCE, None)
    await reported(town)
    async with town.app.engine.begin() as db:
        await db.execute(
            update(Conversation)
            .where(Conversation.person_id == await clerk.person_id())
            .values(gone_at=town.time)
        )
    await province.hears()
    await through(town, "2026-11-23 15:13")
    assert "nơi chưa có ai để nhắc" in await province.hears()


async def test_staff_read_how_both_clocks_were_counted(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/xem {citizen.code}")
    await clerk.hears()
    await clerk.play("""
        > [Vì sao là hạn này?]
        Tiếp nhận
        Tính 8 giờ làm việc
        Thứ Ba 24/11/2026: nghỉ Ngày Văn hóa Việt Nam, không tính
        Trả lời
        Tính 2 ngày liên tục
    """)
    await (await officer(town, "xa-khac")).says("/menu")
    stranger = await town.staff("xa-khac-2", Role.OFFICER, "21025")
    await stranger.says(f"/vihan {citizen.code}")
    assert "Tính" not in await stranger.hears()


async def test_past_the_calendar_a_case_is_still_filed_and_marked(town):
    town.time = at("2031-12-31 20:00")
    citizen = await reported(town)
    case = await case_of(citizen)
    assert case["clocks"]["take"]["uncharted"] and not case["clocks"]["take"]["sure"]
    assert case["take_due_at"] == at("2032-01-01 04:00")
    clerk = await officer(town)
    await clerk.says(f"/xem {citizen.code}")
    assert "tạm tính, lịch nghỉ chưa công bố đủ" in await clerk.hears()
    await through(town, "2032-01-02 10:00")
    assert "Quá hạn" in await clerk.hears()


async def test_glpi_6902_waiting_counts_when_the_urgency_changes_afterwards(town):
    clerk = await officer(town)
    citizen = await reported(town)
    code = citizen.code
    town.time = at("2026-11-23 10:00")
    await clerk.says(f"/hoi {code} nhà còn ai?")
    town.time = at("2026-11-24 10:00")
    await citizen.says("còn bà nội")
    await clerk.says(f"/mucdo {code} thường không gấp lắm")
    assert (await case_of(citizen))["answer_due_at"] == at("2026-11-26 09:12")  # 2 days and 1


async def test_a_question_asked_before_the_urgency_rose_gives_back_no_time_from_before(town):
    clerk = await officer(town)
    citizen = await reported(town)
    code = citizen.code
    town.time = at("2026-11-23 10:00")
    await clerk.says(f"/hoi {code} nhà còn ai?")
    town.time = at("2026-11-23 12:00")
    await clerk.says(f"/mucdo {code} sos nước dâng")
    assert (await case_of(citizen))["answer_due_at"] == at("2026-11-24 12:00")
    town.time = at("2026-11-23 13:00")
    await citizen.says("còn bà nội")
    assert (await case_of(citizen))["answer_due_at"] == at("2026-11-24 13:00")


async def test_chatwoot_10178_an_answered_case_counts_and_rings_no_more(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/xacnhan {citizen.code} 40 triệu đồng")
    await town.decisions_are_told()
    await citizen.says(f"/them {citizen.code} cảm ơn cán bộ")  # the last word is the citizen's
    case = await case_of(citizen)
    assert case["next_rung_at"] is None
    await through(town, "2026-11-27 10:00", "2026-12-04 10:00")
    assert await rung(town) == []


async def test_an_officers_sos_is_an_answer_and_no_call_for_help(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/mucdo {citizen.code}")
    await clerk.hears()
    await clerk.says("SOS")
    assert "Vì sao đổi mức?" in await clerk.hears()
