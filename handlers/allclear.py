"""An emergency taken back in words: «bấm nhầm», «không có ai nguy hiểm đâu», «an toàn rồi».

It is asked once more, as the second message may be the slip; staff who were told hear of it.
"""

from __future__ import annotations

from handlers import casebook, dialogue, groups, notify, reclock, withdrawing
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.i18n import N_
from handlers.menu import life_first, menu_buttons
from handlers.report_case import usual_urgency
from handlers.report_denials import denies
from handlers.report_filing import file, open_case
from handlers.report_memory import keep_words
from handlers.report_questions import FLOW, in_danger
from handlers.typed import as_typed
from handlers.vocabulary import EMERGENCY
from models.outbox import Lane


async def heard(turn: Turn, text: str) -> bool:
    """Whether words under an emergency say that there is none; then that is asked."""
    if turn.flow != FLOW.name or not in_danger(turn.draft):
        return False
    question = dialogue.look(FLOW, turn.draft).question
    if (question is not None and question.id == "over") or not denies(text):
        return False
    turn.draft["_denied"] = [*turn.draft.get("_denied", ()), text]
    keep_words(turn, text)
    await file(turn)
    turn.asks = True
    return True


async def settled(turn: Turn) -> None:
    """«Không còn ai nguy hiểm, phải không?» is answered."""
    draft = turn.draft
    over = draft.pop("over", None) == "over"
    denied = draft.pop("_denied", [])
    if not over:
        turn.lead = life_first(turn.t)
        return
    case = await open_case(turn, lock=True)
    kinds = [one for one in str(draft.get("kinds", "")).split(",") if one]
    kinds = [one for one in kinds if one != EMERGENCY.id]
    said = " / ".join(denied)
    if not kinds and set(draft.get("_words", ())) <= set(denied):
        turn.close()
        if case is not None:
            await withdrawing.take_out(turn, case, mistaken=said)
        _end(turn, case)
        return
    draft["danger"] = "no"
    draft["kinds"] = ",".join(kinds)
    if not kinds:
        del draft["kinds"]  # what has happened is asked
    if case is not None:
        await _calm(turn, case, kinds, said)


def _end(turn: Turn, case: CaseRow | None) -> None:
    t = turn.t
    told = t(N_("Dạ, không sao ạ, mừng là không ai nguy hiểm. Chưa có tin nào được gửi đi."))
    if case is not None:
        told = t(
            N_("Dạ, không sao ạ, mừng là không ai nguy hiểm. Đã rút hồ sơ {code} và báo cán bộ."),
            code=case["code"],
        )
    turn.say(told, *menu_buttons(turn))


async def _calm(turn: Turn, case: CaseRow, kinds: list[str], said: str) -> None:
    """The case goes on as one that is no emergency, unless an officer said how urgent it is."""
    if not case["clocks"].get("judged"):
        case = await casebook.change(
            turn, case, **reclock.anew(case, usual_urgency(kinds), turn.now)
        )
    turn.draft["_calmed"] = True
    await casebook.event(turn, case["id"], "calmed", by=turn.person_id, text=said)
    await groups.show(turn, case)
    told = N_(
        "🟢 Người báo tin nói **không còn ai nguy hiểm** ({code}): «{text}». Còn ngờ, xin gọi lại."
    )
    chats = await notify.in_charge(turn, case)
    notify.tell(turn, case, chats, told, lane=Lane.URGENT, text=as_typed(said))
    turn.lead = turn.t(
        N_("Dạ, đã báo cán bộ là không còn ai nguy hiểm ({code}). Xin trả lời tiếp để được giúp."),
        code=case["code"],
    )
