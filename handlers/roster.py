"""Who can be rung in a commune at this moment: duty, leave and stand-ins, with their chats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, String, and_, bindparam, case, exists, or_, select

from handlers.desk import Chat, Desk
from models.communes import CommuneSettings
from models.conversations import Conversation
from models.deadlines.duty import Crew, Member
from models.deadlines.duty_day import duty_day
from models.deadlines.ladder import is_open
from models.deadlines.ladder_file import USUAL, mode
from models.hot import Hot
from models.people import Grant, Person, Role
from models.roster import DutyMark, Leave, RosterEntry

_COMMUNE = bindparam("commune", type_=String)
_DUTY_DAY = bindparam("duty_day", type_=Date)
_TODAY = bindparam("today", type_=Date)
_ON_DAY = and_(RosterEntry.commune == _COMMUNE, RosterEntry.day == _DUTY_DAY)
_ON_WEEKDAY = and_(
    RosterEntry.commune == _COMMUNE,
    RosterEntry.weekday == bindparam("weekday", type_=RosterEntry.weekday.type),
)
_HIS = RosterEntry.person_id == Grant.person_id
_AWAY = and_(
    Leave.commune == _COMMUNE,
    Leave.person_id == Grant.person_id,
    Leave.first <= _TODAY,
    Leave.last >= _TODAY,
)
# One statement: a new emergency is told to those on duty while its reporter waits for the answer.
_CREW = Hot(
    select(
        Grant.person_id,
        Grant.role,
        Person.locale,
        Conversation.id.label("chat"),
        Conversation.channel,
        case(
            (exists().where(_ON_DAY), exists().where(_ON_DAY, _HIS)),
            else_=exists().where(_ON_WEEKDAY, _HIS),
        ).label("rostered"),
        select(DutyMark.on_duty)
        .where(
            DutyMark.commune == _COMMUNE,
            DutyMark.person_id == Grant.person_id,
            DutyMark.until > bindparam("now", type_=DateTime(timezone=True)),
        )
        .scalar_subquery()
        .label("marked"),
        exists().where(_AWAY).label("away"),
        select(Leave.stand_in_id)
        .where(_AWAY, Leave.stand_in_id.is_not(None))
        .order_by(Leave.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("stand_in"),
        select(CommuneSettings.mode)
        .where(CommuneSettings.commune == _COMMUNE)
        .scalar_subquery()
        .label("mode"),
    )
    .join(Person, Person.id == Grant.person_id)
    .outerjoin(
        Conversation,
        and_(Conversation.person_id == Person.id, Conversation.gone_at.is_(None)),
    )
    .where(
        Grant.commune == _COMMUNE,
        Grant.revoked_at.is_(None),
        or_(Grant.role == Role.OFFICER.value, Grant.role == Role.LEADER.value),
    )
    .order_by(Grant.id, Conversation.id)
)


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who could be rung in a commune, and where they are reached."""

    crew: Crew
    rules: str  # the mode of ladder.yaml the commune is in
    chats: Mapping[UUID, tuple[Chat, ...]]

    def on_duty(self) -> list[Chat]:
        return self._chats(self.crew.on_duty())

    def officers_on_duty(self) -> list[Chat]:
        return self._chats(self.crew.officers_on_duty())

    def leaders(self) -> list[Chat]:
        return self._chats(self.crew.leaders())

    def in_charge(self, *people: UUID | None) -> list[Chat]:
        """The chats of whoever holds a case or stands in for them."""
        return self._chats(self.crew.in_charge(*people))

    def _chats(self, people: Iterable[UUID]) -> list[Chat]:
        wanted = frozenset(people)
        return [chat for who, chats in self.chats.items() if who in wanted for chat in chats]


async def of(desk: Desk, commune: str) -> Roster:
    """Read the roster of a commune; somebody who cannot be reached counts as away."""
    day = duty_day(desk.now)
    rows = await _CREW.rows(
        desk.db,
        commune=commune,
        now=desk.now,
        today=desk.today,
        duty_day=day,
        weekday=day.weekday(),
    )
    roles: defaultdict[UUID, set[str]] = defaultdict(set)
    chats: defaultdict[UUID, dict[int, Chat]] = defaultdict(dict)
    for row in rows:
        roles[row["person_id"]].add(row["role"])
        if row["chat"] is not None:
            chats[row["person_id"]][row["chat"]] = _chat(row)
    members = {
        row["person_id"]: Member(
            row["person_id"],
            frozenset(roles[row["person_id"]]),
            rostered=row["rostered"],
            marked=row["marked"],
            away=row["away"] or row["chat"] is None,
            stand_in=row["stand_in"],
        )
        for row in rows
    }
    rules = next((row["mode"] for row in rows if row["mode"]), USUAL)
    crew = Crew(tuple(members.values()), mode(rules).on_duty, is_open(desk.now, commune))
    return Roster(crew, rules, {who: tuple(found.values()) for who, found in chats.items()})


def _chat(row: Mapping[str, Any]) -> Chat:
    return Chat(row["chat"], row["channel"], row["locale"], row["person_id"])
