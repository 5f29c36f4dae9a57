"""A question to an officer is answered: nobody reads that it was not accepted."""

from __future__ import annotations

import pytest

from tests.conversations.stories import case_of, officer, reported
from tests.people import Somebody, Town


async def asking(town: Town) -> Somebody:
    citizen = town.person("84900")
    await citizen.play("""
        > gặp cán bộ
        > Hồ sơ của mẹ tôi tới đâu rồi?
        > đồng ý
        > Đông Sơn
        > bỏ qua
        ✅ Đã chuyển câu hỏi tới cán bộ
    """)
    return citizen


async def test_the_answer_reaches_who_asked_and_ends_the_question(town):
    clerk = await officer(town)
    citizen = await asking(town)
    [card] = await clerk.unread()
    labels = [one.label for one in card.buttons]
    assert labels[0] == "✍ Trả lời" and not any("Từ chối" in one for one in labels)
    await clerk.play("""
        > [✍ Trả lời]
        Trả lời thế nào?
        > Hồ sơ đang chờ tỉnh ký, thứ Sáu này có.
        Đã lưu: QN-… – đã trả lời
    """)
    await citizen.unread()
    await town.decisions_are_told()
    await citizen.play("""
        > /hoso
        câu hỏi gửi cán bộ – Xã Đông Sơn – đã trả lời
    """)
    heard = "\n".join(one.text for one in citizen.last)
    assert "UBND xã Đông Sơn trả lời câu hỏi QN-" in heard
    assert "Hồ sơ đang chờ tỉnh ký, thứ Sáu này có." in heard
    assert "xác nhận" not in heard and "được chấp nhận" not in heard
    assert (await case_of(citizen))["closed_at"] is not None


async def test_declined_by_an_old_habit_it_still_reads_as_an_answer(town):
    clerk = await officer(town)
    citizen = await asking(town)
    await citizen.unread()
    await clerk.says(f"từ chối {citizen.code} vì không rõ hồ sơ nào")
    await town.decisions_are_told()
    heard = await citizen.hears()
    assert "trả lời câu hỏi" in heard and ": không rõ hồ sơ nào" in heard
    assert "chấp nhận" not in heard and "Lý do" not in heard


@pytest.mark.parametrize("reason", ["vì nhà không hư hại", "Vì là nhà không hư hại",
                                    "lý do: nhà không hư hại"])  # fmt: skip
async def test_a_reason_says_because_once(town, reason):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/tuchoi {citizen.code} {reason}")
    await town.decisions_are_told()
    assert "Lý do: nhà không hư hại" in await citizen.hears()


async def test_a_report_is_not_answered_as_a_question(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.play(f"""
        > /giaidap {citizen.code} đã biết
        là tin báo, không phải câu hỏi: xin Xác nhận hoặc Từ chối
    """)
    assert (await case_of(citizen))["status"] == "new"


@pytest.mark.parametrize("word", ["nhận", "rồi", "Xong", "đã trợ giúp"])
async def test_what_was_given_is_said(town, word):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/xacnhan {citizen.code} theo QĐ 12")
    await clerk.play(f"""
        > /datrogiup {citizen.code} {word}
        xin ghi rõ đã trợ giúp gì, khi nào
        Đã trợ giúp gì, bao nhiêu, khi nào?
        > 15 kg gạo, sáng nay
        đã trợ giúp
    """)
