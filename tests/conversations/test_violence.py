"""Whoever is hit at home hears whom to call and that nobody nearby is told; so it is."""

from models.people import Role
from tests.conversations.stories import case_of, draft, officer
from tests.people import DONG_SON


async def head_of(town):
    return await town.staff("truong-thon", Role.VILLAGE_HEAD, DONG_SON, "Phước Thiện")


async def test_first_whom_to_call_then_nothing_about_money(town):
    citizen = town.person("84911")
    await citizen.play("""
        > chồng em đánh em hoài
        gọi 113; trẻ em: gọi 111
        giữ kín
        Ngay lúc này có ai đang nguy hiểm tính mạng
        > không
        xin ông/bà cho phép
        > [Đồng ý]
        xã, phường
        > Đông Sơn
        > thôn Phước Thiện
        > [Bỏ qua]
        Xảy ra ngày nào
        > [Hôm nay]
        > [Gia đình tôi]
        > [Bỏ qua]
        > 3
        > [Không có]
        Số điện thoại
    """)
    said = "\n".join(message.text for message in citizen.last)
    assert "hộ nghèo" not in said and "Do đâu" not in said
    assert said.count("giữ kín") == 1


async def test_said_by_the_button_and_in_danger_as_well(town):
    citizen = town.person("84911")
    await citizen.says("/baotin")
    await citizen.hears()
    await citizen.says("[Bị bạo lực]")
    heard = await citizen.hears()
    assert "113" in heard and "giữ kín" in heard
    other = town.person("84912")
    await other.says("ổng xách rựa rượt mẹ con tui")
    heard = await other.hears()
    assert heard.startswith("🆘") and "giữ kín" in heard


async def violence(town):
    citizen = town.person("84911")
    for said in ("chồng em đánh em hoài", "không", "[Đồng ý]", "Đông Sơn", "Phước Thiện"):
        await citizen.says(said)
        await citizen.hears()
    assert (await case_of(citizen))["village"] == "Phước Thiện"
    return citizen


async def test_the_head_of_the_village_does_not_see_it(town):
    head, clerk = await head_of(town), await officer(town)
    citizen = await violence(town)
    code = citizen.code
    await head.says("/hangdoi")
    heard = await head.hears()
    assert code not in heard and "Hàng đợi trống" in heard
    await head.says(code)
    assert "không có trong danh sách" in await head.hears()
    await clerk.says("/hangdoi")
    assert code in await clerk.hears()


async def test_a_head_whom_the_officer_asks_sees_it(town):
    head, clerk = await head_of(town), await officer(town)
    citizen = await violence(town)
    await clerk.says(f"/xacminh {citizen.code}")
    assert "Đã hỏi 1 trưởng thôn" in await clerk.hears()
    assert citizen.code in await head.hears()
    await head.says("/hangdoi")
    assert citizen.code in await head.hears()
    await head.says(f"/xacminh {citizen.code} đúng")
    assert (await case_of(citizen))["check_answer"] == "true"


async def test_a_house_and_violence_is_asked_as_any_loss(town):
    citizen = town.person("84911")
    for said in ("/baotin", "1", "không", "[Đồng ý]", "Đông Sơn", "[Bị bạo lực]"):
        await citizen.says(said)
        heard = await citizen.hears()
    assert "giữ kín" in heard and set(await draft(citizen)) >= {"kinds", "more"}
    await citizen.says("Phước Thiện")
    await citizen.says("bỏ qua")
    assert "Do đâu" in await citizen.hears()
