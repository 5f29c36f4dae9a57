"""Group chats of an office: cards without names and numbers, and what becomes of the group.

A group is a chat like any other to the outbox, so it has a conversation; the person it belongs to
is nobody, holds no role and is told nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from handlers import cards
from handlers.desk import CHAT, Chat, Desk, Turn
from handlers.i18n import N_, Translate, translator
from handlers.messages import Button, Outgoing
from handlers.render import command_button
from models.broadcasts import Subscription
from models.cases import OPEN, Status
from models.conversations import Conversation
from models.hot import Hot
from models.offices import StaffGroup
from models.outbox import Lane, Outbox
from models.people import Person

log = structlog.get_logger(__name__)

EVERYTHING = "all"  # broadcasts are for people; the group's members get them themselves
_CHATS = Hot(
    select(*CHAT)
    .join(Person, Person.id == Conversation.person_id)
    .join(StaffGroup, StaffGroup.conversation_id == Conversation.id)
    .where(
        StaffGroup.commune == bindparam("commune"),
        StaffGroup.unlinked_at.is_(None),
        Conversation.gone_at.is_(None),
    )
)


async def show(desk: Desk, case: Mapping[str, Any]) -> None:
    """Show how a case stands in the groups of its office; a newer card replaces the older."""
    lane = Lane.URGENT if case["urgency"] == "sos" else Lane.REPLY
    for row in await _CHATS.rows(desk.db, commune=case["commune"]):
        chat = Chat(**row)
        card = _card(case, desk, translator(chat.locale))
        if case["status"] == Status.NEW or await _shown(desk, chat, card.updates):
            desk.tell(chat, card, lane)


async def _shown(desk: Desk, chat: Chat, key: str | None) -> bool:
    """Whether a group has the card of a case; it may have been linked later."""
    found = await desk.db.scalar(
        select(Outbox.id).where(Outbox.conversation_id == chat.id, Outbox.updates == key).limit(1)
    )
    return found is not None


def _card(case: Mapping[str, Any], desk: Desk, t: Translate) -> Outgoing:
    """Kind, village, time left: nothing by which strangers could tell who it is."""
    rows = [cards.line(case, desk, t)]
    buttons: tuple[Button, ...] = ()
    key = f"case:{case['id']}"
    if case["status"] == Status.NEW:
        rows.insert(0, t(N_("Hồ sơ mới, **chưa ai nhận**")))
        if case["urgency"] == "sos":
            rows.append(t(N_("⚠️ Nguy hiểm tính mạng")))
        rows.append(t(N_("Cán bộ bấm Nhận; hồ sơ mở trong trò chuyện riêng với kênh.")))
        buttons = (command_button("nhan", t(N_("✋ Nhận")), case["code"]),)
    elif case["status"] in OPEN:
        rows.append(t(N_("✋ Đã có cán bộ nhận.")))
    return Outgoing("\n".join(rows), buttons, updates=key)


async def of_commune(desk: Desk, commune: str) -> list[Mapping[str, Any]]:
    """Linked groups: the link, since when."""
    rows = await desk.db.execute(
        select(StaffGroup.id, StaffGroup.linked_at, StaffGroup.conversation_id)
        .where(StaffGroup.commune == commune, StaffGroup.unlinked_at.is_(None))
        .order_by(StaffGroup.id)
    )
    return [dict(row) for row in rows.mappings()]


async def conversation(turn: Turn, group: str) -> int:
    """The conversation of a group, made when it is linked for the first time."""
    channel = turn.said.channel
    here = (Conversation.channel == channel, Conversation.address == group)
    found: int | None = await turn.db.scalar(
        update(Conversation)
        .where(*here)
        .values(gone_at=None, gone_why=None)
        .returning(Conversation.id)
    )
    if found is not None:
        return found
    nobody = uuid4()
    await turn.db.execute(insert(Person).values(id=nobody, locale=turn.locale))
    await turn.db.execute(
        insert(Subscription).values(
            person_id=nobody, topic=EVERYTHING, wants=False, wording="", channel=channel,
            at=turn.now,
        )
    )  # fmt: skip
    made = await turn.db.scalar(
        upsert(Conversation)
        .values(person_id=nobody, channel=channel, address=group)
        .on_conflict_do_nothing()
        .returning(Conversation.id)
    )
    return made if made is not None else await conversation(turn, group)


async def linked_to(desk: Desk, conversation_id: int) -> str | None:
    """The commune whose office the group is, if any."""
    found: str | None = await desk.db.scalar(
        select(StaffGroup.commune).where(
            StaffGroup.conversation_id == conversation_id, StaffGroup.unlinked_at.is_(None)
        )
    )
    return found


async def link(turn: Turn, conversation_id: int, commune: str, by: UUID) -> None:
    await turn.db.execute(
        upsert(StaffGroup)
        .values(commune=commune, conversation_id=conversation_id, linked_by=by, linked_at=turn.now)
        .on_conflict_do_nothing()
    )


async def unlink(desk: Desk, conversation_id: int) -> None:
    await desk.db.execute(
        update(StaffGroup)
        .where(StaffGroup.conversation_id == conversation_id, StaffGroup.unlinked_at.is_(None))
        .values(unlinked_at=desk.now)
    )


async def left(turn: Turn) -> None:
    """The service was put out of a group: whoever puts it in again links it again."""
    await unlink(turn, turn.chat_id)
    await turn.db.execute(
        update(Conversation)
        .where(Conversation.id == turn.chat_id)
        .values(gone_at=turn.now, gone_why="put out of the group")
    )
    log.info("group_left", conversation=turn.chat_id)


async def moved(turn: Turn, address: str) -> None:
    """Telegram gives a group another id when it grows."""
    await turn.db.execute(
        update(Conversation)
        .where(Conversation.id == turn.chat_id)
        .values(address=address, gone_at=None, gone_why=None)
    )
    log.info("group_moved", conversation=turn.chat_id)
