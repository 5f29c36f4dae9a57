"""How the officers and leaders of a commune are called, and whom a typed name means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from handlers.desk import Turn
from handlers.dialogue import Choice
from handlers.i18n import N_
from handlers.permissions import NotAllowed, role_for
from handlers.vocabulary import ROLE
from models.people import Grant, Person, Role
from models.text import fold

OFFICE = frozenset({Role.OFFICER, Role.LEADER})
NOBODY = N_("Dạ, không có ai tên như vậy trong danh sách. Xin bấm chọn một người.")


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of a commune's office; ``key`` is the number of their role, short for buttons."""

    key: str
    person: UUID
    name: str
    standing: bool  # False: the role was taken back

    def packed(self) -> list[str]:
        """For a draft."""
        return [self.key, self.name, self.person.hex]


def commune_of(turn: Turn, action: str = "duty") -> str:
    """The commune in whose office the person may do this.

    Raises:
        NotAllowed: in none.
    """
    held = role_for(turn, action)
    if held is None or held.commune is None:
        raise NotAllowed(N_("Dạ, việc này không thuộc vai trò hoặc địa bàn của ông/bà."))
    return held.commune


async def office(turn: Turn, commune: str, *, former: bool = False) -> list[Colleague]:
    """The officers and leaders of a commune, each once; on demand those who were."""
    query = (
        select(Grant.id, Grant.person_id, Grant.role, Grant.revoked_at, Person.private)
        .join(Person, Person.id == Grant.person_id)
        .where(
            Grant.commune == commune,
            Grant.role.in_([role.value for role in OFFICE]),
        )
        .order_by(Grant.revoked_at.is_not(None), Grant.role.desc(), Grant.id)
    )
    if not former:
        query = query.where(Grant.revoked_at.is_(None))
    found: dict[UUID, Colleague] = {}
    for row in await turn.db.execute(query):
        name = (row.private or {}).get("name") or f"{turn.t(ROLE[Role(row.role)])} {row.id}"
        one = Colleague(str(row.id), row.person_id, str(name), row.revoked_at is None)
        found.setdefault(row.person_id, one)
    return list(found.values())


def choices(people: Sequence[Sequence[str]]) -> tuple[Choice, ...]:
    """The people of a draft, to choose from."""
    return tuple(Choice(one[0], one[1]) for one in people)


def meant(people: Sequence[Colleague], said: str) -> Colleague | None:
    """The one person a typed name means: the whole name, or words of it that only one has."""
    wanted = fold(said).strip()
    words = set(re.findall(r"\w+", wanted))
    for one in people:
        if wanted in (fold(one.name), one.key):
            return one
    found = [one for one in people if words and words <= set(re.findall(r"\w+", fold(one.name)))]
    return found[0] if len(found) == 1 else None
