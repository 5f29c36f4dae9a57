"""«Tôi được hưởng gì?»: the check, its result, and what can follow from it.

The law works out which question comes next; nobody is refused by it, the officer decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from handlers import casebook, consent, dialogue, notify
from handlers.benefits import deaths, findings, presenting, readers, request, results, watching
from handlers.benefits.household import case_of, day_of, decision_of
from handlers.benefits.kin import kin_in
from handlers.benefits.known import about_somebody, told_in
from handlers.benefits.presenting import SHOWN
from handlers.benefits.questions import FILING, FLOW, NAME, NEXT, REMEMBER, STAGE, further
from handlers.benefits.readers import births
from handlers.benefits.readers import household as read_household
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Step, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.render import command_button
from handlers.times import day as day_shown
from handlers.understand import Meaning, understand
from models.benefits.facts import Case
from models.text import compose

WITHOUT = "_without"  # what need not be offered after it
NOTHING: Mapping[str, str] = {}


async def begin(
    turn: Turn,
    meaning: Meaning | None = None,
    text: str = "",
    *,
    known: Mapping[str, str] = NOTHING,
) -> None:
    """Open a check with everything that is known already."""
    presenting.begin(turn, **known)
    if meaning is not None:
        turn.draft, heard = told_in(turn.draft, meaning, text, turn.t)
        if heard:
            turn.lead = turn.t(N_("Dạ, đã hiểu: {heard}."), heard=", ".join(heard))
    await stepped(turn, dialogue.look(FLOW, turn.draft))


def verify(turn: Turn, step: Step) -> None:
    """Refuse a birth or a death that lies ahead."""
    value = str(step.values.get(step.answered or "", ""))
    if step.answered == "died" and day_of(value, turn.today) > turn.today:
        raise BadAnswer(N_("Dạ, ngày này chưa tới. Xin gõ ngày đã xảy ra, ví dụ 15/11/2026."))
    if step.answered and step.answered.endswith(".birth_date"):
        later = value[:4] if not value.startswith("a") else ""
        if later > str(turn.today.year) or (len(value) == 10 and value > turn.today.isoformat()):
            raise BadAnswer(N_("Dạ, ngày sinh này chưa tới. Xin gõ lại, ví dụ 15/03/1950."))


async def stepped(turn: Turn, step: Step) -> None:
    """After each answer: show the result once nothing more can change it."""
    if step.answered == "consent" and not await _agreed(turn, step):
        return
    if step.answered not in STAGE:
        turn.draft.pop(SHOWN, None)
    if step.answered == "died":  # «hôm qua» means the same tomorrow
        turn.draft["died"] = day_of(step.values["died"], turn.today).isoformat()
    if step.answered == "day":
        _forget(turn, NEXT)
    if step.answered == NEXT and await _after(turn, step):
        return
    presenting.present(turn)


async def hears(turn: Turn, question_id: str, text: str) -> bool:
    """«Cho ai?» answered in one's own words: «mẹ tôi 76 tuổi», «tôi 1985, vợ 1987, con 2016»."""
    if question_id == "died":
        return await _hears_of_a_death(turn, text)
    if question_id not in ("whom", "relation"):
        return False
    before = dict(turn.draft)
    household = _household(text)
    if household and question_id == "whom":
        turn.draft |= {"whom": "household", "members": household}
    elif (kin := kin_in(compose(text))) is not None and births(text):
        turn.draft.pop("whom", None)
        turn.draft, heard = told_in(turn.draft, understand(text), text, turn.t)
        if turn.draft.get("whom") == "relative" and "relation" not in turn.draft:
            turn.draft["relation"] = kin
        turn.lead = turn.t(N_("Dạ, đã hiểu: {heard}."), heard=", ".join(heard))
    if turn.draft == before or "whom" not in turn.draft:
        turn.draft = before
        return False
    turn.asks = True
    await stepped(turn, dialogue.look(FLOW, turn.draft))
    return True


async def _hears_of_a_death(turn: Turn, text: str) -> bool:
    """«85 tuổi» where the day is asked: kept, and the day asked again."""
    try:
        readers.died(text)
    except BadAnswer:
        before = dict(turn.draft)
        turn.draft, heard = told_in(turn.draft, understand(text), text, turn.t)
        if turn.draft == before or not heard:
            turn.draft = before
            return False
        turn.lead = turn.t(N_("Dạ, đã hiểu: {heard}."), heard=", ".join(heard))
        turn.asks = True
        await stepped(turn, dialogue.look(FLOW, turn.draft))
        return True
    return False


def _household(text: str) -> str:
    """A household told in one line; "" when it is not one."""
    try:
        found = read_household(text)
    except BadAnswer:
        return ""
    return found if ";" in found else ""


async def _agreed(turn: Turn, step: Step) -> bool:
    if step.values.get("consent") == "refuse":
        turn.close()
        turn.say(turn.t(consent.REFUSED), *menu_buttons(turn))
        return False
    await consent.record(turn)
    turn.draft["_consented"] = True
    return True


