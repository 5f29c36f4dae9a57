"""People in tests: they say something, and what they are answered is read from the outbox."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from bot.app import App
from handlers.desk import HERE, unpacked
from handlers.messages import Incoming, Outgoing
from models.conversations import Conversation
from models.outbox import Outbox
from models.people import Grant, Role

MONDAY = datetime(2026, 11, 23, 9, 12, tzinfo=HERE).astimezone(UTC)
DONG_SON = "21109"
CODE = re.compile(r"QN-[2-9A-Z]{4,5}-[2-9A-Z]")


class Town:
    """The service of a province, its people, and the time of day."""

    app: App
    usual = "webchat"  # where people are unless it is said otherwise

    def __init__(self) -> None:
        self.time = MONDAY
        self._ids = count(1)

    def now(self) -> datetime:
        return self.time

    def later(self, **span: float) -> None:
        self.time += timedelta(**span)

    def person(self, name: str, channel: str | None = None) -> Somebody:
        """Somebody on a channel; by default on that of the town."""
        return Somebody(self, name, channel or self.usual)

    async def staff(
        self,
        name: str,
        role: Role,
        commune: str | None = DONG_SON,
        *villages: str,
        channel: str | None = None,
    ) -> Somebody:
        """Somebody with a role; how roles are given has tests of its own."""
        somebody = self.person(name, channel)
        await somebody.says("/menu")
        await somebody.unread()
        async with self.app.engine.begin() as db:
            await db.execute(
                insert(Grant).values(
                    person_id=await somebody.person_id(),
                    role=role.value,
                    commune=commune,
                    villages=list(villages),
                    granted_at=self.time,
                )
            )
        return somebody

    async def minute(self) -> None:
        """Let the clockwork run as it does every minute."""
        await self.app.worker().minute()

    async def decisions_are_told(self) -> None:
        """Let the time pass in which a decision can be taken back."""
        self.later(minutes=1)
        await self.minute()

    async def run_jobs(self) -> None:
        """Deliver what waits, as the worker would, until nothing waits."""
        deliver = self.app.worker().deliver
        async with self.app.engine.connect() as db:
            waiting = await db.execute(
                select(Outbox.conversation_id).where(Outbox.done_at.is_(None)).distinct()
            )
        for row in waiting:
            while await deliver(row.conversation_id):
                pass

    async def rows(self, query: Any) -> list[Any]:
        async with self.app.engine.connect() as db:
            return list((await db.execute(query)).all())

    async def one(self, query: Any) -> Any:
        async with self.app.engine.connect() as db:
            return await db.scalar(query)

    def next_id(self) -> str:
        return f"m{next(self._ids)}"


class Somebody:
    """One person on one channel."""

    def __init__(self, town: Town, address: str, channel: str) -> None:
        self.town, self.address, self.channel = town, address, channel
        self.last: list[Outgoing] = []
        self._read = 0

    async def says(self, text: str = "", **more: Any) -> None:
        """Say something; ``[label]`` presses the button with that label."""
        pressed = re.fullmatch(r"\[(.+)\]", text)
        if pressed:
            await self.presses(pressed.group(1))
            return
        more.setdefault("message_id", self.town.next_id())
        said = Incoming(
            self.channel, self.address, more.pop("message_id"), self.town.time, text=text, **more
        )
        await self.town.app.intake(said)

    async def presses(self, label: str, **more: Any) -> None:
        """Press a button of the newest message that has it."""
        tokens = [
            button.token
            for message in reversed(self.last)
            for button in message.buttons
            if label in button.label
        ]
        assert tokens, f"no button {label!r} in {[m.text for m in self.last[-2:]]}"
        await self.says("", button=tokens[0], **more)

    def token(self, label: str) -> str:
        return next(
            button.token
            for message in reversed(self.last)
            for button in message.buttons
            if label in button.label
        )

    async def unread(self) -> list[Outgoing]:
        """What was said to this person since the last look."""
        rows = await self.town.rows(
            select(Outbox.id, Outbox.body)
            .join(Conversation, Conversation.id == Outbox.conversation_id)
            .where(
                Conversation.channel == self.channel,
                Conversation.address == self.address,
                Outbox.id > self._read,
            )
            .order_by(Outbox.id)
        )
        if rows:
            self._read = rows[-1].id
        heard = [unpacked(row.body) for row in rows if row.body]
        self.last += heard
        return heard

    async def hears(self) -> str:
        """The same as one text."""
        return "\n".join(message.text for message in await self.unread())

    async def play(self, transcript: str) -> None:
        """Play a transcript.

        Lines starting with ``>`` are said; the lines after it must all occur, in this order, in
        what is answered.  ``…`` stands for anything inside a line.
        """
        expected: list[str] = []
        for raw in [*transcript.strip().splitlines(), ">"]:
            line = raw.strip()
            if not line.startswith(">"):
                expected += [line] if line else []
                continue
            if expected:
                self._compare(expected, await self.hears())
                expected = []
            said = line.removeprefix(">").strip()
            if said:
                await self.unread()
                await self.says(self._filled(said))

    def _filled(self, said: str) -> str:
        return said.replace("{code}", self.code) if "{code}" in said else said

    @staticmethod
    def _compare(expected: list[str], heard: str) -> None:
        at = 0
        plain = heard.replace("**", "")
        for line in expected:
            pattern = ".*".join(re.escape(part) for part in line.split("…"))
            found = re.compile(pattern).search(plain, at)
            assert found, f"missing: {line}\n--- heard:\n{plain}"
            at = found.end()

    @property
    def code(self) -> str:
        """The case code this person heard last."""
        return CODE.findall("\n".join(message.text for message in self.last))[-1]

    async def chat_id(self) -> int:
        found: int = await self.town.one(
            select(Conversation.id).where(
                Conversation.channel == self.channel, Conversation.address == self.address
            )
        )
        return found

    async def person_id(self) -> UUID:
        found: UUID = await self.town.one(
            select(Conversation.person_id).where(
                Conversation.channel == self.channel, Conversation.address == self.address
            )
        )
        return found
