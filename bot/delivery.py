"""Sending what the outbox holds: in order per conversation, at least once.

A job looks after its whole conversation and sends until nothing waits there.  Two rules keep
that safe with any number of processes, without a job ever waiting for another:

* Who holds a conversation's lock looks again after letting go of it.  So a job that finds the
  lock taken may end: its message was committed before, and will be seen.
* Nobody sleeps with a connection, or for long with a place in the worker.  A job that has to wait
  goes back into the queue; one such job a conversation and process is enough.  Bulk alone is made
  ready a twentieth of a second before its slot, so that it leaves at the very moment.

Urgent messages rely on neither: their job stays until they are sent.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot import slots
from bot.channels.base import Channel, SendFailed
from bot.later import Later
from bot.metrics import SENDING, SENT
from bot.slots import NEVER, NoSlot
from bot.unreached import tell_case
from handlers.desk import unpacked
from models import mailbox
from models.conversations import Conversation
from models.outbox import LOCKS, Lane, Outbox, Pace

log = structlog.get_logger(__name__)

TRIES = 25  # a message is given up after so many, if others go through meanwhile
PATIENCE = timedelta(hours=1)  # and not before this age,
BEFORE_URGENT = timedelta(minutes=2)  # or this, when it stands in the way of an urgent one
LONGEST_WAIT = timedelta(minutes=1)  # when the platform is back, nobody waits longer than this
GAP, URGENT_GAP = timedelta(seconds=5), timedelta(seconds=2)  # after a failed try in a chat
QUIET = timedelta(seconds=2)  # a chat we left alone this long was not refused for its own sake
REFUSALS = 5  # of such chats in a row, none served between: then it is the whole channel
SHORT = timedelta(seconds=0.2)  # a wait that is not worth going back into the queue
ELSEWHERE = timedelta(seconds=3)  # until a process with the right channel takes the job


class Try(Enum):
    SENT = auto()
    GIVEN_UP = auto()
    KEPT = auto()  # until the person writes again
    BUSY = auto()  # another job is sending in this conversation
    CHANGED = auto()  # what was seen before is no longer so


@dataclass(slots=True)
class Delivery:
    engine: AsyncEngine
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    # Conversation -> until when a job of this process is known to wait in the queue (loop time).
    _waiting: dict[int, float] = field(default_factory=dict)
    _worked: dict[str, datetime] = field(default_factory=dict)  # channel -> last success here
    _refused: Counter[str] = field(default_factory=Counter)  # channel -> refusals since then

    async def __call__(
        self, conversation_id: int, *, urgent: bool = False, slot: float | None = None
    ) -> bool:
        """Send what waits in a conversation, oldest first; False if there was nothing to send.

        A crash between sending and the commit sends a message once more, with the same key,
        which channels use where the platform knows such a thing.

        Args:
            conversation_id: whose messages.
            urgent: the job is of an urgent message, and leaves nothing to another job.
            slot: the first message has its sending slot already, at this time of the loop.

        Raises:
            Later: the platform asked to wait, or could not be reached.
        """
        sent = False
        while (row := await self._oldest(conversation_id)) is not None:
            channel = self.channels.get(row["channel"])
            if channel is None:
                raise Later(ELSEWHERE, "channel not configured in this process")
            try:
                await self._turn_comes(channel, row, booked=slot is not None)
                outcome = await self._try(channel, conversation_id, slot)
                slot = None
            except Later as later:
                if self._covered(conversation_id, later.wait):
                    return sent
                raise
            sent = sent or outcome is Try.SENT
            if outcome is Try.BUSY:
                if not urgent:
                    return sent
                await asyncio.sleep(SHORT.total_seconds())
        return sent

    def _covered(self, conversation_id: int, wait: timedelta) -> bool:
        """Whether another job of this process comes back in time; if not, this one will."""
        now = asyncio.get_running_loop().time()
        back = now + wait.total_seconds()
        if now < self._waiting.get(conversation_id, 0.0) <= back + 1:
            return True
        if len(self._waiting) > 10_000:
            self._waiting = {key: at for key, at in self._waiting.items() if at > now}
        self._waiting[conversation_id] = back
        return False

    async def _turn_comes(self, channel: Channel, row: Mapping[str, Any], *, booked: bool) -> None:
        """Wait until this message may be sent, holding nothing meanwhile."""
        now = self.clock()
        wait, why = _not_before(channel, row, now) - now, "paced"
        if wait > timedelta(0):
            if wait > SHORT:
                raise Later(wait, why)
            await asyncio.sleep(wait.total_seconds() + 0.005)
        if channel.limits.per_second != NEVER and not booked:
            urgent = row["most_urgent"] >= Lane.URGENT
            lane = Lane.URGENT if urgent else Lane(row["lane"])
            try:
                await slots.take(self.engine, channel.name, channel.limits.per_second, lane)
            except NoSlot as none:
                raise Later(none.wait, str(none)) from None

    async def _try(self, channel: Channel, conversation_id: int, slot: float | None = None) -> Try:
        """Send the oldest message under the conversation's lock, not before its slot."""
        problem: Later | None = None
        async with self.engine.begin() as db:
            # not the conversation's row: that would keep its owner's next message waiting
            lock = func.pg_try_advisory_xact_lock(LOCKS + conversation_id)
            if not await db.scalar(select(lock)):
                return Try.BUSY
            row = await _read(db, conversation_id, body=True)
            now = self.clock()
            if row is None or _not_before(channel, row, now) > now:
                return Try.CHANGED
            message = unpacked(row["body"])
            if row["updates"] is not None:
                newest, shown = await _versions(db, row)
                if newest != row["id"]:  # a newer version waits already: nobody misses this one
                    await db.execute(
                        update(Outbox)
                        .where(Outbox.id == row["id"])
                        .values(done_at=now, failure="superseded", body=None)
                    )
                    return Try.GIVEN_UP
                message = replace(message, updates=row["updates"], replaces=shown)
            await _until(slot)
            try:
                with SENDING.labels(channel.name).time():
                    sent = await channel.send(row["address"], message, str(row["id"]))
            except SendFailed as failure:
                if failure.mailbox:
                    return await self._keep(db, row, failure)
                problem = await self._failed(db, row, failure)
            except Exception as error:
                # a fault of ours: to the outbox it is a message that does not go out
                log.exception("send_broke", outbox=row["id"], error=type(error).__name__)
                broken = SendFailed(type(error).__name__, retry=True)
                problem = await self._failed(db, row, broken)
            else:
                await self._succeeded(db, channel, row, sent)
                return Try.SENT
        if problem is not None:
            raise problem
        return Try.GIVEN_UP

    async def _succeeded(
        self, db: AsyncConnection, channel: Channel, row: Mapping[str, Any], platform_id: str
    ) -> None:
        SENT.labels(channel.name, "sent").inc()
        now = self._worked[channel.name] = self.clock()
        self._refused[channel.name] = 0
        done: dict[str, Any] = {"done_at": now, "platform_id": platform_id}
        if not channel.keeps_history:
            done["body"] = None  # personal data, and done with
        await db.execute(update(Outbox).where(Outbox.id == row["id"]).values(**done))
        if row["kept_at"] is not None and row["case_id"] is not None:
            await tell_case(db, row["case_id"], row["conversation_id"], "reached", now)
        if row["mailbox_since"] is not None:  # it went through after all, so may the others
            await mailbox.let_go(db, row["conversation_id"])
        if channel.limits.per_chat != NEVER:
            await _note(db, row, last_sent_at=now, hold_until=None)

    async def _keep(self, db: AsyncConnection, row: Mapping[str, Any], failure: SendFailed) -> Try:
        """Keep a message for the person's next contact; its case says so to the officers."""
        now = self.clock()
        if not await mailbox.keep(db, row["conversation_id"], row["id"], row["heard"], now):
            return Try.CHANGED
        log.info("message_kept", outbox=row["id"], reason=failure.reason)
        SENT.labels(row["channel"], "kept").inc()
        if row["case_id"] is not None:
            await tell_case(db, row["case_id"], row["conversation_id"], "kept", now)
            if failure.knocked:
                await tell_case(db, row["case_id"], row["conversation_id"], "knocked", now)
        return Try.KEPT

    async def _failed(
        self, db: AsyncConnection, row: Mapping[str, Any], failure: SendFailed
    ) -> Later | None:
        """Decide between another try and giving up; a case is told who could not be reached."""
        now, tries = self.clock(), row["attempts"] + 1
        log.warning("send_failed", outbox=row["id"], reason=failure.reason, retry=failure.retry)
        SENT.labels(row["channel"], "failed" if failure.retry else "given_up").inc()
        noted: dict[str, datetime | str | None] = {"last_sent_at": now}
        if failure.retry and not self._hopeless(row, failure, now):
            await db.execute(update(Outbox).where(Outbox.id == row["id"]).values(attempts=tries))
            wait = _wait(row, tries)
            if failure.retry_after is not None:
                asked = timedelta(seconds=failure.retry_after)
                noted["hold_until"] = now + asked
                await self._hold_bulk(db, row, now, asked)
                wait = min(wait, asked) if row["most_urgent"] >= Lane.URGENT else asked
            await _note(db, row, **noted)
            return Later(wait, failure.reason)
        if failure.gone:
            noted |= {"gone_at": now, "gone_why": failure.reason}
        await _note(db, row, **noted)
        waiting = [Outbox.conversation_id == row["conversation_id"], Outbox.done_at.is_(None)]
        if not failure.gone:
            waiting.append(Outbox.id == row["id"])
        given_up = await db.execute(
            update(Outbox)
            .where(*waiting)
            .values(done_at=now, failure=failure.reason, body=None)
            .returning(Outbox.case_id)
        )
        for case_id in sorted({one.case_id for one in given_up if one.case_id is not None}):
            await tell_case(db, case_id, row["conversation_id"], "unreached", now)
        return None

    def _hopeless(self, row: Mapping[str, Any], failure: SendFailed, now: datetime) -> bool:
        """Whether the message itself must be at fault: many tries, long ago, others go through.

        However long the platform is away, or asks us to wait, nothing is given up.
        """
        if failure.retry_after is not None or row["attempts"] + 1 < TRIES:
            return False
        in_the_way = row["lane"] < Lane.URGENT <= row["most_urgent"]
        worked = self._worked.get(row["channel"])
        return (
            now - row["created_at"] > (BEFORE_URGENT if in_the_way else PATIENCE)
            and worked is not None
            and now - worked < 2 * LONGEST_WAIT
        )

    async def _hold_bulk(
        self, db: AsyncConnection, row: Mapping[str, Any], now: datetime, asked: timedelta
    ) -> None:
        """Hold bulk on the whole channel if chats are refused that are not to blame.

        One refusal proves nothing: platforms refuse single chats for reasons of their own, and
        everybody else would wait for it.
        """
        if row["last_sent_at"] is not None and row["last_sent_at"] >= now - QUIET:
            return
        self._refused[row["channel"]] += 1
        if self._refused[row["channel"]] < REFUSALS:
            return
        until = now + asked
        await db.execute(
            insert(Pace)
            .values(channel=row["channel"], bulk_hold_until=until)
            .on_conflict_do_update(
                index_elements=["channel"],
                set_={"bulk_hold_until": func.greatest(Pace.bulk_hold_until, until)},
            )
        )

    async def _oldest(self, conversation_id: int) -> Mapping[str, Any] | None:
        async with self.engine.connect() as db:
            return await _read(
                await db.execution_options(isolation_level="AUTOCOMMIT"), conversation_id
            )


