"""``/dixem``: the doors of a roll-call to knock on, most at risk first, ticked off in chat."""

from __future__ import annotations

from uuid import UUID, uuid5

from handlers import casebook, notify, rollcalls, rollfigures, rollwords
from handlers.casebook import Report
from handlers.desk import Turn
from handlers.forms import Command
from handlers.i18n import N_
from handlers.permissions import KEEPERS, Scope, act
from handlers.render import command_button
from handlers.rollcalls import Row, Word
from handlers.rollfigures import Door
from models.phone import shown
from models.rollcalls import How, RollHousehold, Safety
from models.text import fold

PAGE = 8
SPOKEN = {
    "an toan": Safety.SAFE, "safe": Safety.SAFE, "binh an": Safety.SAFE, "on": Safety.SAFE,
    "can giup": Safety.HELP, "help": Safety.HELP, "cuu": Safety.HELP,
    "chua gap": Safety.UNSURE, "chua biet": Safety.UNSURE, "unsure": Safety.UNSURE,
    "vang nha": Safety.UNSURE, "khong gap": Safety.UNSURE,
}  # fmt: skip
REALLY = "that"
FAMILY = UUID("3b0f4a0e-7f34-4a63-9d53-0f1b5f3f2a11")  # names the report of a door


async def walk(turn: Turn, argument: str) -> None:
    """``/dixem``, ``r12 2`` a page, ``r12 #34`` a door, ``r12 #34 an toàn`` ticks it off."""
    words = argument.split()
    call = await _call(turn, words)
    if call is None:
        return
    rest = words[1:] if words and words[0][:1] == "r" and words[0][1:].isdecimal() else words
    if rest and rest[0].startswith("#") and rest[0][1:].isdecimal():
        await _door(turn, call, int(rest[0][1:]), rest[1:])
    elif rest and rest[0] == Safety.HELP.value:
        await _list(turn, call, 1, help_only=True)
    elif len(rest) > 1 and rest[0].isdecimal():  # «3 an toàn», as it stands on the list
        await _door(turn, call, int(rest[0]), rest[1:])
    else:
        page = int(rest[0]) if rest and rest[0].isdecimal() and len(rest[0]) < 5 else 1
        await _list(turn, call, page, help_only=False)


async def _call(turn: Turn, words: list[str]) -> Row | None:
    """The roll-call that is named, else the newest that runs where somebody works."""
    if words and words[0][:1] == "r" and words[0][1:].isdecimal():
        call = await rollcalls.by_id(turn, int(words[0][1:]))
        found = call if call is not None and rollcalls.covers(turn.held, call) else None
    else:
        found = next(iter(await rollcalls.running(turn, turn.held)), None)
    if found is None:
        none = N_("Dạ, không có cuộc điểm danh nào đang mở.")
        turn.say(turn.t(none), command_button("diemdanh", turn.t(N_("📣 Điểm danh"))))
    return found


