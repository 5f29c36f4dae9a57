"""What somebody must be told in time: tokens that die, refusals only a person can put right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.channels.zalo import metrics
from bot.channels.zalo.config import Config
from bot.channels.zalo.tokens import LIFE
from bot.channels.zalo.windows import FREE
from handlers import channelcare
from handlers.desk import World
from models.conversations import Conversation
from models.people import Grant
from models.zalo import ZaloToken, ZaloUser

log = structlog.get_logger(__name__)

STALE = timedelta(minutes=30)  # an access token that ended so long ago is not being renewed
WARNED = timedelta(days=14)  # before the end of a refresh token
AGAIN = timedelta(days=1)  # between two alarms about the same
RECENT = timedelta(days=1)  # a refusal older than this has been put right
NOTED = timedelta(minutes=5)  # how often the same trouble is written down
CLOSING = timedelta(hours=8)  # before their window closes, staff are asked to write something


async def note_trouble(engine: AsyncEngine, app_id: str, trouble: str, now: datetime) -> None:
    """Write down a refusal that only a person can put right."""
    log.error("zalo_needs_a_person", trouble=trouble)
    noted = or_(
        ZaloToken.trouble.is_distinct_from(trouble),
        ZaloToken.trouble_at.is_(None),
        ZaloToken.trouble_at < now - NOTED,
    )
    async with engine.begin() as db:
        await db.execute(
            update(ZaloToken)
            .where(ZaloToken.app_id == app_id, noted)
            .values(trouble=trouble, trouble_at=now)
        )


class Care:
    """Looks once a minute."""

    def __init__(
        self, engine: AsyncEngine, config: Config, world: World, clock: Callable[[], datetime]
    ) -> None:
        self._engine, self._config, self._world, self._clock = engine, config, world, clock

    async def look(self) -> None:
        """Measure, and tell operators and the province's staff what they must know."""
        now = self._clock()
        async with self._engine.begin() as db:
            here = ZaloToken.app_id == self._config.app_id
            found = await db.execute(select(ZaloToken.__table__).where(here).with_for_update())
            row = found.mappings().one_or_none()
            if row is None:
                log.error("zalo_has_no_token", do="python -m bot zalo-login")
                return
            ends = row["rotated_at"] + LIFE
            metrics.ACCESS.set((row["expires_at"] - now).total_seconds())
            metrics.REFRESH.set((ends - now) / timedelta(days=1))
            problem = _problem(dict(row), now)
            if problem is None or (row["alarmed_at"] and row["alarmed_at"] > now - AGAIN):
                return
            log.error("zalo_alarm", problem=problem, refresh_token_ends=ends.isoformat())
            await channelcare.alarm(db, self._world, now, "zalo", problem, ends)
            await db.execute(update(ZaloToken).where(here).values(alarmed_at=now))

    async def ask_staff(self) -> None:
        """Ask staff whose window closes soon to write something, or they hear of no emergency."""
        now = self._clock()
        async with self._engine.begin() as db:
            for conversation_id, user_id in await _closing(db, now):
                await channelcare.stay_in_touch(db, self._world, now, conversation_id)
                await db.execute(
                    update(ZaloUser).where(ZaloUser.user_id == user_id).values(warned_at=now)
                )


def _problem(row: Mapping[str, Any], now: datetime) -> str | None:
    """Name what is wrong, in a word of the program's; None when nothing is."""
    ends, expires = row["rotated_at"], row["expires_at"]
    trouble_at = row["trouble_at"]
    if row["refused_at"] is not None:
        return "refused"
    if ends + LIFE < now + WARNED:
        return "ends"
    if expires < now - STALE:
        return "not_renewed"
    if trouble_at is not None and trouble_at > now - RECENT:
        return str(row["trouble"])
    return None


async def _closing(db: AsyncConnection, now: datetime) -> list[tuple[int, str]]:
    rows = await db.execute(
        select(Conversation.id, ZaloUser.user_id)
        .join(Conversation, Conversation.address == ZaloUser.user_id)
        .where(
            Conversation.channel == "zalo",
            Conversation.gone_at.is_(None),
            ZaloUser.heard_at < now - FREE + CLOSING,
            ZaloUser.heard_at > now - FREE + timedelta(minutes=10),
            or_(ZaloUser.warned_at.is_(None), ZaloUser.warned_at < ZaloUser.heard_at),
            select(Grant.id)
            .where(Grant.person_id == Conversation.person_id, Grant.revoked_at.is_(None))
            .exists(),
        )
        .with_for_update(of=ZaloUser, skip_locked=True)
        .limit(100)
    )
    return [(row.id, row.user_id) for row in rows]
