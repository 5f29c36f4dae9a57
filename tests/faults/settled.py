"""What must hold once everything has settled, read from the database and the platform."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from models.conversations import Conversation
from models.outbox import Outbox

SECOND_PART = "Hoặc bấm nút dưới đây"  # one message cannot carry two keyboards


async def waiting(engine: AsyncEngine) -> dict[str, int]:
    """What is not done yet, by name; empty when all is."""
    queries = {
        "messages": "SELECT count(*) FROM outbox WHERE done_at IS NULL",
        "jobs": "SELECT count(*) FROM pgqueuer WHERE entrypoint IN ('deliver', 'settle_album')",
    }
    async with engine.connect() as db:
        counts = {name: await db.scalar(text(query)) or 0 for name, query in queries.items()}
    return {name: count for name, count in counts.items() if count}


async def outbox(engine: AsyncEngine, chat: int) -> list[Any]:
    """Every message of a chat, in the order it was written."""
    query = (
        select(Outbox)
        .join(Conversation, Conversation.id == Outbox.conversation_id)
        .where(Conversation.channel == "telegram", Conversation.address == str(chat))
        .order_by(Outbox.id)
    )
    async with engine.connect() as db:
        return list((await db.execute(query)).all())


def repeated(rows: list[Any], transcript: list[dict]) -> int:
    """Compare what was to be said with what the platform showed; give the repetitions.

    Every message must be there, in order.  More is allowed only right before the same message:
    it was in flight when its process died, and was sent again.
    """
    lost = [row.id for row in rows if row.done_at is None or row.failure or not row.platform_id]
    assert not lost, f"never sent: {lost}"
    kept = [int(row.platform_id) for row in rows]
    assert kept == sorted(kept), "replies out of order"
    shown = list(_whole(transcript))
    assert set(kept) <= {number for number, _ in shown}, "the platform never showed them"
    extra = 0
    for (number, words), (_, next_words) in zip(shown, [*shown[1:], (0, "")], strict=True):
        if number in set(kept):
            continue
        extra += 1
        assert words == next_words, "said twice, but not one after the other"
    return extra


def _whole(transcript: list[dict]) -> Iterator[tuple[int, str]]:
    """Number and words of each message; one that took two calls has the second's number."""
    for place, message in enumerate(transcript):
        if message["text"].startswith(SECOND_PART):
            continue
        number = message["message_id"]
        if transcript[place + 1 :] and transcript[place + 1]["text"].startswith(SECOND_PART):
            number = transcript[place + 1]["message_id"]
        yield number, message["text"]


def doubled(values: list[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]
