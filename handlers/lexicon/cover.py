"""Which patterns are worth trying on a text: those whose words, or enough of them, are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from handlers import lexicon
from models import text as spelling

_TONES = "SFRXJZ"
_COMMON = 40  # how much dearer a word is that stands in nearly every message

Ways = frozenset[frozenset[str]]  # one of these, all of its words
Needs = tuple[Ways, ...]  # each of these


@lru_cache(maxsize=8192)
def _bare(word: str) -> str:
    return spelling.fold(word.rstrip(_TONES))


@lru_cache(maxsize=256)
def words_of(text: str) -> frozenset[str]:
    """The words of ``toned_words`` without any mark."""
    return frozenset(map(_bare, text.split()))


@cache
def _common() -> frozenset[str]:
    return frozenset(map(spelling.fold, lexicon.load_once("words")["common"]))


@cache
def _price(word: str) -> int:
    return _COMMON if word in _common() else 1


def _cost(ways: Ways) -> int:
    return sum(min(map(_price, way)) for way in ways)


def _one_of(rows: list[Needs]) -> Needs:
    """What a choice of rows needs: of each row its fixed words and the rarest of its choices."""
    found: set[frozenset[str]] = set()
    for row in rows:
        if not row:
            return ()
        fixed = frozenset(word for ways in row if len(ways) == 1 for word in next(iter(ways)))
        open_ways = min((ways for ways in row if len(ways) > 1), key=_cost, default=None)
        found |= {fixed | way for way in open_ways} if open_ways else {fixed}
    return (frozenset(found),)


class _Reader:
    """One pattern of the lexicon, read for the words it cannot do without."""

    def __init__(self, source: str) -> None:
        self._pieces = lexicon.PIECE.finditer(source)
        self._at = next(self._pieces, None)

    def _next(self) -> str:
        text = self._at[0] if self._at is not None else ""
        self._at = next(self._pieces, None)
        return text

    def choice(self) -> Needs:
        rows = [self._row()]
        while self._at is not None and self._at[0] == "|":
            self._next()
            rows.append(self._row())
        return rows[0] if len(rows) == 1 else _one_of(rows)

    def _row(self) -> Needs:
        return tuple(ways for part in self._parts() for ways in part)

    def _parts(self) -> Iterator[Needs]:
        while self._at is not None and self._at[0] not in {"|", ")"}:
            piece = self._at
            needed: Needs = ()
            text = self._next()
            if text in {"(", "!("}:
                inside = self.choice()
                self._next()
                needed = inside if text == "(" else ()
            elif piece["group"]:
                needed = _class(piece["group"])
            elif piece["word"]:
                needed = (frozenset({frozenset({spelling.fold(text)})}),)
            if self._at is not None and self._at[0] in {"?", "*"}:
                self._next()
                needed = ()
            yield needed


@cache
def _class(name: str) -> Needs:
    return _Reader("|".join(lexicon.load_once("words")[name])).choice()


@cache
def needs(source: str) -> Needs:
    """What words, without marks, are in every text the pattern finds; the rarest first."""
    return tuple(sorted(_Reader(source.removeprefix("= ")).choice(), key=_cost))


def _split(ways: Ways) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    single = frozenset(word for way in ways if len(way) == 1 for word in way)
    return single, tuple(way for way in ways if len(way) > 1)


class Index:
    """Patterns by the words they cannot do without."""

    def __init__(self, sources: Sequence[str]) -> None:
        needed = list(map(needs, sources))
        self._always = [at for at, one in enumerate(needed) if not one]
        # A word that leads to a pattern has met its first need, where that is a word alone.
        self._needs = [
            tuple(map(_split, one[1:] if one and all(len(way) == 1 for way in one[0]) else one))
            for one in needed
        ]
        self._by_word: dict[str, set[int]] = defaultdict(set)
        for at, one in enumerate(needed):
            for way in one[0] if one else ():
                self._by_word[min(way, key=_price)].add(at)

    def _met(self, words: frozenset[str]) -> Iterator[int]:
        """The patterns whose words are there; one may come twice."""
        yield from self._always
        for word in words & self._by_word.keys():
            for at in self._by_word[word]:
                for single, several in self._needs[at]:
                    if words.isdisjoint(single) and not any(map(words.issuperset, several)):
                        break
                else:
                    yield at

    def near(self, text: str) -> list[int]:
        """The places of the patterns that may find something, in their order."""
        return sorted(set(self._met(words_of(text))))

    def any(self, text: str) -> bool:
        return next(self._met(words_of(text)), None) is not None
