"""Reporting sudden hardship.

The case is filed as soon as it is known what happened, where, and whether somebody is in danger;
whatever is answered later is added to it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import update

from handlers import allclear, casebook, consent, notify, rollcalls
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Step, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import life_first, menu_buttons
from handlers.pastdays import happened_on
from handlers.render import command_button
from handlers.report_case import receipt, report_of
from handlers.report_filing import abandoned, danger_again, file
from handlers.report_memory import no_place, offer_places, remember
from handlers.report_privacy import reassure
from handlers.report_profile import keep_profile
from handlers.report_questions import FLOW, in_danger
from handlers.report_summary import correct, offer_lines, open_line, summary
from handlers.understand import Meaning
from handlers.villages import key, listed
from handlers.vocabulary import EMERGENCY
from models import phone as phones
from models import places
from models.hot import opened
from models.jobs import Job
from models.outbox import Lane
from models.people import Person

NOTHING: Mapping[str, str] = {}


async def begin(
    turn: Turn,
    meaning: Meaning | None = None,
    text: str = "",
    *,
    known: Mapping[str, str] = NOTHING,
) -> None:
    """Open a report with everything that is known already; file it at once if that is enough."""
    if known.get("danger") == "yes" or (meaning is not None and meaning.danger):
        known = {**await rollcalls.place(turn, turn.person_id), **known}
    loose = turn.draft if turn.flow is None else {}
    facts: dict[str, Any] = {
        "_consented": turn.consented,
        "_storm": turn.storms_in(known.get("commune") or turn.commune),
        "_commune": turn.commune,
        "_phone": loose.get("_phone") or (opened(turn.private) or {}).get("phone"),
        "_media": loose.get("_media"),
        "_position": loose.get("_position"),
        **known,
    }
    turn.open("report", uuid4(), **{key: value for key, value in facts.items() if value})
    if meaning is not None:
        remember(turn, text, meaning)
    reassure(turn)
    offer_places(turn)
    await file(turn)


def verify(turn: Turn, step: Step) -> None:
    """Refuse a day that has not come yet."""
    value = str(step.values.get("happened", ""))
    if step.answered == "happened" and value and happened_on(value, turn.today) > turn.today:
        raise BadAnswer(N_("Dạ, ngày này chưa tới. Xin gõ ngày đã xảy ra, ví dụ 15/11/2026."))


async def stepped(turn: Turn, step: Step) -> None:
    """After each answer: file the case once enough is known, keep it up to date afterwards."""
    after = _AFTER.get(step.answered or "")
    if after is not None and await after(turn, step):
        return
    reassure(turn)
    offer_places(turn)
    await file(turn)
    if step.values.get("commune") and "_villages" not in turn.draft:
        turn.draft["_villages"] = await listed(turn, str(step.values["commune"]))


async def _dated(turn: Turn, step: Step) -> bool:
    if value := step.values.get("happened"):
        turn.draft["happened"] = happened_on(str(value), turn.today).isoformat()
    return False


async def _endangered(turn: Turn, step: Step) -> bool:
    if in_danger(step.values):
        turn.lead = life_first(turn.t)
        await danger_again(turn)
    return False


async def _all_clear(turn: Turn, _: Step) -> bool:
    await allclear.settled(turn)
    return turn.flow != FLOW.name


async def _consented(turn: Turn, step: Step) -> bool:
    if step.values.get("consent") != "refuse":
        await consent.record(turn)
        turn.draft["_consented"] = True
        return False
    turn.close()
    await consent.forget_words(turn)
    if step.values.get("_case"):  # filed while it was an emergency
        await cancelled(turn, step.values)
    else:
        turn.say(turn.t(consent.REFUSED), *menu_buttons(turn))
    return True


async def _confirmed(turn: Turn, step: Step) -> bool:
    if step.values.get("confirm") != "fix":
        return False
    del turn.draft["confirm"]
    offer_lines(turn)
    return True


async def _in_village(turn: Turn, _: Step) -> bool:
    """A village picked from the commune's list is stored by its name."""
    names = {key(name): name for name in turn.draft.get("_villages", ())}
    said = str(turn.draft.get("village"))
    turn.draft["village"] = names.get(key(said), said)
    return False


async def _in_commune(turn: Turn, step: Step) -> bool:
    if turn.storms_in(str(step.values.get("commune"))):
        turn.draft["_storm"] = True
    return False


# What else an answer does; True: nothing is left to do for this message.
_AFTER: Mapping[str, Callable[[Turn, Step], Awaitable[bool]]] = {
    "happened": _dated,
    "danger": _endangered,
    "over": _all_clear,
    "consent": _consented,
    "confirm": _confirmed,
    "village": _in_village,
    "commune": _in_commune,
}


