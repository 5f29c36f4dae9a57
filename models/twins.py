"""Pairs of cases that may be of one household: proposed, linked or kept apart."""

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
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class TwinState(StrEnum):
    PROPOSED = "proposed"
    LINKED = "linked"
    APART = "apart"


class Twin(Base):
    """One pair; the case that came later is ``case_id``.  Why they are alike names nobody."""

    __tablename__ = "twins"
    __table_args__ = (
        UniqueConstraint("case_id", "other_id"),
        Index("ix_twins_proposed", "commune", "id", postgresql_where=text("state = 'proposed'")),
        Index("ix_twins_other_id", "other_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    commune: Mapped[str]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    score: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(ARRAY(String))
    state: Mapped[str] = mapped_column(server_default=TwinState.PROPOSED.value)
    found_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    # the follower as it was, to go back to when it is found to be another household after all
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
