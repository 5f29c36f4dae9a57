"""The history of one account, from both directions, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from models.conversations import Conversation, Received
from models.outbox import Outbox

Item: TypeAlias = dict[str, Any]

RECENT = 300  # messages a page is given at most
# A number is drawn before its transaction commits, so a smaller one may appear after a larger
# one: what is younger than this is looked at again, and the page drops what it has.
SETTLED = text("now() - interval '5 minutes'")


async def items(
    engine: AsyncEngine, address: str, after: int, sign: Callable[[str, str], str]
) -> list[Item]:
    """Messages of an account with a number above ``after``, and all very young ones."""
    async with engine.connect() as db:
        conversation_id = await db.scalar(
            select(Conversation.id).where(
                Conversation.channel == "webchat", Conversation.address == address
            )
        )
        if conversation_id is None:
            return []
        received = await db.execute(
            select(Received.id, Received.message_id, Received.sent_at, Received.body)
            .where(
                Received.conversation_id == conversation_id,
                Received.body.is_not(None),
                or_(Received.id > after, Received.received_at > SETTLED),
            )
            .order_by(Received.id.desc())
            .limit(RECENT)
        )
        sent = await db.execute(
            select(Outbox.id, Outbox.created_at, Outbox.body)
            .where(
                Outbox.conversation_id == conversation_id,
                Outbox.body.is_not(None),
                or_(Outbox.id > after, Outbox.created_at > SETTLED),
            )
            .order_by(Outbox.id.desc())
            .limit(RECENT)
        )
        mine = [_mine(row.id, row.message_id, row.sent_at, row.body) for row in received]
        theirs = [_theirs(row.id, row.created_at, row.body) for row in sent]
    found = sorted((one for one in (*mine, *theirs) if one), key=lambda item: item["seq"])
    for item in found:
        for media in item["media"]:
            media["id"] = sign(address, media["id"])
    return found[-RECENT:]


def _mine(number: int, message_id: str, at: Any, body: Mapping[str, Any]) -> Item | None:
    if body.get("event", "message") != "message" or message_id.endswith(":hello"):
        return None
    return {
        "seq": number,
        "from": "me",
        "id": message_id.partition(":")[2],
        "at": at.isoformat(),
        "text": body.get("text", ""),
        "buttons": [],
        "media": [{"id": one["ref"], "kind": one["kind"]} for one in body.get("media", ())],
        "position": body.get("position"),
        "wants": None,
        "qr": None,
        "edited": False,
    }


def _theirs(number: int, at: Any, body: Mapping[str, Any]) -> Item:
    return {
        "seq": number,
        "from": "bot",
        "id": None,
        "at": at.isoformat(),
        "text": body.get("text", ""),
        "buttons": body.get("buttons", []),
        "media": [{"id": one, "kind": "photo"} for one in body.get("media", ())],
        "position": body.get("position"),
        "wants": body.get("wants"),
        "qr": body.get("qr"),
        "edited": False,
    }
