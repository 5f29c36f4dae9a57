"""What a message means: rules over a lexicon, so that every answer can say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from handlers import lexicon
from handlers.lexicon import nearest
from handlers.lexicon.cover import Index
from handlers.lexicon.facts import facts
from handlers.lexicon.meanings import DANGER, Hit, choose, says, without_figures
from handlers.lexicon.respell import read
from handlers.lexicon.urgency import ACCIDENTS, may_be_feared
from handlers.lexicon.urgency import urgency as urgency_of
from models import text as spelling

_DISTANT, _ALIKE = 0.2, 0.7  # how like a message an example is
_HALF, _AGREED = 0.5, 0.8  # how much of the examples nearest to a message say the same
_FEARED = 0.45
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
    spelled = read(raw)
    exact = spelling.well_marked(spelled)
    words = spelling.toned_words(spelled, exact=exact)
    literal, figures = without_figures(words)
    known = facts(raw, spelled, words)
    hits = _hits(spelled, literal, asked="?" in raw, exact=exact)
    if figures and not any(_serious(hit.name) for hit in hits):
        return _nothing(known, figures)
    if second := _by_example(hits, spelled, literal, known, unseen=unseen):
        return second
    if not hits:
        return _nothing(known, figures)
    names = tuple(dict.fromkeys(hit.name for hit in hits))
    label = names[0]
    urgency = urgency_of(label, literal, frozenset(names))
    if _feared(label, urgency, spelled, literal, unseen=unseen):
        urgency = "sos"
    danger = urgency == "sos"
    if label in REPORT_LABELS:
        known |= {name: True for name in ("unlivable", "burnt_down") if says(name, words)}
    elif label not in _CAUSED:
        known = {name: value for name, value in known.items() if name != "cause"}
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
    return hits


def _feared(label: str, urgency: str, spelled: str, literal: str, *, unseen: bool) -> bool:
    """Whether reports like this one were danger to life, and nothing takes it back.

    A false alarm shows the numbers to call; a missed one may kill.
    """
    if urgency == "sos" or not may_be_feared(label, literal) or not _alarming().any(literal):
        return False
    opinion = nearest.opinion(spelled, unseen=unseen)
    return opinion.likeness > _DISTANT and opinion.danger > _FEARED


def _by_example(
    hits: list[Hit], spelled: str, literal: str, known: Mapping[str, object], *, unseen: bool
) -> Meaning | None:
    """A second opinion, where the rules have found nothing firm: the examples most alike."""
    vague = bool(hits) and hits[0].name in _VAGUE
    if " " not in spelled or (hits and hits[0].weight > 1 and not vague):
        return None
    opinion = nearest.opinion(spelled, unseen=unseen)
    label = opinion.label
    share = opinion.shares.get(label, 0.0)
    named = not hits and not known.keys().isdisjoint({"place_text", "code"})
    feared = any(hit.name in DANGER for hit in hits) and opinion.danger < _FEARED
    if feared and opinion.likeness < _ALIKE:
        return None  # a little danger against examples without any that are not much like it
    if opinion.likeness < (_ALIKE if named else _DISTANT) or (vague and share < _HALF):
        return None
    urgency = urgency_of(label, literal, frozenset({label}))
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
            if label.name in DANGER | ACCIDENTS or label.urgency == "sos"
            for _, source in label.patterns
        ]
    )


def _serious(name: str) -> bool:
    return name in REPORT_LABELS or name.startswith(("q_", "privacy")) or name in _ABOUT_A_CASE


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
