"""The ledger of a broadcast: filled in batches, claimed a few at a time, settled from the outbox.

A recipient's message is put into the outbox only when it is about to be sent, in one commit with
the change of its row: so that a pause takes effect at once, and whatever dies, each row says
whether its message exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import DateTime

from models import audiences
from models.audiences import Audience
from models.base import TALK
from models.broadcasts import Broadcast, Fate, Recipient, State
from models.conversations import Conversation
from models.outbox import LOCKS, Outbox
from models.people import Person

BATCH = 2000  # recipients written in one transaction, some tens of milliseconds
OPEN = (State.RUNNING.value, State.PAUSED.value)


@dataclass(frozen=True, slots=True)
class Claimed:
    """One recipient whose message goes out now."""

    conversation_id: int
    outbox_id: int
    person_id: UUID
    locale: str
    commune: str | None


async def expand(
    db: AsyncConnection, broadcast_id: int, after: int, audience: Audience, now: datetime
) -> bool:
    """Write the rows of the next chats by number; False when there are no more."""
    some = (
        audiences.chats(audience)
        .where(Conversation.id > after)
        .order_by(Conversation.id)
        .limit(BATCH)
        .cte("some")
    )
    written = (
        upsert(Recipient)
        .from_select(
            ["broadcast_id", "conversation_id", "channel", "commune", "fate", "reason", "at"],
            select(
                literal(broadcast_id, BigInteger),
                some.c.id,
                some.c.channel,
                some.c.commune,
                some.c.fate,
                some.c.reason,
                literal(now, DateTime(timezone=True)),
            ),
        )
        .on_conflict_do_nothing()
        .returning(Recipient.conversation_id)
        .cte("written")
    )
    found = await db.execute(
        select(
            select(func.max(some.c.id)).scalar_subquery().label("last"),
            select(func.count()).select_from(some).scalar_subquery().label("looked"),
            select(func.count()).select_from(written).scalar_subquery(),
        )
    )
    row = found.one()
    here = Broadcast.id == broadcast_id
    if row.last is not None:
        await db.execute(update(Broadcast).where(here).values(reached=row.last))
    more = bool(row.looked == BATCH)
    if not more:
        await db.execute(update(Broadcast).where(here).values(expanded_at=now))
    return more


async def claim(  # noqa: PLR0913 - whose, where, how many and when
    db: AsyncConnection,
    broadcast_id: int,
    channel: str,
    audience: Audience,
    *,
    most: int,
    gap: timedelta,
    now: datetime,
) -> tuple[list[Claimed], int]:
    """Take the next recipients whose chats may be written to now.

    Who has blocked the service or opted out meanwhile is written down as that.

    Returns:
        Those to send to, whose rows wait for ``outbox_id``; and how many rows were looked at.
    """
    picked = (
        select(Recipient.conversation_id)
        .join(Broadcast, Broadcast.id == Recipient.broadcast_id)
        .join(Conversation, Conversation.id == Recipient.conversation_id)
        .where(
            Recipient.broadcast_id == broadcast_id,
            Recipient.channel == channel,
            Recipient.fate == text("'waiting'"),
            Broadcast.state == State.RUNNING.value,
            or_(Conversation.hold_until.is_(None), Conversation.hold_until <= now),
            or_(Conversation.last_sent_at.is_(None), Conversation.last_sent_at <= now - gap),
        )
        .order_by(Recipient.conversation_id)
        .limit(most)
        .with_for_update(of=Recipient, skip_locked=True)
        .cte("picked")
    )
    now_known = case(
        (audiences.fate(audience) == Fate.WAITING.value, Fate.QUEUED.value),
        else_=audiences.fate(audience),
    )
    taken = await db.execute(
        update(Recipient)
        .where(
            Recipient.broadcast_id == broadcast_id,
            Recipient.conversation_id == picked.c.conversation_id,
            Conversation.id == picked.c.conversation_id,
            Person.id == Conversation.person_id,
        )
        .values(
            fate=now_known,
            reason=Conversation.gone_why,
            outbox_id=case((now_known == Fate.QUEUED.value, TALK.next_value())),
            at=now,
        )
        .returning(
            Recipient.conversation_id,
            Recipient.outbox_id,
            Recipient.fate,
            Person.id.label("person_id"),
            Person.locale,
            Recipient.commune,
        )
    )
    rows = taken.all()
    claimed = [
        Claimed(row.conversation_id, row.outbox_id, row.person_id, row.locale, row.commune)
        for row in rows
        if row.fate == Fate.QUEUED
    ]
    return sorted(claimed, key=lambda one: one.outbox_id), len(rows)


async def write(
    db: AsyncConnection, rows: Sequence[dict[str, Any]], lane: int, now: datetime
) -> None:
    """Put the messages of claimed recipients into the outbox, under their numbers."""
    if rows:
        await db.execute(
            insert(Outbox), [{**row, "lane": lane, "created_at": now} for row in rows]
        )


def _fate() -> Any:  # noqa: ANN401 - an SQL expression
    """What the outbox says became of a message."""
    return case(
        (
            Outbox.failure.is_not(None),
            case(
                (Conversation.gone_at.is_not(None), Fate.BLOCKED.value),
                else_=Fate.FAILED.value,
            ),
        ),
        (Outbox.seen_at.is_not(None), Fate.SEEN.value),
        (Outbox.delivered_at.is_not(None), Fate.DELIVERED.value),
        (Outbox.done_at.is_not(None), Fate.SENT.value),
        (Outbox.mailbox, Fate.MAILBOX.value),
        else_=Fate.QUEUED.value,
    )


async def settle(db: AsyncConnection, now: datetime, broadcast_id: int | None = None) -> int:
    """Copy from the outbox what became of messages: of all on their way, or of one broadcast.

    Receipts and mailboxes go on changing after the broadcast is over, so its report settles it
    again.
    """
    said = _fate()
    if broadcast_id is None:
        which = [Recipient.fate == text("'queued'")]
    else:
        moving = (Fate.QUEUED, Fate.SENT, Fate.DELIVERED, Fate.MAILBOX)
        which = [
            Recipient.broadcast_id == broadcast_id,
            Recipient.fate.in_([one.value for one in moving]),
        ]
    done = await db.execute(
        update(Recipient)
        .where(
            *which,
            Outbox.id == Recipient.outbox_id,
            Conversation.id == Recipient.conversation_id,
            Recipient.fate != said,
        )
        .values(fate=said, reason=Outbox.failure, at=now)
    )
    return int(done.rowcount)


async def recall(db: AsyncConnection, now: datetime) -> int:
    """Take the unsent messages of paused and stopped broadcasts out of the outbox again.

    Only where nobody is sending at this moment: their conversation's lock is taken.
    """
    waiting = (
        select(Recipient.broadcast_id, Recipient.conversation_id, Recipient.outbox_id)
        .join(Broadcast, Broadcast.id == Recipient.broadcast_id)
        .join(Outbox, Outbox.id == Recipient.outbox_id)
        .where(
            Recipient.fate == text("'queued'"),
            Broadcast.state.in_([State.PAUSED.value, State.STOPPED.value]),
            Outbox.done_at.is_(None),
            ~Outbox.mailbox,
        )
        .cte("waiting")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    free = (
        select(waiting)
        .where(func.pg_try_advisory_xact_lock(cast(LOCKS, BigInteger) + waiting.c.conversation_id))
        .cte("free")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    gone = (
        delete(Outbox)
        .where(Outbox.id == free.c.outbox_id, Outbox.done_at.is_(None), ~Outbox.mailbox)
        .returning(Outbox.id)
        .cte("gone")
    )
    done = await db.execute(
        update(Recipient)
        .where(Recipient.fate == text("'queued'"), Recipient.outbox_id == gone.c.id)
        .values(fate=Fate.WAITING.value, outbox_id=None, at=now)
    )
    return int(done.rowcount)


async def tidy_stopped(db: AsyncConnection, now: datetime) -> int:
    """Write down some of those that a stop left without their message."""
    some = (
        select(Recipient.broadcast_id, Recipient.conversation_id)
        .join(Broadcast, Broadcast.id == Recipient.broadcast_id)
        .where(
            Broadcast.state == State.STOPPED.value,
            Broadcast.finished_at.is_(None),
            Recipient.fate == text("'waiting'"),
        )
        .limit(BATCH)
        .with_for_update(of=Recipient, skip_locked=True)
        .cte("some")
    )
    done = await db.execute(
        update(Recipient)
        .where(
            Recipient.broadcast_id == some.c.broadcast_id,
            Recipient.conversation_id == some.c.conversation_id,
        )
        .values(fate=Fate.STOPPED.value, at=now)
    )
    return int(done.rowcount)


def over() -> Any:  # noqa: ANN401 - an SQL condition
    """A broadcast with nothing left to send or to hear from the outbox."""
    left = exists().where(
        Recipient.broadcast_id == Broadcast.id,
        or_(Recipient.fate == text("'waiting'"), Recipient.fate == text("'queued'")),
    )
    return and_(
        Broadcast.finished_at.is_(None),
        or_(
            and_(Broadcast.state == State.RUNNING.value, Broadcast.expanded_at.is_not(None)),
            Broadcast.state == State.STOPPED.value,
        ),
        ~left,
    )


async def counts(db: AsyncConnection, broadcast_id: int) -> dict[tuple[str, str | None, str], int]:
    """How many recipients by channel, commune and fate."""
    rows = await db.execute(
        select(Recipient.channel, Recipient.commune, Recipient.fate, func.count().label("chats"))
        .where(Recipient.broadcast_id == broadcast_id)
        .group_by(Recipient.channel, Recipient.commune, Recipient.fate)
    )
    return {(row.channel, row.commune, row.fate): row.chats for row in rows}


async def lately(db: AsyncConnection, conversation_id: int, since: datetime) -> int | None:
    """The newest broadcast a chat was sent since then."""
    found: int | None = await db.scalar(
        select(Recipient.broadcast_id)
        .where(
            Recipient.conversation_id == conversation_id,
            Recipient.outbox_id.is_not(None),
            Recipient.at > since,
        )
        .order_by(Recipient.outbox_id.desc())
        .limit(1)
    )
    return found


async def meant_for(db: AsyncConnection, broadcast_id: int, conversation_id: int) -> bool:
    """Whether a chat is among the recipients."""
    here = (
        Recipient.broadcast_id == broadcast_id,
        Recipient.conversation_id == conversation_id,
    )
    return bool(await db.scalar(select(exists().where(*here))))


async def unreached(
    db: AsyncConnection, broadcast_id: int, commune: str, fates: Sequence[str], most: int
) -> list[tuple[str, dict[str, Any] | None]]:
    """People of a commune whom a broadcast did not reach: why, and what is known of them."""
    rows = await db.execute(
        select(Recipient.fate, Person.private)
        .join(Conversation, Conversation.id == Recipient.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .where(
            Recipient.broadcast_id == broadcast_id,
            Recipient.commune == commune,
            Recipient.fate.in_(fates),
        )
        .order_by(Recipient.conversation_id)
        .limit(most)
    )
    return [(row.fate, row.private) for row in rows]
