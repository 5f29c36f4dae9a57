"""Deciding a case: confirm, decline with a reason, help given, reopen."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from handlers import cards, casebook, deciding, decisions, notify, replies, showing
from handlers.answers import plain, words
from handlers.casebook import CaseRow
from handlers.deciding import Wish
from handlers.decisions import DECIDED
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.messages import Button
from handlers.permissions import WORKERS, NotAllowed, act
from handlers.render import command_button
from handlers.showing import scope
from handlers.staffwork import about, begin, find, not_now, still
from handlers.times import span
from handlers.typed import as_typed
from handlers.vocabulary import STATUS
from models.cases import OPEN, Status

CLOSED = (Status.CONFIRMED, Status.DECLINED, Status.HELPED, Status.WITHDRAWN)


async def confirm(turn: Turn, argument: str) -> None:
    await begin(turn, "xacnhan", argument, CONFIRM, OPEN)


async def decline(turn: Turn, argument: str) -> None:
    await begin(turn, "tuchoi", argument, DECLINE, OPEN)


async def answer(turn: Turn, argument: str) -> None:
    """``/giaidap MÃ lời``: a question is answered; a report is confirmed or declined."""
    case, _ = await find(turn, "giaidap", argument, OPEN)
    if case is not None and not cards.is_question(case):
        turn.say(
            turn.t(
                N_("Dạ, {code} là tin báo, không phải câu hỏi: xin Xác nhận hoặc Từ chối."),
                code=case["code"],
            ),
            *notify.staff_buttons(case, turn.me),
        )
    elif case is not None:
        await begin(turn, "giaidap", argument, ANSWER, OPEN)


async def helped(turn: Turn, argument: str) -> None:
    await begin(turn, "datrogiup", argument, HELPED, deciding.ANSWERABLE)


async def reopen(turn: Turn, argument: str) -> None:
    await begin(turn, "molai", argument, REOPEN, CLOSED)


async def confirmed(turn: Turn, values: Values) -> None:
    await _decided(turn, values, Status.CONFIRMED)


async def declined(turn: Turn, values: Values) -> None:
    await _decided(turn, values, Status.DECLINED)


async def help_given(turn: Turn, values: Values) -> None:
    await _decided(turn, values, Status.HELPED)


_BECAUSE = re.compile(r"^(?:l[ýí] do|vì)(?:\s+là\b)?\s*[:,]?\s+", re.IGNORECASE)


def _text_of(values: Values, what: Status) -> str:
    """What the citizen reads; a reason stands after «Lý do:», where «vì» says it twice."""
    text = replies.filled(values, "text")
    if what != Status.DECLINED:
        return text
    return _BECAUSE.sub("", text) or text


async def _decided(turn: Turn, values: Values, what: Status) -> None:
    """Decide a case; where the commune wants a second look the leader decides."""
    case = await still(turn, values, deciding.STATES[what])
    if case is None:
        return
    wish = Wish(what, _text_of(values, what), tuple(values.get("_media", ())))
    leaders = await deciding.to_be_seen_by(turn, case["commune"], what)
    if what == Status.HELPED and case["status"] in OPEN:
        leaders = await deciding.to_be_seen_by(turn, case["commune"], Status.CONFIRMED)
        if leaders:  # nothing goes past the second look
            turn.say(
                turn.t(
                    N_("Dạ, xã cần lãnh đạo xem lại: xin **xác nhận** {code} trước."),
                    code=case["code"],
                ),
                *notify.staff_buttons(case, turn.me),
            )
            return
    if leaders:
        case = await deciding.propose(turn, case, wish)
        await deciding.tell_leaders(turn, leaders, [case], wish)
        turn.say(
            turn.t(
                N_("🖊 Đã gửi lãnh đạo xem lại: {code} – **{status}**. Người dân chưa đọc gì."),
                code=case["code"],
                status=turn.t(STATUS[what]),
            ),
            command_button("xem", turn.t(N_("📂 Xem hồ sơ")), case["code"]),
            command_button("tiep", turn.t(N_("▶ Hồ sơ tiếp theo"))),
        )
        return
    case = await deciding.decide(turn, case, wish)
    _say_decided(turn, case, wish.text)


def _say_decided(turn: Turn, case: CaseRow, text: str) -> None:
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
            status=cards.status(case, t),
            span=span(turn.world.take_back, t),
        )
        + f"\n«{as_typed(text)}»",
        *buttons,
        *notify.staff_buttons(case, turn.me),
        command_button("tiep", t(N_("▶ Hồ sơ tiếp theo"))),
        case_id=case["id"],
    )


async def take_back(turn: Turn, argument: str) -> None:
    """``/rutlai MÃ``, or all that was decided in one go: what was not read was not decided."""
    kind, _, batch = argument.strip().partition(" ")
    if kind == "loat":
        await _all_back(turn, batch)
        return
    case, _ = await find(turn, "rutlai", argument, DECIDED)
    if case is None:
        return
    row = await decisions.waiting_for(turn, case["id"])
    if row is None or row["tell_at"] is None:
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
    case = await _one_back(turn, case, row)
    await showing.show_case(
        turn, case, turn.t(N_("⏪ Đã rút lại, người dân chưa đọc gì. Hồ sơ như trước:"))
    )


async def _one_back(turn: Turn, case: CaseRow, row: decisions.Row) -> CaseRow:
    if not deciding.may_take_back(turn, case, row):
        raise NotAllowed(N_("Dạ, chỉ người đã quyết định hoặc lãnh đạo rút lại được."))
    case = await deciding.go_back(turn, case, row)
    await casebook.event(turn, case["id"], "taken_back", by=turn.person_id, public=False)
    told = N_("{who} đã rút lại quyết định về hồ sơ ông/bà đang giữ:")
    await deciding.tell_holder(turn, case, told)
    return case


async def _all_back(turn: Turn, batch: str) -> None:
    """Take back what was decided in one go, as far as nobody has read it."""
    back = []
    for case, row in await decisions.of_batch(turn, batch):
        if row["tell_at"] is not None and deciding.may_take_back(turn, case, row):
            await _one_back(turn, case, row)
            back.append(case["code"])
    t = turn.t
    if not back:
        turn.say(t(N_("Dạ, không còn quyết định nào của loạt này chờ gửi.")), *menu_buttons(turn))
        return
    turn.say(
        t(
            N_("⏪ Đã rút lại {n} hồ sơ, người dân chưa đọc gì: {codes}"),
            n=len(back),
            codes=", ".join(back),
        ),
        command_button("hangdoi", t(N_("📋 Hàng đợi"))),
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
    if (
        waiting is not None and waiting["tell_at"] is not None
    ):  # nobody has read it: there is nothing to open again
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


_SAYS_NOTHING = frozenset(
    {"nhan", "da nhan", "roi", "xong", "xong roi", "da xong", "ok", "duoc", "duoc roi", "co", "da"}
    | {"da co", "tro giup", "da tro giup", "da giup", "giup roi", "da nhan duoc"}
)


def given(text: str) -> str:
    """Read what was given: the citizen reads it, so that «rồi» alone is none."""
    said = words(text)
    if plain(said) in _SAYS_NOTHING:
        raise BadAnswer(
            N_("Dạ, xin ghi rõ đã trợ giúp gì, khi nào, ví dụ: 15 kg gạo, trao ngày 24/11.")
        )
    return said


def _text(name: str, ask: str, read: Callable[[str], str] = words) -> Flow:
    return Flow(name, (Question("text", ask, read, choices=replies.choices),))


def _form(
    name: str,
    ask: str,
    finish: Callable[[Turn, Values], Awaitable[None]],
    read: Callable[[str], str] = words,
) -> Form:
    """Words for the citizen, with the commune's ready replies at hand."""
    return Form(
        _text(name, ask, read),
        finish,
        verify=replies.whole,
        said=replies.offered,
        hears=replies.typed,
    )


