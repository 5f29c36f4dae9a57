"""What people type instead of pressing a button, and what is understood at each question.

Each row: a question, what it is understood as, and what was typed, separated by strokes.
"""

from datetime import date
from types import SimpleNamespace

import pytest

from handlers import asking, filling, lexicon
from handlers.benefits import questions as check
from handlers.dialogue import SKIPPED, BadAnswer
from handlers.i18n import translator
from handlers.pastdays import happened, happened_on
from handlers.report_questions import FLOW as REPORT
from handlers.understand import understand

ASKED_AGAIN = "?"
PASSED = SKIPPED
A_CAUSE = {"chay nha"}  # what it was, where somebody has just said that nobody is in danger

TYPED: dict[str, dict[str, str]] = {
    "report.danger": {
        "yes": (
            "có | Co | dạ có | dạ có ạ | có chớ | có nè | có á | ừ có | ờ | ừa | đúng rồi | 👍 | "
            "1 | ✅ | yes | có, bà nội | có chứ"
        ),
        "no": (
            "dạ hông | hổng có | hông có ai hết | hong | hem | khum | ko | k có | 0 có | kg | "
            "khong co ai het | dạ không có ai ạ | dạ thưa không | không có gì | không có ai "
            "nguy hiểm hết | không ai bị gì | không sao | dạ hiện tại thì không | hiện giờ "
            "không | bây giờ thì không có | chưa có ai | giờ thì không | đã an toàn hết rồi | "
            "mọi người an toàn | không nguy hiểm | không nguy hiểm tính mạng | 2 | Không ạ | "
            "không, chỉ hư nhà thôi | không, chỉ có nhà hư thôi | ❌ | no | dạ k | dạ hông anh | "
            "chưa | đâu có | đâu có ai | làm gì có | hết nguy hiểm rồi | tạm thời không | tạm "
            "thời chưa | may quá không ai bị gì | dạ may không ai bị sao"
        ),
        ASKED_AGAIN: "khỏi | hết rồi | có thể | không biết",
    },
    "report.consent": {
        "agree": (
            "đồng ý | dong y | đồng í | tôi đồng ý | dạ đồng ý ạ | dạ cho phép | cho phép | ok "
            "| okie | okela | oki | dạ được | được chứ | có | 1 | nhất trí | ừ đồng ý | 👌 | "
            "đồng ý hết"
        ),
        "refuse": (
            "không đồng ý | ko đồng ý | k dong y | không | không cho phép | chưa đồng ý | 2 | "
            "dạ em không đồng ý | ko | thôi không"
        ),
        ASKED_AGAIN: "tùy | tất nhiên | cho",
    },
    "report.commune": {
        "21109": (
            "Đông Sơn | xã đông sơn | dạ ở xã Đông Sơn ạ | xa dong son tinh quang ngai | Đông "
            "sơn nha em"
        ),
        "23326": "ia chim",
    },
    "report.more": {
        "done": (
            "không | dạ không | hết rồi | dạ hết rồi ạ | không còn gì | không còn gì nữa | "
            "không có gì thêm | khong con gi nua het | thôi hết rồi | chỉ vậy thôi | vậy thôi"
        ),
        ASKED_AGAIN: "có",
        "hunger": "hết gạo",
        "injury": "có người bị thương nặng",
        "house_destroyed,evacuation": "2, 4",
        "evacuation": "phải di dời",
    },
    "report.village": {
        "phuoc thien": "thôn Phước Thiện | phuoc thien",
        "thôn 2": "thôn 2",
        "tổ 3": "tổ 3",
        "xóm 5 thôn Phú Lễ": "xóm 5 thôn Phú Lễ",
        "làng Kon Rờ Bàng": "làng Kon Rờ Bàng",
        PASSED: (
            "không nhớ | khong nho | quên rồi | không biết nữa | dạ không biết ạ | hổng biết | "
            "ko bik | em không rõ | không có"
        ),
        "thôn Không Biên": "thôn Không Biên",
        "Thôn Cây Cối": "Thôn Cây Cối",
    },
    "report.address": {
        "gần cầu Ông Tưng": "gần cầu Ông Tưng",
        "sau lưng trường tiểu học": "sau lưng trường tiểu học",
        "số 12 đường 30/4": "số 12 đường 30/4",
        "nhà cấp 4 gần ngã 3": "nhà cấp 4 gần ngã 3",
        "đối diện quán cà phê Sóng": "đối diện quán cà phê Sóng",
        "gần nghĩa trang liệt sĩ": "gần nghĩa trang liệt sĩ",
        "gần trạm cấp cứu": "gần trạm cấp cứu",
        "sát bờ sông chỗ sạt lở": "sát bờ sông chỗ sạt lở",
        PASSED: "bỏ qua đi | khỏi | dạ bỏ qua ạ | để sau",
        "hỏi trưởng thôn là biết": "hỏi trưởng thôn là biết",
    },
    "report.cause": {
        "storm": (
            "bão | bao | do bão | bão số 12 | dạ do bão ạ | gió bão | gió lớn | gió to | bảo | "
            "cơn bão số 12 vừa rồi | mưa to gió lớn | bão gió | bão giật cấp 12"
        ),
        "flood": (
            "lũ | lụt | lu lut | do mưa lũ | nước lũ cuốn | mưa lớn ngập | 2 | nước lớn | lũ cuốn"
        ),
        "landslide": "sạt lở núi | sạt lở đất | lở đất | đất lở",
        "whirlwind": "lốc | lốc xoáy | sét đánh | mưa đá | dông lốc",
        "fire": "cháy | cháy nhà | hỏa hoạn | chập điện",
        "traffic": "tai nạn xe | tai nạn giao thông | bị xe tông",
        "work": "tnlđ | té giàn giáo",
        "epidemic": "dịch tả heo | covid | dịch heo",
        "other": "bệnh | đau ốm | nguyên nhân khác | khác | già yếu | mất mùa",
        PASSED: "không biết",
        ASKED_AGAIN: (
            "lũ và sạt lở | thiên tai | trời mưa | do nghèo | tai nạn | sạt | bao gio co ng toi"
        ),
    },
    "report.happened": {
        "ago:0": (
            "hôm nay | hom nay | hnay | bữa nay | bữa ni | sáng ni | sáng nay | mới sáng nay | "
            "hồi sáng | hồi nãy | mới đây | mới hồi trưa | trưa nay | khoảng 2h chiều nay | lúc "
            "7 giờ sáng nay | 7h sáng nay | mới bị sáng nay | 4h sáng nay | vừa mới đây | mới "
            "tức thì | đang xảy ra | bây giờ | ngay bây giờ"
        ),
        "ago:1": (
            "hôm qua | dạ hôm qua ạ | hqua | bữa qua | tối qua | tối hôm qua | hồi tối qua | "
            "đêm qua | đêm hôm qua | hồi hôm | khi hôm | khuya hôm qua | lúc 2 giờ sáng hôm qua "
            "| tối qua lúc 8h | chiều hôm qua | từ hôm qua"
        ),
        "ago:2": (
            "hôm kia | bữa kia | đêm hôm kia | cách đây hai ngày | hai ngày rồi | 2 bữa nay"
        ),
        "ago:3": (
            "hôm kìa | 3 ngày trước | cách đây 3 ngày | được 3 bữa rồi | cách nay 3 bữa | 3 hôm"
        ),
        ASKED_AGAIN: (
            "mấy bữa rồi | tuần trước | tháng trước | 30/2 | lâu rồi | 32/13 | hôm bão số 12 | "
            "hồi 3h khuya | đêm qua rạng sáng nay | nửa tháng | từ 20/11 đến 22/11 | tháng 11 | "
            "năm ngoái"
        ),
        "ago:7": "1 tuần | một tuần trước | 1 tuần rồi",
        "ago:14": "2 tuần trước | hai tuần nay",
        "w1": "thứ 3 | thứ ba | thu 3 | t3",
        "w1-": "thứ 3 tuần rồi | thứ ba tuần trước",
        "w6": "chủ nhật | chủ nhật vừa rồi | bữa chủ nhật | tối chủ nhật",
        "w6-": "CN tuần rồi",
        "w5": "sáng thứ 7 | hôm thứ bảy | thứ bảy",
        "15/11": (
            "15/11 | 15-11 | ngày 15/11 | dạ ngày 15/11 ạ | 15 tháng 11 | ngày 15 tháng 11 | "
            "mười lăm tháng mười một | 15/11 lúc 2h sáng | 20h ngày 15/11 | đêm 15/11 | tối "
            "ngày 15/11"
        ),
        "2026-11-15": (
            "15.11.2026 | 15/11/26 | 15/11/2026 | 15 thang 11 nam 2026 | ngày 15 tháng 11 năm "
            "2026 | 2 giờ sáng ngày 15/11/2026"
        ),
        "day:15": "ngày 15 | 15 | hôm 15",
        "moon:3/10": "mùng 3 tháng 10 âm",
        "moon:15/10": "rằm tháng 10",
        "moon:15": "rằm",
        "moon:23": "23 âm | 23 âm lịch",
        "moon:10/10": "10/10 âm lịch | 10/10 al | mùng mười tháng mười",
        "moon:1/10": "mồng 1 tháng 10",
        PASSED: "không nhớ | không nhớ rõ | quên",
        "day:20": "ngày 20",
        "20/11": "20/11 này | hôm 20/11 | 20 / 11 | từ 20/11",
        "2026-11-20": "20-11-26 | 20/11/2026 lúc 22h30",
        "ago:5": "khoảng 5 ngày nay",
        "moon:10": "mùng 10 âm lịch",
    },
    "report.whose": {
        "own": (
            "nhà tôi | nha toi | nhà em | gia đình tôi | gia dinh em | cho nhà tôi | báo cho "
            "nhà mình | tôi | cho tôi | tui | nhà tui | chính tôi | chính chủ | bản thân | nhà "
            "mình | nhà con | của tôi | dạ nhà em ạ | của gia đình | gia đình mình | 1 | mình"
        ),
        "neighbour": (
            "hàng xóm | hang xom | nhà hàng xóm | hàng xóm của tôi | nhà kế bên | nhà bên cạnh "
            "| bà hàng xóm | người trong xóm | lối xóm | bà con trong thôn | cho bà con lối xóm "
            "| giùm hàng xóm"
        ),
        "other": (
            "người khác | mẹ tôi | cho mẹ tôi | nhà mẹ tôi | nhà ba má em | nhà bác Ba | ông "
            "Sáu | bạn tôi | nhà bà ngoại | nhà anh trai tôi | nhà chồng tôi | chị tôi | em gái "
            "tôi | nhà con gái tôi | nhà em gái tôi | nhà em trai"
        ),
    },
    "report.head": {
        "Nguyễn Văn A": (
            "Nguyễn Văn A | tên Nguyễn Văn A | dạ Nguyễn Văn A ạ | chủ hộ là Nguyễn Văn A"
            " | tôi tên Nguyễn Văn A"
        ),
        "nguyen thi chim": "nguyen thi chim",
        "Đinh Văn Lũ": "Đinh Văn Lũ",
        "Phạm Thị Cứu": "Phạm Thị Cứu",
        "Võ Văn Bão": "Võ Văn Bão",
        "Trần Văn Không": "Trần Văn Không",
        "A Chìm": "A Chìm",
        "Y Cứu": "Y Cứu",
        "Hồ Thị Chết": "Hồ Thị Chết",
        "Lê Văn Thôi": "Lê Văn Thôi",
        "Nguyễn Thị Thôi": "Nguyễn Thị Thôi",
        "ông Tư Cháy": "ông Tư Cháy",
        "Nguyễn Văn Hủy": "Nguyễn Văn Hủy",
        "Đỗ Thị Lụt": "Đỗ Thị Lụt",
        "bà Sáu": "bà Sáu",
        "tôi": "tôi",
        "Nguyễn Văn A sinh năm 1960": "Nguyễn Văn A sinh năm 1960",
        "Nguyễn Văn A 0912345678": "Nguyễn Văn A 0912345678",
        PASSED: "Không | Không biết tên",
        "Lê Cứu": "Lê Cứu",
        "Trần Sập": "Trần Sập",
    },
    "report.people": {
        "4": (
            "4 | 4 người | bốn | bốn người | nhà 4 khẩu | 4 nhân khẩu | có 4 người | dạ 4 ạ | "
            "dạ nhà em có bốn người ạ | khoảng 4 người | 4 ng | 4ng | 4 nguoi lon | bốn khẩu"
        ),
        "5": (
            "nam nguoi | năm người | nhà 5 người, trong đó 2 trẻ nhỏ | 5 người gồm 2 ông bà và "
            "3 cháu"
        ),
        "12": "mười hai người | 12",
        "10": "mười | hơn 10 người",
        "2": (
            "hai vợ chồng | 2 vợ chồng | hai mẹ con | hai ông bà già | hai bà cháu | 2 bà cháu "
            "| có 2 vợ chồng | vợ chồng già | chỉ có 2 vợ chồng già"
        ),
        "3": "mẹ con tôi 3 người | ba người | nhà có 3 người ạ | có ba người | 3 mẹ con",
        "1": (
            "một mình | có mình tôi | mình tôi | ở một mình | chỉ có mình em | 1 mình | mình ên"
        ),
        "OFFER:4": "2 vợ chồng 2 con | hai vợ chồng và 2 con | 2 lớn 2 nhỏ",
        "OFFER:5": (
            "hai vợ chồng và ba đứa con | vợ chồng tôi và 3 đứa con | 2 người lớn 3 trẻ em"
        ),
        "OFFER:4,5": "4, 5 người | 4-5 người",
        ASKED_AGAIN: (
            "nhà bay mái hết rồi | ba má và tôi | nhà có bà nội | tôi và ba | năm nay khó khăn "
            "lắm | 61 người | 100 | tôi với mẹ | nhiều lắm | đông lắm | nhà tôi 1960 | "
            "0912345678"
        ),
        "6": "sáu mạng | 6 người, số điện thoại 0912345678 | gia đình 6 nhân khẩu",
        PASSED: "không có ai | không",
        "7": "tổng cộng 7 | bảy người trong nhà | 7 người, 2 trẻ",
        "OFFER:5,6": "5-6 | 5 hoặc 6",
    },
    "report.vulnerable": {
        "none": (
            "không | không có | dạ hông có ạ | không có ai | không ai hết | hổng có | khong co "
            "ai het"
        ),
        "children=2,elderly=1": (
            "2 trẻ nhỏ, 1 người già | 2 trẻ 1 già | có 2 cháu nhỏ và 1 bà già | tre nho 2, "
            "nguoi gia 1 | trẻ nhỏ: 2, người già: 1 | 2 nhỏ 1 già"
        ),
        "children=2": (
            "hai đứa nhỏ | 2 đứa con nhỏ | 2 con nhỏ | 2 bé | 2 cháu 5 tuổi và 7 tuổi | có, 2 đứa"
        ),
        "elderly=1": (
            "một bà cụ 80 tuổi | bà nội 80 tuổi | mẹ già 85 tuổi | 1 ông già | không có trẻ "
            "nhỏ, có 1 người già | trẻ nhỏ thì không, có người già | người lớn tuổi | cụ bà 90 "
            "tuổi | bà cụ | ba má già"
        ),
        "children=1": (
            "1 cháu 3 tuổi | con 3 tuổi | 1 | trẻ em | 1 trẻ 3 tuổi | 1 bé 8 tháng | bé 8 tháng "
            "tuổi | có con nhỏ | con nhỏ"
        ),
        "pregnant=1": "có bầu | vợ đang mang bầu | vợ bầu 7 tháng | bà bầu",
        "children=2,pregnant=1": "1 bà bầu, 2 em bé",
        "children=3": "ba trẻ nhỏ | 3 trẻ, không có người già",
        "disabled=1": (
            "có 1 người khuyết tật | con tôi bị bại não | người tàn tật | ông bị liệt | 3"
        ),
        "children=1,elderly=1": "1,2",
        "elderly=2": "hai ông bà già | 2 cụ | hai cụ già",
        ASKED_AGAIN: "gia đình tôi có 4 người | tháng giá cả khó khăn | có | chồng bị tai biến",
        "children=1,pregnant=1": "vợ có bầu, 1 con nhỏ",
        "elderly=1,disabled=1": "mẹ tôi 80 tuổi bị liệt",
        "children=2,elderly=2": "tre em 2 nguoi gia 2",
    },
    "report.poverty": {
        "poor": (
            "hộ nghèo | ho ngheo | nghèo | ngheo | hn | dạ hộ nghèo ạ | nhà em hộ nghèo | nhà "
            "tôi là hộ nghèo năm 2026 | có, hộ nghèo | có sổ hộ nghèo | sổ hộ nghèo | có sổ "
            "nghèo | có giấy hộ nghèo | 1 | hộ ngèo | hộ nghèo có sổ | hộ nghèo đa chiều"
        ),
        "near_poor": (
            "hộ cận nghèo | cận nghèo | can ngheo | cận | hcn | nhà tôi thuộc hộ cận nghèo | "
            "không nghèo, cận nghèo | không phải hộ nghèo mà cận nghèo | số 2 | 2. | hộ cân "
            "nghèo | ho can ngeo | dạ nhà con cận nghèo ạ | cận thôi | có giấy chứng nhận hộ "
            "cận nghèo"
        ),
        ASKED_AGAIN: (
            "có | dạ có | Hộ nghèo, cận nghèo | nghèo lắm | năm ngoái nghèo năm nay hết | nghèo "
            "mà không có sổ | chưa có sổ | không được xét"
        ),
        "neither": (
            "không | dạ không | hông | hổng có | ko có | không có | không thuộc hộ nghèo | "
            "không phải hộ nghèo | không nghèo | không thuộc diện nào | mới thoát nghèo | thoát "
            "nghèo rồi | hộ trung bình | bình thường | câu 3 | đã thoát nghèo | không có sổ hộ "
            "nghèo"
        ),
        "unknown": (
            "không biết | không rõ | hông rõ | chưa rõ | chưa biết | không nhớ | xã chưa xét | "
            "đang chờ xét hộ nghèo"
        ),
    },
    "report.phone": {
        "+84912345678": (
            "0912345678 | 0912 345 678 | 091.234.5678 | 0912-345-678 | 091 2345678 | "
            "+84912345678 | 84 912 345 678 | +84 (0) 912 345 678 | sđt 0912345678 | số em là "
            "0912345678 ạ | 0912345678 hoặc 0987654321 | 0912345678 - 0987654321 | "
            "0912345678/0987654321 | 912345678 | không chín một hai ba bốn năm sáu bảy tám | "
            "0912345678 gặp anh Ba | o912345678 | 09 1234 5678 | 0 9 1 2 3 4 5 6 7 8"
        ),
        "+842553822123": "0255 3822 123 | (0255) 3822123",
        ASKED_AGAIN: "09123456789 | 091234567 | 12345 | số này luôn | 0905 123 45 | 113",
        PASSED: (
            "không có | không có điện thoại | ko có đt | em không có số | khỏi gọi | không cần"
        ),
        "+84905123456": "0905.123.456 | +84-905-123-456 | số của con tôi 0905123456",
    },
    "report.photos": {
        "done": "xong | xong rồi | dạ xong ạ | hết | gửi xong rồi | hết rồi",
        PASSED: "không có ảnh | không có | không | bỏ qua | chưa chụp được | không có hình",
    },
    "report.confirm": {
        "send": (
            "đúng | đúng rồi | dung roi | dạ đúng rồi ạ | gửi đi | gởi đi | gửi luôn | ok | ok "
            "gửi đi em | chính xác | chuẩn | đúng hết rồi | được rồi | vâng"
        ),
        "fix": "sai | chưa đúng | không đúng | sửa | sai rồi",
    },
    "check.whom": {
        "self": "cho tôi | tôi | tui | cho em | dạ cho tôi ạ | chính tôi | bản thân | 1",
        "relative": "cho mẹ tôi | mẹ tôi | cho má | người thân | cho con tôi",
        "household": "cả nhà | cho cả gia đình | gia đình tôi | cho cả nhà tôi | số 3",
        "deceased": "mai táng | ba tôi mới mất | ba tôi mới chết | người đã mất",
        ASKED_AGAIN: "con",
    },
    "check.relation": {
        "mother": "mẹ | má | mẹ tôi | má em | mẹ chồng | mẹ ruột",
        "father": "ba | ba tôi | bố | tía | cha",
        "grandparent": "bà nội | bà ngoại tôi | ông nội",
        "spouse": "vợ | chồng tôi | ck",
        "child": "con | con trai tôi | con gái",
        "grandchild": "cháu nội | cháu ngoại",
        "sibling": "anh trai | em gái | em tôi",
        "other": "hàng xóm | người quen | dì | cô | chú ruột | bác hai | cậu | bạn",
    },
    "check.members": {
        "self:1985;spouse:1987;child:2016;mother:a76": ("tôi 1985, vợ 1987, con 2016, mẹ 76 tuổi"),
        ASKED_AGAIN: (
            "tôi 40 tuổi, vợ 38 tuổi, 2 con 10 tuổi và 6 tuổi | tui 1985 vợ 1987 | 4 người"
        ),
        "self:1985;spouse:1987": "tôi sinh 85, vợ sinh 87",
        "mother:a76": "mẹ bảy mươi sáu tuổi",
        "self:;mother:a80": "tôi và mẹ 80 tuổi",
    },
    "check.birth_date": {
        "1950-03-15": (
            "15/03/1950 | 15-3-1950 | 15.3.1950 | 15 3 1950 | 15/3/50 | ngày 15 tháng 3 năm "
            "1950 | 15 tháng 3 năm 1950 | sinh ngày 15/3/1950"
        ),
        "1950": (
            "1950 | năm 1950 | sinh năm 1950 | sn 1950 | sinh năm 50 | tháng 3/1950 | tháng 3 "
            "năm 1950 | 76 tuổi, sinh năm 1950"
        ),
        "1952": "sn 52",
        "a76": (
            "76 tuổi | 76t | 76 | dạ 76 tuổi ạ | bảy mươi sáu tuổi | bảy mươi sáu | bảy sáu "
            "tuổi | mẹ tôi 76 tuổi | năm nay 76 tuổi | 76 tuổi rồi | khoảng 76 tuổi"
        ),
        "a75": "bảy lăm tuổi",
        ASKED_AGAIN: (
            "gần 80 | hơn 80 tuổi | chưa tới 75 tuổi | ngoài 70 | 1950 hay 1951 | tuổi Thìn | "
            "30/2/1950 | cụ sinh năm Canh Dần | một chín năm mươi"
        ),
        "a1": "18 tháng",
        "a0": "8 tháng tuổi",
        "a3": "3 tuổi rưỡi",
        PASSED: "không nhớ | không rõ ngày | quên rồi | hổng nhớ",
    },
    "check.birthday": {
        "03/03": "3/3 | 3 tháng 3 | ngày 3 tháng 3 | mùng 3 tháng 3",
        PASSED: "không nhớ | không rõ",
        "15/12": "15-12",
    },
    "check.household": {
        "poor": "hộ nghèo | dạ hộ nghèo ạ | có sổ nghèo",
        "near_poor": "cận nghèo | nhà tôi cận nghèo",
        "other": (
            "không | không thuộc | không có | không phải hộ nghèo | không thuộc hai diện này"
        ),
        PASSED: "không biết | không rõ",
        ASKED_AGAIN: "có",
    },
    "check.father": {
        "alive": "còn sống",
        ASKED_AGAIN: "còn | không có cha",
        "dead": "đã chết | chết rồi | mất rồi | ba mất năm ngoái | qua đời | đã mất",
        "absent": "bỏ đi",
        "sentence": "đi tù | ở tù",
        PASSED: "không biết",
        "undetermined": "không xác định",
    },
    "check.receiving": {
        "none": "không | không có | chưa có | chưa có gì | không hưởng gì",
        "k5": "người cao tuổi | tiền người cao tuổi",
        "k1": "trẻ mồ côi",
        "k4": "đơn thân nuôi con",
        "k6": "người khuyết tật",
        "social_pension": (
            "hưu trí xã hội | trợ cấp hưu trí xã hội | đang hưởng trợ cấp hưu trí xã hội"
        ),
        PASSED: "không biết",
    },
    "check.cause": {
        "illness": (
            "già yếu | bệnh | đau bệnh | tuổi già | gia yeu | do benh | bệnh nặng | bị ung thư | "
            "già quá rồi | bệnh, tuổi già | tai biến"
        ),
        "traffic": "tai nạn giao thông | bị xe tông | té xe",
        "work": "tai nạn lao động",
        "epidemic": "dịch bệnh",
        "disaster": "thiên tai | sạt lở | sét đánh",
        PASSED: "không biết",
        ASKED_AGAIN: "ơ | tại số",
    },
    "check.studying": {
        "yes": "có | có đi học | đang đi học | đang học lớp 5 | còn học | dạ còn đi học",
        "no": "không đi học | nghỉ học rồi | không | hết học rồi | nghỉ học | chưa đi học",
        PASSED: "không biết",
        ASKED_AGAIN: "sắp đi học | có lẽ | có khi có khi không",
    },
    "check.hiv": {
        "no": "không | hông",
        PASSED: "không muốn trả lời",
        "yes": "có",
    },
    "check.marital": {
        "never_married": "chưa có chồng | chưa chồng | độc thân | chưa lấy vợ",
        "widowed": "chồng chết | chồng mất rồi | góa chồng | goá",
        "divorced": "ly hôn | li dị rồi | đã ly dị | ly hôn rồi, không có con",
        "separated": "ly thân | ly thân, chưa ly hôn",
        "married": "có chồng | có vợ | có gia đình | đã kết hôn",
        "spouse_absent": (
            "chồng bỏ đi | bị chồng bỏ | bo di lâu rồi ko ly dị | bỏ đi 3 năm nay | bỏ nhà đi rồi "
            "| chồng tôi bỏ đi, chưa ly hôn"
        ),
        ASKED_AGAIN: "chưa ly dị | ko ly hon | chưa ra toà ly hôn | chưa làm thủ tục ly hôn",
    },
    "check.children": {
        "none": "không | không có con | chưa có con",
        "2016,2019": (
            "2016, 2019 | 2016 và 2019 | 2016 2019 | 2 con 2016, 2019 | một đứa 2016 một đứa 2019"
        ),
        "a10,a7": (
            "10 tuổi, 7 tuổi | 10 tuổi và 7 tuổi | đứa lớn 10 tuổi, đứa nhỏ 7 tuổi | hai con, "
            "10 tuổi và 7 tuổi | 10t 7t | mười tuổi và bảy tuổi | 10 và 7"
        ),
        ASKED_AGAIN: "hai con | 2 đứa",
        "a5": "1 con 5 tuổi",
        "2016": "con sinh năm 2016",
    },
    "check.supporter": {
        "none": "không | không có | không có ai | không có con",
        "exists": "có | dạ có | có con | có con gái | có 2 con",
    },
    "check.taken_in": {
        "none": "không | không có ai",
        "relative": "bà ngoại nuôi | ông bà",
        "other": "hộ khác",
    },
    "check.disability": {
        "none": "không | không có giấy | không có | hổng có | chưa làm giấy",
        "light": "nhẹ",
        "severe": (
            "nặng | nang | khuyết tật nặng | mức độ nặng | loại nặng | có, nặng | có giấy, mức "
            "nặng"
        ),
        "very_severe": "đặc biệt nặng | dạ khuyết tật đặc biệt nặng ạ",
        ASKED_AGAIN: "có | không nặng lắm",
        PASSED: "không biết",
    },
    "check.pregnant": {
        "no": "không | không có | không có bầu | không mang thai",
        "yes": "có | đang mang bầu | có bầu 7 tháng",
    },
    "check.family_carer": {
        "yes": "có | có chăm sóc | đang chăm",
        ASKED_AGAIN: "con gái chăm",
        "no": "không",
    },
    "check.pension": {
        "0": (
            "không | không có | dạ không có ạ | hổng có | không có lương hưu | ko có lương | "
            "chưa có | không lãnh gì hết | 0 | 0 đồng"
        ),
        "2500000": (
            "2.500.000 | 2500000 | 2,5 triệu | 2.5tr | 2tr5 | 2 triệu 5 | 2 triệu rưỡi | hai "
            "triệu rưỡi | hai triệu năm"
        ),
        "2000000": "hai triệu",
        "3000000": (
            "3 triệu | 3 củ | có 3 triệu | có, 3 triệu | hơn 3 triệu | khoảng 3 triệu | lương "
            "hưu từ năm 2015 được 3 triệu"
        ),
        "800000": "800k | 800 ngàn | tám trăm ngàn",
        "500000": "500 nghìn đồng | 500000",
        "3200000": "mỗi tháng 3 triệu 2 | 3 triệu 200 | 3 triệu 200 ngàn",
        ASKED_AGAIN: "có | 2-3 triệu | 200 ngàn một ngày",
        "OFFER:3000000": "3",
        "OFFER:2500000": "2.5 | 2500",
        "OFFER:800000": "800",
        PASSED: "không biết | không nhớ bao nhiêu",
        "1080000": "1.080.000 đồng",
        "OFFER:1080000,1800000": "1 triệu 80",
    },
    "check.wage": {
        "0": "thất nghiệp | không đi làm | ở nhà | nghỉ làm",
        "6000000": "6 triệu",
        ASKED_AGAIN: "ngày 200 ngàn",
    },
    "check.died": {
        "ago:0": "hôm nay | sáng nay",
        "ago:1": "hôm qua",
        "2026-11-20": "20/11/2026",
        "20/11": "20/11",
        "day:20": "ngày 20",
        "ago:3": "3 ngày trước",
        "2025-08-31": "tháng 8/2025",
        "w4-": "thứ 6 tuần rồi",
    },
    "check.persons": {
        "4": "4 | 4 người | bốn người",
        "2": "hai vợ chồng",
    },
    "check.day": {
        "today": "hôm nay | bây giờ",
        "2025-08-15": "15/8/2025 | ngày 15 tháng 8 năm 2025",
        "2025-08-31": "tháng 8/2025 | tháng 8 năm 2025 | 8/2025 | tháng tám năm 2025",
    },
    "check.next": {
        "done": "xong",
        "file": "gửi đề nghị",
        "remind": "nhắc tôi",
        "why": "vì sao",
        "on": "ngày khác",
        "again": "kiểm tra cho người khác",
    },
    "check.remember": {
        "yes": "có | đồng ý | dạ đồng ý ạ",
        "no": "không | không đồng ý",
    },
}


