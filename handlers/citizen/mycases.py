"""A person's own cases: their story, additions, answers to the officer, withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from handlers import casebook, notify, showing
from handlers.answers import words
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.dialogue import Choice, Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_, translator
from handlers.menu import menu_buttons
from handlers.messages import Outgoing
from handlers.render import command_button
from models import codes
from models.cases import OPEN, Case, Status
from models.deadlines.clocks import Due, resume
from models.deadlines.explain import explain, render_vi
from models.people import Role

NOT_YOURS = N_(
    "Dạ, không thấy mã {code} trong hồ sơ của ông/bà. Nếu báo từ máy khác, xin bấm Gặp cán bộ."
)


async def mine(turn: Turn, _: str) -> None:
    await showing.own_list(turn)


async def open_ones(turn: Turn) -> list[CaseRow]:
    return [
        one for one in await casebook.of_reporter(turn, turn.person_id) if one["status"] in OPEN
    ]


async def _own(turn: Turn, argument: str, *, lock: bool = False) -> CaseRow | None:
    """The person's own case of a code; says what is wrong with the code otherwise."""
    found = codes.read(argument) if argument else None
    if found is None:
        own = await open_ones(turn)
        if len(own) == 1 and not argument:
            return await casebook.by_code(turn, own[0]["code"], lock=lock)
        await mine(turn, "")
        return None
    case = await casebook.by_code(turn, found.code, lock=lock) if found.code else None
    if case is None or case["reporter_id"] != turn.person_id:
        turn.say(turn.t(NOT_YOURS, code=found.typed), *menu_buttons(turn))
        return None
    return case


async def why(turn: Turn, argument: str) -> None:
    """«Vì sao là hạn này?»"""
    case = await _own(turn, argument)
    if case is not None:
        pauses = casebook.paused(case["clocks"])
        due = resume(Due.from_json(case["clocks"]["answer"]), pauses)
        turn.say(
            render_vi(explain(due, pauses)),
            command_button("xem", turn.t(N_("📂 Xem hồ sơ")), case["code"]),
        )


async def add(turn: Turn, argument: str) -> None:
    case = await _own(turn, argument)
    if case is None:
        return
    media = turn.draft.get("_media") if turn.flow is None else None
    turn.open("add", uuid4(), _case=case["code"], **({"_media": media} if media else {}))


ADD = Flow(
    "add",
    (
        Question(
            "addition",
            N_("Xin gõ điều cần bổ sung, gửi ảnh, ghi âm hoặc vị trí; xong bấm «Xong»."),
            words,
            choices=lambda _: (Choice("done", N_("Xong")),),
            wants="photo",
        ),
    ),
)


async def added(turn: Turn, values: Values) -> None:
    """Words, photographs or a position go to the case and to whoever handles it."""
    case = await casebook.by_code(turn, str(values["_case"]), lock=True)
    if case is None:
        return
    said = "" if values["addition"] == "done" else str(values["addition"])
    media = turn.draft.get("_media", ())
    await casebook.attach_media(turn, case["id"])
    position = values.get("_position")
    if position:
        details = {**(case["details"] or {}), "position": position}
        case = await casebook.change(turn, case, details=details)
    answering = case["waiting_since"] is not None
    what = "answered" if answering else "added"
    if said.startswith("geo:"):
        said = ""
    await casebook.event(turn, case["id"], what, by=turn.person_id, text=said, files=len(media))
    if answering:
        await casebook.resume(turn, case)
    await _tell_handler(turn, case, said, what)
    turn.close()
    turn.say(
        turn.t(N_("Dạ, đã thêm vào hồ sơ **{code}** và báo cho cán bộ."), code=case["code"]),
        command_button("xem", turn.t(N_("📂 Xem hồ sơ")), case["code"]),
    )


async def _tell_handler(turn: Turn, case: CaseRow, said: str, what: str) -> None:
    """Whoever took the case hears it; while nobody has, everybody of the commune does."""
    message = N_("📩 Người báo tin trả lời ({code}): {text}")
    if what == "added":
        message = N_("📩 Người báo tin bổ sung ({code}): {text}")
    files = await notify.files(turn, case["id"]) if turn.draft.get("_media") else ()
    for chat in await _handlers(turn, case):
        t = translator(chat.locale)
        text = t(message, code=case["code"], text=said or t(N_("(ảnh, ghi âm hoặc vị trí)")))
        turn.tell(
            chat, Outgoing(text, notify.staff_buttons(case, chat), media=files), case_id=case["id"]
        )


