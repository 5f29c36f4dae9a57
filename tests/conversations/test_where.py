"""Where it happened: a known place is offered, and what is no place is not taken for one."""

import pytest

from models.people import Role
from tests.conversations.stories import case_of, draft, officer, reporting


async def for_the_neighbour(town):
    """Somebody who has just reported for a neighbour in Đông Sơn, and lives who knows where."""
    citizen = await reporting(town)
    await citizen.play("""
        > thôn 2
        > [Bỏ qua]
        > [Bão]
        > [Hôm nay]
        > [Hàng xóm]
        > bà Sáu
        > 1
        > [Không có]
        > [Không rõ]
        > 0912345678
        > [Bỏ qua]
        > [Gửi]
        Đã ghi nhận hồ sơ
    """)
    town.later(minutes=5)
    return citizen


async def test_the_commune_of_the_newest_case_is_one_tap_away(town):
    clerk = await officer(town)
    citizen = await for_the_neighbour(town)
    await clerk.hears()
    await citizen.play("""
        > bà Sáu bây giờ sốt cao rồi
        gọi ngay 112
        xã, phường
        > [Đông Sơn]
        Đã báo khẩn tới cán bộ Xã Đông Sơn
    """)
    assert "sốt cao" in await clerk.hears()


async def test_silence_files_it_in_the_commune_of_the_newest_case(town):
    province = await town.staff("so-y-te", Role.PROVINCE, None)
    clerk = await officer(town)
    citizen = await for_the_neighbour(town)
    await clerk.hears()
    await citizen.says("bà Sáu bây giờ sốt cao rồi")
    await citizen.hears()
    town.later(minutes=4)
    await town.minute()
    assert (await case_of(citizen))["commune"] == "21109"
    assert "sốt cao" in await clerk.hears()
    assert "sốt cao" not in await province.hears()


async def test_home_comes_before_a_case_of_long_ago(town):
    citizen = await for_the_neighbour(town)
    town.later(days=20)
    await citizen.says("/start c21025")
    await citizen.says("sos")
    await citizen.hears()
    town.later(minutes=4)
    await town.minute()
    assert (await case_of(citizen))["commune"] == "21025"


@pytest.mark.parametrize("typed", ["0987654321", "số em là 0987 654 321 ạ", "+84987654321"])
async def test_a_telephone_number_is_kept_and_the_village_asked_again(town, typed):
    await officer(town)
    citizen = town.person("84900")
    await citizen.says("sos")
    await citizen.says("Đông Sơn")
    await citizen.hears()
    await citizen.play(f"""
        > {typed}
        đã ghi số điện thoại 0987 654 321
        Ở thôn, tổ dân phố nào?
        > thôn 2
        Địa chỉ hoặc mốc
        > [Bỏ qua]
        > 3
        Đã ghi nhận hồ sơ
    """)
    case = await case_of(citizen)
    assert case["village"] == "thôn 2" and case["details"]["phone"] == "+84987654321"


@pytest.mark.parametrize("typed", ["có", "✅ Đồng ý", "dạ đúng rồi", "không đồng ý", "ok"])
async def test_a_yes_is_no_village(town, typed):
    citizen = await reporting(town)
    await citizen.says(typed)
    heard = await citizen.hears()
    assert "chưa phải tên nơi nào" in heard and "Ở thôn" in heard
    assert "village" not in await draft(citizen)
    await citizen.says("thôn 2")
    await citizen.says(typed)
    assert "chưa phải tên nơi nào" in await citizen.hears()
    assert "address" not in await draft(citizen)


@pytest.mark.parametrize("typed", ["xóm 5 gần nhà số 0987654321 chị Ba", "Gò Da", "Vạn Tường"])
async def test_what_holds_a_place_is_one(town, typed):
    citizen = await reporting(town)
    await citizen.says(typed)
    await citizen.hears()
    assert (await draft(citizen))["village"] == typed