async def finish(turn: Turn, values: Values) -> None:
    """Everything is answered: the case is complete, the promise is told."""
    draft = report_of(turn.draft, incomplete=False)
    if draft is None or turn.draft_id is None:
        return
    case = await casebook.open_case(turn, turn.draft_id, draft)
    await casebook.event(turn, case["id"], "completed", by=turn.person_id, public=False)
    await notify.new_case(turn, case, again=bool(turn.draft.get("_told")))
    turn.jobs.append(Job("find_alike", str(case["id"]), int(Lane.REMINDER)))
    await keep_profile(turn, values)
    turn.close()
    turn.say(
        receipt(turn, case),
        command_button("vihan", turn.t(N_("Vì sao là hạn này?")), case["code"]),
        command_button("xem", turn.t(N_("📂 Xem hồ sơ")), case["code"]),
        command_button("them", turn.t(N_("📎 Bổ sung")), case["code"]),
        lane=Lane.URGENT if draft.urgency == "sos" else Lane.REPLY,
        case_id=case["id"],
    )


async def fix(turn: Turn, argument: str) -> None:
    """Open one answered question again; a button of an earlier report changes nothing."""
    name, _, tag = argument.strip().partition(" ")
    question = FLOW.question(name)
    if turn.flow != FLOW.name or turn.draft_id is None:
        turn.say(turn.t(N_("Dạ, không có tin báo nào đang sửa.")), *menu_buttons(turn))
    elif tag and tag != turn.draft_id.hex[:6]:
        turn.lead = turn.t(N_("Dạ, nút này thuộc tin báo cũ nên không đổi gì."))
        turn.asks = True
    elif question is None or question.id not in turn.draft:
        offer_lines(turn)
    else:
        open_line(turn, question)


async def start(turn: Turn, argument: str) -> None:
    if turn.flow == FLOW.name:
        turn.lead = turn.t(N_("Dạ, tin báo đang làm dở, xin trả lời tiếp (hoặc gõ Huỷ):"))
        turn.asks = True
        return
    await begin(turn, known={"commune": argument} if argument in places.COMMUNES else NOTHING)


async def sos(turn: Turn, _: str) -> None:
    """🆘: a place and it is filed."""
    if turn.flow == FLOW.name:
        await danger_again(turn)
        turn.lead = life_first(turn.t)
        turn.draft["danger"] = "yes"
        turn.draft.pop("_denied", None)
        turn.draft.setdefault("kinds", EMERGENCY.id)
        turn.draft.pop("confirm", None)
        offer_places(turn)
        await file(turn)
        turn.asks = True
        return
    turn.lead = life_first(turn.t)
    await begin(turn, known={"kinds": EMERGENCY.id, "danger": "yes"})


async def cancelled(turn: Turn, values: Values) -> None:
    """A filed case is not lost with the draft: it stays until it is withdrawn."""
    code = values.get("_case")
    if not code:
        return
    case = await casebook.by_code(turn, str(code))
    if case is not None and not values.get("_told"):
        await notify.new_case(turn, case)
    turn.say(
        turn.t(
            N_("Dạ, đã dừng. Hồ sơ **{code}** vẫn được cán bộ xem xét; không cần nữa thì rút."),
            code=code,
        ),
        command_button("rut", turn.t(N_("Rút hồ sơ")), str(code)),
        *menu_buttons(turn),
    )


async def hears(turn: Turn, question_id: str, text: str) -> bool:
    """What is typed for an open question and is no answer to it."""
    if await correct(turn, question_id, text):
        return True
    if no_place(turn, question_id, text):
        await file(turn)
        return True
    return False


def patience(values: Values) -> timedelta:
    return timedelta(minutes=3) if in_danger(values) else timedelta(minutes=30)


async def live_in(turn: Turn, commune: str) -> None:
    """A commune's link or QR was opened: propose this commune from now on."""
    turn.commune = commune
    await turn.db.execute(
        update(Person).where(Person.id == turn.person_id).values(commune=commune)
    )


async def keep_phone(turn: Turn, text: str) -> None:
    """A telephone number that was shared unasked is kept for the next report."""
    t = turn.t
    number = phones.normalise(text)
    if number is None:
        wrong = N_("Dạ, đây chưa phải số điện thoại Việt Nam. Ví dụ đúng: 0912 345 678.")
        turn.say(t(wrong), *menu_buttons(turn))
        return
    turn.draft["_phone"] = number
    turn.say(t(N_("Dạ, đã nhận số điện thoại. Ông/bà cần việc gì ạ?")), *menu_buttons(turn))


FORMS = (
    Form(
        FLOW,
        finish,
        step=stepped,
        verify=verify,
        cancelled=cancelled,
        abandoned=abandoned,
        said=summary,
        patience=patience,
        hears=hears,
    ),
)
COMMANDS = (
    Command(
        "sos",
        "emergency",
        sos,
        N_("🆘 Khẩn cấp: báo ngay cho cán bộ"),
        words=("sos", "🆘", "cuu", "khan cap", "cuu voi", "cuu toi", "keu cuu"),
    ),
    Command(
        "baotin", "report", start, N_("Báo khó khăn đột xuất"), words=("bao tin", "bao kho khan")
    ),
    Command("sua", "fix", fix, N_("Sửa một dòng trong tin báo"), shown=False),
)
