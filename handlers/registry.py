"""Every form and command there is, and who may use which."""

from __future__ import annotations

from types import ModuleType

from handlers import followup, neighbours, reception, safety, showing
from handlers.citizen import (
    additions,
    catalogue,
    check,
    contact,
    mycases,
    owndata,
    reminders,
    report,
    start,
    topics,
)
from handlers.desk import Turn
from handlers.forms import Command, Form
from handlers.i18n import N_, translator
from handlers.menu import menu_buttons
from handlers.officer import (
    bulk,
    colleagues,
    commune,
    decide,
    duty,
    group_chats,
    handover,
    invite,
    leave,
    notes,
    plan,
    queue,
    resume,
    secondlook,
    storm,
    take,
    templates,
    today,
    twins,
    urgency,
)
from handlers.officer import lists as whole_lists
from handlers.province import alerts, broadcasts, calendar
from handlers.village import book, enter, lists, rollcall, verify, walk


async def help_(turn: Turn, _: str) -> None:
    """/trogiup: what this person can do, by role."""
    t = turn.t
    rows = [t(N_("**Các lệnh**"))]
    if turn.held:
        rows.append(showing.describe(turn))
    rows += [
        f"/{command.name} – {t(command.about)}"
        for command in COMMANDS
        if command.shown and open_to(turn, command)
    ]
    if turn.held:
        rows.append(
            t(N_("Mã hồ sơ gõ kiểu nào cũng được: qn7k3m9, 7K3M 9. Mỗi lệnh có tên tiếng Anh."))
        )
    else:
        rows.append(t(N_("Không cần nhớ lệnh: cứ kể bằng lời, gửi ảnh, ghi âm hoặc bấm nút.")))
    turn.say("\n".join(rows), *menu_buttons(turn))


# Each has COMMANDS, most have FORMS; help and menus list them in this order.
MODULES: tuple[ModuleType, ...] = (
    reception,
    start,
    report,
    check,
    catalogue,
    reminders,
    mycases,
    owndata,
    topics,
    additions,
    contact,
    today,
    queue,
    take,
    urgency,
    decide,
    bulk,
    secondlook,
    notes,
    templates,
    invite,
    duty,
    plan,
    leave,
    handover,
    colleagues,
    commune,
    group_chats,
    resume,
    broadcasts,
    calendar,
    alerts,
    followup,
    book,
    enter,
    verify,
    lists,
    whole_lists,
    rollcall,
    walk,
    safety,
    neighbours,
    twins,
    storm,
)
FORMS: dict[str, Form] = {
    form.flow.name: form for module in MODULES for form in getattr(module, "FORMS", ())
}
COMMANDS: tuple[Command, ...] = (
    *(command for module in MODULES for command in module.COMMANDS),
    Command("trogiup", "help", help_, N_("Trợ giúp: các lệnh"), words=("tro giup", "help")),
)
BY_NAME = {name: command for command in COMMANDS for name in (command.name, command.alias)}
BY_WORD = {word: command for command in COMMANDS for word in command.words}


def open_to(turn: Turn, command: Command) -> bool:
    return command.roles is None or any(held.role in command.roles for held in turn.held)


def menus(role: str, locale: str) -> list[tuple[str, str]]:
    """The command menu of a role: name and what it does, in a language."""
    t = translator(locale)
    return [
        (command.name, t(command.about))
        for command in COMMANDS
        if command.shown and (command.roles is None or role in command.roles)
    ]
