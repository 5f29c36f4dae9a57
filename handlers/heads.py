"""The heads of a village: there may be two, or somebody who stands in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, any_, bindparam, false, or_, select

from handlers.desk import CHAT, Chat, Desk
from handlers.villages import key as village_key
from models import village_rules
from models.cases import Case
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


def kept_from_heads(case: Mapping[str, Any]) -> bool:
    """Whether a head may not see a case: its reporter may be afraid, and no officer has asked."""
    afraid = set(case["kinds"]) & set(village_rules.verification().never_by_itself)
    asked = case["check_due_at"] or case["check_answer"] or case["list_id"]
    return bool(afraid) and not asked


def shown_to_heads() -> ColumnElement[bool]:
    """The same as a condition, the other way round."""
    rules = village_rules.verification()
    afraid = or_(false(), *(any_(Case.kinds) == kind for kind in rules.never_by_itself))
    return ~and_(
        afraid, Case.check_due_at.is_(None), Case.check_answer.is_(None), Case.list_id.is_(None)
    )
