"""Sending what the outbox holds: in order per conversation, at least once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.channels.base import Channel, SendFailed
from bot.metrics import SENDING, SENT
from handlers.desk import unpacked
from models.cases import CaseEvent
from models.conversations import Conversation
from models.outbox import Lane, Outbox, Pace

log = structlog.get_logger(__name__)

LOCKS = 1 << 62  # advisory locks of conversations lie above this
TRIES = 25
LONGEST_WAIT = timedelta(minutes=15)  # 25 tries with this cap are about four hours
URGENT_WAIT = timedelta(seconds=5)
QUIET = timedelta(seconds=2)  # a chat we left alone this long was not refused for its own sake


class Later(Exception):
    """Nothing could be sent now; ``wait`` says how long to leave it."""

    def __init__(self, wait: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.wait, self.reason = wait, reason


@dataclass(frozen=True, slots=True)
class Delivery:
    engine: AsyncEngine
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]

    async def __call__(self, conversation_id: int) -> bool:
        """Send the oldest waiting message of a conversation; False if none waits.

        There is one job per message, and each job sends whichever is the oldest: order is kept
        and no wake-up is lost.  A crash between sending and the commit sends it once more, with
        the same key, which channels use where the platform knows such a thing.

        Raises:
            Later: the platform asked to wait, or could not be reached.
        """
        async with self.engine.begin() as db:
            # not the conversation's row: that would keep its owner's next message waiting
            await db.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCKS + conversation_id}
            )
            row = await _oldest(db, conversation_id)
            if row is None:
                return False
            now = self.clock()
            _heed_holds(row, now)
            channel = self.channels.get(row["channel"])
            if channel is None:
                raise Later(timedelta(seconds=30), "channel not configured in this process")
            await self._pace(channel, row, now)
            problem = await self._send(db, channel, row)
        if problem is not None:
            raise problem
        return True

    async def _pace(self, channel: Channel, row: Mapping[str, Any], now: datetime) -> None:
        """Wait for a sending slot; urgent messages use the tenth that is kept free for them."""
        limits = channel.limits
        if limits.per_chat != float("inf") and row["last_sent_at"] is not None:
            ready = row["last_sent_at"] + timedelta(seconds=1 / limits.per_chat)
            await asyncio.sleep(max(0.0, (ready - now).total_seconds()))
        if limits.per_second == float("inf"):
            return
        urgent = row["lane"] >= Lane.URGENT
        step = timedelta(seconds=1 / (limits.per_second * (1 if urgent else 0.9)))
        async with self.engine.begin() as db:  # its own transaction: the row is everybody's
            slot = await db.scalar(
                update(Pace)
                .where(Pace.channel == channel.name)
                .values(next_at=func.greatest(Pace.next_at, func.clock_timestamp()) + step)
                .returning(Pace.next_at - func.clock_timestamp())
            )
            if slot is None:
                await db.execute(
                    insert(Pace).values(channel=channel.name).on_conflict_do_nothing()
                )
        if slot is not None and not urgent:
            await asyncio.sleep(max(0.0, slot.total_seconds() - step.total_seconds()))

    async def _send(
        self, db: AsyncConnection, channel: Channel, row: Mapping[str, Any]
    ) -> Later | None:
        try:
            with SENDING.labels(channel.name).time():
                sent = await channel.send(row["address"], unpacked(row["body"]), str(row["id"]))
        except SendFailed as failure:
            SENT.labels(channel.name, "failed" if failure.retry else "given_up").inc()
            return await self._failed(db, row, failure)
        SENT.labels(channel.name, "sent").inc()
        now = self.clock()
        done: dict[str, Any] = {"done_at": now, "platform_id": sent}
        if not channel.keeps_history:
            done["body"] = None  # personal data, and done with
        await db.execute(update(Outbox).where(Outbox.id == row["id"]).values(**done))
        if channel.limits.per_chat != float("inf"):
            await db.execute(
                update(Conversation)
                .where(Conversation.id == row["conversation_id"])
                .values(last_sent_at=now, hold_until=None)
            )
        return None

    async def _failed(
        self, db: AsyncConnection, row: Mapping[str, Any], failure: SendFailed
    ) -> Later | None:
        """Decide between another try and giving up; a case is told who could not be reached."""
        now = self.clock()
        tries = row["attempts"] + 1
        log.warning("send_failed", outbox=row["id"], reason=failure.reason, retry=failure.retry)
        if failure.retry and tries < TRIES:
            wait = _wait(row, failure, tries)
            await db.execute(update(Outbox).where(Outbox.id == row["id"]).values(attempts=tries))
            if failure.retry_after is not None:
                await self._hold(db, row, now, timedelta(seconds=failure.retry_after))
            return Later(wait, failure.reason)
        if failure.gone:
            await db.execute(
                update(Conversation)
                .where(Conversation.id == row["conversation_id"])
                .values(gone_at=now, gone_why=failure.reason)
            )
        waiting = [Outbox.conversation_id == row["conversation_id"], Outbox.done_at.is_(None)]
        if not failure.gone:
            waiting.append(Outbox.id == row["id"])
        given_up = await db.execute(
            update(Outbox)
            .where(*waiting)
            .values(done_at=now, failure=failure.reason, body=None)
            .returning(Outbox.case_id)
        )
        for case_id in {one.case_id for one in given_up if one.case_id is not None}:
            await db.execute(
                insert(CaseEvent).values(case_id=case_id, at=now, what="unreached", public=False)
            )
        return None

    async def _hold(
        self, db: AsyncConnection, row: Mapping[str, Any], now: datetime, wait: timedelta
    ) -> None:
        """Leave this chat alone; if it was not the chat's own fault, hold bulk everywhere."""
        await db.execute(
            update(Conversation)
            .where(Conversation.id == row["conversation_id"])
            .values(hold_until=now + wait)
        )
        if row["last_sent_at"] is None or row["last_sent_at"] < now - QUIET:
            held = {"bulk_hold_until": now + wait}
            await db.execute(
                insert(Pace)
                .values(channel=row["channel"], **held)
                .on_conflict_do_update(index_elements=["channel"], set_=held)
            )


