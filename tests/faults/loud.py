"""A channel that remembers what it was told to send, and fails as it is told to."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.base import SendFailed
from handlers.desk import Chat, Desk, World
from handlers.messages import Limits, Media, Outgoing
from models.conversations import Conversation
from models.hot import Held
from models.outbox import Lane
from models.people import Person
from tests.people import MONDAY

FREE = Limits(text=4000, buttons=20, per_second=float("inf"), per_chat=float("inf"))


class Loud:
    """Stands for a platform, inside the test's process."""

    name = "telegram"
    keeps_history = False

    def __init__(self, limits: Limits = FREE) -> None:
        self.limits = limits
        self.heard: defaultdict[str, list[str]] = defaultdict(list)
        self.fails: Callable[[str, str], Exception | None] = lambda _address, _text: None
        self._all: asyncio.Queue[str] = asyncio.Queue()
        self.slowest = 0.0
        self.most = self.now = 0
        self._chance = random.Random(3)  # noqa: S311 - a run that can be played again

    async def next(self) -> str:
        """Wait for the next message that nobody has waited for."""
        return await self._all.get()

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def fetch(self, media: Media) -> bytes:
        raise NotImplementedError(media)

    async def send(self, address: str, message: Outgoing, key: str) -> str:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(self._chance.uniform(0, self.slowest))
            if (error := self.fails(address, message.text)) is not None:
                raise error
            self.heard[address].append(message.text)
            self._all.put_nowait(message.text)
            return key
        finally:
            self.now -= 1


def refused(*, retry_after: float | None = None, gone: bool = False) -> SendFailed:
    return SendFailed("refused by the test", retry=not gone, retry_after=retry_after, gone=gone)


async def chat(engine: AsyncEngine, address: str) -> Chat:
    """Make a conversation with somebody new."""
    person_id = uuid4()
    async with engine.begin() as db:
        await db.execute(insert(Person).values(id=person_id))
        number = await db.scalar(
            insert(Conversation)
            .values(person_id=person_id, channel="telegram", address=address)
            .returning(Conversation.id)
        )
    return Chat(number, "telegram", "vi", person_id)


async def say(engine: AsyncEngine, to: Chat, *texts: str, lane: Lane = Lane.REPLY) -> None:
    """Put messages into the outbox, with their jobs, in one commit."""
    held = Held(engine)
    async with held.transaction() as db:
        desk = Desk(db, MONDAY, World({"telegram": FREE}))
        for text in texts:
            desk.tell(to, Outgoing(text), lane)
        await desk.clear()
    await held.close()
