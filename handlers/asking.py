"""Showing the open question of the open form, and what a button or a word picks of it."""

from __future__ import annotations

from uuid import UUID

from handlers import answers, dialogue
from handlers.desk import Turn
from handlers.dialogue import SKIPPED, Choice, Question, Step
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.registry import FORMS
from handlers.render import command_button, question_buttons
from models.outbox import Lane


def tag(draft_id: UUID | None) -> str:
    return draft_id.hex[:6] if draft_id else ""


def look(turn: Turn) -> Step:
    return dialogue.look(FORMS[turn.flow or ""].flow, turn.draft)


def pick(turn: Turn, question: Question, text: str) -> str | None:
    choices = offered(turn, question)
    if not choices:
        return None
    choose = answers.choose_several if question.many else answers.choose
    return choose(choices, text, turn.t)


def joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def offered(turn: Turn, question: Question) -> tuple[Choice, ...]:
    """The choices a number or label can mean now: those of the last offer, then the question's."""
    own = question.choices(look(turn).values)
    given = tuple(Choice(*one) for one in turn.draft.get("_offer") or ())
    if not given:
        return own
    return (*given, *(one for one in own if one.id not in [choice.id for choice in given]))


def ask(turn: Turn) -> None:
    """Show the open question of the open form."""
    turn.asks = False
    if turn.flow is None:
        return
    form = FORMS[turn.flow]
    step = look(turn)
    question = step.question
    if question is None:
        return
    t = turn.t
    here = f"{tag(turn.draft_id)}.{question.id}"
    choices = offered(turn, question)
    buttons = list(
        question_buttons(
            tag(turn.draft_id), question.id, tuple((one.id, t(one.label)) for one in choices)
        )
    )
    if question.optional and SKIPPED not in [choice.id for choice in choices]:
        buttons.append(command_button("boqua", t(N_("Bỏ qua")), here))
    if any(not name.startswith("_") for name in step.answers):
        buttons.append(command_button("quaylai", t(N_("↩ Quay lại")), here))
    if not turn.held and form.flow.name != "contact":
        buttons.append(command_button("gapcanbo", t(N_("👤 Gặp cán bộ"))))
    buttons.append(command_button("huy", t(N_("✖ Huỷ")), tag(turn.draft_id)))
    resumed = turn.draft.pop("_resumed", None)
    before = form.said(turn, step.values) if form.said else ""
    text = joined(
        t(N_("Dạ, mình làm tiếp việc đang dở:")) if resumed else "",
        before,
        t(question.ask, **(question.names(t) if question.names else {})),
    )
    urgent = step.values.get("danger") == "yes"
    turn.say(text, *buttons, wants=question.wants, lane=Lane.URGENT if urgent else Lane.REPLY)


def show_open(turn: Turn) -> None:
    if turn.flow is not None:
        turn.asks = True
    else:
        turn.say(turn.t(N_("Ông/bà cần việc gì, xin bấm chọn:")), *menu_buttons(turn))
