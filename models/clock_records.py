"""How each clock of each case ended, for the reports: kept or late, with its pauses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ClockRecord(Base):
    """One promise of one case, once it is settled.  Figures only: it outlives the case.

    A case that is opened again, or raised in urgency, has a new round with clocks of its own.
    """

    __tablename__ = "clock_records"
    __table_args__ = (
        UniqueConstraint("case_id", "clock", "round"),
        Index("ix_clock_records_ended_at", "ended_at", "commune"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="SET NULL"))
    clock: Mapped[str]  # take, answer
    round: Mapped[int] = mapped_column(SmallInteger)
    commune: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(String))
    urgency: Mapped[str]
    basis: Mapped[str]  # law, promise
    unit: Mapped[str]
    amount: Mapped[float]
    counted_from: Mapped[datetime]
    due_at: Mapped[datetime]  # pauses included
    ended_at: Mapped[datetime]
    how: Mapped[str]  # the state it ended in: taken, confirmed, …; changed: by a new urgency
    kept: Mapped[bool | None]  # None: it ended in time without being answered (withdrawn, …)
    paused_seconds: Mapped[int]
    pauses: Mapped[list[Any]] = mapped_column(JSONB)  # [from, to] in ISO 8601
