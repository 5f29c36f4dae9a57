"""Names of communes in a text: today's, those before 1/7/2025, those of former districts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TypedDict, cast

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from models import text as spelling

_DATA = Path(__file__).parent / "data"
KIND = re.compile(r"^(Xã|Phường|Thị trấn|Đặc khu|Huyện|Thị xã|Thành phố) ")
_LONGEST = 4  # words in the longest name
_MISHEARD = frozenset({"chau o"})  # names that are, folded, what somebody says before a name


@dataclass(frozen=True, slots=True)
class Entry:
    """One name a commune is known by."""

    code: str
    key: str
    spelled: tuple[str, ...]  # the words as ``spelling.toned`` gives them
    kind: str
    former: str | None
    districts: frozenset[str]  # keys of the districts of before


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a text that is a name."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    prefix: str  # xã, phường, huyện … or "" when the name stands alone
    marked: bool  # typed with marks that say which name it is
    score: int


class _Variants(TypedDict):
    words: dict[str, str]
    names: dict[str, str]
    ordinary: list[str]


@cache
def variants() -> _Variants:
    path = _DATA / "place_variants.yaml"
    return cast("_Variants", yaml.safe_load(path.read_text(encoding="utf-8")))


def rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _key(words: Iterable[str]) -> str:
    same = variants()
    folded = " ".join(same["words"].get(word, word) for word in map(spelling.fold, words))
    return same["names"].get(folded, folded)


def _name_key(name: str) -> str:
    return _key(words_of(KIND.sub("", name)))


@cache
def _entries() -> Mapping[str, tuple[Entry, ...]]:
    former_rows = [row for row in rows("former_communes.csv") if row["former_code"]]
    former_districts: dict[str, set[str]] = {}
    for row in rows("former_communes.csv"):
        former_districts.setdefault(row["code"], set()).add(_name_key(row["former_district"]))
    found: dict[str, list[Entry]] = {}

    def add(code: str, name: str, kind: str, former: str | None, within: frozenset[str]) -> None:
        spelled = tuple(spelling.toned(word) for word in words_of(KIND.sub("", name)))
        entry = Entry(code, _name_key(name), spelled, kind, former, within)
        found.setdefault(entry.key, []).append(entry)

    for row in rows("communes.csv"):
        within = frozenset(former_districts.get(row["code"], ()))
        add(row["code"], row["name"], row["type"], None, within)
    for row in former_rows:
        kind, district = row["former_name"], row["former_district"]
        label = f"{kind} ({district[0].lower()}{district[1:]} cũ)"
        kind = kind.removesuffix(KIND.sub("", kind)).strip().lower()
        within = frozenset({_name_key(district)})
        add(row["code"], row["former_name"], kind, label, within)
    return {key: tuple(entries) for key, entries in found.items()}


@cache
def districts() -> Mapping[str, tuple[Entry, ...]]:
    """The communes of each district of before, as entries found by its name."""
    found: dict[str, dict[str, Entry]] = {}
    for row in rows("former_communes.csv"):
        key, name = _name_key(row["former_district"]), row["former_district"]
        label = f"{name[0].lower()}{name[1:]} cũ"
        spelled = tuple(spelling.toned(word) for word in words_of(KIND.sub("", name)))
        entry = Entry(row["code"], key, spelled, "huyện", label, frozenset({key}))
        found.setdefault(key, {}).setdefault(row["code"], entry)
    return {key: tuple(entries.values()) for key, entries in found.items()}


@cache
def _joined() -> Mapping[str, str]:
    """Names without their spaces: «dakto», and the ground for small typing mistakes."""
    return {key.replace(" ", ""): key for key in (*_entries(), *districts())}


_PREFIXES = {
    "xa": "xã", "x": "xã", "phuong": "phường", "p": "phường", "f": "phường", "tt": "thị trấn",
    "tran": "thị trấn", "khu": "đặc khu", "huyen": "huyện", "h": "huyện", "tx": "huyện",
    "tp": "huyện", "pho": "huyện", "tinh": "tỉnh",
}  # fmt: skip


def _prefix(folded: list[str], start: int) -> str:
    before = folded[start - 1] if start else ""
    two = " ".join(folded[max(0, start - 2) : start])
    if two == "thi xa":
        return "huyện"
    if before in {"tran", "khu", "pho"} and two not in {"thi tran", "dac khu", "thanh pho"}:
        return ""
    return _PREFIXES.get(before, "")


def _agrees(typed: str, spelled: str) -> bool:
    """Every mark that was typed is in the spelling; marks left out are forgiven."""
    letters, tone = (typed[:-1], typed[-1]) if typed[-1:].isupper() else (typed, "")
    right, right_tone = (spelled[:-1], spelled[-1]) if spelled[-1:].isupper() else (spelled, "")
    if len(letters) != len(right) or (tone and tone != right_tone):
        return False
    return all(a in (b, spelling.fold(b)) for a, b in zip(letters, right, strict=True))


def _agreeing(entries: tuple[Entry, ...], typed: list[str]) -> tuple[Entry, ...]:
    """The names that the typed marks leave open: «cháu ở» is no Châu Ổ."""
    toned = [spelling.toned(word) for word in typed]
    return tuple(
        entry
        for entry in entries
        if len(entry.spelled) == len(toned) and all(map(_agrees, toned, entry.spelled))
    )


def _narrow(entries: tuple[Entry, ...], typed: list[str]) -> tuple[tuple[Entry, ...], bool]:
    """Drop the names that the typed marks rule out, as long as one is left."""
    toned = [spelling.toned(word) for word in typed]
    marked = any(not word.isascii() or word[-1:].isupper() for word in toned)
    agreeing = _agreeing(entries, typed)
    return (agreeing, marked) if agreeing else (entries, False)


def stretches(words: list[str]) -> list[Found]:
    """The names in a text, longest first, without those inside a longer one."""
    folded = [spelling.fold(word) for word in words]
    taken: set[int] = set()
    found: list[Found] = []
    for length in range(_LONGEST, 0, -1):
        for start in range(len(words) - length + 1):
            span = range(start, start + length)
            if taken.intersection(span):
                continue
            typed = words[start : start + length]
            key, prefix = _key(typed), _prefix(folded, start)
            district = prefix == "huyện" or key not in _entries()
            entries = (districts() if district else _entries()).get(key, ())
            entries = entries or _entries().get(key, ())
            if not entries or (prefix == "tỉnh" or key == "quang ngai" != prefix == "huyện"):
                taken.update(span if entries else ())
                continue
            if key in _MISHEARD and not prefix and not _agreeing(entries, typed):
                continue
            kept, marked = _narrow(entries, typed)
            found.append(Found(start, start + length, kept, prefix, marked, 100 if marked else 92))
            taken.update(span)
    found.sort(key=lambda one: one.start)
    ends = {one.start for one in found}  # «chau o dong son» is a child in Đông Sơn
    return [one for one in found if one.entries[0].key not in _MISHEARD or one.end not in ends]


def helpers(found: list[Found], words: list[str]) -> set[str]:
    """Districts said right after one of their communes: «Trà Giang, huyện Trà Bồng»."""
    named: set[str] = set()
    for one, after in pairwise(found):
        district = after.entries[0].key
        between = {spelling.fold(word) for word in words[one.end : after.start]}
        names_it = any(
            district in entry.districts and (district != entry.key or after.prefix == "huyện")
            for entry in one.entries
        )
        if names_it and between <= {"huyen", "thi", "thanh", "xa", "tp", "tx", "h", "pho", "cu"}:
            named.add(district)
    return named


def typing_mistakes(words: list[str]) -> list[Found]:
    """The nearest names, for an answer that is no name as it stands."""
    folded = [spelling.fold(word) for word in words]
    names = [
        i for i in range(len(words)) if folded[i] not in {*_PREFIXES, "thi", "dac", "thanh", "o"}
    ]
    found: list[Found] = []
    for start in names:
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
            joined = _key(words[start:end]).replace(" ", "")
            if len(joined) < 4:
                continue
            allowed = 0 if len(joined) < 5 else 1 if len(joined) < 10 else 2
            near = process.extract(
                joined, _joined().keys(), scorer=OSA.distance, score_cutoff=allowed, limit=6
            )
            for name, distance, _ in near:
                key = _joined()[name]
                entries = _entries().get(key) or districts()[key]
                score = 90 - 12 * round(distance)
                found.append(
                    Found(start, end, entries, _prefix(folded, start), marked=False, score=score)
                )
    best = max((one.score for one in found), default=0)
    widest = max((one.end - one.start for one in found if one.score == best), default=0)
    return [one for one in found if one.score == best and one.end - one.start == widest]
