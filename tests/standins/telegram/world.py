"""What the stand-in knows: chats, updates on their way, files, and the faults it is to show."""

import asyncio
import contextlib
import itertools
import random
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field

import aiohttp

FAULTS = {
    "flood_chats": {},  # chat id: {"retry_after": 2, "times": 1}
    "flood_methods": {},  # the same by method, lower case
    "flood_all": None,  # {"retry_after": 2, "times": 1}
    "flood_share": 0.0,  # share of messages answered with a 429 of one to three seconds
    "blocked": [],  # chats that blocked the bot
    "errors": 0,  # the next so many calls answer 500 and do nothing
    "lost_answers": 0,  # the next so many calls are done but answered with 500
    "slow": 0.0,  # seconds every answer takes
    "missing": [],  # methods this server does not know: 404
    "lost_files": False,  # ids of files sent before are not known any more
    "refused_photos": 0,  # the next so many photographs: PHOTO_INVALID_DIMENSIONS
    "double": 0.0,  # share of updates delivered twice, with two update ids
    "again": 0.0,  # share of answers to getUpdates that show confirmed updates once more
    "shuffle": False,  # updates of one answer in any order
    "conflict": 0,  # the next so many getUpdates answer 409
}


@dataclass
class Chat:
    messages: list[dict] = field(default_factory=list)  # the transcript, oldest first
    keyboard: dict | None = None  # the reply keyboard shown now
    commands: list[dict] | None = None  # of the chat's own scope
    allowed: bool = True  # False: the person blocked the bot


class World:
    """All state; ``reset`` makes it new."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.courier: asyncio.Task[None] | None = None
        self.changed = asyncio.Event()
        self.reset()

    def reset(self) -> None:
        if self.courier:
            self.courier.cancel()
            self.courier = None
        self.chats: dict[int, Chat] = defaultdict(Chat)
        self.files: dict[str, tuple[bytes | None, int]] = {}  # None: too large to be kept here
        self.sent: dict[str, tuple[str, str]] = {}  # the bot's own by id: kind and name
        self.updates: list[dict] = []
        self.confirmed: deque[dict] = deque(maxlen=50)
        self.queries: dict[str, bool] = {}  # callback query id: answered
        self.commands: dict[str, list[dict]] = {}
        self.calls: list[dict] = []
        self.counts: Counter[str] = Counter()
        self.webhook: dict = {}
        self.allowed_updates: list[str] = []
        self.faults: dict = {**FAULTS, "flood_chats": {}, "flood_methods": {}}
        self.sends: deque[float] = deque()
        self.last_send: dict[int, float] = {}
        self.update_ids = itertools.count(700_000_001)
        self.message_ids = itertools.count(1)
        self.ids = itertools.count(1)
        self.random = random.Random(7)  # noqa: S311 - faults that can be played again
        self.poll = 0

    def add_update(self, body: dict) -> int:
        """Queue one update for the bot, twice if that fault is on."""
        kind = next(iter(body))
        if self.allowed_updates and kind not in self.allowed_updates:
            self.counts["not_allowed"] += 1
            return 0
        number = 0
        for _ in range(2 if self.random.random() < self.faults["double"] else 1):
            number = next(self.update_ids)
            self.updates.append({"update_id": number, **body})
        self.changed.set()
        return number

    async def get_updates(self, offset: int, limit: int, seconds: float) -> list[dict]:
        """Forget what is confirmed, then wait for something to give out."""
        self.poll += 1
        mine = self.poll
        done = [update for update in self.updates if update["update_id"] < offset]
        self.confirmed.extend(done)
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        deadline = time.monotonic() + seconds
        while not self.updates and (left := deadline - time.monotonic()) > 0:
            self.changed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.changed.wait(), min(left, 0.5))
            if self.poll != mine:
                raise ConnectionAbortedError
        found = self.updates[:limit]
        if self.confirmed and self.random.random() < self.faults["again"]:
            found = [*list(self.confirmed)[-3:], *found]
            self.counts["shown_again"] += 1
        if self.faults["shuffle"]:
            found = self.random.sample(found, len(found))
        return found

    def note_send(self, chat: int) -> None:
        """Count breaches of one message a second to a chat and thirty to all."""
        now = time.monotonic()
        if now - self.last_send.get(chat, 0.0) < 0.95:
            self.counts["breach_chat"] += 1
        self.last_send[chat] = now
        self.sends.append(now)
        while self.sends[0] < now - 1:
            self.sends.popleft()
        if len(self.sends) > 30:
            self.counts["breach_all"] += 1

    def flood(self, method: str, chat: int | None) -> int | None:
        """Give the seconds of a 429, if this call is to get one."""
        faults = self.faults
        rules = (faults["flood_chats"].get(str(chat)), faults["flood_methods"].get(method))
        for rule in (faults["flood_all"], *rules):
            if rule and rule.get("times", 1) > 0:
                rule["times"] = rule.get("times", 1) - 1
                return rule["retry_after"]
        if method.startswith("send") and self.random.random() < faults["flood_share"]:
            return self.random.randint(1, 3)
        return None

    def take_fault(self, name: str) -> bool:
        if self.faults[name] <= 0:
            return False
        self.faults[name] -= 1
        return True

    def start_courier(self) -> None:
        if self.courier is None:
            self.courier = asyncio.create_task(self._deliver())

    async def _deliver(self) -> None:
        """Post updates to the webhook: each chat in order, again until it says 200."""
        async with aiohttp.ClientSession() as session:
            while True:
                heads = {}
                for update in self.updates:
                    heads.setdefault(chat_of(update), update)
                url = self.webhook.get("url")
                if not heads or not url:
                    self.changed.clear()
                    await self.changed.wait()
                    continue
                batch = list(heads.values())[:40]
                if not any(await asyncio.gather(*(self._post(session, url, u) for u in batch))):
                    await asyncio.sleep(0.2)

    async def _post(self, session: aiohttp.ClientSession, url: str, update: dict) -> bool:
        secret = self.webhook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with session.post(url, json=update, headers=headers) as answer:
                self.counts[f"webhook_{answer.status}"] += 1
                taken = answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            self.counts["webhook_unreached"] += 1
            return False
        if taken and self.random.random() >= self.faults["again"]:
            self.updates = [u for u in self.updates if u["update_id"] != update["update_id"]]
        return taken


def chat_of(update: dict) -> int:
    body = next(value for key, value in update.items() if key != "update_id")
    return (body.get("chat") or body.get("message", {}).get("chat") or {"id": 0})["id"]
