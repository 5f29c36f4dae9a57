"""Questions about benefits in one's own words, the catalogue, and what else people ask."""

import pytest

from handlers.citizen.catalogue import ABOUT, LIFE, PAGES
from handlers.i18n import LOCALES
from handlers.lexicon import labels
from handlers.pages import page
from models.benefits.check import law
from tests.conversations.stories import officer, reported


async def test_a_person_told_of_begins_the_check_with_what_was_said(town):
    citizen = town.person("84900")
    await citizen.play("""
        > mẹ tôi 76 tuổi không có lương hưu
        Dạ, đã hiểu: kiểm tra cho mẹ, 76 tuổi, không có lương hưu.
        Gia đình có giấy chứng nhận hộ nghèo
        > [Không thuộc]
        Mẹ có Giấy xác nhận khuyết tật
        > không
        Kết quả cho mẹ
        Trợ cấp hưu trí xã hội: 540.000 đồng/tháng
    """)


async def test_the_day_is_taken_from_the_words(town):
    citizen = town.person("84900")
    await citizen.play("""
        > tháng 8/2025 mẹ tôi 76 tuổi được bao nhiêu tiền trợ cấp
        luật ngày Chủ nhật 31/08/2025
    """)


async def test_what_was_understood_can_be_taken_back(town):
    citizen = town.person("84900")
    await citizen.play("""
        > mẹ tôi 76 tuổi không có lương hưu
        Gia đình có giấy chứng nhận
        > quay lại
        Mẹ có lương hưu
        > quay lại
        Mẹ sinh ngày nào?
    """)


async def test_a_general_question_shows_the_situation_and_the_cards(town):
    citizen = town.person("84900")
    await citizen.play("""
        > trợ cấp người già làm sao
        Người cao tuổi – các chế độ đang áp dụng
        > [Trợ cấp hưu trí xã hội]
        Ai được
        từ đủ 75 tuổi; hoặc từ đủ 70 tuổi và thuộc hộ nghèo
        Mức
        540.000 đồng/tháng
        Căn cứ: Điều 2
        Tờ khai Mẫu số 01
        07 ngày làm việc
        nộp ngày 23/11 thì hạn trả lời là thứ Năm 03/12/2026
        > [Kiểm tra có được không]
        cho ai?
    """)


async def test_an_officer_gets_the_question_that_was_typed(town):
    citizen = town.person("84900")
    await citizen.play("""
        > Tháng này chưa nhận được tiền trợ cấp
        Nhận tiền trợ cấp
        trước ngày 25
        > [Hỏi cán bộ]
        sẽ chuyển cán bộ câu: «Tháng này chưa nhận được tiền trợ cấp»
        cho phép UBND xã
    """)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("lam giay xac nhan khuyet tat mat may ngay", "30 ngày"),
        ("nguoi huong tro cap xa hoi co dc cap the bao hiem k", "không phải làm hồ sơ riêng"),
        ("nop ho so o huyen hay o xa vay", "bất kỳ Bộ phận Một cửa"),
        ("hộ nghèo năm 2026 xét chưa, nhà em chưa có trong danh sách", "1.500.000"),
        ("bảo hiểm thất nghiệp nộp ở đâu", "trung tâm dịch vụ việc làm"),
        ("bầu 6 tháng hộ nghèo có hỗ trợ gì k ạ", "810.000 đồng/tháng"),
        ("nguoi nhiem hiv co duoc tro cap khong", "không cần kể ở đây"),
        ("mai tánh phí", "Mai táng – các chế độ"),
        ("sdt can bo xa ba to", "Liên hệ xã"),
        ("cho hỏi đơn thân nuôi con được trợ cấp không", "hộ nghèo hoặc hộ cận nghèo"),
    ],
)
async def test_what_people_ask(town, asked, told):
    citizen = town.person("84900")
    await citizen.says(asked)
    assert told in (await citizen.hears()).replace("**", "")
    buttons = [one.label for one in citizen.last[-1].buttons]
    assert any("ỏi cán bộ" in one or "Gặp cán bộ" in one for one in buttons)


async def test_unsure_whether_a_child_is_in_need_or_a_question_is_asked_offers_both(town):
    citizen = town.person("84900")
    await citizen.play("""
        > trẻ mồ côi được hưởng bao nhiêu tiền
        Dạ, có phải ông/bà muốn:
        > [trẻ em không có nguồn nuôi dưỡng]
        điểm a đến l
    """)


async def test_moving_and_every_other_page_is_two_taps_away(town):
    citizen = town.person("84900")
    await citizen.play("""
        > /chedo
        > [Giấy tờ, nhận tiền, câu hỏi khác]
        > [Chuyển nơi ở]
        từ tháng xã cũ thôi trả
    """)