async def _handlers(turn: Turn, case: CaseRow) -> Sequence[Any]:
    chats = await turn.staff(case["commune"], {Role.OFFICER, Role.LEADER})
    own = [chat for chat in chats if chat.person_id == case["taken_by"]]
    return own or chats


async def answers_question(turn: Turn, text: str, *, urgent: bool) -> bool:
    """Free text while the officer waits for an answer is that answer, unless life is at risk."""
    if urgent or turn.held:
        return False
    waiting = await turn.db.execute(
        select(Case.code).where(
            Case.reporter_id == turn.person_id, Case.waiting_since.is_not(None)
        )
    )
    open_codes = [row.code for row in waiting]
    if len(open_codes) != 1:
        return False
    turn.open("add", uuid4(), _case=open_codes[0], addition=words(text))
    turn.asks = False
    await added(turn, {"_case": open_codes[0], "addition": text})
    return True


async def withdraw(turn: Turn, argument: str) -> None:
    """Withdrawing asks once more: it cannot be guessed from a slip of the thumb."""
    code, _, sure = argument.partition(" ")
    case = await _own(turn, code, lock=True)
    if case is None:
        return
    t = turn.t
    if case["status"] not in OPEN:
        turn.say(t(N_("Dạ, hồ sơ {code} đã xong, không cần rút."), code=case["code"]))
        return
    if sure != "chac":
        turn.say(
            t(N_("Rút hồ sơ {code}? Cán bộ sẽ không giải quyết nữa."), code=case["code"]),
            command_button("rut", t(N_("Đúng, rút")), f"{case['code']} chac"),
            command_button("xem", t(N_("Không, giữ lại")), case["code"]),
        )
        return
    await casebook.change(
        turn, case, status=Status.WITHDRAWN.value, closed_at=turn.now, waiting_since=None
    )
    await casebook.event(turn, case["id"], "withdrawn", by=turn.person_id)
    for chat in await _handlers(turn, case):
        words_ = translator(chat.locale)(
            N_("Người báo tin đã rút hồ sơ {code}."), code=case["code"]
        )
        turn.tell(chat, Outgoing(words_), case_id=case["id"])
    turn.say(t(N_("Dạ, đã rút hồ sơ {code}."), code=case["code"]), *menu_buttons(turn))


async def received(turn: Turn, argument: str) -> None:
    await _help_came(
        turn, argument, "received_help", N_("Dạ, đã ghi nhận. Chúc gia đình bình an.")
    )


async def not_received(turn: Turn, argument: str) -> None:
    await _help_came(turn, argument, "no_help", N_("Dạ, đã báo lại cho cán bộ và lãnh đạo xã."))


async def _help_came(turn: Turn, argument: str, what: str, thanks: str) -> None:
    case = await _own(turn, argument, lock=True)
    if case is None:
        return
    await casebook.event(turn, case["id"], what, by=turn.person_id)
    if what == "no_help":
        for chat in await turn.staff(case["commune"], {Role.OFFICER, Role.LEADER}):
            t = translator(chat.locale)
            text = t(N_("⚠ Người dân báo **chưa nhận được** hỗ trợ: {code}."), code=case["code"])
            turn.tell(chat, Outgoing(text, notify.staff_buttons(case, chat)), case_id=case["id"])
    turn.say(turn.t(thanks), *menu_buttons(turn))


FORMS = (Form(ADD, added),)
COMMANDS = (
    Command("hoso", "mycases", mine, N_("Hồ sơ của tôi"), words=("ho so", "ho so cua toi")),
    Command("them", "add", add, N_("Bổ sung vào hồ sơ"), words=("bo sung",)),
    Command("vihan", "why", why, N_("Vì sao là hạn này?"), shown=False),
    Command("rut", "withdraw", withdraw, N_("Rút hồ sơ"), shown=False),
    Command("danhan", "received", received, N_("Đã nhận được hỗ trợ"), shown=False),
    Command("chuanhan", "notreceived", not_received, N_("Chưa nhận được hỗ trợ"), shown=False),
)
