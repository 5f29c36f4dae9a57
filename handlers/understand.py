"""What a message means: rules over a lexicon, so that every answer can say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from handlers import lexicon
from handlers.lexicon import nearest
from handlers.lexicon.cover import Index
from handlers.lexicon.facts import facts
from handlers.lexicon.meanings import DANGER, Hit, choose, is_over, says, without_figures
from handlers.lexicon.respell import read
from models import text as spelling

_DISTANT, _ALIKE = 0.2, 0.7  # how like a message an example is
_HALF, _AGREED = 0.5, 0.8  # how much of the examples nearest to a message say the same
_LONGEST = 1500  # characters looked at: lists of many households are read elsewhere


@dataclass(frozen=True, slots=True)
class Meaning:
    label: str
    also: tuple[str, ...]
    urgency: str  # sos, high, normal, low or none
    danger: bool  # life at risk now: numbers to call come first
    child: bool  # a child is concerned: 111 as well
    facts: Mapping[str, object]
    alternatives: tuple[str, ...]  # the likeliest meanings when not sure
    sure: bool
    because: tuple[str, ...]  # the words that decided


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
_CHILD = frozenset({"child_abuse", "child_lost_parents", "abandoned_child"})
_VIOLENCE = frozenset({"child_abuse", "domestic_violence"})
_ALWAYS_NOW = frozenset({"crisis", "child_abuse"})  # no «it is over» makes these less pressing
_ACCIDENTS = frozenset({"traffic_accident", "work_accident", "injury"})
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
    spelled = read(raw)
    exact = spelling.well_marked(spelled)
    words = spelling.toned_words(spelled, exact=exact)
    literal, figures = without_figures(words)
    known = facts(raw, spelled, words)
    hits = _hits(spelled, literal, asked="?" in raw, exact=exact)
    if figures and not any(_serious(hit.name) for hit in hits):
        return _nothing(known, figures)
    if (opinion := _opinion(hits, spelled, known, unseen=unseen)) and (
        second := _by_example(opinion, hits, literal, known)
    ):
        return second
    if not hits:
        return _nothing(known, figures)
    names = tuple(dict.fromkeys(hit.name for hit in hits))
    label = names[0]
    urgency = _urgency(label, literal, frozenset(names))
    danger = urgency == "sos"
    if label in REPORT_LABELS:
        known |= {name: True for name in ("unlivable", "burnt_down") if says(name, words)}
    others = _alternatives(hits, danger=danger)
    return Meaning(
        label=label,
        also=names[1:4],
        urgency=urgency,
        danger=danger,
        child=label in _CHILD or (danger and says("child", words)),
        facts=known,
        alternatives=others,
        sure=not others,
        because=tuple(dict.fromkeys(hit.words for hit in hits[:3])),
    )


def _hits(spelled: str, literal: str, *, asked: bool, exact: bool) -> list[Hit]:
    """What the rules find; with fewer and fewer of the marks believed until something is."""
    hits = choose(literal, asked=asked, exact=exact)
    if exact and not any(hit.weight > 2 for hit in hits):  # marks left out here and there
        loose, _ = without_figures(spelling.toned_words(spelled))
        hits = choose(loose, asked=asked, exact=False) or hits
    if not hits and "~" not in literal and not spelled.isascii():  # wrong ones
        bare, figures = without_figures(spelling.toned_words(spelling.fold(spelled)))
        hits = [] if figures else choose(bare, asked=asked, exact=False)
    return hits


def _opinion(
    hits: list[Hit], spelled: str, known: Mapping[str, object], *, unseen: bool
) -> nearest.Opinion | None:
    """A second opinion where the rules have found nothing, a little, or nothing but a little."""
    if not hits and ("code" in known or " " not in spelled):
        return None
    if hits and hits[0].name in DANGER and hits[0].weight > 1:
        return None
    return nearest.opinion(spelled, unseen=unseen)


def _by_example(
    opinion: nearest.Opinion, hits: list[Hit], literal: str, known: Mapping[str, object]
) -> Meaning | None:
    """The meaning of the examples most like a message, when that says more than the rules."""
    label = opinion.label
    share = opinion.shares.get(label, 0.0)
    names = {hit.name for hit in hits}
    if hits and hits[0].weight > 1 and hits[0].name not in _VAGUE:
        against = opinion.likeness > _ALIKE and share > _AGREED and label not in names
        if not against or opinion.shares.get(hits[0].name, 0.0) > 1 - _AGREED:
            return None
    elif (
        (not hits and "place_text" in known and opinion.likeness < _ALIKE)
        or opinion.likeness < _DISTANT
        or (hits and hits[0].name in _VAGUE and share < _HALF)
    ):
        return None
    known = dict(known)
    urgency = _urgency(label, literal, frozenset({label}))
    alarming = _alarming().any(literal)
    danger = alarming and (urgency == "sos" or opinion.danger > _HALF)
    ranked = sorted(opinion.shares, key=opinion.shares.__getitem__, reverse=True)
    return Meaning(
        label=label,
        also=tuple(hit.name for hit in hits[:3] if hit.name != label),
        urgency="sos" if danger else "high" if urgency == "sos" else urgency,
        danger=danger,
        child=label in _CHILD,
        facts=known,
        alternatives=() if danger or share > _AGREED else tuple(ranked[:3]),
        sure=danger or share > _AGREED,
        because=(f"giống câu «{opinion.examples[label]}»",),
    )


def might_be_danger(text: str) -> bool:
    """A quick look that may be wrong in one direction only: False means ``danger`` is False.

    A small part of the work of ``understand``; enough for an answer to a question that was asked.
    """
    return _alarming().any(spelling.toned_words(read(text[:_LONGEST])))


@cache
def _alarming() -> Index:
    """Everything that can make a message pressing."""
    labels = lexicon.labels("reports")
    return Index(
        [
            source
            for label in labels
            if label.name in DANGER | _ACCIDENTS or label.urgency == "sos"
            for _, source in label.patterns
        ]
    )


def _serious(name: str) -> bool:
    return name in REPORT_LABELS or name.startswith(("q_", "privacy")) or name in _ABOUT_A_CASE


def _usual(label: str) -> str:
    labels = (one for name in ("reports", "talk") for one in lexicon.labels(name))
    return next((one.urgency for one in labels if one.name == label), "none")


def _urgency(label: str, text: str, names: frozenset[str]) -> str:
    if label not in REPORT_LABELS:
        exclaimed = label == "unclear" and "chêtS" in text  # «chết rồi»: a sigh, or a death
        own_house = label == "q_house_support" and says("own", text)
        return "high" if exclaimed else "normal" if own_house else _usual(label)
    past = (is_over(text) or says("past", text)) and not says("going_on", text)
    if past and not names & _ALWAYS_NOW:
        return "low" if label == "house_fire" and is_over(text) else "normal"
    if label == "house_fire" and says("burnt_out", text) and "rescue" not in names:
        return "high"
    critical = label in _ACCIDENTS and says("critical", text) and not says("settled", text)
    if critical or names & _ALWAYS_NOW or (label == "domestic_violence" and says("grave", text)):
        return "sos"
    return _by_company(label, text, names - ({"rescue"} if label == "death" else set()))


def _by_company(label: str, text: str, names: frozenset[str]) -> str:
    """As pressing as the most pressing thing that is said beside it."""
    if any(_usual(name) == "sos" for name in names & DANGER):
        return "sos"
    if label in {"traffic_accident", "injury"} and says("settled", text):
        return "normal"
    return "high" if names & DANGER else _usual(label)


def _alternatives(hits: list[Hit], *, danger: bool) -> tuple[str, ...]:
    """What else it may be, when the words do not decide; danger is never put to a choice."""
    first, *rest = hits
    if danger:
        return ()
    if first.name == "unclear":
        return ("death", "not_a_report") if "chêtS" in first.words else ()
    if first.name.startswith("q_"):
        events = [
            hit for hit in rest if hit.name in REPORT_LABELS and hit.weight > 2 and hit.rank > 80
        ]
        if events:  # a question about the benefit, or somebody whose house fell
            return (first.name, events[0].name)
    if first.weight > 2 and first.name not in _VAGUE:
        return ()
    others = [hit.name for hit in rest if _serious(hit.name)] or _VAGUE.get(first.name, ("human",))
    return tuple(dict.fromkeys((first.name, *others)))[:3]


def _nothing(known: Mapping[str, object], figures: tuple[str, ...]) -> Meaning:
    if "code" in known:
        label = "q_status"
    elif figures:
        label = "not_a_report"
    else:
        label = "place_clarify" if "place_text" in known else "unclear"
    return Meaning(
        label=label, also=(), urgency="none", danger=False, child=False, facts=known,
        alternatives=(), sure=label != "unclear", because=figures,
    )  # fmt: skip


def kinds(meaning: Meaning) -> tuple[str, ...]:
    """The kinds of report a message opens; none when it is not a report."""
    if meaning.label not in REPORT_LABELS:
        return ()
    found = ["emergency"] if meaning.danger and meaning.label not in _VIOLENCE else []
    for name in (meaning.label, *meaning.also):
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
    return tuple(dict.fromkeys(named or ["other"]))
