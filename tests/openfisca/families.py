"""The same household for both: a case of ours, and a situation of OpenFisca's."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import numpy as np
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.simulations import Simulation

from models.benefits.check import law
from models.benefits.engine import assess
from models.benefits.facts import Case, Person, facts_of
from models.benefits.truth import Truth
from tests.benefits.households import a_day, born
from tests.openfisca.system import system

BENEFITS = ("social_pension", "tcxh_k5a", "tcxh_k6", "tcxh_k7", "tcxh_k4")
TOLD = ("disability", "supporter", "marital", "pension", "studying")


def family(rng: random.Random) -> Case:
    """One or two adults, up to three children of the first, every fact told."""
    day = a_day(rng)
    adults = [
        Person(f"a{n}", {**_person(rng, born(rng, day, 16, 95)), **_parent(rng)})
        for n in range(rng.choice((1, 1, 2)))
    ]
    children = [
        Person(f"c{n}", _person(rng, born(rng, day, 0, 24)), "child", ("a0",))
        for n in range(rng.choice((0, 0, 1, 2, 3)))
    ]
    home = {
        "household": rng.choice(("poor", "near_poor", "other")),
        "difficult_area": rng.random() < 0.5,
    }
    return Case(day, (*adults, *children), home)


def _person(rng: random.Random, birth: date) -> dict[str, Any]:
    return {
        "birth_date": birth,
        "disability": rng.choice(("none", "none", "light", "severe", "very_severe")),
        "supporter": rng.choice(("none", "on_benefit", "exists")),
        "marital": "married",
        "pension": rng.choice((0, 0, 0, 499_999, 500_000, 539_999, 540_000, 3_000_000)),
        "studying": rng.random() < 0.5,
        "study_unbroken": True,
        "receiving": frozenset(),
        "children": (),
    }


def _parent(rng: random.Random) -> dict[str, Any]:
    return {
        "marital": rng.choice(
            ("never_married", "widowed", "spouse_missing", "divorced", "married")
        ),
        "receiving": frozenset(rng.sample(("k4",), rng.choice((0, 1)))),
    }


def ours(case: Case) -> list[tuple[int, ...]]:
    """Each person's five amounts before they are combined; what is not a yes is nothing."""
    rows = []
    for person in case.people:
        facts = facts_of(case, person)
        rows.append(tuple(_amount(case, person, name, facts) for name in BENEFITS))
    return rows


def _amount(case: Case, person: Person, name: str, facts: Any) -> int:
    outcome = assess(law(), law().benefits[name], person.id, facts, case.day)
    if outcome.verdict is not Truth.YES or outcome.amount is None:
        return 0
    return outcome.amount.vnd or 0


def situation(case: Case) -> dict[str, Any]:
    """A household as OpenFisca is told of it."""
    day = case.day.isoformat()
    persons = {}
    for person in case.people:
        facts = person.facts
        persons[person.id] = {
            **{name: {day: facts[name]} for name in TOLD},
            "birth": {"ETERNITY": str(facts["birth_date"])},
            "receives_k4": {day: "k4" in facts["receiving"]},
        }
    names = list(persons)
    adults = sum(person.role != "child" for person in case.people)
    household = {
        "parent": names[0],
        "adults": names[1:adults],
        "children": names[adults:],
        "poverty": {day: case.facts["household"]},
        "difficult_area": {day: case.facts["difficult_area"]},
    }
    return {"persons": persons, "households": {"h": household}}


def together(cases: list[Case], day: str) -> Simulation:
    """Many households in one simulation, told as columns: the way OpenFisca is fast."""
    people = [(str(n), person) for n, case in enumerate(cases) for person in case.people]
    builder = SimulationBuilder()
    builder.create_entities(system())
    builder.declare_person_entity("person", np.arange(len(people)))
    households = builder.declare_entity("household", [str(n) for n in range(len(cases))])
    roles = [
        {"a0": "parent", "c": "child"}.get(
            person.id if person.id == "a0" else person.id[0], "adult"
        )
        for _, person in people
    ]
    builder.join_with_persons(households, np.array([number for number, _ in people]), roles)
    built = builder.build(system())
    columns: dict[str, list[Any]] = {
        name: [person.facts[name] for _, person in people] for name in TOLD
    }
    columns["receives_k4"] = ["k4" in person.facts["receiving"] for _, person in people]
    for name, column in columns.items():
        built.set_input(name, day, np.array(column))
    births = np.array([person.facts["birth_date"] for _, person in people], dtype="datetime64[D]")
    built.set_input("birth", "ETERNITY", births)
    built.set_input("poverty", day, np.array([case.facts["household"] for case in cases]))
    built.set_input("difficult_area", day, np.array([c.facts["difficult_area"] for c in cases]))
    return built


def theirs(case: Case) -> list[tuple[int, ...]]:
    """The five amounts of everybody of a household."""
    built = SimulationBuilder().build_from_entities(system(), situation(case))
    return amounts(built, case.day.isoformat())


def amounts(built: Simulation, day: str) -> list[tuple[int, ...]]:
    columns = [built.calculate(name, day) for name in BENEFITS]
    return [tuple(int(value) for value in row) for row in zip(*columns, strict=True)]
