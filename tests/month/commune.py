"""A commune through a month: reports come in, four officers work, the clock is moved by hand.

Nothing here knows the ladder.  Cases are filed and worked on through the service's own doors, the
clockwork runs whenever a minute has something due, and not at all while every process is down.
"""

from __future__ import annotations

import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import yaml
from sqlalchemy import func, select

from handlers import casebook, clockwork, notify
from handlers.casebook import Report
from handlers.desk import Turn
from handlers.messages import Incoming
from models.cases import Case
from models.conversations import Conversation
from models.deadlines.calendar import add_working_time, for_commune
from models.people import Role
from tests.conversations.stories import called
from tests.deadlines.when import at
from tests.people import DONG_SON, Somebody, Town

TWENTY = yaml.safe_load(Path(__file__).with_name("twenty.yaml").read_text(encoding="utf-8"))
FIRST, LAST = at("2026-02-01 00:00"), at("2026-03-01 00:00")
DOWN = at("2026-02-10 08:00"), at("2026-02-10 14:00")  # a Tuesday; every process is gone
KINDS = ("hunger", "house_damaged", "injury", "livelihood", "benefit_request", "funeral_request")
OFFICERS = ("Trần Thị Lan", "Lê Văn Minh", "Phạm Thị Hoa", "Đinh Văn Bảy")
AWAY = ("Phạm Thị Hoa", at("2026-02-09 00:00"), at("2026-02-14 00:00"))
TET_NIGHTS = {16: "Lan", 17: "Minh", 18: "Hoa", 19: "Bảy", 20: "Lan"}  # February: who is on duty

Action = Callable[[], Awaitable[None]]


