"""The dialogue engine: a flow is an ordered list of questions, a draft is its answers.

Where a person stands is never stored.  It is worked out again from the answers on every message,
so a draft survives restarts, deploys and days of silence.  Keys that start with ``_`` are facts
the conversation was started with; conditions may read them, no question asks for them.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from handlers.i18n import Translate

Values: TypeAlias = Mapping[str, Any]
Answers: TypeAlias = Mapping[str, Any]

SKIPPED = "-"  # stored for an optional question that was passed over
ORDER = "_order"  # ids of the worked-out questions that were answered, the first first
AGAIN = "_again"  # id of a worked-out question that is to be asked once more
DECLINED = "_declined"  # in values: ids of the worked-out questions that were passed over


@dataclass(frozen=True, slots=True)
class Choice:
    id: str  # a word or a code, never a position in the list
    label: str  # message id


class BadAnswer(ValueError):
    """The text cannot be read as an answer.

    ``str(error)`` is the message id to show, ``values`` fill its names, ``offer`` are the
    readings to choose from when there are several.
    """

    def __init__(self, message: str, *, offer: tuple[Choice, ...] = (), **values: object) -> None:
        super().__init__(message)
        self.offer = offer
        self.values = values


def always(_: Values) -> bool:
    return True


def no_choices(_: Values) -> tuple[Choice, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question.  ``read`` and ``when`` do no I/O and read no clock."""

    id: str  # stored in drafts: never reuse, rename only through Flow.renamed
    ask: str  # message id, translated when shown
    read: Callable[[str], object]  # text to value, or BadAnswer; must read str(value) back
    title: str = ""  # message id: its name in summaries; "" keeps it out of them
    when: Callable[[Values], bool] = always  # sees only the questions before it
    choices: Callable[[Values], tuple[Choice, ...]] = no_choices
    many: bool = False  # several choices at once are an answer: ``id,id``
    optional: bool = False
    wants: Literal["contact", "position", "photo"] | None = None
    show: Callable[[object], str] | None = None  # value to message id or plain text
    names: Callable[[Translate], Mapping[str, object]] | None = None  # what ``ask`` is filled with

    def value(self, text: str) -> Any:  # noqa: ANN401 - of whatever kind the question is
        """Read a text as an answer.

        One message has the same few texts read again and again, so the last values are kept.

        Raises:
            BadAnswer: it is none.
        """
        return _read(self.read, text)


@lru_cache(maxsize=512)
def _read(reader: Callable[[str], object], text: str) -> object:
    return reader(text)


def nobody(_: str, __: Values) -> Question | None:
    return None


def nothing_more(_: Values) -> Question | None:
    return None


@dataclass(frozen=True, slots=True)
class Flow:
    """Declared questions, and after them, where a form needs it, questions that are worked out.

    ``further`` says from everything known which question comes next; ``named`` makes a question
    again from its id, for the answers it has been given.
    """

    name: str
    questions: tuple[Question, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)  # old id -> new id
    named: Callable[[str, Values], Question | None] = nobody
    further: Callable[[Values], Question | None] = nothing_more

    def __post_init__(self) -> None:
        ids = [question.id for question in self.questions]
        if len(ids) != len(set(ids)) or any(one.startswith("_") for one in ids):
            raise ValueError(f"{self.name}: question ids must be unique and not start with _")

    def question(self, question_id: str) -> Question | None:
        declared = next((one for one in self.questions if one.id == question_id), None)
        return declared or self.named(question_id, {})


@dataclass(frozen=True, slots=True)
class Step:
    """What to keep and what to ask after one message; ``question is None`` means complete."""

    answers: Answers
    values: Values
    question: Question | None
    problem: BadAnswer | None = None
    answered: str | None = None  # id of the question this message answered


def look(flow: Flow, answers: Answers) -> Step:
    """Replay the answers up to the first question that is open, or no longer readable.

    One message looks at the same draft a dozen times, so the last few results are kept.
    """
    for known, given, step in _seen[flow.name, len(answers)]:
        if known is flow and given == answers:
            return step
    return _remember(flow, answers, _replay(flow, answers))


def _remember(flow: Flow, answers: Answers, step: Step) -> Step:
    _seen[flow.name, len(answers)].appendleft((flow, dict(answers), step))
    return step


_seen: defaultdict[tuple[str, int], deque[tuple[Flow, Answers, Step]]] = defaultdict(
    lambda: deque(maxlen=4)
)


