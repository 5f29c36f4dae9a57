"""Back, skip, cancel, correcting a line, a person at any time, language, consent."""

import pytest
from sqlalchemy import select

from models.people import Consent
from tests.conversations.stories import case_of, draft, flow, officer, reported, reporting, summary


async def test_back_opens_the_question_before_and_keeps_the_rest(town):
    citizen = await reporting(town)
    await citizen.play("""
        > thôn 2
        Địa chỉ hoặc mốc
        > gần chợ
        Do đâu mà ra?
        > quay lại
        Địa chỉ hoặc mốc
        > [Quay lại]
        Ở thôn
        > thôn 3
        Địa chỉ hoặc mốc
        > cạnh trường
        Do đâu mà ra?
        > /boqua
        Xảy ra ngày nào?
    """)
    case = await case_of(citizen)
    assert case["village"] == "thôn 3" and case["details"]["address"] == "cạnh trường"


async def test_what_is_needed_cannot_be_skipped(town):
    citizen = town.person("84900")
    await citizen.play("""
        > nhà tôi sập rồi
        nguy hiểm tính mạng
        > bỏ qua
        câu này cần có để cán bộ giúp được
        nguy hiểm tính mạng
    """)


async def test_cancel_before_filing_can_be_taken_back(town):
    citizen = town.person("84900")
    await citizen.play("""
        > nhà tôi sập rồi
        > không
        > [Đồng ý]
        xã, phường nào
        > [Huỷ]
        Dạ, đã huỷ.
    """)
    assert await flow(citizen) is None and not await case_of(citizen)
    await citizen.play("""
        > [Làm tiếp việc dở]
        mình làm tiếp việc đang dở
        xã, phường nào
        > Đông Sơn
        ✅ Đã ghi nhận, mã hồ sơ
    """)
    assert (await case_of(citizen))["kinds"] == ["house_destroyed"]


async def test_cancel_after_filing_leaves_the_case_and_tells_the_officer(town):
    clerk = await officer(town)
    citizen = await reporting(town)
    await citizen.play("""
        > huỷ
        Dạ, đã dừng. Hồ sơ QN-… vẫn được cán bộ xem xét
        > [Rút hồ sơ]
        Rút hồ sơ QN-…? Cán bộ sẽ không giải quyết nữa.
        > [Đúng, rút]
        đã rút hồ sơ
    """)
    assert "Hồ sơ mới" in (seen := await clerk.hears()) and "đã rút hồ sơ" in seen
    assert (await case_of(citizen))["status"] == "withdrawn"


async def test_withdrawing_while_answering_ends_the_questions(town):
    citizen = await reporting(town)
    await citizen.says(f"/rut {citizen.code}")
    await citizen.hears()
    await citizen.says("[Đúng, rút]")
    assert "đã rút hồ sơ" in await citizen.hears()
    assert await flow(citizen) is None


@pytest.mark.parametrize(
    "way", ["11", "sửa 11", "sửa dòng 11", "sửa số người", "số người", "Số Người"]
)
async def test_a_line_of_the_summary_is_corrected(town, way):
    citizen = await summary(town)
    before = await draft(citizen)
    shown = citizen.last[-1].text
    number = next(line for line in shown.splitlines() if "Số người" in line).partition(".")[0]
    await citizen.says(way.replace("11", number))
    assert "Trong nhà có mấy người?" in await citizen.hears()
    await citizen.says("6")
    heard = await citizen.hears()
    assert "Tóm tắt tin báo" in heard and "Số người: 6" in heard
    assert await draft(citizen) == {**before, "people": "6"}


async def test_a_line_is_corrected_by_button_and_may_stay_as_it_was(town):
    citizen = await summary(town)
    before = await draft(citizen)
    await citizen.play("""
        > [Sửa]
        Xin bấm dòng cần sửa
        > [Xã, phường]
        xã, phường nào
        > [Quay lại]
        Tóm tắt tin báo
        3. Xã, phường: Xã Đông Sơn
        > 99
        chỉ có dòng 1 đến
        > 1
        Gia đình gặp chuyện gì?
        > nhà tốc mái
        1. Việc xảy ra: Nhà tốc mái, hư hỏng một phần
        > sai rồi
        Xin bấm dòng cần sửa
        > đúng rồi
        ✅ Đã ghi nhận hồ sơ
    """)
    assert before["commune"] == (await case_of(citizen))["commune"]
    assert (await case_of(citizen))["kinds"] == ["house_damaged"]


async def test_a_person_can_be_asked_for_in_the_middle_of_a_report(town):
    clerk = await officer(town)
    citizen = await reporting(town)
    await citizen.play("""
        > thôn 2
        Địa chỉ hoặc mốc
        > [Gặp cán bộ]
        muốn hỏi hoặc nhờ cán bộ việc gì
        > Tôi nộp giấy ở đâu?
        Số điện thoại để cán bộ gọi lại?
        > bỏ qua
        ✅ Đã chuyển câu hỏi tới cán bộ Xã Đông Sơn
        mình làm tiếp việc đang dở
        Địa chỉ hoặc mốc
        > gần chợ
        Do đâu mà ra?
    """)
    assert "Tôi nộp giấy ở đâu?" in await clerk.hears()
    assert (await draft(citizen))["village"] == "thôn 2"


async def test_asking_for_a_person_and_thinking_better_of_it(town):
    citizen = await reporting(town)
    await citizen.play("""
        > 0
        muốn hỏi hoặc nhờ cán bộ việc gì
        > huỷ
        đã huỷ
        Ở thôn, tổ dân phố nào?
    """)


