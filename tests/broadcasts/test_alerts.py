"""Alerts: at once, at any hour, to everybody; a second person looks at it afterwards."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from handlers.desk import HERE
from models.broadcasts import Broadcast, Fate, State
from models.outbox import Lane, Outbox
from models.people import Role
from models.rollcalls import RollCall
from tests.broadcasts import crowd
from tests.people import DONG_SON, Town

NIGHT = datetime(2026, 11, 24, 2, 30, tzinfo=HERE).astimezone(UTC)


async def test_a_leader_warns_at_night(town: Town) -> None:
    leader = await town.staff("leader", Role.LEADER)
    minh = await crowd.province(town, "minh")
    (near,) = await crowd.citizens(town, "near")
    (far,) = await crowd.citizens(town, "far", commune="21548")
    await near.says("ngừng nhận tin")
    await near.unread()
    town.time = NIGHT
    await leader.play("""
        > /canhbao
        Cảnh báo gì?
        > [🌊 Lũ, ngập]
        Chuyện gì, ở đâu, bà con phải làm gì ngay?
        > Nước sông lên nhanh, thôn Phước Thiện lên trường học ngay.
        CẢNH BÁO LŨ, NGẬP – Xã Đông Sơn
        gọi ngay 112
        Sẽ tới: 2 người
        Gửi ngay cho mọi người?
        > [🚨 GỬI NGAY]
        Cảnh báo đang được gửi. Người thứ hai được mời xem lại ngay.
        """)
    await crowd.drain(town)
    [heard] = await near.unread()
    assert "CẢNH BÁO LŨ, NGẬP" in heard.text and "Phước Thiện" in heard.text
    assert [one.label for one in heard.buttons] == ["🆘 Tôi cần giúp"]
    assert await far.unread() == []
    lanes = await town.rows(select(Outbox.lane).where(Outbox.lane == int(Lane.ALERT)))
    assert lanes
    assert "Cảnh báo vừa gửi" in await minh.hears()
    await minh.play("> [👁 Đã xem lại, đúng]\nông/bà đã xem lại")
    assert await town.one(select(Broadcast.looked_by)) == await minh.person_id()
    assert (await crowd.fates(town, 1))[Fate.OPTED_OUT] == 0


@pytest.mark.parametrize("word", ["gửi", "gửi ngay", "Đồng ý gửi", "gui"])
async def test_the_last_word_before_an_alert_names_the_sending(town: Town, word: str) -> None:
    leader = await town.staff("leader", Role.LEADER)
    await leader.says("/canhbao")
    await leader.unread()
    await leader.presses("Bão")
    await leader.play(f"""
        > Bão vào đêm nay, ở yên trong nhà.
        Gửi ngay cho mọi người?
        > có
        chưa gửi. Để gửi, xin gõ «gửi», hoặc «gửi và điểm danh»; thôi thì gõ «huỷ»
        > đồng ý
        chưa gửi. Để gửi, xin gõ «gửi»
        > {word}
        Cảnh báo đang được gửi.
        """)
    assert await town.one(select(RollCall.id)) is None


async def test_typed_with_the_roll_call(town: Town) -> None:
    leader = await town.staff("leader", Role.LEADER)
    await leader.says("/canhbao")
    await leader.unread()
    await leader.presses("Bão")
    await leader.play("""
        > Bão vào đêm nay, ở yên trong nhà.
        > gửi và điểm danh
        Cảnh báo đang được gửi.…Điểm danh cả xã cũng bắt đầu
        """)


async def test_an_officer_does_not_warn_by_himself(town: Town) -> None:
    officer = await town.staff("officer", Role.OFFICER)
    await officer.play("> /canhbao\nlệnh này dành cho cán bộ được mời")


async def test_the_second_person_stops_a_wrong_one(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    (reader,) = await crowd.citizens(town, "reader")
    await lan.says("/canhbao")
    await lan.unread()
    await lan.presses("Bão")
    await lan.says("Đông Sơn")
    await lan.says("Bão vào đêm nay.")
    await lan.unread()
    await lan.presses("🚨 GỬI NGAY")
    await minh.unread()
    await minh.presses("⏹ Dừng hẳn")
    await crowd.drain(town)
    assert await reader.unread() == []
    assert await crowd.state(town, 1) == State.STOPPED


async def test_nobody_opts_out_of_danger(town: Town) -> None:
    (reader,) = await crowd.citizens(town, "reader")
    await reader.play("""
        > /tinnhan ngung danger
        luôn được gửi vì liên quan tính mạng
        🔔 Cảnh báo bão, lũ, sạt lở
        """)


async def test_the_roll_is_called_with_it(town: Town) -> None:
    leader = await town.staff("leader", Role.LEADER)
    await leader.says("/canhbao")
    await leader.unread()
    await leader.presses("Sạt lở")
    await leader.says("Rời chân núi ngay.")
    await leader.unread()
    await leader.presses("🚨 GỬI NGAY + điểm danh")
    assert "Điểm danh cả xã cũng bắt đầu" in await leader.hears()
    [call] = await town.rows(select(RollCall.commune, RollCall.practice, RollCall.villages))
    assert tuple(call) == (DONG_SON, False, [])
