"""Kinds of danger people tell in many ways, and what only has their words."""

import csv
from pathlib import Path

import pytest

from handlers import lexicon
from handlers.understand import might_be_danger, understand

FRIGHTENED = Path(__file__).parent / "frightened.tsv"

IN_DANGER = {
    "told among other things": [
        (
            "Chào cán bộ, tui nhắn hỏi cái sổ hộ nghèo của má tui làm tới đâu rồi. Bữa trước "
            "chị Lan nói tháng này có. Thôi chuyện đó tính sau. Nhà chú Năm kế bên sập rồi, "
            "chú còn nằm ở dưới, tụi tui moi không ra. Nhờ chị coi giùm luôn cái sổ nghen."
        ),
        (
            "Dạ cho em hỏi thẻ bảo hiểm của ba em hết hạn tháng trước thì đổi ở đâu ạ, em ra "
            "xã hai lần rồi. Ba em bị lũ cuốn hồi nãy ngoài đập, em chạy theo không kịp. Giờ "
            "em làm sao."
        ),
        (
            "Em hỏi tí nha. Hồi lụt 2020 nhà em có được hỗ trợ 5 triệu. Giờ nước lớn hơn nữa,"
            " vô tới cổ rồi, mẹ em không biết bơi. Vậy năm nay có hỗ trợ nữa không."
        ),
        (
            "Tui nói hơi dài nghe cô. Năm ngoái nhà tui được xã cho con bò, nuôi tới giờ đẻ "
            "được hai con nghé. Hồi tối chồng tui say rượu cầm rựa rượt tui chạy ra ngoài "
            "ruộng, giờ ổng còn đang kiếm. Tui muốn hỏi coi bò đó bán được không."
        ),
    ],
    "a hill over people": [
        "triền núi trên đầu làng toác một đường rộng, mấy chục nhà ở dưới vẫn chưa dời",
        "nui nut lon lam roi, duoi chan nui con 15 ho chua di dau het",
        "đất sau nhà cứ chuồi xuống từng mảng mà cả xóm dưới dốc còn đang ngủ",
        "quả đồi nó nứt đôi, bà con trong làng mình không chịu đi",
        "đất lở tới sát vách mà xóm dưới còn ba nhà chưa chịu dọn đi đâu",
    ],
    "an infant left behind": [
        "đứa nhỏ bị bỏ ngoài nghĩa địa khóc khản cổ giờ nín luôn",
        "thay dua nho con do hoi trong gio truoc nha tho, khong thay cua quay",
        "lượm được em bé quấn khăn ngoài bụi tre, kiến cắn đầy người",
    ],
    "a farewell": [
        "con để lại mấy chữ trên bàn thờ cho ba má, ba má đừng buồn con",
        "em gái tui bỏ lá thư dưới gối, kiếm nó không ra",
        "đây là tin nhắn cuối cùng con gửi, mọi người ở lại mạnh giỏi",
        "tối nay là hết rồi, con không gặp mọi người nữa đâu",
        "tui đi nghen, hai đứa nhỏ nhờ bà con dòm ngó giùm",
        "giao lại nhà cửa con cái cho em, anh đi",
        "cậy xã chôn cất tui, tiền tui để trong hũ gạo",
    ],
    "poison leaf": [
        "nó giận chồng chạy vô rừng ăn lá ngón rồi",
        "chị dâu bứt lá ngón ăn, đang ói xanh",
        "con em an nam la ngon, mieng te cung",
    ],
    "old and not answering": [
        "má tui tám mươi ở nhà có mình ên, nước tới cửa sổ rồi, điện hoài không ai nghe",
        "cụ bà sống một mình hai hôm nay không thấy ra, kêu cửa không ai thưa",
    ],
    "rabies": [
        "con chó cắn thằng út hai tháng trước, giờ nó sợ nước, uống vô là sặc",
        "bi cho dai can khong chich ngua, nay hanh sot, so anh sang, chay nuoc dai",
        "ba tui phát dại, chó cắn hồi tháng tám",
    ],
    "pierced": [
        "rớt từ mái xuống trúng hàng rào, cây sắt đâm xuyên đùi",
        "cây dừa gãy đập trúng, khúc cây ghim vô lưng ảnh",
        "thang em nga gian giao, sat dam lut vo nguc",
    ],
    "explosives": [
        "lu nho nhat duoc luu dan choi chuyen nhau",
        "thằng cha xóm trên cưa bom bán sắt vụn, tụi nhỏ đứng coi",
        "đào móng trúng quả bom to lắm, thợ còn đang cuốc",
    ],
    "one household in a report": [
        "báo cáo: toàn thôn an toàn, chỉ còn nhà bà Y Rin 3 người kẹt trên nóc chưa đón được",
        "20 ho da so tan, con 2 cu gia khong chiu di, nuoc toi cua so roi",
    ],
    "thanks, drills and tales beside it": [
        "cảm ơn cán bộ hôm trước đã giúp gạo, giờ nước lên tới nóc rồi cứu mẹ con tui",
        "nhờ mấy anh công an đêm nay chở mẹ con tui ra với, nước tới cổ",
        "diễn tập hôm qua xong, nay cháy thiệt, chợ cháy rồi",
        "zalo lỗi hoài, nước lên nóc cứu tôi với",
        "con tui chơi game bị điện giật nằm im cứu với",
        "đọc báo thấy số này, nhà con bị lũ cuốn, con đang bám cây",
        "bấm nhầm số khác, nhà cháy rồi, không có ai cứu",
        "nếu nước lên nữa thì gọi ai, giờ tới cổ rồi",
        "con bò rớt xuống giếng, chồng tui xuống kéo xỉu luôn",
        "thằng bé kiếm ra rồi, nằm bất tỉnh ngoài suối",
        "may nguoi dang o tren mai, nuoc len",
        "bà bán vé số nhà bị cháy",
    ],
}

