"""Demonstration people: a citizen, a village head, an officer and a leader of one commune.

Two of the province are beside them (``/chat?as=province``, ``province_2``): one writes to many,
the other approves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from sqlalchemy import insert as plain_insert
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from models import audit
from models.conversations import Conversation
from models.people import Grant, Person, Role

if TYPE_CHECKING:
    from bot.app import App

FAMILY = UUID("6f1c1c1e-4b0e-4b0f-9a53-1d1f6a8f0d51")
NAMES = {
    "village_head": (Role.VILLAGE_HEAD, "Trưởng thôn (chạy thử)"),
    "officer": (Role.OFFICER, "Cán bộ (chạy thử)"),
    "leader": (Role.LEADER, "Lãnh đạo (chạy thử)"),
    "province": (Role.PROVINCE, "Sở Y tế (chạy thử)"),
    "province_2": (Role.PROVINCE, "Sở Y tế, người thứ hai (chạy thử)"),
}
VILLAGE = "Phước Thiện"
LOCK = 0x64656D6F  # "demo": processes that start together take turns


async def people(app: App) -> None:
    """Make the demonstration people once; they live on the web chat."""
    commune = app.settings.demo_commune
    async with app.engine.begin() as db:
        await db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        for who, (role, name) in NAMES.items():
            person_id = uuid5(FAMILY, f"{who}/{commune}")
            address = f"demo-{who}"
            place = None if role == Role.PROVINCE else commune
            taken = await db.scalar(
                select(Conversation.person_id).where(
                    Conversation.channel == "webchat", Conversation.address == address
                )
            )
            if taken is not None:
                continue
            await db.execute(
                insert(Person)
                .values(id=person_id, commune=commune, private={"name": name})
                .on_conflict_do_nothing()
            )
            await db.execute(
                plain_insert(Conversation).values(
                    person_id=person_id, channel="webchat", address=address
                )
            )
            villages = [VILLAGE] if role == Role.VILLAGE_HEAD else []
            await db.execute(
                plain_insert(Grant).values(
                    person_id=person_id,
                    role=role.value,
                    commune=place,
                    villages=villages,
                    granted_at=app.now(),
                )
            )
            await audit.write(
                db,
                at=app.now(),
                person_id=None,
                role="operator",
                action="demonstration_role",
                commune=place,
                facts={"role": role.value},
            )
