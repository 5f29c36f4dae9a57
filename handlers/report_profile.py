"""What a report leaves behind about its reporter."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from handlers.desk import Turn
from handlers.dialogue import Values
from handlers.vocabulary import PROVINCE_WIDE
from models import vault
from models.hot import Hot, opened
from models.people import Person


async def keep_profile(turn: Turn, values: Values) -> None:
    """Remember what saves questions next time, and where a roll-call reaches the household."""
    if values.get("whose", "own") != "own" or values["commune"] == PROVINCE_WIDE:
        return
    private = opened(turn.private) or {}
    kept = private
    if turn.consented:
        said = {name: values[name] for name in ("phone", "village") if values.get(name)}
        kept = {**private, **said}
    if (values["commune"], kept) == (turn.commune, private):
        return
    number = kept.get("phone")
    await _PROFILE.run(
        turn.db,
        id_=turn.person_id,
        commune=values["commune"],
        private=kept or None,
        phone_hash=vault.current().fingerprint(number) if number else None,
    )


_PROFILE = Hot(
    update(Person)
    .where(Person.id == bindparam("id_"))
    .values(
        commune=bindparam("commune"),
        private=bindparam("private"),
        phone_hash=bindparam("phone_hash"),
    )
)
