"""A second opinion: the labelled messages most like a text, by words and pieces of words."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from handlers import lexicon
from handlers.lexicon.respell import read
from models import text as spelling

_NEIGHBOURS = 20
_PIECES = (3, 4)  # letters
_PIECE = 0.35  # what a piece of a word counts beside a word
_SOFTEN = 0.3  # how far a label with many examples is held back


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the examples nearest to a text are labelled with."""

    shares: Mapping[str, float]  # of each label, together 1
    likeness: float  # of the nearest example, 0 to 1
    examples: Mapping[str, str]  # the nearest example of each label
    danger: float  # the share of examples with danger to life

    @property
    def label(self) -> str:
        return max(self.shares, key=self.shares.__getitem__, default="unclear")


def _features(spelled: str) -> dict[str, float]:
    words = [
        "#" if word.isdigit() else word for word in lexicon.WORD.findall(spelling.fold(spelled))
    ]
    found = Counter(words)
    found.update(map(" ".join, pairwise(words)))
    features = {feature: math.sqrt(count) for feature, count in found.items()}
    line = f"_{'_'.join(words)}_"
    pieces = Counter(line[at : at + n] for n in _PIECES for at in range(len(line) - n + 1))
    features |= {f"~{piece}": math.sqrt(_PIECE * count) for piece, count in pieces.items()}
    return features


def _unit(
    features: Mapping[str, float], weights: Mapping[str, float]
) -> Iterable[tuple[str, float]]:
    vector = [(one, count * weights[one]) for one, count in features.items() if one in weights]
    unknown = len(features) - len(vector)
    length = math.sqrt(sum(weight**2 for _, weight in vector) + unknown * 4) or 1.0
    return [(one, weight / length) for one, weight in vector]


class _Index:
    def __init__(self) -> None:
        self.rows = lexicon.examples()
        self.spelled = [read(row.text) for row in self.rows]
        features = [_features(text) for text in self.spelled]
        seen = Counter(one for row in features for one in row)
        self.weights = {one: math.log(1 + len(features) / times) for one, times in seen.items()}
        self.found_in: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, row in enumerate(features):
            for one, weight in _unit(row, self.weights):
                self.found_in[one].append((at, weight))
        self.times = Counter(row.label for row in self.rows)


@cache
def _index() -> _Index:
    return _Index()


def opinion(spelled: str, *, unseen: bool = False) -> Opinion:
    """The opinion on a text from ``respell.read``.

    With ``unseen`` the very same message does not count: so it is measured.
    """
    index = _index()
    likeness: dict[int, float] = defaultdict(float)
    for one, weight in _unit(_features(spelled), index.weights):
        for at, other in index.found_in[one]:
            likeness[at] += weight * other
    if unseen:
        likeness = {at: like for at, like in likeness.items() if index.spelled[at] != spelled}
    nearest = sorted(likeness, key=likeness.__getitem__, reverse=True)[:_NEIGHBOURS]
    shares: dict[str, float] = defaultdict(float)
    examples: dict[str, str] = {}
    danger = 0.0
    for at in nearest:
        row = index.rows[at]
        weight = likeness[at] ** 3 / index.times[row.label] ** _SOFTEN
        shares[row.label] += weight
        danger += weight * (row.urgency == "sos")
        examples.setdefault(row.label, row.text)
    total = sum(shares.values()) or 1.0
    return Opinion(
        shares={label: share / total for label, share in shares.items()},
        likeness=likeness[nearest[0]] if nearest else 0.0,
        examples=examples,
        danger=danger / total,
    )
