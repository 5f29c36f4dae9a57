"""The last statement of an incoming message: everything it changed, said and ordered, at once.

A round trip costs this process as much as the work, so what nearly every message does is one
statement: the conversation's new draft, further answers of a filed case, the replies, and
PgQueuer's own enqueue statement, with ours put in front of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from models.hot import driver, sealed
from models.jobs import Job, columns
from models.jobs import statement as jobs_statement

OURS = """WITH stored AS (
    UPDATE conversations SET flow = $8, draft = $9, draft_id = $10, nudge_at = $11, nudged = 0
    WHERE id = $7
), kept AS (
    UPDATE cases SET village = $14, details = $15, phone_hash = $16
    WHERE id = $12 AND details = $13
), said AS (
    INSERT INTO outbox (conversation_id, lane, case_id, created_at, updates, body)
    SELECT * FROM unnest(
        $17::bigint[], $18::smallint[], $19::bigint[], $20::timestamptz[], $21::varchar[],
        $22::bytea[]
    )
),"""


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


@cache
def _statement() -> str:
    enqueue = jobs_statement().strip()
    if not enqueue.startswith("WITH input "):
        raise RuntimeError(
            "PgQueuer writes its enqueue statement differently: adapt models.leaving"
        )
    return OURS + enqueue.removeprefix("WITH")


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
        _statement(),
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
