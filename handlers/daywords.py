"""Days to come as people type them: «28/11», «mai», «thứ Bảy», «mỗi Chủ nhật».

Reading knows no clock: a day is kept as it was meant (``in:1``, ``28/11``, ``w5``, ``every:5``)
and becomes a date when it is used.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from handlers.dialogue import BadAnswer
from handlers.i18n import N_
from models.text import fold

_SOON = {"hom nay": 0, "nay": 0, "today": 0, "mai": 1, "ngay mai": 1, "tomorrow": 1, "mot": 2,
         "ngay mot": 2, "ngay kia": 2}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "thu hai|thu 2|t2|monday", "thu ba|thu 3|t3|tuesday", "thu tu|thu 4|t4|wednesday",
            "thu nam|thu 5|t5|thursday", "thu sau|thu 6|t6|friday", "thu bay|thu 7|t7|saturday",
            "chu nhat|cn|sunday",
        )
    )
    for name in names.split("|")
}  # fmt: skip
_EVERY = re.compile(r"(?:moi|hang tuan|every)\s+")
_STORED = re.compile(r"in:\d|w[0-6]|every:[0-6]")
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?")
UNREAD = N_("Dạ, chưa đọc được ngày. Xin gõ như 28/11, «mai» hoặc «thứ Bảy».")


def day(text: str) -> str:
    """Read one day to come."""
    said = fold(text).strip(" .!,:")
    if _STORED.fullmatch(said):
        return said
    if said in _SOON:
        return f"in:{_SOON[said]}"
    if said in _WEEKDAYS:
        return f"w{_WEEKDAYS[said]}"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", said):
        year, month, number = map(int, said.split("-"))
    elif found := _DATE.fullmatch(said.removeprefix("ngay ")):
        number, month, year = int(found[1]), int(found[2]), int(found[3] or 0)
    else:
        raise BadAnswer(UNREAD)
    try:
        exact = date(year or 2028, month, number)  # 29/2 comes with the next leap year
    except ValueError:
        raise BadAnswer(UNREAD) from None
    return exact.isoformat() if year else f"{number}/{month}"


def day_or_weekly(text: str) -> str:
    """Read a day, or «mỗi thứ Bảy»."""
    said = fold(text).strip(" .!,:")
    weekly = _EVERY.match(said)
    if weekly and said[weekly.end() :] in _WEEKDAYS:
        return f"every:{_WEEKDAYS[said[weekly.end() :]]}"
    return day(text)


def leading(text: str) -> tuple[str | None, str]:
    """The day at the beginning of a text, as many words as make one, and the rest."""
    words = text.split()
    for length in (3, 2, 1):
        try:
            found = day_or_weekly(" ".join(words[:length]))
        except BadAnswer:
            continue
        return found, " ".join(words[length:]).lstrip(" :,-–")
    return None, text.strip()


def weekday(value: str) -> int | None:
    """The weekday of a weekly entry, None for a single day."""
    return int(value.removeprefix("every:")) if value.startswith("every:") else None


def on(value: str, today: date) -> date:
    """The date a single day means, seen from today; a day without a year is the next such day.

    Raises:
        BadAnswer: there is no such day within the next years.
    """
    if value.startswith("in:"):
        return today + timedelta(days=int(value[3:]))
    if value.startswith("w"):
        return today + timedelta(days=(int(value[1:]) - today.weekday()) % 7)
    if "/" not in value:
        return date.fromisoformat(value)
    number, month = map(int, value.split("/"))
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, number)
        except ValueError:
            continue
        if found >= today:
            return found
    raise BadAnswer(UNREAD)
