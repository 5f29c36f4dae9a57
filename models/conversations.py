"""Where each person stands on each channel, and what came in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TALK, Base


class Conversation(Base):
    """One person on one channel.  ``draft`` holds the answers given so far, nothing else."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("channel", "address"),
        Index(
            "ix_conversations_nudge_at", "nudge_at", postgresql_where=text("nudge_at IS NOT NULL")
        ),
        {"postgresql_with": {"fillfactor": "70"}},  # updated on every message: keep them HOT
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[str]
    address: Mapped[str]
    flow: Mapped[str | None]  # name of the open conversation form
    draft: Mapped[dict[str, Any] | None]
    draft_id: Mapped[UUID | None]  # one draft opens at most one case
    nudge_at: Mapped[datetime | None]  # when silence gets a reminder, then an end
    nudged: Mapped[int] = mapped_column(server_default="0")
    gone_at: Mapped[datetime | None]  # blocked the service or vanished
    gone_why: Mapped[str | None]
    hold_until: Mapped[datetime | None]  # the platform asked us to leave this chat alone
    last_sent_at: Mapped[datetime | None]
    mailbox_since: Mapped[datetime | None]  # messages wait here for the next contact
    paused_until: Mapped[datetime | None]  # a person has taken over; the service keeps quiet


class Received(Base):
    """Every message or event that was applied; the same one again finds its row and stops.

    ``body`` is emptied by retention.  An edited message is a row of its own beside the original.
    """

    __tablename__ = "received"
    __table_args__ = (
        UniqueConstraint("channel", "message_id"),
        Index("ix_received_conversation_id", "conversation_id", "id"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger, TALK, server_default=TALK.next_value(), primary_key=True
    )
    channel: Mapped[str]
    message_id: Mapped[str]
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    edits: Mapped[str | None]  # message id of the original
    sent_at: Mapped[datetime]  # as the platform tells
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    failed: Mapped[str | None]  # the exception's name, when the program could not handle it
    body: Mapped[dict[str, Any] | None]
