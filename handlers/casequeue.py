"""Which cases somebody may see, and the order in which they want doing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, or_, select

from handlers.casebook import TABLE, CaseRow, Query, next_due
from handlers.desk import Desk, Held
from handlers.heads import shown_to_heads
from handlers.villages import key as village_key
from handlers.vocabulary import PROVINCE_WIDE
from models.cases import OPEN, Case
from models.people import Role

BRIEF = (
    Case.id,
    Case.code,
    Case.status,
    Case.kinds,
    Case.urgency,
    Case.commune,
    Case.village,
    Case.take_due_at,
    Case.answer_due_at,
    Case.waiting_since,
    Case.taken_by,
)


async def covered(desk: Desk, held: Sequence[Held]) -> ColumnElement[bool]:
    """The cases somebody's roles let them see, as a condition."""
    places: list[ColumnElement[bool]] = [false()]
    for one in held:
        if one.role in (Role.OFFICER, Role.LEADER):
            places.append(Case.commune == one.commune)
        elif one.role == Role.VILLAGE_HEAD:
            spellings = await _spellings(desk, one)
            village = and_(Case.commune == one.commune, Case.village.in_(spellings))
            places.append(and_(village, shown_to_heads()))
        elif one.role == Role.PROVINCE:
            places.append(Case.commune == PROVINCE_WIDE)
    return or_(*places)


async def _spellings(desk: Desk, held: Held) -> list[str]:
    """Every way in which reports of the commune have written the villages of a village head."""
    own = {village_key(name) for name in held.villages}
    return [one for one in await villages(desk, held.commune) if village_key(one) in own]


async def villages(desk: Desk, commune: str | None) -> list[str]:
    """The villages that reports of a commune have named, as they were typed."""
    typed = await desk.db.scalars(
        select(Case.village).where(Case.commune == commune, Case.village.is_not(None)).distinct()
    )
    return [one for one in typed if one is not None]


async def queue(desk: Desk, held: Sequence[Held]) -> Query:
    """Open cases of everything a person covers, the least time left first.

    Those that wait for the citizen come last: their clock stands still.
    """
    return (
        select(TABLE)
        .where(
            await covered(desk, held),
            Case.status.in_([status.value for status in OPEN]),
            Case.same_as.is_(None),
        )
        .order_by(Case.waiting_since.is_not(None), next_due(), Case.id)
    )


async def brief(desk: Desk, held: Sequence[Held]) -> list[CaseRow]:
    """Open cases of what a person covers, with what one line of a list needs and no more."""
    query = select(*BRIEF).where(await covered(desk, held), Case.status.in_([*OPEN]))
    return [dict(row) for row in (await desk.db.execute(query)).mappings()]


async def everything(desk: Desk, held: Sequence[Held]) -> Query:
    """Every case of what a person covers, the newest first."""
    return select(TABLE).where(await covered(desk, held)).order_by(Case.id.desc())
