"""What is to be said, written in the same commit as the reason for saying it."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TALK, Base

LOCKS = 1 << 62  # who sends in a conversation holds the advisory lock of this and its number


class Lane(IntEnum):
    """Which message goes first when not all can; also the priority of the delivery job."""

    BULK = 10
    REMINDER = 20
    CALL = 25  # a roll-call: behind answers, ahead of everything that can wait
    REPLY = 30
    ALERT = 35  # warnings to many: before all but direct talk about danger
    URGENT = 40


class Outbox(Base):
    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "conversation_id",
            "id",
            postgresql_where=text("done_at IS NULL AND NOT mailbox"),
        ),
        Index(
            "ix_outbox_mailbox",
            "conversation_id",
            "id",
            postgresql_where=text("mailbox"),
        ),
        Index(
            "ix_outbox_updates",
            "conversation_id",
            "updates",
            "id",
            postgresql_where=text("updates IS NOT NULL"),
        ),
        Index("ix_outbox_conversation_id", "conversation_id", "id"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger, TALK, server_default=TALK.next_value(), primary_key=True
    )
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    lane: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(server_default="0")
    done_at: Mapped[datetime | None]  # sent, or given up
    platform_id: Mapped[str | None]  # set when it was sent
    delivered_at: Mapped[datetime | None]  # as the platform reports, where it does
    seen_at: Mapped[datetime | None]
    mailbox: Mapped[bool] = mapped_column(server_default=false())  # waits for the next contact
    kept_at: Mapped[datetime | None]  # first put there; stays when it is let go
    failure: Mapped[str | None]  # why it was given up; no personal data
    case_id: Mapped[int | None]  # the case it tells about, if any
    updates: Mapped[str | None]  # messages of a chat with the same key are versions of one
    body: Mapped[dict[str, Any] | None]


class Pace(Base):
    """The next free sending slot of a channel, shared by every process."""

    __tablename__ = "paces"

    channel: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime] = mapped_column(server_default=func.now())
    bulk_hold_until: Mapped[datetime | None]
