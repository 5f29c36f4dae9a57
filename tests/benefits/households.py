"""Random people and households that could exist: no pregnant men, no mothers of five."""

import random
from datetime import date, timedelta

from models.benefits.conditions import Child, Value
from models.benefits.facts import PARENT_STATES, Case, Person, years

FIRST, LAST = date(2021, 7, 1), date(2028, 12, 31)
RECEIVING = ("k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "social_pension")


def rng_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # a test wants the same households again


def a_day(rng: random.Random) -> date:
    changes = [date(2024, 7, 1), date(2025, 7, 1), date(2026, 7, 1), date(2026, 10, 5)]
    if rng.random() < 0.3:
        return rng.choice(changes) - timedelta(days=rng.randint(0, 1))
    return FIRST + timedelta(days=rng.randint(0, (LAST - FIRST).days))


def born(rng: random.Random, day: date, low: int, high: int) -> date:
    """Often on or beside a birthday that a rule looks at."""
    if rng.random() < 0.3:
        marks = [age for age in (3, 4, 16, 23, 60, 70, 75, 80) if low <= age <= high]
        if marks:
            year = day.year - rng.choice(marks)
            month, number = day.month, min(day.day, 28)
            return date(year, month, number) + timedelta(days=rng.randint(-1, 1))
    return day - timedelta(days=rng.randint(low * 366, high * 366))


def whole_person(rng: random.Random, day: date, *, child: bool | None = None) -> dict[str, Value]:
    """Every fact of one person, as life would have it."""
    if child is None:
        child = rng.random() < 0.35
    birth = born(rng, day, 0, 15) if child else born(rng, day, 16, 95)
    age = years(birth, day)
    sex = rng.choice(("male", "female"))
    adult = age >= 13
    children = _children(rng, day) if adult and age < 70 else ()
    return {
        "birth_date": birth,
        "sex": sex,
        "disability": rng.choice(("none", "none", "none", "light", "severe", "very_severe")),
        "family_carer": rng.random() < 0.3,
        "taken_in": rng.choice(("none", "none", "none", "relative", "other")),
        "facility_eligible": rng.random() < 0.4,
        "in_facility": rng.random() < 0.1,
        "facility_admitted": rng.choice(("special", "emergency", "voluntary")),
        "abandoned": age < 16 and rng.random() < 0.1,
        "father": rng.choice(("alive", "alive", *PARENT_STATES)),
        "mother": rng.choice(("alive", "alive", *PARENT_STATES)),
        "receiving": frozenset(rng.sample(RECEIVING, rng.choice((0, 0, 1)))),
        "studying": age < 30 and rng.random() < 0.5,
        "study_unbroken": rng.random() < 0.7,
        "hiv": rng.random() < 0.1,
        "marital": rng.choice(("married", "widowed", "never_married", "divorced"))
        if adult
        else "never_married",
        "children": children,
        "children_studying": rng.random() < 0.5,
        "pregnant": sex == "female" and 15 <= age < 50 and rng.random() < 0.2,
        "supporter": rng.choice(("none", "on_benefit", "exists")),
        "wage": rng.choice((0, 0, 3_000_000)) if age >= 15 else 0,
        "pension": rng.choice((0, 0, 0, 450_000, 520_000, 3_000_000)),
    }


def _children(rng: random.Random, day: date) -> tuple[Child, ...]:
    return tuple(
        Child(born(rng, day, 0, 24), None, rng.choice((None, True, False)))
        for _ in range(rng.choice((0, 0, 1, 2, 3)))
    )


def home(rng: random.Random) -> dict[str, Value]:
    return {
        "household": rng.choice(("poor", "near_poor", "other")),
        "difficult_area": rng.random() < 0.4,
    }


def household(rng: random.Random) -> Case:
    day = a_day(rng)
    people = tuple(
        Person(f"p{place}", whole_person(rng, day)) for place in range(rng.choice((1, 1, 2, 3)))
    )
    return Case(day, people, home(rng))


def event(rng: random.Random) -> dict[str, Value]:
    """Something that happened, told whole."""
    kinds = ("house_destroyed", "house_unlivable", "evacuation", "hunger", "death", "missing",
             "burial", "injury", "child_alone", "violence", "home_lost")  # fmt: skip
    causes = ("disaster", "fire", "epidemic", "traffic", "work", "crop_failure", "tet",
              "force_majeure", "illness", "other")  # fmt: skip
    return {
        "happenings": frozenset(rng.sample(kinds, rng.choice((1, 1, 2)))),
        "cause": rng.choice(causes),
        "hospital_days": rng.randint(0, 6),
        "emergency_care": rng.random() < 0.7,
        "serious": rng.random() < 0.7,
        "no_kin": rng.random() < 0.5,
        "no_home_left": rng.random() < 0.7,
        "cannot_meet_needs": rng.random() < 0.5,
        "relocation_decision": rng.random() < 0.5,
        "hardship": rng.random() < 0.3,
        "applied": rng.random() < 0.2,
        "child_of_k4": rng.random() < 0.2,
        "survivor_allowance": rng.random() < 0.3,
        "other_allowance": rng.random() < 0.2,
        "actual_cost": rng.choice((5_000_000, 40_000_000)),
        "protection_days": rng.randint(1, 100),
        "persons": rng.randint(1, 9),
    }
