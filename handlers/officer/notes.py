"""Internal notes: what colleagues should know and the reporter never reads."""

from __future__ import annotations

from handlers import casebook
from handlers.answers import words
from handlers.desk import Turn
from handlers.dialogue import Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.permissions import WORKERS, act
from handlers.render import command_button
from handlers.showing import scope
from handlers.staffwork import about, begin, still
from models.cases import Status

ANY = tuple(Status)


async def note(turn: Turn, argument: str) -> None:
    await begin(turn, "ghichu", argument, NOTE, ANY)


async def noted(turn: Turn, values: Values) -> None:
    case = await still(turn, values, ANY)
    if case is None:
        return
    await act(turn, "note", scope(case), case["code"])
    text = str(values["text"])
    await casebook.event(turn, case["id"], "noted", by=turn.person_id, public=False, text=text)
    turn.say(
        turn.t(N_("📝 Đã ghi chú vào {code}; người dân không đọc được."), code=case["code"]),
        command_button("xem", turn.t(N_("📂 Xem hồ sơ")), case["code"]),
    )


NOTE = Form(
    Flow(
        "note",
        (
            Question(
                "text", N_("Ghi chú gì? (chỉ cán bộ, lãnh đạo đọc; chỉ chữ, không kèm ảnh)"), words
            ),
        ),
    ),
    noted,
    said=about,
)
FORMS = (NOTE,)
COMMANDS = (Command("ghichu", "note", note, N_("Ghi chú nội bộ"), WORKERS),)
