"""«Gặp cán bộ»: a person is always to be had."""

from __future__ import annotations

from uuid import uuid4

from handlers import casebook, notify
from handlers.answers import phone, place, words
from handlers.casebook import Report
from handlers.cards import commune_name
from handlers.desk import Turn
from handlers.dialogue import Choice, Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.render import command_button
from handlers.times import moment
from models import places

FLOW = Flow(
    "contact",
    (
        Question(
            "question",
            N_("Ông/bà muốn hỏi hoặc nhờ cán bộ việc gì? (gõ bằng lời, hoặc gửi ghi âm)"),
            words,
        ),
        Question(
            "commune",
            N_("Ông/bà ở **xã, phường** nào? (tên mới hoặc tên cũ)"),
            place,
            choices=lambda v: _known(v.get("_commune")),
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


async def begin(turn: Turn, text: str) -> None:
    """Open the form; what was typed already is the question."""
    known = {"question": words(text)} if text.strip() else {}
    if turn.commune:
        known["_commune"] = turn.commune
    if turn.draft.get("_media"):
        known["_media"] = turn.draft["_media"]
    turn.open("contact", uuid4(), **known)


async def start(turn: Turn, _: str) -> None:
    await begin(turn, "")


async def finish(turn: Turn, values: Values) -> None:
    """A question is a case of its own, with the promise of any other matter."""
    assert turn.draft_id is not None  # noqa: S101 - an open form has one
    details = {"words": [values["question"]]}
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


FORMS = (Form(FLOW, finish),)
COMMANDS = (
    Command(
        "gapcanbo", "officer", start, N_("Gặp cán bộ"), words=("gap can bo", "gap nguoi", "0")
    ),
)
