"""A whole household on one day: every benefit of every person, and what is paid together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from models.benefits.check import law
from models.benefits.combine import combine
from models.benefits.conditions import Facts, Reason, Value
from models.benefits.engine import Outcome, assess
from models.benefits.facts import Case, Person, facts_of
from models.benefits.load import Law
from models.benefits.schema import Benefit, Topic
from models.benefits.truth import Truth
from models.benefits.words import day_of, money

REGULAR: frozenset[Topic] = frozenset({"monthly", "pension", "care", "facility", "card"})
EVENT: frozenset[Topic] = frozenset({"funeral", "emergency"})
DEATHS = frozenset({"death", "missing", "death_missing"})


@dataclass(frozen=True, slots=True)
class Decision:
    day: date
    outcomes: tuple[Outcome, ...]

    def counted(self) -> tuple[Outcome, ...]:
        """What is found to be due: yes, and not replaced by something higher."""
        return tuple(o for o in self.outcomes if o.verdict is Truth.YES and o.counted)

    def total(self, per: Collection[str]) -> int:
        benefits = law().benefits
        return sum(
            (outcome.amount.vnd or 0)
            for outcome in self.counted()
            if outcome.amount and not outcome.amount.rate and benefits[outcome.benefit].per in per
        )


def decide(case: Case, topics: Collection[Topic] | None = None) -> Decision:
    """Decide everything; what happened (death, storm …) is looked at when it is told."""
    known = law()
    outcomes: list[Outcome] = []
    for person in case.people:
        facts = facts_of(case, person)
        if not _happened(person.facts) & DEATHS:
            outcomes += [
                assess(known, benefit, person.id, facts, case.day)
                for benefit in _of(known, REGULAR - {"card"}, topics)
            ]
    for person in _struck(case):
        outcomes += [
            _after_event(known, benefit, case, person) for benefit in _of(known, EVENT, topics)
        ]
    combined = combine(known, case, outcomes)
    cards = _of(known, frozenset({"card"}), topics)
    for person in case.people:
        granted = {**facts_of(case, person), **_granted(known, person, combined)}
        combined += tuple(
            assess(known, benefit, person.id, granted, case.day)
            for benefit in cards
            if not _happened(person.facts) & DEATHS
        )
    return Decision(case.day, combined)


def _of(known: Law, topics: frozenset[Topic], asked: Collection[Topic] | None) -> list[Benefit]:
    return [
        benefit
        for benefit in known.benefits.values()
        if benefit.topic in topics and (asked is None or benefit.topic in asked)
    ]


def _happened(facts: Facts) -> frozenset[str]:
    happened = facts.get("happenings")
    return happened if isinstance(happened, frozenset) else frozenset()


def _struck(case: Case) -> tuple[Person, ...]:
    """Whom the event is about; a household's event is told once, through its first person."""
    struck = tuple(person for person in case.people if _happened(person.facts))
    if struck or not _happened(case.facts):
        return struck
    return case.people[:1] or (Person("household"),)


def _granted(known: Law, person: Person, outcomes: tuple[Outcome, ...]) -> dict[str, Value]:
    """The monthly benefits a person has or is entitled to; left out while that is open."""
    own = [
        outcome
        for outcome in outcomes
        if outcome.person == person.id
        and known.benefits[outcome.benefit].topic in {"monthly", "pension"}
    ]
    codes = {_card_code(outcome.code) for outcome in own if outcome.verdict is Truth.YES}
    receiving = person.facts.get("receiving")
    if isinstance(receiving, frozenset):
        codes |= receiving
    if not codes and any(o.verdict in {Truth.UNKNOWN, Truth.OFFICER} for o in own):
        return {}
    return {"granted": frozenset(codes)}


def _card_code(code: str) -> str:
    return code[:2] if code.startswith("k") else code


def _after_event(known: Law, benefit: Benefit, case: Case, person: Person) -> Outcome:
    """Decide by the day it happened; where the law of the day of asking differs, an officer."""
    facts = facts_of(case, person)
    happened = facts.get("event_date")
    if not isinstance(happened, date) or happened >= case.day:
        return assess(known, benefit, person.id, facts, case.day)
    # nobody grows older than on that day, whatever the law one asks under
    facts = facts_of(replace(case, day=happened, told=case.told or case.day), person)
    now = assess(known, benefit, person.id, facts, case.day)
    then = assess(known, benefit, person.id, facts, happened)
    if then.verdict is now.verdict and _vnd(then) == _vnd(now):
        return then
    if Truth.UNKNOWN in {then.verdict, now.verdict}:
        return then if then.verdict is Truth.UNKNOWN else now
    say = (
        f"việc xảy ra ngày {day_of(happened)}, xét ngày {day_of(case.day)}: "
        f"theo ngày xảy ra {_told(then)}, theo ngày xét {_told(now)}; cán bộ xem"
    )
    reason = Reason(say, then.article, Truth.OFFICER, "event_date", happened)
    known_amounts = [amount for amount in (_vnd(then), _vnd(now)) if amount]
    return replace(
        then,
        verdict=Truth.OFFICER,
        amount=None,
        payment=None,
        lowest=min(known_amounts, default=None),
        highest=max(known_amounts, default=None),
        reasons=(reason,),
        missing=(),
        note=say,
    )


def _vnd(outcome: Outcome) -> int | None:
    return outcome.amount.vnd if outcome.amount else None


def _told(outcome: Outcome) -> str:
    amount = _vnd(outcome)
    if outcome.verdict is Truth.NO:
        return "chưa đủ điều kiện"
    return f"{money(amount)} đồng" if amount else "cần xem xét"
