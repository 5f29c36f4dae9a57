"""The officer's day: morning, queue by buttons, the list of people to telephone or visit."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from bot import upkeep
from handlers.desk import HERE
from handlers.messages import Media
from models.audit import AuditEntry
from models.cases import Case, MediaFile
from models.conversations import Conversation
from models.offices import Digest
from models.people import Person, Role
from models.roster import Leave
from models.unreached import Unreached, Why, note
from tests.conversations.stories import called, case_of, officer, picture, reported, story_of
from tests.conversations.test_photographs import fetched


async def many(town, citizen, number, **different):
    """More cases of one reporter: other villages, kinds and hours."""
    case = await case_of(citizen)
    base = {key: value for key, value in case.items() if key not in ("id", "code", "draft_id")}
    rows = [
        {
            **base,
            "code": f"QN-{2222 + index}-X",
            "take_due_at": case["take_due_at"] + timedelta(minutes=index),
            "answer_due_at": case["answer_due_at"] + timedelta(minutes=index),
            "village": ("Phước Thiện", "Hải Ninh", "Thôn 2")[index % 3],
            "kinds": [("hunger", "livelihood")[index % 2]],
            "next_rung_at": None,
            **different,
        }
        for index in range(1, number + 1)
    ]
    async with town.app.engine.begin() as db:
        await db.execute(insert(Case), rows)


def overdue(town):
    return {
        "opened_at": town.time - timedelta(days=1),
        "take_due_at": town.time - timedelta(minutes=5),
    }


async def test_filters_are_buttons_that_add_up(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await many(town, citizen, 12)
    await clerk.says(f"/nhan {citizen.code}")
    await clerk.play("""
        > /hangdoi
        Hàng đợi: 13 hồ sơ
        chưa ai nhận
        > [Tôi giữ]
        Hàng đợi: 1 hồ sơ
        Đang lọc: 👤 Tôi giữ
        tôi giữ
        > [Đã trễ]
        Không có hồ sơ nào chờ theo «👤 Tôi giữ, ⏰ Đã trễ»
        > [✓ ⏰ Đã trễ]
        Hàng đợi: 1 hồ sơ
        > [Bỏ lọc]
        Hàng đợi: 13 hồ sơ
        > [Theo việc, thôn]
        theo việc hoặc thôn nào?
        > [Thiếu đói, hết gạo (6)]
        Hàng đợi: 6 hồ sơ
        Đang lọc: Thiếu đói, hết gạo
        > [Chưa ai nhận]
        Đang lọc: 🆕 Chưa ai nhận, Thiếu đói, hết gạo
        > [Theo việc, thôn]
        > [Hải Ninh (4)]
        Hàng đợi: 4 hồ sơ
        Đang lọc: 🆕 Chưa ai nhận, hai ninh
        > /hangdoi 2 phuoc thien
        Đang lọc: phuoc thien
    """)
    assert all(len(b.token.encode()) <= 64 for m in clerk.last for b in m.buttons)


async def test_the_day_of_an_officer(town):
    clerk = await officer(town)
    assert await clerk.hears() == ""
    await clerk.says("/homnay")
    assert "không còn việc nào chờ" in await clerk.hears()
    citizen = await reported(town)
    await many(town, citizen, 2, take_due_at=town.time + timedelta(hours=4))
    await many(town, citizen, 1, code="QN-LATE-X", **overdue(town))
    await clerk.says(f"/nhan {citizen.code}")
    await clerk.play("""
        > việc của tôi hôm nay
        Việc của tôi hôm nay – thứ Hai 23/11/2026
        Đã trễ: 1
        Đến hạn hôm nay: 2
        Chưa ai nhận: 3
        Tôi giữ: 1
        QN-LATE-X
        > [⏰ Đã trễ]
        Hàng đợi: 1 hồ sơ
        > /today
        > [👤 Tôi giữ]
        Hàng đợi: 1 hồ sơ
    """)


async def test_a_leader_sees_what_the_whole_office_is_late_with(town):
    clerk, leader = await officer(town), await town.staff("lanh-dao", Role.LEADER)
    citizen = await reported(town)
    await clerk.says(f"/nhan {citizen.code}")
    town.later(days=3)
    await leader.hears()
    await leader.says("/homnay")
    assert "Đã trễ: **1**" in await leader.hears()


async def on(town, day, hour):
    """A day of November 2026, five minutes past that hour here; the 24th is a holiday."""
    town.time = datetime(2026, 11, day, hour, 5, tzinfo=HERE).astimezone(UTC)
    await town.minute()


async def test_the_morning_comes_once_in_each_language_and_not_before_the_office_opens(town):
    clerk, other = await officer(town, "lan"), await officer(town, "minh")
    idle = await town.staff("xa-khac", Role.OFFICER, "21115")
    async with town.app.engine.begin() as db:
        await db.execute(
            update(Person).where(Person.id == await other.person_id()).values(locale="en")
        )
    citizen, neighbour = await reported(town), await reported(town, "84901")
    await clerk.says(f"/nhan {citizen.code}")
    await other.says(f"/nhan {neighbour.code}")
    await on(town, 24, 8)
    await on(town, 25, 6)
    for one in (clerk, other):
        await one.hears()
    await on(town, 25, 7)
    await asyncio.gather(town.minute(), town.minute(), town.minute())
    heard = await clerk.hears()
    assert heard.count("Việc của tôi hôm nay") == 1 and "Tôi giữ: **1**" in heard
    assert (await other.hears()).count("My work today") == 1
    assert await idle.hears() == ""
    town.later(hours=3)
    await town.minute()
    assert "Việc của tôi" not in await clerk.hears()
    assert len(await town.rows(select(Digest.day))) == 3
    await upkeep.empty_old_words(town.app.engine, town.time + timedelta(days=31), 30)
    assert not await town.rows(select(Digest.day))


async def test_no_morning_on_a_day_off_nor_in_the_afternoon(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/nhan {citizen.code}")
    await on(town, 28, 8)  # Saturday
    assert "Việc của tôi" not in await clerk.hears()
    await on(town, 30, 15)  # Monday, when everything was down until then
    assert "Việc của tôi" not in await clerk.hears()
    town.later(hours=17)
    await town.minute()
    assert "Việc của tôi" in await clerk.hears()


async def lost(town, citizen, why=Why.GONE):
    case = await case_of(citizen)
    async with town.app.engine.begin() as db:
        await note(db, case["id"], why, town.time)
        await db.execute(
            update(Conversation)
            .where(Conversation.id == case["conversation_id"])
            .values(gone_at=town.time)
        )


async def test_whom_the_chat_does_not_reach_is_telephoned_and_ticked_off(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/nhan {citizen.code}")
    await lost(town, citizen)
    await clerk.hears()
    await town.minute()
    assert "cần **gọi điện hoặc tới nhà**" in await clerk.hears()
    await town.minute()
    assert await clerk.hears() == ""  # told once
    await clerk.play("""
        > /homnay
        Chat không tới được: 1
        > [Gọi, tới nhà]
        Cần gọi điện hoặc tới nhà (1)
        đã chặn kênh hoặc mất tài khoản
        > [QN-]
        Điện thoại: 0912 345 678
        Người dân cần được nghe:
        Cán bộ tiếp nhận
        > [Chưa gặp được]
        Vẫn ở trong danh sách
        > /chuabao
        đã tìm 1 lần chưa gặp
        > [QN-]
        > [Đã gọi được]
        đã ghi vào câu chuyện
        > [Danh sách cần gọi]
        Không có ai cần gọi điện
    """)
    assert (await story_of(town, citizen.code))[-2:] == ["not_found", "phoned"]
    rows = await town.rows(select(AuditEntry.facts).where(AuditEntry.action == "reach"))
    assert [row.facts["how"] for row in rows] == ["not_found", "phoned"]
    await citizen.says(citizen.code)
    assert "Cán bộ đã gọi điện" in await citizen.hears()


async def test_the_third_time_in_vain_ends_it_and_a_remark_is_internal(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await lost(town, citizen)
    for _ in range(3):
        await clerk.says(f"/chuabao {citizen.code} khonggap nhà khoá cửa")
    assert "Đã tìm 3 lần, đưa ra khỏi danh sách" in await clerk.hears()
    assert await town.one(select(Unreached.how)) == "not_found"
    await citizen.says(citizen.code)
    seen = await citizen.hears()
    assert "tìm mà chưa gặp được" in seen and "khoá cửa" not in seen


async def test_who_does_not_answer_the_officer_comes_onto_the_list(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/hoi {citizen.code} nhà còn ai?")
    town.later(hours=23)
    await town.minute()
    assert await town.one(select(Unreached.id)) is None
    town.later(hours=2)
    await asyncio.gather(town.minute(), town.minute())
    await clerk.hears()
    await clerk.says("/chuabao")
    assert "chưa trả lời câu hỏi của cán bộ" in await clerk.hears()
    await clerk.says(f"/chuabao {citizen.code} goi nhà còn bốn người")
    assert "tính tiếp" in await clerk.hears()
    assert (await case_of(citizen))["waiting_since"] is None
    await town.minute()
    await clerk.says("/chuabao")
    assert "Không có ai cần gọi" in await clerk.hears()


async def test_an_answer_takes_its_writer_off_the_list(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/hoi {citizen.code} nhà còn ai?")
    town.later(hours=25)
    await town.minute()
    await citizen.says("còn bốn người")
    assert await town.one(select(Unreached.how)) == "chat"


async def test_two_officers_tick_the_same_entry(town):
    first, second = await officer(town, "lan"), await officer(town, "minh")
    citizen = await reported(town)
    await lost(town, citizen)
    await first.hears()
    await second.hears()
    await asyncio.gather(
        first.says(f"/chuabao {citizen.code} goi"), second.says(f"/chuabao {citizen.code} toinha")
    )
    heard = await first.hears() + await second.hears()
    assert heard.count("đã ghi vào câu chuyện") == 1
    assert heard.count("không còn trong danh sách") == 1


async def test_an_unreached_entry_is_told_in_working_hours_emergencies_at_once(town):
    clerk = await officer(town)
    citizen = await reported(town)
    town.later(hours=12)  # in the evening
    await lost(town, citizen)
    await clerk.hears()
    await town.minute()
    assert "gọi điện hoặc tới nhà" not in await clerk.hears()
    async with town.app.engine.begin() as db:
        await db.execute(update(Case).values(urgency="sos"))
    await town.minute()
    assert "gọi điện hoặc tới nhà" in await clerk.hears()


@pytest.mark.parametrize("command", ["/chuabao", "/homnay", "/ghichu", "/rutlai"])
async def test_a_citizen_has_no_such_list(town, command):
    citizen = await reported(town)
    await citizen.says(command)
    assert "dành cho cán bộ được mời" in await citizen.hears()


async def test_one_case_after_the_other_without_the_list(town):
    clerk, other = await officer(town, "lan"), await officer(town, "minh")
    first, second, third = [await reported(town, f"8490{n}") for n in range(3)]
    await other.says(f"/nhan {first.code}")
    await clerk.hears()
    await clerk.play(f"""
        > /tiep
        {second.code}
        > [Hỏi]
        > Nhà còn ai?
        Đã gửi câu hỏi
        > [Hồ sơ tiếp theo]
        {third.code}
        > [Nhận]
        > [Từ chối]
        > Nhà ở xã khác
        > [Hồ sơ tiếp theo]
        Hàng đợi trống
    """)


async def test_the_story_names_who_of_the_office_did_what(town):
    clerk = await called(await officer(town), "Trần Thị Lan")
    citizen = await reported(town)
    await clerk.says(f"/nhan {citizen.code}")
    await clerk.hears()
    await clerk.says(f"/xem {citizen.code}")
    assert "Cán bộ tiếp nhận (Trần Thị Lan)" in await clerk.hears()
    await citizen.says(citizen.code)
    assert "Lan" not in await citizen.hears()


async def test_somebody_on_leave_has_no_morning_and_the_stand_in_has_the_cases(town):
    away, stand_in = await officer(town, "lan"), await officer(town, "minh")
    citizen = await reported(town)
    await away.says(f"/nhan {citizen.code}")
    async with town.app.engine.begin() as db:
        await db.execute(
            insert(Leave).values(
                commune="21109",
                person_id=await away.person_id(),
                stand_in_id=await stand_in.person_id(),
                first=date(2026, 11, 25),
                last=date(2026, 11, 27),
                told_at=town.time,
            )
        )
    for one in (away, stand_in):
        await one.hears()
    await on(town, 25, 8)
    assert "Việc của tôi" not in await away.hears()
    assert "Tôi giữ: **1**" in await stand_in.hears()


@pytest.mark.parametrize("channel", ["webchat", "telegram", "zalo"])
async def test_the_outcome_carries_a_paper_and_a_photograph(town, channel):
    """The paper may come before the words, or by itself: the officer is asked what it is for."""
    clerk = await officer(town)
    citizen = await reported(town, "84900", channel)
    await clerk.says(f"/nhan {citizen.code}")
    await clerk.says(f"/xacnhan {citizen.code} 40 triệu đồng")
    await town.decisions_are_told()
    await citizen.unread()
    await clerk.says(media=(Media("document", "quyet-dinh", "application/pdf"),))
    await clerk.hears()
    await clerk.says(media=(Media("photo", "trao", "image/jpeg"),))
    await clerk.play("""
        > /menu
    """)
    await clerk.says(media=(Media("photo", "trao", "image/jpeg"),))
    files = {"quyet-dinh": b"%PDF-1.7\n1 0 obj", "trao": picture()}
    await fetched(town, clerk, **files)
    await clerk.play("""
        > [Đã trợ giúp QN-]
        Đã trợ giúp gì
        > 40 triệu đồng, trao ngày 23/11
        Đã lưu
    """)
    await town.decisions_are_told()
    told = await citizen.unread()
    sent = [one for message in told for one in message.media]
    kinds = await town.rows(select(MediaFile.kind).where(MediaFile.id.in_(map(UUID, sent))))
    assert sorted(row.kind for row in kinds) == ["document", "photo"]
    assert any("đã trợ giúp – 40 triệu đồng" in message.text for message in told)