async def _after(turn: Turn, step: Step) -> bool:
    """What is wanted after the result; True when it is dealt with."""
    wanted, values = step.values.get(NEXT), step.values
    if wanted == "why":
        case = case_of(values)
        turn.say(results.refusals(values, case, decision_of(values, case), turn.t))
        _forget(turn, NEXT)
        _leave_out(turn, "why")
        turn.asks = True
        return True
    if wanted == "on":
        _forget(turn, "day")
        turn.draft.pop(SHOWN, None)
    if wanted == "again":
        turn.close()
        await begin(turn)
        turn.asks = True
        return True
    return False


def _forget(turn: Turn, question_id: str) -> None:
    turn.draft = dict(dialogue.forget(FLOW, turn.draft, question_id).answers)


def _leave_out(turn: Turn, offer: str) -> None:
    turn.draft[WITHOUT] = [*turn.draft.get(WITHOUT, ()), offer]


async def finish(turn: Turn, values: Values) -> None:
    """Something was chosen and everything it needs is known."""
    if values[NEXT] == "file":
        await _file(turn)
    elif values[NEXT] == "remind":
        await _remind(turn, wanted=values[REMEMBER] == "yes")
    else:
        turn.close()
        thanks = N_("Dạ, cảm ơn ông/bà. Cần thêm gì xin cứ nhắn.")
        turn.say(turn.t(thanks), *menu_buttons(turn))


async def _file(turn: Turn) -> None:
    step = dialogue.look(FLOW, turn.draft)
    if turn.draft_id is None:
        return
    case = await casebook.open_case(turn, turn.draft_id, request.report_of(step))
    await notify.new_case(turn, case)
    turn.say(
        request.receipt(case, _forms(step.values, case_of(step.values)), turn.t),
        command_button("vihan", turn.t(N_("Vì sao là hạn này?")), case["code"]),
        command_button("xem", turn.t(N_("📂 Xem hồ sơ")), case["code"]),
        case_id=case["id"],
    )
    for name in (NEXT, *FILING):
        _forget(turn, name)
    _leave_out(turn, "file")
    turn.asks = True


async def _remind(turn: Turn, *, wanted: bool) -> None:
    """Keep the answers and tell when the answer changes; only if that was agreed to."""
    t = turn.t
    for name in (NEXT, REMEMBER):
        _forget(turn, name)
    turn.asks = True
    if not wanted:
        turn.lead = t(N_("Dạ, không lưu gì cả."))
        return
    await consent.record(turn, watching.PURPOSE)
    due = await watching.watch(turn, turn.draft)
    _leave_out(turn, "remind")
    if due is None:
        told = t(N_("🔔 Dạ, luật đổi thì sẽ nhắc. Xem hoặc thôi nhắc: gõ /nhac."))
    else:
        told = t(
            N_("🔔 Dạ, sẽ nhắc ngày {day}, và khi luật đổi. Xem hoặc thôi nhắc: gõ /nhac."),
            day=day_shown(due, t),
        )
    turn.lead = told


def _forms(values: Values, case: Case) -> tuple[str, ...]:
    """The papers of everything asked for, each once."""
    found: dict[str, None] = {}
    for outcome in findings.cards(decision_of(values, case)):
        found |= dict.fromkeys(findings.papers_of(outcome, case.day))
    return tuple(found)


def said_all(values: Values) -> bool:
    """The result was shown and nothing is being filled in."""
    open_now = further(values) if values.get(SHOWN) else None
    return open_now is not None and open_now.id == NEXT


def patience(values: Values) -> timedelta:
    return timedelta(hours=6) if said_all(values) else timedelta(minutes=30)


async def start(turn: Turn, argument: str) -> None:
    """/kiemtra, or the button of a card: ``deceased`` begins with a funeral."""
    if turn.flow == NAME and not said_all(dialogue.look(FLOW, turn.draft).values):
        turn.lead = turn.t(N_("Dạ, việc kiểm tra đang làm dở, xin trả lời tiếp (hoặc gõ Huỷ):"))
        turn.asks = True
        return
    if turn.flow == NAME:
        turn.close()
    known = {"whom": "deceased"} if argument == "deceased" else NOTHING
    # what was typed before an answer that did not help tells of somebody already
    heard = str(turn.draft.get("_heard", "")) if turn.flow is None else ""
    meaning = understand(heard) if heard else None
    if meaning is not None and _tells(meaning, heard, of_a_death=bool(known)):
        await begin(turn, meaning, heard, known=known)
    else:
        await begin(turn, known=known)


def _tells(meaning: Meaning, heard: str, *, of_a_death: bool) -> bool:
    """Whether words tell of the person a check is to be about."""
    if of_a_death:
        return deaths.is_about_one(heard) or meaning.label == "q_funeral"
    return about_somebody(meaning, heard)


FORMS = (
    Form(
        FLOW,
        finish,
        step=stepped,
        verify=verify,
        hears=hears,
        patience=patience,
        said_all=said_all,
    ),
)
COMMANDS = (
    Command(
        "kiemtra",
        "check",
        start,
        N_("Kiểm tra tôi được hưởng trợ cấp gì"),
        words=(
            "kiem tra",
            "kiem tra tro cap",
            "kiem tra che do",
            "toi duoc huong gi",
            "toi duoc gi",
            "toi duoc huong tro cap gi",
            "toi duoc huong che do gi",
            "toi co duoc huong gi khong",
            "duoc huong gi",
            "toi duoc nhung gi",
            "what am i entitled to",
        ),
    ),
)
