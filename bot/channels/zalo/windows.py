"""How long a person may be written to: since their last interaction, as this service saw it.

Free for 48 hours, paid up to seven days, then not at all.  For longer there are approved
templates: they carry no words of ours, so one only asks the person to write back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from sqlalchemy import func, or_, update
from sqlalchemy import select as choose
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from models.zalo import ZaloUser

FREE, PAID = timedelta(hours=48), timedelta(days=7)
MARGIN = timedelta(minutes=1)  # a message may take a while to get there


class Window(Enum):
    FREE = auto()
    PAID = auto()
    CLOSED = auto()
    UNKNOWN = auto()  # nothing heard through this channel yet: Zalo will say


def window(heard_at: datetime | None, now: datetime) -> Window:
    if heard_at is None:
        return Window.UNKNOWN
    silence = now - heard_at + MARGIN
    return Window.FREE if silence < FREE else Window.PAID if silence < PAID else Window.CLOSED


class People:
    """The table of people on Zalo."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, user_id: str) -> dict[str, Any]:
        async with self._engine.connect() as db:
            rows = await db.execute(choose(ZaloUser.__table__).where(ZaloUser.user_id == user_id))
            found = rows.mappings().one_or_none()
        empty: dict[str, Any] = dict.fromkeys(ZaloUser.__table__.c.keys())
        return dict(found) if found else {**empty, "user_id": user_id}

    async def note(self, user_id: str, **columns: object) -> None:
        """Remember something; a last interaction only ever moves forward."""
        values = dict(columns)
        changes = dict(values)
        if "heard_at" in changes:
            changes["heard_at"] = func.greatest(ZaloUser.heard_at, values["heard_at"])
        async with self._engine.begin() as db:
            await db.execute(
                insert(ZaloUser)
                .values(user_id=user_id, **values)
                .on_conflict_do_update(index_elements=["user_id"], set_=changes)
            )

    async def may_knock(self, user_id: str, now: datetime) -> bool:
        """Whether a template may ask this person to write; once for each silence."""
        async with self._engine.begin() as db:
            asked = await db.execute(
                update(ZaloUser)
                .where(
                    ZaloUser.user_id == user_id,
                    or_(ZaloUser.knocked_at.is_(None), ZaloUser.knocked_at <= ZaloUser.heard_at),
                )
                .values(knocked_at=now)
            )
        return bool(asked.rowcount)
