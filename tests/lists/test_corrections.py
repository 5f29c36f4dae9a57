"""Lists mended in the chat: a part of a line, at any question; nothing good is spoilt or lost."""

from __future__ import annotations

import pytest

from tests.conversations.stories import story_of
from tests.lists.chat import begun, cases, head, sent, states, work

STORM = """1. Nguyễn Văn An, 4 khẩu, tốc mái, nghèo
2. Trần Thị Bích, 3 khẩu, sập hoàn toàn
3. Lê Quang Dũng, 5 khẩu, tốc mái
4. Phạm Thị Em, 2 khẩu, sập bếp
5. Bùi Văn Ghe, 6 khẩu, ngập sâu, mất 2 con bò
6. Hồ Văn Ê – tốc mái"""


async def answered_and_all_good(town, said, answer):
    """Say something to a list of six good lines; they are six good lines afterwards."""
    who = await begun(town)
    await who.says(STORM)
    await who.play(f"""
        > {said}
        {answer}
        Cả danh sách: 6 hộ.
    """)
    assert [state for _, state in await states(town)] == ["good"] * 6


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("sửa dòng 6, 4 khẩu", "6. Hồ Văn Ê – 4 khẩu – tốc mái, hư một phần"),
        ("sua dong 6: 4 khau", "6. Hồ Văn Ê – 4 khẩu – tốc mái, hư một phần"),
        ("6: 4 khẩu", "6. Hồ Văn Ê – 4 khẩu – tốc mái, hư một phần"),
        ("6. sập hoàn toàn", "6. Hồ Văn Ê – sập, trôi, cháy hẳn"),
        ("6: mất 2 con bò", "6. Hồ Văn Ê – tốc mái, hư một phần, mất mùa, mất vật nuôi"),
        ("6: 0912345678", "6. Hồ Văn Ê – tốc mái, hư một phần – 0912 345 678"),
        ("6: Hồ Văn Ê, 4 khẩu", "6. Hồ Văn Ê – 4 khẩu – tốc mái, hư một phần"),
        ("sửa 6: Hồ Văn Ê, 4 khẩu, sập", "6. Hồ Văn Ê – 4 khẩu – sập, trôi, cháy hẳn"),
        ("sửa 1: tốc mái 30%", "1. Nguyễn Văn An – 4 khẩu – tốc mái, hư một phần – hộ nghèo"),
        ("sửa 2: tốc mái", "2. Trần Thị Bích – 3 khẩu – tốc mái, hư một phần"),
        ("dòng 6: bà Hồ Thị Ê", "6. bà Hồ Thị Ê – tốc mái, hư một phần"),
    ],
)
async def test_a_part_of_a_line_is_mended(town, said, line):
    await answered_and_all_good(town, said, line)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("sửa dòng 6: abc xyz", "Dòng 6 giữ nguyên, chưa hiểu «abc xyz»"),
        ("sửa dòng 6: 99 khẩu", "Dòng 6 giữ nguyên vì «99 khẩu»: số khẩu không hợp lý"),
        ("sửa dòng 9: 4 khẩu", "Dòng 9 giữ nguyên, chưa hiểu «4 khẩu»"),
    ],
)
async def test_what_is_not_understood_spoils_no_good_line(town, said, answer):
    await answered_and_all_good(town, said, answer)


async def test_a_second_sheet_with_numbers_of_its_own_corrects_nobody(town):
    who = await begun(town)
    await who.says(STORM)
    await who.play("""
        > 1. Đinh Thị Gái, 2 khẩu, sập nhà
        7. Đinh Thị Gái – 2 khẩu – sập, trôi, cháy hẳn
        Cả danh sách: 7 hộ.
    """)


@pytest.mark.parametrize(
    "said",
    [
        "thêm Đinh Thị G, 2 khẩu, sập nhà",
        "Thêm hộ Đinh Thị G, 2 khẩu, sập nhà",
        "còn 1 hộ nữa: Đinh Thị G, 2 khẩu, sập nhà",
        "bo sung: Đinh Thị G, 2 khau, sap nha",
    ],
)
async def test_a_household_more(town, said):
    who = await begun(town)
    await who.says(STORM)
    await who.play(f"""
        > {said}
        7. Đinh Thị G – 2 khẩu – sập, trôi, cháy hẳn
        Cả danh sách: 7 hộ.
    """)


