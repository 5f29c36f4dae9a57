"""What the province decides of the calendar in chat: days on, off or moved, days of its own."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from handlers.desk import HERE
from models.audit import AuditEntry
from models.broadcasts import Broadcast, State
from models.days import DayChange
from models.people import Role
from tests.broadcasts import crowd
from tests.people import Somebody, Town


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=HERE).astimezone(UTC)


async def drafted(town: Town) -> list[tuple[str, str]]:
    rows = await town.rows(select(Broadcast.title, Broadcast.state).order_by(Broadcast.id))
    return [tuple(row) for row in rows]


async def approved(maker: Somebody, approver: Somebody, number: int) -> None:
    await maker.says(f"/guitin {number} trinh")
    await approver.says(f"/guitin {number} duyet")
    assert "Đã duyệt" in await approver.hears()


async def test_a_day_that_is_off_is_not_drafted(town: Town) -> None:
    town.time = at(2026, 11, 10, 9, 0)  # ten days before the draft of 3/12
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    await lan.play("""
        > /lich
        thứ Năm 03/12/2026: Ngày Quốc tế Người khuyết tật
        > [⚙ Bật, tắt, thêm ngày]
        Đổi ngày nào?
        > [✅ 03/12 Ngày Quốc tế Người khuyết tật]
        Ngày Quốc tế Người khuyết tật – thứ Năm 03/12/2026
        Đang bật: soạn nháp 20/11, gửi 08:30 thứ Hai 30/11/2026
        > [⏸ Tắt]
        Đã tắt: không soạn, không gửi
        Đang tắt.
        Tỉnh đã đổi cho năm này; chưa có người thứ hai xem lại.
        """)
    assert "Đã tắt: không soạn, không gửi" in await minh.hears()
    await minh.play("""
        > [👁 Đã xem lại, đúng]
        ông/bà đã xem lại
        đã có người thứ hai xem lại
        """)
    assert "Người thứ hai đã xem lại" in await lan.hears()
    town.time = at(2026, 12, 3, 9, 0)
    await town.minute()
    assert await drafted(town) == []
    assert await lan.hears() == ""  # nor is it told as missed
    town.time = at(2027, 11, 22, 9, 0)
    await town.minute()
    assert ("Ngày Quốc tế Người khuyết tật 03/12/2027", "draft") in await drafted(town)


async def test_switched_off_after_it_was_approved_and_on_again(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    (reader,) = await crowd.citizens(town, "reader")
    await town.minute()
    await approved(lan, minh, 1)
    await minh.play("> /lich tat disabled_world\nĐã tắt\n→ #1 đã huỷ")
    town.time = at(2026, 11, 29, 9, 0)
    await lan.play("""
        > /lich ngay disabled_world
        Đang tắt.
        > [✅ Bật]
        Đã bật.
        gửi 08:30 thứ Hai 30/11/2026
        → #1 bản nháp
        """)
    await approved(lan, minh, 1)
    town.time = at(2026, 11, 30, 8, 30)
    await town.minute()
    await crowd.drain(town)
    assert "Ngày Quốc tế Người khuyết tật" in await reader.hears()


async def test_tet_two_weeks_ahead_at_ten(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    (reader,) = await crowd.citizens(town, "reader")
    await lan.play("""
        > /lich ngay tet
        Tết Nguyên đán – thứ Bảy 06/02/2027
        (âm lịch 01/01)
        Đang tắt.
        > [🕒 Bật, đổi ngày giờ]
        Gửi trước ngày ấy bao nhiêu ngày?
        > 40
        từ 0 đến 30
        > 14
        Gửi lúc mấy giờ?
        > 21h
        từ 07:30 đến 20:30
        > 10h
        Đã đổi ngày giờ gửi.
        Đang bật: soạn nháp …, gửi 10:00 thứ Sáu 22/01/2027
        """)  # 23/1 is a Saturday
    town.time = at(2027, 1, 13, 9, 0)
    await town.minute()
    [number] = await town.rows(select(Broadcast.id).where(Broadcast.occasion == "tet"))
    await approved(lan, minh, number.id)
    await reader.unread()
    town.time = at(2027, 1, 22, 9, 59)
    await town.minute()
    await crowd.drain(town)
    assert await reader.hears() == ""
    town.time = at(2027, 1, 22, 10, 0)
    await town.minute()
    await crowd.drain(town)
    assert "Tết" in await reader.hears()
    await lan.play("> /lich tat tet 2027-02-06\ntin của ngày này đã gửi hoặc đang gửi")


async def test_an_approved_message_moves_with_its_day(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    await town.minute()
    await approved(lan, minh, 1)
    for said in ("/lich gio disabled_world", "1", "15:00"):
        await lan.says(said)
    assert await town.one(select(Broadcast.due_at)) == at(2026, 12, 2, 15, 0)
    assert await crowd.state(town, 1) == State.APPROVED
    await minh.says("/lich goc disabled_world")
    assert "như lịch gốc" in await minh.hears()
    assert await town.one(select(Broadcast.due_at)) == at(2026, 11, 30, 8, 30)
    assert "Tỉnh đã đổi" not in "".join(one.text for one in minh.last[-1:])


async def test_an_hour_that_went_by_is_asked_for_again(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    town.time = at(2027, 1, 25, 9, 0)  # the usual hour of Tết was on 15/1
    await lan.play("""
        > /lich bat tet
        giờ gửi thường lệ (08:30 thứ Sáu 15/01/2027) đã qua; xin chọn giờ khác
        Gửi trước ngày ấy bao nhiêu ngày?
        > 14
        Gửi lúc mấy giờ?
        > 08:30
        giờ gửi này (08:30 thứ Sáu 22/01/2027) đã qua. Xin chọn lại.
        Gửi trước ngày ấy bao nhiêu ngày?
        > 3
        Gửi lúc mấy giờ?
        > 08:30
        Đang bật: soạn nháp 24/01, gửi 08:30 thứ Tư 03/02/2027
        """)
    await lan.play("> /lich goc tet\nnhư lịch gốc\nĐang tắt.")


OWN = """
    > /lich them
    Ngày gì?
    > Ngày hội việc làm cho người khuyết tật
    Tính theo lịch nào?
    > [Dương lịch]
    Ngày mấy tháng mấy?
    > 15/12
    Mỗi năm, hay chỉ lần tới?
    > [{every}]
    Tin về việc gì?
    > 2
    Lời tin
    > {{name}} mở ngày {{date}} tại nhà văn hoá {{xa}}.
    Gửi trước ngày ấy bao nhiêu ngày?
    > [7]
    Gửi lúc mấy giờ?
    > [10:00]
    Ngày hội việc làm cho người khuyết tật – thứ Ba 15/12/2026
    Gửi: 10:00 thứ Ba 08/12/2026
    Ngày hội việc làm cho người khuyết tật mở ngày thứ Ba 15/12/2026
    Thêm ngày này vào lịch?
    > [🆕 Thêm vào lịch]
    Đã thêm vào lịch.
    Đang bật: soạn nháp 28/11, gửi 10:00 thứ Ba 08/12/2026
    chưa có người thứ hai xem lại
