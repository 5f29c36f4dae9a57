"""Storm mode: who switches it, what it changes for whom, and that it ends by itself."""

import pytest
from sqlalchemy import func, select

from models import storm_rules
from models.audit import AuditEntry
from models.communes import CommuneSettings
from models.people import Role
from models.storms import Storm, StormTold
from tests.conversations.stories import case_of, reported
from tests.people import DONG_SON, Somebody, Town

ELSEWHERE = "21034"


async def leader_of(town: Town, commune: str = DONG_SON) -> Somebody:
    return await town.staff(f"lanh-dao-{commune}", Role.LEADER, commune)


async def switched_on(leader: Somebody) -> None:
    for said in ("/chedobao bat", "Bão số 12", "24 giờ", "[⛈ Bật]"):
        await leader.says(said)
        await leader.hears()


async def labels(who: Somebody) -> list[str]:
    await who.says("/menu")
    [message] = await who.unread()
    return [button.label for button in message.buttons]


async def mode(town: Town, commune: str = DONG_SON) -> str | None:
    return await town.one(select(CommuneSettings.mode).where(CommuneSettings.commune == commune))


async def test_a_leader_switches_it_on_and_everybody_is_told(town):
    leader = await leader_of(town)
    head = await town.staff("truong-thon", Role.VILLAGE_HEAD, DONG_SON, "Phước Thiện")
    citizen = await reported(town)
    await leader.play("""
        > /chedobao
        Không có chế độ bão nào đang bật.
        > [⛈ Bật chế độ bão]
        Lý do?
        > Bão số 12 đổ bộ
        Trong bao lâu?
        > 36 giờ
        Xã Đông Sơn tới 21:12 thứ Ba 24/11/2026: Bão số 12 đổ bộ
        Bật chế độ bão?
        > [⛈ Bật]
        Đã bật chế độ bão: Xã Đông Sơn, tới 21:12 thứ Ba 24/11/2026. Hết giờ tự tắt.
    """)
    await town.minute()
    heard = await citizen.hears()
    assert "bật **chế độ bão** tới 21:12" in heard and "Bão số 12 đổ bộ" in heard
    assert "gọi ngay **112**" in heard
    assert "Điểm danh an toàn: /diemdanh" in await head.hears()
    await town.minute()
    assert await citizen.hears() == ""  # once
    assert (await labels(citizen))[:2] == ["🆘 Khẩn cấp", "✅ Tôi an toàn"]
    assert (await labels(head))[:2] == ["🆘 Khẩn cấp", "📣 Điểm danh"]
    assert await mode(town) == "storm"
    did = await town.rows(select(AuditEntry.facts).where(AuditEntry.action == "storm"))
    assert [row.facts for row in did] == [{"did": "on", "hours": 36}]
    reason = await town.rows(select(Storm.body))
    assert reason[0].body == {"reason": "Bão số 12 đổ bộ"}


async def test_the_report_is_short_meanwhile(town):
    leader = await leader_of(town)
    await switched_on(leader)
    citizen = town.person("84900")
    await citizen.play("""
        > nhà tôi tốc mái rồi
        đang nguy hiểm tính mạng không?
        > không
        > [Đồng ý]
        > Đông Sơn
        ✅ Đã ghi nhận, mã hồ sơ
        Ở thôn, tổ dân phố nào?
        > Phước Thiện
        Địa chỉ hoặc mốc dễ tìm?
        > [Bỏ qua]
        Trong nhà có mấy người?
        > 4
        Số điện thoại
        > 0912345678
        Tóm tắt tin báo
        > [Gửi]
        Đã ghi nhận hồ sơ
    """)
    assert (await case_of(citizen))["incomplete"] is False


async def test_elsewhere_all_is_as_usual(town):
    await switched_on(await leader_of(town, ELSEWHERE))
    citizen = await reported(town)  # of Đông Sơn: every question was asked
    await town.minute()
    assert "chế độ bão" not in await citizen.hears()
    assert "✅ Tôi an toàn" not in await labels(citizen)
    assert await mode(town) is None


