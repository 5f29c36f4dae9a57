"""What the stand-in knows: people, tokens, uploads, webhook calls on their way, and faults."""

import asyncio
import hashlib
import itertools
import json
import random
import time
from collections import Counter, deque
from dataclasses import dataclass, field

import aiohttp

APP_ID, OA_ID = "360846524940903967", "388613280878808645"
APP_SECRET, OA_SECRET = "app-secret", "oa-secret-key"
FIRST_REFRESH = "refresh-0"
HOUR, DAY = 3_600_000, 86_400_000  # milliseconds, as Zalo counts
RETRIES = (30, 300, 900, 1800, 3600)  # seconds until a call that got no 200 is made again
IN_TIME = 2.0  # seconds for an answer

FAULTS: dict = {
    "errors": [],  # codes that the next requests get, one each
    "by_user": {},  # user id: a code that every message to them gets
    "html": 0,  # the next so many requests get 502 and a page
    "slow": 0.0,  # seconds a message takes
    "slow_token": 0.0,  # seconds a token takes
    "lost_token": 0,  # the next so many rotations are done, but nothing is answered
    "refuse_token": False,
    "shapes": ["plain"],  # button shapes that are taken
    "billing": False,  # whether there is an account to bill messages after 48 hours to
    "rate": 4000,  # requests a minute
    "double": 0.0,  # share of webhook calls made twice
    "receipts": False,
    "echo": False,
    "retry_scale": 0.01,  # of the seconds between retries
    "bad_signature": False,
    "cards": True,  # whether the form for the telephone number is taken
}


@dataclass
class User:
    last: int = 0  # of the last interaction, milliseconds
    messages: list[dict] = field(default_factory=list)  # the transcript, oldest first


class World:
    """All state; ``reset`` makes it new."""

    def __init__(self) -> None:
        self.port = 0
        self.tasks: set[asyncio.Task] = set()
        self.http: aiohttp.ClientSession | None = None
        self.reset()

    def reset(self) -> None:
        for task in self.tasks:
            task.cancel()
        self.users: dict[str, User] = {}
        self.faults = {**FAULTS, "errors": [], "by_user": {}, "shapes": ["plain"]}
        self.clock: int | None = None  # milliseconds; None: the machine's
        self.ids = itertools.count(1)
        self.refresh, self.access = FIRST_REFRESH, ""
        self.access_ends = 0
        self.spent: list[str] = []  # refresh tokens that were used
        self.codes: dict[str, str] = {}  # consent codes: challenge
        self.uploads: dict[str, dict] = {}
        self.files: dict[str, bytes] = {}
        self.webhook = ""
        self.calls: list[dict] = []
        self.deliveries: list[dict] = []  # what became of each webhook call
        self.counts: Counter[str] = Counter()
        self.requests: deque[float] = deque()
        self.random = random.Random(5)  # noqa: S311 - faults that can be played again

    def now(self) -> int:
        return self.clock if self.clock is not None else int(time.time() * 1000)

    def next_id(self) -> str:
        return hashlib.md5(str(next(self.ids)).encode()).hexdigest()[:20]  # noqa: S324

    def rotate(self) -> dict:
        """Give a new pair; the old one is dead, the access token too."""
        self.spent.append(self.refresh)
        number = next(self.ids)
        self.refresh, self.access = f"refresh-{number}", f"access-{number}"
        self.access_ends = self.now() + 25 * HOUR
        return {
            "access_token": self.access,
            "refresh_token": self.refresh,
            "expires_in": "90000",
        }

    def event(self, name: str, user: str, **more: object) -> dict:
        """Make an event of a person."""
        return {
            "app_id": APP_ID,
            "sender": {"id": user},
            "user_id_by_app": f"7{user}",
            "recipient": {"id": OA_ID},
            "event_name": name,
            **more,
            "timestamp": str(self.now()),
        }

    def written(self, event: dict) -> bytes:
        """An event as bytes, now this way, now another: only the raw body can be verified."""
        items = list(event.items())
        if self.random.random() < 0.5:
            self.random.shuffle(items)
        text = json.dumps(
            dict(items),
            ensure_ascii=self.random.random() < 0.3,
            separators=self.random.choice([(",", ":"), (", ", ": "), (",\n ", " : ")]),
        )
        return (text.replace("/", "\\/") if self.random.random() < 0.3 else text).encode()

    async def deliver(self, event: dict) -> dict:
        """Call the webhook; what gets no 200 in time is called again later, by itself."""
        body = self.written(event)
        signed = APP_ID.encode() + body + event["timestamp"].encode() + OA_SECRET.encode()
        mac = hashlib.sha256(signed).hexdigest()
        if self.faults["bad_signature"]:
            mac = mac[::-1]
        first = await self._call(body, mac, 0)
        if self.random.random() < self.faults["double"]:
            await self._call(body, mac, 0)
        if first["status"] != 200:
            self._later(self._again(body, mac))
        return first

    def _later(self, work) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def soon(self, event: dict) -> None:
        self._later(self.deliver(event))

    async def _again(self, body: bytes, mac: str) -> None:
        for number, seconds in enumerate(RETRIES, 1):
            await asyncio.sleep(seconds * self.faults["retry_scale"])
            if (await self._call(body, mac, number))["status"] == 200:
                return
        self.counts["webhook_switched_off"] += 1

    async def _call(self, body: bytes, mac: str, number: int) -> dict:
        if self.http is None or self.http.closed:
            self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200))
        headers = {"X-ZEvent-Signature": f"mac={mac}", "Content-Type": "application/json"}
        if number:
            headers["num_retry"] = str(number)
        started = time.monotonic()
        try:
            timeout = aiohttp.ClientTimeout(total=IN_TIME)
            async with self.http.post(
                self.webhook, data=body, headers=headers, timeout=timeout
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            status = 0
        made = {"status": status, "seconds": time.monotonic() - started, "retry": number}
        self.deliveries.append(made)
        return made

    def over_rate(self) -> bool:
        """Count a request; True when it is one too many of this minute."""
        now = time.monotonic()
        while self.requests and self.requests[0] < now - 60:
            self.requests.popleft()
        if len(self.requests) >= self.faults["rate"]:
            self.counts["over_rate"] += 1
            return True
        self.requests.append(now)
        self.counts["most_a_minute"] = max(self.counts["most_a_minute"], len(self.requests))
        return False
