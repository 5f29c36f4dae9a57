"""Messages a platform does not let us send now, kept until the person writes again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models.conversations import Conversation, Received
from models.jobs import Job, enqueue
from models.outbox import Outbox


async def keep(
    db: AsyncConnection, conversation_id: int, outbox_id: int, heard: int | None, now: datetime
) -> bool:
    """Put a message into the mailbox of its conversation.

    The conversation is locked as an incoming message locks it, so that of a message being kept
    and a person writing at the same moment one sees the other.

    Args:
        db: the caller's transaction.
        conversation_id: whose.
        outbox_id: the message.
        heard: number of the newest incoming message when sending was tried.
        now: the time.

    Returns:
        False if the person has written since: then it is worth trying again at once.
    """
    here = Conversation.id == conversation_id
    await db.execute(select(Conversation.id).where(here).with_for_update(key_share=True))
    if await db.scalar(newest(conversation_id)) != heard:
        return False
    since = func.coalesce(Conversation.mailbox_since, now)
    await db.execute(update(Conversation).where(here).values(mailbox_since=since))
    await db.execute(
        update(Outbox)
        .where(Outbox.id == outbox_id)
        .values(mailbox=True, kept_at=func.coalesce(Outbox.kept_at, now))
    )
    return True


async def let_go(db: AsyncConnection, conversation_id: int) -> int:
    """Let everything that waits in a mailbox be sent, the oldest first; how many there were."""
    here = Conversation.id == conversation_id
    await db.execute(update(Conversation).where(here).values(mailbox_since=None))
    kept = await db.execute(
        update(Outbox)
        .where(Outbox.conversation_id == conversation_id, Outbox.mailbox)
        .values(mailbox=False, attempts=0)
        .returning(Outbox.lane)
    )
    lanes = [row.lane for row in kept]
    await enqueue(db, [Job("deliver", str(conversation_id), lane) for lane in lanes])
    return len(lanes)


def newest(conversation_id: int) -> Select[int]:
    """Select the number of the newest incoming message of a conversation."""
    return (
        select(Received.id)
        .where(Received.conversation_id == conversation_id)
        .order_by(Received.id.desc())
        .limit(1)
    )
