"""Somebody wants to hear when what they are entitled to changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Watch(Base):
    """The answers of one check, and what they came to when last looked at.

    Deleted when the reminders are no longer wanted.
    """

    __tablename__ = "watches"
    __table_args__ = (Index("ix_watches_law_due_on", "law", "due_on"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    law: Mapped[str]  # which law files it was last decided by
    due_on: Mapped[date | None]  # the next day on which the answer changes
    body: Mapped[dict[str, Any]]  # the answers, and what they came to
    created_at: Mapped[datetime]
