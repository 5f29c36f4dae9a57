"""What an office has decided about a case, until the reporter has read it.

A decision waits a moment before it is told, so that a slip of the thumb can be taken back; where
the commune wants a second look it waits for the leader first.  What waits is a row here, so it
survives whatever crashes.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Settled(StrEnum):
    """How a decision stopped waiting."""

    TOLD = "told"
    TAKEN_BACK = "taken_back"
    WITHDRAWN = "withdrawn"  # the reporter withdrew the case first
    APPROVED = "approved"  # by the leader: a decision of its own follows
    RETURNED = "returned"  # by the leader, to be thought over
    OVERTAKEN = "overtaken"  # somebody decided otherwise meanwhile


class Decision(Base):
    """A decision, or what an officer proposes to the leader (``tell_at`` is empty then)."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index(
            "uq_decisions_waiting",
            "case_id",
            unique=True,
            postgresql_where=text("settled IS NULL"),
        ),
        Index("ix_decisions_case_id", "case_id", "id"),
        Index("ix_decisions_tell_at", "tell_at", postgresql_where=text("settled IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    what: Mapped[str]  # the status it gives the case
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    batch: Mapped[UUID | None]  # decided in one go with others
    made_at: Mapped[datetime]
    tell_at: Mapped[datetime | None]
    event_id: Mapped[int | None] = mapped_column(BigInteger)  # its line in the case's story
    body: Mapped[dict[str, Any] | None]  # {"text": …, "media": […]}
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)  # columns of the case, to go back to
    settled: Mapped[str | None]
    settled_at: Mapped[datetime | None]