async def _read(
    db: AsyncConnection, conversation_id: int, *, body: bool = False
) -> Mapping[str, Any] | None:
    """Read the oldest waiting message of a conversation, and what decides when it may go."""
    waiting = (
        Outbox.conversation_id == conversation_id,
        Outbox.done_at.is_(None),
        ~Outbox.mailbox,
    )
    more = (Outbox.body, mailbox.newest(conversation_id).scalar_subquery().label("heard"))
    found = await db.execute(
        select(
            Outbox.id,
            Outbox.conversation_id,
            Outbox.lane,
            Outbox.attempts,
            Outbox.created_at,
            Outbox.case_id,
            Outbox.kept_at,
            Outbox.updates,
            Conversation.channel,
            Conversation.address,
            Conversation.hold_until,
            Conversation.last_sent_at,
            Conversation.mailbox_since,
            Pace.bulk_hold_until,
            select(func.max(Outbox.lane)).where(*waiting).scalar_subquery().label("most_urgent"),
            *(more if body else ()),
        )
        .join(Conversation, Conversation.id == Outbox.conversation_id)
        .outerjoin(Pace, Pace.channel == Conversation.channel)
        .where(*waiting)
        .order_by(Outbox.id)
        .limit(1)
    )
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


async def _versions(db: AsyncConnection, row: Mapping[str, Any]) -> tuple[int, str | None]:
    """The newest version of a message, and the platform's id of the one that is shown."""
    same = (Outbox.conversation_id == row["conversation_id"], Outbox.updates == row["updates"])
    newest = await db.scalar(select(func.max(Outbox.id)).where(*same))
    shown = await db.scalar(
        select(Outbox.platform_id)
        .where(*same, Outbox.platform_id.is_not(None))
        .order_by(Outbox.id.desc())
        .limit(1)
    )
    return newest or row["id"], shown


