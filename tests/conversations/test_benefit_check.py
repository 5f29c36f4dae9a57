"""«Tôi được hưởng gì?»: the check, its results, the request to the commune."""

from sqlalchemy import select

from models.cases import Case
from tests.conversations.stories import officer


async def test_a_mother_of_76_without_a_pension(town):
    citizen = town.person("84900")
    await citizen.play("""
        > /kiemtra
        Ông/bà muốn kiểm tra trợ cấp cho ai?
        > [Cho người thân]
        Người đó là ai của ông/bà?
        > mẹ
        Mẹ sinh ngày nào?
        > 3/3/1950
        Gia đình có giấy chứng nhận hộ nghèo, hộ cận nghèo năm nay không?
        > [Không thuộc hai diện này]
        Mẹ có Giấy xác nhận khuyết tật không
        > không
        Mẹ có lương hưu hoặc trợ cấp bảo hiểm xã hội hằng tháng không
        > không
        Kết quả cho mẹ, luật ngày thứ Hai 23/11/2026
        ✅ Trợ cấp hưu trí xã hội: 540.000 đồng/tháng
        ✅ Thẻ bảo hiểm y tế
        cán bộ xã xem xét và quyết định
        ✅ Trợ cấp hưu trí xã hội: 540.000 đồng/tháng – mẹ
        Vì: từ đủ 75 tuổi
        Giấy tờ: Tờ khai Mẫu số 01
        Nộp tại: Cổng Dịch vụ công quốc gia
        07 ngày làm việc
        nộp ngày 23/11 thì hạn trả lời là thứ Năm 03/12/2026, nên có thể tính từ tháng 12/2026
        Ông/bà muốn làm gì tiếp?
    """)
    citizen_buttons = [one.label for one in citizen.last[-1].buttons]
    assert any("Gặp cán bộ" in one for one in citizen_buttons)


async def checked(town, name="84900"):
    citizen = town.person(name)
    await citizen.play("""
        > /kiemtra
        > [Cho người thân]
        > mẹ
        > 1950
        > [Không thuộc hai diện này]
        > không
        > 0
        Kết quả cho mẹ
    """)
    return citizen


async def test_the_request_goes_to_the_commune_with_the_legal_time_limit(town):
    clerk = await officer(town)
    citizen = await checked(town)
    await citizen.play("""
        > [Gửi đề nghị tới xã]
        cho phép UBND xã
        > [Đồng ý]
        cư trú ở xã, phường nào
        > Đông Sơn
        thôn, tổ dân phố
        > bỏ qua
        Họ tên người đề nghị
        > Nguyễn Thị Năm
        Số điện thoại
        > 0912345678
        ✅ Đã gửi đề nghị QN-…tới UBND xã Đông Sơn
        Trả lời trước … thứ Năm 03/12/2026 (thời hạn luật định, khoản 2 Điều 8 NĐ 335/2026/NĐ-CP)
        Tờ khai Mẫu số 01
        Ông/bà muốn làm gì tiếp?
    """)
    assert "Gửi đề nghị" not in str(citizen.last[-1].buttons)
    (case,) = await town.rows(select(Case.__table__))
    assert case.kinds == ["benefit_request"]
    assert case.clocks["answer"]["basis"]["kind"] == "law"
    heard = (await clerk.hears()).replace("**", "")
    assert "Đề nghị hưởng trợ cấp" in heard and "Nguyễn Thị Năm" in heard
    assert "Trợ cấp hưu trí xã hội – mẹ: 540.000 đồng/tháng" in heard
    assert "mẹ: ngày sinh: sinh 1950; hộ nghèo, hộ cận nghèo: không thuộc hai diện này" in heard


async def test_another_day_is_another_law(town):
    citizen = await checked(town)
    await citizen.play("""
        > [Tính theo ngày khác]
        Tính theo ngày nào?
        > tháng 8/2025
        Mẹ sinh ngày, tháng nào?
        > 3/3
        Kết quả cho mẹ, luật ngày Chủ nhật 31/08/2025
        Trợ cấp hưu trí xã hội: 500.000 đồng/tháng
    """)
    assert citizen.last[-1].text == "Ông/bà muốn làm gì tiếp?"
    card = citizen.last[-2].text
    assert "500.000" in card
    assert "⏰" not in card, "that month is over"
    await citizen.play("""
        > [Tính theo ngày khác]
        > [Hôm nay]
        Trợ cấp hưu trí xã hội: 540.000 đồng/tháng
    """)