IN_NO_DANGER = [
    "cảm ơn mấy chú bộ đội đã cõng mẹ con tui ra khỏi nước lũ đêm đó",
    "nhờ bác sĩ trạm cứu mà con em hết co giật rồi, cám ơn nhiều",
    "cám ơn bà con vớt thằng nhỏ lên kịp, giờ nó khỏe re",
    "huyện tổ chức hội thao cứu hộ cứu nạn, xã mình cử mấy người",
    "sáng nay xã diễn tập cháy chợ, còi hú quá trời",
    "bán xuồng composite cứu hộ bao ship",
    "ai cần bình chữa cháy inbox em giá gốc",
    "coi thời sự thấy ngoài Hà Giang lũ quét chết mấy người",
    "cứu em, em lỡ xóa app ngân hàng rồi",
    "em ơi cứu lấy trái tim anh đi",
    "đội em sắp chết trong game, vô cứu đi anh em",
    "nếu mùa mưa tới mà làng bị cô lập thì phải báo cho ai trước",
    "Hồi nãy con nhắn ghe ba con mất liên lạc, giờ ổng vô tới Sa Kỳ rồi, người khỏe re nghen",
    "hồi nãy con tui bấm lung tung báo cháy nhà, không có chi đâu, xóa giùm",
    "bếp nhà em bắt lửa hồi sáng, tạt mấy thau nước là tắt",
    "dien ro ri giat chet 3 con heo nai toi qua",
]


@pytest.mark.parametrize("text", [text for rows in IN_DANGER.values() for text in rows])
def test_a_kind_of_danger_in_other_words(text):
    assert understand(text).danger
    assert might_be_danger(text)


@pytest.mark.parametrize("text", IN_NO_DANGER)
def test_what_only_has_the_words_of_danger(text):
    assert not understand(text).danger


def _frightened():
    with FRIGHTENED.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [lexicon.Example(**row) for row in rows]


def test_what_frightened_people_say_is_heard():
    rows = _frightened()
    assert not {row.text for row in rows} & {row.text for row in lexicon.examples()}
    assert not [
        row.text
        for row in rows
        if row.urgency == "sos" and not (understand(row.text).danger and might_be_danger(row.text))
    ]
    calm = [row for row in rows if row.urgency != "sos"]
    alarms = [row.text for row in calm if understand(row.text).danger]
    assert len(alarms) <= 0.1 * len(calm), "\n".join(alarms)


def test_danger_of_long_ago_in_a_long_message_is_none():
    meaning = understand(
        "Chào cô. Năm 2009 nhà tui bị lũ cuốn, ba tui bị nước cuốn mất luôn, hồi đó xã "
        "cho mười triệu làm lại nhà. Giờ tui già rồi, tui muốn hỏi xã còn khoản nào cho "
        "hộ nghèo nữa không."
    )
    assert not meaning.danger
