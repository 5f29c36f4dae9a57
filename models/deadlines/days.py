"""Which days are off and which weekend days are worked: the library `holidays`, then our file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import holidays

from models.deadlines import schema

_SATURDAY = 5
# names the library gives
_NEW_YEAR = "Tết Nguyên Đán"
_NATIONAL_DAY = "Quốc khánh"
_TET = re.compile(r"29 Tết|.*Tết Nguyên Đán")
_TET_CHOSEN = re.compile(r"29 Tết|Mùng (?:bốn|năm|sáu) .*")
_IN_LIEU = re.compile(r"(.*) \(nghỉ bù\)")
_SWAPPED = re.compile(r"Ngày nghỉ \(thay cho ngày (.*)\)")


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Exceptions to the week; a name is Vietnamese and follows the word «nghỉ»."""

    rest: Mapping[date, str]
    work: frozenset[date]  # weekend days worked
    maybe: Mapping[date, str]  # after known_to: probably off, counted as worked until announced


def days_off(file: schema.Holidays) -> DaysOff:
    """Lay the file's changes over the library; entries marked unsure are left out.

    After ``known_to`` only days the law itself fixes are off.  The days the Prime Minister chooses
    each year (Labour Code 45/2019/QH14, article 112.3) are kept apart in ``maybe``.
    """
    library = holidays.country_holidays(
        "VN", years=range(file.first.year, file.counted_to.year + 1), language="vi"
    )
    covered = [day for day in sorted(library) if file.first <= day <= file.counted_to]
    chosen = set(_chosen(covered, library, file.known_to))
    rest = {day: _worded(library[day]) for day in covered if day not in chosen}
    maybe = {day: _worded(library[day]) for day in chosen}
    work = {day for day in library.weekend_workdays if file.first <= day <= file.counted_to}
    for change in file.changes:
        if change.certainty == "unsure":
            continue
        for day in (*change.rest, *change.work):
            rest.pop(day, None)
            maybe.pop(day, None)
            work.discard(day)
        rest |= dict.fromkeys(change.rest, change.name)
        work |= set(change.work)
    return DaysOff(rest, frozenset(work), maybe)


def _chosen(days: Iterable[date], names: Mapping[date, str], known_to: date) -> Iterable[date]:
    """Find the weekdays after ``known_to`` that are off only if they are chosen that year."""
    fixed: set[date] = set()
    for day in days:
        if names[day] == _NEW_YEAR:
            fixed |= _tet_in_any_case(day)
    for day in days:
        if day <= known_to or day.weekday() >= _SATURDAY:
            continue
        beside_tet = _TET_CHOSEN.fullmatch(names[day]) and day not in fixed
        beside_national_day = names[day] == _NATIONAL_DAY and (day.month, day.day) != (9, 2)
        if beside_tet or beside_national_day:
            yield day


def _tet_in_any_case(new_year: date) -> set[date]:
    """Find the days off whichever five are chosen: one before and four after, or two and three.

    Weekend days among the five are made up on the next weekdays (Labour Code, article 111.3).
    """
    choices = []
    for before in (1, 2):
        days = [new_year + timedelta(days=n) for n in range(-before, 5 - before)]
        owed = sum(day.weekday() >= _SATURDAY for day in days)
        while owed:
            days.append(days[-1] + timedelta(days=1))
            owed -= days[-1].weekday() < _SATURDAY
        choices.append(set(days))
    return choices[0] & choices[1]


def _worded(name: str) -> str:
    if _TET.fullmatch(name):
        return _NEW_YEAR
    if match := _IN_LIEU.fullmatch(name):
        return f"bù {match[1]}"
    if match := _SWAPPED.fullmatch(name):
        return f"hoán đổi với ngày {match[1]}"
    return name
