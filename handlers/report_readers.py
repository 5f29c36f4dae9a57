"""Readers of a report's own questions.  They do no I/O and read no clock."""

from __future__ import annotations

import re
from datetime import date, timedelta

from handlers.answers import NONE_AT_ALL, plain, several_of, yes_no
from handlers.cards import WHOSE
from handlers.dialogue import BadAnswer
from handlers.i18n import N_
from handlers.vocabulary import KINDS
from models.text import fold

DONE = "done"
NONE = "none"


def more_kinds(text: str) -> str:
    if text.strip() == DONE or plain(text) in NONE_AT_ALL | {"het roi", "khong con"}:
        return DONE
    return several_of(KINDS)(text)


def groups(text: str) -> str:
    """Read who needs special care: ``children=2,elderly=1``, «2 trẻ 1 già», or picked groups."""
    if text.strip() == NONE or plain(text) in NONE_AT_ALL:
        return NONE
    if re.fullmatch(r"(\w+=\d+)(,\w+=\d+)*", text.strip()):
        return text.strip()
    said = fold(text)
    found: dict[str, int] = {}
    for choice, pattern in _GROUP_WORDS.items():
        for match in re.finditer(rf"{_HOW_MANY}(?:{pattern})", said):
            number = _IN_WORDS.get(match[1] or "") or int(match[1] or 1)
            found[choice] = max(found.get(choice, 0), number)
    for picked in re.split(r"[,; ]+", text.strip()):
        if picked in _GROUP_WORDS:
            found.setdefault(picked, 1)
    if not found:
        raise BadAnswer(
            N_("Dạ, xin bấm nút, hoặc gõ ví dụ: 2 trẻ nhỏ, 1 người già. Không có thì gõ Không.")
        )
    return ",".join(f"{name}={number}" for name, number in found.items())


_IN_WORDS = {"mot": 1, "hai": 2, "bon": 4, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_HOW_MANY = (
    rf"(?:\b(\d+|{'|'.join(_IN_WORDS)})\s*)?(?:nguoi |chau |em |be |small |young |little )?"
)
_GROUP_WORDS = {
    "children": "tre|con nho|chau nho|em be|be\\b|child|kid|bab(?:y|ies)|infant",
    "elderly": "gia|cao tuoi|cu |elder|old |senior",
    "disabled": "khuyet tat|tan tat|liet|disab|handicap",
    "pregnant": "mang thai|bau|co thai|pregnan",
}


_AGO = {"hom nay": 0, "sang nay": 0, "chieu nay": 0, "trua nay": 0, "toi nay": 0, "vua xong": 0,
        "moi xay ra": 0, "moi day": 0, "vua moi": 0, "hom qua": 1, "toi qua": 1, "dem qua": 1,
        "chieu qua": 1, "sang qua": 1, "hom kia": 2, "today": 0, "yesterday": 1}  # fmt: skip
_DAYS_AGO = re.compile(r"(?:ago:|cach day )?(\d{1,2})(?: (?:ngay|hom|bua)(?: truoc| nay| roi)?)?")


def happened(text: str) -> str:
    """Read when it happened: ``ago:2`` days, a date, or a day and month; judged elsewhere."""
    said = fold(text).strip(" .!")
    if (days := _AGO.get(said)) is not None:
        return f"ago:{days}"
    if (ago := _DAYS_AGO.fullmatch(said)) and not said.isdecimal():
        return f"ago:{int(ago[1])}"
    parts = re.split(r"[-/. ]+", said.removeprefix("ngay ").strip())
    if len(parts[0]) == 4:  # our own ISO form, read back from a draft
        parts.reverse()
    try:
        day, month, *years = map(int, parts)
        year = years[0] + 2000 * (years[0] < 100) if years else 2024  # a leap year: any day goes
        found = date(year, month, day)
    except (ValueError, OverflowError) as error:
        raise BadAnswer(
            N_("Dạ, chưa đọc được ngày. Xin gõ ngày/tháng/năm, ví dụ 15/11/2026.")
        ) from error
    if found.year < 1950 or len(years) > 1:
        raise BadAnswer(N_("Dạ, chưa đọc được ngày. Xin gõ ngày/tháng/năm, ví dụ 15/11/2026."))
    return found.isoformat() if years else f"{day:02}/{month:02}"


def happened_on(value: str, today: date) -> date:
    """«Hôm nay», «15/11» as the date it is, so that it still means the same tomorrow."""
    if value.startswith("ago:"):
        return today - timedelta(days=int(value[4:]))
    if "/" not in value:
        return date.fromisoformat(value)
    day, month = map(int, value.split("/"))
    for year in range(today.year, today.year - 9, -1):  # 29/2 comes every four years
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    raise BadAnswer(N_("Dạ, chưa đọc được ngày. Xin gõ ngày/tháng/năm, ví dụ 15/11/2026."))


def photographs(text: str) -> str:
    if plain(text) in (DONE, "xong", "xong roi", "da xong", "gui roi", "het roi"):
        return DONE
    raise BadAnswer(N_("Dạ, xin gửi ảnh hoặc ghi âm, xong rồi bấm «Xong»."))


def confirmed(text: str) -> str:
    said = text.strip()
    return said if said in ("send", "fix") else {"yes": "send", "no": "fix"}[yes_no(text)]


def whose(text: str) -> str:
    """Read for whom it is: «nhà tôi», «hàng xóm», «cho mẹ tôi», and so on."""
    said = fold(text).strip(" .!?")
    if said in WHOSE:
        return said
    for one, words in _WHOSE_WORDS.items():
        if re.search(rf"\b(?:{words})\b", said):
            return one
    raise BadAnswer(N_("Dạ, chưa rõ ý. Xin bấm một nút bên dưới, hoặc gõ số thứ tự."))


_WHOSE_WORDS = {
    "neighbour": "hang xom|lang gieng|ke ben|nha ben|canh nha",
    "own": "(?:nha|gia dinh|ho) (?:toi|tui|minh|em|con|chau|ta)|^(?:toi|tui|minh|em|cho toi|nha)$",
    "other": "nguoi khac|ba con|ong|ba|co|chu|bac|di|cau|me|cha|bo|anh|chi|ban",
}