async def test_a_person_from_anywhere(town):
    clerk = await officer(town)
    citizen = town.person("84900")
    await citizen.play("""
        > gặp cán bộ
        muốn hỏi hoặc nhờ cán bộ việc gì
        > Mẹ tôi 80 tuổi cần giấy gì?
        xin ông/bà cho phép
        > đồng ý
        xã, phường nào
        > Đông Sơn
        Số điện thoại
        > 0912 345 678
        ✅ Đã chuyển câu hỏi tới cán bộ Xã Đông Sơn, mã QN-…
    """)
    assert "Mẹ tôi 80 tuổi cần giấy gì?" in await clerk.hears()


async def test_a_language_switch_keeps_the_draft(town):
    citizen = await reporting(town)
    before = await draft(citizen)
    for word in ("/ngonngu", "english", "tiếng việt"):
        await citizen.says(word)
        assert await citizen.hears()
        assert await draft(citizen) == before
    await citizen.says("thôn 2")
    assert (await case_of(citizen))["village"] == "thôn 2"


async def consents(citizen):
    query = select(Consent).where(Consent.person_id == await citizen.person_id())
    return await citizen.town.rows(query)


async def test_consent_is_asked_once_recorded_and_can_be_withdrawn(town):
    citizen = await reported(town)
    [given] = await consents(citizen)
    assert given.purpose == "case" and given.wording and given.channel == "webchat"
    await citizen.play("""
        > hết gạo ăn
        nguy hiểm tính mạng
        > không
        xã, phường nào
        > huỷ
        > /riengtu
        Điện thoại: 0912 … 78
        Đồng ý cho dùng thông tin: có
        > [Rút lại đồng ý]
        đã rút lại đồng ý
        > /riengtu
        Điện thoại: chưa có
        Đồng ý cho dùng thông tin: chưa
        > nhà tôi sập rồi
        > không
        xin ông/bà cho phép
    """)
    [withdrawn] = await consents(citizen)
    assert withdrawn.withdrawn_at is not None


async def test_whoever_does_not_agree_is_not_stored(town):
    citizen = town.person("84900")
    await citizen.play("""
        > nhà tôi sập rồi
        > không
        xin ông/bà cho phép
        > không đồng ý
        những điều vừa kể đã được xoá
        112
    """)
    assert await flow(citizen) is None and await draft(citizen) == {}
    assert not await consents(citizen)


async def test_danger_is_not_asked_for_consent(town):
    citizen = town.person("84900")
    await citizen.play("""
        > sos
        gọi ngay 112
        > Đông Sơn
        hồ sơ khẩn
        > [Bỏ qua]
        > [Bỏ qua]
        > [Bỏ qua]
        > 0912345678
        ✅ Đã ghi nhận hồ sơ
    """)
    assert not await consents(citizen)


async def test_a_line_to_correct_is_named_in_many_ways(town):
    citizen = await summary(town)
    for typed, asked in (
        ("sai số điện thoại", "Số điện thoại để cán bộ gọi lại?"),
        ("sửa sđt", "Số điện thoại để cán bộ gọi lại?"),
        ("tên chủ hộ sai rồi", "Họ tên chủ hộ"),
        ("3 sai", "Việc xảy ra ở **xã, phường** nào?"),
        ("mục 8 nhé", "Họ tên chủ hộ"),
        ("đổi xã", "Việc xảy ra ở **xã, phường** nào?"),
        ("sửa địa chỉ", "Địa chỉ hoặc mốc dễ tìm?"),
    ):
        await citizen.says(typed)
        assert asked in await citizen.hears(), typed
        await citizen.says("quay lại")
        assert "Tóm tắt tin báo" in await citizen.hears()


async def test_enough_is_no_cancelling_where_more_is_asked(town):
    citizen = town.person("84900")
    await citizen.play("""
        > /baotin
        Gia đình gặp chuyện gì?
        > [Thiếu đói]
        nguy hiểm tính mạng
        > hông có ai hết á
        Trước khi ghi nhận
        > dạ đồng í
        xã, phường
        > dạ ở xã đông sơn
        Ngoài ra còn chuyện gì nữa không?
        > thôi
        Ở thôn, tổ dân phố nào?
        > quên mất tiêu rồi
        Địa chỉ hoặc mốc dễ tìm?
        > sau trạm cấp cứu
        Do đâu mà ra?
        > do bão số 12
        Xảy ra ngày nào?
        > tối thứ 3 tuần rồi
        Ông/bà báo cho ai?
        > nhà em
        Họ tên chủ hộ
        > Phạm Thị Cứu
        Trong nhà có mấy người?
        > hai vợ chồng và ba đứa con
        có phải số này không ạ?
        > [5]
        Trong đó có trẻ nhỏ
        > 3 trẻ, không có người già
        Gia đình có giấy chứng nhận
        > có
        hộ nghèo hay hộ cận nghèo ạ?
        > dạ cận nghèo thôi
        Số điện thoại
        > không chín một hai ba bốn năm sáu bảy tám
        Xin gửi ảnh
        > không có hình
        Tóm tắt tin báo
        Nguyên nhân: Bão
        Ngày xảy ra: thứ Ba 17/11/2026
        Chủ hộ: Phạm Thị Cứu
        Số người: 5
        Cần chăm sóc: 3 trẻ nhỏ
        Hộ nghèo, cận nghèo: Hộ cận nghèo
        Điện thoại: 0912 345 678
    """)
