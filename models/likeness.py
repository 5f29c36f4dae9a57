"""Whether two reports tell of one household: evidence weighed, for an officer to decide on.

Nothing here decides anything: a pair above ``PROPOSED`` is shown with its reasons.  How well
that works is measured (docs/duplicates.md).  Pure: no storage, no clock.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from rapidfuzz import fuzz

from models import names
from models.text import toned

PROPOSED = 60
LONGEST = timedelta(days=30)  # reports further apart are of two events
VAGUE = frozenset({"emergency", "other"})
HOUSE = frozenset({"house_destroyed", "house_damaged_unlivable", "house_damaged", "evacuation"})


@dataclass(frozen=True, slots=True)
class Told:
    """What one report says of its household."""

    at: datetime
    head: str = ""
    village: str = ""  # as ``villages.key`` gives it; "" if not told
    phone: str | None = None
    position: tuple[float, float] | None = None
    kinds: tuple[str, ...] = ()
    people: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    score: int  # 0 to 100
    reasons: tuple[str, ...]  # ids, the weightiest first; a minus before what speaks against it

    @property
    def proposed(self) -> bool:
        return self.score >= PROPOSED


def likeness(one: Told, other: Told) -> Likeness:
    """Weigh what two reports share and where they differ."""
    apart = abs(one.at - other.at)
    if apart > LONGEST:
        return Likeness(0, ())
    named = bool(names.read(one.head).words and names.read(other.head).words)
    strength, name = name_likeness(one.head, other.head)
    weighed = [
        (round(60 * strength), name),
        _phones(one, other, named=named),
        _villages(one, other),
        _positions(one, other),
        _people(one, other),
        _kinds(one, other),
        _days(apart),
        (5, "address") if _same_words(one.address, other.address) else (0, ""),
    ]
    score = max(0, min(100, sum(points for points, _ in weighed)))
    told = sorted((pair for pair in weighed if pair[0]), key=lambda pair: -abs(pair[0]))
    return Likeness(score, tuple(reason for _, reason in told))


def name_likeness(one: str, other: str) -> tuple[float, str]:
    """How far two names may be one person's, from 0 to 1, and why."""
    mine, theirs = names.read(one), names.read(other)
    if not mine.words or not theirs.words:
        return 0.0, ""
    strength, why = _words(mine, theirs)
    if why in {"name", "name_swapped"} and _marks_differ(one, other):
        strength, why = 0.35, "name_marks"
    if mine.nick and theirs.nick and fuzz.ratio(mine.nick, theirs.nick) < 75:
        return strength * 0.4, "-nick"
    return strength, why


def _words(mine: names.Name, theirs: names.Name) -> tuple[float, str]:
    a, b = _in_order(mine.words), _in_order(theirs.words)
    if a == b or (len(a) > 1 and sorted(a) == sorted(b)):
        turned = mine.words != theirs.words
        return (0.95, "name_swapped") if turned else (1.0 if len(a) > 1 else 0.7, "name")
    nicks = (mine.nick.rpartition(" ")[2], theirs.nick.rpartition(" ")[2])
    if (nicks[0] and nicks[0] == theirs.key) or (nicks[1] and nicks[1] == mine.key):
        return 0.8, "nick"
    if min(len(a), len(b)) == 1:
        return (0.55, "given") if a[-1] == b[-1] else (0.0, "")
    if a[0] == b[0] and a[-1] == b[-1]:
        return _middles(a[1:-1], b[1:-1])
    alike = len(mine.key) > 7 and fuzz.ratio(mine.key, theirs.key) >= 90
    return (0.75, "spelling") if alike and _one_slip(a, b) else (0.0, "")


def _in_order(words: tuple[str, ...]) -> tuple[str, ...]:
    """The surname first, where the given name was written before it: «An Nguyễn Văn»."""
    if len(words) < 3:
        return words
    turned = words[-1] in {"van", "thi"} or (
        words[0] not in names.SURNAMES and words[1] in names.SURNAMES
    )
    return (*words[1:], words[0]) if turned else words


def _middles(a: Sequence[str], b: Sequence[str]) -> tuple[float, str]:
    if not a or not b or set(a) < set(b) or set(b) < set(a):
        return 0.8, "middle_missing"
    if {"van", "thi"} <= {*a, *b}:
        return 0.1, "middle"  # a man and a woman
    alike = fuzz.ratio(" ".join(a), " ".join(b)) >= 75
    return (0.8, "spelling") if alike else (0.2, "middle")


def _one_slip(a: Sequence[str], b: Sequence[str]) -> bool:
    """One word off by a letter, the others the same."""
    if len(a) != len(b):
        return False
    differing = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return len(differing) == 1 and len(differing[0][0]) > 2 and fuzz.ratio(*differing[0]) >= 70


@cache
def _tones(name: str) -> tuple[str, ...] | None:
    """The words of a name with their marks; None when it was typed without."""
    bare = names.bare(name)
    if bare.isascii():
        return None
    return tuple(toned(word).replace("X", "R") for word in bare.split())


def _marks_differ(one: str, other: str) -> bool:
    """«Bình» and «Bính», both with marks, are two people; «Binh» may be either."""
    mine, theirs = _tones(one), _tones(other)
    if mine is None or theirs is None:
        return False
    return sorted(mine) != sorted(theirs)


def _phones(one: Told, other: Told, *, named: bool) -> tuple[int, str]:
    if not one.phone or not other.phone:
        return 0, ""
    if one.phone == other.phone:
        return (35 if named else 52), "phone"
    return -10, "-phone"


def _villages(one: Told, other: Told) -> tuple[int, str]:
    if not one.village or not other.village:
        return 0, ""
    if one.village == other.village:
        return 12, "village"
    if one.village[-1:].isdigit() or other.village[-1:].isdigit():
        return -25, "-village"  # «thôn 2», «thôn 3»: a digit is the whole difference
    return (6, "village") if fuzz.ratio(one.village, other.village) >= 85 else (-25, "-village")


def _positions(one: Told, other: Told) -> tuple[int, str]:
    if one.position is None or other.position is None:
        return 0, ""
    away = metres(one.position, other.position)
    if away < 60:
        return 35, "position"
    if away < 200:
        return 18, "position"
    return (-25, "-position") if away > 3000 else (0, "")


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance between two places, good for some kilometres."""
    north = (one[0] - other[0]) * 111_320
    east = (one[1] - other[1]) * 111_320 * math.cos(math.radians(one[0]))
    return math.hypot(north, east)


def _people(one: Told, other: Told) -> tuple[int, str]:
    if not one.people or not other.people:
        return 0, ""
    if one.people == other.people:
        return 5, "people"
    return (-8, "-people") if abs(one.people - other.people) >= 3 else (0, "")


def _kinds(one: Told, other: Told) -> tuple[int, str]:
    mine, theirs = (
        set(one.kinds) - VAGUE,
        set(other.kinds) - VAGUE,
    )
    if not mine or not theirs:
        return 0, ""
    if mine & theirs or (mine & HOUSE and theirs & HOUSE):
        return 8, "kinds"
    return -5, "-kinds"


def _days(apart: timedelta) -> tuple[int, str]:
    if apart <= timedelta(days=3):
        return 5, "days"
    return (-10, "-days") if apart.days > 14 else (0, "")


def _same_words(one: str, other: str) -> bool:
    a, b = set(one.lower().split()), set(other.lower().split())
    return len(a & b) >= 2 and len(a & b) >= 0.6 * min(len(a), len(b))
