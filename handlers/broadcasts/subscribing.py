"""What people chose to hear about: each choice dated, with the wording it was made under."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import insert, select, update

from handlers.desk import Turn
from models.audiences import EVERY_TOPIC
from models.broadcasts import Answer, Subscription
from models.topics import WORDING, topics


async def standing(turn: Turn) -> Mapping[str, bool]:
    """The choices that hold now, by topic."""
    rows = await turn.db.execute(
        select(Subscription.topic, Subscription.wants).where(
            Subscription.person_id == turn.person_id, Subscription.ended_at.is_(None)
        )
    )
    return {row.topic: row.wants for row in rows}


def wants(topic: str, chosen: Mapping[str, bool]) -> bool:
    """Whether somebody gets what is told about a topic."""
    found = topics()[topic]
    if found.required:
        return True
    if chosen.get(EVERY_TOPIC) is False:
        return False
    return chosen.get(topic, found.by_default)


async def choose(turn: Turn, topic: str, *, on: bool, broadcast: int | None = None) -> None:
    """Note a choice; the one before is ended, not changed.  Wanting one topic undoes «none»."""
    ended = [topic, EVERY_TOPIC] if on else [topic]
    await turn.db.execute(
        update(Subscription)
        .where(
            Subscription.person_id == turn.person_id,
            Subscription.topic.in_(ended),
            Subscription.ended_at.is_(None),
        )
        .values(ended_at=turn.now)
    )
    await turn.db.execute(
        insert(Subscription).values(
            person_id=turn.person_id,
            topic=topic,
            wants=on,
            wording=WORDING,
            channel=turn.said.channel,
            broadcast_id=broadcast,
            at=turn.now,
        )
    )


async def answered(turn: Turn, broadcast: int, what: str) -> None:
    """Note what somebody did because of a broadcast."""
    await turn.db.execute(
        insert(Answer).values(
            broadcast_id=broadcast, conversation_id=turn.chat_id, what=what, at=turn.now
        )
    )
