"""Who in a commune is on duty when, who is away, and who stands in."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class RosterEntry(Base):
    """Somebody is on duty on one day, or on every such weekday that has no entries of its own.

    A duty day runs from ``duty_day_from`` of ladder.yaml to the same hour of the next day.
    """

    __tablename__ = "roster"
    __table_args__ = (
        CheckConstraint("num_nonnulls(day, weekday) = 1", name="day_or_weekday"),
        UniqueConstraint("commune", "day", "person_id"),
        UniqueConstraint("commune", "weekday", "person_id", name="uq_roster_commune_weekday"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    commune: Mapped[str]
    day: Mapped[date | None]
    weekday: Mapped[int | None] = mapped_column(SmallInteger)  # 0 = Monday
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))


class DutyMark(Base):
    """«Vào trực», «nghỉ trực»: what somebody said of themselves, until the duty next changes."""

    __tablename__ = "duty_marks"

    commune: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    on_duty: Mapped[bool]
    until: Mapped[datetime]


class Leave(Base):
    """Days somebody is away, first and last included, and who stands in meanwhile."""

    __tablename__ = "leaves"
    __table_args__ = (
        CheckConstraint("last >= first", name="ends_after_it_begins"),
        CheckConstraint("stand_in_id <> person_id", name="somebody_else"),
        Index("ix_leaves_commune_last", "commune", "last"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    commune: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    stand_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    first: Mapped[date]
    last: Mapped[date]
    told_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    told_at: Mapped[datetime]
