"""A report from the village reaches its heads; their word is on the officer's card."""

import pytest
from sqlalchemy import select

from handlers.messages import Media
from models.cases import Case, MediaFile
from models.people import Role
from tests.conversations.stories import OPENING, REST, case_of, flow, officer, reported, story_of
from tests.people import DONG_SON


async def head_of(town, name="truong-thon", *villages):
    return await town.staff(name, Role.VILLAGE_HEAD, DONG_SON, *(villages or ("Phước Thiện",)))


@pytest.mark.parametrize("channel", ["webchat", "telegram"])
async def test_one_tap_and_a_remark(town, channel):
    head, clerk = await head_of(town), await officer(town)
    citizen = await reported(town, channel=channel)
    assert "Đã hỏi trưởng thôn" not in await clerk.hears()  # it was the card that came first
    await head.play("""
        > [✅ Đúng]
        Đã ghi: QN-… – đúng. Cán bộ xã đã được báo
        Thêm một lời, hoặc gửi ảnh
    """)
    assert "trưởng thôn xác minh – **đúng**" in await clerk.hears()
    await head.says("Tôi tới thấy mái tôn bay hết")
    assert "đã lưu vào hồ sơ" in await head.hears()
    assert "trưởng thôn nói thêm: Tôi tới thấy mái tôn bay hết" in await clerk.hears()
    await clerk.says(f"/xem {citizen.code}")
    heard = await clerk.hears()
    assert "🏘 Trưởng thôn: **đúng** (09:12 thứ Hai 23/11/2026)" in heard
    assert "Trưởng thôn xác minh: đúng" in heard
    await citizen.says(citizen.code)
    assert "rưởng thôn" not in await citizen.hears()  # a neighbour's word is not for them


@pytest.mark.parametrize(
    ("typed", "answer", "rest"),
    [
        ("đúng", "true", None),
        ("dung, toi thay nha sap", "true", "toi thay nha sap"),
        ("không đúng: nhà vẫn ở được", "false", "nhà vẫn ở được"),
        ("đã giúp rồi", "helped", None),
        ("khong xac minh duoc", "unsure", None),
        ("cần xem lại", "look", None),
    ],
)
async def test_typed_words_answer_as_well(town, typed, answer, rest):
    head = await head_of(town)
    citizen = await reported(town)
    await head.hears()
    await head.says(f"/xacminh {citizen.code} {typed}")
    assert "Đã ghi" in await head.hears()
    assert (await case_of(citizen))["check_answer"] == answer
    assert ("check_more" in await story_of(town, citizen.code)) is bool(rest)


async def test_a_photograph_instead_of_words(town):
    head = await head_of(town)
    citizen = await reported(town)
    await head.hears()
    await head.says("[❌ Không đúng]")
    await head.says("", media=(Media("photo", "ref-1"),))
    await head.hears()
    await head.says("[Bỏ qua]")
    case = await case_of(citizen)
    assert await town.one(select(MediaFile.case_id)) == case["id"]
    assert "check_more" in await story_of(town, citizen.code)


async def test_a_photograph_and_silence(town):
    head = await head_of(town)
    citizen = await reported(town)
    await head.hears()
    await head.says("[❌ Không đúng]")
    await head.says("", media=(Media("photo", "ref-1"),))
    for _ in range(2):
        town.later(hours=25)
        await town.minute()
    assert await town.one(select(MediaFile.case_id)) == (await case_of(citizen))["id"]


async def test_two_heads_who_differ(town):
    first, second = await head_of(town, "a"), await head_of(town, "b", "Phú Nhiêu", "phuoc thien")
    citizen = await reported(town)
    await first.hears()
    await second.hears()
    await first.says("[✅ Đúng]")
    await first.hears()
    await first.says("[Bỏ qua]")
    await second.says("[🎁 Đã giúp rồi]")
    assert (await case_of(citizen))["check_answer"] == "helped"  # both say that it is so
    await second.hears()
    await second.says("[Bỏ qua]")
    await second.says("[❌ Không đúng]")
    assert (await case_of(citizen))["check_answer"] == "differ"
    clerk = await officer(town)
    await clerk.says(f"/xem {citizen.code}")
    heard = await clerk.hears()
    assert "các trưởng thôn nói khác nhau" in heard
    assert "Trưởng thôn xác minh: đúng" in heard and "xác minh: không đúng" in heard


