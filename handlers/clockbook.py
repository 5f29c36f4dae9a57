"""Writing down how each clock of a case ended: the reports read it, nothing else does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from handlers.caseclocks import answer_due, paused, round_of
from handlers.desk import Desk
from models.cases import OPEN, Status
from models.clock_records import ClockRecord
from models.deadlines.clocks import Due
from models.deadlines.ladder_file import ClockName

CaseRow = Mapping[str, Any]
CHANGED = "changed"
CLOCKS: tuple[ClockName, ...] = ("take", "answer")


async def settle(desk: Desk, before: CaseRow, after: CaseRow) -> None:
    """Record the clocks that ended between two states of a case.

    A decision that was taken back had not ended anything: its record goes.
    """
    anew = {clock for clock in CLOCKS if round_of(before, clock) != round_of(after, clock)}
    if before["answered_at"] and not after["answered_at"] and "answer" not in anew:
        await desk.db.execute(
            delete(ClockRecord).where(
                ClockRecord.case_id == before["id"],
                ClockRecord.clock == "answer",
                ClockRecord.round == round_of(before, "answer"),
            )
        )
    status = str(after["status"])
    if before["status"] == Status.NEW and ("take" in anew or status != Status.NEW):
        due = Due.from_json(before["clocks"]["take"])
        met = "take" not in anew and status != Status.WITHDRAWN
        how = CHANGED if "take" in anew else status
        await _write(desk, before, "take", due, (desk.now, how, met))
    if before["status"] in OPEN and ("answer" in anew or status not in OPEN):
        ended = after["answered_at"] or desk.now
        if before["waiting_since"]:  # the clock stood still since then
            ended = min(ended, before["waiting_since"])
        met = "answer" not in anew and after["answered_at"] is not None
        how = CHANGED if "answer" in anew else status
        await _write(desk, before, "answer", answer_due(before), (ended, how, met))


async def _write(
    desk: Desk, case: CaseRow, clock: ClockName, due: Due, end: tuple[datetime, str, bool]
) -> None:
    ended, how, met = end
    late = ended > due.at
    pauses = paused(case["clocks"]) if clock == "answer" else []
    still = sum((until - since).total_seconds() for since, until in pauses)
    await desk.db.execute(
        insert(ClockRecord)
        .values(
            case_id=case["id"],
            clock=clock,
            round=round_of(case, clock),
            commune=case["commune"],
            kinds=list(case["kinds"]),
            urgency=case["urgency"],
            basis=due.basis.kind,
            unit=due.unit,
            amount=due.amount,
            counted_from=due.counted_from,
            due_at=due.at,
            ended_at=ended,
            how=how,
            kept=not late if met or late else None,
            paused_seconds=round(still),
            pauses=[[since.isoformat(), until.isoformat()] for since, until in pauses],
        )
        .on_conflict_do_nothing(index_elements=["case_id", "clock", "round"])
    )