async def _oldest(db: AsyncConnection, conversation_id: int) -> Mapping[str, Any] | None:
    waiting = (Outbox.conversation_id == conversation_id, Outbox.done_at.is_(None))
    found = await db.execute(
        select(
            Outbox.id,
            Outbox.conversation_id,
            Outbox.lane,
            Outbox.attempts,
            Outbox.body,
            Conversation.channel,
            Conversation.address,
            Conversation.hold_until,
            Conversation.last_sent_at,
            Pace.bulk_hold_until,
            select(func.max(Outbox.lane)).where(*waiting).scalar_subquery().label("most_urgent"),
        )
        .join(Conversation, Conversation.id == Outbox.conversation_id)
        .outerjoin(Pace, Pace.channel == Conversation.channel)
        .where(*waiting)
        .order_by(Outbox.id)
        .limit(1)
    )
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


def _heed_holds(row: Mapping[str, Any], now: datetime) -> None:
    """Wait where the platform asked to; nothing urgent waits, nor what stands before it."""
    if row["most_urgent"] >= Lane.URGENT:
        return
    hold = row["hold_until"]
    if row["lane"] <= Lane.BULK and row["bulk_hold_until"] is not None:
        hold = max(hold or row["bulk_hold_until"], row["bulk_hold_until"])
    if hold is not None and hold > now:
        raise Later(hold - now, "held")


def _wait(row: Mapping[str, Any], failure: SendFailed, tries: int) -> timedelta:
    wait = min(timedelta(seconds=2.0 ** min(tries, 10)), LONGEST_WAIT)
    if failure.retry_after is not None:
        wait = timedelta(seconds=failure.retry_after)
    return min(wait, URGENT_WAIT) if row["most_urgent"] >= Lane.URGENT else wait
