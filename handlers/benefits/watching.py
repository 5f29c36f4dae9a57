"""Reminding people of the day on which what they are entitled to changes.

A reminder and the time of the next one are one commit: each is given once, whatever crashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import dialogue
from handlers.benefits import findings, results
from handlers.benefits.household import case_of, decision_of
from handlers.benefits.questions import FLOW, STAGE
from handlers.desk import HERE, Desk, Turn, World
from handlers.dialogue import ORDER, Values
from handlers.i18n import N_, Translate, translator
from handlers.messages import Outgoing
from handlers.render import command_button
from handlers.times import day as day_shown
from models.benefits.check import law_version
from models.benefits.facts import Case
from models.benefits.questions import next_change, poverty_change
from models.outbox import Lane
from models.watches import Watch

log = structlog.get_logger(__name__)

PURPOSE = "remind"  # of a consent: keep the answers of a check, to tell when it changes
MOST = 5  # reminders of one person
HOURS = range(8, 20)  # of the day, in Viet Nam: nobody is woken for this
CHANGED = N_("🔔 **Nhắc ông/bà** (kiểm tra cho {who}), từ {day}:")
NEW_LAW = N_("🔔 **Quy định đã đổi** (kiểm tra cho {who}), tính đến {day}:")
NEW_STANDARD = N_("Có chuẩn nghèo mới: hộ có thể vào hoặc ra diện nghèo, cận nghèo; xin hỏi xã")


def kept(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Of a draft what the law needs: no name, no telephone number, no day that was tried out."""
    left_out = {*STAGE, "day"}
    found = {
        key: value
        for key, value in answers.items()
        if key not in left_out and (not key.startswith("_") or key == "_today")
    }
    return {**found, ORDER: [one for one in answers.get(ORDER, ()) if one in found]}


def values_on(answers: Mapping[str, Any], today: date) -> Values:
    """The answers as values of a check on a day; ages count from when they were told."""
    return {**dialogue.look(FLOW, answers).values, "day": today.isoformat()}


def _looked_at(answers: Mapping[str, Any], today: date) -> tuple[Values, Case, dict[str, Any]]:
    values = values_on(answers, today)
    case = case_of(values)
    decision = decision_of(values, case)
    changes = (next_change(case, decision), poverty_change(case, decision))
    days = [change.day for change in changes if change is not None]
    state = {
        "law": law_version(),
        "due_on": min(days, default=None),
        "told": findings.told_of(decision),
    }
    return values, case, state


async def watch(turn: Turn, answers: Mapping[str, Any]) -> date | None:
    """Remember a check; returns the day of its first reminder, if one is known."""
    told = kept(answers)
    _, _, state = _looked_at(told, turn.today)
    older = (
        select(Watch.id)
        .where(Watch.person_id == turn.person_id)
        .order_by(Watch.id.desc())
        .offset(MOST - 1)
    )
    await turn.db.execute(delete(Watch).where(Watch.id.in_(older)))
    await turn.db.execute(
        insert(Watch).values(
            person_id=turn.person_id,
            conversation_id=turn.chat_id,
            law=state["law"],
            due_on=state["due_on"],
            body={"answers": told, "told": state["told"]},
            created_at=turn.now,
        )
    )
    due: date | None = state["due_on"]
    return due


async def of_person(turn: Turn) -> list[tuple[int, date | None, dict[str, Any]]]:
    rows = await turn.db.execute(
        select(Watch.id, Watch.due_on, Watch.body)
        .where(Watch.person_id == turn.person_id)
        .order_by(Watch.id)
    )
    return [(row.id, row.due_on, row.body) for row in rows]


async def stop(turn: Turn, watch_id: int) -> bool:
    """Forget one; False if the person has none of this number."""
    gone = await turn.db.execute(
        delete(Watch).where(Watch.id == watch_id, Watch.person_id == turn.person_id)
    )
    return bool(gone.rowcount)


async def remind_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Look at one check whose day has come, or that an older law decided; False when none is."""
    if now.astimezone(HERE).hour not in HOURS:
        return False
    desk = Desk(db, now, world)
    found = (
        await db.execute(
            select(Watch)
            .where(or_(Watch.due_on <= desk.today, Watch.law != law_version()))
            .order_by(Watch.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
    ).one_or_none()
    if found is None:
        return False
    answers, before = found.body["answers"], found.body["told"]
    values, case, state = _looked_at(answers, desk.today)
    chat = await desk.chat(found.conversation_id)
    t = translator(chat.locale)
    due = found.due_on is not None and found.due_on <= desk.today
    rows = results.compared(values, before, state["told"], t)
    if due and findings.poverty_standard_from(found.due_on):
        rows.append(t(NEW_STANDARD))
    if rows:
        head = CHANGED if due else NEW_LAW
        message = Outgoing(
            _text(t(head, who=results.whom(values, t), day=day_shown(case.day, t)), rows, t),
            (
                command_button("xemnhac", t(N_("🔎 Xem, gửi đề nghị")), str(found.id)),
                command_button("thoinhac", t(N_("🔕 Thôi nhắc")), str(found.id)),
                command_button("gapcanbo", t(N_("💬 Hỏi cán bộ"))),
            ),
        )
        desk.tell(chat, message, Lane.REMINDER)
        log.info("change_told", watch=found.id)
    await db.execute(
        update(Watch)
        .where(Watch.id == found.id)
        .values(
            law=state["law"],
            due_on=state["due_on"],
            body={"answers": answers, "told": state["told"]},
        )
    )
    await desk.clear()
    return True


def _text(head: str, rows: list[str], t: Translate) -> str:
    foot = t(N_("Tính từ điều ông/bà đã kể; cán bộ xã quyết định."))
    return "\n".join([head, *(f"• {row}" for row in rows), foot])
