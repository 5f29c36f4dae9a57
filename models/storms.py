"""Storm mode: where, since when, until when, and who was told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

WHOLE = ""  # in place of a commune's code: the whole province


class Storm(Base):
    """One time of storm mode, of a commune or of the whole province."""

    __tablename__ = "storms"
    __table_args__ = (
        Index("ix_storms_standing", "commune", postgresql_where=text("ended_at IS NULL")),
        Index("ix_storms_untold", "id", postgresql_where=text("untold IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    commune: Mapped[str]  # code, or WHOLE
    body: Mapped[dict[str, Any]]  # {"reason": …}
    started_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    untold: Mapped[str | None]  # the news people are still to be told: on, off


class StormTold(Base):
    """A chat that was told that storm mode is on, or off; each once."""

    __tablename__ = "storm_told"

    storm_id: Mapped[int] = mapped_column(
        ForeignKey("storms.id", ondelete="CASCADE"), primary_key=True
    )
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    news: Mapped[str] = mapped_column(primary_key=True)
