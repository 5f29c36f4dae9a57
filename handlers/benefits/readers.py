"""Readers of the check's answers.  What they store they read back; they know no clock."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date

from handlers.answers import NONE_AT_ALL, plain
from handlers.benefits.kin import kin_in
from handlers.dialogue import BadAnswer
from handlers.i18n import N_
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
    if len(found) != 1:
        raise BadAnswer(
            N_("Dạ, chưa đọc được ngày sinh. Xin gõ ví dụ 15/03/1950, hoặc 1950, hoặc 76 tuổi.")
        )
    return found[0]


def birthday(text: str) -> str:
    """Read the day and month somebody was born; stored as ``03/12``."""
    match = re.search(r"(?<!\d)(\d{1,2})[-/. ](\d{1,2})(?!\d)", fold(text).replace(" thang ", "/"))
    day_month = _day_of(2024, int(match[2]), int(match[1])) if match else None
    if day_month is None:
        raise BadAnswer(N_("Dạ, xin gõ ngày/tháng sinh, ví dụ 3/12; không nhớ thì gõ Không rõ."))
    return f"{day_month[8:]}/{day_month[5:7]}"


def births(text: str) -> list[str]:
    """Every birthday, year of birth and age in a text, in their order."""
    said = fold(text)
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
    return _day_of(int(match[3]), int(match[2]), int(match[1]))


def _iso(match: re.Match[str]) -> str | None:
    return _day_of(int(match[1]), int(match[2]), int(match[3]))


def _day_of(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _year(match: re.Match[str]) -> str:
    return match[1]


def _months(match: re.Match[str]) -> str:
    return f"a{int(match[1]) // 12}"


def children(text: str) -> str:
    """Read the children somebody raises: ``2016,2019-05-03,a7``, or ``none``."""
    if text.strip() == NONE or plain(text) in NONE_AT_ALL | {"khong co con", "khong nuoi con"}:
        return NONE
    said = re.sub(r"(?<![\d/])\d{1,2} (?=(con|dua|chau|be|nguoi)\b)", " ", fold(text))
    found = births(said)
    if not found or len(found) > MOST:
        raise BadAnswer(
            N_("Dạ, xin gõ năm sinh hoặc tuổi từng con, ví dụ: 2016, 2019. Không có thì gõ Không.")
        )
    return ",".join(found)


def household(text: str) -> str:
    """Read who lives together: ``self:1985;child:2016;mother:a76``."""
    if re.fullmatch(r"[a-z]+:[\da-z-]*(;[a-z]+:[\da-z-]*)*", text.strip()):
        return text.strip()
    found = []
    for part in re.split(r"[,;\n+]|(?<!\w)(?:và|va|and|với)(?!\w)", compose(text)):
        kin, born = kin_in(part), births(part)
        if kin is None or len(born) > 1:
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
_SUM = re.compile(r"(\d+(?:[.,]\d+)*) ?(trieu|tr|cu|ngan|nghin|ng|k|dong|d|vnd)?(\d)?\b")


def amount(text: str) -> int:
    """Read a sum of money: 0, 500000, «1.080.000 đồng», «2 triệu», «1tr2», «500k»."""
    said = fold(text).strip(" .!")
    if said in NONE_AT_ALL or plain(text) in NONE_AT_ALL or said.startswith(("khong co", "ko co")):
        return 0
    found = _SUM.search(said)
    if found is None:
        raise BadAnswer(N_("Dạ, xin gõ số tiền một tháng, ví dụ: 2.500.000 (không có thì gõ 0)."))
    number, unit, tail = found[1], found[2] or "", found[3]
    if _UNITS[unit] > 1 and re.fullmatch(r"\d+[.,]\d{1,2}", number):
        return int(float(number.replace(",", ".")) * _UNITS[unit])
    whole = int(re.sub(r"[.,]", "", number)) * _UNITS[unit]
    return whole + (int(tail) * _UNITS[unit] // 10 if tail else 0)


def number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        found = re.findall(r"\d+", text)
        if plain(text) in NONE_AT_ALL and low == 0:
            return 0
        if len(found) != 1 or not low <= int(found[0]) <= high:
            raise BadAnswer(
                N_("Dạ, xin gõ một con số từ {low} đến {high}, ví dụ: 4."), low=low, high=high
            )
        return int(found[0])

    return read


def day(text: str) -> str:
    """Read a day, or a month: then its last day."""
    said = fold(text).strip(" .!")
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
