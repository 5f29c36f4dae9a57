"""Lists in the chat: pasted, one after another, corrected by number, sent twice, given up."""

import asyncio

import pytest
from sqlalchemy import select

from handlers.lists import filing
from models.audit import AuditEntry
from models.lists import HouseholdList
from models.people import Role
from tests.conversations.stories import flow, officer, story_of
from tests.lists.chat import begun, cases, head, sent, states, work

FIRST = [
    "An",
    "Bình",
    "Cúc",
    "Dung",
    "Em",
    "Hà",
    "Hoa",
    "Hồng",
    "Huệ",
    "Kim",
    "Lan",
    "Lê",
    "Liên",
    "Loan",
    "Mai",
    "Mận",
    "Minh",
    "Nga",
    "Ngọc",
    "Nở",
    "Oanh",
    "Quý",
    "Sáu",
    "Tâm",
]
PASTED = """Danh sách hộ thiệt hại thôn Phước Thiện
1. Nguyễn Văn An, 4 khẩu, tốc mái, nghèo
2. Trần Thị Bích, 3 khẩu, sập hoàn toàn, 0912345678
3. Lê Quang Dũng, 5 khẩu
4. Phạm Thị Em, 2 khẩu, nt, nt"""


@pytest.mark.parametrize("channel", ["webchat", "telegram", "zalo"])
async def test_pasted_lines_are_answered_line_by_line(town, channel):
    clerk = await officer(town)
    who = await head(town, channel=channel)
    await who.says(PASTED)
    heard = (await who.hears()).replace("**", "")
    assert "Đọc được 3 hộ" in heard
    assert "1. Nguyễn Văn An – 4 khẩu – tốc mái, hư một phần – hộ nghèo" in heard
    assert "Dòng 3 «Lê Quang Dũng, 5 khẩu»: chưa rõ thiệt hại gì" in heard
    assert "Gõ: 3: Lê Quang Dũng, 5 khẩu, tốc mái" in heard
    assert await clerk.hears() == ""


async def test_from_the_first_line_to_the_officers_one_card(town):
    clerk = await officer(town)
    who = await begun(town)
    await who.play("""
        > 1. Nguyễn Văn An, 4 khẩu, tốc mái, nghèo
        Đọc được 1 hộ
        1. Nguyễn Văn An – 4 khẩu – tốc mái, hư một phần – hộ nghèo
        Cả danh sách: 1 hộ.
        Xin gửi các hộ
        > Trần Thị Bích, 3 khẩu, sập hoàn toàn
        2. Trần Thị Bích – 3 khẩu – sập, trôi, cháy hẳn
        Cả danh sách: 2 hộ.
        > [Xong, gửi danh sách]
        Đang ghi 2 hộ (danh sách DS-…)
    """)
    await work(town)
    await who.play("""
        > /danhsach
        Danh sách ông/bà đã gửi
        • DS-… – Phước Thiện – 2 hộ
        Do đâu mà ra?
        > [DS-]
        1. Nguyễn Văn An – QN-… – chờ cán bộ tiếp nhận
        2. Trần Thị Bích – QN-… – chờ cán bộ tiếp nhận
        Do đâu mà ra?
        > [Lũ]
        > [Hôm nay]
        Xin gửi các hộ
        > Lê Văn Cả, 3 khẩu, sập
        Cả danh sách: 1 hộ.
        > /danhsach
        Xin gửi các hộ
    """)
    [card] = await clerk.unread()
    assert "**Danh sách DS-" in card.text and "**2 hộ**" in card.text
    assert "7 khẩu" in card.text and "Nguyễn Văn An" not in card.text
    [first, second] = await cases(town)
    assert first["kinds"] == ["house_damaged"] and second["kinds"] == ["house_destroyed"]
    assert first["list_id"] == second["list_id"] is not None
    assert first["village"] == "Phước Thiện" and first["details"]["poverty"] == "poor"
    assert first["details"]["cause"] == "storm" and first["details"]["happened"] == "2026-11-23"
    assert first["take_due_at"] <= first["answer_due_at"]


