"""A new urgency derives the clocks anew.

Raised, they are counted from that moment and never end later than before.  Lowered, they are
counted from receipt, as if the case had been filed so: nobody wins time by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.caseclocks import answer_due, fixed, next_round
from models.cases import Status
from models.deadlines.clocks import Due
from models.deadlines.ladder_file import ClockName
from models.deadlines.schema import URGENCIES


def is_raised(before: str, after: str) -> bool:
    order: tuple[str, ...] = URGENCIES
    return order.index(after) < order.index(before)


def anew(case: Mapping[str, Any], urgency: str, now: datetime) -> dict[str, Any]:
    """The columns of an open case that a new urgency changes."""
    if is_raised(case["urgency"], urgency):
        return _sooner(case, urgency, now)
    stored = dict(case["clocks"])
    received = datetime.fromisoformat(stored.get("since", case["opened_at"].isoformat()))
    due = fixed(case["kinds"], urgency, received, case["commune"])
    stored["answer"] = due.answer.to_json()
    stored["history"] = [*stored.get("history", ()), past(case, now)]
    columns: dict[str, Any] = {"urgency": urgency, "clocks": stored}
    columns["answer_due_at"] = answer_due({"clocks": stored}).at
    if case["status"] == Status.NEW:
        stored["take"] = due.take.to_json()
        columns["take_due_at"] = due.take.at
    return columns


def _sooner(case: Mapping[str, Any], urgency: str, now: datetime) -> dict[str, Any]:
    """Only a clock that ends earlier now is a new one; the other runs on as it was."""
    stored = dict(case["clocks"])
    due = fixed(case["kinds"], urgency, now, case["commune"])
    columns: dict[str, Any] = {"urgency": urgency, "clocks": stored}
    replaced: list[ClockName] = []
    if due.answer.at < case["answer_due_at"]:
        replaced.append("answer")
        stored["answer"], stored["pauses"] = due.answer.to_json(), []
        columns["answer_due_at"] = due.answer.at
    if case["status"] == Status.NEW and due.take.at < case["take_due_at"]:
        replaced.append("take")
        stored["take"] = due.take.to_json()
        columns["take_due_at"] = due.take.at
    # what was acknowledged was something less grave
    stored.pop("acknowledged", None)
    stored["rounds"] = next_round(case, *replaced)
    stored["history"] = [*stored.get("history", ()), past(case, now)]
    return columns


def past(case: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The clocks as they stood until now, kept beside the new ones."""
    stored = case["clocks"]
    return {
        "until": now.isoformat(),
        "urgency": case["urgency"],
        "rounds": next_round(case),
        "take": Due.from_json(stored["take"]).to_json(),
        "answer": Due.from_json(stored["answer"]).to_json(),
        "pauses": stored.get("pauses", []),
    }
