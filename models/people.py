"""People, what they agreed to, and what the service lets them do."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Role(StrEnum):
    """Roles beside the citizen's, which everybody has."""

    VILLAGE_HEAD = "village_head"
    OFFICER = "officer"
    LEADER = "leader"
    PROVINCE = "province"


class Person(Base):
    """Somebody with at least one chat account."""

    __tablename__ = "people"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    locale: Mapped[str] = mapped_column(server_default="vi")
    commune: Mapped[str | None]  # code of the commune chosen last
    private: Mapped[dict[str, Any] | None]  # {"name": …, "phone": …, "village": …}
    phone_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    erase_asked_at: Mapped[datetime | None]  # cases of before go when they are done


class Consent(Base):
    """What a person agreed to, in which wording; withdrawal is a date, not a deletion.

    Source: Luật 91/2025/QH15 Điều 9; NĐ 356/2025/NĐ-CP Điều 6 (provable, by purpose, revocable).
    """

    __tablename__ = "consents"
    __table_args__ = (
        Index(
            "ix_consents_standing",
            "person_id",
            "purpose",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    wording: Mapped[str]  # version of the text that was shown
    channel: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Grant(Base):
    """A role a person holds, and where."""

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint("commune IS NOT NULL OR role = 'province'", name="role_has_a_place"),
        Index("ix_grants_person_id", "person_id", postgresql_where=text("revoked_at IS NULL")),
        Index("ix_grants_commune", "commune", "role", postgresql_where=text("revoked_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    role: Mapped[str]
    commune: Mapped[str | None]
    villages: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"))
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Invitation(Base):
    """A single-use way to a role.  Only the hash of its code is stored."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    role: Mapped[str]
    commune: Mapped[str | None]
    villages: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"))
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    revoked_at: Mapped[datetime | None]


class Village(Base):
    """Villages of a commune, imported by the commune; without a list they are free text."""

    __tablename__ = "villages"

    commune: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
