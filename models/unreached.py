"""People whom the chat does not reach: somebody of the office telephones or goes there."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Why(StrEnum):
    GONE = "gone"  # blocked the service, the account is no more, or the message was refused
    WINDOW = "window"  # the platform lets us write only after they do
    SILENT = "silent"  # the officer's question was not answered


class Unreached(Base):
    """An entry of the list; at most one of a case is open."""

    __tablename__ = "unreached"
    __table_args__ = (
        Index(
            "uq_unreached_open", "case_id", unique=True, postgresql_where=text("closed_at IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    why: Mapped[str]
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]  # the office was told
    tries: Mapped[int] = mapped_column(server_default="0")  # somebody went or rang in vain
    closed_at: Mapped[datetime | None]
    how: Mapped[str | None]  # phoned, visited, not_found; or the chat reached them after all
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))


async def note(db: AsyncConnection, case_id: int, why: Why, at: datetime) -> bool:
    """Put a case on the list; False if it stands there already."""
    made = await db.execute(
        insert(Unreached)
        .values(case_id=case_id, why=why.value, since=at)
        .on_conflict_do_nothing(index_elements=["case_id"], index_where=text("closed_at IS NULL"))
        .returning(Unreached.id)
    )
    return made.first() is not None


async def reached(db: AsyncConnection, case_id: int, at: datetime, *whys: Why) -> None:
    """Take a case off the list: the chat reached the person after all."""
    await db.execute(
        update(Unreached)
        .where(
            Unreached.case_id == case_id,
            Unreached.closed_at.is_(None),
            Unreached.why.in_([why.value for why in whys]),
        )
        .values(closed_at=at, how="chat")
    )
