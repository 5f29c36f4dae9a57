"""Reminders of the day on which somebody's benefits change, and of a new version of the law."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from handlers.benefits import watching
from handlers.desk import HERE
from models.people import Consent
from models.watches import Watch


async def watched(town, *, agree=True):
    """Somebody whose mother will be 75 on 3/3/2027."""
    citizen = town.person("84900")
    await citizen.play("""
        > /kiemtra
        > [Cho người thân]
        > mẹ
        > 3/3/1952
        > [Không thuộc]
        > không
    """)
    for _ in range(3):
        if "Kết quả" in "".join(one.text for one in citizen.last):
            break
        await citizen.says("không")
        await citizen.unread()
    await citizen.says("[Nhắc tôi khi có thay đổi]")
    assert "cần lưu (mã hoá)" in await citizen.hears()
    await citizen.says("[Đồng ý]" if agree else "[Không]")
    return citizen


def at(town, year, month, day, hour=9):
    town.time = datetime(year, month, day, hour, tzinfo=HERE).astimezone(UTC)


async def test_the_day_of_the_change_is_told_and_kept(town):
    citizen = await watched(town)
    heard = (await citizen.hears()).replace("**", "")
    assert "sẽ nhắc ngày thứ Sáu 01/01/2027, và khi luật đổi" in heard
    assert "Ông/bà muốn làm gì tiếp?" in heard
    assert "Nhắc tôi" not in str(citizen.last[-1].buttons)
    (row,) = await town.rows(select(Watch.__table__))
    assert str(row.due_on) == "2027-01-01"
    assert "1952-03-03" in str(row.body) and "_phone" not in str(row.body)
    assert await town.one(select(func.count()).select_from(Consent)) == 1


async def test_not_agreeing_keeps_nothing(town):
    citizen = await watched(town, agree=False)
    assert "không lưu gì cả" in await citizen.hears()
    assert await town.one(select(func.count()).select_from(Watch)) == 0


async def test_each_change_is_told_once_on_its_day(town):
    citizen = await watched(town)
    await citizen.hears()
    at(town, 2026, 12, 31)
    await town.minute()
    assert "🔔" not in await citizen.hears()
    at(town, 2027, 1, 1)
    await town.minute()
    assert "chuẩn nghèo mới" in await citizen.hears()
    at(town, 2027, 3, 3, hour=5)
    await town.minute()
    assert "🔔" not in await citizen.hears(), "nobody is woken"
    at(town, 2027, 3, 3)
    await town.minute()
    heard = (await citizen.hears()).replace("**", "")
    assert "Nhắc ông/bà (kiểm tra cho mẹ), từ thứ Tư 03/03/2027" in heard
    assert "Trợ cấp hưu trí xã hội: có thể đủ điều kiện, xin kiểm tra lại" in heard
    town.later(minutes=1)
    await town.minute()
    at(town, 2027, 3, 4)
    await town.minute()
    assert "🔔" not in await citizen.hears()


async def test_what_is_known_is_told_with_its_amount(town):
    citizen = town.person("84900")
    await citizen.play("""
        > mẹ tôi sinh ngày 3/3/1952 không có lương hưu
    """)
    for _ in range(5):
        if "Kết quả" in "".join(one.text for one in citizen.last):
            break
        await citizen.says("không")
        await citizen.unread()
    told = "\n".join(one.text for one in citizen.last).replace("**", "")
    assert "📅 Sẽ đổi từ thứ Tư 03/03/2027: Trợ cấp hưu trí xã hội 540.000 đồng" in told
    await citizen.play("""
        > [Nhắc tôi khi có thay đổi]
        > [Đồng ý]
        sẽ nhắc ngày
    """)
    at(town, 2027, 3, 3)
    await town.minute()
    heard = await citizen.hears()
    assert "Trợ cấp hưu trí xã hội 540.000 đồng" in heard
    assert "Thẻ bảo hiểm y tế" in heard


async def test_two_workers_at_once_tell_it_once(town):
    citizen = await watched(town)
    await citizen.hears()
    at(town, 2027, 3, 3)
    await asyncio.gather(*(town.minute() for _ in range(4)))
    assert (await citizen.hears()).count("🔔") == 1


async def test_after_a_reminder_the_check_is_at_hand_with_the_law_of_the_day(town):
    citizen = await watched(town)
    await citizen.hears()
    at(town, 2027, 3, 3)
    await town.minute()
    await citizen.hears()
    await citizen.play("""
        > [Xem, gửi đề nghị]
        Mẹ có lương hưu
        > không
        Kết quả cho mẹ, luật ngày thứ Tư 03/03/2027
        Trợ cấp hưu trí xã hội: 540.000 đồng/tháng
        Ông/bà muốn làm gì tiếp?
    """)


@pytest.mark.parametrize("changes", [True, False])
async def test_a_new_version_of_the_law_is_told_where_it_changes_something(
    town, monkeypatch, changes
):
    citizen = await watched(town)
    await citizen.hears()
    if changes:
        monkeypatch.setattr(
            watching.findings, "told_of", lambda _: {"p0.tcxh_k6": [810000, "yes"]}
        )
    monkeypatch.setattr(watching, "law_version", lambda: "another")
    town.later(days=1)
    await town.minute()
    await town.minute()
    heard = await citizen.hears()
    assert heard.count("Quy định đã đổi") == int(changes)
    (row,) = await town.rows(select(Watch.law))
    assert row.law == "another"


async def test_reminders_can_be_seen_and_ended(town):
    citizen = await watched(town)
    await citizen.play("""
        > /nhac
        Các lời nhắc
        1. mẹ – thứ Sáu 01/01/2027
        > [Thôi 1]
        đã thôi nhắc và xoá các điều đã lưu
        > /nhac
        chưa có lời nhắc nào
    """)
    assert await town.one(select(func.count()).select_from(Watch)) == 0
    assert (
        await town.one(
            select(func.count()).select_from(Consent).where(Consent.withdrawn_at.is_(None))
        )
        == 0
    )


async def test_erasing_ones_data_ends_the_reminders(town):
    citizen = await watched(town)
    await citizen.play("""
        > /xoadulieu
        > [Đúng, xoá hết]
        đã xoá thông tin
    """)
    assert await town.one(select(func.count()).select_from(Watch)) == 0
