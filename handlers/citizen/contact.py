"""«Gặp cán bộ»: a person is always to be had."""

from __future__ import annotations

import re
from uuid import uuid4

from handlers import casebook, consent, notify, sayings
from handlers.answers import LONG, phone, place, words
from handlers.cards import commune_name
from handlers.casebook import Report
from handlers.desk import Turn
from handlers.dialogue import Choice, Flow, Question, Step, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.render import command_button
from handlers.times import moment
from handlers.typed import as_typed
from models import places

FLOW = Flow(
    "contact",
    (
        Question(
            "question",
            N_("Ông/bà muốn hỏi hoặc nhờ cán bộ việc gì? (gõ bằng lời; có thể gửi ảnh, ghi âm)"),
            words,
        ),
        Question(
            "consent",
            consent.NOTICE,
            consent.agreed,
            when=lambda v: not v.get("_consented"),
            choices=lambda _: consent.CHOICES,
        ),
        Question(
            "commune",
            N_("Ông/bà ở **xã, phường** nào? (tên mới hoặc tên cũ)"),
            place,
            choices=lambda v: _known(v.get("_commune")),
            wants="position",
        ),
        Question(
            "phone",
            N_("Số điện thoại để cán bộ gọi lại?"),
            phone,
            wants="contact",
            optional=True,
        ),
    ),
)


def _known(code: object) -> tuple[Choice, ...]:
    commune = places.COMMUNES.get(str(code))
    return (Choice(commune.code, commune.name),) if commune else ()


SHORT = 200
_WHEN = re.compile(
    r"\b(?:bao (?:gio|h|g)|khi nao|chung nao|luc nao|ngay nao|hom nao|thang nao|bao lau)\b"
)


def _passed_on(text: str) -> str:
    """Say what becomes of a question before anything is asked back."""
    if _WHEN.search(sayings.folded(text)):
        return N_(
            "Dạ, kênh này chưa có lịch để trả lời «{text}», nên xin chuyển câu này tới cán bộ xã. "
            "Muốn hỏi việc khác, xin bấm Quay lại."
        )
    return N_("Dạ, sẽ chuyển cán bộ câu: «{text}». Muốn hỏi việc khác, xin bấm Quay lại.")


async def begin(turn: Turn, text: str) -> None:
    """Open the form; what was typed already is the question.

    In the middle of a report its place and telephone need not be asked again.
    """
    known: dict[str, object] = {}
    if turn.flow is not None:
        known = {key: turn.draft[key] for key in ("commune", "phone") if key in turn.draft}
    elif turn.draft.get("_media"):
        known["_media"] = turn.draft["_media"]
    if len(text.split()) > 0 and len(text) <= LONG:
        known["question"] = text
        turn.lead = turn.t(_passed_on(text), text=as_typed(text[:SHORT]))
    if await consent.given(turn):
        known["_consented"] = True
    if turn.commune:
        known["_commune"] = turn.commune
    turn.open("contact", uuid4(), **known)


async def start(turn: Turn, _: str) -> None:
    if turn.flow == FLOW.name:
        turn.asks = True
        return
    # what was typed before an answer that did not help is the question
    heard = str(turn.draft.get("_heard", "")) if turn.flow is None else ""
    await begin(turn, heard)


async def stepped(turn: Turn, step: Step) -> None:
    if step.answered != "consent":
        return
    if step.values.get("consent") == "refuse":
        turn.close()
        turn.say(turn.t(consent.REFUSED), *menu_buttons(turn))
        return
    await consent.record(turn)
    turn.draft["_consented"] = True


async def finish(turn: Turn, values: Values) -> None:
    """A question is a case of its own, with the promise of any other matter."""
    if turn.draft_id is None:
        return
    details = {"words": [values["question"]], "question": True}
    if values.get("phone"):
        details["phone"] = values["phone"]
    report = Report(str(values["commune"]), None, ("other",), "normal", details, incomplete=False)
    case = await casebook.open_case(turn, turn.draft_id, report)
    await notify.new_case(turn, case)
    turn.close()
    turn.say(
        turn.t(
            N_(
                "✅ Đã chuyển câu hỏi tới cán bộ **{commune}**, mã **{code}**. Cán bộ trả lời tại "
                "đây trước **{due}** (cam kết của UBND)."
            ),
            commune=commune_name(case["commune"], turn.t),
            code=case["code"],
            due=moment(case["answer_due_at"], turn.t),
        ),
        command_button("xem", turn.t(N_("📂 Xem hồ sơ")), case["code"]),
        command_button("menu", turn.t(N_("Trình đơn"))),
        case_id=case["id"],
    )


FORMS = (Form(FLOW, finish, step=stepped),)
COMMANDS = (
    Command(
        "gapcanbo",
        "officer",
        start,
        N_("Gặp cán bộ"),
        words=("gap can bo", "gap nguoi", "gap nguoi that", "0"),
    ),
)
