"""Broadcasts, who was to get each and what became of it, and what people want to hear about."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from models.base import Base


def _somebody() -> MappedColumn[UUID | None]:
    return mapped_column(ForeignKey("people.id", ondelete="SET NULL"))


class State(StrEnum):
    """Where a broadcast stands.  From APPROVED on its content and audience do not change."""

    DRAFT = "draft"
    PROPOSED = "proposed"  # waits for a second person
    APPROVED = "approved"  # waits for its time
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    MISSED = "missed"  # its time passed without it: told, never sent late by surprise


class Fate(StrEnum):
    """What became of one recipient."""

    WAITING = "waiting"
    QUEUED = "queued"  # its message is in the outbox
    SENT = "sent"
    DELIVERED = "delivered"
    SEEN = "seen"
    MAILBOX = "mailbox"  # outside the platform's window: kept for the next contact
    BLOCKED = "blocked"
    FAILED = "failed"
    OPTED_OUT = "opted_out"
    STOPPED = "stopped"  # the broadcast was stopped before


class Broadcast(Base):
    """One message to many.  ``content`` and ``audience`` are public words and codes."""

    __tablename__ = "broadcasts"
    __table_args__ = (
        UniqueConstraint("occasion", "occasion_on"),  # the planner drafts each day once
        Index(
            "ix_broadcasts_open",
            "state",
            "due_at",
            postgresql_where=text("state IN ('draft','proposed','approved','running','paused')"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    title: Mapped[str]
    topic: Mapped[str]
    alert: Mapped[bool] = mapped_column(server_default=text("false"))
    commune: Mapped[str | None]  # whose it is; None: the province's
    occasion: Mapped[str | None]  # entry of the calendar it was drafted for
    occasion_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(server_default=State.DRAFT.value)
    version: Mapped[int] = mapped_column(server_default="1")  # an approval is of one version
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    audience: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_by: Mapped[UUID | None] = _somebody()  # None: the planner
    made_at: Mapped[datetime]
    proposed_by: Mapped[UUID | None] = _somebody()
    approved_by: Mapped[UUID | None] = _somebody()
    approved_at: Mapped[datetime | None]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)  # of what was approved
    looked_by: Mapped[UUID | None] = _somebody()  # an alert's second look
    due_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]  # staff were told that nobody has approved it yet
    started_at: Mapped[datetime | None]
    reached: Mapped[int] = mapped_column(BigInteger, server_default="0")  # chats looked at so far
    expanded_at: Mapped[datetime | None]  # every recipient has its row
    shown_at: Mapped[datetime | None]  # progress was shown last
    finished_at: Mapped[datetime | None]


class Recipient(Base):
    """The ledger: one row for each chat a broadcast is meant for, whatever becomes of it."""

    __tablename__ = "recipients"
    __table_args__ = (
        Index(
            "ix_recipients_waiting",
            "broadcast_id",
            "channel",
            "conversation_id",
            postgresql_where=text("fate = 'waiting'"),
        ),
        Index(
            "ix_recipients_queued",
            "broadcast_id",
            "outbox_id",
            postgresql_where=text("fate = 'queued'"),
        ),
        Index("ix_recipients_conversation_id", "conversation_id", "broadcast_id"),
    )

    broadcast_id: Mapped[int] = mapped_column(
        ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True
    )
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    channel: Mapped[str]
    commune: Mapped[str | None]
    fate: Mapped[str]
    reason: Mapped[str | None]  # why it was not sent; no personal data
    outbox_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime]  # of its last change


class Answer(Base):
    """What people did with a broadcast: pressed a button, wrote back, stopped its topic."""

    __tablename__ = "broadcast_answers"
    __table_args__ = (Index("ix_broadcast_answers_broadcast_id", "broadcast_id", "what"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcasts.id", ondelete="CASCADE"))
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    what: Mapped[str]  # check, meet, words, stop
    at: Mapped[datetime]


class Subscription(Base):
    """What somebody chose to hear, or not to hear, about; a later choice ends the earlier one.

    Source: Luật 91/2025/QH15 Điều 9 (provable, by purpose, revocable).
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        Index(
            "ix_subscriptions_standing",
            "person_id",
            "topic",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    topic: Mapped[str]
    wants: Mapped[bool]
    wording: Mapped[str]  # version of the text that was shown
    channel: Mapped[str]
    broadcast_id: Mapped[int | None] = mapped_column(  # the one that made them choose
        ForeignKey("broadcasts.id", ondelete="SET NULL")
    )
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
