"""Cases: what was reported, when an answer is due, and everything that happened since."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Status(StrEnum):
    NEW = "new"
    TAKEN = "taken"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    HELPED = "helped"
    WITHDRAWN = "withdrawn"


class Check(StrEnum):
    """What is known from the head of the village."""

    REPORTED = "reported"  # the head reported it
    TRUE = "true"
    FALSE = "false"
    HELPED = "helped"  # was helped already
    UNSURE = "unsure"  # cannot be verified
    LOOK = "look"  # somebody should look again
    DIFFER = "differ"  # two heads say different things
    SILENT = "silent"


OPEN = (Status.NEW, Status.TAKEN)  # the answer is still owed


class Case(Base):
    """One report of one household.

    Both due times are fixed when the case opens, with how they were counted; a later change of
    calendar or promise moves nothing.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("answer_due_at > opened_at AND take_due_at > opened_at", name="due_later"),
        Index(
            "ix_cases_queue",
            "commune",
            "answer_due_at",
            postgresql_where=text("status IN ('new', 'taken')"),
        ),
        Index(
            "ix_cases_next_rung_at",
            "next_rung_at",
            postgresql_where=text("next_rung_at IS NOT NULL"),
        ),
        Index("ix_cases_commune_opened_at", "commune", "opened_at"),
        Index("ix_cases_same_as", "same_as", postgresql_where=text("same_as IS NOT NULL")),
        Index("ix_cases_list_id", "list_id", postgresql_where=text("list_id IS NOT NULL")),
        Index(
            "ix_cases_done",
            text("coalesce(closed_at, answered_at)"),
            postgresql_where=text("emptied_at IS NULL AND status NOT IN ('new', 'taken')"),
        ),
        Index(
            "ix_cases_waiting_since",
            "waiting_since",
            postgresql_where=text("waiting_since IS NOT NULL"),
        ),
        Index(
            "ix_cases_check_due_at",
            "check_due_at",
            postgresql_where=text("check_due_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    draft_id: Mapped[UUID | None] = mapped_column(unique=True)
    reporter_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="RESTRICT"), index=True
    )
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="RESTRICT")
    )
    list_id: Mapped[UUID | None] = mapped_column(ForeignKey("lists.id"))  # the list it is from
    same_as: Mapped[int | None] = mapped_column(
        ForeignKey("cases.id")
    )  # follows it: one household
    commune: Mapped[str]
    village: Mapped[str | None]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(String))
    urgency: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=Status.NEW.value)
    incomplete: Mapped[bool] = mapped_column(server_default=text("true"))
    details: Mapped[dict[str, Any] | None]  # answers of the report, names and numbers among them
    phone_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    opened_at: Mapped[datetime]
    take_due_at: Mapped[datetime]
    answer_due_at: Mapped[datetime]
    clocks: Mapped[dict[str, Any]] = mapped_column(JSONB)  # how both were counted, for «Vì sao?»
    next_rung_at: Mapped[datetime | None]  # when the next reminder or lateness notice is due
    card_at: Mapped[datetime | None]  # when the office opens and is shown what came in the night
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]  # the officer's question to the citizen is open
    closed_at: Mapped[datetime | None]
    check_due_at: Mapped[datetime | None]  # the village's head is asked; silence shows then
    check_answer: Mapped[str | None]  # what the head said last, a word of Check
    check_at: Mapped[datetime | None]
    emptied_at: Mapped[datetime | None]  # words, names, numbers and files are gone since


class CaseEvent(Base):
    """The case's story.  What the citizen may read is marked ``public``."""

    __tablename__ = "case_events"
    __table_args__ = (Index("ix_case_events_case_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    what: Mapped[str]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    public: Mapped[bool] = mapped_column(server_default=text("true"))
    body: Mapped[dict[str, Any] | None]


class Rung(Base):
    """A reminder or lateness notice that was given; each is given once, whatever crashes.

    A case that was opened again or raised in urgency has a new round, and may ring anew.
    """

    __tablename__ = "rungs"
    __table_args__ = (UniqueConstraint("case_id", "round", "rung"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    round: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    rung: Mapped[str]
    due_at: Mapped[datetime]
    fired_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MediaFile(Base):
    """A file: one that was sent is first only named, then fetched; one made here is first ordered.

    Both are stored by a job.  ``making`` says what a file is to be made from until it is.
    """

    __tablename__ = "media"
    __table_args__ = (
        Index("ix_media_case_id", "case_id", "id"),
        Index("ix_media_list_id", "list_id", postgresql_where=text("list_id IS NOT NULL")),
        Index(
            "ix_media_waiting",
            "received_at",
            postgresql_where=text("stored_at IS NULL AND refused IS NULL"),
        ),
        UniqueConstraint("conversation_id", "ref"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    list_id: Mapped[UUID | None] = mapped_column(ForeignKey("lists.id"))  # spreadsheet, evidence
    kind: Mapped[str]
    ref: Mapped[str]  # the platform's file id, or our own id for an upload or a file made here
    mime: Mapped[str | None]
    name: Mapped[str | None]  # what a file made here is called; names nobody
    making: Mapped[dict[str, Any] | None]
    received_at: Mapped[datetime]
    stored_at: Mapped[datetime | None]
    refused: Mapped[str | None]  # why it cannot be kept: too_large, corrupt, …
    size: Mapped[int | None]  # bytes as stored
