"""Filling in the open form: taking answers, asking on, going back, skipping, giving up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers import aside, dialogue, owncase, sayings
from handlers.answers import Plain
from handlers.asking import joined, look, offered, pick
from handlers.citizen import additions
from handlers.desk import Turn
from handlers.dialogue import SKIPPED, BadAnswer, Question, Step
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.registry import FORMS
from handlers.render import command_button
from handlers.report_memory import remember
from handlers.report_questions import FLOW as REPORT
from handlers.report_readers import ANY_WORDS
from handlers.understand import Meaning, kinds, might_be_danger, understand

BACK = ("quay lai", "tro lai", "lui lai", "back")
SKIP = ("bo qua", "skip")
CANCEL = ("huy", "huy bo", "thoi", "cancel", "dung lai")
# Questions that keep one thing of a sentence: what else it says is taken along.
_ONE_THING = frozenset({"people", "poverty", "vulnerable", "cause", "happened", "phone"})
STEERING = {"quaylai": BACK[0], "boqua": SKIP[0], "huy": CANCEL[0]}


async def answer(turn: Turn, text: str, meaning: Meaning | None = None) -> None:
    """Something typed while a form is open."""
    form = FORMS[turn.flow or ""]
    question = look(turn).question
    if question is None:
        await proceed(turn, look(turn))
        return
    if await form.hears(turn, question.id, text):
        return
    picked = pick(turn, question, text)
    if picked is None and await _perhaps_for_an_officer(turn, question, text):
        return
    await take(turn, text, picked=picked, meaning=meaning)


def plainly(turn: Turn, text: str) -> bool:
    """Whether a text just answers the open question, so that nothing else need be read into it."""
    if turn.flow is None:
        return False
    question = look(turn).question
    if question is None:
        return False
    return answers_plainly(turn, question, text)


def answers_plainly(turn: Turn, question: Question, text: str) -> bool:
    """The same for one question; what is nothing but an answer need not be a readable one."""
    if pick(turn, question, text) is not None:
        return True
    if isinstance(question.read, Plain) and question.read.only(text):
        return True
    try:
        question.value(text)
    except BadAnswer:
        return False
    return not might_be_danger(text)


def is_figure(turn: Turn, folded: str) -> bool:
    """Whether a number answers the open question: «0 đồng» is no call for an officer."""
    if turn.flow is None or not folded.isdecimal():
        return False
    question = look(turn).question
    return _reads(question, folded)


def is_choice(turn: Turn, text: str) -> bool:
    """Whether a text is a choice of the open question: an officer's «SOS» is how urgent it is."""
    if turn.flow is None:
        return False
    question = look(turn).question
    return question is not None and text.strip().lower() in [
        one.id for one in offered(turn, question)
    ]


async def _perhaps_for_an_officer(turn: Turn, question: Question, text: str) -> bool:
    """Free words while an officer waits, too, may be meant for either: once for each, ask."""
    if turn.held or turn.flow == additions.ADD.name or not _free(question, text):
        return False
    heeded = turn.draft.get("_heeded", ())
    cases = [
        case
        for case in await owncase.waiting(turn)
        if f"{case['code']} {case['waiting_since']}" not in heeded
    ]
    if not cases:
        return False
    turn.draft["_heeded"] = [f"{case['code']} {case['waiting_since']}" for case in cases]
    turn.draft["_heard"] = text
    additions.which_case(
        turn, cases, command_button("chovieclam", turn.t(N_("Cho việc đang làm dở")))
    )
    return True


def _free(question: Question, text: str) -> bool:
    return not _reads(question, text)


async def take(
    turn: Turn,
    text: str,
    *,
    to: str | None = None,
    picked: str | None = None,
    meaning: Meaning | None = None,
) -> None:
    """Give an answer to the open form and do what follows from it."""
    form = FORMS[turn.flow or ""]
    before = dict(turn.draft)
    step = dialogue.reply(form.flow, _signed(turn), text, to, picked)
    if to is not None and step.answered is None and step.problem is None:
        turn.lead = turn.t(N_("Dạ, câu này đã trả lời rồi. Muốn sửa, xin bấm «Quay lại»."))
    if step.answered is not None:
        try:
            form.verify(turn, step)
        except BadAnswer as problem:
            step = dialogue.look(form.flow, before)
            step = Step(step.answers, step.values, step.question, problem)
    turn.draft = dict(step.answers)
    if step.answered is None:
        for name in ("_by", "_was"):
            if name in before:
                turn.draft[name] = before[name]
            else:
                turn.draft.pop(name, None)
    if step.problem is not None:
        await _unread(turn, step, text, meaning)
        return
    if turn.flow == REPORT.name and _says_more(step.answered, text):
        remember(turn, text, meaning or understand(text))  # «4 người, 2 con nhỏ, hộ nghèo»
        step = replace(look(turn), answered=step.answered)
    await proceed(turn, step)


