"""The cases of one list ring together: one notice says it for all, not five hundred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, func, select

from handlers import caseclocks
from handlers.desk import Desk
from models.cases import OPEN, Case, Rung
from models.deadlines.ladder import Rung as Due
from models.lists import HouseholdList

TOGETHER = timedelta(hours=1)  # notices of one kind within this are one


async def said_for_the_list(desk: Desk, case: Mapping[str, Any], due: Sequence[Due]) -> bool:
    """Whether another case of the same list has just given these very notices.

    Danger to life rings for itself.  The list is locked, so of two at once one is the first.
    """
    if case["list_id"] is None or case["urgency"] == "sos":
        return False
    await desk.db.execute(
        select(HouseholdList.id).where(HouseholdList.id == case["list_id"]).with_for_update()
    )
    rows = await desk.db.execute(
        select(Rung.round, Rung.rung)
        .join(Case, Case.id == Rung.case_id)
        .where(
            Case.list_id == case["list_id"],
            Case.id != case["id"],
            Case.urgency != "sos",
            Rung.rung.in_([rung.id for rung in due]),
            Rung.fired_at > desk.now - TOGETHER,
        )
    )
    given = frozenset((row.round, row.rung) for row in rows)
    return all(caseclocks.is_given(case, rung, given) for rung in due)


async def others(desk: Desk, case: Mapping[str, Any]) -> tuple[str, int]:
    """The list of a case and how many more of it are in the same state; "" and 0 without one."""
    if case["list_id"] is None:
        return "", 0
    same = (
        Case.list_id == case["list_id"],
        Case.id != case["id"],
        Case.status == case["status"],
        Case.status.in_([one.value for one in OPEN]),
    )
    code = await desk.db.scalar(
        select(HouseholdList.code).where(
            HouseholdList.id == case["list_id"], exists().where(*same)
        )
    )
    if code is None:
        return "", 0
    count = await desk.db.scalar(select(func.count()).select_from(Case).where(*same))
    return code, count or 0
