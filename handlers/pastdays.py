"""Days that have been, as people type them: «hôm qua», «thứ Ba tuần rồi», «15/11», «rằm tháng 10».

Reading knows no clock: a day is kept as it was meant (``ago:1``, ``w1``, ``w1-``, ``15/11``,
``day:15``, ``moon:15/10``) and becomes a date when it is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from lunar_vn import convert_solar_to_lunar

from handlers import sayings
from handlers.dialogue import BadAnswer
from handlers.i18n import N_
from models.text import compose

UNREAD = N_("Dạ, chưa đọc được ngày. Xin gõ ngày/tháng, ví dụ 15/11; không nhớ thì gõ Không nhớ.")
_STORED = re.compile(r"ago:\d{1,3}|w[0-6]-?|day:\d{1,2}|moon:\d{1,2}(?:/\d{1,2})?")
_PART = "rang sang|sang|trua|chieu|toi|dem|khuya"
# The hour is not asked: «lúc 2 giờ sáng», «20h30», «khoảng 3 rưỡi chiều».
_HOUR = re.compile(
    r"\b(?:luc |khoang |tam |co )*\d{1,2} ?(?:gio|h|g)(?: ?\d{1,2}(?: phut|p)?)?(?: ruoi| hon)?\b"
)
_NOW = (
    rf"(?:{_PART}) (?:nay|ni)|(?:hom|bua) (?:nay|ni)|(?:moi )?hoi (?:sang|trua|chieu|nay|som)"
    r"|(?:ngay )?bay gio|dang xay ra|(?:vua|moi) (?:tuc thi|xong|day|nay|xay ra|moi|bi)|today"
)
_YESTERDAY = (
    rf"(?:(?:{_PART}) )?(?:hom|bua) (?:qua|wa)|(?:{_PART}) (?:qua|wa)|(?:hoi|khi|dem) hom"
    r"|qua|yesterday"
)
_AGO = ((0, _NOW), (1, _YESTERDAY), (2, rf"(?:(?:{_PART}) )?(?:hom|bua) kia"))
_LONG = {"ngay": 1, "hom": 1, "bua": 1, "tuan": 7, "day": 1, "week": 7}
_SPAN = re.compile(
    r"(?:ago:|(?:cach (?:day|nay)|truoc day|duoc|da|hon|gan|khoang|chung) )*(\d{1,3}) "
    r"(ngay|hom|bua|tuan|day|week)s?(?: (?:truoc|nay|roi|qua|ago|le))*"
)
_WEEKDAY = re.compile(
    r"(?:(?:thu|t) ?([2-7])|(chu nhat|cn|chua nhat))"
    r"((?: vua)?(?: tuan)?(?: (?:truoc|roi|qua|nay))?)"
)
_DATE = re.compile(
    r"(?<![\d/])(\d{1,2}) ?(?:[-/. ]|thang|th|t|/thang) ?(\d{1,2})"
    r"(?: ?(?:[-/. ]|nam)+ ?(\d{4}|\d\d))?(?![\d/])"
)
_DAY = re.compile(r"(?:(?:ngay|hom|bua|mung|mong) )?(\d{1,2})(?: thang (?:nay|ni))?")
_MOON = re.compile(
    r"(?:(?:ngay|hom|dem) )?(?:(mung|mong|ram|am|al) ?)?(\d{1,2})?"
    r"(?: ?(?:thang|/) ?(\d{1,2}|gieng|chap))?(?: ?(am lich|lich am|am|al|ta))?"
)


def happened(text: str) -> str:
    """Read when it happened; judged against today elsewhere."""
    said = text.strip().lower()
    if _STORED.fullmatch(said) and not said[:2].isdecimal():
        return said
    plain = re.sub(r"(?<=\d)\.(?=\d)", "/", text)
    for read in (sayings.folded(plain), sayings.bare(plain)):
        for said in (read, _without_hour(read)):
            if (found := _said(said, compose(text))) is not None:
                return found
    raise BadAnswer(UNREAD)


def _without_hour(said: str) -> str:
    said = re.sub(rf"(?:{_HOUR.pattern})(?: (?:ngay|cua))?", " ", said)
    said = re.sub(r"^(?:(?:moi|vua|xay ra|bi|tu|vao|luc|khoang|hoi) )+(?=\S)", "", said.strip())
    said = re.sub(r"\s*\b(?:luc|khoang|duong lich|dl)\b\s*", " ", said)
    return " ".join(said.split()).strip(" ,/-")


def _said(said: str, typed: str) -> str | None:
    for days, pattern in _AGO:
        if re.fullmatch(f"(?:{pattern})", said):
            return f"ago:{3 if 'kìa' in typed else days}"
    if span := _SPAN.fullmatch(said):
        return f"ago:{int(span[1]) * _LONG[span[2]]}"
    part = re.sub(rf"^(?:(?:{_PART}|ngay|hom|bua) )+(?=thu|t ?\d|chu|cn|ngay|\d)", "", said)
    if named := _WEEKDAY.fullmatch(part):
        number = int(named[1]) - 2 if named[1] else 6
        return f"w{number}{'-' if 'tuan' in named[3] and 'nay' not in named[3] else ''}"
    return _moon(said) or _day_and_month(part)


def _moon(said: str) -> str | None:
    found = _MOON.fullmatch(said)
    if found is None or not (found[1] or found[4]):
        return None
    number = int(found[2] or (15 if found[1] == "ram" else 0))
    month = {"gieng": 1, "chap": 12}.get(found[3] or "") or int(found[3] or 0)
    if not 1 <= number <= 30 or not 0 <= month <= 12:
        return None
    if found[1] in {"mung", "mong"} and number > 10:
        return None
    return f"moon:{number}/{month}" if month else f"moon:{number}"


def _day_and_month(said: str) -> str | None:
    if (ours := re.fullmatch(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", said)) is not None:
        return iso_day(*map(int, ours.groups()))
    dates = list(_DATE.finditer(said))
    if len(dates) == 1:
        day, month, year = (int(one or 0) for one in dates[0].groups())
        if year:
            year += 2000 * (year < 100)
            return iso_day(year, month, day) if year > 1949 else None
        return f"{day:02}/{month:02}" if iso_day(2024, month, day) else None  # a leap year
    alone = _DAY.fullmatch(said) if not dates else None
    return f"day:{int(alone[1])}" if alone and 1 <= int(alone[1]) <= 31 else None


def iso_day(year: int, month: int, day: int) -> str | None:
    """A day as ``2026-11-25``; None if there is no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def happened_on(value: str, today: date) -> date:
    """«Hôm nay», «15/11» as the date it is, so that it still means the same tomorrow.

    Raises:
        BadAnswer: there was no such day.
    """
    kind, _, rest = value.partition(":")
    if kind == "ago":
        return today - timedelta(days=int(rest))
    if value.startswith("w"):
        back = (today.weekday() - int(value[1])) % 7
        monday = today - timedelta(days=today.weekday() + 7)
        week_before = monday + timedelta(days=int(value[1]))
        return week_before if value.endswith("-") else today - timedelta(days=back)
    if kind == "moon":
        return _by_the_moon(rest, today)
    if kind == "day":
        return _last(today, lambda one: one.day == int(rest), within=62)
    if "/" not in value:
        return date.fromisoformat(value)
    day, month = map(int, value.split("/"))
    return _last(today, lambda one: (one.day, one.month) == (day, month), within=8 * 366)


def _last(today: date, fits: Callable[[date], bool], *, within: int) -> date:
    """The last day that fits, today included; 29/2 comes every four years, or eight."""
    days = (today - timedelta(days=back) for back in range(within + 1))
    found = next((one for one in days if fits(one)), None)
    if found is None:
        raise BadAnswer(UNREAD)
    return found


def _by_the_moon(value: str, today: date) -> date:
    day, _, month = value.partition("/")

    def fits(one: date) -> bool:
        moon = convert_solar_to_lunar(one.day, one.month, one.year)
        return moon.day == int(day) and moon.month == int(month or moon.month)

    return _last(today, fits, within=400 if month else 62)
