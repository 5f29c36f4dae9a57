"""The questions of a report, in their order; what happens around them is in citizen/report.py."""

from __future__ import annotations

from dataclasses import replace

from handlers import consent
from handlers.answers import (
    YES_NO,
    phone,
    place,
    several_of,
    words,
)
from handlers.counting import NONE, count
from handlers.dialogue import Choice, Flow, Question, Values
from handlers.i18n import N_
from handlers.pastdays import happened
from handlers.report_denials import read_over
from handlers.report_privacy import VIOLENCE
from handlers.report_readers import (
    DONE,
    confirmed,
    more_kinds,
    photographs,
    poverty,
    read_address,
    read_cause,
    read_danger,
    read_groups,
    read_person,
    whose,
)
from handlers.villages import key
from handlers.vocabulary import CAUSES, EMERGENCY, KINDS, PROVINCE_WIDE, VULNERABLE
from models import places, storm_rules
from models.phone import shown

UNSURE = Choice(PROVINCE_WIDE, N_("Không rõ xã nào"))


def in_danger(values: Values) -> bool:
    return values.get("danger") == "yes"


def calm(values: Values) -> bool:
    return not in_danger(values)


def only_violence(values: Values) -> bool:
    """Then nothing is asked that makes it sound like a claim for money."""
    told = f"{values.get('kinds', '')},{values.get('more', '')}".split(",")
    return {kind for kind in told if kind not in ("", DONE)} == {VIOLENCE}


def about_a_loss(values: Values) -> bool:
    return calm(values) and not only_violence(values)


def other_kinds(values: Values) -> tuple[Choice, ...]:
    taken = str(values.get("kinds", "")).split(",")
    rest = tuple(kind for kind in KINDS if kind.id not in taken)
    return (Choice(DONE, N_("Không, hết rồi")), *rest)


def nearby(values: Values) -> tuple[Choice, ...]:
    """The communes of the person's newest case and home, to confirm with one tap.

    Whoever is in danger and does not know where may say so: then the province hears it.
    """
    codes = dict.fromkeys(str(values.get(name, "")) for name in ("_lately", "_commune"))
    communes = (places.COMMUNES[code] for code in codes if code in places.COMMUNES)
    known = tuple(Choice(one.code, one.name) for one in communes)
    return (*known, UNSURE) if in_danger(values) else known


def _short(question: Question) -> Question:
    """In a storm a report holds the essentials; what storm.yaml names is not asked."""
    if question.id not in storm_rules.rules().report_skips:
        return question
    usually = question.when
    return replace(question, when=lambda values: not values.get("_storm") and usually(values))


