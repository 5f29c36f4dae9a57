"""The morning: each officer and leader finds the day's work in the chat when the office opens.

A row a person and day is written in the commit of the message, so each is given once, whatever
crashes, and however many processes look.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

import structlog
from sqlalchemy import exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import myday, roster
from handlers.desk import HERE, Chat, Desk, Held, World
from models import places
from models.conversations import Conversation
from models.deadlines.calendar import CalendarEnds, add_working_time, for_commune
from models.offices import Digest
from models.outbox import Lane
from models.people import Grant, Person, Role
from models.roster import Leave

log = structlog.get_logger(__name__)

STALE = timedelta(hours=4)  # after an outage a morning is still given, but not an afternoon


async def give_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Give one person the morning's work; False when everybody has it."""
    desk = Desk(db, now, world)
    opened = [code for code in places.COMMUNES if _just_opened(code, desk)]
    if not opened:
        return False
    given = exists().where(Digest.person_id == Grant.person_id, Digest.day == desk.today)
    away = exists().where(
        Leave.person_id == Grant.person_id,
        Leave.commune == Grant.commune,
        Leave.first <= desk.today,
        Leave.last >= desk.today,
    )
    person_id = await db.scalar(
        select(Grant.person_id)
        .where(
            Grant.revoked_at.is_(None),
            Grant.role.in_([Role.OFFICER.value, Role.LEADER.value]),
            or_(Grant.commune.in_(opened)),
            ~given,
            ~away,
        )
        .order_by(Grant.id)
        .limit(1)
    )
    if person_id is None:
        return False
    first = await db.scalar(
        insert(Digest)
        .values(person_id=person_id, day=desk.today, given_at=now)
        .on_conflict_do_nothing()
        .returning(Digest.person_id)
    )
    if first is not None:
        await _give(desk, person_id)
        await desk.clear()
    return True


async def _give(desk: Desk, person_id: UUID) -> None:
    rows = await desk.db.execute(
        select(Grant.role, Grant.commune).where(
            Grant.person_id == person_id,
            Grant.revoked_at.is_(None),
            Grant.role.in_([Role.OFFICER.value, Role.LEADER.value]),
        )
    )
    held = [Held(row.role, row.commune) for row in rows]
    if await _away(desk, person_id, held):
        return
    chats = await desk.db.execute(
        select(Conversation.id, Conversation.channel, Person.locale, Person.id)
        .join(Person, Person.id == Conversation.person_id)
        .where(Person.id == person_id, Conversation.gone_at.is_(None))
        .order_by(Conversation.id)
    )
    for row in chats.all():
        chat = Chat(*row)
        message = await myday.lay_out(desk, chat, held)
        if message is not None:
            desk.tell(chat, message, Lane.REMINDER)
    log.info("morning_given", person=str(person_id))


async def _away(desk: Desk, person_id: UUID, held: Sequence[Held]) -> bool:
    """On leave wherever they work: the stand-in has their cases this morning."""
    for commune in {one.commune for one in held if one.commune}:
        members = (await roster.of(desk, commune)).crew.members
        if any(one.person == person_id and not one.away for one in members):
            return False
    return True


def _just_opened(commune: str, desk: Desk) -> bool:
    """Whether the office has opened today, not too long ago."""
    dawn = datetime.combine(desk.today, time(), HERE)
    try:
        opens = add_working_time(dawn, 0, for_commune(commune))
    except CalendarEnds:
        return False
    return opens <= desk.now < opens + STALE and opens < dawn + timedelta(days=1)
