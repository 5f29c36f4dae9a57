"""The list of households at risk: kept by head and commune, line by line, corrected, taken out."""

import pytest
from sqlalchemy import func, select

from handlers import household_lines
from handlers.households import Facts
from models.audit import AuditEntry
from models.households import Household
from models.people import Role
from tests.people import DONG_SON

LINES = [
    (
        "1. Nguyễn Thị Lành, 0912 345 678, 1 khẩu, già neo đơn, gần suối",
        Facts("Nguyễn Thị Lành", "+84912345678", 1, groups=("elderly_alone", "stream")),
    ),
    ("- tran van be; khuyet tat; 4 nguoi", Facts("tran van be", None, 4, groups=("disabled",))),
    ("Lê Thị Hoa\t3\thộ nghèo", Facts("Lê Thị Hoa", None, 3, poverty="poor")),
    (
        "Phạm Văn Tám, gần suối Cát, bầu",
        Facts("Phạm Văn Tám", address="gần suối Cát", groups=("pregnant", "stream")),
    ),
    (
        "Nguyễn Văn Già già neo đơn 0987654321",
        Facts("Nguyễn Văn Già", "+84987654321", groups=("elderly_alone",)),
    ),
    (
        "Đinh Thị Y - 84 905 111 222 - cận nghèo",
        Facts("Đinh Thị Y", "+84905111222", poverty="near_poor"),
    ),
    ("bà Tư Mỹ", Facts("bà Tư Mỹ")),
    (
        "2) Hồ A | cạnh nhà văn hoá | chưa có đường vào",
        Facts("Hồ A", address="cạnh nhà văn hoá", note="chưa có đường vào"),
    ),
]
WRONG = ["0912345678, Nguyễn Văn A", "già neo đơn, gần suối", "Nguyễn Văn B, 0123456789"]


@pytest.mark.parametrize(("typed", "facts"), LINES)
def test_a_line_is_read(typed, facts):
    [line] = household_lines.read(typed)
    assert line.facts == facts


@pytest.mark.parametrize("typed", WRONG)
def test_a_wrong_line_says_what_is_wrong(typed):
    [line] = household_lines.read(typed)
    assert line.facts is None and line.problem


async def test_a_head_keeps_the_list_of_the_village(town):
    head = await town.staff("truong-thon", Role.VILLAGE_HEAD, DONG_SON, "Phước Thiện")
    await head.play("""
        > /houutien
        Thôn Phước Thiện chưa có hộ nào
        > [Thêm hộ]
        Ghi vào danh sách theo căn cứ nào?
        > [Hộ đã đồng ý]
        Gõ hoặc dán mỗi hộ một dòng
    """)
    good = "Nguyễn Thị Lành, 0912 345 678, 1 khẩu, già neo đơn\nTrần Văn Bé, 4 khẩu, con nhỏ"
    await head.says(f"{good}\n0123456789")
    heard = await head.hears()
    assert "thêm 2, cập nhật 0, đã có sẵn 0, chưa hiểu 1" in heard
    assert "dòng 3 «0123456789»: dòng phải bắt đầu bằng họ tên chủ hộ" in heard
    await head.says(good)  # the same list twice
    assert "thêm 0, cập nhật 0, đã có sẵn 2, chưa hiểu 0" in await head.hears()
    await head.play("""
        > [Xong]
        Dạ, danh sách đã lưu.
        > [Xem danh sách]
        Hộ cần ưu tiên – Phước Thiện: 2 hộ
        1. Nguyễn Thị Lành, 0912 345 678, 1 khẩu, người già neo đơn, già yếu
        2. Trần Văn Bé
        > [2]
        Căn cứ: hộ đã đồng ý
        Rà soát gần nhất: thứ Hai 23/11/2026
        > [Sửa]
        Trần Văn Bé, 4 khẩu, trẻ nhỏ
        Gõ lại cả dòng cho đúng
        > Trần Văn Bé, 5 khẩu, con nhỏ, gần suối
        Đã sửa: Trần Văn Bé, 5 khẩu
        > /houutien
        1. Trần Văn Bé
        > [1]
        > [Bỏ khỏi danh sách]
        Thông tin sẽ bị xoá
        > [Đúng, bỏ]
        Đã bỏ và xoá
        > [Bỏ khỏi danh sách]
        không còn trong danh sách
    """)
    assert await town.one(select(func.count()).select_from(Household)) == 1
    entries = await town.rows(
        select(AuditEntry.facts).where(AuditEntry.action == "households").order_by(AuditEntry.id)
    )
    assert {"added": 2, "changed": 0, "same": 0} in [row.facts for row in entries]
    assert "Lành" not in str([row.facts for row in entries])


async def test_the_commune_sees_every_list_and_another_commune_none(town):
    head = await town.staff("truong-thon", Role.VILLAGE_HEAD, DONG_SON, "Phước Thiện")
    await head.says("/themho")
    await head.says("2")
    await head.says("Nguyễn Thị Lành, già neo đơn")
    clerk = await town.staff("can-bo", Role.OFFICER)
    await clerk.play("""
        > /houutien phuoc thien
        1. Nguyễn Thị Lành
        > /themho
        Hộ ở thôn, tổ dân phố nào?
        > Phú Nhiêu
        > [Xã lập theo nhiệm vụ]
        > Lê Văn Sáu, khuyết tật
        Phú Nhiêu: thêm 1
        > /huy
        > /houutien
        Phú Nhiêu: 1 hộ
        Phước Thiện: 1 hộ
    """)
    stranger = await town.staff("xa-khac", Role.OFFICER, "21034")
    number = await town.one(select(Household.id).limit(1))
    await stranger.says(f"/houutien h{number}")
    assert "không còn trong danh sách của ông/bà" in await stranger.hears()
    await stranger.says("/boho h1 chac")
    assert await town.one(select(func.count()).select_from(Household)) == 2


async def test_a_citizen_has_no_list(town):
    citizen = town.person("84900")
    await citizen.says("/houutien")
    assert "dành cho cán bộ được mời" in await citizen.hears()


async def test_lists_are_gone_through_on_set_days(town):
    head = await town.staff("truong-thon", Role.VILLAGE_HEAD, DONG_SON, "Phước Thiện")
    clerk = await town.staff("can-bo", Role.OFFICER)
    await head.says("/themho")
    await head.says("1")
    await head.says("Nguyễn Thị Lành, già neo đơn")
    await head.says("/huy")
    await head.hears()
    town.time = town.time.replace(year=2027, month=1, day=15, hour=0)  # seven in the morning
    await town.minute()
    heard = await head.hears()
    assert "Tới kỳ rà soát hộ cần ưu tiên của Phước Thiện: 1 hộ, 1 hộ chưa xem lại" in heard
    assert "Phước Thiện: 1 hộ chưa rà soát" in await clerk.hears()
    await town.minute()
    assert await head.hears() == ""  # once
    town.later(days=14)
    await town.minute()
    assert "Tới kỳ rà soát" in await head.hears()  # and once more
    await head.play("""
        > [✔ Cả thôn vẫn đúng]
        danh sách Phước Thiện (1 hộ) đã rà soát
    """)
    town.time = town.time.replace(month=4, day=15)
    await head.says("/houutien vandung phuoc thien")
    await head.hears()
    await town.minute()
    assert await head.hears() == ""  # it was gone through that very morning
    town.time = town.time.replace(month=6, day=1)
    await town.minute()
    assert await head.hears() == ""  # a day long past is not brought up
