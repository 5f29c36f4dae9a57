"""A second opinion: five benefits written anew in OpenFisca say the same of random households.

The whole comparison, over 10,000 households, is ``python -m tests.bench.benefits``.
"""

from collections import Counter
from dataclasses import replace

from openfisca_core.simulation_builder import SimulationBuilder

from tests.benefits.households import rng_of
from tests.openfisca.families import BENEFITS, amounts, family, ours, situation, theirs, together
from tests.openfisca.system import system

FAMILIES = [family(rng_of(seed)) for seed in range(1000)]


def test_both_say_the_same_of_every_household():
    due = Counter()
    for case in FAMILIES:
        mine = ours(case)
        assert mine == theirs(case), (case.day, case)
        for row in mine:
            due.update(name for name, amount in zip(BENEFITS, row, strict=True) if amount)
    assert all(due[name] > 20 for name in BENEFITS), "each benefit is due to somebody"


def test_the_batch_says_the_same_as_one_by_one():
    day = FAMILIES[0].day
    same_day = [
        replace(case, day=day)
        for case in FAMILIES
        if all(person.facts["birth_date"] <= day for person in case.people)
    ]
    batch = amounts(together(same_day, day.isoformat()), day.isoformat())
    assert batch == [row for case in same_day for row in ours(case)]


def test_the_comparison_notices_a_wrong_figure():
    case = next(one for one in FAMILIES if any(row[2] for row in ours(one)))
    told = situation(case)
    day = case.day.isoformat()
    for person in told["persons"].values():
        person["disability"] = {day: "none"}
    other = amounts(SimulationBuilder().build_from_entities(system(), told), day)
    assert other != ours(case)
