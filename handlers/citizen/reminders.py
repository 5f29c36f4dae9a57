"""Reminders of what changes: seeing them, checking again, ending them."""

from __future__ import annotations

from handlers import consent
from handlers.benefits import presenting, results, watching
from handlers.desk import Turn
from handlers.dialogue import ORDER
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.render import command_button
from handlers.times import day as day_shown


async def show(turn: Turn, _: str) -> None:
    """/nhac: what somebody is to be reminded of."""
    t = turn.t
    found = await watching.of_person(turn)
    if not found:
        none = N_("Dạ, chưa có lời nhắc nào. Kiểm tra xong, bấm «Nhắc tôi khi có thay đổi».")
        turn.say(t(none), command_button("kiemtra", t(N_("🔎 Tôi được hưởng gì?"))))
        return
    rows, buttons = [t(N_("**Các lời nhắc**"))], []
    for number, (watch_id, due, body) in enumerate(found, 1):
        who = results.whom(watching.values_on(body["answers"], turn.today), t)
        when = day_shown(due, t) if due else t(N_("khi luật đổi"))
        rows.append(f"{number}. {who} – {when}")
        buttons += [
            command_button("xemnhac", t(N_("🔎 Xem {number}"), number=number), str(watch_id)),
            command_button("thoinhac", t(N_("🔕 Thôi {number}"), number=number), str(watch_id)),
        ]
    turn.say("\n".join(rows), *buttons)


async def again(turn: Turn, argument: str) -> None:
    """The same check as of today; the ages count from when they were told."""
    found = {str(watch_id): body for watch_id, _, body in await watching.of_person(turn)}
    body = found.get(argument.strip())
    if body is None:
        turn.say(turn.t(N_("Dạ, không có lời nhắc này.")), *menu_buttons(turn))
        return
    answers = body["answers"]
    today = {"day": turn.today.isoformat(), ORDER: [*answers[ORDER], "day"]}
    presenting.begin(turn, **{**answers, **today})
    presenting.present(turn)
    turn.asks = True


async def stop(turn: Turn, argument: str) -> None:
    done = argument.strip().isdecimal() and await watching.stop(turn, int(argument))
    if done and not await watching.of_person(turn):
        await consent.withdraw(turn, watching.PURPOSE)
    told = N_("Dạ, đã thôi nhắc và xoá các điều đã lưu.")
    if not done:
        told = N_("Dạ, không có lời nhắc này.")
    turn.say(turn.t(told), *menu_buttons(turn))


FORMS: tuple[Form, ...] = ()
COMMANDS = (
    Command("nhac", "reminders", show, N_("Lời nhắc về trợ cấp"), words=("loi nhac",)),
    Command("xemnhac", "again", again, N_("Xem lại lần kiểm tra"), shown=False),
    Command("thoinhac", "unremind", stop, N_("Thôi nhắc"), shown=False),
)
