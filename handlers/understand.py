"""What a message means: rules over a lexicon, so that every answer can say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from handlers import lexicon
from handlers.lexicon import learnt, weighing
from handlers.lexicon.amid import danger_amid, is_long
from handlers.lexicon.cover import Index
from handlers.lexicon.facts import facts
from handlers.lexicon.learnt import Opinion
from handlers.lexicon.meanings import DANGER, Hit, says
from handlers.lexicon.placed import quiet
from handlers.lexicon.reading import reading
from handlers.lexicon.respell import read as respelled
from handlers.lexicon.urgency import MAYBE_NOW, SIGH
from models import text as spelling

_LONGEST = 1500  # characters looked at: lists of many households are read elsewhere


@dataclass(frozen=True, slots=True)
class Meaning:
    label: str
    also: tuple[str, ...]
    urgency: str  # sos, high, normal, low or none
    danger: bool  # life at risk now: numbers to call come first
    by_rule: bool  # a rule finds the danger; False: the examples alone do
    child: bool  # a child is concerned: 111 as well
    facts: Mapping[str, object]
    alternatives: tuple[str, ...]  # the likeliest meanings when not sure
    sure: bool
    because: tuple[str, ...]  # the words that decided
    ruled: tuple[str, ...] = ()  # the labels a rule is sure of, not the examples alone


_KINDS = {
    "crisis": "emergency", "child_abuse": "violence", "domestic_violence": "violence",
    "missing": "death_missing", "rescue": "emergency", "isolated": "emergency",
    "medical_emergency": "emergency", "house_fire": "house_damaged", "death": "death_missing",
    "traffic_accident": "injury", "work_accident": "injury", "injury": "injury",
    "child_lost_parents": "child_alone", "abandoned_child": "child_alone",
    "house_destroyed": "house_destroyed", "house_damaged": "house_damaged",
    "evacuation_need": "evacuation", "flooded": "other", "food_shortage": "hunger",
    "essentials": "other", "crop_loss": "livelihood", "livestock_loss": "livelihood",
    "livelihood_loss": "livelihood", "homeless": "other", "illness_hardship": "other",
    "other_hardship": "other",
}  # fmt: skip
REPORT_LABELS: frozenset[str] = frozenset(_KINDS)
# Nobody is asked «is it violence?» because the words resemble other people's.
_GRAVE = frozenset({"child_abuse", "domestic_violence", "crisis"})
_CHILD = frozenset({"child_abuse", "child_lost_parents", "abandoned_child"})
_VIOLENCE = frozenset({"child_abuse", "domestic_violence"})
_CAUSED = frozenset({"q_house_support", "q_funeral", "update_case", "correct_case"})
_ABOUT_A_CASE = frozenset(
    {"cancel", "correct_case", "update_case", "complaint", "place_clarify", "safe"}
)
# Too general to act upon without asking back, with what is offered.
_VAGUE: Mapping[str, tuple[str, ...]] = {
    "q_amount": ("q_elderly", "q_disability", "human"),
    "other_hardship": ("illness_hardship", "food_shortage", "q_poor_household"),
}


def understand(text: str, *, unseen: bool = False) -> Meaning:
    """The meaning of one message of free text.

    With ``unseen`` the examples do without this very message: so they are measured.
    """
    raw = text[:_LONGEST]
    read = reading(raw)
    hits, figures, literal = read.hits, read.figures, read.literal
    known = facts(raw, read.spelled, read.words)
    if figures and not any(_serious(hit.name) or hit.name == "spam" for hit in hits):
        return _aside("not_a_report", known, figures)
    if not hits and not any(map(str.isalpha, read.spelled)):  # numbers and signs alone
        return _aside("q_status" if "code" in known else "unclear", known)
    opinion = learnt.opinion(read, unseen=unseen)
    ranked = weighing.ranked(hits, opinion, known)
    label, urgency = weighing.judged(ranked, hits, literal, opinion)
    if urgency != "sos" and label in _GRAVE and label not in {hit.name for hit in hits}:
        ranked = {name: score for name, score in ranked.items() if name not in _GRAVE}
        label, urgency = weighing.judged(ranked, hits, literal, opinion)
    amid = danger_amid(raw, read, label) if urgency != "sos" else ""
    if amid:
        label, urgency = amid, "sos"
    danger = urgency == "sos"
    if label in REPORT_LABELS:
        known |= {name: True for name in ("unlivable", "burnt_down") if says(name, read.words)}
    elif label not in _CAUSED:
        known = {name: value for name, value in known.items() if name != "cause"}
    others = _alternatives(label, ranked, hits, danger=danger)
    return Meaning(
        label=label,
        also=_beside(label, hits),
        urgency=urgency,
        danger=danger,
        by_rule=danger and (bool(amid) or weighing.ruled(hits, literal)),
        child=label in _CHILD or (danger and says("child", read.words)),
        facts=known,
        alternatives=others,
        sure=not others,
        because=_because(label, hits, figures, opinion),
        ruled=tuple(dict.fromkeys(hit.name for hit in hits if hit.weight > 2)),
    )


def might_be_danger(text: str) -> bool:
    """A quick look that may be wrong in one direction only: False means ``danger`` is False.

    A small part of the work of ``understand``; enough for an answer to a question that was asked.
    """
    raw = text[:_LONGEST]
    spelled = respelled(quiet(raw))
    if _alarming().any(spelling.toned_words(spelled)):
        return True
    if learnt.few(spelled):  # most answers end here
        return False
    read = reading(raw)
    if weighing.feared(learnt.opinion(read), read.literal):
        return True
    return is_long(read) and understand(text).danger


@cache
def _alarming() -> Index:
    """Everything that can make a message pressing."""
    labels = lexicon.labels("reports")
    return Index(
        [
            source
            for label in labels
            if label.name in DANGER | MAYBE_NOW or label.urgency == "sos"
            for _, source in label.patterns
        ]
    )


def _serious(name: str) -> bool:
    return name in REPORT_LABELS or name.startswith(("q_", "privacy")) or name in _ABOUT_A_CASE


def _beside(label: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.name for hit in hits if hit.name != label))[:3]


def _because(
    label: str, hits: Sequence[Hit], figures: tuple[str, ...], opinion: Opinion
) -> tuple[str, ...]:
    """The words that decided: a rule's where it agrees, else those the examples go by."""
    found = [hit.words for hit in hits if hit.name == label] or opinion.words(label)
    others = [hit.words for hit in hits if hit.name != label][:2]
    return tuple(dict.fromkeys((*found, *others, *figures)))


