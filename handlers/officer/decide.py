"""Deciding a case: confirm, decline with a reason, help given, reopen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import cards, casebook, notify, showing
from handlers.answers import words
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.dialogue import Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_, translator
from handlers.messages import Outgoing
from handlers.permissions import WORKERS, act
from handlers.showing import scope
from handlers.staffwork import about, begin, evidence, name_of, not_now, still, take_over
from handlers.vocabulary import STATUS
from models.cases import OPEN, Status

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
    await _decided(
        turn,
        values,
        "confirm",
        Status.CONFIRMED,
        N_("✅ {office} đã **xác nhận** hồ sơ {code}: {text}"),
    )


async def declined(turn: Turn, values: Values) -> None:
    await _decided(
        turn,
        values,
        "decline",
        Status.DECLINED,
        N_(
            "Hồ sơ {code} **chưa được chấp nhận**. Lý do: {text}\n"
            "Nếu thấy chưa đúng, ông/bà bấm Gặp cán bộ để nói lại."
        ),
    )


async def _decided(
    turn: Turn, values: Mapping[str, Any], action: str, status: Status, told: str
) -> None:
    """Answer a case: the answer clock ends, the reporter reads what was decided and why."""
    case = await _mine(turn, values, OPEN)
    if case is None:
        return
    stopped = case["waiting_since"] or turn.now  # while the citizen was asked the clock stood
    await act(turn, action, scope(case), case["code"], in_time=stopped <= case["answer_due_at"])
    text = str(values["text"])
    case = await casebook.change(
        turn,
        case,
        status=status.value,
        answered_at=turn.now,
        waiting_since=None,
        closed_at=turn.now if status == Status.DECLINED else None,
    )
    what = "confirmed" if status == Status.CONFIRMED else "declined"
    files = await evidence(turn, values, case)
    await casebook.event(turn, case["id"], what, by=turn.person_id, text=text)
    await notify.reporter(
        turn,
        case,
        told,
        ("xem", N_("📂 Xem hồ sơ")),
        ("gapcanbo", N_("👤 Gặp cán bộ")),
        media=files,
        text=text,
    )
    await _tell_holder(turn, case)
    turn.say(
        turn.t(
            N_("Đã lưu và báo cho người dân: {code} – **{status}**."),
            code=case["code"],
            status=turn.t(STATUS[status]),
        ),
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


async def _tell_holder(turn: Turn, case: CaseRow) -> None:
    """A colleague answered the case somebody holds: that person hears it."""
    if case["taken_by"] is None or case["taken_by"] == turn.person_id:
        return
    who = await name_of(turn, turn.person_id)
    for chat in await notify.in_charge(turn, case):
        t = translator(chat.locale)
        text = t(N_("{who} đã xử lý hồ sơ ông/bà đang giữ:"), who=who)
        turn.tell(chat, Outgoing(f"{text}\n{cards.line(case, turn, t)}"), case_id=case["id"])


async def help_given(turn: Turn, values: Values) -> None:
    case = await _mine(turn, values, ANSWERABLE)
    if case is None:
        return
    await act(turn, "helped", scope(case), case["code"])
    text = str(values["text"])
    case = await casebook.change(
        turn,
        case,
        status=Status.HELPED.value,
        answered_at=case["answered_at"] or turn.now,
        closed_at=turn.now,
        waiting_since=None,
    )
    files = await evidence(turn, values, case)
    await casebook.event(turn, case["id"], "helped", by=turn.person_id, text=text)
    await notify.reporter(
        turn,
        case,
        N_("🎁 Hồ sơ {code}: đã trợ giúp – {text}\nÔng/bà đã nhận được chưa?"),
        ("danhan", N_("👍 Đã nhận được hỗ trợ")),
        ("chuanhan", N_("👎 Chưa nhận được")),
        media=files,
        text=text,
    )
    await _tell_holder(turn, case)
    turn.say(
        turn.t(N_("🎁 Đã ghi: {code} đã trợ giúp, người dân đã được báo."), code=case["code"])
    )


async def reopened(turn: Turn, values: Values) -> None:
    """Work on it again: a new answer clock runs, the reporter is told why."""
    case = await casebook.by_code(turn, str(values["_case"]), lock=True)
    if case is None:
        return
    if case["status"] in OPEN:
        await not_now(turn, case)
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
    Command("molai", "reopen", reopen, N_("Mở lại hồ sơ"), WORKERS),
)