DRAFTS = {
    "report": {
        "kinds": "house_damaged",
        "danger": "no",
        "_villages": ["Thôn Phước Thiện", "Thôn Phú Lễ 1", "Tổ dân phố 3"],
    },
    "check": {"whom": "relative", "relation": "mother", "_today": "2026-11-23"},
}


def question_of(name):
    form, _, asked = name.partition(".")
    flow = REPORT if form == "report" else check.FLOW
    found = flow.question(asked)
    return found or check.named(f"p0.{asked}", DRAFTS["check"])


def understood(turn, question, typed):
    """What the dialogue makes of it, as router and form do; an alarm is no answer."""
    if question.optional and filling.passes(turn, question, typed):
        return PASSED
    picked = asking.pick(turn, question, typed)
    if picked == SKIPPED:
        return PASSED
    if not filling.answers_plainly(turn, question, typed) and understand(typed).danger:
        return "🆘"
    try:
        value = str(question.value(picked or typed))
    except BadAnswer as problem:
        offered = ",".join(choice.id for choice in problem.offer)
        return f"OFFER:{offered}" if offered else ASKED_AGAIN
    assert str(question.value(value)) == value, "what is stored reads the same"
    return value


@pytest.mark.parametrize("name", TYPED)
def test_what_people_type(name):
    form = name.partition(".")[0]
    turn = SimpleNamespace(flow=form, draft=DRAFTS[form], t=translator("vi"))
    question = question_of(name)
    wrong = {
        typed: found
        for value, several in TYPED[name].items()
        for typed in several.split(" | ")
        if (found := understood(turn, question, typed)) != value
    }
    assert not wrong


