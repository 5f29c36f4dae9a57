"""The 96 communes, found by today's name, by the name before 1/7/2025, or by a position."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TypedDict, cast

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from models import text as spelling

_DATA = Path(__file__).parent / "data"
_KIND = re.compile(r"^(Xã|Phường|Thị trấn|Đặc khu|Huyện|Thị xã|Thành phố) ")
_PROVINCE = re.compile(r"(?<![^\W_])(tỉnh|tinh) (quảng ngãi|quang ngai|kon tum)(?![^\W_])")
_EARTH = 6371.0  # km
_LONGEST = 4  # words in the longest name


@dataclass(frozen=True, slots=True)
class Commune:
    code: str
    name: str  # "Xã Đông Sơn"
    kind: str  # xã, phường or đặc khu
    lat: float
    lon: float
    area_km2: float
    short: str  # "Đông Sơn"


@dataclass(frozen=True, slots=True)
class Match:
    commune: Commune
    former: str | None  # "Xã Sơn Nham (huyện Sơn Hà cũ)" when found by a name of before
    score: int  # 0..100


@dataclass(frozen=True, slots=True)
class _Entry:
    """One name a commune is known by."""

    code: str
    key: str
    spelled: tuple[str, ...]  # the words as ``spelling.toned`` gives them
    kind: str
    former: str | None
    districts: frozenset[str]  # keys of the districts of before


@dataclass(frozen=True, slots=True)
class _Found:
    """A stretch of a text that is a name."""

    start: int
    end: int
    entries: tuple[_Entry, ...]
    prefix: str  # xã, phường, huyện … or "" when the name stands alone
    marked: bool  # typed with marks that say which name it is
    score: int


class _Variants(TypedDict):
    words: dict[str, str]
    names: dict[str, str]
    ordinary: list[str]


@cache
def _variants() -> _Variants:
    path = _DATA / "place_variants.yaml"
    return cast("_Variants", yaml.safe_load(path.read_text(encoding="utf-8")))


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _communes() -> Iterator[Commune]:
    for row in _rows("communes.csv"):
        lat, lon, area = (float(row[key]) for key in ("lat", "lon", "area_km2"))
        short = _KIND.sub("", row["name"])
        yield Commune(row["code"], row["name"], row["type"], lat, lon, area, short)


COMMUNES: Mapping[str, Commune] = MappingProxyType({one.code: one for one in _communes()})


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _key(words: Iterable[str]) -> str:
    variants = _variants()
    folded = " ".join(variants["words"].get(word, word) for word in map(spelling.fold, words))
    return variants["names"].get(folded, folded)


def _name_key(name: str) -> str:
    return _key(_words(_KIND.sub("", name)))


@cache
def _entries() -> Mapping[str, tuple[_Entry, ...]]:
    rows = [row for row in _rows("former_communes.csv") if row["former_code"]]
    districts: dict[str, set[str]] = {}
    for row in _rows("former_communes.csv"):
        districts.setdefault(row["code"], set()).add(_name_key(row["former_district"]))
    found: dict[str, list[_Entry]] = {}

    def add(code: str, name: str, kind: str, former: str | None, within: frozenset[str]) -> None:
        spelled = tuple(spelling.toned(word) for word in _words(_KIND.sub("", name)))
        entry = _Entry(code, _name_key(name), spelled, kind, former, within)
        found.setdefault(entry.key, []).append(entry)

    for one in COMMUNES.values():
        add(one.code, one.name, one.kind, None, frozenset(districts.get(one.code, ())))
    for row in rows:
        kind, district = row["former_name"], row["former_district"]
        label = f"{kind} ({district[0].lower()}{district[1:]} cũ)"
        kind = kind.removesuffix(_KIND.sub("", kind)).strip().lower()
        within = frozenset({_name_key(district)})
        add(row["code"], row["former_name"], kind, label, within)
    return {key: tuple(entries) for key, entries in found.items()}


@cache
def _districts() -> Mapping[str, tuple[_Entry, ...]]:
    """The communes of each district of before, as entries found by its name."""
    found: dict[str, dict[str, _Entry]] = {}
    for row in _rows("former_communes.csv"):
        key, name = _name_key(row["former_district"]), row["former_district"]
        label = f"{name[0].lower()}{name[1:]} cũ"
        spelled = tuple(spelling.toned(word) for word in _words(_KIND.sub("", name)))
        entry = _Entry(row["code"], key, spelled, "huyện", label, frozenset({key}))
        found.setdefault(key, {}).setdefault(row["code"], entry)
    return {key: tuple(entries.values()) for key, entries in found.items()}


@cache
def _joined() -> Mapping[str, str]:
    """Names without their spaces: «dakto», and the ground for small typing mistakes."""
    return {key.replace(" ", ""): key for key in (*_entries(), *_districts())}


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


def _narrow(entries: tuple[_Entry, ...], typed: list[str]) -> tuple[tuple[_Entry, ...], bool]:
    """Drop the names that the typed marks rule out, as long as one is left."""
    toned = [spelling.toned(word) for word in typed]
    marked = any(not word.isascii() or word[-1:].isupper() for word in toned)
    agreeing = tuple(
        entry
        for entry in entries
        if len(entry.spelled) == len(toned) and all(map(_agrees, toned, entry.spelled))
    )
    return (agreeing, marked) if agreeing else (entries, False)


def _stretches(words: list[str]) -> list[_Found]:
    """The names in a text, longest first, without those inside a longer one."""
    folded = [spelling.fold(word) for word in words]
    taken: set[int] = set()
    found: list[_Found] = []
    for length in range(_LONGEST, 0, -1):
        for start in range(len(words) - length + 1):
            span = range(start, start + length)
            if taken.intersection(span):
                continue
            key, prefix = _key(words[start : start + length]), _prefix(folded, start)
            district = prefix == "huyện" or key not in _entries()
            entries = (_districts() if district else _entries()).get(key, ())
            entries = entries or _entries().get(key, ())
            if not entries or (prefix == "tỉnh" or key == "quang ngai" != prefix == "huyện"):
                taken.update(span if entries else ())
                continue
            kept, marked = _narrow(entries, words[start : start + length])
            found.append(
                _Found(start, start + length, kept, prefix, marked, 100 if marked else 92)
            )
            taken.update(span)
    return sorted(found, key=lambda one: one.start)


def _resolve(found: list[_Found], words: list[str]) -> list[Match]:
    """Names to communes: a district named beside a commune only says which one is meant."""
    best: dict[str, Match] = {}
    helpers = _helpers(found, words)
    for one in found:
        key = one.entries[0].key
        if key in helpers and len(found) > 1:
            continue
        within = tuple(entry for entry in one.entries if entry.districts & helpers)
        old = spelling.fold(words[one.end]) == "cu" if one.end < len(words) else False
        entries = within or one.entries
        for entry in entries:
            wrong_kind = one.prefix not in ("", "huyện", entry.kind)
            off = 3 * (entry.former is not None) * (not old) + 4 * wrong_kind
            off += 5 * (old and entry.former is None)
            match = Match(COMMUNES[entry.code], entry.former, max(one.score - off, 0))
            known = best.get(entry.code)
            if known is None or (known.former and not match.former and not old):
                best[entry.code] = match
        if key == "kon tum" and not one.prefix:  # the ward, or the town and its other wards
            for entry in _districts()[key]:
                best.setdefault(entry.code, Match(COMMUNES[entry.code], entry.former, 70))
    return sorted(best.values(), key=lambda match: -match.score)


def _helpers(found: list[_Found], words: list[str]) -> set[str]:
    """Districts said right after one of their communes: «Trà Giang, huyện Trà Bồng»."""
    helpers = set()
    for one, after in pairwise(found):
        district = after.entries[0].key
        between = {spelling.fold(word) for word in words[one.end : after.start]}
        names_it = any(district in entry.districts - {entry.key} for entry in one.entries)
        if names_it and between <= {"huyen", "thi", "thanh", "xa", "tp", "tx", "h", "pho", "cu"}:
            helpers.add(district)
    return helpers


def _typing_mistakes(words: list[str]) -> list[_Found]:
    """The nearest names, for an answer that is no name as it stands."""
    folded = [spelling.fold(word) for word in words]
    names = [
        i for i in range(len(words)) if folded[i] not in {*_PREFIXES, "thi", "dac", "thanh", "o"}
    ]
    found: list[_Found] = []
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
                entries = _entries().get(key) or _districts()[key]
                score = 90 - 12 * round(distance)
                found.append(_Found(start, end, entries, _prefix(folded, start), False, score))
    best = max((one.score for one in found), default=0)
    widest = max((one.end - one.start for one in found if one.score == best), default=0)
    return [one for one in found if one.score == best and one.end - one.start == widest]


def find(text: str, limit: int = 5) -> tuple[Match, ...]:
    """The communes an answer may mean, best first: one when it is beyond doubt, else to choose from."""
    for attempt in dict.fromkeys((text, spelling.spell(text))):
        words = _words(_PROVINCE.sub(" ", spelling.compose(attempt)))[:60]
        found = _stretches(words) or _typing_mistakes(words)
        if found:
            return tuple(_resolve(found, words)[:limit])
    return ()


def mentioned(text: str) -> tuple[Match, ...]:
    """The communes clearly named in free text; everyday words that sound like one do not count."""
    raw = _words(spelling.compose(text, lower=False))
    words = [word.lower() for word in raw]
    capitals = not text.isupper()
    ordinary = set(_variants()["ordinary"])
    clear: list[_Found] = []
    for one in _stretches(words):
        key = one.entries[0].key
        before = spelling.fold(words[one.start - 1]) if one.start else ""
        titled = capitals and all(word[:1].isupper() for word in raw[one.start : one.end])
        at = before in {"o", "tai", "ve", "den", "toi"}
        long_enough = one.end - one.start > 1
        alone = long_enough and ((one.marked and (titled or key not in ordinary)) or at or titled)
        if one.prefix or (alone and (key not in ordinary or (one.marked and titled))):
            clear.append(one)
    return tuple(_resolve(clear, words)[:5])


def _distance(lat: float, lon: float, to: Commune) -> float:
    a, b = math.radians(lat), math.radians(to.lat)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(to.lon - lon) / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(half))


def nearest(lat: float, lon: float, limit: int = 3) -> tuple[tuple[Commune, float], ...]:
    """The likeliest communes of a position, with the kilometres to each centre.

    A large commune reaches further: they are ranked by the distance as a share of its width.
    """
    away = ((one, _distance(lat, lon, one)) for one in COMMUNES.values())
    return tuple(sorted(away, key=lambda pair: pair[1] / math.sqrt(pair[0].area_km2))[:limit])


def inside_province(lat: float, lon: float) -> bool:
    """Whether a position can lie in one of the communes.

    There are centres and areas, no borders: a commune is taken to reach 1.1 times its width and
    1 km more (long valleys; boats close to the shore).  So the answer is wrong by a few
    kilometres along the borders, and is for asking «is this right?», never for refusing.
    """
    return any(
        _distance(lat, lon, one) <= 1.1 * math.sqrt(one.area_km2) + 1 for one in COMMUNES.values()
    )
