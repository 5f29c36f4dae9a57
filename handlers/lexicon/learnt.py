"""A second opinion: what the labelled messages say of the words of a text and of its signs.

Naive Bayes, counted from ``examples.tsv`` when first asked: nothing to train, and of every word
it can be said how much it spoke for a label.  What the rules find are signs among the words, so
that the examples also tell how far a rule is to be believed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from handlers import lexicon
from handlers.lexicon import facts
from handlers.lexicon.reading import Reading, reading
from models import text as spelling

_PIECES = (3, 4)  # letters
_PIECE = 0.35  # what a piece of a word counts beside a word
_SIGN = 3.0  # what the rules find
_SMOOTH = 0.01
_TIMES = 2  # a word seen once says nothing
_SHORT, _FEW = 6, 3  # words
_TOLD = 3  # words named as the reason

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Opinion:
    scores: Mapping[str, float]  # of each label; logarithms, the best is 0
    danger: float  # logarithm of the odds that life is at risk
    short: bool  # no more words than an address or a name may have
    few: bool  # too few words to be afraid, or to be at ease, by their likeness
    known: float  # the share of words that stand in the examples
    _features: Features
    _words: tuple[str, ...]

    @property
    def label(self) -> str:
        return max(self.scores, key=self.scores.__getitem__)

    def words(self, label: str) -> tuple[str, ...]:
        """The words that spoke most for a label, most telling first."""
        table = _labels()
        told = {one: table.speaks(one, label, self._features.get(one, 0)) for one in self._words}
        best = sorted(told, key=told.__getitem__, reverse=True)[:_TOLD]
        return tuple(word for word in best if told[word] > 0)


def _words(spelled: str) -> list[str]:
    """The words without marks; of numbers a sign, of places nothing: any may stand anywhere."""
    found = lexicon.WORD.findall(spelling.fold(spelled))
    named, _ = facts.named_places()
    places = {at for at, two in enumerate(pairwise(found)) if " ".join(two) in named}
    places |= {at + 1 for at in places}
    idle = lexicon.load_once("words")["english"]
    words = (word for at, word in enumerate(found) if at not in places and word not in idle)
    return ["#" if word.isdigit() else word for word in words]


def _counted(read: Reading) -> Features:
    words = _words(read.spelled)
    found = Counter(words)
    found.update(map(" ".join, pairwise(words)))
    features = {feature: math.sqrt(count) for feature, count in found.items()}
    line = f"_{'_'.join(words)}_"
    pieces = Counter(line[at : at + n] for n in _PIECES for at in range(len(line) - n + 1))
    features |= {f"~{one}": math.sqrt(_PIECE * count) for one, count in pieces.items()}
    if read.exact:
        features |= {f"^{word}": 1.0 for word in read.words.split() if word not in ",."}
    return features | dict.fromkeys(read.signs, _SIGN)


class _Examples:
    """The labelled messages as weighted features, rare ones counting more."""

    def __init__(self) -> None:
        self.rows = lexicon.examples()
        readings = [reading(row.text) for row in self.rows]
        self.at = {one.spelled: at for at, one in enumerate(readings)}
        counted = [_counted(one) for one in readings]
        seen = Counter(one for row in counted for one in row)
        self.rarity = {
            one: math.log(len(counted) / times) + 1
            for one, times in seen.items()
            if times >= _TIMES
        }
        self.features = [self.weighed(row) for row in counted]

    def weighed(self, counted: Features) -> Features:
        found = {one: n * self.rarity[one] for one, n in counted.items() if one in self.rarity}
        length = math.sqrt(sum(weight**2 for weight in found.values())) or 1.0
        return {one: weight / length for one, weight in found.items()}


class _Table:
    """How often each feature stands in the messages of each class."""

    def __init__(self, examples: _Examples, classes: Iterable[str]) -> None:
        named = list(classes)
        self.times = Counter(named)
        self._at = {name: at for at, name in enumerate(self.times)}
        self._row = {one: at for at, one in enumerate(examples.rarity)}
        self._amount = np.zeros((len(self._row), len(self._at)))
        for features, name in zip(examples.features, named, strict=True):
            for one, weight in features.items():
                self._amount[self._row[one], self._at[name]] += weight
        self._total = self._amount.sum(axis=0)
        self._smooth_all = _SMOOTH * len(self._row)
        # what is the same for every message is reckoned once
        self._speaks = np.log1p(self._amount / _SMOOTH)
        self._often = np.log(list(self.times.values()))
        self._rare = np.log(_SMOOTH / (self._total + self._smooth_all))

    def speaks(self, feature: str, name: str, weight: float) -> float:
        """How much more often than usual a feature stands in messages of a class."""
        if not weight or feature not in self._row:
            return 0.0
        amounts, at = self._amount[self._row[feature]], self._at[name]
        here = (amounts[at] + _SMOOTH) / (self._total[at] + self._smooth_all)
        usual = (amounts.sum() + _SMOOTH) / self._total.sum()
        return weight * float(np.log(here / usual))

    def scores(self, features: Features) -> dict[str, float]:
        """The logarithm of how likely each class is."""
        weights = np.fromiter(features.values(), float, len(features))
        found = (
            self._often + weights.sum() * self._rare + weights @ self._speaks[self._rows(features)]
        )
        return dict(zip(self._at, found.tolist(), strict=True))

    def scores_without(self, features: Features, own: str) -> dict[str, float]:
        """The same without one message of the class ``own``, which has these features."""
        found, at = self.scores(features), self._at[own]
        weights = np.fromiter(features.values(), float, len(features))
        total = self._total[at] - weights.sum() + self._smooth_all
        left = np.maximum(self._amount[self._rows(features), at] - weights, 0.0)
        often = math.log(max(self.times[own] - 1, 0.1))
        rare = math.log(_SMOOTH / total)
        found[own] = float(often + weights.sum() * rare + weights @ np.log1p(left / _SMOOTH))
        return found

    def _rows(self, features: Features) -> list[int]:
        return [self._row[one] for one in features]


@cache
def _examples() -> _Examples:
    return _Examples()


def _table(class_of: Callable[[lexicon.Example], str]) -> _Table:
    examples = _examples()
    return _Table(examples, map(class_of, examples.rows))


@cache
def _labels() -> _Table:
    return _table(lambda row: row.label)


@cache
def _dangers() -> _Table:
    return _table(_danger_of)


def _danger_of(row: lexicon.Example) -> str:
    return "sos" if row.urgency == "sos" else ""


def few(spelled: str) -> bool:
    """Whether a text has too few words to be afraid of it, or at ease, by their likeness."""
    return _few(_words(spelled))


def _few(words: Sequence[str]) -> bool:
    return len(set(words) - {"#"}) <= _FEW


def opinion(read: Reading, *, unseen: bool = False) -> Opinion:
    """The opinion on a text.

    With ``unseen`` the very same message is not counted: so it is measured.
    """
    examples = _examples()
    words = _words(read.spelled)
    features = examples.weighed(_counted(read))
    at = examples.at.get(read.spelled) if unseen else None
    row = examples.rows[at] if at is not None else None
    if row is None:
        scores, sos = _labels().scores(features), _dangers().scores(features)
    else:
        scores = _labels().scores_without(features, row.label)
        sos = _dangers().scores_without(features, _danger_of(row))
    best = max(scores.values())
    return Opinion(
        scores={label: score - best for label, score in scores.items()},
        danger=sos["sos"] - sos[""],
        short=len(words) <= _SHORT,
        few=_few(words),
        known=sum(word in features for word in words) / max(len(words), 1),
        _features=features,
        _words=tuple(words),
    )
