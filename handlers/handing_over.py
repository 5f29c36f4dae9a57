"""Everything somebody of an office holds goes to a colleague."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from handlers import cards, casebook
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.i18n import N_, translator
from handlers.messages import Outgoing
from handlers.notify import person
from handlers.permissions import act
from handlers.render import command_button
from handlers.showing import scope
from handlers.staffnames import Colleague
from handlers.typed import as_typed
from models.cases import OPEN, Case

SHOWN = 8  # lines of the message to whoever takes over


async def held_by(turn: Turn, commune: str, who: UUID, *, lock: bool = False) -> list[CaseRow]:
    """The open cases a person holds in a commune, the least time left first."""
    query = (
        select(casebook.TABLE)
        .where(
            Case.commune == commune,
            Case.taken_by == who,
            Case.status.in_([one.value for one in OPEN]),
        )
        .order_by(casebook.next_due(), Case.id)
    )
    return casebook.all_of(await turn.db.execute(query.with_for_update() if lock else query))


async def holders(turn: Turn, commune: str) -> set[UUID]:
    """Everybody who holds an open case in a commune."""
    found = await turn.db.scalars(
        select(Case.taken_by)
        .where(
            Case.commune == commune,
            Case.taken_by.is_not(None),
            Case.status.in_([one.value for one in OPEN]),
        )
        .distinct()
    )
    return {one for one in found if one is not None}


async def hand_over(turn: Turn, commune: str, who: Colleague, to: Colleague) -> int:
    """Give every open case of ``who`` to ``to``; one line in the log for each."""
    cases = await held_by(turn, commune, who.person, lock=True)
    given = []
    for case in cases:
        await act(turn, "hand_over", scope(case), case["code"], to=to.person.hex)
        given.append(await casebook.change(turn, case, taken_by=to.person))
        await casebook.event(turn, case["id"], "handed_over", by=turn.person_id)
    if given and to.person != turn.person_id:
        t = translator(turn.locale)
        head = t(
            N_("↪ **{number} hồ sơ** của {who} được bàn giao cho ông/bà:"),
            number=len(given),
            who=as_typed(who.name),
        )
        lines = [cards.line(case, turn, t) for case in given[:SHOWN]]
        button = command_button("hangdoi", t(N_("📋 Việc của tôi")), "cua toi")
        await person(turn, to.person, Outgoing("\n".join([head, *lines]), (button,)))
    return len(given)
