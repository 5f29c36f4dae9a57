"""The summary of a report, line by line, and correcting one line of it."""

from __future__ import annotations

import re
from datetime import date

from handlers import answers, cards, dialogue, sayings
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
from models.text import compose, fold

_WRONG = re.compile(
    r"\b(?:sua|fix|doi|sai|nham|bi|lai|khong dung|chua dung|chua|roi|cho|phan|chinh)\b"
)
_CHANGE = re.compile(
    r"^(?:(?:dạ|da|xin|cho|tôi|toi|em) )*(?:sửa|sua|đổi|doi|chỉnh|chinh|fix)(?: lại| lai)? (?=\S)",
    re.IGNORECASE,
)
_EQUALS = re.compile(r"^[ ,:=]*(?:(?:là|la|thành|thanh|sang) )?", re.IGNORECASE)
_BUT = re.compile(r"[ ,]+(?:không phải|khong phai|chứ không|chu khong) ", re.IGNORECASE)
_LONGEST_TITLE = 5  # words
_LINE = re.compile(r"(?:(?:dong|cau|so|muc) )*(\d{1,2})")
_ALSO = {
    "phone": "so dien thoai|so dt|so may|so",
    "head": "ten|ho ten|ten chu ho|ho ten chu ho",
    "people": "so khau|nhan khau|nguoi|khau|may nguoi",
    "happened": "ngay|ngay thang",
    "address": "dia chi nha|moc",
    "cause": "ly do",
    "poverty": "ngheo|dien ngheo",
    "commune": "ten xa",
    "village": "ten thon|xom|lang",
}


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
    """«Sửa», «sửa số người 5» anywhere; under the summary also «3», «sửa số người», «sai»."""
    if fold(text).strip(" .!") in ("sua", "sua lai", "fix"):
        offer_lines(turn)
        return True
    if _put_right(turn, text):
        return True
    if question_id != "confirm":
        return False
    rows = lines_of(dialogue.look(FLOW, turn.draft).values)
    for read in (sayings.folded(text), sayings.bare(text)):
        if _open_named(turn, " ".join(_WRONG.sub(" ", read).split()), rows):
            return True
    if _wants_change(text):
        offer_lines(turn)
        return True
    return False


def _put_right(turn: Turn, text: str) -> bool:
    """A line named together with what it should say: «sửa số điện thoại 0905 …»."""
    said, changes = _CHANGE.subn("", compose(text, lower=False).strip())
    words = said.split()
    if not changes or _meant(turn, said) is not None:
        return False  # «sửa số người» names a line and says nothing new
    for count in range(min(len(words) - 1, _LONGEST_TITLE), 0, -1):
        question = _meant(turn, " ".join(words[:count]), asked=False)
        if question is not None:
            _answer_again(turn, question, _BUT.split(" ".join(words[count:]))[0])
            return True
    return False


def _answer_again(turn: Turn, question: Question, said: str) -> None:
    """Take the new answer; one that cannot be read, or that staff must hear of, is asked for."""
    try:
        value = str(question.read(_EQUALS.sub("", said).strip(" ,")))
    except BadAnswer:
        value = ""
    if not value or question.id in ("kinds", "commune"):
        if question.id in turn.draft:
            open_line(turn, question)
        turn.asks = True
        return
    turn.draft[question.id] = value
    turn.draft.pop("confirm", None)
    turn.lead = turn.t(N_("Dạ, đã sửa dòng «{title}»."), title=turn.t(question.title))
    turn.asks = True


def _open_named(turn: Turn, wanted: str, rows: list[Question]) -> bool:
    """Open the line meant by its number or name; also one that was passed over."""
    if not wanted:
        return False
    if line := _LINE.fullmatch(wanted):
        if not 1 <= int(line[1]) <= len(rows):
            turn.lead = turn.t(
                N_("Dạ, chỉ có dòng 1 đến {last}. Muốn sửa dòng nào, xin gõ số của dòng đó."),
                last=len(rows),
            )
            turn.asks = True
        else:
            open_line(turn, rows[int(line[1]) - 1])
        return True
    found = _meant(turn, wanted)
    if found is not None:
        open_line(turn, found)
    return found is not None


def _meant(turn: Turn, name: str, *, asked: bool = True) -> Question | None:
    """The line that a name means, of those answered, or also of those not ``asked`` yet."""
    wanted = fold(name).strip(" .,:")
    told = (one for one in FLOW.questions if one.title and (one.id in turn.draft or not asked))
    return next((one for one in told if _named(one, wanted, turn.t)), None)


def _named(question: Question, wanted: str, t: Translate) -> bool:
    """Whether a line is meant: by its title, a part of it, or another word for it."""
    titles = (fold(question.title), fold(t(question.title)))
    parts = {part for title in titles for part in (title, *title.split(", "))}
    return wanted in parts or wanted in _ALSO.get(question.id, "").split("|")


def _wants_change(text: str) -> bool:
    if fold(text).strip(" .!") in ("sai", "sai roi", "khong dung", "chua dung"):
        return True
    try:
        return answers.yes_no(text) == "no"
    except BadAnswer:
        return False