"""


async def test_a_day_of_the_province_is_drafted_approved_sent(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    (reader,) = await crowd.citizens(town, "reader")
    await lan.play(OWN.format(every="Chỉ lần tới"))
    await minh.play("> [👁 Đã xem lại, đúng]\nông/bà đã xem lại")
    town.time = at(2026, 11, 28, 10, 0)
    await town.minute()
    [number] = await town.rows(select(Broadcast.id).where(Broadcast.occasion == "own-1"))
    await minh.play(f"> /guitin {number.id}\nchưa có bản tiếng Anh")
    await approved(lan, minh, number.id)
    town.time = at(2026, 12, 8, 10, 0)
    await town.minute()
    await crowd.drain(town)
    assert (
        "Ngày hội việc làm cho người khuyết tật mở ngày thứ Ba 15/12/2026 tại nhà văn hoá Xã "
        "Đông Sơn" in await reader.hears()
    )
    town.time = at(2027, 12, 10, 9, 0)
    await town.minute()
    own = select(func.count()).where(Broadcast.occasion == "own-1")
    assert await town.one(own) == 1  # it was for once
    did = await town.rows(
        select(AuditEntry.facts["did"].astext, AuditEntry.person_id)
        .where(AuditEntry.action == "broadcast_calendar")
        .order_by(AuditEntry.id)
    )
    assert [tuple(row) for row in did] == [
        ("changed", await lan.person_id()), ("looked", await minh.person_id()),
    ]  # fmt: skip


async def test_it_comes_every_year_until_it_is_taken_out(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    await lan.play(OWN.format(every="Mỗi năm"))
    own = select(Broadcast.occasion_on, Broadcast.state).where(Broadcast.occasion == "own-1")
    for year in (2026, 2027):
        town.time = at(year, 11, 28, 11, 0)
        await town.minute()
    assert len(await town.rows(own)) == 2
    await minh.unread()
    await lan.play("""
        > /lich ngay own-1
        Đang bật
        > [🗑 Bỏ ngày này]
        Đã bỏ khỏi lịch.
        """)
    states = {row.occasion_on.year: row.state for row in await town.rows(own)}
    assert states[2027] == State.CANCELLED
    await minh.play("""
        > [↩ Lấy lại]
        Đã thêm vào lịch.
        thứ Tư 15/12/2027
        → #… bản nháp
        """)


async def test_a_lunar_day_with_the_words_and_amounts_of_another(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    await lan.play("""
        > /lich them
        > Lễ Vu lan của tỉnh
        > [Âm lịch]
        > 30/8
        > [Mỗi năm]
        > 1
        > [Ngày Người khuyết tật Việt Nam]
        > 3
        > 08:30
        không phải năm nào cũng có ngày này. Xin gõ ngày khác.
        > 15/7
        Lễ Vu lan của tỉnh
        Người khuyết tật nặng, đặc biệt nặng có thể được:
        810.000 – 1.350.000 đồng/tháng
        > [🆕 Thêm vào lịch]
        (âm lịch 15/07)
        """)
    town.time = at(2027, 8, 10, 9, 0)
    await town.minute()
    text = await town.one(select(Broadcast.content).where(Broadcast.occasion == "own-1"))
    assert "810.000" in text["text"]["vi"] and "Lễ Vu lan của tỉnh" in text["text"]["en"]


@pytest.mark.parametrize("said", ["/lich tat disabled_world", "/lich them", "/lich doi"])
async def test_a_commune_does_not_decide_of_the_calendar(town: Town, said: str) -> None:
    leader = await town.staff("leader", Role.LEADER)
    await leader.play(f"> {said}\nLịch gửi tin\nNgày Quốc tế Người khuyết tật")
    assert leader.last and "doi" not in {
        one.token.split(":")[-1] for message in leader.last for one in message.buttons
    }
    assert await town.one(select(func.count()).select_from(DayChange)) == 0


async def test_the_second_look_is_at_what_was_read(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    await lan.says("/lich tat elderly_world")
    await minh.unread()
    await lan.says("/lich bat elderly_world")
    await minh.presses("👁 Đã xem lại, đúng")  # of the first message
    assert "đã được đổi tiếp" in await minh.hears()
    assert await town.one(select(DayChange.looked_by)) is None
    await lan.says("/lich goc elderly_world")
    await lan.says("/lich tat elderly_world")
    await lan.unread()
    await minh.says("/lich daxem elderly_world 2027-10-01 1")
    assert "đã được đổi tiếp" in await minh.hears()
    await lan.says("/lich daxem elderly_world 2027-10-01 4")
    assert "cần một người khác xem lại" in await lan.hears()


async def test_a_day_added_late_has_missed_nothing(town: Town) -> None:
    """A year's day that went by before it was added is not told as missed."""
    lan = await crowd.province(town, "lan")
    town.time = at(2026, 12, 10, 9, 0)  # 8/12 went by
    async with town.app.engine.begin() as db:
        await db.exec_driver_sql("UPDATE people SET created_at = '2026-01-01'")
    for said in ("/lich them", "Hội", "Dương lịch", "9/12", "Mỗi năm", "1", "Mời bà con.",
                 "3", "08:30", "[🆕 Thêm vào lịch]"):  # fmt: skip
        await lan.unread()
        await lan.says(said)
    assert "09/12/2027" in await lan.hears()
    await town.minute()
    assert ("Hội 09/12/2026", "missed") not in await drafted(town)
