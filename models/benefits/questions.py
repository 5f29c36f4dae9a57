"""What to ask next, and when the answer will change."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from models.benefits.check import conditions_in, law
from models.benefits.decide import Decision, decide
from models.benefits.engine import Outcome
from models.benefits.facts import Case, Person, facts_of
from models.benefits.schema import FactDef
from models.benefits.truth import Truth

ASKED_ABOUT = frozenset({"monthly", "pension", "care", "funeral", "emergency"})
HOUSEHOLD = "household"  # stands for a person's id in questions about the household


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: about whom, which fact, and which benefits wait for it."""

    person: str
    fact: str
    sensitive: bool
    waits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    day: date
    why: str  # "age", "law"; "poverty": a new standard, the household's status may change
    person: str | None
    benefits: tuple[str, ...]


def open_outcomes(decision: Decision) -> tuple[Outcome, ...]:
    """What facts could still settle and would matter."""
    waiting = {(o.person, o.benefit) for o in decision.outcomes if o.verdict is not Truth.NO}
    return tuple(
        outcome
        for outcome in decision.outcomes
        if outcome.counted
        and outcome.missing
        and not _outbid(outcome, waiting)
        and law().benefits[outcome.benefit].topic in ASKED_ABOUT
        and (
            outcome.verdict is Truth.UNKNOWN
            or (outcome.verdict is Truth.YES and outcome.amount is None)
        )
    )


def _outbid(outcome: Outcome, waiting: set[tuple[str, str]]) -> bool:
    """Whether the wage and the pension of a child would be asked in vain.

    Whoever meets khoản 8 and is under 16 meets khoản 3, which pays more, but for a parent of
    that age: beside khoản 4 stands khoản 8, not khoản 3.
    """
    person = outcome.person
    return (
        outcome.benefit == "tcxh_k8"
        and (person, "tcxh_k3") in waiting
        and (person, "tcxh_k4") not in waiting
    )


def questions(
    case: Case,
    decision: Decision | None = None,
    declined: Collection[tuple[str, str]] = (),
) -> list[Ask]:
    """Every question that can still change an answer, the best first.

    A question that settles more for less effort comes first, a sensitive one last.
    ``declined`` holds (person, fact) pairs the citizen would not answer.
    """
    decision = decision or decide(case)
    waits: dict[tuple[str, str], list[str]] = {}
    for outcome in open_outcomes(decision):
        for person, fact in _to_ask(case, outcome):
            if (person, fact.id) not in declined:
                waits.setdefault((person, fact.id), []).append(outcome.benefit)
    defs = law().facts
    order = {name: place for place, name in enumerate(defs)}
    asks = [
        Ask(person, fact, defs[fact].sensitive, tuple(dict.fromkeys(list_)))
        for (person, fact), list_ in waits.items()
    ]
    return sorted(
        asks,
        key=lambda ask: (
            ask.sensitive,
            -len(waits[ask.person, ask.fact]) / defs[ask.fact].cost,
            order[ask.fact],
        ),
    )


def next_question(
    case: Case,
    decision: Decision | None = None,
    declined: Collection[tuple[str, str]] = (),
) -> Ask | None:
    return next(iter(questions(case, decision, declined)), None)


def _to_ask(case: Case, outcome: Outcome) -> Iterator[tuple[str, FactDef]]:
    defs = law().facts
    person = next((p for p in case.people if p.id == outcome.person), Person(outcome.person))
    facts = facts_of(case, person)
    for name in outcome.missing:
        for source in defs[name].derived_from or (name,):
            if source not in facts and defs[source].ask:
                about = defs[source].about
                yield (person.id if about == "person" else HOUSEHOLD), defs[source]


@cache
def age_marks() -> tuple[int, ...]:
    """Every birthday a rule looks at."""
    marks: set[int] = {16, 23, 3}  # children counted for a parent
    for benefit in law().benefits.values():
        for condition in conditions_in(benefit):
            if condition.fact == "age":
                marks |= {n for n in (condition.at_least, condition.below) if n}
                marks |= {condition.at_most + 1} if condition.at_most else set()
    return tuple(sorted(marks))


def next_change(case: Case, decision: Decision | None = None) -> Change | None:
    """Find the next day on which a settled answer or an amount becomes another, or a no opens."""
    decision = decision or decide(case)
    before = _summary(decision)
    for day, why, person in sorted(_candidates(case)):
        after = _summary(decide(replace(case, day=day, told=case.told or case.day)))
        changed = tuple(
            dict.fromkeys(
                key[1]
                for key, told in before.items()
                if told != after.get(key)
                and _settled(told[0], after[key][0] if key in after else "")
            )
        )
        if changed:
            return Change(day, why, person or None, changed)
    return None


def _settled(before: str, after: str) -> bool:
    """Whether a change is one: what is not known changes nothing, but a no that opens does."""
    return "unknown" not in {before, after} or (before, after) == ("no", "unknown")


def poverty_change(case: Case, decision: Decision) -> Change | None:
    """Find the next change of the poverty standard, where the household's status decided."""
    used = tuple(
        dict.fromkeys(
            outcome.benefit
            for outcome in decision.outcomes
            if any(reason.fact == "household" for reason in outcome.reasons)
        )
    )
    days = sorted(standard.since for standard in law().poverty if standard.since > case.day)
    return Change(days[0], "poverty", None, used) if used and days else None


def _summary(decision: Decision) -> dict[tuple[str, str], tuple[str, int | None, bool]]:
    return {
        (o.person, o.benefit): (o.verdict.value, o.amount.vnd if o.amount else None, o.counted)
        for o in decision.outcomes
    }


def _candidates(case: Case) -> set[tuple[date, str, str]]:
    known, found = law(), set[tuple[date, str, str]]()
    for person in case.people:
        for born in _births(person):
            found |= {(birthday(born, mark), "age", person.id) for mark in age_marks()}
    for benefit in known.benefits.values():
        found |= {(version.since, "law", "") for version in benefit.versions}
    for parameter in known.parameters.values():
        found |= {(value.since, "law", "") for value in parameter.values}
    return {candidate for candidate in found if candidate[0] > case.day}


def _births(person: Person) -> Iterator[date]:
    born = person.facts.get("birth_date")
    if isinstance(born, date):
        yield born
    children = person.facts.get("children")
    for child in children if isinstance(children, tuple) else ():
        if child.birth_date is not None:
            yield child.birth_date


def birthday(born: date, age: int) -> date:
    """The day somebody is full ``age`` years; 29/2 falls on 1/3 in a common year."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
