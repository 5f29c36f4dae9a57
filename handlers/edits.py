"""Edited messages: the original stays, the new words are kept beside it.

If the message answered a question of the form still open, the answer follows the edit.
"""

from __future__ import annotations

from sqlalchemy import select

from handlers import asking, casebook, dialogue, filling, notify, owncase
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.dialogue import BadAnswer
from handlers.i18n import N_
from handlers.registry import FORMS
from handlers.report_memory import remember
from handlers.report_questions import FLOW as REPORT
from handlers.typed import as_typed, clean
from handlers.understand import understand
from models.conversations import Received


async def edited(turn: Turn) -> None:
    text = clean(turn.said.text)
    if not text:
        if turn.said.position is not None and turn.flow is not None:  # a live position moves
            turn.draft["_position"] = [turn.said.position.lat, turn.said.position.lon]
        return
    if turn.flow is not None and await _of_the_open_form(turn, text):
        return
    cases = await _cases(turn)
    for case in cases:
        await casebook.event(turn, case["id"], "edited", by=turn.person_id, text=text)
        await _tell(turn, case, text)
        turn.say(
            turn.t(
                N_("Dạ, đã lưu bản sửa vào hồ sơ {code}; bản gốc vẫn được giữ."), code=case["code"]
            )
        )
    if turn.held and not cases:
        turn.say(turn.t(N_("Bản sửa không đổi điều đã gửi. Cần đổi, xin mở lại hồ sơ: /molai")))
    elif not cases:
        turn.say(turn.t(N_("Dạ, đã lưu bản sửa của tin nhắn này.")))
    turn.asks = turn.flow is not None


async def _of_the_open_form(turn: Turn, text: str) -> bool:
    """The answer follows the edit; a sentence told before is kept in both versions."""
    form = FORMS[turn.flow or ""]
    edits = turn.said.edits
    by = turn.draft.get("_by", {})
    question_id = next((one for one, message in by.items() if message == edits), None)
    question = form.flow.question(question_id) if question_id else None
    if question is not None:
        old = dict(turn.draft)
        turn.draft = dict(dialogue.forget(form.flow, turn.draft, question.id).answers)
        picked = asking.pick(turn, question, text)
        step = dialogue.reply(form.flow, turn.draft, text, question.id, picked)
        if step.answered == question.id and _stands(turn, step):
            turn.draft = dict(step.answers)
            turn.lead = turn.t(N_("Dạ, đã sửa câu trả lời theo tin nhắn vừa sửa."))
            await filling.proceed(turn, step)
            return True
        turn.draft = old
        return False
    if turn.flow == REPORT.name and edits in turn.draft.get("_said_in", {}):
        remember(turn, text, understand(text))
        turn.lead = turn.t(N_("Dạ, đã lưu bản sửa; lời kể trước vẫn được giữ."))
        await filling.proceed(turn, asking.look(turn))
        return True
    return False


def _stands(turn: Turn, step: dialogue.Step) -> bool:
    try:
        FORMS[turn.flow or ""].verify(turn, step)
    except BadAnswer:
        return False
    return True


async def _cases(turn: Turn) -> list[CaseRow]:
    """The open cases the old words went into; when that cannot be told, every open one."""
    own = await owncase.open_ones(turn)
    body = await turn.db.scalar(
        select(Received.body).where(
            Received.conversation_id == turn.chat_id, Received.message_id == turn.said.edits
        )
    )
    old = " ".join(str((body or {}).get("text", "")).split())
    if not old:
        return own
    found = []
    for case in own:
        story = await casebook.events(turn, case["id"], public_only=False)
        known = [case["village"], *(case["details"] or {}).values()]
        known += [text for one in known if isinstance(one, list) for text in one]
        known += [(one["body"] or {}).get("text") for one in story]
        if old in [" ".join(one.split()) for one in known if isinstance(one, str)]:
            found.append(case)
    return found or own


async def _tell(turn: Turn, case: CaseRow, text: str) -> None:
    told = N_("✏ Người báo tin sửa tin nhắn ({code}): {text}")
    notify.tell(turn, case, await notify.in_charge(turn, case), told, text=as_typed(text))
