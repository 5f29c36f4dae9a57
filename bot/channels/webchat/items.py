"""The history of one account, from both directions, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import InstrumentedAttribute

from bot.channels.webchat import frames
from models.cases import MediaFile
from models.conversations import Conversation, Received
from models.outbox import Outbox

Item: TypeAlias = dict[str, Any]
Sign: TypeAlias = Callable[[str, str], str]

RECENT = 300  # messages a page is given at once
# A number is drawn before its transaction commits, so a smaller one may appear after a larger
# one: what is younger than this is looked at again, and the page drops what it has.
SETTLED = text("now() - interval '5 minutes'")


async def items(engine: AsyncEngine, address: str, after: int, sign: Sign) -> list[Item]:
    """Messages of an account with a number above ``after``, and all very young ones."""
    return (await stretch(engine, address, after, sign))[0]


async def stretch(
    engine: AsyncEngine, address: str, after: int, sign: Sign
) -> tuple[list[Item], bool]:
    """Give a piece of the history, and whether there is more.

    From the beginning (``after`` 0) it is the newest messages, and more are older; otherwise it
    is what follows, and more is newer.
    """
    async with engine.connect() as db:
        conversation_id = await db.scalar(
            select(Conversation.id).where(
                Conversation.channel == "webchat", Conversation.address == address
            )
        )
        if conversation_id is None:
            return [], False
        received = (
            await db.execute(
                select(Received.id, Received.message_id, Received.sent_at, Received.body)
                .where(
                    Received.conversation_id == conversation_id,
                    Received.body.is_not(None),
                    or_(Received.id > after, Received.received_at > SETTLED),
                )
                .order_by(*_order(Received.id, after))
                .limit(RECENT + 1)
            )
        ).all()
        sent = (
            await db.execute(
                select(Outbox.id, Outbox.created_at, Outbox.updates, Outbox.body)
                .where(
                    Outbox.conversation_id == conversation_id,
                    Outbox.body.is_not(None),
                    or_(Outbox.id > after, Outbox.created_at > SETTLED),
                )
                .order_by(*_order(Outbox.id, after))
                .limit(RECENT + 1)
            )
        ).all()
        mine = [_mine(row.id, row.message_id, row.sent_at, row.body) for row in received]
        theirs = [_theirs(row.id, row.created_at, row.body, row.updates) for row in sent]
        await _name_kinds(db, theirs)
    found = sorted((one for one in (*mine, *theirs) if one), key=lambda item: item["seq"])
    late = [item for item in found if item["seq"] <= after]
    new = found[len(late) :]
    read = (sum(row.id > after for row in rows) for rows in (received, sent))
    more = max(*read, len(new)) > RECENT
    found = late + (new[:RECENT] if after else new[-RECENT:])
    for item in found:
        for media in item["media"]:
            media["id"] = sign(address, media["id"])
    return found, more


def _order(number: InstrumentedAttribute[int], after: int) -> tuple[ColumnElement[Any], ...]:
    """From the beginning the newest; otherwise what follows, and late ones where room is left."""
    return (number <= after, number.asc()) if after else (number.desc(),)


async def _name_kinds(db: AsyncConnection, theirs: list[Item]) -> None:
    """Say of the files that are shown of which kind they are, and how they are called."""
    shown = [media for item in theirs for media in item["media"]]
    if not shown:
        return
    rows = await db.execute(
        select(MediaFile.id, MediaFile.kind, MediaFile.name).where(
            MediaFile.id.in_({UUID(media["id"]) for media in shown})
        )
    )
    known = {row.id.hex: row for row in rows}
    for media in shown:
        row = known.get(media["id"])
        media["kind"] = row.kind if row else "document"
        if row and row.name:
            media["name"] = row.name


def _mine(number: int, message_id: str, at: datetime, body: Mapping[str, Any]) -> Item | None:
    if body.get("event", "message") != "message" or not frames.shown(message_id):
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


def _theirs(number: int, at: datetime, body: Mapping[str, Any], updates: str | None) -> Item:
    return {
        "seq": number,
        "from": "bot",
        # versions of one message share an id: the page shows the newest in the place of the first
        "id": f"version-{updates}" if updates else None,
        "at": at.isoformat(),
        "text": body.get("text", ""),
        "buttons": body.get("buttons", []),
        "media": [{"id": one, "kind": "photo"} for one in body.get("media", ())],
        "position": body.get("position"),
        "wants": body.get("wants"),
        "qr": body.get("qr"),
        "edited": False,
    }
