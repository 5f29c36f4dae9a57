"""The calendar: days of a year, drafts, what was missed; played by time travel."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.broadcasts import drafts
from handlers.desk import HERE
from models import occasions, topics
from models.broadcasts import Broadcast, State
from models.occasions import entry
from models.people import Role
from tests.broadcasts import crowd
from tests.people import Town


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=HERE).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "on", "sent"),
    [
        ("disabled_world", date(2026, 12, 3), at(2026, 11, 30, 8, 30)),
        ("disabled_vietnam", date(2027, 4, 18), at(2027, 4, 15, 8, 30)),
        ("elderly_vietnam", date(2028, 6, 6), at(2028, 6, 2, 8, 30)),  # 3/6 is a Saturday
        ("elderly_world", date(2028, 10, 1), at(2028, 9, 28, 8, 30)),
        ("tet", date(2027, 2, 6), at(2027, 1, 15, 8, 30)),  # 17/1 is a Sunday
        ("tet", date(2028, 1, 26), at(2028, 1, 6, 8, 30)),
        ("mid_autumn", date(2028, 10, 3), at(2028, 9, 26, 8, 30)),
    ],
)
def test_a_day_and_the_hour_of_its_message(day: str, on: date, sent: datetime) -> None:
    found = entry(day)
    assert found is not None
    assert on in (found.in_year(on.year), found.in_year(on.year - 1))
    assert occasions.occasion(found, on).send_at == sent


def test_the_amounts_are_those_of_the_rules_in_force() -> None:
    day = entry("disabled_world")
    assert day is not None
    now = drafts.benefits(day, date(2026, 12, 3), "vi")
    before = drafts.benefits(day, date(2026, 6, 1), "vi")
    assert "810.000 – 1.350.000 đồng/tháng (khoản 6 Điều 5 NĐ 335/2026/NĐ-CP)" in now
    assert "750.000 – 1.250.000 đồng/tháng (khoản 6 Điều 5 NĐ 20/2021/NĐ-CP)" in before
    assert "810.000 – 1.350.000 VND a month" in drafts.benefits(day, date(2026, 12, 3), "en")


def test_what_nobody_confirmed_is_listed() -> None:
    keys = {one.key for one in (*occasions.unsure(), *topics.unsure())}
    assert {"hours", "days.poor", "by_default", "areas.border"} <= keys
    assert "days.disabled_world" not in keys


async def test_the_next_day_is_drafted_and_the_province_told(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    await town.minute()
    heard = await lan.hears()
    assert "Bản nháp cho ngày sắp tới" in heard
    assert "Ngày Quốc tế Người khuyết tật 03/12/2026" in heard
    await lan.play(
        """
        > /lich
        thứ Năm 03/12/2026: Ngày Quốc tế Người khuyết tật
        → #1 bản nháp, 08:30 thứ Hai 30/11/2026
        Chủ nhật 18/04/2027: Ngày Người khuyết tật Việt Nam
        soạn nháp 05/04, gửi 08:30 thứ Năm 15/04/2027
        > [#1 03/12]
        Giờ gửi: 08:30 thứ Hai 30/11/2026
        Người khuyết tật nặng, đặc biệt nặng có thể được:
        từ …810.000…1.350.000 đồng/tháng
        """.replace("từ …810", "810")
    )
    await town.minute()
    assert "Bản nháp" not in await lan.hears()  # once


async def test_a_commune_adds_what_it_plans_for_its_own_people(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    leader = await town.staff("leader", Role.LEADER)
    (near,) = await crowd.citizens(town, "near")
    (far,) = await crowd.citizens(town, "far", commune="21548")
    await town.minute()
    assert "Xã có kế hoạch thăm hỏi, tặng quà" in await leader.hears()
    await leader.play("""
        > [✍ Kế hoạch của xã]
        Xã có kế hoạch gì dịp này?
        > Xã thăm 12 gia đình sáng 3/12.
        đã thêm vào tin
        """)
    await lan.says("/guitin 1 trinh")
    await minh.unread()
    await minh.presses("✅ Duyệt")
    assert "chờ giờ gửi" in await minh.hears()
    await near.unread(), await far.unread()
    town.time = at(2026, 11, 30, 8, 30)
    await town.minute()
    await crowd.drain(town)
    assert "Xã thăm 12 gia đình sáng 3/12." in await near.hears()
    assert "Xã thăm" not in await far.hears()


@pytest.fixture
def with_tet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The province wants a message before Tết as well."""
    known = occasions.calendar()
    days = tuple(
        one.model_copy(update={"on": True}) if one.id == "tet" else one for one in known.days
    )
    wanted = known.model_copy(update={"days": days})
    monkeypatch.setattr(occasions, "calendar", lambda: wanted)


async def test_days_that_are_off_are_listed_when_asked_for(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    await lan.play("""
        > /lich
        Ngày Quốc tế Người khuyết tật
        > [Xem cả ngày đang tắt]
        Tết Nguyên đán (đang tắt)
        """)


@pytest.mark.usefixtures("with_tet")
async def test_a_year_each_day_once_in_the_hours_allowed(town: Town) -> None:
    """From the end of 2027 through a leap year, with Tết switched on."""
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    (reader,) = await crowd.citizens(town, "reader")
    town.time = at(2027, 12, 10, 0, 30)
    told: list[tuple[str, datetime]] = []
    while town.time < at(2028, 12, 31, 0, 0):
        await _tend(town, lan, minh)
        told += [(one.text.split("**")[1], town.time) for one in await reader.unread()]
        town.later(hours=8)
    assert [(name, when.astimezone(HERE).date()) for name, when in told] == [
        ("Tết Nguyên đán", date(2028, 1, 6)),
        ("Ngày Người khuyết tật Việt Nam", date(2028, 4, 14)),
        ("Ngày Người cao tuổi Việt Nam", date(2028, 6, 2)),
        ("Ngày Quốc tế Người cao tuổi", date(2028, 9, 28)),
        ("Ngày Quốc tế Người khuyết tật", date(2028, 11, 30)),
    ]
    assert all(7 <= when.astimezone(HERE).hour < 21 for _, when in told)


async def _tend(town: Town, maker, approver) -> None:
    """What staff and clockwork do in a day, as far as there is anything to do."""
    await town.minute()
    drafted = await town.rows(select(Broadcast.id).where(Broadcast.state == State.DRAFT.value))
    for row in drafted:
        await maker.says(f"/guitin {row.id} trinh")
        await approver.says(f"/guitin {row.id} duyet")
    if await town.one(select(Broadcast.id).where(Broadcast.state == State.RUNNING.value)):
        await crowd.drain(town)


async def test_a_day_missed_is_told_and_not_sent_late(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    (reader,) = await crowd.citizens(town, "reader")
    await _tend(town, lan, minh)
    await lan.unread()
    town.time = at(2026, 12, 1, 9, 0)  # everything was down on 30/11
    await town.minute()
    await crowd.drain(town)
    heard = await lan.hears()
    assert "08:30 thứ Hai 30/11/2026" in heard and "không tự gửi muộn" in heard
    assert await crowd.state(town, 1) == State.MISSED
    assert await reader.unread() == []
    await lan.play("""
        > [✏ Mở lại để sửa]
        bản nháp
        Giờ gửi: ngay khi được duyệt
        """)


async def test_a_draft_never_made_is_told_as_missed_too(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    town.time = at(2026, 12, 2, 9, 0)
    async with town.app.engine.begin() as db:  # in use before the hour that went by
        await db.exec_driver_sql("UPDATE people SET created_at = '2026-11-01'")
    await town.minute()
    assert "lỡ giờ gửi" in await lan.hears()


async def test_a_service_set_up_yesterday_has_missed_nothing(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    town.time = at(2026, 12, 2, 9, 0)
    async with town.app.engine.begin() as db:
        await db.exec_driver_sql("UPDATE people SET created_at = '2026-12-01'")
    await town.minute()
    assert await lan.hears() == ""


async def test_nobody_approved_it_is_said_a_day_before(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    await town.minute()
    await lan.unread()
    town.time = at(2026, 11, 29, 9, 0)
    await town.minute()
    assert "mà chưa được duyệt" in await lan.hears()
    town.later(hours=1)
    await town.minute()
    assert await lan.hears() == ""
    town.time = at(2026, 11, 30, 8, 30) + timedelta(hours=3, minutes=1)
    await town.minute()
    assert "lỡ giờ gửi" in await lan.hears()
