"""When a case reminds, and the times its answer clock stood still."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.cases import OPEN, Status
from models.deadlines.clocks import Due, resume
from models.deadlines.ladder import Rung, rungs


def next_rung_at(case: Mapping[str, Any], fired: frozenset[str]) -> datetime | None:
    """When the next reminder or lateness notice of an open case is due, None if there is none."""
    waiting = [rung.at for rung in pending_rungs(case) if rung.id not in fired]
    return min(waiting, default=None)


def pending_rungs(case: Mapping[str, Any]) -> list[Rung]:
    """Notices of the clocks that run: *take* until it is taken, *answer* until it is answered.

    While the citizen is asked something the answer clock stands still, and rings nobody.
    """
    status = case.get("status") or Status.NEW.value
    stored = case["clocks"]
    found: list[Rung] = []
    if status == Status.NEW:
        found += rungs(Due.from_json(stored["take"]), "take", case["urgency"])
    if status in OPEN and case.get("waiting_since") is None:
        pauses = paused(stored)
        due = resume(Due.from_json(stored["answer"]), pauses)
        found += rungs(due, "answer", case["urgency"], pauses)
    return found


def paused(clocks_: Mapping[str, Any]) -> list[tuple[datetime, datetime]]:
    """The times a case waited for the citizen, aware UTC."""
    return [
        (datetime.fromisoformat(start), datetime.fromisoformat(end))
        for start, end in clocks_.get("pauses", ())
    ]
