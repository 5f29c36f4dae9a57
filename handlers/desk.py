"""What a conversation works with: the database, the time, and a tray of messages to send.

Everything said lands in the outbox together with its delivery jobs when the desk is cleared, in
the transaction of the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, String, any_, bindparam, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.i18n import SOURCE, Translate, translator
from handlers.messages import Button, Incoming, Limits, Outgoing, Position
from handlers.render import fit
from models.conversations import Conversation
from models.hot import Hot
from models.jobs import Job, enqueue
from models.leaving import Further
from models.outbox import Lane, Outbox
from models.people import Grant, Person
from models.storms import WHOLE

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


_OUTBOX = Hot(
    insert(Outbox).values(
        conversation_id=bindparam("conversation_id"),
        lane=bindparam("lane"),
        case_id=bindparam("case_id"),
        created_at=bindparam("created_at"),
        body=bindparam("body"),
        updates=bindparam("updates", None, String),
    )
)


# The columns of a ``Chat``, of a conversation and its person.
CHAT = (Conversation.id, Conversation.channel, Person.locale, Person.id.label("person_id"))
_STAFF = Hot(
    select(*CHAT)
    .join(Person, Person.id == Conversation.person_id)
    .join(Grant, Grant.person_id == Person.id)
    .where(
        Grant.revoked_at.is_(None),
        Grant.role == any_(bindparam("roles", type_=ARRAY(String))),
        Conversation.gone_at.is_(None),
        or_(
            Grant.commune == bindparam("commune", type_=String),
            bindparam("commune", type_=String).is_(None),
        ),
    )
    .distinct()
)


@dataclass(frozen=True, slots=True)
class World:
    """What does not change while the program runs."""

    limits: Mapping[str, Limits]  # by channel
    link: Callable[[str], tuple[str, ...]] = lambda _: ()  # start word -> links that open the chat
    history: frozenset[str] = frozenset()  # channels whose page shows sent messages again
    takeover: timedelta = timedelta(minutes=30)  # how long a person who takes a chat over has it
    demo: bool = False
    take_back: timedelta = timedelta(minutes=1)  # so long a decision waits before it is told


@dataclass(frozen=True, slots=True)
class Chat:
    """Where somebody can be reached."""

    id: int
    channel: str
    locale: str
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Held:
    """A role somebody holds."""

    role: str
    commune: str | None
    villages: tuple[str, ...] = ()


@dataclass(slots=True)
class Desk:
    db: AsyncConnection
    now: datetime  # aware, UTC
    world: World
    tray: list[dict[str, Any]] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.now.astimezone(HERE).date()

    @property
    def tonight(self) -> datetime:
        """The end of the day here."""
        return datetime.combine(self.today + timedelta(days=1), time(), HERE)

    def tell(
        self,
        chat: Chat,
        message: Outgoing,
        lane: Lane = Lane.REPLY,
        case_id: int | None = None,
    ) -> None:
        """Put a message for a chat into the tray, split to what its channel takes."""
        limits = self.world.limits[chat.channel]
        if message.passing and not limits.edits:
            return
        if message.locale != chat.locale:
            message = replace(message, locale=chat.locale)
        for part in fit(message, limits):
            self.tray.append(
                {
                    "conversation_id": chat.id,
                    "lane": int(lane),
                    "case_id": case_id,
                    "created_at": self.now,
                    "body": packed(part),
                    "updates": part.updates,
                }
            )
            self.jobs.append(Job("deliver", str(chat.id), int(lane)))

    async def staff(self, commune: str | None, roles: Collection[str]) -> list[Chat]:
        """Every chat of the people who hold one of the roles in a commune and can be reached."""
        rows = await _STAFF.rows(self.db, commune=commune, roles=[str(role) for role in roles])
        return [Chat(**row) for row in rows]

    async def chat(self, conversation_id: int) -> Chat:
        row = await self.db.execute(
            select(*CHAT)
            .join(Person, Person.id == Conversation.person_id)
            .where(Conversation.id == conversation_id)
        )
        return Chat(*row.one())

    async def clear(self) -> None:
        """Write the tray to the outbox, with its jobs."""
        if self.tray:
            await _OUTBOX.run_all(self.db, self.tray)
        await enqueue(self.db, self.jobs)
        self.tray.clear()
        self.jobs.clear()


@dataclass(slots=True)
class Turn(Desk):
    """A desk with somebody in front of it who has just said something."""

    said: Incoming = field(kw_only=True)
    chat_id: int = field(kw_only=True)
    person_id: UUID = field(kw_only=True)
    locale: str = field(kw_only=True)
    commune: str | None = field(kw_only=True)
    flow: str | None = field(kw_only=True)
    draft: dict[str, Any] = field(kw_only=True)
    draft_id: UUID | None = field(kw_only=True)
    held: tuple[Held, ...] = field(kw_only=True)
    filed: Mapping[str, Any] | None = field(kw_only=True, default=None)  # case of the open draft
    further: Further | None = field(kw_only=True, default=None)  # what it is to be given
    consented: bool = field(kw_only=True, default=False)  # to the handling of a case
    private: bytes | None = field(kw_only=True, default=None)  # of the person, sealed
    asked: bool = field(kw_only=True, default=True)  # an officer may be waiting for an answer
    storms: frozenset[str] = field(kw_only=True, default=frozenset())  # communes in storm mode
    lead: str = field(kw_only=True, default="")  # goes before the next thing said
    asks: bool = field(kw_only=True, default=False)  # the open question is to be shown (again)

    @property
    def t(self) -> Translate:
        return translator(self.locale)

    @property
    def in_storm(self) -> bool:
        """Whether the place somebody lives or works in is in storm mode."""
        here = {self.commune, *(one.commune for one in self.held)}
        return self.storms_in(*here)

    def storms_in(self, *communes: str | None) -> bool:
        return not self.storms.isdisjoint({WHOLE, *communes})

    @property
    def me(self) -> Chat:
        return Chat(self.chat_id, self.said.channel, self.locale, self.person_id)

    def say(  # more: the other fields of Outgoing, and case_id
        self,
        text: str,
        *buttons: Button,
        lane: Lane = Lane.REPLY,
        **more: Any,  # noqa: ANN401
    ) -> None:
        """Answer in the chat that is open.  ``text`` is translated already."""
        case_id = more.pop("case_id", None)
        whole = "\n\n".join(part for part in (self.lead, text) if part)
        self.lead = ""
        self.tell(self.me, Outgoing(whole, buttons, **more), lane, case_id)

    def open(self, flow: str, draft_id: UUID, **answers: Any) -> None:  # noqa: ANN401 - JSON
        """Start a conversation form; what was open before is put away."""
        self.flow, self.draft, self.draft_id, self.asks = flow, answers, draft_id, True

    async def reload_roles(self) -> None:
        """Read again what this person may do, after it changed."""
        rows = await self.db.execute(
            select(Grant.role, Grant.commune, Grant.villages).where(
                Grant.person_id == self.person_id, Grant.revoked_at.is_(None)
            )
        )
        self.held = tuple(Held(row.role, row.commune, tuple(row.villages)) for row in rows)

    def close(self) -> None:
        """End the form.  Its answers are personal data and are not kept."""
        self.flow, self.draft, self.draft_id, self.asks = None, {}, None, False


def packed(message: Outgoing) -> dict[str, Any]:
    """Outgoing as JSON, without what is empty."""
    body: dict[str, Any] = {"text": message.text} if message.text else {}
    if message.buttons:
        body["buttons"] = [{"token": one.token, "label": one.label} for one in message.buttons]
    if message.position is not None:
        body["position"] = {"lat": message.position.lat, "lon": message.position.lon}
    for name in ("media", "wants", "qr", "menu"):
        if value := getattr(message, name):
            body[name] = value
    if message.locale != SOURCE:
        body["locale"] = message.locale
    return body


def unpacked(body: Mapping[str, Any]) -> Outgoing:
    values = dict(body)
    values["text"] = values.get("text", "")
    values["buttons"] = tuple(Button(**button) for button in values.get("buttons", ()))
    values["media"] = tuple(values.get("media", ()))
    if "position" in values:
        values["position"] = Position(**values["position"])
    return Outgoing(**values)
