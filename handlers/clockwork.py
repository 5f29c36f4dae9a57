"""What happens by itself: reminders of due times, lateness, silence in a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import aside, casebook, caseclocks, dialogue, listrings, notify, rings, router
from handlers.desk import Desk, Turn, World
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.messages import Incoming
from models.cases import Case, Rung, Status
from models.conversations import Conversation
from models.outbox import Lane
from models.people import Person

log = structlog.get_logger(__name__)

FORGET_AFTER = timedelta(hours=24)  # silence after the reminder


async def ring_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Give the notices of one case whose time has come; False when no case has any.

    The notice, the mark that it was given and the time of the next one are one commit: each is
    given once, whatever crashes.
    """
    found = (
        (
            await db.execute(
                select(Case.__table__)
                .where(Case.next_rung_at <= now)
                .order_by(Case.next_rung_at)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
        )
        .mappings()
        .one_or_none()
    )
    if found is None:
        return False
    row = dict(found)
    desk = Desk(db, now, world)
    if row["card_at"] is not None and row["card_at"] <= now:
        row = dict(await casebook.change(desk, row, card_at=None))
        if row["status"] == Status.NEW:
            await notify.new_case(desk, row)
    await _ring(desk, row)
    await desk.clear()
    return True


async def _ring(desk: Desk, row: Mapping[str, Any]) -> None:
    staff = await rings.staff(desk, row)
    given = await casebook.given_rungs(desk, row)
    due = [
        rung
        for rung in caseclocks.pending_rungs(row, staff.rules)
        if rung.at <= desk.now and not caseclocks.is_given(row, rung, given)
    ]
    for rung in due:
        await desk.db.execute(
            insert(Rung)
            .values(
                case_id=row["id"],
                round=caseclocks.round_of(row, rung.clock),
                rung=rung.id,
                due_at=rung.at,
                fired_at=desk.now,
            )
            .on_conflict_do_nothing()
        )
    if due and not await listrings.said_for_the_list(desk, row, due):
        await rings.notice(desk, row, staff, due)
        log.info("rung_given", case=row["code"], rungs=[rung.id for rung in due])
    await casebook.change(desk, row)


async def nudge_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Remind one person of an open form, or end it; False when nobody has been silent enough.

    An abandoned emergency is filed as it stands.
    """
    found = (
        (
            await db.execute(
                select(Conversation.__table__, Person.locale, Person.commune)
                .join(Person, Person.id == Conversation.person_id)
                .where(Conversation.nudge_at <= now)
                .order_by(Conversation.nudge_at)
                .limit(1)
                .with_for_update(skip_locked=True, of=Conversation)
            )
        )
        .mappings()
        .one_or_none()
    )
    if found is None:
        return False
    row = dict(found)
    here = Conversation.id == row["id"]
    if row["flow"] not in router.FORMS:  # nothing is open; what was put away is forgotten now
        await db.execute(update(Conversation).where(here).values(nudge_at=None, draft=None))
        return True
    turn = _turn(db, world, now, row)
    if router.spent(turn):
        under = aside.below(turn)
        turn.close()
        if not aside.come_back(turn, under):
            await db.execute(
                update(Conversation)
                .where(here)
                .values(nudge_at=None, nudged=0, flow=None, draft=None, draft_id=None)
            )
            return True
    await turn.reload_roles()
    await _file_abandoned(turn)
    if row["nudged"] == 0:
        waits = turn.t(N_("Dạ, việc đang làm dở vẫn được giữ, ông/bà trả lời tiếp khi tiện:"))
        turn.lead = "\n\n".join(part for part in (turn.lead, waits) if part)
        router.ask(turn)
        changed: dict[str, Any] = {"nudged": 1, "nudge_at": now + FORGET_AFTER}
    else:
        aside.put_away(turn)
        told = N_("Dạ, việc làm dở đã được cất. Cần tiếp, ông/bà bấm «Làm tiếp việc dở».")
        if not turn.draft:
            told = N_("Dạ, việc làm dở đã được đóng. Cần gì, ông/bà cứ nhắn lại.")
        turn.say(turn.t(told), *menu_buttons(turn), lane=Lane.REMINDER)
        changed = {"nudged": 0, "nudge_at": router.nudge_at(turn)}
    changed |= {"flow": turn.flow, "draft": turn.draft or None, "draft_id": turn.draft_id}
    await db.execute(update(Conversation).where(here).values(**changed))
    await turn.clear()
    return True


async def _file_abandoned(turn: Turn) -> None:
    """File what must not wait, in the open form and in those that wait under it."""
    stood = turn.flow, turn.draft, turn.draft_id
    for one in aside.all_of(turn):
        form = router.FORMS.get(one.flow)
        if form is not None:
            turn.flow, turn.draft, turn.draft_id = one.flow, one.draft, one.draft_id
            await form.abandoned(turn, dialogue.look(form.flow, one.draft).values)
    turn.flow, turn.draft, turn.draft_id = stood


def _turn(db: AsyncConnection, world: World, now: datetime, row: Mapping[str, Any]) -> Turn:
    """A desk at which nobody has said anything."""
    silence = Incoming(row["channel"], row["address"], f"silence:{uuid4()}", now)
    return Turn(
        db,
        now,
        world,
        said=silence,
        chat_id=row["id"],
        person_id=row["person_id"],
        locale=row["locale"],
        commune=row["commune"],
        flow=row["flow"],
        draft=row["draft"] or {},
        draft_id=row["draft_id"],
        held=(),
    )
