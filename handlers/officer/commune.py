"""What a leader decides for the commune in chat."""

from __future__ import annotations

from handlers import communes
from handlers.answers import phone as read_phone
from handlers.desk import Turn
from handlers.dialogue import BadAnswer
from handlers.forms import Command
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.messages import Button
from handlers.permissions import Scope, act, role_for
from handlers.render import command_button
from models import phone
from models.people import Role

NONE = "bo"


async def telephone(turn: Turn, argument: str) -> None:
    """``/sodienthoai 0255 382 2222``: the office's number, told to citizens who wait too long."""
    t = turn.t
    held = role_for(turn, "settings")
    commune = held.commune if held else None
    if commune is None:
        turn.say(t(N_("Dạ, việc này dành cho lãnh đạo xã.")), *menu_buttons(turn))
        return
    said = argument.strip()
    if not said:
        await _tell(turn, commune)
        return
    number = None
    if said != NONE:
        try:
            number = read_phone(said)
        except BadAnswer as problem:
            turn.say(t(str(problem), **problem.values))
            return
    await act(turn, "settings", Scope(commune), setting="phone", given=number is not None)
    await communes.decide(turn, commune, phone=number)
    if number is None:
        turn.say(t(N_("Đã bỏ số điện thoại của UBND.")), *menu_buttons(turn))
        return
    turn.say(
        t(
            N_("Đã lưu số của UBND: **{number}**. Hồ sơ trễ hạn thì người dân đọc thấy số này."),
            number=phone.shown(number),
        ),
        command_button("sodienthoai", t(N_("Bỏ số này")), NONE),
    )


async def _tell(turn: Turn, commune: str) -> None:
    t = turn.t
    number = await communes.telephone(turn, commune)
    how = t(N_("Gõ lệnh và số cơ quan (không phải số riêng), ví dụ: /sodienthoai 0255 382 2222"))
    if number is None:
        turn.say("\n".join((t(N_("UBND chưa cho số điện thoại nào.")), how)))
        return
    turn.say(
        "\n".join((t(N_("Số của UBND: **{number}**"), number=number), how)),
        command_button("sodienthoai", t(N_("Bỏ số này")), NONE),
    )


async def heads(turn: Turn, argument: str) -> None:
    """``/thonxacminh``: whether heads are asked by themselves, and read names at once."""
    t = turn.t
    held = role_for(turn, "settings")
    commune = held.commune if held else None
    if commune is None:
        turn.say(t(N_("Dạ, việc này dành cho lãnh đạo xã.")), *menu_buttons(turn))
        return
    now = await communes.settings(turn, commune)
    is_on = {
        "heads_asked": now.get("heads_asked", True),
        "heads_masked": now.get("heads_masked", False),
    }
    name, _, wanted = argument.partition(" ")
    column = {"tugui": "heads_asked", "che": "heads_masked"}.get(name)
    if column and wanted in ("bat", "tat"):
        is_on[column] = wanted == "bat"
        await act(turn, "settings", Scope(commune), setting=column, on=is_on[column])
        await communes.decide(turn, commune, **{column: is_on[column]})
    asked, masked = is_on["heads_asked"], is_on["heads_masked"]
    rows = [
        t(N_("Tin mới tự gửi trưởng thôn xác minh: **{state}**"), state=_state(turn, on=asked)),
        t(
            N_("Che họ tên, số điện thoại tới khi trưởng thôn nhận xác minh: **{state}**"),
            state=_state(turn, on=masked),
        ),
    ]
    turn.say(
        "\n".join(rows),
        _switch(turn, N_("Tự gửi"), "tugui", on=asked),
        _switch(turn, N_("Che tên"), "che", on=masked),
    )


def _state(turn: Turn, *, on: bool) -> str:
    return turn.t(N_("bật")) if on else turn.t(N_("tắt"))


def _switch(turn: Turn, label: str, name: str, *, on: bool) -> Button:
    what = turn.t(label)
    shown = N_("{what}: tắt đi") if on else N_("{what}: bật lên")
    return command_button(
        "thonxacminh", turn.t(shown, what=what), f"{name} {'tat' if on else 'bat'}"
    )


COMMANDS = (
    Command(
        "sodienthoai",
        "phone",
        telephone,
        N_("Số điện thoại UBND cho người dân"),
        frozenset({Role.LEADER}),
    ),
    Command(
        "thonxacminh",
        "villagecheck",
        heads,
        N_("Trưởng thôn xác minh: tự gửi, che tên"),
        frozenset({Role.LEADER}),
    ),
)
