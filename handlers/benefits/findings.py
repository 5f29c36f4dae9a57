"""What of a decision matters in chat: what is due, what stays open, which refusals are near."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from models.benefits.check import law
from models.benefits.conditions import Facts
from models.benefits.decide import Decision, decide
from models.benefits.engine import Outcome, assess, version_on
from models.benefits.facts import Case, Person, bounds, facts_of
from models.benefits.questions import age_marks, birthday
from models.benefits.schema import ProcedureVersion
from models.benefits.truth import Truth

PRIVATE = frozenset({"tcxh_k3", "tcxh_k8"})  # never named in lists or to anybody else
BIRTHS = frozenset({"birth_date", "birth_year", "age"})  # the ways an age is told
SOON = 10  # years: a benefit whose age is nearer than this is worth a «not yet»


def due(decision: Decision) -> list[Outcome]:
    """What is found to be due, then what an officer must look at."""
    yes = list(decision.counted())
    return [*yes, *(one for one in decision.outcomes if one.counted and _for_officer(one))]


def _for_officer(outcome: Outcome) -> bool:
    return outcome.verdict is Truth.OFFICER


def unsettled(decision: Decision) -> list[Outcome]:
    """What stays open because something was not said."""
    return [
        one
        for one in decision.outcomes
        if one.counted
        and one.verdict is Truth.UNKNOWN
        and one.missing
        and law().benefits[one.benefit].topic != "card"
    ]


def not_due(case: Case, decision: Decision, *, wide: bool = False) -> list[Outcome]:
    """The refusals worth telling: near to this person's life, and not of another age."""
    later = replace(case, day=birthday(case.day, SOON), told=case.told or case.day)
    topics = {law().benefits[one.benefit].topic for one in decision.outcomes}
    then = {_key(one): one for one in decide(later, topics).outcomes}
    lives = {one.id: _lives(facts_of(case, one)) for one in case.people}
    found = []
    for outcome in decision.outcomes:
        benefit = law().benefits[outcome.benefit]
        if outcome.verdict is not Truth.NO or not outcome.reasons or benefit.topic == "card":
            continue
        first = outcome.reasons[0]
        if first.fact is None or (first.fact == "age" and _still_of_age(then.get(_key(outcome)))):
            continue
        if lives[outcome.person] & {*benefit.life} or (wide and "khuyet_tat" in benefit.life):
            found.append(outcome)
    return found


def _lives(facts: Facts) -> frozenset[str]:
    """The situations of the catalogue a person is in, or near to."""
    low, high = bounds(facts.get("age"))
    happened, children = facts.get("happenings"), facts.get("children_under_16", 0)
    found = {
        "nguoi_cao_tuoi": 55 <= low <= 150 and high < 200,
        "tre_em": high < 16,
        "khuyet_tat": facts.get("disability", "none") != "none",
        "don_than": bool(children),
        "nguoi_cham_soc": facts.get("taken_in", "none") != "none",
        "mai_tang": bool(happened),
    }
    return frozenset(life for life, holds in found.items() if holds)


def _key(outcome: Outcome) -> tuple[str, str]:
    return outcome.person, outcome.benefit


def _still_of_age(outcome: Outcome | None) -> bool:
    """Whether age still decides some years on."""
    return outcome is None or any(
        reason.fact == "age" and reason.truth is Truth.NO for reason in outcome.reasons
    )


def of_age_between(case: Case, outcome: Outcome) -> tuple[date, date] | None:
    """Between which days somebody too young comes of the age that alone is missing.

    Both are one day where the birthday is known; None when it is not only a matter of growing up.
    """
    person, benefit = case.person(outcome.person), law().benefits[outcome.benefit]
    born = _born_between(person, case.told or case.day)
    if born is None or not outcome.reasons or outcome.reasons[0].fact != "age":
        return None
    for mark in age_marks():
        first, last = birthday(born[0], mark), birthday(born[1], mark)
        if last <= case.day:
            continue
        then = replace(case, day=last, told=case.told or case.day)
        facts = {name: told for name, told in person.facts.items() if name not in BIRTHS}
        grown = replace(person, facts={**facts, "birth_date": born[1]})
        found = assess(law(), benefit, person.id, facts_of(then, grown), last)
        if not any(one.fact == "age" and one.truth is Truth.NO for one in found.reasons):
            return max(first, case.day), last
    return None


def _born_between(person: Person, told: date) -> tuple[date, date] | None:
    born, year = person.facts.get("birth_date"), person.facts.get("birth_year")
    age = person.facts.get("age")
    if isinstance(born, date):
        return born, born
    if isinstance(year, int):
        return date(year, 1, 1), date(year, 12, 31)
    if isinstance(age, int):
        return birthday(told, -age - 1) + timedelta(days=1), birthday(told, -age)
    return None


def cards(decision: Decision) -> list[Outcome]:
    """Which of what is due has a card of its own: not what comes with another benefit."""
    return [one for one in due(decision) if law().benefits[one.benefit].topic != "card"]


def papers_of(outcome: Outcome, day: date) -> tuple[str, ...]:
    version = version_on(law().benefits[outcome.benefit], day)
    return version.papers if version else ()


def procedure_on(name: str, day: date) -> ProcedureVersion | None:
    versions = law().procedures[law().benefits[name].procedure].versions
    return next((one for one in versions if one.covers(day)), None)


def poverty_standard_from(day: date) -> bool:
    """Whether a new poverty standard begins on a day."""
    return any(standard.since == day for standard in law().poverty)


def told_of(decision: Decision) -> dict[str, list[object]]:
    """A decision in short, to compare with a later one: what is due or may be, and how much."""
    open_ones = [one for one in unsettled(decision) if one.benefit not in PRIVATE]
    return {
        f"{one.person}.{one.benefit}": [
            one.amount.vnd if one.amount and one.verdict is Truth.YES else None,
            one.verdict.value,
        ]
        for one in (*due(decision), *open_ones)
    }