async def test_silence_is_shown_and_blocks_nothing(town):
    head, clerk = await head_of(town), await officer(town)
    citizen = await reported(town)
    await clerk.hears()
    await clerk.says(f"/xem {citizen.code}")
    assert "🏘 Đã hỏi trưởng thôn, chờ tới" in await clerk.hears()
    town.later(hours=13)
    await town.minute()
    assert "trưởng thôn **chưa trả lời**" in await clerk.hears()
    await town.minute()
    assert "chưa trả lời" not in await clerk.hears()  # said once
    await clerk.says(f"/xacnhan {citizen.code} 40 triệu đồng")
    assert (await case_of(citizen))["status"] == "confirmed"
    await head.hears()
    await head.says("[✅ Đúng]")
    assert "cán bộ đã trả lời hồ sơ" in await head.hears()
    assert await flow(head) is None


async def test_names_are_hidden_until_the_head_takes_it_up(town):
    leader = await town.staff("lanh-dao", Role.LEADER)
    await leader.play("""
        > /thonxacminh
        Tin mới tự gửi trưởng thôn xác minh: bật
        Che họ tên, số điện thoại tới khi trưởng thôn nhận xác minh: tắt
        > [Che tên: bật lên]
        Che họ tên, số điện thoại tới khi trưởng thôn nhận xác minh: bật
    """)
    head = await head_of(town)
    citizen = await reported(town)
    for said in (None, citizen.code, f"/xem {citizen.code}"):
        if said:
            await head.says(said)
        heard = await head.hears()
        assert "Nhà sập" in heard and "Phước Thiện" in heard
        assert "Trần Văn Bình" not in heard and "0912" not in heard
    await head.says("[✋ Nhận xác minh]")
    heard = await head.hears()
    assert "Trần Văn Bình" in heard and "0912 345 678" in heard
    assert "check_taken" in await story_of(town, citizen.code)
    await head.says("[✅ Đúng]")
    assert (await case_of(citizen))["check_answer"] == "true"


async def test_an_officer_asks_by_button_and_command(town):
    leader = await town.staff("lanh-dao", Role.LEADER)
    await leader.says("/thonxacminh tugui tat")
    clerk, head = await officer(town), await head_of(town)
    citizen = await reported(town)
    assert await head.hears() == ""
    await clerk.hears()
    await clerk.says("[🏘 Hỏi trưởng thôn]")
    assert "Đã hỏi 1 trưởng thôn" in await clerk.hears()
    assert citizen.code in await head.hears()
    await clerk.says(f"/xacminh {citizen.code}")
    assert "đã hỏi trưởng thôn về" in await clerk.hears()
    await head.says("/xacminh")
    assert "Chờ ông/bà xác minh" in await head.hears()


async def test_no_head_on_the_channel(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.hears()
    await clerk.says(f"/xacminh {citizen.code}")
    assert "chưa có trưởng thôn trên kênh này" in await clerk.hears()
    assert (await case_of(citizen))["check_due_at"] is None


async def test_violence_is_not_told_to_a_neighbour_by_itself(town):
    head, clerk = await head_of(town), await officer(town)
    citizen = town.person("84911")
    for said in ("/baotin", "9", "không", "[Đồng ý]", "Đông Sơn", "[Không, hết rồi]",
                 "Phước Thiện"):  # fmt: skip
        await citizen.says(said)
        await citizen.hears()
    for _ in range(2):
        town.later(hours=25)
        await town.minute()
    assert await head.hears() == ""
    await clerk.hears()
    assert [row.check_due_at for row in await town.rows(select(Case.check_due_at))] == [None]


async def test_a_head_of_another_village_or_a_citizen_cannot_answer(town):
    other = await head_of(town, "khac", "Phú Nhiêu")
    citizen = await reported(town)
    await other.hears()
    for who in (other, citizen):
        await who.says(f"/xacminh {citizen.code} không đúng")
        await who.hears()
        await who.says(f"/nhanxacminh {citizen.code}")
    assert (await case_of(citizen))["check_answer"] is None


async def test_what_the_head_reported_needs_no_asking(town):
    head = await head_of(town)
    await head.play(OPENING)
    await head.hears()
    await head.play(REST.replace("[Gia đình tôi]", "[Hàng xóm]"))
    await head.hears()
    await head.says("[Gửi]")
    heard = await head.hears()
    assert "Đã ghi nhận hồ sơ" in heard and "xác minh giúp" not in heard
    assert (await case_of(head))["check_answer"] == "reported"