async def _note(
    db: AsyncConnection, row: Mapping[str, Any], **noted: datetime | str | None
) -> None:
    await db.execute(
        update(Conversation).where(Conversation.id == row["conversation_id"]).values(**noted)
    )


async def _until(slot: float | None) -> None:
    if slot is not None:
        await asyncio.sleep(max(slot - asyncio.get_running_loop().time(), 0))


def _not_before(channel: Channel, row: Mapping[str, Any], now: datetime) -> datetime:
    """When the message may go.

    Where the platform asked us to wait we do; nothing urgent waits, nor what stands before it.
    """
    urgent = row["most_urgent"] >= Lane.URGENT
    times = [now]
    if row["last_sent_at"] is not None:
        gap = timedelta(seconds=1 / channel.limits.per_chat)
        if row["attempts"]:
            gap = max(gap, _after_failure(row, urgent=urgent))
        # never further off than the gap itself, whatever another machine's clock says
        times.append(min(row["last_sent_at"], now) + gap)
    if not urgent:
        times.append(row["hold_until"] or now)
        if row["lane"] <= Lane.BULK:
            times.append(row["bulk_hold_until"] or now)
    return max(times)


def _after_failure(row: Mapping[str, Any], *, urgent: bool) -> timedelta:
    """How long a chat rests after a failed try; what is urgent, no longer than it was asked to."""
    if not urgent:
        return GAP
    asked = (row["hold_until"] or row["last_sent_at"]) - row["last_sent_at"]
    return min(asked, URGENT_GAP) if asked > timedelta(0) else URGENT_GAP


def _wait(row: Mapping[str, Any], tries: int) -> timedelta:
    longest = LONGEST_WAIT if row["most_urgent"] < Lane.URGENT else GAP
    wait = min(timedelta(seconds=2.0 ** min(tries, 10)), longest)
    return wait * random.uniform(0.8, 1.0)  # noqa: S311 - spread out, nothing secret
