"""Puts together what the rules find and what the labelled messages are like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.lexicon.learnt import Opinion
from handlers.lexicon.meanings import DANGER, REPORTS, Hit, says
from handlers.lexicon.urgency import ALWAYS_NOW, MAYBE_NOW, may_be_feared, usual
from handlers.lexicon.urgency import urgency as urgency_of

# What the rules' first meaning counts beside the examples, by its weight: as a logarithm of how
# much likelier it is.
_FIRST = {3: 3.6, 2: 2.9, 1: 1.6}
_FEW = 2.0  # how much more a rule counts in one or two words
_NAMELESS = 4.5  # for «unclear», where no rule finds anything in them: a name, a house number
_UNHEARD = -25.0  # a label that has no example
_KNOWN = 0.5  # the share of words that has to be known where no rule finds anything
_HEARD = 0.7  # the same for the examples to talk down a rule's fear
# Danger, as a logarithm of the odds: how sure the examples have to be to raise it (more so where
# it was asked about, or is violence that is not said to go on), and to talk down a rule's fear.
# A false alarm costs a tap, a missed danger a life: even odds are danger enough.
_FEARED = 0.5
# The same beside words of need, and where people are in what befalls a place (``tone.yaml``).
_IN_PERIL = -2.0
_EXPOSED = -4.0
# The nearest label is one of danger, but messages in danger are otherwise far from it.
_APART = -3.0
_SURE = 3.0
_SHORT = 4.0  # the same in a short text, and how much nearer the labels of danger have to be
_CALM = {3: -8.0, 2: -6.0, 1: -3.0}
_RULED = 3  # the weight of a rule that is sure of its meaning
_ALIKE = 3.0  # so near, the second meaning is as likely as the first for all we know


def ranked(
    hits: Sequence[Hit],
    opinion: Opinion,
    known: Mapping[str, object],
) -> dict[str, float]:
    """Every meaning with what speaks for it, likeliest first."""
    scores = {name: score * opinion.known for name, score in opinion.scores.items()}
    firmly = _FEW if opinion.few else 1.0

    def add(name: str, points: float) -> None:
        scores[name] = scores.get(name, _UNHEARD) + points

    if hits:
        add(hits[0].name, firmly * _FIRST[hits[0].weight])
    elif "code" in known:
        add("q_status", _FIRST[3])
    elif "place_text" in known:
        add("place_clarify", _FIRST[2])
    elif opinion.few:
        add("unclear", _NAMELESS)
    elif opinion.known < _KNOWN:
        add("unclear", 2 * _FIRST[3])
    if hits and hits[0].weight == _RULED and "unclear" not in {hit.name for hit in hits}:
        add("unclear", -_FIRST[3])  # what a rule is sure of is not unclear
    names = sorted(scores, key=scores.__getitem__, reverse=True)
    return {name: scores[name] for name in names}


def judged(
    scores: Mapping[str, float], hits: Sequence[Hit], text: str, opinion: Opinion
) -> tuple[str, str]:
    """The label and how pressing it is: danger first, a false alarm before a missed one."""
    label = next(iter(scores))
    names = frozenset(hit.name for hit in hits)
    urgency = urgency_of(label, text, names | {label})
    unruled = label not in REPORTS or (label == "death" and label not in names)
    by_rule = urgency_of(hits[0].name, text, names) if hits and unruled else "none"
    report = _reported(label, scores)
    afraid = [hit.weight for hit in hits if hit.name in DANGER or hit.name in MAYBE_NOW]
    sure = max(afraid, default=0)
    unheard = opinion.few or opinion.known < _HEARD
    if "sos" in (urgency, by_rule) and sure and (unheard or opinion.danger > _CALM[sure]):
        return report, "sos"
    asked = label not in REPORTS and hits and hits[0].name == label and hits[0].weight > 2
    going_on = label != "domestic_violence" or says("grave", text)
    doubtful = (asked or not going_on) and opinion.danger < _SURE
    if feared(opinion, text) and may_be_feared(report, text) and not doubtful:
        return report, "sos"
    if label in ALWAYS_NOW and urgency == "sos" and sure:  # nothing talks these down
        return label, urgency
    return label, "high" if urgency == "sos" else urgency


def _reported(label: str, scores: Mapping[str, float]) -> str:
    return label if label in REPORTS else next(one for one in scores if one in REPORTS)


def ruled(hits: Sequence[Hit], text: str) -> bool:
    """Whether a rule by itself finds danger; a hint is none."""
    names = frozenset(hit.name for hit in hits)
    return any(hit.weight > 1 and urgency_of(hit.name, text, names) == "sos" for hit in hits)


def feared(opinion: Opinion, text: str) -> bool:
    """Whether the examples nearest to a text are of danger, or near enough for what it says."""
    if opinion.few:
        return False
    calm = max(score for label, score in opinion.scores.items() if usual(label) != "sos")
    if opinion.short:
        return opinion.danger > _SHORT or -calm > _SHORT
    nearest = calm < 0 and opinion.danger > _APART
    return nearest or opinion.danger > _bound(text)


def _bound(text: str) -> float:
    if says("blow", text) and says("exposed", text):
        return _EXPOSED
    return _IN_PERIL if says("peril", text) else _FEARED


def near(scores: Mapping[str, float]) -> tuple[str, ...]:
    """The meanings that are about as likely as the first, with it."""
    best = next(iter(scores.values()))
    return tuple(name for name, score in scores.items() if score > best - _ALIKE)