async def test_back_asks_the_question_before_and_counts_the_new_answer(town):
    citizen = await checked(town)
    await citizen.play("""
        > quay lại
        Mẹ có lương hưu
        > 3 triệu
        chưa thấy khoản nào đủ điều kiện
        Trợ cấp hưu trí xã hội: chưa, vì cần «không có lương hưu
    """)


async def test_why_not_the_others(town):
    citizen = await checked(town)
    await citizen.play("""
        > [Vì sao chưa được]
        Các khoản chưa đủ điều kiện
        cần «thuộc hộ nghèo» (điểm a khoản 5 Điều 5 NĐ 335/2026/NĐ-CP)
        Ông/bà muốn làm gì tiếp?
    """)


async def test_a_whole_household_is_told_in_one_line(town):
    citizen = town.person("84900")
    await citizen.play("""
        > /kiemtra
        > [Cho cả nhà]
        Nhà có những ai?
        > mẹ 76 tuổi, con 2024
        Gia đình có giấy chứng nhận hộ nghèo
        > [Hộ cận nghèo]
    """)
    for _ in range(12):
        if "Kết quả" in "".join(one.text for one in citizen.last):
            break
        await citizen.says("không")
        await citizen.unread()
    heard = "\n".join(one.text for one in citizen.last).replace("**", "")
    assert "Kết quả cho cả nhà" in heard
    assert "Trợ cấp hưu trí xã hội: 540.000 đồng/tháng – mẹ" in heard


async def test_a_private_question_may_be_left_open_and_is_told_to_nobody(town):
    clerk = await officer(town)
    citizen = town.person("84900")
    await citizen.play("""
        > /kiemtra
        > [Cho tôi]
        > 1990
        > không
        > [Hộ nghèo]
    """)
    for _ in range(12):
        if any("riêng tư" in one.text for one in await citizen.unread()):
            break
        await citizen.says("không")
    assert "Không muốn trả lời" in str(citizen.last[-1].buttons)
    await citizen.presses("Có")
    heard = await citizen.hears()
    assert "người thuộc khoản 8 Điều 5" in heard
    assert "HIV" not in heard
    await citizen.play("""
        > [Gửi đề nghị tới xã]
        > [Đồng ý]
        > Đông Sơn
        > bỏ qua
        > Lê Văn Tám
        > bỏ qua
        Đã gửi đề nghị
    """)
    told = await clerk.hears()
    assert "cần trao đổi riêng" in told
    assert "khoản 8" not in told and "HIV" not in told and "riêng tư" not in told


async def test_a_year_that_does_not_decide_is_asked_once_more_and_then_left_open(town):
    citizen = town.person("84900")
    await citizen.play("""
        > /kiemtra
        > [Cho người thân]
        > mẹ
        > 1951
        > [Không thuộc]
        > không
        Mẹ sinh ngày, tháng nào?
        > [Không rõ]
        Mẹ có lương hưu
        > không
        Kết quả cho mẹ
        Trợ cấp hưu trí xã hội – mẹ: chưa rõ, còn thiếu tuổi tròn
    """)


async def test_whom_it_is_for_may_be_said_in_ones_own_words(town):
    citizen = town.person("84900")
    await citizen.play("""
        > /kiemtra
        cho ai?
        > mẹ tôi 76 tuổi
        Dạ, đã hiểu: kiểm tra cho mẹ, 76 tuổi.
        Gia đình có giấy chứng nhận hộ nghèo
        > huỷ
        > /kiemtra
        > tôi 1985, vợ 1987, mẹ 76 tuổi
        Gia đình có giấy chứng nhận hộ nghèo
        > huỷ
        > /kiemtra
        > ơ
        Dạ, chưa rõ ý
        cho ai?
    """)
