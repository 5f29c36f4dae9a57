"""What somebody's own words tell of a death: «bà nội mới mất hôm qua, 85 tuổi, già yếu»."""

from __future__ import annotations

import re
from datetime import date

from handlers.benefits import readers
from handlers.benefits.kin import KIN
from handlers.benefits.statements import named
from handlers.dialogue import BadAnswer
from handlers.pastdays import happened_on
from models.text import compose, fold

_KIN = "|".join(KIN[one].words for one in ("grandparent", "mother", "father", "spouse"))
_DIED = re.compile(r"(?<!\w)(?:mất|mat|chết|chet|qua đời|qua doi)(?!\w)(?! tích| tich)")
_RECENTLY = re.compile(
    rf"(?<!\w)(?:{_KIN})(?: (?:tôi|toi|tui|em|mình|cháu|con))? (?:mới|moi|vừa|vua)(?: (?:bị|bi))?"
    rf" {_DIED.pattern}"
)
_EVERYBODY = "|".join(one.words for one in KIN.values())
_ALIVE = re.compile(  # «mẹ 76 tuổi», «con gái 5 tuổi»: the age is somebody else's
    rf"(?<!\w)(?:{_EVERYBODY})(?: (?:tôi|toi|tui|em|gái|gai|trai|nhỏ|nho|lớn|lon))*"
    r"(?: (?:năm nay|nam nay|sinh))? \d"
)
_WHEN = re.compile(
    r"(?:hom|bua) (?:qua|nay|kia)|(?:sang|trua|chieu|toi|dem|khuya|hoi) (?:hom )?(?:qua|nay)"
)


def is_about_one(text: str) -> bool:
    """Whether somebody in the family has just died: «bà nội mới mất»."""
    said = compose(text)
    return _RECENTLY.search(said) is not None and _ALIVE.search(said) is None


def died_in(text: str, today: date) -> str | None:
    """The day of the death, as an ISO date; None when no day is told, or one that lies ahead."""
    for part in re.split(r"[,.;\n]+ ?", compose(text)):
        _, died, rest = _parted(part)
        when = _WHEN.search(fold(part))
        for said in (rest if died else "", when[0] if when else "", part):
            if (day := _day(said, today)) is not None:
                return day.isoformat()
    return None


def _parted(part: str) -> tuple[str, str, str]:
    found = _DIED.search(part)
    return (part[: found.start()], found[0], part[found.end() :]) if found else (part, "", "")


def _day(said: str, today: date) -> date | None:
    if not said.strip() or re.search(r"\b(?:sinh|sn|tuoi)\b", fold(said)):
        return None
    try:
        day = happened_on(readers.died(said.strip()), today)
    except BadAnswer:
        return None
    return day if day <= today else None


def told_of(text: str, today: date) -> dict[str, str]:
    """The answers of a check of a funeral that a text gives: when, how old, of what."""
    found = {"p0.birth_date": _age(text), "died": died_in(text, today)}
    found |= {"household.cause": named("cause", text), "p0.receiving": named("receiving", text)}
    return {key: value for key, value in found.items() if value}


def _age(text: str) -> str | None:
    """«85 tuổi», «sinh năm 1941»; a bare number is a day of the month."""
    said = [
        part for part in re.split(r"[,;\n]", text) if re.search(r"tuoi|sinh|\dt\b", fold(part))
    ]
    ages = readers.births(said[0]) if said else []
    return ages[0] if len(ages) == 1 else None
