"""The commune and a whole list: one card, taken, confirmed but for some, taken back."""

from sqlalchemy import select

from handlers import listwork
from models.audit import AuditEntry
from models.lists import HouseholdList
from models.people import Role
from tests.conversations.stories import officer, story_of
from tests.lists.chat import begun, cases, decided, head, sent

FIVE = "\n".join(
    f"{n}. Nguyễn Văn {name}, 4 khẩu, tốc mái"
    for n, name in enumerate(["An", "Bình", "Cường", "Dũng", "Em"], 1)
)


async def filed(town):
    clerk = await officer(town)
    who = await begun(town)
    await sent(town, who, FIVE)
    await who.hears()
    await clerk.hears()
    return clerk, who


async def test_taken_as_a_whole_the_sender_hears_it_once(town):
    clerk, who = await filed(town)
    await clerk.says("[Nhận cả danh sách]")
    assert "đã nhận 5 hộ của danh sách DS-" in await clerk.hears()
    assert (await who.hears()).count("đã tiếp nhận 5 hộ") == 1
    assert {case["status"] for case in await cases(town)} == {"taken"}
    await clerk.says(f"/nhands {await town.one(select(HouseholdList.code))}")
    assert "không còn hộ nào chờ nhận" in await clerk.hears()


async def test_confirmed_with_exceptions(town, monkeypatch):
    monkeypatch.setattr(listwork, "BATCH", 2)
    clerk, who = await filed(town)
    code = (await cases(town))[4]["code"]
    await clerk.play(f"""
        > [Xác nhận cả danh sách]
        Danh sách DS-… – Phước Thiện
        Trừ hộ nào ra không?
        > hàng thứ mấy
        xin gõ số dòng hoặc mã hồ sơ
        > trừ 2, {code}
        Quyết định gì, theo điều nào?
        > Hỗ trợ 20 triệu đồng theo Điều 12
        Đang xác nhận 3 hộ của danh sách DS-…
    """)
    assert await decided(town) == 2
    assert "Đã xác nhận **3 hộ**" in await clerk.hears()
    assert [case["status"] for case in await cases(town)] == [
        "confirmed", "new", "confirmed", "confirmed", "new",
    ]  # fmt: skip
    assert await who.hears() == ""
    town.later(seconds=61)
    await town.minute()
    heard = await who.hears()
    assert heard.count("xác nhận 3 hộ") == 1 and "20 triệu đồng" in heard
    story = await story_of(town, (await cases(town))[0]["code"])
    assert story == ["opened", "taken", "confirmed"]
    [entry] = await town.rows(select(AuditEntry).where(AuditEntry.action == "confirm"))
    assert len(entry.facts["cases"]) == 3


async def test_taken_back_within_the_minute(town):
    clerk, who = await filed(town)
    await clerk.play("""
        > [Xác nhận cả danh sách]
        > [Không trừ hộ nào]
        > Hỗ trợ 20 triệu đồng
    """)
    await decided(town)
    await clerk.hears()
    await clerk.says("[Rút lại]")
    assert "Đã rút lại: 5 hộ" in await clerk.hears()
    town.later(seconds=61)
    await town.minute()
    assert await who.hears() == ""
    assert {case["status"] for case in await cases(town)} == {"taken"}


async def test_five_late_cases_of_one_list_ring_once(town):
    clerk, who = await filed(town)
    town.later(days=4)
    await town.minute()
    heard = await clerk.hears()
    assert heard.count("Quá hạn") == 1 and "và 4 hộ khác của danh sách DS-" in heard
    assert (await who.hears()).count("Xin lỗi ông/bà") == 1


async def test_the_head_sees_what_became_of_every_household(town):
    clerk, who = await filed(town)
    first = (await cases(town))[0]["code"]
    await clerk.says(f"/tuchoi {first} nhà ở thôn khác")
    await clerk.says(f"/datrogiup {(await cases(town))[1]['code']} 30 kg gạo")
    await who.play("""
        > /danhsach
        > [DS-]
        1. Nguyễn Văn An – QN-… – chưa được chấp nhận
        2. Nguyễn Văn Bình – QN-… – đã trợ giúp
        3. Nguyễn Văn Cường – QN-… – chờ cán bộ tiếp nhận
    """)


async def test_another_head_of_the_village_sees_it_too_but_not_of_another(town):
    await filed(town)
    code = await town.one(select(HouseholdList.code))
    beside = await head(town, "dong-nghiep")
    await beside.says(f"/danhsach {code}")
    assert "1. Nguyễn Văn An" in await beside.hears()
    other = await head(town, "thon-khac", "An Hải")
    await other.says(f"/danhsach {code}")
    heard = await other.hears()
    assert "không có danh sách" in heard and "Nguyễn Văn An" not in heard


async def test_a_leader_looks_again_at_a_whole_list(town, monkeypatch):
    monkeypatch.setattr(listwork, "BATCH", 2)
    leader = await town.staff("lanh-dao", Role.LEADER)
    await leader.says("/xemlai bat")
    clerk, who = await filed(town)
    await leader.hears()
    await clerk.play("""
        > [Xác nhận cả danh sách]
        > [Không trừ hộ nào]
        > Hỗ trợ 20 triệu đồng
    """)
    await decided(town)
    assert "Đã gửi lãnh đạo xem lại 5 hồ sơ" in await clerk.hears()
    assert {case["status"] for case in await cases(town)} == {"taken"}
    assert (await leader.hears()).count("đề nghị **đã xác nhận** 5 hồ sơ") == 1
    await leader.says("[✅ Duyệt]")
    assert "Đã duyệt 5 hồ sơ" in await leader.hears()
    await town.decisions_are_told()
    assert "20 triệu đồng" in await who.hears()