def _alternatives(
    label: str, scores: Mapping[str, float], hits: Sequence[Hit], *, danger: bool
) -> tuple[str, ...]:
    """What else it may be, when the words do not decide; danger is never put to a choice."""
    if danger:
        return ()
    if label == "unclear":
        exclaimed = any(SIGH.search(hit.words) for hit in hits if hit.name == label)
        return ("death", "not_a_report") if exclaimed else ()
    if label.startswith("q_"):
        events = [
            hit.name
            for hit in hits
            if hit.name in REPORT_LABELS and hit.weight > 2 and hit.rank > 80
        ]
        if events:  # a question about the benefit, or somebody whose house fell
            return (label, events[0])
    if label in _VAGUE:
        others = [hit.name for hit in hits if _serious(hit.name)] or _VAGUE[label]
        return tuple(dict.fromkeys((label, *others)))[:3]
    return _likely(label, scores, hits)


def _likely(label: str, scores: Mapping[str, float], hits: Sequence[Hit]) -> tuple[str, ...]:
    names = {hit.name for hit in hits}
    firm = any(hit.name == label and hit.weight > 2 for hit in hits)
    if not _serious(label) or (firm and hits[0].name == label):
        return ()
    near = [name for name in weighing.near(scores) if _serious(name)]
    if firm:
        near = [name for name in near if name in names]
    said = REPORT_LABELS & names >= set(near)  # all of it, one beside the other
    return () if said or len(near) < 2 else tuple(near[:3])


def _aside(label: str, known: Mapping[str, object], because: tuple[str, ...] = ()) -> Meaning:
    """Nothing to be weighed."""
    return Meaning(
        label=label, also=(), urgency="none", danger=False, by_rule=False, child=False,
        facts=known, alternatives=(), sure=label != "unclear", because=because,
    )  # fmt: skip


def kinds(meaning: Meaning, *, ruled: bool = False) -> tuple[str, ...]:
    """The kinds of report a message opens; none when it is not a report.

    With ``ruled`` only what a rule is sure of counts, not what the examples are like.
    """
    if meaning.label not in REPORT_LABELS:
        return ()
    found = ["emergency"] if meaning.danger and meaning.label not in _VIOLENCE else []
    for name in (meaning.label, *meaning.also):
        if ruled and name not in meaning.ruled:
            continue
        kind = _KINDS.get(name)
        if name == "house_fire" and meaning.facts.get("burnt_down"):
            kind = "house_destroyed"
        elif name == "house_damaged" and meaning.facts.get("unlivable"):
            kind = "house_damaged_unlivable"
        if kind and (kind != "emergency" or meaning.danger):
            found.append(kind)
    if "house_destroyed" in found:
        found = [kind for kind in found if not kind.startswith("house_damaged")]
    named = [kind for kind in found if kind != "other"]
    return tuple(dict.fromkeys(named or (() if ruled and not found else ["other"])))
