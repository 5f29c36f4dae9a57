"""The questions around a list, and those of one household where they are asked one by one."""

from __future__ import annotations

from handlers import cards
from handlers.answers import plain as plainly
from handlers.answers import words
from handlers.counting import count
from handlers.dialogue import BadAnswer, Choice, Flow, Question, Values
from handlers.i18n import N_
from handlers.lists import reading
from handlers.pastdays import happened
from handlers.report_readers import poverty, read_cause
from handlers.vocabulary import CAUSES, KINDS

DONE = "done"
TEMPLATE = "template"
FIX = "fix"  # not sent off yet: wrong lines first
ONE, MANY = "one", "many"  # asked household by household, or many lines at once
POVERTIES = tuple(
    Choice(one, cards.POVERTY[one]) for one in ("poor", "near_poor", "neither", "unknown")
)


def done(text: str) -> str:
    if text.strip() in {TEMPLATE, ONE, FIX}:
        return text.strip()
    if text.strip() == DONE or plainly(text) in {
        "xong",
        "het",
        "het roi",
        "gui",
        "gui di",
        "done",
    }:
        return DONE
    raise BadAnswer(
        N_("Dạ, mỗi dòng một hộ, ví dụ: Nguyễn Văn A, 4 khẩu, tốc mái, hộ nghèo. Hết thì gõ Xong.")
    )


def one_by_one(values: Values) -> bool:
    return bool(values.get("_one"))


def named(values: Values) -> bool:
    return one_by_one(values) and values.get("one_head") not in {None, DONE, MANY}


def damage_of(text: str) -> str:
    """Read what happened to one household: picked kinds, or words; stored as ``id,id``."""
    picked = [part.strip() for part in text.split(",")]
    ids = {kind.id for kind in KINDS}
    if set(picked) <= ids:
        return ",".join(dict.fromkeys(picked))
    found = reading.read(f"Nguyễn Văn A; {text}").kinds
    if not found:
        raise BadAnswer(N_("Dạ, chưa rõ thiệt hại gì. Xin bấm chọn, hoặc gõ ví dụ: tốc mái."))
    return ",".join(found)


AROUND = ("village", "cause", "happened")  # asked once about the whole list
ONE_HOUSEHOLD = ("one_head", "one_people", "one_kinds", "one_poverty")


FLOW = Flow(
    "household_list",
    (
        Question(
            "village",
            N_("Danh sách của thôn, tổ dân phố nào?"),
            words,
            N_("Thôn, tổ"),
            choices=lambda v: tuple(Choice(one, one) for one in v.get("_villages", ())),
        ),
        Question("cause", N_("Do đâu mà ra?"), read_cause, choices=lambda _: CAUSES),
        Question(
            "happened",
            N_("Xảy ra ngày nào? (bấm nút, hoặc gõ ngày/tháng/năm)"),
            happened,
            choices=lambda _: (
                Choice("today", N_("Hôm nay")),
                Choice("yesterday", N_("Hôm qua")),
            ),
        ),
        Question(
            "one_head",
            N_("Từng hộ một: **họ tên chủ hộ**? (hết thì bấm Xong)"),
            words,
            when=one_by_one,
            choices=lambda _: (
                Choice(DONE, N_("✅ Xong, gửi danh sách")),
                Choice(MANY, N_("📋 Dán nhiều dòng")),
            ),
        ),
        Question("one_people", N_("Nhà mấy người?"), count(1, 30), when=named, optional=True),
        Question(
            "one_kinds",
            N_("Thiệt hại gì? (bấm chọn, hoặc gõ bằng lời)"),
            damage_of,
            when=named,
            choices=lambda _: KINDS,
            many=True,
        ),
        Question(
            "one_poverty",
            N_("Hộ nghèo, cận nghèo không?"),
            poverty,
            when=named,
            choices=lambda _: POVERTIES,
            optional=True,
        ),
        Question(
            "lines",
            N_(
                "Xin gửi các hộ: gõ từng hộ một, dán nhiều dòng, hoặc gửi tệp Excel. Mỗi dòng: họ "
                "tên chủ hộ, số khẩu, thiệt hại, hộ nghèo nếu có. Sửa: gõ số dòng và chỗ cần sửa "
                "(6: 4 khẩu). Chụp cả tờ giấy gửi kèm cũng được. Hết thì bấm **Xong**."
            ),
            done,
            choices=lambda v: (
                (
                    *((Choice(DONE, N_("✅ Xong, gửi danh sách")),) if v.get("_count") else ()),
                    Choice(ONE, N_("✍ Hỏi từng hộ một")),
                    Choice(TEMPLATE, N_("📄 Bảng mẫu Excel")),
                )
                if not v.get("_told_wrong")
                else (
                    Choice(DONE, N_("✅ Gửi các hộ đọc được")),
                    Choice(FIX, N_("✏ Sửa tiếp")),
                )
            ),
            when=lambda v: not one_by_one(v) or v.get("one_head") == DONE,
            wants="photo",
        ),
    ),
)
