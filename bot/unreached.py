"""What a case's story, and the list to telephone, say about messages that reached nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import unreached
from models.cases import Case, CaseEvent
from models.conversations import Conversation
from models.people import Grant
from models.unreached import Why

What = Literal["unreached", "kept", "knocked", "reached"]


async def tell_case(
    db: AsyncConnection, case_id: int, conversation_id: int, what: What, now: datetime
) -> None:
    """Add an event to a case: of the person concerned, or, with ``staff_`` before it, of staff.

    Staff read it; «chưa báo được» of the person concerned means that somebody should telephone.
    The same thing twice running is said once.
    """
    person = select(Conversation.person_id).where(Conversation.id == conversation_id)
    theirs = exists().where(Case.id == case_id, Case.reporter_id == person.scalar_subquery())
    role = exists().where(Grant.person_id == person.scalar_subquery(), Grant.revoked_at.is_(None))
    staff = await db.scalar(select(role & ~theirs))
    if not staff:
        await _list(db, case_id, what, now)
    name = f"staff_{what}" if staff else what
    kinds = [f"staff_{one}" if staff else one for one in ("unreached", "kept", "reached")]
    last = await db.scalar(
        select(CaseEvent.what)
        .where(CaseEvent.case_id == case_id, CaseEvent.what.in_(kinds))
        .order_by(CaseEvent.id.desc())
        .limit(1)
    )
    if last == name:
        return
    await db.execute(insert(CaseEvent).values(case_id=case_id, at=now, what=name, public=False))


async def _list(db: AsyncConnection, case_id: int, what: What, now: datetime) -> None:
    if what == "unreached":
        await unreached.note(db, case_id, Why.GONE, now)
    elif what == "kept":
        await unreached.note(db, case_id, Why.WINDOW, now)
    elif what == "reached":
        await unreached.reached(db, case_id, now, Why.WINDOW)
