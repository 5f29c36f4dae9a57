"""The last statement of an incoming message: everything it changed, said and ordered, at once.

A round trip costs this process as much as the work, so what nearly every message does is one
statement: the conversation's new draft, further answers of a filed case, the replies, and
the jobs for the queue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from models.hot import driver, sealed
from models.jobs import QUEUED, Job, columns

_LEAVE = f"""WITH stored AS (
    UPDATE conversations SET flow = $7, draft = $8, draft_id = $9, nudge_at = $10, nudged = 0
    WHERE id = $6
), kept AS (
    UPDATE cases SET village = $13, details = $14, phone_hash = $15
    WHERE id = $11 AND details = $12
), said AS (
    INSERT INTO outbox (conversation_id, lane, case_id, created_at, updates, body)
    SELECT * FROM unnest(
        $16::bigint[], $17::smallint[], $18::bigint[], $19::timestamptz[], $20::varchar[],
        $21::bytea[]
    )
), {QUEUED}"""  # noqa: S608 - no values


@dataclass(frozen=True, slots=True)
class Standing:
    """What a conversation holds from now on."""

    chat_id: int
    flow: str | None
    draft: dict[str, Any] | None
    draft_id: UUID | None
    nudge_at: datetime | None


@dataclass(frozen=True, slots=True)
class Further:
    """Further answers of a filed case; dropped if somebody else changed it meanwhile.

    The next answer, or the last one at the latest, brings everything again.
    """

    case_id: int
    before: bytes  # the sealed details these were made from
    village: str | None
    details: dict[str, Any]
    phone_hash: bytes | None


_TRAY = ("conversation_id", "lane", "case_id", "created_at", "updates")


async def leave(
    db: AsyncConnection,
    standing: Standing | None,
    further: Further | None,
    tray: Sequence[Mapping[str, Any]],
    jobs: Sequence[Job],
) -> None:
    """Write all of it, inside the caller's transaction.

    Args:
        db: the connection.
        standing: the conversation, None if it did not change.
        further: the case, None if there is nothing new for it.
        tray: rows of the outbox.
        jobs: for the queue.
    """
    if standing is None and further is None and not tray and not jobs:
        return
    await driver(db).fetch(
        _LEAVE,
        *columns(jobs),
        *(_chat(standing) if standing else (None,) * 5),
        *(_case(further) if further else (None,) * 5),
        *([row[name] for row in tray] for name in _TRAY),
        [sealed(row["body"]) for row in tray],
    )


def _chat(one: Standing) -> tuple[object, ...]:
    return one.chat_id, one.flow, sealed(one.draft), one.draft_id, one.nudge_at


def _case(one: Further) -> tuple[object, ...]:
    return one.case_id, one.before, one.village, sealed(one.details), one.phone_hash
