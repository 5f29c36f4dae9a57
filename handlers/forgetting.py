"""Emptying what is held about people: cases that are done, and all of somebody who asks for it.

What stays are figures: place, kinds, times and states of a case, the dates of a consent, the log
of staff actions with its ids.  Source: Luật 91/2025/QH15 Điều 14 (erase when the purpose ends);
NĐ 356/2025/NĐ-CP Điều 5 (a person may ask for it).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import consent
from handlers.desk import Turn
from models.base import Base
from models.cases import OPEN, Case, MediaFile
from models.conversations import Conversation, Received
from models.jobs import Job, enqueue
from models.lists import HouseholdList, ListLine
from models.outbox import Lane, Outbox
from models.people import Person
from models.rollcalls import RollAsk, RollHousehold, SafeWord
from models.vault import Sealed
from models.watches import Watch
from models.zalo import ZaloEvent, ZaloUser

log = structlog.get_logger(__name__)

BATCH = 200  # cases of one transaction
DONE_AT = func.coalesce(Case.closed_at, Case.answered_at)


def _done() -> ColumnElement[bool]:
    return Case.status.not_in([one.value for one in OPEN]) & Case.emptied_at.is_(None)


async def empty_done(db: AsyncConnection, now: datetime, before: datetime | None) -> int:
    """Empty some cases that are done: those of before a moment, and of people who asked for it.

    Returns:
        How many were emptied; 0 when none is left.
    """
    asked = Case.opened_at <= Person.erase_asked_at
    old = before > DONE_AT if before is not None else None
    found = await db.scalars(
        select(Case.id)
        .join(Person, Person.id == Case.reporter_id)
        .where(_done(), or_(asked, old) if old is not None else asked)
        .limit(BATCH)
        .with_for_update(of=Case, skip_locked=True)
    )
    cases = list(found)
    if cases:
        await _empty(db, cases, now)
        log.info("cases_emptied", count=len(cases))
    return len(cases)


async def _empty(db: AsyncConnection, cases: Sequence[int], now: datetime) -> None:
    """Empty every sealed column of every row that belongs to these cases, and their files."""
    for table in Base.metadata.sorted_tables:
        owner = table.c.id if table is Case.__table__ else table.c.get("case_id")
        sealed = [one for one in table.columns if isinstance(one.type, Sealed)]
        if owner is None or not sealed:
            continue
        query = update(table).where(owner.in_(cases))
        if table is Outbox.__table__:  # what still waits tells the reporter something first
            query = query.where(table.c.done_at.is_not(None))
        await db.execute(query.values({one: None if one.nullable else {} for one in sealed}))
    await db.execute(
        update(Case).where(Case.id.in_(cases)).values(phone_hash=None, emptied_at=now)
    )
    await _drop_files(db, MediaFile.case_id.in_(cases))


async def _drop_files(db: AsyncConnection, which: ColumnElement[bool]) -> None:
    gone = await db.scalars(
        update(MediaFile)
        .where(which, or_(MediaFile.refused.is_(None), MediaFile.refused != ERASED))
        .values(refused=ERASED, stored_at=None, name=None, making=None)
        .returning(MediaFile.id)
    )
    await enqueue(db, [Job("drop_file", one.hex, int(Lane.BULK)) for one in gone])


async def empty_lists(db: AsyncConnection, words: datetime, papers: datetime) -> None:
    """Empty what no case holds: lines that became none, spreadsheets, files made here.

    Args:
        db: in whose transaction.
        words: lists opened and files made before this moment.
        papers: photographs of the paper go with lists opened before this one, as cases do.
    """
    old = select(HouseholdList.id).where(HouseholdList.opened_at < words)
    await db.execute(
        update(ListLine)
        .where(ListLine.list_id.in_(old), ListLine.case_id.is_(None), ListLine.body.is_not(None))
        .values(body=None)
    )
    older = select(HouseholdList.id).where(HouseholdList.opened_at < papers)
    made = MediaFile.ref.startswith("made:") & (MediaFile.stored_at < words)
    sheets = MediaFile.list_id.in_(old) & (MediaFile.kind == "document")
    alone = MediaFile.case_id.is_(None)
    await _drop_files(db, alone & or_(made, sheets, MediaFile.list_id.in_(older)))


ERASED = "erased"


async def erase(turn: Turn) -> int:
    """Empty everything about the person who speaks, but what an open case still needs.

    Open cases go on and are emptied when they are done.

    Returns:
        How many cases stay open until then.
    """
    person: UUID = turn.person_id
    chats = select(Conversation.id).where(Conversation.person_id == person).scalar_subquery()
    await consent.withdraw_all(turn)
    await turn.db.execute(delete(Watch).where(Watch.person_id == person))
    await turn.db.execute(
        update(Person)
        .where(Person.id == person)
        .values(private=None, phone_hash=None, commune=None, erase_asked_at=turn.now)
    )
    turn.commune = None
    turn.close()
    await turn.db.execute(
        update(Conversation)
        .where(Conversation.person_id == person, Conversation.id != turn.chat_id)
        .values(flow=None, draft=None, draft_id=None, nudge_at=None)
    )
    await turn.db.execute(
        update(Received)
        .where(Received.conversation_id.in_(chats), Received.body.is_not(None))
        .values(body=None)
    )
    await turn.db.execute(
        update(Outbox)
        .where(Outbox.conversation_id.in_(chats), Outbox.done_at.is_not(None))
        .values(body=None)
    )
    on_zalo = select(Conversation.address).where(
        Conversation.person_id == person, Conversation.channel == "zalo"
    )
    await turn.db.execute(
        delete(ZaloEvent).where(ZaloEvent.user_id.in_(on_zalo), ZaloEvent.done_at.is_not(None))
    )
    await turn.db.execute(
        update(ZaloUser).where(ZaloUser.user_id.in_(on_zalo)).values(offered=None)
    )
    await turn.db.execute(delete(SafeWord).where(SafeWord.person_id == person))
    stood_for = select(RollAsk.unit_id).where(RollAsk.conversation_id.in_(chats))
    await turn.db.execute(
        update(RollHousehold).where(RollHousehold.id.in_(stood_for)).values(private=None)
    )
    await _drop_files(turn.db, MediaFile.conversation_id.in_(chats) & MediaFile.case_id.is_(None))
    while await empty_done(turn.db, turn.now, None):
        pass
    still = await turn.db.scalar(
        select(func.count())
        .select_from(Case)
        .where(Case.reporter_id == person, Case.emptied_at.is_(None))
    )
    log.info("person_erased", person=str(person), still_open=still)
    return int(still or 0)
