"""Names of places that sound like trouble: «Ia Chim» drowns nobody, «Bình Hiệp» is no crime.

Where such a name is clearly one, the rules read a quiet name in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from handlers.lexicon.meanings import REPORTS, choose
from models import place_names
from models import text as spelling

_QUIET = "Đông Sơn"
_WORD = re.compile(r"[^\W_]+")
_LEADS = frozenset(
    {"xa", "x", "phuong", "p", "tran", "tt", "huyen", "h", "o", "tai", "que", "ve", "cua", "thon"}
)
_ALONE = _LEADS | {"thi", "cu", "em", "toi", "nha", "da", "a"}  # nothing is told beside the name
_NO_NAME = frozenset({"dam"})  # «hiếp dâm» with another mark


@cache
def _loud() -> Mapping[str, tuple[str, ...]]:
    """Names in which the rules hear a report: folded, with their words as rightly marked."""
    found: dict[str, tuple[str, ...]] = {}
    for name in _names():
        toned = spelling.toned_words(name.lower())
        heard = (*_heard(toned), *_heard(spelling.toned_words(spelling.fold(name))))
        if any(one in REPORTS for one in heard):
            found[spelling.fold(name)] = tuple(toned.split())
    return found


def _names() -> Iterator[str]:
    for row in place_names.rows("communes.csv"):
        yield place_names.KIND.sub("", row["name"])
    for row in place_names.rows("former_communes.csv"):
        yield place_names.KIND.sub("", row["former_name"])
        yield place_names.KIND.sub("", row["former_district"])


def _heard(toned: str) -> list[str]:
    return [hit.name for hit in choose(toned, asked=False, exact=False)]


@cache
def _any_loud() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, _loud()))})(?![^\W_])")


def quiet(text: str) -> str:
    """The text with a quiet name for every loud one that is clearly the name of a place."""
    if _any_loud().search(spelling.fold(text)) is None:
        return text
    text = spelling.compose(text, lower=False)
    spans = list(_WORD.finditer(text))
    words = [span[0].lower() for span in spans]
    folded = [spelling.fold(word) for word in words]
    for start in reversed(range(len(words))):
        for length in (2, 3, 4):
            end = start + length
            key = " ".join(folded[start:end])
            if end <= len(words) and key in _loud() and _is_name(words, folded, start, end):
                text = f"{text[: spans[start].start()]}{_QUIET}{text[spans[end - 1].end() :]}"
    return text


def _is_name(words: Sequence[str], folded: Sequence[str], start: int, end: int) -> bool:
    if end < len(folded) and folded[end] in _NO_NAME:
        return False
    rightly = _loud()[" ".join(folded[start:end])]
    if tuple(map(spelling.toned, words[start:end])) == rightly:
        return True
    led = start > 0 and folded[start - 1] in _LEADS
    return led or {*folded[:start], *folded[end:]} <= _ALONE
