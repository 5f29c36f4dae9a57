"""What the province decided about the calendar in chat, over what awareness_days.yaml says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class OwnDay(Base):
    """A day of the province's own.  ``body`` is an entry of the file: public words."""

    __tablename__ = "own_days"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    added_at: Mapped[datetime]  # what would have gone out before is not missed
    removed_at: Mapped[datetime | None]


class DayChange(Base):
    """What is otherwise with one day of one year; None: as the day itself says."""

    __tablename__ = "day_changes"

    occasion: Mapped[str] = mapped_column(primary_key=True)
    occasion_on: Mapped[date] = mapped_column(primary_key=True)
    on: Mapped[bool | None]
    days_before: Mapped[int | None]
    hour: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")  # a second look is at one of them
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]
    looked_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
