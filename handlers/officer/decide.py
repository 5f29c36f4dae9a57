"""Deciding a case: confirm, decline with a reason, help given, reopen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import cards, casebook, decisions, notify, showing
from handlers.answers import words
from handlers.casebook import CaseRow
from handlers.decisions import DECIDED
from handlers.desk import Turn
from handlers.dialogue import Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_, translator
from handlers.messages import Button, Outgoing
from handlers.permissions import WORKERS, NotAllowed, act, role_for
from handlers.render import command_button
from handlers.showing import scope
from handlers.staffwork import about, begin, find, name_of, not_now, still, take_over
from handlers.times import span
from handlers.vocabulary import STATUS
from models.cases import OPEN, Status
from models.decisions import Settled
from models.people import Role

ANSWERABLE = (Status.CONFIRMED, *OPEN)
CLOSED = (Status.CONFIRMED, Status.DECLINED, Status.HELPED, Status.WITHDRAWN)


async def confirm(turn: Turn, argument: str) -> None:
    await begin(turn, "xacnhan", argument, CONFIRM, OPEN)


async def decline(turn: Turn, argument: str) -> None:
    await begin(turn, "tuchoi", argument, DECLINE, OPEN)


async def helped(turn: Turn, argument: str) -> None:
    await begin(turn, "datrogiup", argument, HELPED, ANSWERABLE)


async def reopen(turn: Turn, argument: str) -> None:
    await begin(turn, "molai", argument, REOPEN, CLOSED)


async def confirmed(turn: Turn, values: Values) -> None:
    await _decided(turn, values, "confirm", Status.CONFIRMED, OPEN)


async def declined(turn: Turn, values: Values) -> None:
    await _decided(turn, values, "decline", Status.DECLINED, OPEN)


async def help_given(turn: Turn, values: Values) -> None:
    await _decided(turn, values, "helped", Status.HELPED, ANSWERABLE)


async def _decided(
    turn: Turn,
    values: Mapping[str, Any],
    action: str,
    status: Status,
    states: tuple[Status, ...],
) -> None:
    """Decide a case: its clock ends, and the reporter reads it when it cannot be taken back."""
    case = await _mine(turn, values, states)
    if case is None:
        return
    stopped = case["waiting_since"] or turn.now  # while the citizen was asked the clock stood
    facts = {} if case["answered_at"] else {"in_time": stopped <= case["answer_due_at"]}
    await act(turn, action, scope(case), case["code"], **facts)
    case = await decisions.make(
        turn, case, status, str(values["text"]), media=tuple(values.get("_media", ()))
    )
    await _tell_holder(turn, case, N_("{who} đã xử lý hồ sơ ông/bà đang giữ:"))
    t = turn.t
    told = N_("Đã lưu và báo cho người dân: {code} – **{status}**.")
    buttons: tuple[Button, ...] = ()
    if turn.world.take_back:
        told = N_(
            "Đã lưu: {code} – **{status}**. Người dân được báo sau {span}; bấm nhầm thì rút lại."
        )
        buttons = (command_button("rutlai", t(N_("⏪ Rút lại")), case["code"]),)
    turn.say(
        t(
            told,
            code=case["code"],
            status=t(STATUS[status]),
            span=span(turn.world.take_back, t),
        ),
        *buttons,
        *notify.staff_buttons(case, turn.me),
        case_id=case["id"],
    )


async def _mine(
    turn: Turn, values: Mapping[str, Any], states: tuple[Status, ...]
) -> CaseRow | None:
    """The case to answer; a new one is taken on the way."""
    case = await still(turn, values, states)
    if case is not None and case["status"] == Status.NEW:
        case = await take_over(turn, case)
    return case


async def _tell_holder(turn: Turn, case: CaseRow, what: str) -> None:
    """A colleague did something to the case somebody holds: that person hears it."""
    if case["taken_by"] is None or case["taken_by"] == turn.person_id:
        return
    who = await name_of(turn, turn.person_id)
    for chat in await notify.in_charge(turn, case):
        t = translator(chat.locale)
        text = f"{t(what, who=who)}\n{cards.line(case, turn, t)}"
        turn.tell(chat, Outgoing(text), case_id=case["id"])


async def take_back(turn: Turn, argument: str) -> None:
    """``/rutlai MÃ``: what the reporter has not read yet was not decided."""
    case, _ = await find(turn, "rutlai", argument, DECIDED)
    if case is None:
        return
    row = await decisions.waiting_for(turn, case["id"])
    if row is None:
        turn.say(
            turn.t(
                N_("Dạ, {code} không còn quyết định nào chờ gửi. Cần sửa thì mở lại, kèm lý do."),
                code=case["code"],
            ),
            *notify.staff_buttons(case, turn.me),
            case_id=case["id"],
        )
        return
    await _taken_back(turn, case, row)


async def _taken_back(turn: Turn, case: CaseRow, row: decisions.Row) -> None:
    held = role_for(turn, "take_back", scope(case))
    if row["by_id"] != turn.person_id and held is not None and held.role == Role.OFFICER:
        raise NotAllowed(N_("Dạ, chỉ người đã quyết định hoặc lãnh đạo rút lại được."))
    await act(turn, "take_back", scope(case), case["code"], decision=row["what"])
    case = await decisions.go_back(turn, case, row, Settled.TAKEN_BACK)
    await casebook.event(turn, case["id"], "taken_back", by=turn.person_id, public=False)
    await _tell_holder(turn, case, N_("{who} đã rút lại quyết định về hồ sơ ông/bà đang giữ:"))
    await showing.show_case(
        turn, case, turn.t(N_("⏪ Đã rút lại, người dân chưa đọc gì. Hồ sơ như trước:"))
    )


async def reopened(turn: Turn, values: Values) -> None:
    """Work on it again: a new answer clock runs, the reporter is told why."""
    case = await casebook.by_code(turn, str(values["_case"]), lock=True)
    if case is None:
        return
    if case["status"] in OPEN:
        await not_now(turn, case)
        return
    waiting = await decisions.waiting_for(turn, case["id"])
    if waiting is not None:  # nobody has read it: there is nothing to open again
        await _taken_back(turn, case, waiting)
        return
    await act(turn, "reopen", scope(case), case["code"])
    text = str(values["text"])
    case = await casebook.start_again(
        turn,
        case,
        status=Status.TAKEN.value,
        taken_by=turn.person_id,
        taken_at=case["taken_at"] or turn.now,
    )
    await casebook.event(turn, case["id"], "reopened", by=turn.person_id, text=text)
    await notify.reporter(
        turn,
        case,
        N_("↩ Hồ sơ {code} được mở lại: {text}"),
        ("xem", N_("📂 Xem hồ sơ")),
        text=text,
    )
    await showing.show_case(turn, case, turn.t(N_("↩ Đã mở lại hồ sơ.")))


def _text(name: str, ask: str) -> Flow:
    return Flow(name, (Question("text", ask, words),))


CONFIRM = Form(
    _text(
        "confirm_case",
        N_("Quyết định gì, theo điều nào? (người dân sẽ đọc; gửi ảnh giấy tờ trước khi gõ)"),
    ),
    confirmed,
    said=about,
)
DECLINE = Form(
    _text("decline", N_("Lý do từ chối, bằng lời dễ hiểu? (người dân sẽ đọc)")),
    declined,
    said=about,
)
HELPED = Form(
    _text("helped", N_("Đã trợ giúp gì, bao nhiêu, khi nào? (có thể gửi ảnh trước khi gõ)")),
    help_given,
    said=about,
)
REOPEN = Form(_text("reopen", N_("Vì sao mở lại? (người dân sẽ đọc)")), reopened, said=about)
FORMS = (CONFIRM, DECLINE, HELPED, REOPEN)
COMMANDS = (
    Command("xacnhan", "confirm", confirm, N_("Xác nhận, kèm quyết định"), WORKERS),
    Command("tuchoi", "decline", decline, N_("Từ chối, kèm lý do"), WORKERS),
    Command("datrogiup", "helped", helped, N_("Đã trợ giúp: gì, bao nhiêu, khi nào"), WORKERS),
    Command("rutlai", "undo", take_back, N_("Rút lại quyết định vừa bấm"), WORKERS),
    Command("molai", "reopen", reopen, N_("Mở lại hồ sơ"), WORKERS),
)
