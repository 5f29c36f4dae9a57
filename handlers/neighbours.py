"""Answering a roll-call for another household that one knows about."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from handlers import casebook, rollcalls, rollfigures
from handlers.answers import one_of, words
from handlers.citizen import report
from handlers.desk import Turn
from handlers.dialogue import Choice, Flow, Question, Values
from handlers.forms import Command, Form
from handlers.households import same_name
from handlers.i18n import N_
from handlers.menu import life_first, menu_buttons
from handlers.render import command_button
from handlers.rollcalls import Row, Word
from handlers.safety import LABELS
from handlers.typed import as_typed
from models.rollcalls import How, Safety

STATES = tuple(Choice(one.value, label) for one, label in LABELS.items())


async def for_another(turn: Turn, _: str) -> None:
    """«Báo cho hộ khác»: the name of the head, and how they are."""
    asked = await rollcalls.asked(turn, turn.person_id)
    if not asked:
        turn.say(turn.t(N_("Dạ, không có cuộc điểm danh nào đang mở.")), *menu_buttons(turn))
        return
    turn.open(
        "for_another",
        uuid4(),
        _rollcall=asked[0]["rollcall_id"],
        _village=asked[0]["village"],
    )


async def told(turn: Turn, values: Values) -> None:
    call = await rollcalls.by_id(turn, int(values["_rollcall"]), lock=True)
    t = turn.t
    if call is None or call["ended_at"] is not None:
        turn.say(t(N_("Dạ, cuộc điểm danh này đã kết thúc.")), *menu_buttons(turn))
        return
    said, name = Safety(values["said"]), str(values["who"])
    unit_id = await _unit_of(turn, call, str(values["_village"]), name)
    word = Word(said, How.NEIGHBOUR, turn.person_id)
    await rollcalls.answer(turn, unit_id, word)
    if said is Safety.HELP and not call["practice"]:
        turn.lead = life_first(t)
        known = {
            "kinds": "emergency", "danger": "yes", "commune": call["commune"],
            "village": str(values["_village"]), "head": name, "whose": "neighbour",
        }  # fmt: skip
        turn.close()
        await report.begin(turn, known=known)
        case = await casebook.by_code(turn, str(turn.draft.get("_case", "")))
        if case is not None:
            word = Word(said, How.NEIGHBOUR, turn.person_id, case["id"])
            await rollcalls.answer(turn, unit_id, word)
        turn.asks = True
        return
    turn.say(
        t(N_("Dạ, đã ghi hộ **{name}**: {said}."), name=as_typed(name), said=t(LABELS[said])),
        command_button("hokhac", t(N_("🏠 Báo cho hộ khác"))),
    )


async def _unit_of(turn: Turn, call: Row, village: str, name: str) -> int:
    """The household of that name in the village, a new line of the roll-call if there is none."""
    doors = await rollfigures.doors(turn, call["id"], [village])
    named = [one for one in doors if same_name(one.facts.head, name)]
    if named:
        return named[0].id
    unit: dict[str, Any] = {"village": village, "private": {"head": name}}
    return int((await rollcalls.add(turn, call, unit, None))["unit_id"])


OTHER = Form(
    Flow(
        "for_another",
        (
            Question("who", N_("Họ tên chủ hộ mà ông/bà biết tin?"), words),
            Question(
                "said",
                N_("Gia đình đó thế nào?"),
                one_of(STATES),
                choices=lambda _: STATES,
            ),
        ),
    ),
    told,
)
FORMS = (OTHER,)
COMMANDS = (
    Command("hokhac", "neighbour", for_another, N_("Báo an toàn cho hộ khác"), shown=False),
)
