"""The log of staff actions.  It only grows; each entry carries the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, LargeBinary, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

LOCK = 0x617564_6974  # "audit": writers take turns, so that the chain has no fork


class AuditEntry(Base):
    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]  # None: the operator at the command line
    role: Mapped[str]
    action: Mapped[str]
    commune: Mapped[str | None]
    case_code: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)  # ids and states, never names or words
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)


def _digest(previous: bytes, entry: dict[str, Any]) -> bytes:
    text_ = json.dumps(entry, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(previous + text_.encode()).digest()


async def write(  # noqa: PLR0913 - an entry has this many facts, all by name
    db: AsyncConnection,
    *,
    at: datetime,
    person_id: UUID | None,
    role: str,
    action: str,
    commune: str | None = None,
    case_code: str | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Append one entry, inside the caller's transaction."""
    await db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    previous = await db.scalar(
        select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)
    ) or bytes(32)
    entry = {
        "at": at,
        "person_id": person_id,
        "role": role,
        "action": action,
        "commune": commune,
        "case_code": case_code,
        "facts": facts or {},
    }
    await db.execute(
        insert(AuditEntry).values(**entry, previous=previous, digest=_digest(previous, entry))
    )


async def broken_at(db: AsyncConnection) -> int | None:
    """Return the id of the first entry that was changed or follows a gap, None if all hold."""
    previous = bytes(32)
    rows = await db.stream(select(AuditEntry.__table__).order_by(AuditEntry.id))
    async for row in rows:
        entry = {
            key: getattr(row, key)
            for key in ("at", "person_id", "role", "action", "commune", "case_code", "facts")
        }
        if row.previous != previous or row.digest != _digest(previous, entry):
            return int(row.id)
        previous = row.digest
    return None
