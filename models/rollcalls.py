"""Calling the roll: which households, who was asked, and what each is known to be."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Safety(StrEnum):
    """What a household is known to be."""

    SAFE = "safe"
    HELP = "help"
    UNSURE = "unsure"


class How(StrEnum):
    """How it became known."""

    ASKED = "asked"  # in answer to the question
    UNASKED = "unasked"
    NEIGHBOUR = "neighbour"
    HEAD = "head"  # somebody of the village or the commune went there


class RollCall(Base):
    """One roll-call of some villages of a commune, of all of them with none named."""

    __tablename__ = "rollcalls"
    __table_args__ = (
        Index("ix_rollcalls_running", "commune", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    commune: Mapped[str]
    villages: Mapped[list[str]] = mapped_column(ARRAY(String))
    at_risk_only: Mapped[bool]
    practice: Mapped[bool]
    started_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    started_at: Mapped[datetime]
    made_at: Mapped[datetime | None]  # its households are known
    asked_at: Mapped[datetime | None]  # everybody was asked
    walk_at: Mapped[datetime | None]  # when silence goes to the heads; None: it went
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AlertCall(Base):
    """A commune in which an alert has the roll called, and the roll-call that does it."""

    __tablename__ = "alert_calls"
    __table_args__ = (
        Index(
            "ix_alert_calls_waiting",
            "broadcast_id",
            "commune",
            postgresql_where=text("rollcall_id IS NULL"),
        ),
    )

    broadcast_id: Mapped[int] = mapped_column(
        ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True
    )
    commune: Mapped[str] = mapped_column(primary_key=True)
    rollcall_id: Mapped[int | None] = mapped_column(  # None: not begun yet
        ForeignKey("rollcalls.id", ondelete="CASCADE"), index=True
    )


class RollHousehold(Base):
    """One household of a roll-call; it is counted once, whoever answers for it."""

    __tablename__ = "rollcall_households"
    __table_args__ = (UniqueConstraint("rollcall_id", "number"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    rollcall_id: Mapped[int] = mapped_column(ForeignKey("rollcalls.id", ondelete="CASCADE"))
    number: Mapped[int]  # as it is called on the list of doors, those at most risk first
    household_id: Mapped[int | None] = mapped_column(
        ForeignKey("households.id", ondelete="SET NULL"), index=True
    )
    village: Mapped[str]
    weight: Mapped[int]
    private: Mapped[dict[str, Any] | None]  # head, phone, address, groups; emptied with the case
    answer: Mapped[str | None]
    how: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="SET NULL"))


class RollAsk(Base):
    """A chat that stands for a household; it is asked once, whatever crashes."""

    __tablename__ = "rollcall_asks"
    __table_args__ = (
        Index("ix_rollcall_asks_conversation_id", "conversation_id"),
        Index(
            "ix_rollcall_asks_waiting",
            "rollcall_id",
            "unit_id",
            postgresql_where=text("asked_at IS NULL"),
        ),
    )

    rollcall_id: Mapped[int] = mapped_column(
        ForeignKey("rollcalls.id", ondelete="CASCADE"), primary_key=True
    )
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(
        ForeignKey("rollcall_households.id", ondelete="CASCADE"), index=True
    )
    asked_at: Mapped[datetime | None]


class SafeWord(Base):
    """«Tôi an toàn», said while nobody asked: the newest word of a person."""

    __tablename__ = "safe_words"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]