def _replay(flow: Flow, answers: Answers) -> Step:
    answers = {flow.renamed.get(key, key): raw for key, raw in answers.items()}
    values: dict[str, Any] = {key: raw for key, raw in answers.items() if key.startswith("_")}
    return _play(flow, answers, values, 0)


def _play(flow: Flow, answers: Answers, values: dict[str, Any], start: int) -> Step:
    """Play the declared questions from one of them on; ``values`` are of those before it."""
    for question in flow.questions[start:]:
        if not question.when(values):
            continue
        raw = answers.get(question.id)
        if raw is None:
            return Step(answers, values, question)
        if raw == SKIPPED and question.optional:
            continue
        try:
            values[question.id] = question.value(str(raw))
        except BadAnswer:  # read more strictly since it was given
            return Step(answers, values, question)
    return _worked_out(flow, answers, values)


def _worked_out(flow: Flow, answers: Answers, values: dict[str, Any]) -> Step:
    declined = []
    for question_id in answers.get(ORDER, ()):
        question, raw = flow.named(question_id, values), answers.get(question_id)
        if question is None or raw is None:
            continue
        if raw == SKIPPED and question.optional:
            declined.append(question_id)
            continue
        try:
            values[question_id] = question.value(str(raw))
        except BadAnswer:
            return Step(answers, values, question)
    values[DECLINED] = tuple(declined)
    again = flow.named(str(answers.get(AGAIN, "")), values)
    return Step(answers, values, again or flow.further(values))


def reply(
    flow: Flow,
    answers: Answers,
    text: str,
    to: str | None = None,
    picked: str | None = None,
) -> Step:
    """Take one answer.

    Args:
        flow: the questions.
        answers: the draft so far.
        text: what was typed.
        to: the question a pressed button belonged to, None for typed text.
        picked: id of the choice that the text or button stands for, if it is one.
    """
    step = look(flow, answers)
    if step.question is None or to not in (None, step.question.id):
        return step  # nothing is open, or an old button: show the open question again
    question = step.question
    kept = {key: raw for key, raw in step.answers.items() if key != "_offer"}
    if question.optional and SKIPPED in (text, picked):
        return _answered(flow, step, {**kept, question.id: SKIPPED}, question)
    try:
        value = question.value(picked if picked is not None else text)
    except BadAnswer as error:
        if error.offer:
            kept["_offer"] = [[choice.id, choice.label] for choice in error.offer]
        return Step(kept, step.values, step.question, error)
    return _answered(flow, step, {**kept, question.id: str(value)}, question)


def _answered(flow: Flow, before: Step, answers: Answers, question: Question) -> Step:
    """Go on from a question that has just been answered; those before it stand as they did."""
    if question not in flow.questions:
        answers = {key: raw for key, raw in answers.items() if key != AGAIN}
        answers[ORDER] = [*without(answers, question.id), question.id]
        step = look(flow, answers)
    else:
        values = {key: raw for key, raw in before.values.items() if not key.startswith("_")}
        values |= {key: raw for key, raw in answers.items() if key.startswith("_")}
        step = _remember(
            flow, answers, _play(flow, answers, values, flow.questions.index(question))
        )
    return Step(step.answers, step.values, step.question, answered=question.id)


def without(answers: Answers, question_id: str) -> list[str]:
    """The worked-out questions that were answered, but for one."""
    return [one for one in answers.get(ORDER, ()) if one != question_id]


def forget(flow: Flow, answers: Answers, question_id: str) -> Step:
    """Open one question again; later answers stay and count again where they still apply."""
    kept = {key: raw for key, raw in answers.items() if key not in (question_id, "_offer")}
    if ORDER in kept:
        kept[ORDER] = without(kept, question_id)
    return look(flow, kept)


def back(flow: Flow, answers: Answers) -> Step:
    """Open the last answered question again, in flow order (JSON objects keep no order)."""
    step = look(flow, answers)
    stop = step.question.id if step.question else None
    if all(one.id != stop for one in flow.questions):
        worked_out = [one for one in step.answers.get(ORDER, ()) if one != stop]
        if worked_out:
            kept = forget(flow, answers, worked_out[-1]).answers
            return look(flow, {**kept, AGAIN: worked_out[-1]})
    answers = {key: raw for key, raw in answers.items() if key != AGAIN}
    last = None
    for question in flow.questions:
        if question.id == stop:
            break
        if question.id in step.answers and question.when(step.values):
            last = question.id
    return forget(flow, answers, last) if last else step
