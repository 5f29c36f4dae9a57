"""Which of several benefits are paid together (khoản 2 Điều 6, khoản 2 Điều 11, Điều 17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.benefits.engine import Outcome
from models.benefits.facts import Case
from models.benefits.load import Law
from models.benefits.truth import Truth

# người đơn thân nghèo nuôi con keeps these beside khoản 4 (khoản 2 Điều 6 of both decrees)
BESIDE_SINGLE_PARENT = frozenset(
    {"tcxh_k5a", "tcxh_k5_dbkk", "tcxh_k5_80", "tcxh_k5_taken_in", "tcxh_k6", "tcxh_k8"}
)
HIGHEST = "chỉ hưởng một mức cao nhất"
BOTH = "người đơn thân nghèo nuôi con được hưởng cả hai (khoản 2 Điều 6)"
PRIVATE = frozenset({"tcxh_k3", "tcxh_k8"})  # of two equal ones the other is told
HIGHEST_ONLY = ("care_of", "funeral")


def combine(law: Law, case: Case, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Mark what is not counted, and by what it is replaced; the order stays."""
    instead: dict[tuple[str, str], str] = {}
    for person in dict.fromkeys(outcome.person for outcome in outcomes):
        own = [outcome for outcome in outcomes if outcome.person == person]
        groups = {
            name: [outcome for outcome in own if law.benefits[outcome.benefit].group == name]
            for name in ("personal", "single_parent", *HIGHEST_ONLY)
        }
        instead |= _personal(groups["personal"], groups["single_parent"])
        for name in HIGHEST_ONLY:
            instead |= _highest(groups[name])
    instead |= _couples(law, case, outcomes)
    marked = tuple(_marked(outcome, instead) for outcome in outcomes)
    kept = {
        outcome.person
        for outcome in _sure(marked)
        if outcome.counted and law.benefits[outcome.benefit].group == "single_parent"
    }
    return tuple(
        replace(outcome, note=BOTH)
        if outcome.person in kept
        and outcome.counted
        and outcome.verdict is Truth.YES
        and outcome.benefit in BESIDE_SINGLE_PARENT
        else outcome
        for outcome in marked
    )


def _marked(outcome: Outcome, instead: Mapping[tuple[str, str], str]) -> Outcome:
    other = instead.get((outcome.person, outcome.benefit))
    if other == outcome.benefit:
        note = "vợ chồng đều là người khuyết tật chỉ hưởng một suất (điểm a khoản 2 Điều 17, 20)"
        return replace(outcome, counted=False, instead=other, note=note)
    if other is not None:
        return replace(outcome, counted=False, instead=other, note=HIGHEST)
    return outcome


def _sure(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.verdict is Truth.YES and _vnd(outcome)]


def _vnd(outcome: Outcome) -> int:
    return (outcome.amount.vnd or 0) if outcome.amount else 0


def _highest(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], str]:
    """Only the highest is paid; what cannot exceed it any more is settled too."""
    sure = _sure(outcomes)
    if not sure:
        return {}
    best = max(sure, key=lambda one: (_vnd(one), one.benefit not in PRIVATE))
    return {
        (other.person, other.benefit): best.benefit
        for other in outcomes
        if other is not best and _cannot_exceed(other, _vnd(best))
    }


def _cannot_exceed(outcome: Outcome, amount: int) -> bool:
    if outcome.verdict is Truth.NO:
        return False
    if outcome.verdict is Truth.YES and outcome.amount is not None:
        return _vnd(outcome) <= amount
    return outcome.highest is not None and outcome.highest <= amount


def _personal(
    outcomes: Sequence[Outcome], single: Sequence[Outcome]
) -> dict[tuple[str, str], str]:
    parent = next((other for other in single if other.verdict is not Truth.NO), None)
    if parent is None or parent.verdict is not Truth.YES or parent.amount is None:
        return _highest(outcomes)
    beside = [other for other in outcomes if other.benefit in BESIDE_SINGLE_PARENT]
    apart = [other for other in outcomes if other.benefit not in BESIDE_SINGLE_PARENT]
    lost = _highest(beside)
    sure = _sure(apart)
    if not sure:
        return lost
    best = max(sure, key=_vnd)
    together = _vnd(parent) + max((_vnd(other) for other in _sure(beside)), default=0)
    if together >= _vnd(best):
        return lost | {
            (other.person, other.benefit): parent.benefit
            for other in apart
            if _cannot_exceed(other, together)
        }
    # what would stand beside the parent's own may yet make both together the higher
    open_still = {
        (other.person, other.benefit)
        for other in beside
        if other.verdict in {Truth.UNKNOWN, Truth.OFFICER}
        and _vnd(parent) + (other.highest or 0) > _vnd(best)
    }
    lost = {key: other for key, other in _highest(outcomes).items() if key not in open_still}
    return lost | {(parent.person, parent.benefit): best.benefit}


def _couples(law: Law, case: Case, outcomes: Sequence[Outcome]) -> dict[tuple[str, str], str]:
    """Husband and wife both disabled: one allowance (điểm a khoản 2 Điều 17)."""
    spouse = {person.id: person.spouse for person in case.people if person.spouse}
    cared = [
        outcome
        for outcome in _sure(outcomes)
        if law.benefits[outcome.benefit].group == "care_parent"
    ]
    lost: dict[tuple[str, str], str] = {}
    for place, one in enumerate(cared):
        for other in cared[place + 1 :]:
            if spouse.get(one.person) == other.person or spouse.get(other.person) == one.person:
                less = one if _vnd(one) < _vnd(other) else other
                lost[less.person, less.benefit] = less.benefit
    return lost
