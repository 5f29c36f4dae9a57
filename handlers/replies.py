"""Ready replies of a commune: offered where an officer writes to a citizen."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from handlers.answers import words
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Choice, Step, Values
from handlers.i18n import N_
from handlers.typed import as_typed
from models.offices import ReplyTemplate

USES = {
    "confirm": N_("Xác nhận"),
    "decline": N_("Từ chối"),
    "helped": N_("Đã trợ giúp"),
    "ask": N_("Hỏi người dân"),
}
USE_OF = {"confirm_case": "confirm", "bulk": "confirm", "decline": "decline", "helped": "helped",
          "ask": "ask"}  # fmt: skip
MOST = 8  # of one use: what one screen shows
BLANK = "…"
LABEL = 32  # letters of a button


ReplyRow = dict[str, Any]


async def of_commune(turn: Turn, commune: str, use: str | None = None) -> list[ReplyRow]:
    query = (
        select(ReplyTemplate.id, ReplyTemplate.use, ReplyTemplate.text)
        .where(ReplyTemplate.commune == commune)
        .order_by(ReplyTemplate.use, ReplyTemplate.id)
    )
    if use is not None:
        query = query.where(ReplyTemplate.use == use)
    return [dict(row) for row in (await turn.db.execute(query)).mappings()]


async def facts(turn: Turn, commune: str, form: str) -> dict[str, Any]:
    """What a form is opened with, so that its question can offer the ready replies."""
    use = USE_OF.get(form)
    rows = await of_commune(turn, commune, use) if use else []
    return {"_replies": [[f"mau{row['id']}", row["text"]] for row in rows[:MOST]]} if rows else {}


def choices(values: Values) -> tuple[Choice, ...]:
    return tuple(
        Choice(key, f"{number}. {text[:LABEL]}{'…' if len(text) > LABEL else ''}")
        for number, (key, text) in enumerate(values.get("_replies", ()), 1)
    )


def offered(_: Turn, values: Values) -> str:
    """Before the question: which case it is about, and the ready replies in full."""
    listed = [
        f"{number}. {as_typed(text)}"
        for number, (_key, text) in enumerate(values.get("_replies", ()), 1)
    ]
    return "\n".join([str(values.get("_about", "")), *listed])


async def typed(turn: Turn, question: str, text: str) -> bool:
    """Words typed where ready replies are offered are sent as they are, however like one.

    A number picks; anything else is never taken for a reply that says nearly the same.
    """
    if not turn.draft.get("_replies") or text.strip().isdecimal():
        return False
    try:
        turn.draft[question] = words(text)
    except BadAnswer:
        return False
    turn.asks = True
    return True


def filled(values: Values, question: str) -> str:
    """What is to be sent: the words typed, or those of the ready reply that was picked."""
    said = str(values[question])
    return str(dict(values.get("_replies", ())).get(said, said))


def whole(_: Turn, step: Step) -> None:
    """A reply with a blank is written out before it is sent."""
    if step.answered is None or step.answered not in step.values:
        return
    text = filled(step.values, step.answered)
    if text != step.values[step.answered] and BLANK in text:
        raise BadAnswer(
            N_("Mẫu này còn chỗ trống «…». Xin chép, điền vào rồi gửi:\n{text}"), text=text
        )