async def test_correcting_only_the_wrong_line_is_enough(town):
    who = await begun(town)
    await who.says(PASTED)
    assert "1 dòng cần sửa" in (await who.hears()).replace("**", "")
    await who.play("""
        > 3. Lê Quang Dũng, 5 khẩu, sập bếp
        Đọc được 1 hộ
        3. Lê Quang Dũng – 5 khẩu – tốc mái, hư một phần
        Cả danh sách: 4 hộ.
        > sửa 1: Nguyễn Văn An, 6 khẩu, sập hoàn toàn
        1. Nguyễn Văn An – 6 khẩu – sập, trôi, cháy hẳn
        Cả danh sách: 4 hộ.
        > xoá 2
        Đã bỏ 1 dòng
        Cả danh sách: 3 hộ.
        > xong
    """)
    await work(town)
    assert len(await cases(town)) == 3
    assert [state for _, state in await states(town)] == ["filed", "removed", "filed", "filed"]


async def test_good_lines_are_filed_and_wrong_ones_wait(town):
    who = await begun(town)
    await sent(town, who, PASTED)
    assert "1 dòng còn sai vẫn được giữ" in await who.hears()
    assert await states(town) == [(1, "filed"), (2, "filed"), (3, "wrong"), (4, "filed")]
    await who.says("3: Lê Quang Dũng, 5 khẩu, tốc mái")
    await work(town)
    assert "3. Lê Quang Dũng" in await who.hears()
    assert await states(town) == [(1, "filed"), (2, "filed"), (3, "filed"), (4, "filed")]


async def test_the_same_list_twice_adds_nothing_twice(town):
    who = await begun(town)
    await sent(town, who, PASTED)
    before = await cases(town)
    await who.says("/danhsach moi")
    await who.play("""
        > [Bão]
        > [Hôm qua]
    """)
    await sent(town, who, PASTED.replace("Nguyễn Văn An", "Ông NGUYEN VAN AN"))
    heard = await who.hears()
    assert "3 hộ đã có hồ sơ từ trước" in heard and before[0]["code"] in heard
    assert await cases(town) == before


async def test_within_one_list_the_same_lines_again_are_nothing_new(town):
    who = await begun(town)
    await who.says(PASTED)
    await who.says(PASTED)
    assert "đã có từ trước, không thêm lần nữa" in await who.hears()
    assert len(await states(town)) == 4


async def test_killed_between_two_batches(town, monkeypatch):
    """Each batch is a commit; the job that is taken up again goes on where it stood."""
    monkeypatch.setattr(filing, "BATCH", 2)
    who = await begun(town)
    names = enumerate(["An", "Bình", "Cường", "Dũng", "Em"], 1)
    lines = "\n".join(f"{n}. Nguyễn Văn {name}, 4 khẩu, tốc mái" for n, name in names)
    await who.says(lines)
    await who.says("xong")
    list_id = (await town.one(select(HouseholdList.id))).hex
    worker = town.app.worker()
    assert await worker.lists.batch(list_id)
    results = await asyncio.gather(*(worker.lists.batch(list_id) for _ in range(4)))
    assert results.count(True) <= 2
    await work(town)
    assert len(await cases(town)) == 5
    assert (await who.hears()).count("Đã ghi nhận") == 1


async def test_danger_goes_out_at_once(town):
    clerk = await officer(town)
    who = await begun(town)
    await who.says(
        "1. Hồ Văn Cứu, 3 người đang kẹt trong nhà nước lên tới mái, cứu với\n"
        "2. Nguyễn Văn Yên, 4 khẩu, tốc mái"
    )
    heard = (await who.hears()).replace("**", "")
    assert heard.startswith("🆘 Đang nguy hiểm tính mạng, xin gọi ngay 112")
    assert "1 hộ đang nguy hiểm: đã báo cán bộ ngay" in heard
    [card] = await clerk.unread()
    assert "Nguy hiểm tính mạng" in card.text and "Hồ Văn Cứu" in card.text
    [case] = await cases(town)
    assert case["urgency"] == "sos" and case["list_id"] is not None
    await who.says("xong")
    await work(town)
    assert len(await cases(town)) == 2


async def test_silence_files_what_can_be_read(town):
    who = await begun(town)
    await who.says(PASTED)
    await who.hears()
    town.later(minutes=31)
    await town.minute()
    await work(town)
    heard = await who.hears()
    assert "3 hộ đọc được" in heard and "Đã ghi nhận **3 hộ**" in heard


async def test_given_up_files_nothing(town):
    who = await begun(town)
    await who.says(PASTED)
    await who.says("huỷ")
    await work(town)
    assert await cases(town) == []


