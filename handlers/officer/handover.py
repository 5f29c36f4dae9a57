"""Handing over all the open cases of somebody who is absent, or has left."""

from __future__ import annotations

from uuid import uuid4

from handlers import handing_over, staffnames
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Flow, Question, Step, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.permissions import role_for
from handlers.staffnames import OFFICE, Colleague, commune_of
from handlers.typed import as_typed


async def hand_over(turn: Turn, argument: str) -> None:
    """``/bangiao Lan, Minh``: everything Lan holds goes to Minh; an officer hands over the own."""
    commune = commune_of(turn, "hand_over")
    holders = await handing_over.holders(turn, commune)
    if role_for(turn, "leave_of_others") is None:
        holders &= {turn.person_id}
    everybody = await staffnames.office(turn, commune, former=True)
    giving = [one for one in everybody if one.person in holders]
    if not giving:
        turn.say(turn.t(N_("Dạ, không có hồ sơ nào đang giữ để bàn giao.")), *menu_buttons(turn))
        return
    taking = [one for one in everybody if one.standing]
    facts = {
        "_from": [one.packed() for one in giving],
        "_to": [one.packed() for one in taking],
    }
    who, to = _typed(argument, giving, taking)
    known = {"from": who.key} if who else {}
    if len(giving) == 1 and giving[0].person == turn.person_id:
        known = {"from": giving[0].key}
    if to is not None and known and to.key != known["from"]:
        await handed_over(turn, {**facts, **known, "to": to.key})
        return
    turn.open(FORM.flow.name, uuid4(), **facts, **known)


def _typed(
    said: str, giving: list[Colleague], taking: list[Colleague]
) -> tuple[Colleague | None, Colleague | None]:
    """Two people in one line: numbers of a button, or names with a comma between them."""
    parts = said.split(",") if "," in said else said.split()
    if len(parts) != 2:
        return staffnames.meant(giving, said), None
    return staffnames.meant(giving, parts[0]), staffnames.meant(taking, parts[1])


async def handed_over(turn: Turn, values: Values) -> None:
    commune = commune_of(turn, "hand_over")
    people = {one.key: one for one in await staffnames.office(turn, commune, former=True)}
    who, to = people.get(str(values["from"])), people.get(str(values["to"]))
    if who is None or to is None or not to.standing:
        turn.say(turn.t(staffnames.NOBODY))
        return
    number = await handing_over.hand_over(turn, commune, who, to)
    turn.say(
        turn.t(
            N_("↪ Đã bàn giao {number} hồ sơ của {who} cho {to}."),
            number=number,
            who=as_typed(who.name),
            to=as_typed(to.name),
        ),
        *menu_buttons(turn),
    )


def _key(text: str) -> str:
    return text.strip()


def listed(_: Turn, step: Step) -> None:
    """Only from somebody who holds cases, only to somebody else of the office."""
    values = step.values
    if values.get("from") and values["from"] not in [one[0] for one in values["_from"]]:
        raise BadAnswer(staffnames.NOBODY)
    if values.get("to") is None:
        return
    if values["to"] not in [one[0] for one in values["_to"]] or values["to"] == values["from"]:
        raise BadAnswer(staffnames.NOBODY)


FORM = Form(
    Flow(
        "hand_over_all",
        (
            Question(
                "from",
                N_("Bàn giao hồ sơ của ai?"),
                _key,
                choices=lambda values: staffnames.choices(values.get("_from", ())),
            ),
            Question(
                "to",
                N_("Bàn giao cho ai?"),
                _key,
                choices=lambda values: staffnames.choices(
                    [one for one in values.get("_to", ()) if one[0] != values.get("from")]
                ),
            ),
        ),
    ),
    handed_over,
    verify=listed,
)
FORMS = (FORM,)
COMMANDS = (
    Command("bangiao", "handoverall", hand_over, N_("Bàn giao hồ sơ của người vắng"), OFFICE),
)
