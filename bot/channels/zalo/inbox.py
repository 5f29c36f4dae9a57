"""Working on stored events: those of one person one after another, by the time they were sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import trouble
from bot.channels.zalo import metrics, parse
from bot.channels.zalo.outbound import Outbound, offered
from bot.channels.zalo.parse import Heard
from bot.channels.zalo.webhook import JOB
from bot.channels.zalo.windows import People
from bot.later import Later
from bot.trouble import Trouble
from handlers.messages import Incoming
from models.conversations import Conversation
from models.jobs import Job, enqueue
from models.outbox import Lane, Outbox
from models.zalo import ZaloEvent

log = structlog.get_logger(__name__)

TakeIn = Callable[[Incoming], Awaitable[None]]

FORGOTTEN = timedelta(seconds=30)  # a job is committed with its event, so any age would do
TRIES = 5  # of an event that we cannot handle
ALBUM = timedelta(seconds=3)  # photographs sent so close together are one album
EARLY = timedelta(minutes=2)  # a receipt may come before the answer that names its message
SOON = timedelta(seconds=2)


class Inbox:
    """Works on the events of one person in order; one instance a process.

    Nothing is locked.  Whoever works takes the oldest event that is not done, and an event applied
    a second time waits in the core for the first time and changes nothing; so two jobs of one
    person, in two processes, keep the order all the same.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        clock: Callable[[], datetime],
        take_in: TakeIn,
        people: People,
        outbound: Outbound,
    ) -> None:
        self._engine, self._clock, self._take_in = engine, clock, take_in
        self._people, self._outbound = people, outbound
        self._working: dict[str, bool] = {}  # whose events; whether to look once more

    async def __call__(self, user_id: str) -> None:
        """Work until nothing of this person waits; in one process one job does it for all."""
        if user_id in self._working:
            self._working[user_id] = True
            return
        try:
            again = True
            while again:
                self._working[user_id] = False
                while (found := await self._next(user_id)) is not None:
                    await self._patiently(found)
                again = self._working[user_id]
        finally:
            del self._working[user_id]

    async def _patiently(self, row: dict[str, Any]) -> None:
        """Apply one event; one that fails again and again is put aside, for others wait for it."""
        try:
            await self._one(row)
        except Later:
            raise
        except Exception as error:
            if trouble.kind(error) is not Trouble.OURS:
                raise
            log.exception("zalo_event_failed", zalo_event=row["id"], error=type(error).__name__)
            done = self._clock() if row["tries"] + 1 >= TRIES else None
            await self._mark(row["id"], tries=row["tries"] + 1, done_at=done)
            raise Later(SOON, "event failed") from error

    async def _mark(self, event_id: int, **columns: object) -> None:
        async with self._engine.begin() as db:
            await db.execute(update(ZaloEvent).where(ZaloEvent.id == event_id).values(**columns))

    async def wake_forgotten(self) -> None:
        """Give a job to waiting events that have none, however that came about."""
        async with self._engine.begin() as db:
            before = {"before": self._clock() - FORGOTTEN, "job": JOB}
            found = (await db.execute(text(_WITHOUT_JOB), before)).all()
            await enqueue(db, [Job(JOB, row.user_id, int(Lane.REPLY)) for row in found])
        if found:
            log.warning("zalo_events_woken", people=len(found))

    async def _next(self, user_id: str) -> dict[str, Any] | None:
        query = (
            select(ZaloEvent.__table__)
            .where(ZaloEvent.user_id == user_id, ZaloEvent.done_at.is_(None))
            .order_by(ZaloEvent.sent_at, ZaloEvent.id)
            .limit(1)
        )
        async with self._engine.connect() as db:
            row = (await db.execute(query)).mappings().one_or_none()
        return dict(row) if row is not None else None

    async def _one(self, row: dict[str, Any]) -> None:
        """Apply one event; applying it again changes nothing."""
        body = str((row["body"] or {}).get("raw", "")).encode()
        heard = parse.read(parse.load(body) or {}, body, row["received_at"])
        heard = replace(heard, key=row["key"], sent_at=row["sent_at"])
        if heard.interaction and heard.user_id:
            await self._people.note(heard.user_id, heard_at=heard.sent_at)
        if heard.what == "receipt":
            await self._receipt(heard, row)
        elif heard.what in ("followed", "unfollowed"):
            await self._people.note(heard.user_id, follows=heard.what == "followed")
        elif heard.what == "template":
            log.warning("zalo_template_changed", event_name=heard.name)
        if heard.said is not None:
            await self._said(replace(heard.said, message_id=row["key"], sent_at=row["sent_at"]))
        await self._mark(row["id"], done_at=self._clock())
        metrics.EVENTS.labels(heard.what).inc()

    async def _said(self, said: Incoming) -> None:
        if said.button is not None and said.button.startswith("p:"):
            first = said.button.removeprefix("p:")
            if first.isdecimal():
                await self._outbound.show_page(said.address, int(first))
            return
        if said.text.strip().isdecimal():
            said = await self._numbered(said)
        if any(one.kind == "photo" for one in said.media):
            said = replace(said, album=await self._album(said))
        await self._take_in(said)

    async def _numbered(self, said: Incoming) -> Incoming:
        """A number stands for a line of the list that was shown last."""
        buttons = offered(await self._people.get(said.address))
        number = int(said.text.strip()[:6])
        if not 1 <= number <= len(buttons):
            return said
        chosen = buttons[number - 1]
        return replace(said, text="", button=chosen.token, echo=chosen.label)

    async def _album(self, said: Incoming) -> str:
        """Name the album a photograph belongs to: each comes as an event of its own."""
        person = await self._people.get(said.address)
        album = person["album"]
        close = person["album_at"] is not None and said.sent_at - person["album_at"] <= ALBUM
        if album is None or not close:
            album = said.message_id
        await self._people.note(said.address, album=album, album_at=said.sent_at)
        return str(album)

    async def _receipt(self, heard: Heard, row: dict[str, Any]) -> None:
        """Note what was delivered or seen.

        Raises:
            Later: the message is not known by that id; it may be in a moment.
        """
        at = row["sent_at"]
        values: dict[str, Any] = {"delivered_at": func.coalesce(Outbox.delivered_at, at)}
        if heard.seen:
            values["seen_at"] = func.coalesce(Outbox.seen_at, at)
        theirs = select(Conversation.id).where(
            Conversation.channel == parse.CHANNEL, Conversation.address == heard.user_id
        )
        async with self._engine.begin() as db:
            noted = await db.execute(
                update(Outbox)
                .where(
                    Outbox.conversation_id == theirs.scalar_subquery(),
                    Outbox.platform_id.in_(heard.delivered),
                )
                .values(**values)
            )
        if not noted.rowcount and row["received_at"] > self._clock() - EARLY and row["tries"] < 1:
            await self._mark(row["id"], tries=1)
            raise Later(SOON, "receipt before its message")


_WITHOUT_JOB = """
    SELECT DISTINCT user_id
    FROM zalo_events
    WHERE done_at IS NULL AND received_at < :before AND NOT EXISTS (
        SELECT FROM pgqueuer
        WHERE entrypoint = :job AND payload = convert_to(zalo_events.user_id, 'UTF8')
    )
"""
