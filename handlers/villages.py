"""Names of villages as people type them: «thôn Phước Thiện», «Phuoc Thien», «TDP 2»."""

from __future__ import annotations

import re

from sqlalchemy import bindparam, func, select, union_all

from handlers.desk import Desk, Turn
from models.hot import Hot
from models.households import Household
from models.people import Grant, Village
from models.text import fold

MOST = 24  # more are not offered: a list that long is slower than typing

_KIND = re.compile(
    r"^(?:(?:thon|xom|to dan pho|tdp|to|khu dan cu|kdc|khu pho|khu|khoi pho|khoi|lang|plei|ban|ap)"
    r"(?: so)?[ .:]+)+"
)


def key(name: str) -> str:
    """What two spellings of one village share."""
    return _KIND.sub("", fold(name.partition(",")[0]).strip(" .")).strip()


async def listed(turn: Turn, commune: str) -> list[str]:
    """The villages a commune has imported, if it has and they are few enough to choose from."""
    names = [row["name"] for row in await _LISTED.rows(turn.db, commune=commune)]
    return names if len(names) <= MOST else []


_LISTED = Hot(
    select(Village.name)
    .where(Village.commune == bindparam("commune"))
    .order_by(Village.name)
    .limit(MOST + 1)
)


async def known(desk: Desk, commune: str) -> list[str]:
    """Every village that a commune's list, its heads or its book of households name, once."""
    names = await desk.db.scalars(
        union_all(
            select(Village.name).where(Village.commune == commune),
            select(func.unnest(Grant.villages)).where(
                Grant.commune == commune, Grant.revoked_at.is_(None)
            ),
            select(Household.village).where(Household.commune == commune).distinct(),
        )
    )
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(key(name), name)
    return [by_key[one] for one in sorted(by_key)]
