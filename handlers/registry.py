"""Every form and command there is, and who may use which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType

from rapidfuzz import fuzz

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
from models.people import Role
from models.text import fold


async def help_(turn: Turn, _: str) -> None:
    """/trogiup: what this person can do, by role and subject."""
    t = turn.t
    rows = [t(N_("**Các lệnh**"))]
    if turn.held:
        rows.append(showing.describe(turn))
    for subject, commands in _sections(staff=bool(turn.held)):
        lines = [
            f"/{command.name} – {t(command.about)}"
            for command in commands
            if command.shown and open_to(turn, command)
        ]
        if lines:
            rows += ["", f"**{t(subject)}**", *lines] if turn.held else lines
    if turn.held:
        rows += [
            "",
            t(N_("Mã hồ sơ gõ kiểu nào cũng được: qn7k3m9, 7K3M 9. Mỗi lệnh có tên tiếng Anh.")),
        ]
    else:
        rows.append(t(N_("Không cần nhớ lệnh: cứ kể bằng lời, gửi ảnh, ghi âm hoặc bấm nút.")))
    turn.say("\n".join(rows), *menu_buttons(turn))


FOR_EVERYBODY = N_("Của mọi người")
# Each module has COMMANDS, most have FORMS; help and menus list them by subject, in this order.
SUBJECTS: tuple[tuple[str, tuple[ModuleType, ...]], ...] = (
    (N_("Việc trong ngày"), (today, queue)),
    (N_("Giải quyết hồ sơ"), (take, decide, urgency, notes, templates)),
    (N_("Nhiều hồ sơ, nhiều hộ"), (lists, whole_lists, bulk, twins, verify)),
    (N_("Bão lũ"), (storm, rollcall, walk, alerts)),
    (N_("Hộ cần ưu tiên"), (book, enter)),
    (N_("Người và lịch trực"), (invite, duty, plan, leave, handover, colleagues)),
    (N_("Của xã"), (commune, secondlook, group_chats, resume)),
    (N_("Gửi tin cho nhiều người"), (broadcasts, calendar)),
    (
        FOR_EVERYBODY,
        (
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
            followup,
            safety,
            neighbours,
        ),
    ),
)
MODULES: tuple[ModuleType, ...] = tuple(one for _, modules in SUBJECTS for one in modules)
HELP = Command("trogiup", "help", help_, N_("Trợ giúp: các lệnh"), words=("tro giup", "help"))
FORMS: dict[str, Form] = {
    form.flow.name: form for module in MODULES for form in getattr(module, "FORMS", ())
}
COMMANDS: tuple[Command, ...] = (
    *(command for module in MODULES for command in module.COMMANDS),
    HELP,
)
BY_NAME = {name: command for command in COMMANDS for name in (command.name, command.alias)}
BY_WORD = {word: command for command in COMMANDS for word in command.words}


def open_to(turn: Turn, command: Command) -> bool:
    return command.roles is None or any(held.role in command.roles for held in turn.held)


NEAR = 70  # of 100: as near as a slip of the finger, or a part of the name
SUGGESTED = 3


def nearest(turn: Turn, name: str) -> list[Command]:
    """The commands that a mistyped one may mean, of those this person may use."""
    near = []
    for command in COMMANDS:
        if open_to(turn, command) and (command.shown or command.words):
            score = _likeness(name, command)
            if score >= NEAR:
                near.append((score, command.roles is not None, command))
    near.sort(key=lambda one: one[:2], reverse=True)
    return [command for _, _, command in near[:SUGGESTED]]


def _likeness(name: str, command: Command) -> float:
    keys = (command.name, command.alias, *(word.replace(" ", "") for word in command.words))
    score = max(fuzz.ratio(name, key) for key in keys)
    # two letters are in everything
    if any(key.startswith(name) or (len(name) > 2 and name in key) for key in keys):
        return max(score, 80)
    if name in fold(command.about).split():
        return max(score, NEAR)
    return score


def menus(role: str, locale: str) -> list[tuple[str, str]]:
    """The command menu of a role: name and what it does, in a language."""
    t = translator(locale)
    return [
        (command.name, t(command.about))
        for _, commands in _sections(staff=role in set(Role))
        for command in commands
        if command.shown and (command.roles is None or role in command.roles)
    ]


def _sections(*, staff: bool) -> Iterator[tuple[str, Sequence[Command]]]:
    """Commands by subject; somebody without a role finds what is for everybody only."""
    for subject, modules in SUBJECTS:
        commands = [command for module in modules for command in module.COMMANDS]
        if subject == FOR_EVERYBODY:
            commands.append(HELP)
        if staff or subject == FOR_EVERYBODY:
            yield subject, commands