async def test_it_ends_by_itself(town):
    leader = await leader_of(town)
    citizen = await reported(town)
    await switched_on(leader)
    await town.minute()
    await citizen.hears()
    town.later(hours=25)
    await town.minute()
    assert "đã **hết chế độ bão**" in await citizen.hears()
    assert await mode(town) == "usual"
    assert "✅ Tôi an toàn" not in await labels(citizen)
    did = await town.rows(
        select(AuditEntry.role, AuditEntry.facts).where(AuditEntry.action == "storm")
    )
    assert [row.role for row in did] == ["leader", "service"]
    await town.minute()
    assert "chế độ bão" not in await citizen.hears()


async def test_it_is_ended_early(town):
    leader = await leader_of(town)
    await switched_on(leader)
    await leader.play("""
        > /chedobao
        Xã Đông Sơn – chế độ bão tới 09:12 thứ Ba 24/11/2026: Bão số 12
        > [🌤 Tắt]
        Tắt chế độ bão của Xã Đông Sơn?
        > [Đúng, tắt]
        Đã tắt chế độ bão: Xã Đông Sơn.
        > [Đúng, tắt]
        Không có chế độ bão nào đang bật.
    """)
    assert await mode(town) == "usual"


async def test_the_province_switches_all_of_it(town):
    leader = await leader_of(town)
    province = await town.staff("tinh", Role.PROVINCE, None)
    await switched_on(leader)
    await province.play("""
        > /chedobao bat
        Bật ở đâu?
        > [Toàn tỉnh]
        > Lũ trên báo động 3
        > [12 giờ]
        > [⛈ Bật]
        Đã bật chế độ bão: Toàn tỉnh
    """)
    assert await mode(town, ELSEWHERE) == "storm"
    await leader.says("/chedobao tat 2 chac")  # the province's is not a leader's to end
    assert "không thuộc vai trò" in await leader.hears()
    town.later(hours=13)
    await town.minute()
    assert await mode(town, ELSEWHERE) == "usual"
    assert await mode(town) == "storm"  # the commune's own stands
    stood = await town.one(select(func.count()).where(Storm.ended_at.is_(None)))
    assert stood == 1


@pytest.mark.parametrize("role", [Role.OFFICER, Role.VILLAGE_HEAD])
async def test_others_see_it_and_cannot_switch_it(town, role):
    await switched_on(await leader_of(town))
    who = await town.staff("khac", role, DONG_SON, "Phước Thiện")
    await who.says("/chedobao")
    heard = await who.hears()
    assert "chế độ bão tới" in heard
    assert not any("Tắt" in button.label for button in who.last[-1].buttons)
    await who.says("/chedobao bat")
    assert "do lãnh đạo xã hoặc cấp tỉnh bật" in await who.hears()
    await who.says("/chedobao tat 1 chac")
    assert "không thuộc vai trò" in await who.hears()
    assert await mode(town) == "storm"


async def test_wrong_spans_are_asked_again(town):
    leader = await leader_of(town)
    for said in ("/chedobao bat", "Bão số 12"):
        await leader.says(said)
    await leader.hears()
    for wrong in ("999 giờ", "bao giờ tạnh", "0 giờ"):
        await leader.says(wrong)
        assert "xin gõ số giờ từ 1 đến 240" in await leader.hears()
    await leader.says("2 ngày")
    assert "tới 09:12 thứ Tư 25/11/2026" in await leader.hears()


async def test_many_people_are_told_each_once_whatever_is_interrupted(town, monkeypatch):
    small = storm_rules.rules().model_copy(update={"batch": 2})
    monkeypatch.setattr(storm_rules, "rules", lambda: small)
    people = [await reported(town, f"8490{number}") for number in range(5)]
    await switched_on(await leader_of(town))
    worker = town.app.worker()

    async def broken(*_):
        raise ConnectionResetError

    monkeypatch.setattr("handlers.desk.Desk.clear", broken)
    with pytest.raises(ConnectionResetError):
        await worker.minute()
    monkeypatch.undo()
    monkeypatch.setattr(storm_rules, "rules", lambda: small)
    await town.minute()
    heard = [(await who.hears()).count("chế độ bão") for who in people]
    assert heard == [1] * 5
    assert await town.one(select(func.count()).select_from(StormTold)) == 6  # with the leader
