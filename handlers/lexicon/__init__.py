"""The lexicon: what people say, as patterns in YAML, read once.

A pattern is Vietnamese with marks and finds the same words without marks or with some of them:

    word          that word; marks may be missing in the text, but not be others (hỏi/ngã may)
    (a b|c)       one of these; (…)? or word? may be missing
    <house>       one of a class of words, from ``words.yaml``
    ..  ...       up to three, up to seven words before a comma, but not «không», «chưa»
    ....          up to ten words, over commas
    N  OLD        a number; an age from 60.  BORN and YEAR: years until 1969, until 2025
    !(a|b)        what follows is none of these
    = …           the whole pattern only when typed with its marks
    ^  $          beginning and end of the message
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from models import text as spelling

_HERE = Path(__file__).parent
_GAPS = {2: 3, 3: 7, 4: 10}
_NOT = "không|chưa|chẳng|suýt|xém"
PIECE = re.compile(
    r"(?P<gap>\.{2,4})|<(?P<group>\w+)>|(?P<special>[A-Z]+)|(?P<word>[^\W_]+)|(?P<other>!\(|\S)"
)
WORD = re.compile(r"[^\W_]+")
_SIGNS = {"(": "(?:", "!(": "(?!", ",": "(?: ,)", ".": r"(?: \.)"}
_SPECIAL = {
    "N": r"\d+",
    "OLD": r"(?:[6-9]\d|1[01]\d)",
    "BORN": r"19[0-6]\d",
    "KID": r"(?:[1-9]|1[0-5])",
    "YEAR": r"(?:199\d|20[01]\d|202[0-5])",
}
_TONES = {"R": "[RX]?", "X": "[RX]?", "S": "S?", "F": "F?", "J": "J?"}


@dataclass(frozen=True, slots=True)
class Label:
    """One meaning: how it ranks against others, how pressing it is, and what gives it away."""

    name: str
    rank: int
    urgency: str
    patterns: tuple[tuple[int, str], ...]  # weight (3 sure, 2 likely, 1 hint) and pattern
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A message somebody has labelled."""

    id: str
    text: str
    label: str
    urgency: str


@cache
def examples() -> tuple[Example, ...]:
    with (_HERE / "examples.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(Example(**row) for row in rows)


def load(name: str) -> Mapping[str, Any]:
    read: Mapping[str, Any] = yaml.safe_load((_HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return read


@cache
def load_once(name: str) -> Mapping[str, Any]:
    return load(name)


def sources(name: str) -> Iterator[str]:
    """Every pattern of a file."""
    waiting: list[Any] = [load_once(name)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _word(word: str, *, exact: bool) -> str:
    spelled = spelling.toned(word)
    letters, tone = (spelled[:-1], spelled[-1]) if spelled[-1].isupper() else (spelled, "")
    if exact:
        return letters + (_TONES.get(tone, "Z?").removesuffix("?") if tone else "Z?")
    loose = (f"[{spelling.fold(ch)}{ch}]" if spelling.fold(ch) != ch else ch for ch in letters)
    return "".join(loose) + _TONES.get(tone, "Z?" if word[-1].isalpha() else "")


@cache
def _gap(dots: int) -> str:
    stops = "|".join(_word(word, exact=False) for word in _NOT.split("|"))
    stops += "|s[oơ]J? (?:s[aâ]pJ?|tr[oô]iZ?|[dđ][oô]R?|l[oơ]R?|bayZ?)"  # «sợ sập» is no «sập»
    within = "[^ .]" if dots == 4 else "[^ .,]"
    return rf"(?: (?!(?:{stops})(?: |$)){within}+){{0,{_GAPS[dots]}}}?"


@cache
def _source(pattern: str, *, exact: bool) -> str:
    out = ""
    for piece in PIECE.finditer(pattern):
        if piece["gap"]:
            out += _gap(len(piece["gap"]))
        elif piece["group"]:
            out += (
                "(?:"
                + "|".join(_source(one, exact=exact) for one in load_once("words")[piece["group"]])
                + ")"
            )
        elif piece["special"]:
            out += f"(?: {_SPECIAL[piece['special']]}(?= |$))"
        elif piece["word"]:
            out += f"(?: {_word(piece['word'], exact=exact)}(?= |$))"
        else:
            out += _SIGNS.get(piece["other"], piece["other"])
    return out


@cache
def pattern(source: str, *, exact: bool = False) -> re.Pattern[str]:
    """A pattern of the lexicon as a regular expression over ``spelling.toned_words``.

    When ``exact``, every mark has to be there: for people who type with marks.
    """
    always = source.startswith("= ")
    return re.compile(_source(source.removeprefix("= "), exact=exact or always))


def _listed(name: str, *path: Any) -> Any:  # noqa: ANN401 - as YAML has it
    found: Any = load_once(name)
    for key in path:
        found = found[key]
    return found


@cache
def _patterns(name: str, *path: Any) -> tuple[re.Pattern[str], ...]:  # noqa: ANN401
    return tuple(pattern(source) for source in _listed(name, *path))


def finds(text: str, name: str, *path: Any) -> bool:  # noqa: ANN401 - keys of YAML
    """Whether one of the patterns that stand under these keys of a file finds something."""
    return any(one.search(text) for one in _patterns(name, *path))


def found_of(text: str, name: str, *path: Any) -> Iterator[Any]:  # noqa: ANN401 - keys of YAML
    """The names under these keys of a file whose patterns find something, in their order."""
    return (one for one in _listed(name, *path) if finds(text, name, *path, one))


@cache
def labels(name: str) -> tuple[Label, ...]:
    """The labels of one file, in its order."""
    found = []
    for label, entry in load_once(name).items():
        weighted = tuple(
            (weight, one)
            for key, weight in (("sure", 3), ("likely", 2), ("hint", 1))
            for one in entry.get(key, ())
        )
        unless = tuple(entry.get("unless", ()))
        found.append(Label(label, entry["rank"], entry.get("urgency", "none"), weighted, unless))
    return tuple(found)