async def test_a_part_makes_a_wrong_line_good(town):
    who = await begun(town)
    await who.says("1. Nguyễn Văn An, 4 khẩu, tốc mái\n2. Lê Quang Dũng, 5 khẩu")
    await who.play("""
        > 2: sập bếp
        2. Lê Quang Dũng – 5 khẩu – tốc mái, hư một phần
        Cả danh sách: 2 hộ.
    """)


async def test_what_is_not_asked_for_is_said_where_it_is_missing(town):
    who = await begun(town)
    await who.says(STORM)
    heard = await who.hears()
    assert "5. Bùi Văn Ghe – 6 khẩu – mất mùa, mất vật nuôi, ghe xe, ngập sâu" in heard
    assert "Chưa rõ số người: dòng 6." in heard


async def test_wrong_lines_are_named_once_before_the_rest_goes_off(town):
    who = await begun(town)
    await who.says("1. Nguyễn Văn An, 4 khẩu, tốc mái\n2. Lê Quang Dũng, 5 khẩu")
    await who.play("""
        > gửi
        1 dòng chưa gửi được (vẫn giữ để sửa); 1 hộ đọc được. Gửi luôn?
        Dòng 2 «Lê Quang Dũng, 5 khẩu»: chưa rõ thiệt hại gì
        > [Sửa tiếp]
        Xin gửi các hộ
        > gửi
        1 dòng chưa gửi được
        > [Gửi các hộ đọc được]
        Đang ghi 1 hộ
    """)
    await work(town)
    assert await states(town) == [(1, "filed"), (2, "wrong")]


async def test_at_the_question_before_the_list_lines_and_corrections_go_to_the_list(town):
    who = await head(town)
    await who.says(STORM)
    await who.play("""
        > nhà ông Sáu Hiền bị cháy rồi, 5 khẩu, ở phước thiện
        7. nhà ông Sáu Hiền – 5 khẩu
        Do đâu mà ra?
        > 6. 4 khẩu
        6. Hồ Văn Ê – 4 khẩu – tốc mái, hư một phần
        Do đâu mà ra?
        > sửa dòng 6: 3 khẩu
        6. Hồ Văn Ê – 3 khẩu
        Do đâu mà ra?
        > bỏ dòng 4
        Đã bỏ 1 dòng
        Do đâu mà ra?
        > [Bão]
        Do đâu: Bão
        Xảy ra ngày nào?
        > 5: 5 khẩu
        5. Bùi Văn Ghe – 5 khẩu
        Xảy ra ngày nào?
        > 22/11
        Xin gửi các hộ
        > xong
        Đang ghi 6 hộ
    """)
    await work(town)
    [fire, *rest] = await cases(town)
    assert fire["urgency"] == "sos" and len(rest) == 5
    assert {case["details"]["cause"] for case in rest} == {"storm"}
    assert {case["details"]["happened"] for case in rest} == {"2026-11-22"}


async def test_a_line_that_was_sent_is_mended_in_its_case(town):
    who = await begun(town)
    await sent(town, who, STORM)
    await who.play("""
        > sửa dòng 6: 4 khẩu
        dòng 6 (Hồ Văn Ê) đã gửi thành hồ sơ QN-…. Thêm «sửa dòng 6: 4 khẩu» vào đó?
        > [📎 Thêm vào QN-]
        đã thêm vào hồ sơ QN-…
        > 6. 5 khẩu
        dòng 6 (Hồ Văn Ê) đã gửi thành hồ sơ QN-…
    """)
    last = (await cases(town))[-1]
    assert "added" in await story_of(town, str(last["code"]))
    assert len(await cases(town)) == 6


async def test_a_line_that_is_being_sent_is_mended_before_it_goes(town):
    who = await begun(town)
    await who.says(STORM)
    await who.says("xong")
    await who.play("""
        > 6: 4 khẩu
        6. Hồ Văn Ê – 4 khẩu – tốc mái, hư một phần
    """)
    await work(town)
    assert [case["details"].get("people") for case in await cases(town)] == [4, 3, 5, 2, 6, 4]


async def test_another_list_of_one_line_is_no_correction_of_the_last(town):
    who = await begun(town)
    await sent(town, who, STORM)
    await who.says("1. Đinh Thị Gái, 2 khẩu, sập nhà")
    assert "đã gửi thành hồ sơ" not in await who.hears()
