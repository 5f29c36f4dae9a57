"""Lists of households that one disaster has hit: as they were sent, line by line."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ListState(StrEnum):
    OPEN = "open"  # lines are still coming
    FILING = "filing"  # a job is making cases of its lines
    FILED = "filed"
    DROPPED = "dropped"  # given up before anything but emergencies was filed


class LineState(StrEnum):
    GOOD = "good"
    WRONG = "wrong"  # to be corrected
    FILED = "filed"
    SAME = "same"  # this household was listed before
    REMOVED = "removed"


class HouseholdList(Base):
    """One list.  Its id is that of the draft it was made in."""

    __tablename__ = "lists"
    __table_args__ = (
        Index("ix_lists_village", "commune", "village_key", "opened_at"),
        Index("ix_lists_filing", "opened_at", postgresql_where=text("state = 'filing'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    reporter_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="RESTRICT"), index=True
    )
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="RESTRICT")
    )
    commune: Mapped[str]
    village: Mapped[str]  # as it was chosen or typed
    village_key: Mapped[str]  # what every spelling of it shares
    cause: Mapped[str | None]
    happened: Mapped[date | None]
    state: Mapped[str] = mapped_column(server_default=ListState.OPEN.value)
    opened_at: Mapped[datetime]
    filed_at: Mapped[datetime | None]
    deciding: Mapped[dict[str, Any] | None]  # a decision about the whole list, while it is made
    sheets: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))  # read


class ListLine(Base):
    """One line.  Its id is that of the draft its case is opened with: one case at most."""

    __tablename__ = "list_lines"
    __table_args__ = (UniqueConstraint("list_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    list_id: Mapped[UUID] = mapped_column(ForeignKey("lists.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str]
    wrong: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"))
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("cases.id", ondelete="SET NULL"), index=True
    )  # the case it opened, or the one its household had already
    body: Mapped[dict[str, Any] | None]
