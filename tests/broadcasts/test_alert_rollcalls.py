"""An alert of the province that has the roll called: begun once in each commune, run by it."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from handlers import alertcalls
from models.audit import AuditEntry
from models.people import Person, Role
from models.rollcalls import AlertCall, RollAsk, RollCall
from tests.broadcasts import crowd
from tests.people import DONG_SON, Somebody, Town

BINH_SON = "21040"
FAR = "21484"


async def neighbours(town: Town, commune: str, *names: str) -> list[Somebody]:
    """People known by chat, each with the village they live in."""
    found = await crowd.citizens(town, *names, commune=commune)
    for one in found:
        async with town.app.engine.begin() as db:
            await db.execute(
                update(Person)
                .where(Person.id == await one.person_id())
                .values(private={"village": "Phước Thiện", "name": one.address})
            )
    return found


async def warned(
    who: Somebody, *, where: str = "Toàn tỉnh", how: str = "GỬI NGAY + điểm danh"
) -> str:
    """The whole way of an alert; gives what is said at the end."""
    await who.says("/canhbao")
    await who.unread()
    await who.presses("Bão")
    await who.unread()
    await who.says("[Toàn tỉnh]" if where == "Toàn tỉnh" else where)
    await who.says("Bão vào đêm nay, ở yên trong nhà.")
    await who.unread()
    await who.presses(how)
    return await who.hears()


async def calls(town: Town) -> list[tuple[str, bool]]:
    rows = await town.rows(select(RollCall.commune, RollCall.practice).order_by(RollCall.commune))
    return [tuple(row) for row in rows]


async def test_each_commune_named_calls_its_roll_and_the_province_reads_the_sum(
    town: Town,
) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    leader = await town.staff("leader", Role.LEADER)
    other = await town.staff("other", Role.LEADER, FAR)
    one, two = await neighbours(town, DONG_SON, "one", "two")
    (three,) = await neighbours(town, FAR, "three")
    await neighbours(town, BINH_SON, "nobody asked")
    await lan.play("""
        > /canhbao
        Cảnh báo gì?
        > [Bão]
        Cho xã nào?
        > Đông Sơn, Ba Tơ
        bà con phải làm gì ngay?
        > Bão vào đêm nay.
        Điểm danh, nếu chọn: 2 xã
        Gửi ngay cho mọi người?
        > [🚨 GỬI NGAY + điểm danh]
        Cảnh báo đang được gửi…Điểm danh bắt đầu ở 2 xã; mỗi xã tự điều hành
        > [📋 Điểm danh]
        Điểm danh theo cảnh báo #1 Bão
        0/2 xã đã mở
        """)
    await town.minute()
    assert await calls(town) == [(DONG_SON, False), (FAR, False)]
    for who in (leader, other):
        assert "Tỉnh mở điểm danh này cùng cảnh báo «Bão, áp thấp»" in await who.hears()
    for who in (one, two, three):
        assert "Gia đình mình có an toàn không" in await who.hears()
    await one.presses("✅ An toàn")
    await three.presses("❔ Chưa biết")
    await minh.unread()
    await minh.play("""
        > /diemdanh
        Điểm danh theo cảnh báo #1 Bão
        2/2 xã đã mở, 0 xã đã kết thúc
        3 hộ: ✅ 1 an toàn · 🆘 0 cần giúp · ❔ 1 chưa biết · 🔕 1 chưa trả lời
        Đông Sơn (2): ✅1 🔕1
        Ba Tơ (1): ❔1
        """)
    for who in (leader, other):
        await who.says("/diemdanh")
        await who.unread()
        await who.presses("⏹ Kết thúc")
        await who.unread()
        await lan.unread()
        await who.presses("Đúng, kết thúc")
    assert "2/2 xã đã mở, 2 xã đã kết thúc" in await lan.hears()  # told with the last one


async def test_every_step_is_in_the_log(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    await neighbours(town, DONG_SON, "one")
    await warned(lan)
    await town.minute()
    rows = await town.rows(
        select(AuditEntry.role, AuditEntry.commune, AuditEntry.facts)
        .where(AuditEntry.action == "broadcast_rollcall")
        .order_by(AuditEntry.id)
    )
    assert [tuple(row) for row in rows] == [
        ("province", None, {"broadcast": 1, "did": "ordered", "communes": 1}),
        ("province", DONG_SON, {"broadcast": 1, "did": "started", "rollcall": 1}),
    ]


async def test_the_whole_province_means_where_there_is_somebody(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    await town.staff("leader", Role.LEADER, BINH_SON)  # staff are not called
    await neighbours(town, DONG_SON, "one")
    await neighbours(town, FAR, "two")
    assert "Điểm danh bắt đầu ở 2 xã" in await warned(lan)
    await town.minute()
    assert [commune for commune, _ in await calls(town)] == [DONG_SON, FAR]


async def test_nobody_to_call_is_said_and_the_warning_goes_out(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    await crowd.citizens(town, "somewhere", commune=None)
    assert "Chưa xã nào có hộ hay người dân để điểm danh" in await warned(lan)


async def test_many_processes_begin_each_once(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    for number, commune in enumerate((DONG_SON, FAR, BINH_SON)):
        await neighbours(town, commune, f"p{number}")
    await warned(lan)

    async def worker() -> None:
        more = True
        while more:
            async with town.app.engine.begin() as db:
                more = await alertcalls.begin_next(db, town.app.world, town.time)

    await asyncio.gather(*(worker() for _ in range(5)))
    await town.minute()
    assert [commune for commune, _ in await calls(town)] == [BINH_SON, DONG_SON, FAR]
    asked = await town.rows(
        select(RollAsk.conversation_id, func.count()).group_by(RollAsk.conversation_id)
    )
    assert [row[1] for row in asked] == [1, 1, 1]


async def test_a_process_that_dies_leaves_it_to_the_next(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    await neighbours(town, DONG_SON, "one")
    await warned(lan)
    async with town.app.engine.connect() as db:  # never committed
        assert await alertcalls.begin_next(db, town.app.world, town.time)
    assert await calls(town) == []
    await town.minute()
    assert await calls(town) == [(DONG_SON, False)]


async def test_who_was_asked_just_now_is_not_asked_again(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    leader = await town.staff("leader", Role.LEADER)
    (one,) = await neighbours(town, DONG_SON, "one")
    await leader.says("/canhbao")
    await leader.unread()
    await leader.presses("Bão")
    await leader.says("Ở yên trong nhà.")
    await leader.unread()
    await leader.presses("GỬI NGAY + điểm danh")
    await town.minute()
    assert "an toàn không" in await one.hears()
    town.later(hours=1)
    await warned(lan)
    await town.minute()
    assert "an toàn không" not in await one.hears()
    await lan.play("""
        > /diemdanh
        1/1 xã đã mở
        1 hộ
        > [⏹ Kết thúc tất cả]
        Kết thúc điểm danh ở 1 xã?
        > [Đúng, kết thúc]
        Không hỏi thêm ai nữa
        """)
    await town.minute()
    assert await town.one(select(RollCall.ended_at)) is None  # the commune began it
    town.later(hours=3)
    await warned(lan)
    await town.minute()
    assert "an toàn không" in await one.hears()  # an answer of this morning says nothing of now


async def test_a_stopped_alert_begins_no_roll_call(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    await neighbours(town, DONG_SON, "one")
    await warned(lan)
    await minh.unread()
    await minh.presses("⏹ Dừng hẳn")
    assert "Điểm danh đã mở ở xã nào thì vẫn chạy" in await minh.hears()
    await town.minute()
    assert await calls(town) == []


async def test_the_province_ends_what_it_began(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    leader = await town.staff("leader", Role.LEADER)
    (one,) = await neighbours(town, DONG_SON, "one")
    await neighbours(town, FAR, "two")
    await warned(lan)
    async with town.app.engine.begin() as db:
        assert await alertcalls.begin_next(db, town.app.world, town.time)
    await leader.unread()
    await lan.play("""
        > /diemdanh
        1/2 xã đã mở
        > [⏹ Kết thúc tất cả]
        Kết thúc điểm danh ở 2 xã?
        > [Đúng, kết thúc]
        Không hỏi thêm ai nữa
        """)
    await town.minute()
    assert await town.one(select(func.count()).select_from(RollCall)) == 1
    assert "an toàn không" not in await one.hears()
    assert "Đã kết thúc" in await leader.hears()
    assert "1/1 xã đã mở, 1 xã đã kết thúc" in await lan.hears()
    ended = AuditEntry.facts["did"].astext == "ended"
    assert await town.one(select(AuditEntry.facts).where(ended)) == {
        "broadcast": 1, "did": "ended", "rollcalls": 1,
    }  # fmt: skip


@pytest.mark.parametrize("asked", ["/diemdanh b1", "/diemdanh b1 ketthuc chac"])
async def test_a_commune_does_not_read_or_end_the_others(town: Town, asked: str) -> None:
    lan = await crowd.province(town, "lan")
    leader = await town.staff("leader", Role.LEADER)
    await neighbours(town, DONG_SON, "one")
    await warned(lan)
    await town.minute()
    await leader.unread()
    await leader.says(asked)
    assert "không có cuộc điểm danh này" in await leader.hears()
    assert await town.one(select(func.count()).select_from(AlertCall)) == 1


async def test_a_commune_of_the_province_runs_its_own(town: Town) -> None:
    """Households that nobody reaches are the commune's to visit, not the province's."""
    lan = await crowd.province(town, "lan")
    leader = await town.staff("leader", Role.LEADER)
    await neighbours(town, DONG_SON, "one")
    await warned(lan)
    await town.minute()
    await leader.unread()
    await leader.presses("🚶 Danh sách cần tới")
    assert "one" in await leader.hears()
    await lan.says("/dixem r1")
    assert "one" not in await lan.hears()