ALARMS = [one.text for one in lexicon.examples() if one.urgency == "sos" and len(one.text) < 60]


@pytest.mark.parametrize("name", TYPED)
def test_no_alarm_is_taken_for_an_answer(name):
    form = name.partition(".")[0]
    turn = SimpleNamespace(flow=form, draft=DRAFTS[form], t=translator("vi"))
    question = question_of(name)
    unheard = [
        text
        for text in ALARMS
        if filling.answers_plainly(turn, question, text)
        or (question.optional and filling.passes(turn, question, text))
    ]
    assert not [text for text in unheard if understand(text).danger and text not in A_CAUSE]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("tối qua lúc 8h", "2026-11-22"),
        ("thứ 2", "2026-11-23"),
        ("thứ 3", "2026-11-17"),
        ("chủ nhật tuần rồi", "2026-11-22"),
        ("ngày 30", "2026-10-30"),
        ("24/11", "2025-11-24"),
        ("29/2", "2024-02-29"),
        ("rằm tháng 10", "2026-11-23"),
        ("mùng 1 tháng chạp", "2026-01-19"),
        ("23 âm", "2026-11-01"),
    ],
)
def test_the_day_that_is_meant_on_monday_the_23rd_of_november(typed, day):
    assert happened_on(happened(typed), date(2026, 11, 23)) == date.fromisoformat(day)
