"""Roles are given by invitation, once, in time, and can be taken back."""

import re

import pytest
from sqlalchemy import select

from handlers.officer import invite
from models.audit import AuditEntry
from models.people import Invitation, Role
from tests.conversations.stories import officer, reported, reporting
from tests.people import DONG_SON

CODE = re.compile(r"i-[2-9A-Z]{5}-[2-9A-Z]{5}")


async def leader(town):
    return await town.staff("lanh-dao", Role.LEADER, DONG_SON)


async def invitation(who, *answers):
    """The code somebody gets for the answers to /moi."""
    await who.says("/moi")
    for answer in answers:
        await who.says(answer)
    return CODE.findall(await who.hears())[-1]


async def test_a_leader_invites_an_officer_who_can_work_at_once(town):
    code = await invitation(await leader(town), "cán bộ xã")
    citizen = await reported(town)
    newcomer = town.person("moi")
    await newcomer.says(code)
    heard = await newcomer.hears()
    assert "Ông/bà đã được giao vai trò" in heard and "cán bộ xã – Xã Đông Sơn" in heard
    await newcomer.says(f"/nhan {citizen.code}")
    assert "đã nhận hồ sơ này" in await newcomer.hears()


def test_every_code_is_known_without_its_dashes():
    codes = [invite.fresh_code() for _ in range(3000)]
    assert all(CODE.fullmatch(code) for code in codes)
    assert all(invite.looks_like_code(code.replace("-", " ")) for code in codes)


@pytest.mark.parametrize("way", ["{}", "/start {}", "{lower}", " {} ", "{spaced}"])
async def test_an_invitation_as_it_is_typed(town, way):
    code = await invitation(await leader(town), "cán bộ xã")
    newcomer = town.person("moi")
    await newcomer.says(way.format(code, lower=code.lower(), spaced=code.replace("-", " ")))
    assert "đã được giao vai trò" in await newcomer.hears()


async def test_an_officer_invites_a_village_head_for_villages(town):
    clerk = await officer(town)
    code = await invitation(clerk, "thôn Phước Thiện, thôn 2")
    head = town.person("truong-thon")
    await head.says(code)
    assert "trưởng thôn, tổ trưởng – Xã Đông Sơn (thôn Phước Thiện, thôn 2)" in await head.hears()
    await head.says("/moi")
    assert "lệnh này dành cho cán bộ được mời" in await head.hears()


async def test_a_citizen_invites_nobody(town):
    citizen = town.person("84900")
    for said in ("/moi", "/invite", "/thuhoi"):
        await citizen.says(said)
        assert "lệnh này dành cho cán bộ được mời" in await citizen.hears()
    assert not await town.rows(select(Invitation.id))


async def test_an_invitation_works_once(town):
    code = await invitation(await leader(town), "cán bộ xã")
    first, second = town.person("mot"), town.person("hai")
    await first.says(code)
    await second.says(code)
    assert "đã được dùng rồi" in await second.hears()
    await first.hears()
    await first.says(code)
    assert "ông/bà đã dùng mã này rồi. Vai trò đang có" in await first.hears()
    await second.says("/hangdoi")
    assert "lệnh này dành cho cán bộ" in await second.hears()


async def test_an_invitation_ends_after_seven_days(town):
    code = await invitation(await leader(town), "cán bộ xã")
    newcomer = town.person("moi")
    town.later(days=7, minutes=1)
    await newcomer.says(code)
    assert "đã hết hạn (quá 7 ngày)" in await newcomer.hears()


async def test_a_mistyped_invitation(town):
    code = await invitation(await leader(town), "cán bộ xã")
    newcomer = town.person("moi")
    other = "2" if code[-1] != "2" else "3"
    for typed in (code[:-1] + other, code[:-1] + "0", f"/start {code[:-1]}"):
        await newcomer.says(typed)
        assert "không có mã mời này" in await newcomer.hears()


async def test_an_invitation_in_the_middle_of_a_report_loses_nothing(town):
    code = await invitation(await leader(town), "cán bộ xã")
    citizen = await reporting(town)
    await citizen.says(code)
    heard = await citizen.hears()
    assert "đã được giao vai trò" in heard and "Ở thôn, tổ dân phố nào?" in heard


async def test_whoever_is_revoked_can_do_nothing_any_more(town):
    chief = await leader(town)
    clerk = await officer(town)
    await clerk.says("/ten Lê Văn Minh")
    citizen = await reported(town)
    code = citizen.code
    await clerk.says(f"/tuchoi {code}")  # a form is open while the role goes
    await clerk.hears()
    await chief.says("/thuhoi")
    listed = await chief.hears()
    assert "Lê Văn Minh – cán bộ xã – Xã Đông Sơn" in listed
    number = listed.partition("Lê Văn Minh")[0].split()[-1].rstrip(".")
    await chief.says(f"/thuhoi {number}")
    assert "Thu hồi vai trò này?" in await chief.hears()
    await chief.says("[Đúng, thu hồi]")
    assert "Đã thu hồi" in await chief.hears()
    assert "của ông/bà đã được thu hồi" in await clerk.hears()
    await clerk.says("vì trùng")
    assert "không thuộc vai trò hoặc địa bàn" in await clerk.hears()
    for command in ("nhan", "tuchoi", "hangdoi", "tim", "moi", "molai"):
        await clerk.says(f"/{command} {code} x")
        assert "lệnh này dành cho cán bộ được mời" in await clerk.hears()
    await clerk.says(code)
    assert "không có trong danh sách" in await clerk.hears()
    rows = await town.rows(select(AuditEntry.action).order_by(AuditEntry.id))
    assert [row.action for row in rows] == ["revoke"]
