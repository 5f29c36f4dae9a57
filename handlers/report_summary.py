"""The summary of a report, line by line, and correcting one line of it."""

from __future__ import annotations

import re
from datetime import date

from handlers import answers, cards, dialogue
from handlers.counting import NONE
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Question, Values
from handlers.i18n import N_, Translate
from handlers.render import command_button
from handlers.report_questions import FLOW
from handlers.report_readers import DONE
from handlers.times import day
from handlers.typed import as_typed
from handlers.vocabulary import EMERGENCY, KINDS
from models import phone as phones
from models.text import fold

_LINE = re.compile(
    r"(?:(?:sua|fix|doi) )?(?:(?:lai|dong|cau|so|muc) )*(?P<number>\d{1,2})"
    r"|(?:(?:sua|fix|doi) )?(?:(?:lai|dong|muc) )*(?P<title>[a-z ,]+)"
)


def summary(turn: Turn, values: Values) -> str:
    """Before the last question: every answer, numbered."""
    step = dialogue.look(FLOW, turn.draft)
    if step.question is None or step.question.id != "confirm":
        count = len(turn.draft.get("_media", ()))
        if step.question is not None and step.question.id == "photos" and count:
            return turn.t(N_("(Đã có {count} ảnh hoặc ghi âm.)"), count=count)
        return ""
    t = turn.t
    rows = [
        f"{number}. {t(question.title)}: {said(question, values[question.id], t)}"
        for number, question in enumerate(lines_of(values), 1)
    ]
    return "\n".join([t(N_("**Tóm tắt tin báo**")), *rows])


def lines_of(values: Values) -> list[Question]:
    empty = (None, "", DONE, NONE)
    return [one for one in FLOW.questions if one.title and values.get(one.id) not in empty]


def said(question: Question, value: object, t: Translate) -> str:
    """An answer as people read it."""
    text = str(value)
    shown = {
        "commune": lambda: cards.commune_name(text, t),
        "phone": lambda: phones.shown(text),
        "happened": lambda: day(date.fromisoformat(text), t),
        "vulnerable": lambda: cards.vulnerable(text, t),
    }.get(question.id)
    if shown is not None:
        return shown()
    labels = {one.id: one.label for one in (*KINDS, EMERGENCY, *question.choices({}))}
    if question.choices({}) or question.id in ("kinds", "more"):
        return ", ".join(t(labels.get(one, one)) for one in text.split(","))
    return as_typed(text)


def offer_lines(turn: Turn) -> None:
    """Which line is to be corrected?"""
    values = dialogue.look(FLOW, turn.draft).values
    t = turn.t
    turn.asks = False
    tag = turn.draft_id.hex[:6] if turn.draft_id else ""
    turn.say(
        t(N_("Xin bấm dòng cần sửa (hoặc gõ số của dòng):")),
        *(command_button("sua", t(one.title), f"{one.id} {tag}") for one in lines_of(values)),
    )


def open_line(turn: Turn, question: Question) -> None:
    """Ask one answered question again; «Quay lại» brings the old answer back."""
    old = turn.draft.get(question.id)
    turn.draft = dict(dialogue.forget(FLOW, turn.draft, question.id).answers)
    turn.draft.pop("confirm", None)
    if old is not None:
        turn.draft["_was"] = [question.id, old]
    turn.asks = True


async def correct(turn: Turn, question_id: str, text: str) -> bool:
    """«Sửa» anywhere; under the summary also «3», «sửa số người», «sai»."""
    if fold(text).strip(" .!") in ("sua", "sua lai", "fix"):
        offer_lines(turn)
        return True
    if question_id != "confirm":
        return False
    rows = lines_of(dialogue.look(FLOW, turn.draft).values)
    line = _LINE.fullmatch(fold(text).strip(" .!)("))
    wanted = (line["number"] or line["title"]) if line else ""
    if wanted.isdecimal():
        if not 1 <= int(wanted) <= len(rows):
            turn.lead = turn.t(
                N_("Dạ, chỉ có dòng 1 đến {last}. Muốn sửa dòng nào, xin gõ số của dòng đó."),
                last=len(rows),
            )
            turn.asks = True
        else:
            open_line(turn, rows[int(wanted) - 1])
        return True
    if wanted and (named := next((one for one in rows if _named(one, wanted, turn.t)), None)):
        open_line(turn, named)
        return True
    if _wants_change(text):
        offer_lines(turn)
        return True
    return False


def _named(question: Question, wanted: str, t: Translate) -> bool:
    return wanted in (fold(question.title), fold(t(question.title)))


def _wants_change(text: str) -> bool:
    if fold(text).strip(" .!") in ("sai", "sai roi", "khong dung", "chua dung"):
        return True
    try:
        return answers.yes_no(text) == "no"
    except BadAnswer:
        return False
