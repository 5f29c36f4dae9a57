"""A broadcast as it stands in its row, and as each of its readers gets it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.cards import commune_name
from handlers.desk import Desk
from handlers.i18n import N_, SOURCE, Translate, translator
from handlers.messages import Button, Outgoing
from handlers.render import command_button
from models import phone as phones
from models.audiences import Audience
from models.broadcasts import Broadcast, State
from models.communes import CommuneSettings
from models.places import COMMUNES
from models.topics import areas, topics

Row: TypeAlias = Mapping[str, Any]

TABLE = Broadcast.__table__
LONGEST = 1500  # characters: one message on every channel
PLACES = {  # what is filled in for each reader, and how staff read it before that
    "xa": N_("[tên xã]"),
    "dien_thoai": N_("[điện thoại xã]"),
    "ke_hoach": N_("[kế hoạch của xã]"),
}
PLACE = re.compile(rf"\{{({'|'.join(PLACES)})\}}")
BUTTONS = {  # those a message can carry; «stop» is under every one but alerts
    "check": N_("🔎 Kiểm tra chế độ"),
    "meet": N_("👤 Hẹn cán bộ"),
    "stop": N_("🔕 Ngừng nhận tin này"),
}
EDITABLE = (State.DRAFT, State.PROPOSED)
UNFINISHED = (State.APPROVED, State.RUNNING, State.PAUSED)


async def find(desk: Desk, broadcast_id: int, *, lock: bool = False) -> Row | None:
    query = select(TABLE).where(TABLE.c.id == broadcast_id)
    found = await desk.db.execute(query.with_for_update() if lock else query)
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


async def change(desk: Desk, row: Row, **columns: Any) -> Row:  # noqa: ANN401 - column values
    """Write columns; gives the row as it is then."""
    await desk.db.execute(update(Broadcast).where(Broadcast.id == row["id"]).values(**columns))
    return {**row, **columns}


def digest(row: Row) -> bytes:
    """Of everything that is frozen by an approval."""
    frozen = [row["content"], row["audience"], row["topic"], row["alert"], row["commune"]]
    return hashlib.sha256(json.dumps(frozen, sort_keys=True).encode()).digest()


def audience_of(row: Row) -> Audience:
    topic = topics().get(row["topic"])
    kept = {**row["audience"], "communes": communes_of(row)}
    by_default = topic is None or topic.by_default
    return Audience.read(kept, topic=row["topic"], alert=row["alert"], by_default=by_default)


def communes_of(row: Row) -> list[str] | None:
    """The communes an audience comes down to; None when it is not limited to any."""
    kept = row["audience"]
    if row["commune"] is not None:
        return [row["commune"]]
    chosen = set(kept.get("named") or COMMUNES)
    if kinds := kept.get("kinds"):
        chosen &= {code for code, one in COMMUNES.items() if one.kind in kinds}
    if wanted := kept.get("areas"):
        chosen &= {code for area in wanted for code in areas()[area].communes}
    chosen -= set(kept.get("except") or ())
    return None if chosen == set(COMMUNES) else sorted(chosen)


async def telephones(db: AsyncConnection) -> dict[str, str]:
    """The numbers communes have given, as people write them."""
    rows = await db.execute(
        select(CommuneSettings.commune, CommuneSettings.phone).where(
            CommuneSettings.phone.is_not(None)
        )
    )
    return {row.commune: phones.shown(row.phone) for row in rows}


def message(row: Row, locale: str, commune: str | None, numbers: Mapping[str, str]) -> Outgoing:
    """The message as somebody gets it."""
    content, t = row["content"], translator(locale)
    text = content["text"].get(locale) or content["text"].get(SOURCE, "")
    where = row["commune"] or commune
    values = {
        "xa": commune_name(where, t) if where else t(N_("xã, phường nơi ông/bà ở")),
        "dien_thoai": numbers.get(where or "", ""),
        "ke_hoach": content.get("plans", {}).get(where or "", ""),
    }
    parts = [filled(text, values)]
    if content.get("link"):
        parts.append(f"🔗 {content['link']}")
    return Outgoing(
        "\n".join(parts),
        buttons(row, t),
        media=tuple(content.get("media", ())),
        locale=locale,
    )


def in_words(text: str, t: Translate) -> str:
    """A text before it is filled in for anybody, for staff to read: its places in words."""
    return PLACE.sub(lambda found: t(PLACES[found[1]]), text)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Fill the places in; a line whose place has nothing to say is left out."""
    lines = []
    for line in text.splitlines():
        names = PLACE.findall(line)
        if names and not all(values.get(name) for name in names):
            continue
        lines.append(PLACE.sub(lambda found: values[found[1]], line))
    return "\n".join(lines)


def buttons(row: Row, t: Translate) -> tuple[Button, ...]:
    chosen = [name for name in ("check", "meet") if name in row["content"].get("buttons", ())]
    if row["alert"]:
        return (command_button("sos", t(N_("🆘 Tôi cần giúp"))),)
    return tuple(
        command_button("tin", t(BUTTONS[name]), f"{name} {row['id']}")
        for name in (*chosen, "stop")
    )


def about(row: Row, locale: str) -> str:
    topic = topics().get(row["topic"])
    return topic.name(locale) if topic else row["topic"]