def _says_more(answered: str | None, text: str) -> bool:
    if answered not in _ONE_THING or not _a_sentence(text):
        return False
    question = REPORT.question(answered)
    read = question.read if question is not None else None
    return not (isinstance(read, Plain) and read.only(text))


def _signed(turn: Turn) -> dict[str, Any]:
    """The draft as it is once this message has answered: with the message named beside it."""
    draft = {name: value for name, value in turn.draft.items() if name != "_was"}
    question = look(turn).question
    if question is not None and turn.said.event == "message":
        message = turn.said.edits or turn.said.message_id
        draft["_by"] = {**draft.get("_by", {}), question.id: message}
    return draft


async def proceed(turn: Turn, step: Step) -> None:
    """Let the form work with what is known now, then ask on or finish."""
    form = FORMS[turn.flow or ""]
    said_before = _said(turn)
    await form.step(turn, step)
    if turn.flow != form.flow.name:
        return  # the step closed the form or opened another
    after = dialogue.look(form.flow, turn.draft)
    if after.question is None:
        await form.finish(turn, after.values)
        if turn.flow == form.flow.name and not turn.asks:
            turn.close()
    elif _said(turn) == said_before:
        turn.asks = True


def _said(turn: Turn) -> int:
    """How much was said in this chat so far; others may have been told things as well."""
    return sum(one["conversation_id"] == turn.chat_id for one in turn.tray)


async def _unread(turn: Turn, step: Step, text: str, meaning: Meaning | None) -> None:
    """What could not be read as an answer is not lost: words of some length are kept."""
    problem = step.problem
    if problem is None:
        return
    turn.lead = joined(turn.lead, turn.t(str(problem), **problem.values))
    if meaning is not None and turn.flow == REPORT.name and (_a_sentence(text) or kinds(meaning)):
        open_before = step.question.id if step.question else ""
        remember(turn, text, meaning)
        if not problem.offer:
            turn.lead = turn.t(N_("Dạ, đã ghi thêm lời kể này vào tin báo."))
        after = look(turn)
        if after.question is None or after.question.id != open_before:
            turn.draft.pop("_offer", None)  # it belonged to the question that is answered now
        await proceed(turn, after)
    turn.asks = turn.flow is not None


def _a_sentence(text: str) -> bool:
    return sum(any(char.isalpha() for char in word) for word in text.split()) >= 4


async def steer(turn: Turn, folded: str, text: str = "") -> bool:
    """Back, skip, cancel; False if the words are none of them here."""
    if turn.flow is None:
        if folded in CANCEL:
            turn.say(turn.t(N_("Dạ, không có việc gì đang làm dở.")), *menu_buttons(turn))
        return folded in CANCEL
    if folded in BACK:
        _back(turn)
        return True
    question = look(turn).question
    if folded in CANCEL and not (folded == "thoi" and _reads(question, folded)):
        await _cancel(turn)
        return True
    if question is not None and question.optional and passes(turn, question, text or folded):
        await take(turn, SKIPPED)
        return True
    if folded in SKIP:
        turn.lead = turn.t(N_("Dạ, câu này cần có để cán bộ giúp được."))
        turn.asks = True
        return True
    return False


def _reads(question: Question | None, text: str) -> bool:
    """Whether a question for more than words takes a text as its answer."""
    if question is None or question.read in ANY_WORDS:
        return False
    try:
        question.value(text)
    except BadAnswer:
        return False
    return True


def passes(turn: Turn, question: Question, text: str) -> bool:
    """«Không» to a question for words or a number means that there is nothing to say.

    Where it is itself an answer («có lương hưu không?») it is one.
    """
    if sayings.passed(text) or sayings.not_known(text):
        return True
    if pick(turn, question, text) is not None or _reads(question, text):
        return False
    free = question.read in ANY_WORDS
    return sayings.nothing(text) or (not free and sayings.none_of_it(text))


def _back(turn: Turn) -> None:
    form = FORMS[turn.flow or ""]
    question = look(turn).question
    was = turn.draft.pop("_was", None)
    if was and question is not None and was[0] == question.id:
        turn.draft[was[0]] = was[1]  # a line that was to be corrected stays as it was
    else:
        turn.draft = dict(dialogue.back(form.flow, turn.draft).answers)
    turn.asks = True


async def _cancel(turn: Turn) -> None:
    """Give the form up.  What was not filed yet can be taken up again for some days."""
    form = FORMS[turn.flow or ""]
    values = look(turn).values
    said_before = _said(turn)
    if form.flow.name == REPORT.name and not values.get("_case"):
        aside.put_away(turn)
    else:
        turn.close()
    await form.cancelled(turn, values)
    if _said(turn) == said_before:
        turn.say(turn.t(N_("Dạ, đã huỷ.")), *menu_buttons(turn))
