"""The questions of a report, in their order; what happens around them is in citizen/report.py."""

from __future__ import annotations

import re
from datetime import date

from handlers import consent
from handlers.answers import YES_NO, count, one_of, phone, place, several_of, words, yes_no
from handlers.cards import POVERTY, WHOSE
from handlers.dialogue import BadAnswer, Choice, Flow, Question, Values
from handlers.i18n import N_
from handlers.vocabulary import CAUSES, EMERGENCY, KINDS, VULNERABLE
from models import places
from models.phone import shown
from models.text import fold

DONE = "done"


def in_danger(values: Values) -> bool:
    return values.get("danger") == "yes"


def calm(values: Values) -> bool:
    return not in_danger(values)


def other_kinds(values: Values) -> tuple[Choice, ...]:
    taken = str(values.get("kinds", "")).split(",")
    rest = tuple(kind for kind in KINDS if kind.id not in taken)
    return (Choice(DONE, N_("Không, hết rồi")), *rest)


def nearby(values: Values) -> tuple[Choice, ...]:
    """The commune the person is known to live in, to confirm with one tap."""
    commune = places.COMMUNES.get(str(values.get("_commune", "")))
    return (Choice(commune.code, commune.name),) if commune else ()


def more_kinds(text: str) -> str:
    return DONE if text.strip() == DONE else several_of(KINDS)(text)


def groups(text: str) -> str:
    """Read who needs special care: ``children=2,elderly=1``, «2 trẻ 1 già», or picked groups."""
    if text.strip() == "none":
        return ""
    if re.fullmatch(r"(\w+=\d+)(,\w+=\d+)*", text.strip()):
        return text.strip()
    said = fold(text)
    found: dict[str, int] = {}
    for choice, pattern in _GROUP_WORDS.items():
        for match in re.finditer(rf"(?:(\d+)\s*)?(?:nguoi |chau |em |be )?(?:{pattern})", said):
            found[choice] = max(found.get(choice, 0), int(match.group(1) or 1))
    for picked in re.split(r"[,; ]+", text.strip()):
        if picked in _GROUP_WORDS:
            found.setdefault(picked, 1)
    if not found:
        raise BadAnswer(
            N_(
                "Dạ, xin bấm nút, hoặc gõ ví dụ: 2 trẻ nhỏ, 1 người già. Không có thì bấm Không có."
            )
        )
    return ",".join(f"{name}={number}" for name, number in found.items())


_GROUP_WORDS = {
    "children": "tre|con nho|chau nho|em be|be\\b",
    "elderly": "gia|cao tuoi|cu ",
    "disabled": "khuyet tat|tan tat|liet",
    "pregnant": "mang thai|bau|co thai",
}


def happened(text: str) -> str:
    """Read when it happened: today, yesterday, or a date; the day itself is judged elsewhere."""
    said = fold(text).strip()
    if said in ("today", "hom nay", "sang nay", "chieu nay", "toi nay", "vua xong", "moi xay ra"):
        return "today"
    if said in ("yesterday", "hom qua", "toi qua", "dem qua", "chieu qua"):
        return "yesterday"
    parts = re.split(r"[-/. ]+", said)
    try:
        if len(parts[0]) == 4:
            parts.reverse()
        return date(int(parts[2]), int(parts[1]), int(parts[0])).isoformat()
    except (ValueError, IndexError) as error:
        raise BadAnswer(
            N_("Dạ, chưa đọc được ngày. Xin gõ ngày/tháng/năm, ví dụ 15/11/2026.")
        ) from error


def photographs(text: str) -> str:
    if text.strip() == DONE:
        return DONE
    raise BadAnswer(N_("Dạ, xin gửi ảnh hoặc ghi âm, xong rồi bấm «Xong»."))


FLOW = Flow(
    "report",
    (
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
            yes_no,
            N_("Nguy hiểm tính mạng"),
            choices=lambda _: YES_NO,
        ),
        Question(
            "consent",
            consent.NOTICE,
            one_of((Choice("agree", ""),)),
            when=lambda v: calm(v) and not v.get("_consented"),
            choices=lambda _: (Choice("agree", N_("✅ Đồng ý")),),
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
        Question("village", N_("Ở thôn, tổ dân phố nào?"), words, N_("Thôn, tổ"), optional=True),
        Question(
            "address",
            N_("Địa chỉ hoặc mốc dễ tìm? (gần trường, cầu, chợ nào…)"),
            words,
            N_("Địa chỉ, mốc"),
            optional=True,
        ),
        Question(
            "cause",
            N_("Do đâu mà ra?"),
            one_of(CAUSES),
            N_("Nguyên nhân"),
            when=calm,
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
            one_of(tuple(Choice(one, label) for one, label in WHOSE.items())),
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
            words,
            N_("Chủ hộ"),
            when=calm,
            optional=True,
        ),
        Question(
            "people", N_("Trong nhà có mấy người?"), count(1, 60), N_("Số người"), optional=True
        ),
        Question(
            "vulnerable",
            N_(
                "Trong đó có trẻ nhỏ, người già, người khuyết tật, phụ nữ mang thai không? "
                "(ví dụ gõ: 2 trẻ nhỏ, 1 người già)"
            ),
            groups,
            N_("Cần chăm sóc"),
            when=calm,
            choices=lambda _: (*VULNERABLE, Choice("none", N_("Không có"))),
            many=True,
            optional=True,
        ),
        Question(
            "poverty",
            N_("Gia đình có giấy chứng nhận hộ nghèo, cận nghèo năm nay không?"),
            one_of(tuple(Choice(one, label) for one, label in POVERTY.items())),
            N_("Hộ nghèo, cận nghèo"),
            when=calm,
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
            choices=lambda v: (
                (Choice(v["_phone"], shown(v["_phone"])),) if v.get("_phone") else ()
            ),
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
            N_("Thông tin như vậy đúng chưa ạ? (gõ số dòng để sửa)"),
            one_of((Choice("send", ""), Choice("fix", ""))),
            when=calm,
            choices=lambda _: (Choice("send", N_("✅ Gửi")), Choice("fix", N_("✏ Sửa"))),
        ),
    ),
)