async def test_two_of_one_name_are_asked_about(town):
    who = await begun(town)
    await who.says("1. Nguyễn Văn An, 4 khẩu, tốc mái\n2. Nguyễn Văn An, 2 khẩu, sập")
    assert "trùng tên với một dòng khác" in await who.hears()
    await who.says("2: Nguyễn Văn An (Bảy), 2 khẩu, sập")
    assert "Cả danh sách: **2 hộ**" in await who.hears()
    await who.says("xong")
    await work(town)
    assert len(await cases(town)) == 2


async def test_a_head_of_two_villages_chooses(town):
    who = await head(town, "hai-thon", "Phước Thiện", "An Hải")
    await who.play("""
        > /danhsach
        Danh sách của thôn
        > Bình Yên
        thôn này không thuộc phần ông/bà phụ trách
        > [An Hải]
        Do đâu mà ra?
    """)


async def test_lines_before_the_questions_are_answered_are_kept(town):
    who = await head(town)
    await who.says(PASTED)
    assert "Đọc được 3 hộ" in await who.hears()
    await who.play("""
        > [Lũ]
        > [Hôm nay]
        > [Xong, gửi danh sách]
        1 dòng chưa gửi được
        > [Gửi các hộ đọc được]
        Đang ghi 3 hộ
    """)
    await work(town)
    assert {case["details"]["cause"] for case in await cases(town)} == {"flood"}


async def test_a_citizen_cannot_send_lists(town):
    citizen = town.person("84900")
    await citizen.says("/danhsach")
    assert "dành cho cán bộ được mời" in await citizen.hears()
    await citizen.says(PASTED)
    assert await flow(citizen) != "household_list"


async def test_a_list_is_written_into_the_log_without_names(town):
    who = await begun(town)
    await sent(town, who, PASTED)
    [entry] = await town.rows(select(AuditEntry).where(AuditEntry.action == "list"))
    assert entry.facts["lines"] == 3 and "Nguyễn" not in str(entry.facts)
    assert (await story_of(town, (await cases(town))[0]["code"]))[0] == "opened"


async def test_a_list_of_another_commune_is_nobody_elses(town):
    who = await begun(town)
    await sent(town, who, PASTED)
    code = await town.one(select(HouseholdList.code))
    stranger = await town.staff("xa-khac", Role.OFFICER, "21112")
    await stranger.says(f"/danhsach {code}")
    heard = await stranger.hears()
    assert "không có danh sách" in heard and "Nguyễn" not in heard


async def test_one_more_than_five_hundred(town):
    who = await begun(town)
    given = [f"{one} {two}" for one in FIRST for two in FIRST]
    lines = [f"Nguyễn Thị {name}, 4 khẩu, tốc mái" for name in given[:502]]
    for start in range(0, 502, 251):
        await who.says("\n".join(lines[start : start + 251]))
    heard = await who.hears()
    assert "2 dòng sau chưa nhận: mỗi danh sách tối đa 500 hộ" in heard
    assert len(await states(town)) == 500


async def test_asked_household_by_household(town):
    who = await begun(town)
    await who.play("""
        > [Hỏi từng hộ một]
        họ tên chủ hộ?
        > Nguyễn Văn An
        Nhà mấy người?
        > 4
        Thiệt hại gì?
        > [Nhà tốc mái]
        Hộ nghèo, cận nghèo không?
        > [hộ nghèo]
        1. Nguyễn Văn An – 4 khẩu – tốc mái, hư một phần – hộ nghèo
        họ tên chủ hộ?
        > Trần Thị Bích
        > [Bỏ qua]
        > sập bếp, mất 2 con bò
        > [Bỏ qua]
        2. Trần Thị Bích – tốc mái, hư một phần, mất mùa, mất vật nuôi, ghe xe
        > Lê Văn Cả, 3 khẩu, sập
        3. Lê Văn Cả – 3 khẩu – sập, trôi, cháy hẳn
        họ tên chủ hộ?
        > [Dán nhiều dòng]
        Xin gửi các hộ
        > [Hỏi từng hộ một]
        > [Xong, gửi danh sách]
        Đang ghi 3 hộ
    """)
    await work(town)
    assert [case["details"].get("people") for case in await cases(town)] == [4, None, 3]
