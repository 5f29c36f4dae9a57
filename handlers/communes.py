"""What a commune has decided for itself: its telephone number, its mode, and more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from handlers.desk import Desk, Turn
from models import phone
from models.communes import CommuneSettings
from models.deadlines.ladder_file import USUAL
from models.hot import Hot

_SETTINGS = Hot(
    select(CommuneSettings.__table__).where(CommuneSettings.commune == bindparam("commune"))
)


async def settings(desk: Desk, commune: str) -> Mapping[str, Any]:
    """The row of a commune; empty while it has decided nothing."""
    return await _SETTINGS.row(desk.db, commune=commune) or {}


async def decide(turn: Turn, commune: str, **columns: object) -> None:
    """Keep a decision of a commune beside its earlier ones."""
    columns |= {"changed_at": turn.now, "changed_by": turn.person_id}
    await turn.db.execute(
        insert(CommuneSettings)
        .values(commune=commune, **columns)
        .on_conflict_do_update(index_elements=["commune"], set_=columns)
    )


async def mode(desk: Desk, commune: str) -> str:
    """Which rules of ladder.yaml hold in a commune now."""
    return str((await settings(desk, commune)).get("mode", USUAL))


async def telephone(desk: Desk, commune: str) -> str | None:
    """The number of the commune's office as people write it, if it has given one."""
    number = (await settings(desk, commune)).get("phone")
    return phone.shown(number) if number else None
