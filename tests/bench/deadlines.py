"""How fast deadlines are counted, beside PyPI ``business-duration``.

    python -m tests.bench.deadlines

``business-duration`` only measures the time between two moments, with one shift a day: it is asked
for the same spans as ours, once a shift, and compared with ``working_minutes_between``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, time, timedelta
from random import Random
from time import perf_counter

from business_duration import businessDuration

from models.deadlines.calendar import (
    ZONE,
    add_working_days,
    add_working_time,
    for_commune,
    working_minutes_between,
)
from models.deadlines.clocks import clocks

MANY, FEW = 100_000, 300
SHIFTS = ((time(7), time(11, 30)), (time(13, 30), time(17)))


def seconds(run: Callable[[datetime], object], moments: list[datetime]) -> float:
    started = perf_counter()
    for moment in moments:
        run(moment)
    return perf_counter() - started


def main() -> None:
    started = perf_counter()
    calendar = for_commune()
    laid_out = perf_counter() - started
    random = Random(2026)  # noqa: S311 - a bench, not a secret
    first = datetime(2025, 7, 1, tzinfo=ZONE)
    moments = [first + timedelta(minutes=random.randrange(3 * 525_600)) for _ in range(MANY)]
    off = list(calendar.exceptions.rest)
    span = timedelta(days=10)

    def theirs(start: datetime) -> float:
        end = (start + span).replace(tzinfo=None)
        naive = start.replace(tzinfo=None)
        return sum(businessDuration(naive, end, *shift, holidaylist=off) for shift in SHIFTS)

    def ours(start: datetime) -> float:
        return working_minutes_between(start, start + span, calendar)

    rows = {
        "both clocks of a case": seconds(lambda m: clocks(("hunger",), "normal", m), moments),
        "8 working hours": seconds(lambda m: add_working_time(m, 480, calendar), moments),
        "7 working days": seconds(lambda m: add_working_days(m, 7, calendar), moments),
        "minutes in 10 days": seconds(ours, moments),
    }
    print(f"calendar laid out once in {laid_out * 1000:.0f} ms, Python {sys.version.split()[0]}")
    for name, took in rows.items():
        print(f"{name:24}{took / MANY * 1e6:10.1f} µs each{took:8.2f} s for {MANY:,}")
    slow = seconds(theirs, moments[:FEW]) / FEW
    fast = rows["minutes in 10 days"] / MANY
    print(f"{'business-duration':24}{slow * 1e6:10.1f} µs each{slow * MANY:8.0f} s for {MANY:,}")
    print(f"ratio over the same spans: {slow / fast:,.0f} times")
    print(f"ratio per call of theirs: {slow / fast / len(SHIFTS):,.0f} times")


if __name__ == "__main__":
    main()