@dataclass
class Month:
    town: Town
    cases: int
    random: Random = field(default_factory=lambda: Random(2026))  # noqa: S311 - no secret
    officers: list[Somebody] = field(default_factory=list)
    twenty: list[str] = field(default_factory=list)  # codes of the cases of twenty.yaml
    _heap: list[tuple[datetime, int, Action]] = field(default_factory=list)
    _order: Any = field(default_factory=count)
    _chats: list[tuple[int, Somebody]] = field(default_factory=list)

    async def play(self) -> None:
        await self._settle_in()
        for number in range(self.cases):
            self._expect(number)
        while self._heap:
            when, _, action = heapq.heappop(self._heap)
            if when >= LAST:
                break
            if DOWN[0] <= when < DOWN[1]:  # kept by the platform until somebody asks for it
                self._at(DOWN[1], action)
                continue
            await self._tick_until(when)
            self.town.time = when
            await action()
        await self._tick_until(LAST)

    async def _settle_in(self) -> None:
        self.town.time = FIRST - timedelta(hours=10)
        for name in OFFICERS:
            self.officers.append(await called(await self.town.staff(name, Role.OFFICER), name))
        leader = await self.town.staff("Nguyễn Văn Hai", Role.LEADER)
        await self.town.staff("so-y-te", Role.PROVINCE, None)
        for day, name in TET_NIGHTS.items():
            await leader.says(f"/lichtruc {day}/2/2026 {name}")
        hoa = self.officers[2]
        await hoa.says("/nghiphep 9/2/2026 13/2/2026 Minh")
        for number in range(20):
            citizen = self.town.person(f"849{number:02}")
            await citizen.says("/menu")
            query = select(Conversation.id).where(Conversation.address == citizen.address)
            self._chats.append((await self.town.one(query), citizen))

    def _at(self, when: datetime, action: Action) -> None:
        """People act between two minutes, the clockwork on the minute."""
        moment = when.replace(second=30, microsecond=0)
        heapq.heappush(self._heap, (moment, next(self._order), action))

    def _expect(self, number: int) -> None:
        if number < len(TWENTY):
            case = TWENTY[number]
            received = at(case["received"])
            # filed on the minute, as computed by hand; nothing else happens then
            entry = (received, next(self._order), self._filing(number, case))
            heapq.heappush(self._heap, entry)
            return
        minutes = self.random.randrange(int((LAST - FIRST) / timedelta(minutes=1)))
        urgent = self.random.random() < 0.08
        case = {
            "kinds": ["emergency"] if urgent else [self.random.choice(KINDS)],
            "urgency": "sos" if urgent else self.random.choice(["high", "normal", "low"]),
        }
        self._at(FIRST + timedelta(minutes=minutes), self._filing(number, case))

    def _filing(self, number: int, case: dict[str, Any]) -> Action:
        async def file() -> None:
            chat_id, citizen = self._chats[number % len(self._chats)]
            said = Incoming("webchat", citizen.address, self.town.next_id(), self.town.time)
            report = Report(DONG_SON, "Phước Thiện", tuple(case["kinds"]), case["urgency"], {},
                            incomplete=False)  # fmt: skip
            async with self.town.app.engine.begin() as db:
                person = await db.scalar(
                    select(Conversation.person_id).where(Conversation.id == chat_id)
                )
                assert person is not None
                turn = Turn(
                    db, self.town.time, self.town.app.worker().world, said=said, chat_id=chat_id,
                    person_id=person, locale="vi", commune=DONG_SON, flow=None, draft={},
                    draft_id=None, held=(),
                )  # fmt: skip
                row = await casebook.open_case(turn, uuid4(), report)
                await notify.new_case(turn, row)
                await turn.clear()
            if number < len(TWENTY):
                self.twenty.append(row["code"])
            self._work(row["code"], case["urgency"], citizen)

        return file

    def _work(self, code: str, urgency: str, citizen: Somebody) -> None:
        """What becomes of the case, as in an office with too much to do."""
        chance = self.random.random()
        if urgency == "sos":
            late = chance > 0.75
            taken = self.town.time + timedelta(
                minutes=self._between(*((31, 95) if late else (3, 25)))
            )
        elif chance > 0.97:
            return  # forgotten
        else:
            taken = self._working((490, 1500) if chance > 0.8 else (5, 400))
        clerk = self._present(taken)
        self._at(taken, self._saying(clerk, f"/nhan {code}"))
        decided = taken
        if self.random.random() < 0.2:
            asked = self._working((5, 60), taken)
            self._at(asked, self._saying(clerk, f"/hoi {code} nhà còn ai?"))
            if self.random.random() < 0.1:
                return  # never answered
            decided = asked + timedelta(minutes=self._between(60, 4000))
            self._at(decided, self._saying(citizen, f"/them {code} còn hai ông bà"))
        if self.random.random() < 0.15:
            known = self._working((30, 700), taken)
            self._at(known, self._saying(clerk, f"/dabiet {code}"))
        if self.random.random() < 0.06:
            level = self.random.choice(["sos", "gấp", "thường", "không gấp"])
            when = self._working((5, 300), taken)
            self._at(when, self._saying(clerk, f"/mucdo {code} {level} xem lại tại chỗ"))
        chance = self.random.random()
        if chance < 0.95:
            span = (30, 500) if chance < 0.8 else (1000, 2500)
            answered = self._working(span, decided)
            self._at(answered, self._saying(clerk, f"/xacnhan {code} hỗ trợ theo quy định"))

    def _saying(self, who: Somebody, text: str) -> Action:
        async def say() -> None:
            await who.says(text)

        return say

    def _present(self, when: datetime) -> Somebody:
        there = [
            one
            for one in self.officers
            if not (one.address == AWAY[0] and AWAY[1] <= when < AWAY[2])
        ]
        return self.random.choice(there)

    def _between(self, low: int, high: int) -> int:
        return self.random.randrange(low, high)

    def _working(self, span: tuple[int, int], since: datetime | None = None) -> datetime:
        minutes = self._between(*span)
        return add_working_time(since or self.town.time, minutes, for_commune(DONG_SON))

    async def _tick_until(self, when: datetime) -> None:
        """Run the clockwork at every minute up to ``when`` at which something is due."""
        world = self.town.app.worker().world
        while True:
            due = await self.town.one(select(func.min(Case.next_rung_at)))
            if due is None:
                return
            minute = up_to_the_minute(due)
            if minute > when:
                return
            self.town.time = minute
            while True:
                async with self.town.app.engine.begin() as db:
                    if not await clockwork.ring_next(db, world, minute):
                        break


def up_to_the_minute(moment: datetime) -> datetime:
    """The first minute at which the clockwork can have seen it, once it runs again."""
    whole = moment.replace(second=0, microsecond=0)
    minute = whole if whole == moment else whole + timedelta(minutes=1)
    return DOWN[1] if DOWN[0] <= minute < DOWN[1] else minute