async def test_a_funeral_begins_from_its_situation(town):
    citizen = town.person("84900")
    await citizen.play("""
        > /chedo mai_tang
        Mai táng – các chế độ đang áp dụng
        > [Kiểm tra có được không]
        Người đó mất ngày nào?
        > 20/11/2026
        Người đã mất sinh ngày nào?
        > 1/1/1946
        > [Không thuộc]
        Lúc còn sống, người đã mất hưởng trợ cấp hằng tháng nào?
        > [Trợ cấp hưu trí xã hội]
    """)
    for _ in range(8):
        if "Kết quả" in "".join(one.text for one in citizen.last):
            break
        await citizen.says("[Không rõ]")
        await citizen.unread()
    heard = "\n".join(one.text for one in citizen.last).replace("**", "")
    assert "từ 10.800.000 đồng" in heard and "Mẫu số 03" in heard and "03 ngày làm việc" in heard
    clerk = await officer(town)
    await citizen.play("""
        > [Gửi đề nghị tới xã]
        > [Đồng ý]
        > Đông Sơn
        > bỏ qua
        > Trần Thị Bảy
        > bỏ qua
        Đã gửi đề nghị
        thứ Sáu 27/11/2026 (thời hạn luật định, điểm a khoản 3 Điều 11 NĐ 335/2026/NĐ-CP)
        Mẫu số 03
    """)
    card = (await clerk.hears()).replace("**", "")
    assert "Đề nghị hỗ trợ mai táng" in card and "mất ngày thứ Sáu 20/11/2026" in card


async def test_after_a_result_new_words_begin_something_new(town):
    citizen = town.person("84900")
    await citizen.play("""
        > mẹ tôi 76 tuổi không có lương hưu
        > [Không thuộc]
        > không
        Kết quả cho mẹ
        > làm giấy xác nhận khuyết tật ở đâu
        Giấy xác nhận khuyết tật
    """)


async def test_a_result_that_nobody_answers_ends_without_a_word(town):
    citizen = town.person("84900")
    await citizen.play("""
        > mẹ tôi 76 tuổi không có lương hưu
        > [Không thuộc]
        > không
        Kết quả cho mẹ
    """)
    town.later(hours=7)
    await town.minute()
    assert await citizen.hears() == ""
    await citizen.says("cảm ơn")
    assert "cảm ơn ông/bà" in await citizen.hears()


@pytest.mark.parametrize("life", sorted(LIFE))
async def test_every_situation_and_each_of_its_cards_can_be_opened(town, life):
    citizen = town.person("84900")
    await citizen.says(f"/chedo {life}")
    assert await citizen.hears()
    tokens = [
        one.token
        for one in citizen.last[-1].buttons
        if one.token.removeprefix("c:chedo:") in law().benefits
    ]
    for token in tokens:
        await citizen.says("", button=token)
        heard = await citizen.hears()
        assert "Căn cứ" in heard and "None" not in heard


def test_every_question_people_ask_has_an_answer():
    asked = {one.name for one in labels("questions")} - {"q_status"}
    assert asked <= set(ABOUT)
    assert set(ABOUT.values()) <= {*LIFE, *PAGES, *law().benefits, ""}


@pytest.mark.parametrize("name", sorted(PAGES))
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_page_is_there_in_every_language_and_short_enough(name, locale):
    assert (LOCALES / locale / "pages" / f"{name}.txt").exists()
    assert len(page(name, locale)) < 1200


async def test_what_a_report_may_be_considered_for_is_told_to_both_sides(town):
    clerk = await officer(town)
    citizen = await reported(town)
    told = "\n".join(one.text for one in citizen.last).replace("**", "")
    await clerk.hears()
    card = "\n".join(one.text for one in clerk.last).replace("**", "")
    for heard in (told, card):
        assert "Có thể được xem xét (cán bộ quyết định)" in heard
        assert "thuộc diện được xem xét" in heard and "40.000.000 đồng" in heard
        assert "Điều 12 NĐ 335/2026/NĐ-CP" in heard


async def test_english_speakers_read_english(town):
    citizen = town.person("84900")
    await citizen.play("""
        > /ngonngu en
        > /kiemtra
        For whom do you want to check benefits?
        > [For a relative]
        > mother
        Date of birth of Your mother?
        > 1950-03-03
        > [Neither]
        > no
        > no
        Result for your mother
        ✅ Social pension: 540.000 đồng a month
        the time limit of a request sent on 23/11 ends on Thursday 03/12/2026
        What would you like to do next?
    """)


