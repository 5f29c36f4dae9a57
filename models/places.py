"""The 96 communes, found by today's name, by the name before 1/7/2025, or by a position."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models import place_names
from models import text as spelling
from models.place_names import Found

_EARTH = 6371.0  # km
# «cầu Sông Vệ», «đường Lê Lợi»: the name of something else
_LANDMARKS = frozenset({"cau", "duong", "song", "truong", "quan", "pho", "hem", "nga", "deo"})
_PROVINCE = re.compile(r"(?<![^\W_])(tỉnh|tinh) (quảng ngãi|quang ngai|kon tum)(?![^\W_])")


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


def _communes() -> Iterator[Commune]:
    for row in place_names.rows("communes.csv"):
        lat, lon, area = (float(row[key]) for key in ("lat", "lon", "area_km2"))
        short = place_names.KIND.sub("", row["name"])
        yield Commune(row["code"], row["name"], row["type"], lat, lon, area, short)


COMMUNES: Mapping[str, Commune] = MappingProxyType({one.code: one for one in _communes()})


def _resolve(found: list[Found], words: list[str]) -> list[Match]:
    """Names to communes: a district named beside a commune only says which one is meant."""
    best: dict[str, Match] = {}
    helpers = place_names.helpers(found, words)
    for one in found:
        key = one.entries[0].key
        if key in helpers and one is not found[0]:
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
            for entry in place_names.districts()[key]:
                best.setdefault(entry.code, Match(COMMUNES[entry.code], entry.former, 70))
    return sorted(best.values(), key=lambda match: -match.score)


def find(text: str, limit: int = 5) -> tuple[Match, ...]:
    """The communes an answer may mean, best first: one when beyond doubt, else a choice."""
    for attempt in dict.fromkeys((text, spelling.spell(text))):
        words = place_names.words_of(_PROVINCE.sub(" ", spelling.compose(attempt)))[:60]
        found = place_names.stretches(words) or place_names.typing_mistakes(words)
        if found:
            return tuple(_resolve(found, words)[:limit])
    return ()


def mentioned(text: str) -> tuple[Match, ...]:
    """The communes clearly named in free text; everyday words that sound like one do not count."""
    raw = place_names.words_of(spelling.compose(text, lower=False))
    words = [word.lower() for word in raw]
    capitals = not text.isupper()
    ordinary = set(place_names.variants()["ordinary"])
    clear: list[Found] = []
    for one in place_names.stretches(words):
        key = one.entries[0].key
        before = spelling.fold(words[one.start - 1]) if one.start else ""
        titled = capitals and all(word[:1].isupper() for word in raw[one.start : one.end])
        at = before in {"o", "tai", "ve", "den", "toi"}
        long_enough = one.end - one.start > 1
        alone = long_enough and ((one.marked and (titled or key not in ordinary)) or at or titled)
        if before in _LANDMARKS and not one.prefix:
            continue
        if one.prefix or (alone and (key not in ordinary or (one.marked and titled))):
            clear.append(one)
    return tuple(_resolve(clear, words)[:5])


def perhaps(text: str) -> tuple[Match, ...]:
    """What may be a commune where an everyday word sounds like it: «nhà ở ba to», «…, dong son».

    To be offered, never to be taken.
    """
    words = place_names.words_of(spelling.compose(text))
    clauses = {tuple(place_names.words_of(one)) for one in re.split(r"[,.;\n]", text.lower())}
    near = [
        one
        for one in place_names.stretches(words)
        if one.end - one.start > 1
        and (
            spelling.fold(words[one.start - 1] if one.start else "") in {"o", "tai"}
            or (tuple(words[one.start : one.end]) in clauses and one.end - one.start < len(words))
        )
    ]
    return tuple(_resolve(near, words)[:5])


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
