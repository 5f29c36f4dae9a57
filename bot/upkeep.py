"""Looking after the tables: forgotten messages, old words, figures for the metrics."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, func, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import metrics
from handlers import casebook, forgetting
from models.cases import OPEN, Case
from models.conversations import Conversation, Received
from models.jobs import Job, enqueue
from models.offices import Digest
from models.outbox import Lane, Outbox
from models.rollcalls import RollCall, RollHousehold
from models.zalo import ZaloEvent

log = structlog.get_logger(__name__)

LISTED = timedelta(days=730)  # a photograph of a list's paper; as long as its cases
FORGOTTEN = timedelta(seconds=20)  # a job is committed with what it is about, so any age would do
QUEUE_LOG_DAYS = 7
STALE_NEWS = timedelta(days=7)  # a broadcast kept for a person's next contact is old news then
LONGEST_KEPT = timedelta(days=365)  # anything else kept for it


async def wake_forgotten(engine: AsyncEngine, now: datetime) -> int:
    """Give a job to waiting messages and files that have none, however that came about."""
    before = {"before": now - FORGOTTEN}
    async with engine.begin() as db:
        talks = (await db.execute(text(_WITHOUT_DELIVERY), before)).all()
        files = (await db.execute(text(_WITHOUT_FETCH), before)).all()
        # one is enough: it sends until nothing waits
        jobs = [Job("deliver", str(row.conversation_id), row.lane) for row in talks]
        jobs += [
            Job("make_file" if row.made else "fetch_media", row.id.hex, int(Lane.REPLY))
            for row in files
        ]
        await enqueue(db, jobs)
    if jobs:
        log.warning("forgotten_woken", conversations=len(talks), files=len(files))
    return len(talks)


_WITHOUT_DELIVERY = """
    SELECT conversation_id, max(lane) AS lane
    FROM outbox
    WHERE done_at IS NULL AND NOT mailbox AND created_at < :before AND NOT EXISTS (
        SELECT FROM pgqueuer
        WHERE entrypoint = 'deliver'
        AND payload = convert_to(outbox.conversation_id::text, 'UTF8')
    )
    GROUP BY conversation_id
"""
_WITHOUT_FETCH = """
    SELECT id, making IS NOT NULL AS made
    FROM media
    WHERE stored_at IS NULL AND refused IS NULL AND received_at < :before AND NOT EXISTS (
        SELECT FROM pgqueuer
        WHERE entrypoint IN ('fetch_media', 'make_file')
        AND payload = convert_to(replace(media.id::text, '-', ''), 'UTF8')
    )
"""


async def address(engine: AsyncEngine, conversation_id: int) -> tuple[str, str] | None:
    async with engine.connect() as db:
        row = (
            await db.execute(
                select(Conversation.channel, Conversation.address).where(
                    Conversation.id == conversation_id
                )
            )
        ).one_or_none()
    return (row.channel, row.address) if row else None


async def empty_old_words(engine: AsyncEngine, now: datetime, days: int) -> None:
    """Empty the words of messages older than the history; that they were seen stays known."""
    before = now - timedelta(days=days)
    async with engine.begin() as db:
        await db.execute(
            update(Received)
            .where(Received.received_at < before, Received.body.is_not(None))
            .values(body=None)
        )
        for lane, stale in ((Outbox.lane <= Lane.BULK, STALE_NEWS), (true(), LONGEST_KEPT)):
            await db.execute(
                update(Outbox)
                .where(Outbox.mailbox, lane, Outbox.kept_at < now - stale)
                .values(mailbox=False, done_at=now, failure="kept too long", body=None)
            )
        await db.execute(
            update(Outbox)
            .where(Outbox.done_at < before, Outbox.body.is_not(None))
            .values(body=None)
        )
        ended = select(RollCall.id).where(RollCall.ended_at < before)
        await db.execute(
            update(RollHousehold)
            .where(RollHousehold.rollcall_id.in_(ended), RollHousehold.private.is_not(None))
            .values(private=None)
        )
        await db.execute(delete(Digest).where(Digest.given_at < before))
        await db.execute(delete(ZaloEvent).where(ZaloEvent.done_at < before))
        await forgetting.empty_lists(db, before, now - LISTED)
        # the queue writes down every job and forgets none; its figures are kept elsewhere
        await db.execute(
            text("DELETE FROM pgqueuer_log WHERE created < :before AND aggregated"),
            {"before": now - timedelta(days=QUEUE_LOG_DAYS)},
        )


async def empty_done_cases(engine: AsyncEngine, now: datetime, days: int) -> None:
    """Empty cases some days after their end (0: never), or when whoever reported asked for it."""
    before = now - timedelta(days=days) if days else None
    emptied = 1
    while emptied:
        async with engine.begin() as db:
            emptied = await forgetting.empty_done(db, now, before)


async def measure(engine: AsyncEngine, now: datetime) -> None:
    """Read the gauges that only the database knows."""
    async with engine.connect() as db:
        waiting = dict(
            (
                await db.execute(
                    select(Outbox.lane, func.count())
                    .where(Outbox.done_at.is_(None), ~Outbox.mailbox)
                    .group_by(Outbox.lane)
                )
            ).all()
        )
        kept = await db.scalar(select(func.count()).select_from(Outbox).where(Outbox.mailbox))
        late = await db.scalar(
            select(func.count())
            .select_from(Case)
            .where(Case.status.in_([one.value for one in OPEN]), casebook.next_due() < now)
        )
    for lane in Lane:
        metrics.WAITING.labels(lane.name.lower()).set(waiting.get(int(lane), 0))
    metrics.KEPT.set(kept or 0)
    metrics.LATE.set(late or 0)
