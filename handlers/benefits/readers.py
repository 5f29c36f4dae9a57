"""Readers of the check's answers.  What they store they read back; they know no clock."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date

from handlers import sayings
from handlers.answers import yes_no
from handlers.benefits.kin import kin_in
from handlers.dialogue import BadAnswer, Choice
from handlers.i18n import N_
from handlers.pastdays import happened, iso_day
from handlers.times import money
from models.numerals import figures
from models.text import compose, fold

NONE = "none"
MOST = 10  # people of one household, children of one parent
_DATE = re.compile(r"(?<!\d)(\d{1,2})[-/. ](\d{1,2})[-/. ]((?:19|20)\d\d)(?!\d)")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_MONTHS = re.compile(r"(?<!\d)(\d{1,2}) ?(?:thang|th)\b")
_AGE = re.compile(r"(?<![\d-])a?(\d{1,3}) ?(?:tuoi|t)?(?![\d-])")
_STORED = re.compile(r"(?:\d{4}-\d\d-\d\d|\d{4}|a\d{1,3})")


def birth(text: str) -> str:
    """Read a birthday, a year of birth or an age; stored as ``1950-03-15``, ``1950``, ``a76``."""
    found = births(text)
    days = [one for one in found if not one.startswith("a")]
    if len(days) == 1:  # «sinh 1950, 76 tuổi»: the year says more
        return days[0]
    if len(found) != 1 or _ABOUT.search(_said(text)):
        raise BadAnswer(
            N_("Dạ, chưa đọc được ngày sinh. Xin gõ ví dụ 15/03/1950, hoặc 1950, hoặc 76 tuổi.")
        )
    return found[0]


_ABOUT = re.compile(r"\b(?:gan|chua (?:toi|den|du|tron)|ngoai|hon|tren|duoi|sap|may)\b")
_SHORT_YEAR = re.compile(
    r"\b((?:sinh|sn|sinh nam|nam sinh|nam) )(\d\d)\b(?! ?(?:tuoi|t\b|thang|[-/]))"
)
_SHORT_DATE = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d\d)\b(?![-/.\d])")


def _said(text: str) -> str:
    """Folded, with numbers in figures, years in full and dates with strokes."""
    said = re.sub(r"(?<=\d) (?:thang|nam) (?=\d)", "/", fold(figures(text)))
    said = _SHORT_YEAR.sub(lambda found: found[1] + _full(found[2]), said)
    return _SHORT_DATE.sub(lambda found: f"{found[1]}/{found[2]}/{_full(found[3])}", said)


def _full(year: str) -> str:
    """«52» is 1952, «16» is 2016."""
    return f"{'20' if int(year) < 30 else '19'}{year}"


def birthday(text: str) -> str:
    """Read the day and month somebody was born; stored as ``03/12``."""
    match = re.search(r"(?<!\d)(\d{1,2})[-/. ](\d{1,2})(?!\d)", _said(text))
    day_month = iso_day(2024, int(match[2]), int(match[1])) if match else None
    if day_month is None:
        raise BadAnswer(N_("Dạ, xin gõ ngày/tháng sinh, ví dụ 3/12; không nhớ thì gõ Không rõ."))
    return f"{day_month[8:]}/{day_month[5:7]}"


def births(text: str) -> list[str]:
    """Every birthday, year of birth and age in a text, in their order."""
    said = _said(text)
    found: list[tuple[int, str]] = []
    for pattern, read in ((_DATE, _dated), (_ISO, _iso), (_YEAR, _year), (_MONTHS, _months)):
        found += [
            (match.start(), value)
            for match in pattern.finditer(said)
            if (value := read(match)) is not None
        ]
        said = pattern.sub(lambda match: " " * len(match[0]), said)
    if not found or re.search(r"\d ?(tuoi|t)\b", said) or _STORED.search(said):
        found += [
            (match.start(), f"a{int(match[1])}")
            for match in _AGE.finditer(said)
            if int(match[1]) < 125
        ]
    return [value for _, value in sorted(found)]


def _dated(match: re.Match[str]) -> str | None:
    return iso_day(int(match[3]), int(match[2]), int(match[1]))


def _iso(match: re.Match[str]) -> str | None:
    return iso_day(int(match[1]), int(match[2]), int(match[3]))


def _year(match: re.Match[str]) -> str:
    return match[1]


def _months(match: re.Match[str]) -> str:
    return f"a{int(match[1]) // 12}"


def children(text: str) -> str:
    """Read the children somebody raises: ``2016,2019-05-03,a7``, or ``none``."""
    if text.strip() == NONE or sayings.nothing(text) or _CHILDLESS.fullmatch(sayings.bare(text)):
        return NONE
    said = re.sub(r"(?<![\d/])\d{1,2} (?=(con|dua|chau|be|nguoi)\b)", " ", _said(text))
    found = births(said)
    if not found or len(found) > MOST:
        raise BadAnswer(
            N_("Dạ, xin gõ năm sinh hoặc tuổi từng con, ví dụ: 2016, 2019. Không có thì gõ Không.")
        )
    return ",".join(found)


_CHILDLESS = re.compile(r"(?:khong|chua) (?:co |nuoi )*(?:con|chau|dua|be)(?: (?:nao|nho|con))*")


def household(text: str) -> str:
    """Read who lives together: ``self:1985;child:2016;mother:a76``."""
    if re.fullmatch(r"[a-z]+:[\da-z-]*(;[a-z]+:[\da-z-]*)*", text.strip()):
        return text.strip()
    found = []
    for part in re.split(r"[,;\n+]|(?<!\w)(?:và|va|and|với)(?!\w)", compose(text)):
        kin, born = kin_in(part), births(part)
        if kin is None or len(born) > 1 or re.search(r"\d (?:người|nguoi|khẩu|khau)\b", part):
            if part.strip():
                raise _unclear(part)
            continue
        found.append(f"{kin}:{born[0] if born else ''}")
    if not 1 <= len(found) <= MOST:
        raise _unclear(text)
    return ";".join(found)


def _unclear(part: str) -> BadAnswer:
    return BadAnswer(
        N_(
            "Dạ, chưa rõ «{part}». Xin gõ từng người và năm sinh, cách nhau bằng dấu phẩy, ví dụ: "
            "tôi 1985, vợ 1987, con 2016, mẹ 76 tuổi."
        ),
        part=part.strip()[:40],
    )


_UNITS = {"trieu": 1_000_000, "tr": 1_000_000, "cu": 1_000_000, "ngan": 1000, "nghin": 1000,
          "k": 1000, "ng": 1000, "dong": 1, "d": 1, "vnd": 1, "": 1}  # fmt: skip
_SUM = re.compile(
    r"(?<![\d/])(\d+(?:[.,]\d+)*) ?(trieu|tr|cu|ngan|nghin|ng|k|dong|d|vnd)?\b"
    r"(?:(?<=[ur]) ?(\d{1,3})\b(?! ?(?:nguoi|thang)))?(?P<half> ?ruoi)?"
)
_NOT_MONTHLY = re.compile(r"(?:moi|mot|1|hang|/) ?(?:tuan|buoi|nam|gio)\b|\bngay\b")
_NO_MONEY = re.compile(
    r"(?:khong|chua)(?: (?:co|duoc|lanh|huong|nhan|he))*"
    r"(?: (?:luong|huu|tien|tro cap|gi|nao|di lam|lam|viec|thu nhap|dong|che do|ca"
    r"|bao hiem|xa hoi))*"
    r"|that nghiep|nghi lam|o nha|mat suc|het lam"
)


def amount(text: str) -> int:
    """Read a sum of money: 0, 500000, «1.080.000 đồng», «2 triệu rưỡi», «1tr2», «500k»."""
    if sayings.nothing(text) or _NO_MONEY.fullmatch(sayings.bare(text)):
        return 0
    if _NO_MONEY.fullmatch(sayings.folded(text)):
        return 0
    said = re.sub(r"(\d) ?tr(\d)", r"\1 tr \2", fold(figures(text))).strip(" .!")
    sums = list(_SUM.finditer(said))
    found = next((one for one in sums if one[2]), sums[0] if len(sums) == 1 else None)
    if found is None or _NOT_MONTHLY.search(said) or re.search(r"\d ?- ?\d", said):
        raise BadAnswer(N_("Dạ, xin gõ số tiền một tháng, ví dụ: 2.500.000 (không có thì gõ 0)."))
    worth = _worth(found)
    if found[3] and len(found[3]) == 2:  # «1 triệu 80»: 1.080.000 as a rule, but not beyond doubt
        rest = int(found[3])
        near = (worth + rest * 1000, worth + rest * 10_000)
        raise BadAnswer(_HOW_MUCH, offer=tuple(Choice(str(one), money(one)) for one in near))
    if not found[2] and 0 < worth < 10_000:  # «3», «2.5», «800»: nobody means so few đồng
        meant = round(float(found[1].replace(",", ".")) * (1_000_000 if worth < 100 else 1000))
        raise BadAnswer(_HOW_MUCH, offer=(Choice(str(meant), money(meant)),))
    return worth


_HOW_MUCH = N_("Dạ, có phải số tiền này một tháng không ạ? Bấm chọn, hoặc gõ lại đủ số.")


def _worth(found: re.Match[str]) -> int:
    number, tail = found[1], found[3]
    unit = _UNITS[found[2] or ""]
    if unit > 1 and re.fullmatch(r"\d+[.,]\d{1,2}", number):
        worth = round(float(number.replace(",", ".")) * unit)
    else:
        worth = int(re.sub(r"[.,]", "", number)) * unit
    if tail and len(tail) != 2:  # «1 triệu 2», «1 triệu 200»
        worth += int(tail) * unit // 10 ** len(tail)
    return worth + (unit // 2 if found["half"] else 0)


_STATEMENT_NO = re.compile(r"(?:khong|chua|chang|het|nghi)\b(?: \w+){1,5}")
_STATEMENT_YES = re.compile(r"(?:co|dang|còn|van|da co)\b(?: \w+){1,5}")
_STILL = re.compile(r"(?:dạ,? )?còn\b")  # folded, «con» is a child
_UNDECIDED = re.compile(
    r"\b(?:biet|ro|nho|chac|hieu|muon|le|the|khi|may|nhung|ma|hay|hoac|neu|sap|dinh)\b"
)


def fact(text: str) -> str:
    """Read yes or no, also said as a statement: «không đi học», «đang học lớp 5»."""
    try:
        return yes_no(text)
    except BadAnswer:
        said = re.sub(r"^(?:da|vang|thua|u) ", "", sayings.folded(text))
        if _STILL.match(compose(text)):
            said = re.sub(r"^con\b", "còn", said)
        if not _UNDECIDED.search(said) and "?" not in text:
            if _STATEMENT_NO.fullmatch(said):
                return "no"
            if _STATEMENT_YES.fullmatch(said) and not re.search(r"\b(?:khong|chua)\b", said):
                return "yes"
        raise


def number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        found = re.findall(r"\d+", figures(text))
        if sayings.nothing(text) and low == 0:
            return 0
        if len(found) != 1 or not low <= int(found[0]) <= high:
            raise BadAnswer(
                N_("Dạ, xin gõ một con số từ {low} đến {high}, ví dụ: 4."), low=low, high=high
            )
        return int(found[0])

    return read


def day(text: str) -> str:
    """Read a day, or a month: then its last day."""
    said = _said(text).strip(" .!")
    if said in ("hom nay", "bay gio", "today", "nay"):
        return "today"
    for pattern, read in ((_ISO, _iso), (_DATE, _dated)):
        match = pattern.search(said)
        if match and (found := read(match)) is not None:
            return found
    month = re.search(r"(?<!\d)(\d{1,2})[-/. ]+(?:nam )?((?:19|20)\d\d)(?!\d)", said)
    if month and 1 <= int(month[1]) <= 12:
        year, number_ = int(month[2]), int(month[1])
        return date(year, number_, monthrange(year, number_)[1]).isoformat()
    raise BadAnswer(
        N_("Dạ, chưa đọc được ngày. Xin gõ ngày/tháng/năm hoặc tháng/năm, ví dụ 8/2025.")
    )


def died(text: str) -> str:
    """Read the day of a death: a day as people say it, or a month."""
    try:
        return happened(text)
    except BadAnswer:
        return day(text)
