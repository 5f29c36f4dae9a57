"""A second opinion by OpenFisca: five benefits over 10,000 households, and the speed of both.

    python -m tests.bench.benefits

One household at a time is what a chat asks for; OpenFisca is made for many at once, so its batch
is told as well.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from statistics import median
from time import perf_counter

from models.benefits.decide import decide
from tests.benefits.households import rng_of
from tests.openfisca.families import BENEFITS, amounts, family, ours, theirs, together

MANY, TIMED = 10_000, 500


def main() -> int:
    families = [family(rng_of(seed)) for seed in range(MANY)]
    different, due = 0, dict.fromkeys(BENEFITS, 0)
    for case in families:
        mine, other = ours(case), theirs(case)
        different += mine != other
        for row in mine:
            for name, amount in zip(BENEFITS, row, strict=True):
                due[name] += amount > 0
    print(f"{MANY} households and dates: {different} differences")
    print("due: " + ", ".join(f"{name} {count}" for name, count in due.items()))

    timed = families[:TIMED]
    rates = {
        "ours, the five benefits": _rate(lambda: [ours(case) for case in timed]),
        "ours, everything (31 benefits, combined)": _rate(lambda: [decide(c) for c in timed]),
        "OpenFisca, one household at a time": _rate(lambda: [theirs(case) for case in timed]),
    }
    day = timed[0].day
    batch = [replace(case, day=day) for case in families if _all_born(case, day)]
    same = amounts(together(batch, day.isoformat()), day.isoformat())
    assert same == [row for case in batch for row in ours(case)]
    rates[f"OpenFisca, {len(batch)} households in one batch"] = _rate(
        lambda: amounts(together(batch, day.isoformat()), day.isoformat()), len(batch)
    )
    for name, rate in rates.items():
        print(f"{name:45} {rate:9.0f} households a second")
    single = rates["OpenFisca, one household at a time"]
    print(f"the five, single: {rates['ours, the five benefits'] / single:.1f} times OpenFisca")
    return 1 if different else 0


def _all_born(case, day):
    return all(person.facts["birth_date"] <= day for person in case.people)


def _rate(run, count=TIMED):
    """Households a second: the median of three."""
    spent = []
    for _ in range(3):
        started = perf_counter()
        run()
        spent.append(perf_counter() - started)
    return count / median(spent)


if __name__ == "__main__":
    sys.exit(main())
