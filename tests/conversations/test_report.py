"""A citizen reports; an officer answers.  The whole way, as both read it."""

import pytest

from models.people import Role
from tests.conversations.stories import draft, reporting, summary


@pytest.mark.parametrize("channel", ["webchat", "telegram"])
async def test_from_the_first_word_to_the_answer(town, channel):
    officer = await town.staff("can-bo", Role.OFFICER)
    citizen = town.person("84900", channel)
    await citizen.play("""
        > nhà tôi sập rồi
        Ngay lúc này có ai đang nguy hiểm tính mạng không?
        > khong
        Trước khi ghi nhận, xin ông/bà cho phép
        > [Đồng ý]
        Việc xảy ra ở xã, phường nào?
        > dong son
        ✅ Đã ghi nhận, mã hồ sơ QN-…
        Ở thôn, tổ dân phố nào?
        > thôn Phước Thiện
        Địa chỉ hoặc mốc dễ tìm?
        > gần chợ
        Do đâu mà ra?
        > [Bão]
        Xảy ra ngày nào?
        > [Hôm nay]
        Ông/bà báo cho ai?
        > 1
        Họ tên chủ hộ
        > Trần Văn Bình
        Trong nhà có mấy người?
        > 4
        Trong đó có trẻ nhỏ
        > 2 trẻ nhỏ, 1 người già
        Gia đình có giấy chứng nhận hộ nghèo
        > ho ngheo
        Số điện thoại để cán bộ gọi lại?
        > 0912.345.678
        Xin gửi ảnh hoặc ghi âm
        > [Xong]
        Tóm tắt tin báo
        1. Việc xảy ra: Nhà sập, đổ, trôi, cháy hoàn toàn
        2. Nguy hiểm tính mạng: Không
        3. Xã, phường: Xã Đông Sơn
        Ngày xảy ra: thứ Hai 23/11/2026
        Cần chăm sóc: 2 trẻ nhỏ, 1 người già
        Điện thoại: 0912 345 678
        > [Gửi]
        ✅ Đã ghi nhận hồ sơ QN-… lúc 09:12 thứ Hai 23/11/2026.
        UBND xã Đông Sơn sẽ trả lời trước 09:12 thứ Tư 25/11/2026 (cam kết của UBND, …).
        Có thể được xem xét
        Điều 12 NĐ 335/2026/NĐ-CP
        gọi ngay 112
    """)
    card = await officer.hears()
    assert "Trần Văn Bình" in card and "0912 345 678" in card and "2 trẻ nhỏ" in card
    await officer.presses("Nhận")
    await officer.play("""
        > [Xác nhận]
        Quyết định gì
        > Hỗ trợ làm nhà 40 triệu đồng, Điều 12 NĐ 335/2026/NĐ-CP
        Đã lưu: QN-… – đã xác nhận. Người dân được báo sau 1 phút
        > [Đã trợ giúp]
        Đã trợ giúp gì
        > 40 triệu đồng, trao ngày 24/11
        Đã lưu: QN-… – đã trợ giúp
    """)
    await town.decisions_are_told()
    told = await citizen.hears()
    assert "Cán bộ đã tiếp nhận" in told
    assert "đã **xác nhận** hồ sơ" in told and "40 triệu đồng" in told
    await citizen.play("""
        > [Đã nhận được hỗ trợ]
        Chúc gia đình bình an
        > {code}
        đã trợ giúp
        Ghi nhận hồ sơ
        Cán bộ tiếp nhận
        Xác nhận: Hỗ trợ làm nhà
        Đã trợ giúp: 40 triệu đồng
    """)


@pytest.mark.parametrize(
    ("said", "kept"), [("cận nghèo", "Hộ cận nghèo"), ("ho can ngheo", "Hộ cận nghèo")]
)
async def test_part_of_a_label_is_the_choice(town, said, kept):
    citizen = town.person("84901")
    await citizen.play(f"""
        > nhà tôi sập rồi
        Ngay lúc này có ai đang nguy hiểm
        > không
        > [Đồng ý]
        > dong son
        > thôn 1
        > gần chợ
        > bão
        > [Hôm nay]
        > gia đình
        Họ tên chủ hộ
        > Lê Thị Cúc
        > 3
        > [Không có]
        Gia đình có giấy chứng nhận hộ nghèo
        > {said}
        Số điện thoại
        > [Bỏ qua]
        > [Xong]
        Hộ nghèo, cận nghèo: {kept}
    """)


async def test_the_name_of_a_place_is_no_call_for_help(town):
    citizen = town.person("84902")
    await citizen.play("""
        > nhà tôi sập rồi
        Ngay lúc này có ai đang nguy hiểm
        > không
        > [Đồng ý]
        Việc xảy ra ở xã, phường nào?
        > Ia Chim
        ✅ Đã ghi nhận, mã hồ sơ QN-…
        Ở thôn, tổ dân phố nào?
    """)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("sua so dien thoai 0905123457", "Điện thoại: 0905 123 457"),
        ("Sửa lại số điện thoại là 0905.123.457", "Điện thoại: 0905 123 457"),
        ("đổi số người thành 6", "Số người: 6"),
        ("sửa tên chủ hộ: Lê Thị Sáu, không phải Trần Văn Bình", "Lê Thị Sáu"),
        ("sửa địa chỉ gần chùa Thiên Ấn", "gần chùa Thiên Ấn"),
    ],
)
async def test_a_line_is_put_right_in_one_sentence(town, said, line):
    citizen = await summary(town)
    await citizen.says("sửa địa chỉ")
    await citizen.says("gần chợ")
    await citizen.hears()
    await citizen.says(said)
    heard = await citizen.hears()
    assert "đã sửa dòng" in heard and line in heard
    await citizen.says("[Gửi]")
    assert "Đã ghi nhận hồ sơ" in await citizen.hears()


async def test_a_new_answer_that_cannot_be_read_opens_the_line(town):
    citizen = await summary(town)
    await citizen.says("sửa số điện thoại 12")
    assert "Số điện thoại để cán bộ gọi lại?" in await citizen.hears()


async def test_a_line_is_put_right_in_the_middle(town):
    citizen = await reporting(town)
    await citizen.play("""
        > thôn Phước Thiện
        > sửa thôn là thôn Trì Bình
        Dạ, đã sửa dòng «Thôn, tổ»
        Địa chỉ hoặc mốc dễ tìm?
        > 0912345678
        đã ghi số điện thoại
        > sua so nguoi 5
        Dạ, đã sửa dòng «Số người»
        Địa chỉ hoặc mốc dễ tìm?
    """)
    known = await draft(citizen)
    assert (known["people"], known["phone"]) == ("5", "+84912345678")
