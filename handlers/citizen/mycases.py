"""A person's own cases: their story, how the due time was counted, withdrawal, help received."""

from __future__ import annotations

from handlers import casebook, caseclocks, codewords, notify, showing, withdrawing
from handlers.desk import Turn
from handlers.forms import Command
from handlers.i18n import N_, translator
from handlers.menu import menu_buttons
from handlers.messages import Outgoing
from handlers.owncase import own
from handlers.permissions import act, role_for
from handlers.render import command_button
from handlers.times import shown
from models.cases import OPEN, Status
from models.deadlines.clocks import Due
from models.deadlines.explain import explain, legal_notes, render


async def mine(turn: Turn, _: str) -> None:
    await showing.own_list(turn)


async def why(turn: Turn, argument: str) -> None:
    """«Vì sao là hạn này?»: how the due time was counted."""
    case = await _covered(turn, argument) or await own(turn, argument)
    if case is None:
        return
    t = turn.t
    pauses = caseclocks.paused(case["clocks"])
    steps = [*explain(caseclocks.answer_due(case), pauses)]
    steps += legal_notes(case["kinds"], case["opened_at"])
    told = render(steps, t, lambda value: shown(value, t))
    if turn.held and case["status"] == Status.NEW:
        take = explain(Due.from_json(case["clocks"]["take"]))
        first = render(take, t, lambda value: shown(value, t))
        told = "\n".join((t(N_("**Tiếp nhận**")), first, t(N_("**Trả lời**")), told))
    turn.say(told, command_button("xem", t(N_("📂 Xem hồ sơ")), case["code"]))


async def _covered(turn: Turn, argument: str) -> casebook.CaseRow | None:
    """A case of somebody else that a member of staff may see."""
    found, _ = codewords.split(argument)
    if not turn.held or found is None or found.code is None:
        return None
    case = await casebook.by_code(turn, found.code)
    if case is None or role_for(turn, "show", showing.scope(case)) is None:
        return None
    await act(turn, "show", showing.scope(case), case["code"])
    return case


async def withdraw(turn: Turn, argument: str) -> None:
    """Withdrawing asks once more: it cannot be guessed from a slip of the thumb."""
    _, sure = codewords.split(argument)
    case = await own(turn, argument, lock=True)
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
    await withdrawing.take_out(turn, case)
    if turn.draft.get("_case") == case["code"]:
        turn.close()  # what was still being answered for it is not needed any more
    turn.say(t(N_("Dạ, đã rút hồ sơ {code}."), code=case["code"]), *menu_buttons(turn))


async def received(turn: Turn, argument: str) -> None:
    await _help_came(
        turn, argument, "received_help", N_("Dạ, đã ghi nhận. Chúc gia đình bình an.")
    )


async def not_received(turn: Turn, argument: str) -> None:
    await _help_came(turn, argument, "no_help", N_("Dạ, đã báo lại cho cán bộ và lãnh đạo xã."))


async def _help_came(turn: Turn, argument: str, what: str, thanks: str) -> None:
    case = await own(turn, argument, lock=True)
    if case is None:
        return
    if case["status"] not in (Status.CONFIRMED, Status.HELPED):
        await showing.own_story(turn, case)  # an old button: nothing to say about help yet
        return
    said = [one["what"] for one in await casebook.events(turn, case["id"], public_only=True)]
    if said[-1:] == [what]:
        turn.say(turn.t(N_("Dạ, điều này đã được ghi rồi.")), *menu_buttons(turn))
        return
    await casebook.event(turn, case["id"], what, by=turn.person_id)
    if what == "no_help":
        for chat in await notify.responsible(turn, case):
            t = translator(chat.locale)
            text = t(N_("⚠ Người dân báo **chưa nhận được** hỗ trợ: {code}."), code=case["code"])
            turn.tell(chat, Outgoing(text, notify.staff_buttons(case, chat)), case_id=case["id"])
    turn.say(turn.t(thanks), *menu_buttons(turn))


COMMANDS = (
    Command("hoso", "mycases", mine, N_("Hồ sơ của tôi"), words=("ho so", "ho so cua toi")),
    Command("vihan", "why", why, N_("Vì sao là hạn này?"), shown=False),
    Command("rut", "withdraw", withdraw, N_("Rút hồ sơ"), shown=False),
    Command("danhan", "received", received, N_("Đã nhận được hỗ trợ"), shown=False),
    Command("chuanhan", "notreceived", not_received, N_("Chưa nhận được hỗ trợ"), shown=False),
)
