"""What happened to a household, in the few words of a list: «tốc mái», «sập bếp», «mất 2 bò»."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handlers.lists.line import flat
from handlers.lists.words import load, whole
from handlers.understand import kinds as kinds_of
from handlers.understand import might_be_danger, understand
from models.text import compose, fold, toned

# In this order: what a rule took, the next do not see.
RULES = tuple((one["kind"], whole(one["is"])) for one in load()["damage"])
_NEGATED = re.compile(r"(?:khong|ko|k|chua|chang) (?:bi |co |ai |thay )*$")


def find(folded: str, written: str = "") -> tuple[tuple[str, ...], str]:
    """The kinds of report that words name, and the words with what was named blanked out.

    ``written`` is the same text letter by letter with its marks, where there are any.
    """
    found: list[tuple[int, str]] = []
    left = folded
    for kind, rule in RULES:
        for hit in rule.finditer(left):
            if _NEGATED.search(left[: hit.start()]) or (
                kind != "evacuation" and _otherwise(hit, written)
            ):
                continue
            found.append((hit.start(), kind))
            left = left[: hit.start()] + "\x1f" * len(hit[0]) + left[hit.end() :]
    return gravest(kind for _, kind in sorted(found)), left


def own_words(text: str) -> tuple[str, ...]:
    """As written, what happened that is of no kind of its own: «ngập sâu»."""
    written = compose(text, lower=False)
    left, found = flat(written), []
    for kind, rule in RULES:
        for hit in rule.finditer(left):
            if _NEGATED.search(left[: hit.start()]) or _otherwise(hit, written):
                continue
            if kind == "other":
                found.append(written[hit.start() : hit.end()].strip())
            left = left[: hit.start()] + "\x1f" * len(hit[0]) + left[hit.end() :]
    return tuple(dict.fromkeys(found))


def gravest(kinds: Iterable[str]) -> tuple[str, ...]:
    """Of what happened to the house only the worst; «other» only where nothing else is said."""
    named = tuple(dict.fromkeys(kinds))
    if {"house_destroyed", "house_damaged_unlivable"} & set(named):  # the graver of the house
        named = tuple(one for one in named if one != "house_damaged")
    if "house_destroyed" in named:
        named = tuple(one for one in named if one != "house_damaged_unlivable")
    if len(named) > 1:
        named = tuple(one for one in named if one != "other")
    return named


def _otherwise(hit: re.Match[str], written: str) -> bool:
    """Whether the marks say another word: «bố» is no «bò», «trời» no «trôi»."""
    for word in re.finditer(r"[^\W\d_]+", written[hit.start() : hit.end()]):
        meant = _MEANT.get(fold(word[0]))
        if meant and not word[0].isascii() and _tone(word[0]) not in meant:
            return True
    return False


def _tone(word: str) -> str:
    return toned(word).replace("X", "R")  # hỏi and ngã are taken for each other


_MEANT: dict[str, set[str]] = {}
for _word in load()["meant"]:
    _MEANT.setdefault(fold(_word), set()).add(_tone(_word))


def in_other_words(text: str) -> tuple[str, ...]:
    """What the reader of free messages makes of words that no rule knows.

    Only where one of its own rules decided: in three words of a list a likeness is a guess.
    """
    meaning = understand(text)
    ruled = any(" " in words or not words.islower() for words in meaning.because[:1])
    return kinds_of(meaning) if meaning.sure and ruled else ()


def danger(text: str, unexplained: str) -> tuple[bool, bool]:
    """Whether a line tells of danger to life now, and of a child in it.

    In a list «chìm ghe», «cháy nhà» are losses; danger is what is said beyond them.
    """
    missing = re.search(r"mat tich|mat lien lac", fold(text))
    if not missing and not (len(unexplained.split()) > 1 and might_be_danger(text)):
        return False, False
    meaning = understand(text)
    return bool(missing) or meaning.danger, meaning.danger and meaning.child
