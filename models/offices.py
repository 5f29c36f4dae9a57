"""How the office of a commune works: its ready-made replies, its group chats, its mornings."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ReplyTemplate(Base):
    """A reply that the office of a commune gives again and again; no personal data in it."""

    __tablename__ = "reply_templates"
    __table_args__ = (Index("ix_reply_templates_commune", "commune", "use"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    commune: Mapped[str]
    use: Mapped[str]  # confirm, decline, helped, ask
    text: Mapped[str]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime]


class StaffGroup(Base):
    """A group chat of a commune's office, where cards show neither names nor numbers."""

    __tablename__ = "staff_groups"
    __table_args__ = (
        Index("ix_staff_groups_commune", "commune", postgresql_where=text("unlinked_at IS NULL")),
        Index(
            "uq_staff_groups_conversation_id",
            "conversation_id",
            unique=True,
            postgresql_where=text("unlinked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    commune: Mapped[str]
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    linked_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    linked_at: Mapped[datetime]
    unlinked_at: Mapped[datetime | None]


class Digest(Base):
    """The morning's work was laid before somebody on a day, or there was none."""

    __tablename__ = "digests"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    given_at: Mapped[datetime]
