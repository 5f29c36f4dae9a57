"""The heads of a village: there may be two, or somebody who stands in."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from handlers.desk import CHAT, Chat, Desk
from handlers.villages import key as village_key
from models.conversations import Conversation
from models.hot import Hot
from models.people import Grant, Person, Role

_HEADS = Hot(
    select(
        *CHAT,
        Grant.villages,
    )
    .join(Person, Person.id == Conversation.person_id)
    .join(Grant, Grant.person_id == Person.id)
    .where(
        Grant.commune == bindparam("commune"),
        Grant.role == Role.VILLAGE_HEAD.value,
        Grant.revoked_at.is_(None),
        Conversation.gone_at.is_(None),
    )
    .order_by(Conversation.id)
)


async def heads_of(desk: Desk, commune: str, village: str | None) -> list[Chat]:
    """Every chat of everybody who is head of a village now and can be reached."""
    if village is None:
        return []
    wanted = village_key(village)
    found = {
        row["id"]: Chat(row["id"], row["channel"], row["locale"], row["person_id"])
        for row in await _HEADS.rows(desk.db, commune=commune)
        if wanted in {village_key(one) for one in row["villages"]}
    }
    return list(found.values())
