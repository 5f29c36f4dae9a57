"""The clocks of a case: how they are fixed, when they remind, the times one stood still."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import structlog

from models.cases import OPEN, Status
from models.deadlines.clocks import Clocks, Due, clocks, resume
from models.deadlines.ladder import Rung, rungs
from models.deadlines.ladder_file import USUAL, ClockName
from models.deadlines.shifts import CalendarEnds

Given = frozenset[tuple[int, str]]  # round and name of the notices a case has given

log = structlog.get_logger(__name__)


def fixed(kinds: Collection[str], urgency: str, received: datetime, commune: str) -> Clocks:
    """Fix both deadlines; past the days known, the earliest they could mean, marked so."""
    try:
        due = clocks(kinds, urgency, received, commune)
    except CalendarEnds as refused:
        why = str(refused)
    else:
        _announce(due, commune)
        return due
    log.error("deadline_past_calendar", commune=commune, refused=why)
    return clocks(kinds, urgency, received, commune, past_calendar="earliest")


def _announce(due: Clocks, commune: str) -> None:
    if not (due.take.sure and due.answer.sure):
        log.warning(
            "deadline_past_announced_holidays",
            commune=commune,
            advice="enter the holidays of the year and move known_to in holidays.yaml",
        )


def round_of(case: Mapping[str, Any], clock: ClockName) -> int:
    """How often the clock was derived anew: opened again, raised in urgency.  It rings anew."""
    return int(case["clocks"].get("rounds", {}).get(clock, 1))


def next_round(case: Mapping[str, Any], *clocks_: ClockName) -> dict[str, int]:
    """The rounds of a case once these clocks are derived anew."""
    both: tuple[ClockName, ...] = ("take", "answer")
    return {clock: round_of(case, clock) + (clock in clocks_) for clock in both}


def is_given(case: Mapping[str, Any], rung: Rung, given: Given) -> bool:
    return (round_of(case, rung.clock), rung.id) in given


def answer_due(case: Mapping[str, Any]) -> Due:
    """The answer clock with its pauses."""
    return resume(Due.from_json(case["clocks"]["answer"]), paused(case["clocks"]))


def next_rung_at(case: Mapping[str, Any], given: Given, rules: str = USUAL) -> datetime | None:
    """When an open case next has something to tell, None if it has nothing."""
    waiting = [rung.at for rung in pending_rungs(case, rules) if not is_given(case, rung, given)]
    if case.get("card_at") is not None and _status(case) == Status.NEW:
        waiting.append(case["card_at"])
    return min(waiting, default=None)


def pending_rungs(case: Mapping[str, Any], rules: str = USUAL) -> list[Rung]:
    """Notices of the clocks that run: *take* until it is taken, *answer* until it is answered.

    While the citizen is asked something the answer clock stands still, and rings nobody.  What
    an officer has said to know of is not repeated.
    """
    if case.get("same_as") is not None:
        return []  # the case it follows rings for both
    status = _status(case)
    stored = case["clocks"]
    found: list[Rung] = []
    if status == Status.NEW:
        found += _of(case, "take", Due.from_json(stored["take"]), rules)
    if status in OPEN and case.get("waiting_since") is None:
        found += _of(case, "answer", answer_due(case), rules)
    return found


def _of(case: Mapping[str, Any], clock: ClockName, due: Due, rules: str) -> list[Rung]:
    pauses = paused(case["clocks"]) if clock == "answer" else []
    known = clock in case["clocks"].get("acknowledged", ())
    placed = rungs(due, clock, case["urgency"], pauses, rules)
    return [rung for rung in placed if not (known and rung.until_acknowledged)]


def _status(case: Mapping[str, Any]) -> str:
    return str(case.get("status") or Status.NEW.value)


def paused(clocks_: Mapping[str, Any]) -> list[tuple[datetime, datetime]]:
    """The times a case waited for the citizen, aware UTC."""
    return [
        (datetime.fromisoformat(start), datetime.fromisoformat(end))
        for start, end in clocks_.get("pauses", ())
    ]