async def _list(turn: Turn, call: Row, page: int, *, help_only: bool) -> None:
    own = rollcalls.own_villages(turn.held, call)
    which = RollHousehold.answer == Safety.HELP.value if help_only else rollfigures.to_walk()
    await _log(turn, call, own, "list")
    doors = await rollfigures.doors(turn, call["id"], own, which)
    t = turn.t
    name = f"r{call['id']}"
    refresh = command_button("diemdanh", t(N_("🔄 Số liệu")), name)
    if not doors:
        none = (
            N_("Không có hộ nào cần giúp.") if help_only else N_("✅ Không còn hộ nào phải tới.")
        )
        turn.say(f"{rollwords.title(call, t)}\n{t(none)}", refresh)
        return
    pages = -(-len(doors) // PAGE)
    first = (max(1, min(page, pages)) - 1) * PAGE
    some = doors[first : first + PAGE]
    head = N_("**Cần tới: {count} hộ**, cần trước đứng đầu. Bấm số của hộ đã tới:")
    if help_only:
        head = N_("**Cần giúp: {count} hộ**")
    buttons = [command_button("dixem", f"{one.number}", f"{name} #{one.number}") for one in some]
    if first + PAGE < len(doors) and not help_only:
        following = first // PAGE + 2
        buttons.append(command_button("dixem", t(N_("Trang sau ▶")), f"{name} {following}"))
    rows = [rollwords.title(call, t), t(head, count=len(doors))]
    rows += [rollwords.door(one, t) for one in some]
    turn.say("\n".join(rows), *buttons, refresh)


async def _log(turn: Turn, call: Row, own: list[str] | None, did: str, **facts: object) -> None:
    """Names are read or an answer given: that is written down."""
    village = own[0] if own else None
    scope = Scope(call["commune"], village)
    await act(turn, "rollcall", scope, None, rollcall=call["id"], did=did, **facts)


async def _door(turn: Turn, call: Row, number: int, said: list[str]) -> None:
    own = rollcalls.own_villages(turn.held, call)
    doors = await rollfigures.doors(turn, call["id"], own, RollHousehold.number == number)
    t = turn.t
    if not doors:
        turn.say(t(N_("Dạ, không có hộ số {number} trong danh sách."), number=number))
        return
    door, name = doors[0], f"r{call['id']} #{number}"
    word = fold(" ".join(said))
    really = word.endswith(REALLY)
    answer = SPOKEN.get(word.removesuffix(REALLY).strip())
    if answer is None:
        await _log(turn, call, own, "door", number=number)
        turn.say(
            rollwords.door(door, t),
            command_button("dixem", t(N_("✅ An toàn")), f"{name} safe"),
            command_button("dixem", t(N_("🆘 Cần giúp")), f"{name} help"),
            command_button("dixem", t(N_("🚪 Chưa gặp")), f"{name} unsure"),
            command_button("dixem", t(N_("🚶 Danh sách cần tới")), f"r{call['id']}"),
        )
        return
    await _log(turn, call, own, "ticked", number=number, answer=answer.value)
    case_id = door.case_id
    if answer is Safety.HELP and call["practice"] and not really:
        turn.say(
            t(N_("🧪 Đã ghi trong cuộc **thực tập**, không mở hồ sơ. Có nguy hiểm THẬT không?")),
            command_button("dixem", t(N_("🆘 Nguy hiểm THẬT")), f"{name} help {REALLY}"),
            command_button("dixem", t(N_("🚶 Danh sách cần tới")), f"r{call['id']}"),
        )
    elif answer is Safety.HELP and case_id is None:
        case_id = await _open_case(turn, call, door)
    await rollcalls.answer(turn, door.id, Word(answer, How.HEAD, turn.person_id, case_id))
    if answer is not Safety.HELP:
        turn.lead = t(
            N_("✔ Hộ {number}: {state}."), number=number, state=t(rollwords.STATE[answer.value])
        )
        await _list(turn, call, 1, help_only=False)


async def _open_case(turn: Turn, call: Row, door: Door) -> int:
    """An emergency for a household somebody stands before; one for each door at most."""
    facts = door.facts
    details = {
        "head": facts.head,
        "people": facts.people,
        "address": facts.address,
        "phone": facts.phone,
        "whose": "other",
    }
    report = Report(
        commune=call["commune"],
        village=door.village,
        kinds=("emergency",),
        urgency="sos",
        details={name: value for name, value in details.items() if value},
        incomplete=False,
    )
    case = await casebook.open_case(turn, uuid5(FAMILY, f"{call['id']}/{door.number}"), report)
    heard = await notify.new_case(turn, case)
    t = turn.t
    told = N_("🆘 Đã mở hồ sơ khẩn **{code}** và báo cán bộ. Nguy hiểm tính mạng: gọi ngay 112.")
    if not heard:
        told = N_(
            "🆘 Đã lưu hồ sơ khẩn **{code}**, nhưng xã **chưa có cán bộ trực** trên kênh: gọi "
            "**112** ngay."
        )
    number = f"\n{t(N_('Điện thoại'))}: {shown(facts.phone)}" if facts.phone else ""
    turn.say(
        t(told, code=case["code"]) + number,
        command_button("them", t(N_("📎 Bổ sung")), case["code"]),
        command_button("dixem", t(N_("🚶 Danh sách cần tới")), f"r{call['id']}"),
        case_id=case["id"],
    )
    return int(case["id"])


COMMANDS = (Command("dixem", "walk", walk, N_("Điểm danh: những hộ cần tới nhà"), KEEPERS),)