_QUESTIONS = (
    Question(
        "kinds",
        N_("Gia đình gặp chuyện gì? (bấm chọn, hoặc kể bằng lời)"),
        several_of((*KINDS, EMERGENCY)),
        N_("Việc xảy ra"),
        choices=lambda _: KINDS,
        many=True,
    ),
    Question(
        "danger",
        N_("Ngay lúc này có ai đang **nguy hiểm tính mạng** không?"),
        read_danger,
        N_("Nguy hiểm tính mạng"),
        choices=lambda _: YES_NO,
    ),
    Question(
        "over",
        N_("Vậy **không còn ai nguy hiểm**, phải không ạ?"),
        read_over,
        when=lambda v: in_danger(v) and bool(v.get("_denied")),
        choices=lambda _: (Choice("over", N_("Đúng")), Choice("still", N_("Vẫn nguy hiểm"))),
    ),
    Question(
        "consent",
        consent.NOTICE,
        consent.agreed,
        when=lambda v: calm(v) and not v.get("_consented"),
        choices=lambda _: consent.CHOICES,
    ),
    Question(
        "commune",
        N_(
            "Việc xảy ra ở **xã, phường** nào? Gõ tên (tên mới hoặc tên cũ trước 1/7/2025), "
            "hoặc gửi vị trí."
        ),
        place,
        N_("Xã, phường"),
        choices=nearby,
        wants="position",
    ),
    Question(
        "more",
        N_("Ngoài ra còn chuyện gì nữa không?"),
        more_kinds,
        N_("Còn thêm"),
        when=lambda v: calm(v) and "," not in v["kinds"] and not v.get("_several"),
        choices=other_kinds,
        many=True,
    ),
    Question(
        "village",
        N_("Ở thôn, tổ dân phố nào?"),
        words,
        N_("Thôn, tổ"),
        choices=lambda v: tuple(Choice(key(name), name) for name in v.get("_villages", ())),
        optional=True,
    ),
    Question(
        "address",
        N_("Địa chỉ hoặc mốc dễ tìm? (gần trường, cầu, chợ nào…) Gửi vị trí cũng được."),
        read_address,
        N_("Địa chỉ, mốc"),
        optional=True,
        wants="position",
    ),
    Question(
        "cause",
        N_("Do đâu mà ra?"),
        read_cause,
        N_("Nguyên nhân"),
        when=about_a_loss,
        choices=lambda _: CAUSES,
        optional=True,
    ),
    Question(
        "happened",
        N_("Xảy ra ngày nào? (bấm nút, hoặc gõ ngày/tháng/năm)"),
        happened,
        N_("Ngày xảy ra"),
        when=calm,
        choices=lambda _: (
            Choice("today", N_("Hôm nay")),
            Choice("yesterday", N_("Hôm qua")),
        ),
        optional=True,
    ),
    Question(
        "whose",
        N_("Ông/bà báo cho ai?"),
        whose,
        N_("Báo cho"),
        when=calm,
        choices=lambda _: (
            Choice("own", N_("Gia đình tôi")),
            Choice("neighbour", N_("Hàng xóm")),
            Choice("other", N_("Người khác")),
        ),
    ),
    Question(
        "head",
        N_("Họ tên chủ hộ (hoặc người bị nạn)?"),
        read_person,
        N_("Chủ hộ"),
        when=calm,
        optional=True,
    ),
    Question("people", N_("Trong nhà có mấy người?"), count(1, 60), N_("Số người"), optional=True),
    Question(
        "vulnerable",
        N_(
            "Trong đó có trẻ nhỏ, người già, người khuyết tật, phụ nữ mang thai không? "
            "(ví dụ gõ: 2 trẻ nhỏ, 1 người già)"
        ),
        read_groups,
        N_("Cần chăm sóc"),
        when=calm,
        choices=lambda _: (*VULNERABLE, Choice(NONE, N_("Không có"))),
        many=True,
        optional=True,
    ),
    Question(
        "poverty",
        N_("Gia đình có giấy chứng nhận hộ nghèo, cận nghèo năm nay không?"),
        poverty,
        N_("Hộ nghèo, cận nghèo"),
        when=about_a_loss,
        choices=lambda _: (
            Choice("poor", N_("Hộ nghèo")),
            Choice("near_poor", N_("Hộ cận nghèo")),
            Choice("neither", N_("Không")),
            Choice("unknown", N_("Không rõ")),
        ),
    ),
    Question(
        "phone",
        N_("Số điện thoại để cán bộ gọi lại?"),
        phone,
        N_("Điện thoại"),
        choices=lambda v: (Choice(v["_phone"], shown(v["_phone"])),) if v.get("_phone") else (),
        wants="contact",
        optional=True,
    ),
    Question(
        "photos",
        N_("Xin gửi ảnh hoặc ghi âm cho cán bộ thấy rõ (không gửi ảnh giấy tờ tuỳ thân)."),
        photographs,
        when=calm,
        choices=lambda _: (Choice(DONE, N_("Xong")),),
        wants="photo",
        optional=True,
    ),
    Question(
        "confirm",
        N_("Thông tin như vậy đúng chưa ạ? Gõ số của dòng để sửa dòng đó."),
        confirmed,
        when=calm,
        choices=lambda _: (Choice("send", N_("✅ Gửi")), Choice("fix", N_("✏ Sửa"))),
    ),
)
FLOW = Flow("report", tuple(_short(one) for one in _QUESTIONS))