async def test_what_was_said_of_a_death_is_not_asked_again(town):
    citizen = town.person("84900")
    await citizen.says(
        "bà nội mới mất hôm qua, 85 tuổi, già yếu, đang hưởng trợ cấp hưu trí xã hội"
    )
    await citizen.says("/kiemtra deceased")
    heard = (await citizen.hears()).replace("**", "")
    assert "mất ngày Chủ nhật 22/11/2026, 85 tuổi, bệnh, tuổi già, trợ cấp hưu trí xã hội" in heard
    assert "mất ngày nào" not in heard and "nguyên nhân gì" not in heard
    assert "trợ cấp hằng tháng nào" not in heard


async def test_a_death_is_asked_about_in_words_that_fit_one(town):
    citizen = town.person("84900")
    await citizen.play("""
        > /kiemtra deceased
        Người đó mất ngày nào?
        > 85 tuổi
        Dạ, đã hiểu: 85 tuổi.
        Người đó mất ngày nào?
        > hôm qua
    """)
    await citizen.unread()
    asked = {}
    for _ in range(8):
        last = citizen.last[-1]
        asked |= {name: last for name in ("hằng tháng nào", "nguyên nhân gì") if name in last.text}
        if "nguyên nhân gì" in last.text:
            break
        await citizen.says("[Không rõ]" if "hằng tháng nào" not in last.text else "hưu trí xã hội")
        await citizen.unread()
    received = [one.label for one in asked["hằng tháng nào"].buttons]
    assert "Trợ cấp hưu trí xã hội" in str(received) and "Trẻ" not in str(received)
    causes = str(asked["nguyên nhân gì"])
    assert "Bệnh, tuổi già" in causes
    assert "Giáp hạt" not in causes and "Tết" not in causes and "Mất mùa" not in causes
    await citizen.presses("Thiên tai")
    await citizen.unread()
    heard = "\n".join(one.text for one in citizen.last).replace("**", "")
    assert "không cộng thêm, chỉ hưởng một mức cao nhất" in heard


async def test_the_children_and_the_single_state_are_taken_from_the_first_words(town):
    citizen = town.person("84900")
    await citizen.play("""
        > em la me don than nuoi 2 con 3 tuoi va 8 tuoi ho can ngheo
        Dạ, đã hiểu: kiểm tra cho ông/bà, hộ cận nghèo, nuôi con 3 tuổi, 8 tuổi, đơn thân.
    """)
    asked = []
    for _ in range(12):
        last = citizen.last[-1]
        asked.append(last.text)
        if "Kết quả" in "".join(one.text for one in citizen.last):
            break
        if "Tình trạng hôn nhân" in last.text:
            assert "Có chồng, có vợ" not in str(last.buttons)
            await citizen.says("chưa có chồng")
        else:
            await citizen.says("1996" if "sinh ngày nào" in last.text else "không")
        await citizen.unread()
    heard = "\n".join(one.text for one in citizen.last)
    assert "Trợ cấp xã hội: người đơn thân nghèo đang nuôi con" in heard
    assert not [one for one in asked if "đang nuôi những con nào" in one]


async def test_a_year_of_birth_tells_in_which_year_somebody_comes_of_age(town):
    citizen = town.person("84900")
    await citizen.play("""
        > tui 74 tuoi ruoi sinh thang 3 nam 1952
        Dạ, đã hiểu: kiểm tra cho ông/bà, sinh 1952.
        > [Không thuộc]
        > không
        Trợ cấp hưu trí xã hội: chưa, vì cần «từ đủ 75 tuổi» …; đủ tuổi trong năm 2027
    """)


async def test_what_goes_to_an_officer_is_said_before_consent_is_asked_for(town):
    citizen = town.person("84900")
    await citizen.play("""
        > bao h phat gao tet
        Dạ, kênh này chưa có lịch để trả lời «bao h phat gao tet»
        xin chuyển câu này tới cán bộ xã
        cho phép UBND xã
        > quay lại
        Ông/bà muốn hỏi hoặc nhờ cán bộ việc gì?
        > huỷ
        > cán bộ xã ăn chặn tiền cứu trợ
        sẽ chuyển cán bộ câu: «cán bộ xã ăn chặn tiền cứu trợ»
        cho phép UBND xã
    """)


async def test_what_was_typed_before_the_button_comes_along(town):
    citizen = town.person("84900")
    await citizen.play("""
        > chong bo di lau roi ko ly di, em nuoi 2 con 5 tuoi va 9 tuoi, ho ngheo co duoc tro cap ko
        > /kiemtra
        Dạ, đã hiểu: … nuôi con 5 tuổi, 9 tuổi, chồng hoặc vợ bỏ đi, chưa có quyết định của toà.
    """)
    await citizen.play("""
        > huỷ
        > /kiemtra
        cho ai?
    """)
