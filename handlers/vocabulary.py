"""Words that citizens and officers both read: kinds of hardship, causes, states."""

from __future__ import annotations

from handlers.answers import PROVINCE
from handlers.dialogue import Choice
from handlers.i18n import N_
from models.cases import Check, Status
from models.people import Role

KINDS = (
    Choice("house_destroyed", N_("Nhà sập, đổ, trôi, cháy hoàn toàn")),
    Choice("house_damaged_unlivable", N_("Nhà hư hỏng nặng, không ở được")),
    Choice("house_damaged", N_("Nhà tốc mái, hư hỏng một phần")),
    Choice("evacuation", N_("Phải di dời khẩn cấp")),
    Choice("hunger", N_("Thiếu đói, hết gạo")),
    Choice("death_missing", N_("Có người chết hoặc mất tích")),
    Choice("injury", N_("Có người bị thương nặng")),
    Choice("child_alone", N_("Trẻ em không còn người chăm sóc")),
    Choice("violence", N_("Bị bạo lực, cần bảo vệ khẩn cấp")),
    Choice("livelihood", N_("Mất mùa, mất gia súc, mất phương tiện làm ăn")),
    Choice("other", N_("Việc khác")),
)
EMERGENCY = Choice("emergency", N_("Nguy hiểm tính mạng, cần cứu"))  # by 🆘 or by what was said
REQUESTS = (  # asked for in a check, not reported
    Choice("benefit_request", N_("Đề nghị hưởng trợ cấp")),
    Choice("funeral_request", N_("Đề nghị hỗ trợ mai táng")),
)
KIND = {choice.id: choice.label for choice in (*KINDS, EMERGENCY, *REQUESTS)}

CAUSES = (
    Choice("storm", N_("Bão")),
    Choice("flood", N_("Lũ, lụt")),
    Choice("landslide", N_("Sạt lở")),
    Choice("whirlwind", N_("Lốc, sét, mưa đá")),
    Choice("fire", N_("Cháy")),
    Choice("traffic", N_("Tai nạn giao thông")),
    Choice("work", N_("Tai nạn lao động")),
    Choice("epidemic", N_("Dịch bệnh")),
    Choice("other", N_("Nguyên nhân khác")),
)

VULNERABLE = (
    Choice("children", N_("Trẻ nhỏ")),
    Choice("elderly", N_("Người già")),
    Choice("disabled", N_("Người khuyết tật")),
    Choice("pregnant", N_("Phụ nữ mang thai")),
)

STATUS = {
    Status.NEW: N_("chờ cán bộ tiếp nhận"),
    Status.TAKEN: N_("cán bộ đang giải quyết"),
    Status.CONFIRMED: N_("đã xác nhận"),
    Status.DECLINED: N_("chưa được chấp nhận"),
    Status.HELPED: N_("đã trợ giúp"),
    Status.WITHDRAWN: N_("đã rút"),
}

CHECKS = {
    Check.REPORTED: N_("trưởng thôn là người báo"),
    Check.TRUE: N_("đúng"),
    Check.FALSE: N_("không đúng"),
    Check.HELPED: N_("đã giúp rồi"),
    Check.UNSURE: N_("không xác minh được"),
    Check.LOOK: N_("cần xem lại"),
    Check.DIFFER: N_("các trưởng thôn nói khác nhau"),
    Check.SILENT: N_("chưa trả lời"),
}

PROVINCE_WIDE = PROVINCE

URGENCY = {
    "sos": N_("🔴 Nguy hiểm tính mạng"),
    "high": N_("🟠 Gấp"),
    "normal": N_("🟡 Thường"),
    "low": N_("⚪ Không gấp"),
}
MARK = {"sos": "🔴", "high": "🟠", "normal": "🟡", "low": "⚪"}

ROLE = {
    Role.VILLAGE_HEAD: N_("trưởng thôn, tổ trưởng"),
    Role.OFFICER: N_("cán bộ xã"),
    Role.LEADER: N_("lãnh đạo UBND xã"),
    Role.PROVINCE: N_("cấp tỉnh (Sở Y tế)"),
}

EVENTS = {
    "opened": N_("Ghi nhận hồ sơ"),
    "completed": N_("Bổ sung đầy đủ thông tin"),
    "added": N_("Người báo tin bổ sung"),
    "edited": N_("Người báo tin sửa tin nhắn"),
    "moved": N_("Sửa lại nơi xảy ra"),
    "taken": N_("Cán bộ tiếp nhận"),
    "asked": N_("Cán bộ hỏi thêm"),
    "answered": N_("Người báo tin trả lời"),
    "confirmed": N_("Xác nhận"),
    "declined": N_("Không chấp nhận"),
    "handed_over": N_("Chuyển người giải quyết"),
    "helped": N_("Đã trợ giúp"),
    "phoned": N_("Cán bộ đã gọi điện"),
    "visited": N_("Cán bộ đã tới nhà"),
    "not_found": N_("Cán bộ đã tìm mà chưa gặp được"),
    "proposed": N_("🖊 Đề nghị lãnh đạo duyệt"),
    "returned": N_("🖊 Lãnh đạo trả lại"),
    "taken_back": N_("Rút lại quyết định chưa gửi"),
    "noted": N_("📝 Ghi chú nội bộ"),
    "reopened": N_("Mở lại hồ sơ"),
    "withdrawn": N_("Người báo tin rút hồ sơ"),
    "calmed": N_("Người báo tin nói không còn ai nguy hiểm"),
    "linked": N_("Gộp với hồ sơ của cùng một hộ"),
    "unlinked": N_("Tách ra, giải quyết riêng"),
    "received_help": N_("Người báo tin đã nhận được hỗ trợ"),
    "no_help": N_("Người báo tin chưa nhận được hỗ trợ"),
    "late": N_("Quá hạn"),
    "check_asked": N_("Hỏi trưởng thôn xác minh"),
    "check_taken": N_("Trưởng thôn nhận xác minh"),
    "checked": N_("Trưởng thôn xác minh"),
    "check_more": N_("Trưởng thôn nói thêm"),
    "check_silent": N_("Trưởng thôn chưa trả lời xác minh"),
    "urgency": N_("Đổi mức khẩn"),
    "acknowledged": N_("Cán bộ đã biết hồ sơ sắp trễ hoặc trễ"),
    "reminded": N_("Nhắc cán bộ"),
    "unreached": N_("Chưa báo được cho người dân qua chat, nên gọi điện hoặc tới nhà"),
    "kept": N_("Chưa báo được qua Zalo (người dân lâu chưa nhắn), nên gọi điện hoặc tới nhà"),
    "knocked": N_("Đã gửi mẫu tin Zalo mời người dân nhắn lại"),
    "reached": N_("Người dân đã nhắn lại, tin chờ trên Zalo đã gửi tới"),
    "staff_unreached": N_("Chưa báo được cho một cán bộ qua chat"),
    "staff_kept": N_("Chưa báo được cho một cán bộ qua Zalo (lâu chưa nhắn)"),
    "staff_knocked": N_("Đã gửi mẫu tin Zalo mời cán bộ nhắn lại"),
    "staff_reached": N_("Cán bộ đã nhắn lại, tin chờ trên Zalo đã gửi tới"),
}