CONFIRM = _form(
    "confirm_case",
    N_("Quyết định gì, theo điều nào? (người dân sẽ đọc; gửi ảnh giấy tờ trước khi gõ)"),
    confirmed,
)
DECLINE = _form("decline", N_("Lý do từ chối, bằng lời dễ hiểu? (người dân sẽ đọc)"), declined)
ANSWER = _form(
    "answer_question",
    N_("Trả lời thế nào? (người dân sẽ đọc; gửi ảnh trước khi gõ)"),
    confirmed,
)
HELPED = _form(
    "helped",
    N_("Đã trợ giúp gì, bao nhiêu, khi nào? (có thể gửi ảnh trước khi gõ)"),
    help_given,
    given,
)
REOPEN = Form(_text("reopen", N_("Vì sao mở lại? (người dân sẽ đọc)")), reopened, said=about)
FORMS = (CONFIRM, DECLINE, ANSWER, HELPED, REOPEN)
COMMANDS = (
    Command("xacnhan", "confirm", confirm, N_("Xác nhận, kèm quyết định"), WORKERS),
    Command("tuchoi", "decline", decline, N_("Từ chối, kèm lý do"), WORKERS),
    Command("giaidap", "respond", answer, N_("Trả lời một câu hỏi của người dân"), WORKERS),
    Command("datrogiup", "helped", helped, N_("Đã trợ giúp: gì, bao nhiêu, khi nào"), WORKERS),
    Command("rutlai", "undo", take_back, N_("Rút lại quyết định vừa bấm"), WORKERS),
    Command("molai", "reopen", reopen, N_("Mở lại hồ sơ"), WORKERS),
)
