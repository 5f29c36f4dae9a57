"""A second opinion: what the labelled messages say of the words of a text and of its signs.

Naive Bayes, counted from ``examples.tsv`` when first asked: nothing to train, and of every word
it can be said how much it spoke for a label.  What the rules find are signs among the words, so
that the examples also tell how far a rule is to be believed.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

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
        self.amount: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.total: dict[str, float] = defaultdict(float)
        self.times = Counter[str]()
        for features, name in zip(examples.features, classes, strict=True):
            self.times[name] += 1
            for one, weight in features.items():
                self.amount[one][name] += weight
                self.total[name] += weight
        self._smooth_all = _SMOOTH * len(self.amount)
        # what is the same for every message is reckoned once
        self._speaks = {
            one: [(name, math.log1p(amount / _SMOOTH)) for name, amount in amounts.items()]
            for one, amounts in self.amount.items()
        }
        self._begins = {
            name: (math.log(times), math.log(_SMOOTH / (self.total[name] + self._smooth_all)))
            for name, times in self.times.items()
        }

    def speaks(self, feature: str, name: str, weight: float) -> float:
        """How much more often than usual a feature stands in messages of a class."""
        amounts = self.amount.get(feature)
        if not weight or amounts is None:
            return 0.0
        here = (amounts.get(name, 0.0) + _SMOOTH) / (self.total[name] + self._smooth_all)
        usual = (sum(amounts.values()) + _SMOOTH) / sum(self.total.values())
        return weight * math.log(here / usual)

    def scores(self, features: Features) -> dict[str, float]:
        """The logarithm of how likely each class is."""
        whole = sum(features.values())
        found = {name: often + whole * rare for name, (often, rare) in self._begins.items()}
        for one, weight in features.items():
            for name, speaks in self._speaks.get(one, ()):
                found[name] += weight * speaks
        return found

    def scores_without(self, features: Features, own: str) -> dict[str, float]:
        """The same without one message of the class ``own``, which has these features."""
        found = self.scores(features)
        whole = sum(features.values())
        total = self.total[own] - whole + self._smooth_all
        found[own] = math.log(max(self.times[own] - 1, 0.1)) + whole * math.log(_SMOOTH / total)
        for one, weight in features.items():
            left = self.amount.get(one, {}).get(own, 0.0) - weight
            if left > 0:
                found[own] += weight * math.log1p(left / _SMOOTH)
        return found


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
