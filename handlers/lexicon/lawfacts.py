"""Facts of a message in the vocabulary of the law (models/benefits/facts.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from handlers import lexicon
from models.text import fold

_UNITS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9,
}  # fmt: skip
_WORD = "|".join(_UNITS)
_IN_WORDS = re.compile(rf"\b(?:({_WORD}) muoi|muoi|({_WORD}))(?: ({_WORD}|mot))? tuoi\b")
_BORN = re.compile(r"\b(?:sinh(?: nam)?|sn|born(?: in)?) ?(19\d\d|20[012]\d)\b")
_MONTHS = re.compile(r"\b(\d{1,2}) thang tuoi\b")
_MONEY = re.compile(r"\b(\d+(?:[.,]\d+)*) ?(trieu|tr|ngan|nghin|k|dong|d)(?: ?(\d))?\b")
_MILLION = 1_000_000
_SCALE = {"trieu": _MILLION, "tr": _MILLION, "ngan": 1000, "nghin": 1000, "k": 1000}


def age(spelled: str) -> int | None:
    """«bảy mươi sáu tuổi», «bảy lăm tuổi», «18 tháng tuổi» (in full years)."""
    said = fold(spelled)
    if months := _MONTHS.search(said):
        return int(months[1]) // 12
    found = _IN_WORDS.search(said)
    if found is None:
        return None
    tens, bare, unit = (_UNITS.get(one or "") for one in found.groups())
    if tens is None and bare is not None and unit is not None:
        return 10 * bare + unit  # «bảy lăm»
    if tens is None and bare is not None:
        return bare
    return 10 * (tens or 1) + (unit or 0)


def _amount(said: str) -> int | None:
    """The money of a pension: «2,5 triệu», «1 triệu 2», «800 ngàn», «1.200.000 đồng»."""
    found = _MONEY.search(said)
    if found is None:
        return None
    number, unit, tenth = found.groups()
    if unit in _SCALE:
        worth = round(float(number.replace(",", ".")) * _SCALE[unit])
        return worth + (int(tenth) * _SCALE[unit] // 10 if tenth else 0)
    return int(re.sub(r"[.,]", "", number))


def values_of(fact: str, text: str) -> Iterator[str]:
    """The values of a fact that are said, and not denied: «chưa ly dị» is no divorce."""
    denied = lexicon.load_once("facts")["denied"].get(fact, {})
    return (
        value
        for value in lexicon.found_of(text, "facts", "law", fact)
        if value not in denied or not lexicon.finds(text, "facts", "denied", fact, value)
    )


def of_the_law(spelled: str, text: str, told: Mapping[str, object]) -> dict[str, object]:
    """What ``text`` (``toned_words`` of ``spelled``) says beside what was read already."""
    said = fold(spelled)
    found: dict[str, object] = {}
    if (born := _BORN.search(said)) and "birth_date" not in told:
        found["birth_year"] = int(born[1])
    if told.get("poverty"):
        found["household"] = told["poverty"]
    for fact in lexicon.load_once("facts")["law"]:
        for value in values_of(fact, text):
            found[fact] = value
            break
    _, _, pension = said.partition("luong huu")
    if told.get("pension") is not False and (amount := _amount(pension[:20])) is not None:
        found["pension"] = amount
    return found
