"""Households of a village that its head and the commune know, those at risk among them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, func, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Household(Base):
    """One household.  Whom it holds, where it lives and why it is at risk is sealed.

    ``private`` holds head, phone, people, address, poverty, groups (ids of at_risk.yaml), note.
    """

    __tablename__ = "households"
    __table_args__ = (Index("ix_households_village", "commune", "village_key"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    commune: Mapped[str]
    village: Mapped[str]  # as its head writes it
    village_key: Mapped[str]  # what every spelling of it shares
    at_risk: Mapped[bool] = mapped_column(server_default=text("false"))
    private: Mapped[dict[str, Any]]
    phone_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    basis: Mapped[str]  # on what ground the list holds it: consent, duty
    basis_at: Mapped[datetime]
    source: Mapped[str]  # typed, pasted, spreadsheet, report
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime]
    reviewed_at: Mapped[datetime]  # when somebody last said that it is so


class ListReview(Base):
    """A village was reminded to go through its list; each day of review once."""

    __tablename__ = "list_reviews"

    commune: Mapped[str] = mapped_column(primary_key=True)
    village_key: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[str] = mapped_column(primary_key=True)  # the day, and «again» the second time
    told_at: Mapped[datetime]
