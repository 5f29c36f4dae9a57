"""Reporting sudden hardship.

The case is filed as soon as it is known what happened, where, and whether somebody is in danger;
whatever is answered later is added to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update

from handlers import cards, casebook, consent, dialogue, notify
from handlers.casebook import Report
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Question, Step, Values
from handlers.forms import Command, Form
from handlers.i18n import N_, Translate
from handlers.menu import life_first, menu_buttons
from handlers.render import command_button
from handlers.report_questions import DONE, FLOW, in_danger
from handlers.times import day, moment
from handlers.understand import Meaning, kinds as kinds_of
from handlers.vocabulary import EMERGENCY, KINDS, PROVINCE_WIDE, VULNERABLE
from models import phone as phones
from models import places
from models.benefits.emergency import emergency_support
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
    """Open a report with everything that is known already."""
    files = turn.draft.get("_media")
    position = turn.draft.get("_position")
    private = await turn.db.scalar(select(Person.private).where(Person.id == turn.person_id))
    facts: dict[str, Any] = {
        "_consented": await consent.given(turn),
        "_commune": turn.commune,
        "_phone": turn.draft.get("_phone") or (private or {}).get("phone"),
        "_media": files,
        "_position": position,
        **known,
    }
    turn.open("report", uuid4(), **{key: value for key, value in facts.items() if value})
    if meaning is not None:
        remember(turn, text, meaning)


def remember(turn: Turn, text: str, meaning: Meaning) -> None:
    """Take along what a free sentence said; what was answered before is not overwritten."""
    draft = turn.draft
    if len(text.split()) > 1:
        draft["_words"] = [*draft.get("_words", ()), text[:1000]][-10:]
    known = meaning.facts
    found = kinds_of(meaning)
    if found:
        before = str(draft.get("kinds", "")).split(",") if draft.get("kinds") else []
        draft["kinds"] = ",".join(dict.fromkeys([*before, *found]))
        draft["_several"] = True
    if meaning.danger:
        draft["danger"] = "yes"
        draft.setdefault("kinds", EMERGENCY.id)
    said: dict[str, object] = {
        "commune": known.get("place"),
        "people": known.get("persons"),
        "poverty": known.get("poverty"),
        "cause": known.get("cause"),
        "phone": known.get("phone"),
        "happened": known.get("date"),
        "vulnerable": ",".join(
            f"{choice.id}={known[choice.id]}" for choice in VULNERABLE if known.get(choice.id)
        ),
    }
    for key, value in said.items():
        question = FLOW.question(key)
        if not value or key in draft or question is None:
            continue
        try:
            draft[key] = str(question.read(str(value)))
        except BadAnswer:
            continue


def report_of(draft: Mapping[str, Any], *, incomplete: bool) -> Report | None:
    """The case a draft amounts to, None while it is not known what happened and where."""
    values = dialogue.look(FLOW, draft).values
    if "kinds" not in values or "danger" not in values:
        return None
    if "commune" not in values:
        return None
    danger = in_danger(values)
    kinds = [*str(values["kinds"]).split(",")]
    kinds += [kind for kind in str(values.get("more", "")).split(",") if kind and kind != DONE]
    if danger and EMERGENCY.id not in kinds:
        kinds.append(EMERGENCY.id)
    details = {
        key: values[key]
        for key in (
            "cause",
            "happened",
            "address",
            "whose",
            "head",
            "people",
            "vulnerable",
            "poverty",
            "phone",
        )
        if values.get(key) not in (None, "")
    }
    if draft.get("_words"):
        details["words"] = draft["_words"]
    if draft.get("_position"):
        details["position"] = draft["_position"]
    urgency = "sos" if danger else _URGENCY.get(kinds[0], "high")
    return Report(
        commune=str(values["commune"]),
        village=values.get("village"),
        kinds=tuple(dict.fromkeys(kinds)),
        urgency=urgency,
        details=details,
        incomplete=incomplete,
    )


_URGENCY = {"livelihood": "normal", "house_damaged": "high", "other": "normal"}


def verify(turn: Turn, step: Step) -> None:
    """Refuse a day that has not come yet."""
    value = step.values.get("happened")
    if step.answered == "happened" and value not in ("today", "yesterday"):
        if date.fromisoformat(str(value)) > turn.today:
            raise BadAnswer(N_("Dạ, ngày này chưa tới. Xin gõ ngày đã xảy ra, ví dụ 15/11/2026."))


async def stepped(turn: Turn, step: Step) -> None:
    """After each answer: file the case once enough is known, keep it up to date afterwards."""
    if step.answered == "happened":
        _fix_the_day(turn)
    if step.answered == "danger" and in_danger(step.values):
        turn.lead = life_first(turn.t)
    if step.answered == "consent":
        await consent.record(turn)
        turn.draft["_consented"] = True
    if step.answered == "confirm" and step.values.get("confirm") == "fix":
        del turn.draft["confirm"]
        offer_lines(turn)
        return
    await _file(turn)


def _fix_the_day(turn: Turn) -> None:
    """«Hôm nay» becomes the date it is, so that it still means the same tomorrow."""
    ago = {"today": 0, "yesterday": 1}.get(str(turn.draft.get("happened")))
    if ago is not None:
        turn.draft["happened"] = (turn.today - timedelta(days=ago)).isoformat()


async def _file(turn: Turn) -> None:
    """Open the case the first time everything needed is known; later only update it."""
    draft = report_of(turn.draft, incomplete=True)
    if draft is None or turn.draft_id is None:
        return
    filed = turn.draft.get("_case")
    case = await casebook.open_case(turn, turn.draft_id, draft)
    turn.draft["_case"] = case["code"]
    urgent = draft.urgency == "sos"
    if urgent and turn.draft.get("_told") != case["commune"]:
        await notify.new_case(turn, case)
        turn.draft["_told"] = case["commune"]  # staff of a corrected commune are told as well
    if filed:
        return
    t = turn.t
    if urgent:
        told = t(
            N_(
                "✅ Đã báo khẩn tới cán bộ **{commune}**: hồ sơ **{code}**. Cán bộ tiếp nhận trước "
                "**{take}**. Xin trả lời thêm vài câu ngắn."
            ),
            commune=cards.commune_name(case["commune"], t),
            code=case["code"],
            take=moment(case["take_due_at"], t),
        )
    else:
        told = t(
            N_("✅ Đã ghi nhận, mã hồ sơ **{code}**. Xin trả lời thêm để cán bộ giúp đúng việc."),
            code=case["code"],
        )
    turn.lead = "\n\n".join(part for part in (turn.lead, told) if part)


async def finish(turn: Turn, values: Values) -> None:
    """Everything is answered: the case is complete, the promise is told."""
    draft = report_of(turn.draft, incomplete=False)
    assert draft is not None  # noqa: S101 - the questions before saw to it
    assert turn.draft_id is not None  # noqa: S101
    case = await casebook.open_case(turn, turn.draft_id, draft)
    await casebook.event(turn, case["id"], "completed", by=turn.person_id, public=False)
    await notify.new_case(turn, case, again=draft.urgency == "sos")
    await _profile(turn, values)
    turn.close()
    turn.say(
        receipt(turn, case),
        command_button("vihan", turn.t(N_("Vì sao là hạn này?")), case["code"]),
        command_button("xem", turn.t(N_("📂 Xem hồ sơ")), case["code"]),
        command_button("them", turn.t(N_("➕ Bổ sung")), case["code"]),
        lane=Lane.URGENT if draft.urgency == "sos" else Lane.REPLY,
        case_id=case["id"],
    )


def receipt(turn: Turn, case: Mapping[str, Any]) -> str:
    """What the citizen is told: code, promised time, what may be due, what to do next."""
    t = turn.t
    law = case["clocks"]["answer"]["basis"]["kind"] == "law"
    basis = (
        N_("thời hạn luật định") if law else N_("cam kết của UBND, không phải thời hạn luật định")
    )
    lines = [
        t(
            N_("✅ Đã ghi nhận hồ sơ **{code}** lúc {at}."),
            code=case["code"],
            at=moment(case["opened_at"], t),
        ),
        t(
            N_("{office} sẽ trả lời trước **{due}** ({basis})."),
            office=cards.office(case["commune"], t),
            due=moment(case["answer_due_at"], t),
            basis=t(basis),
        ),
    ]
    lines += support(case, turn)
    lines.append(
        t(N_("Gõ mã hồ sơ bất cứ lúc nào để xem tình hình. Nguy hiểm tính mạng: gọi ngay 112."))
    )
    return "\n".join(lines)


def support(case: Mapping[str, Any], turn: Turn) -> list[str]:
    """What the household may be considered for, with the article."""
    details = case["details"] or {}
    poverty = details.get("poverty")
    found = emergency_support(
        case["kinds"],
        turn.today,
        persons=details.get("people"),
        poverty=poverty if poverty in ("poor", "near_poor", "neither") else None,
        cause=details.get("cause"),
    )
    t = turn.t
    if not found:
        return []
    rows = [f"• {one.wording} – {one.article}" for one in found]
    return [t(N_("Có thể được xem xét (cán bộ quyết định):")), *rows]


async def _profile(turn: Turn, values: Values) -> None:
    """Remember what saves questions next time: the commune and, of the own household, the phone."""
    changed: dict[str, Any] = {"commune": values["commune"]}
    if values.get("phone") and values.get("whose", "own") == "own":
        changed["private"] = {"phone": values["phone"]}
    await turn.db.execute(update(Person).where(Person.id == turn.person_id).values(**changed))


def summary(turn: Turn, values: Values) -> str:
    """Before the last question: every answer, numbered."""
    step = dialogue.look(FLOW, turn.draft)
    if step.question is None or step.question.id != "confirm":
        count_ = len(turn.draft.get("_media", ()))
        if step.question is not None and step.question.id == "photos" and count_:
            return turn.t(N_("(Đã có {count} ảnh hoặc ghi âm.)"), count=count_)
        return ""
    t = turn.t
    rows = [
        f"{number}. {t(question.title)}: {said(question, values[question.id], t)}"
        for number, question in enumerate(lines_of(values), 1)
    ]
    return "\n".join([t(N_("**Tóm tắt tin báo**")), *rows])


def lines_of(values: Values) -> list[Question]:
    return [
        one for one in FLOW.questions if one.title and values.get(one.id) not in (None, "", DONE)
    ]


def said(question: Question, value: object, t: Translate) -> str:
    """An answer as people read it."""
    text = str(value)
    if question.id == "commune":
        return cards.commune_name(text, t)
    if question.id == "phone":
        return phones.shown(text)
    if question.id == "happened":
        return day(date.fromisoformat(text), t)
    if question.id == "vulnerable":
        return cards.vulnerable(text, t)
    labels = {one.id: one.label for one in (*KINDS, EMERGENCY, *question.choices({}))}
    if question.choices({}) or question.id in ("kinds", "more"):
        return ", ".join(t(labels.get(one, one)) for one in text.split(","))
    return text


def offer_lines(turn: Turn) -> None:
    """Which line is to be corrected?"""
    values = dialogue.look(FLOW, turn.draft).values
    t = turn.t
    turn.asks = False
    turn.draft["_fixing"] = True
    turn.say(
        t(N_("Xin bấm dòng cần sửa:")),
        *(command_button("sua", t(one.title), one.id) for one in lines_of(values)),
    )


async def fix(turn: Turn, argument: str) -> None:
    """Open one answered question again."""
    question = FLOW.question(argument.strip())
    if turn.flow != FLOW.name:
        turn.say(turn.t(N_("Dạ, không có tin báo nào đang sửa.")), *menu_buttons(turn))
        return
    if question is None:
        offer_lines(turn)
        return
    turn.draft = dict(dialogue.forget(FLOW, turn.draft, question.id).answers)
    turn.draft.pop("confirm", None)
    turn.asks = True


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
        turn.say(
            t(N_("Dạ, đây chưa phải số điện thoại Việt Nam. Ví dụ đúng: 0912 345 678.")),
            *menu_buttons(turn),
        )
        return
    turn.draft["_phone"] = number
    turn.say(t(N_("Dạ, đã nhận số điện thoại. Ông/bà cần việc gì ạ?")), *menu_buttons(turn))


async def start(turn: Turn, argument: str) -> None:
    if turn.flow == FLOW.name:
        turn.lead = turn.t(N_("Dạ, tin báo đang làm dở, xin trả lời tiếp (hoặc gõ Huỷ):"))
        turn.asks = True
        return
    await begin(turn, known={"commune": argument} if argument in places.COMMUNES else NOTHING)


async def sos(turn: Turn, _: str) -> None:
    """🆘: a place and it is filed."""
    turn.lead = life_first(turn.t)
    if turn.flow == FLOW.name:
        turn.draft["danger"] = "yes"
        turn.draft.setdefault("kinds", EMERGENCY.id)
        await _file(turn)
        turn.asks = True
        return
    await begin(turn, known={"kinds": EMERGENCY.id, "danger": "yes"})


async def cancelled(turn: Turn, values: Values) -> None:
    """A filed case is not lost with the draft: it stays until it is withdrawn."""
    code = values.get("_case")
    if code:
        turn.say(
            turn.t(
                N_(
                    "Dạ, đã dừng. Hồ sơ **{code}** vẫn được cán bộ xem xét; không cần nữa thì rút."
                ),
                code=code,
            ),
            command_button("rut", turn.t(N_("Rút hồ sơ")), str(code)),
            *menu_buttons(turn),
        )


async def abandoned(turn: Turn, values: Values) -> None:
    """Silence: an emergency is filed as it stands, whatever else is missing."""
    if values.get("_case") or "kinds" not in values:
        return
    if not in_danger(values) and "commune" not in values:
        return
    draft = {**turn.draft}
    draft.setdefault("danger", "no")
    draft.setdefault("commune", turn.commune or PROVINCE_WIDE)
    found = report_of(draft, incomplete=True)
    if found is not None and turn.draft_id is not None:
        case = await casebook.open_case(turn, turn.draft_id, found)
        await notify.new_case(turn, case)
        turn.draft |= {"_case": case["code"], "_told": case["commune"]}


def patience(values: Values) -> timedelta:
    return timedelta(minutes=3) if in_danger(values) else timedelta(minutes=30)


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
    ),
)
COMMANDS = (
    Command(
        "sos",
        "emergency",
        sos,
        N_("🆘 Khẩn cấp: báo ngay cho cán bộ"),
        words=("sos", "cuu", "khan cap"),
    ),
    Command(
        "baotin", "report", start, N_("Báo khó khăn đột xuất"), words=("bao tin", "bao kho khan")
    ),
    Command("sua", "fix", fix, N_("Sửa một dòng trong tin báo"), shown=False, words=("sua",)),
)
