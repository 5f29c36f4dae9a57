"""How many questions the check asks, beside a fixed questionnaire.

``python -m tests.test_benefits_questions 10000`` prints the figures that docs/benefits.md gives.
"""

import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial

from models.benefits.check import law
from models.benefits.conditions import Child
from models.benefits.decide import decide
from models.benefits.facts import Case, Person
from models.benefits.questions import HOUSEHOLD, open_outcomes, questions
from tests.benefits.households import household, rng_of


def start(case: Case) -> Case:
    """What the service knows at first: who there is, nothing of them."""
    people = tuple(Person(person.id, {}) for person in case.people)
    return replace(case, people=people, facts={})


def answer(case: Case, whole: Case, person: str, fact: str) -> Case:
    if person == HOUSEHOLD:
        return replace(case, facts={**case.facts, fact: whole.facts[fact]})
    told = whole.person(person).facts[fact]
    people = tuple(
        replace(one, facts={**one.facts, fact: told}) if one.id == person else one
        for one in case.people
    )
    return replace(case, people=people)


def interview(whole: Case, *, clever: bool) -> tuple[int, Case]:
    """Ask until nothing is open: the best question first, or in the order of facts.yaml."""
    case, asked = start(whole), 0
    order = {name: place for place, name in enumerate(law().facts)}
    places = {person.id: place for place, person in enumerate(whole.people)}
    while asks := questions(case):
        ask = asks[0]
        if not clever:
            ask = min(asks, key=lambda ask: (places.get(ask.person, -1), order[ask.fact]))
        case, asked = answer(case, whole, ask.person, ask.fact), asked + 1
    return asked, case


def fixed_length(whole: Case) -> int:
    """Questions of a form that asks everybody everything the regular benefits look at."""
    forms = sum(
        1
        for fact in law().facts.values()
        if fact.ask and fact.about == "person" and fact.id in whole.people[0].facts
        and fact.id not in {"in_facility", "facility_admitted", "sex"}
    )  # fmt: skip
    return len(whole.people) * forms + len(whole.facts)


def settled(case: Case) -> dict[tuple[str, str | None], int]:
    """Money by person and group: of two benefits of one amount either may be named."""
    money = Counter[tuple[str, str | None]]()
    for outcome in decide(case).counted():
        benefit = law().benefits[outcome.benefit]
        if benefit.topic not in {"card", "facility"} and outcome.amount:
            group = "personal" if benefit.group == "single_parent" else benefit.group
            money[outcome.person, group] += outcome.amount.vnd or 0
    return dict(money)


def counted(whole: Case) -> dict[str, int]:
    """Interview one household in both orders; it ends with the right answer."""
    asked, case = interview(whole, clever=True)
    assert not open_outcomes(decide(case))
    assert settled(case) == settled(whole)
    in_order, form = interview(whole, clever=False)[0], fixed_length(whole)
    assert asked <= form
    return {
        "clever": asked,
        "file order": in_order,
        "whole form": form,
        "more than file order": max(asked - in_order, 0),
    }


def figures(
    count: int, seed: int = 20261122, each: Callable[..., Iterable[dict[str, int]]] = map
) -> dict[str, tuple[float, int]]:
    """Mean and worst number of questions."""
    rng = rng_of(seed)
    told = list(each(counted, [at_home(household(rng)) for _ in range(count)]))
    return {
        name: (statistics.mean(one[name] for one in told), max(one[name] for one in told))
        for name in told[0]
    }


def at_home(whole: Case) -> Case:
    """Nobody lives in a facility: the check asks of the people of a household."""
    people = (
        replace(person, facts={**person.facts, "in_facility": False}) for person in whole.people
    )
    return replace(whole, people=tuple(people))


def test_the_check_ends_with_the_same_answer_and_asks_less():
    found = figures(150)
    assert found["clever"][0] < found["file order"][0] < found["whole form"][0]
    assert found["clever"][1] <= found["whole form"][1]


def test_a_parent_under_16_is_asked_what_khoan_8_needs():
    young = Person(
        "p",
        {
            "birth_date": date(2011, 9, 11),
            "disability": "none",
            "marital": "never_married",
            "children": (Child(date(2026, 1, 1)),),
            "hiv": True,
        },
    )
    case = Case(date(2026, 11, 22), (young,), {"household": "poor", "difficult_area": False})
    assert "pension" in {ask.fact for ask in questions(case)}


if __name__ == "__main__":
    with ProcessPoolExecutor() as pool:
        many = figures(int(sys.argv[1]), each=partial(pool.map, chunksize=20))
    for name, (mean, worst) in many.items():
        print(f"{name}: mean {mean:.1f}, worst {worst}")  # noqa: T201
