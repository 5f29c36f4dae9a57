"""Puts together what the rules find and what the labelled messages are like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.lexicon import learnt
from handlers.lexicon.learnt import Opinion
from handlers.lexicon.meanings import DANGER, REPORTS, Hit
from handlers.lexicon.urgency import ACCIDENTS, may_be_feared, usual
from handlers.lexicon.urgency import urgency as urgency_of

# What a rule counts beside the examples (both are logarithms of how much likelier): the meaning
# the rules put first, by its weight, and the others they find.
_FIRST = {3: 5.5, 2: 4.5, 1: 2.5}
_BESIDE = 1.6
_UNHEARD = -25.0  # a label that has no example
_KNOWN = 0.5  # the share of words that has to be known where no rule finds anything
# Danger: how sure the examples have to be to raise it, and to talk down what the rules fear.
_FEARED = 0.5
_CALM = {3: -8.0, 2: -5.0, 1: -3.0}
_SURE = 3.0
_ALARMING = 3.0
_ALIKE = 3.0  # so near, the second meaning is as likely as the first for all we know


def ranked(
    hits: Sequence[Hit],
    opinion: Opinion,
    known: Mapping[str, object],
    figures: tuple[str, ...],
) -> dict[str, float]:
    """Every meaning with what speaks for it, likeliest first."""
    scores = dict(opinion.scores)

    def add(name: str, points: float) -> None:
        scores[name] = scores.get(name, _UNHEARD) + points

    for place, hit in enumerate(hits):
        add(hit.name, _BESIDE if place else _FIRST[hit.weight])
    if not hits:
        if figures:
            add("not_a_report", _FIRST[3])
        elif "code" in known:
            add("q_status", _FIRST[3])
        elif "place_text" in known:
            add("place_clarify", _FIRST[2])
        elif opinion.known < _KNOWN:
            add("unclear", 2 * _FIRST[3])
    names = sorted(scores, key=scores.__getitem__, reverse=True)
    return {name: scores[name] for name in names}


def judged(
    scores: Mapping[str, float], hits: Sequence[Hit], text: str, opinion: Opinion
) -> tuple[str, str]:
    """The label and how pressing it is: danger first, a false alarm before a missed one."""
    label = next(iter(scores))
    names = frozenset(hit.name for hit in hits)
    urgency = urgency_of(label, text, names | {label})
    by_rule = urgency_of(hits[0].name, text, names) if hits else "none"
    report = _reported(label, scores)
    afraid = [hit.weight for hit in hits if hit.name in DANGER or hit.name in ACCIDENTS]
    sure = max(afraid, default=0)
    if "sos" in (urgency, by_rule) and sure and (opinion.few or opinion.danger > _CALM[sure]):
        return report, "sos"
    asked = label not in REPORTS and hits and hits[0].name == label and hits[0].weight > 2
    if _feared(opinion) and may_be_feared(report, text) and not (asked and opinion.danger < _SURE):
        return report, "sos"
    return label, "high" if urgency == "sos" else urgency


def _reported(label: str, scores: Mapping[str, float]) -> str:
    return label if label in REPORTS else next(one for one in scores if one in REPORTS)


def feared(spelled: str) -> bool:
    """Whether the examples alone may make a message pressing."""
    return _feared(learnt.opinion(spelled))


def _feared(opinion: Opinion) -> bool:
    """Whether the examples of danger, or those of one label of danger, are clearly the nearest."""
    if opinion.few:
        return False
    alarming = max(opinion.scores[one] for one in opinion.scores if usual(one) == "sos")
    others = max(opinion.scores[one] for one in opinion.scores if usual(one) != "sos")
    return opinion.danger > _FEARED or alarming - others > _ALARMING


def near(scores: Mapping[str, float]) -> tuple[str, ...]:
    """The meanings that are about as likely as the first, with it."""
    best = next(iter(scores.values()))
    return tuple(name for name, score in scores.items() if score > best - _ALIKE)
