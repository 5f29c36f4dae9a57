"""Names of villages as people type them: «thôn Phước Thiện», «Phuoc Thien», «TDP 2»."""

from __future__ import annotations

import re

from sqlalchemy import bindparam, select

from handlers.desk import Turn
from models.hot import Hot
from models.people import Village
from models.text import fold

MOST = 24  # more are not offered: a list that long is slower than typing

_KIND = re.compile(
    r"^(?:thon|xom|to dan pho|tdp|to|khu dan cu|kdc|khu pho|khu|khoi pho|khoi|lang|plei|ban|ap)"
    r"(?: so)?[ .:]+"
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
