"""The calendar of awareness days: what comes when, what is drafted, what is switched on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import uuid4

from sqlalchemy import select

from handlers.broadcasts import (
    card,
    dayforms,
    days,
    dayviews,
    letter,
    parts,
    planner,
    year,
)
from handlers.desk import Turn
from handlers.dialogue import Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.permissions import WORKERS, Scope, act, role_for
from handlers.render import command_button
from handlers.times import day as written
from handlers.times import moment
from models.broadcasts import State
from models.occasions import Occasion


async def calendar(turn: Turn, argument: str) -> None:
    """``/lich``; ``/lich doi`` and ``/lich tat tet`` for the province, which decides of days."""
    word, _, rest = argument.strip().partition(" ")
    if word in (*DOES, *OTHERS) and role_for(turn, "broadcast_calendar", Scope(None)):
        await _decided(turn, word, rest.strip())
        return
    await planner.plan(turn)  # what is to be drafted by now is there when it is looked at
    await _listed(turn, everything=word == "tatca")


async def _decided(turn: Turn, word: str, rest: str) -> None:
    if word == "them":
        await dayforms.begin(turn)
        return
    if word == "laylai" and await days.restore(turn, rest):
        return
    day_id, on, more = _read_key(rest)
    one = await year.next_of(turn, day_id, on)
    if one is None:
        await _offered(turn)
    elif word in DOES:
        await DOES[word](turn, one, more)
    else:
        await dayviews.show(turn, one)


def _read_key(argument: str) -> tuple[str, date | None, str]:
    """``tet 2027-02-06 3``: the day's id, its date and what follows; the date may be left out."""
    day_id, _, rest = argument.partition(" ")
    first, _, more = rest.partition(" ")
    try:
        return day_id, date.fromisoformat(first), more
    except ValueError:
        return day_id, None, rest


async def _offered(turn: Turn) -> None:
    """Every day of the coming year, to choose one."""
    t = turn.t
    found = {one.day.id: one for one in reversed(await _year(turn))}
    turn.say(
        t(N_("📅 Đổi ngày nào? (✅ đang bật, ⏸ đang tắt)")),
        *(
            command_button(
                "lich",
                f"{'✅' if one.wanted else '⏸'} {one.on:%d/%m} {one.day.name.of(turn.locale)}"[
                    :40
                ],
                f"ngay {dayviews.key(one)}",
            )
            for one in reversed(found.values())
        ),
        command_button("lich", t(N_("🆕 Thêm ngày của tỉnh")), "them"),
        command_button("lich", t(N_("📅 Lịch"))),
    )


async def _year(turn: Turn) -> list[Occasion]:
    return await year.coming(turn, turn.today, turn.today + year.A_YEAR)


async def _listed(turn: Turn, *, everything: bool) -> None:
    t = turn.t
    table = letter.TABLE
    rows = await turn.db.execute(
        select(table).where(
            table.c.occasion_on >= turn.today, table.c.state != State.CANCELLED.value
        )
    )
    drafts = {(row["occasion"], row["occasion_on"]): dict(row) for row in rows.mappings()}
    lines, buttons, seen = [t(N_("📅 **Lịch gửi tin**"))], [], set()
    for one in await _year(turn):
        if one.day.id in seen or not (one.wanted or everything):
            continue
        seen.add(one.day.id)
        row = drafts.get((one.day.id, one.on))
        lines.append(_line(turn, one, row))
        if row is not None:
            label = f"#{row['id']} {one.on:%d/%m}"
            buttons.append(command_button("guitin", label, str(row["id"])))
    if role_for(turn, "broadcast_calendar", Scope(None)):
        buttons.append(command_button("lich", t(N_("⚙ Bật, tắt, thêm ngày")), "doi"))
    if not everything:
        buttons.append(command_button("lich", t(N_("Xem cả ngày đang tắt")), "tatca"))
    turn.say("\n".join(lines), *buttons, command_button("guitin", t(N_("📣 Tin gửi cho dân"))))


def _line(turn: Turn, one: Occasion, row: letter.Row | None) -> str:
    t = turn.t
    text = f"• {written(one.on, t)}: **{one.day.name.of(turn.locale)}**"
    if not one.wanted:
        return text + t(N_(" (đang tắt)"))
    if row is not None:
        state = t(card.STATE[State(row["state"])])
        due = moment(row["due_at"], t) if row["due_at"] else t(N_("ngay khi được duyệt"))
        return f"{text}\n  → #{row['id']} {state}, {due}"
    return t(
        N_("{text}\n  soạn nháp {draft}, gửi {send}"),
        text=text,
        draft=f"{one.draft_at:%d/%m}",
        send=moment(one.send_at, t),
    )


async def plan(turn: Turn, argument: str) -> None:
    """A commune adds what it plans for the occasion."""
    row = await letter.find(turn, int(argument)) if argument.isdecimal() else None
    held = role_for(turn, "broadcast_make")
    if row is None or held is None or held.commune is None:
        await calendar(turn, "")
        return
    turn.open(parts.PLAN.name, uuid4(), _id=row["id"], _commune=held.commune)


async def planned(turn: Turn, values: Values) -> None:
    row = await letter.find(turn, int(values["_id"]), lock=True)
    if row is None or State(row["state"]) not in letter.EDITABLE:
        turn.say(turn.t(N_("Dạ, tin này đã được duyệt hoặc đã gửi, không sửa được nữa.")))
        return
    commune = str(values["_commune"])
    await act(turn, "broadcast_make", Scope(commune), broadcast=row["id"], part="plan")
    plans = dict(row["content"].get("plans", {}))
    plans.pop(commune, None)
    if values["plan"] != "all":
        plans[commune] = str(values["plan"])
    content = {**row["content"], "plans": plans}
    await letter.change(turn, row, content=content, version=row["version"] + 1)
    turn.say(
        turn.t(N_("Dạ, đã thêm vào tin «{title}» cho người dân xã mình."), title=row["title"])
    )


DOES: dict[str, Callable[[Turn, Occasion, str], Awaitable[None]]] = {
    "bat": dayforms.switch_on,
    "tat": days.switch_off,
    "gio": dayforms.move,
    "goc": days.as_filed,
    "daxem": days.looked,
    "bo": days.remove,
}
OTHERS = ("doi", "ngay", "them", "laylai")
FORMS = (Form(parts.PLAN, planned), *dayforms.FORMS)
COMMANDS = (
    Command("lich", "calendar", calendar, N_("Lịch các ngày gửi tin"), WORKERS, ("lich",)),
    Command("kehoach", "plan", plan, N_("Kế hoạch của xã"), WORKERS, shown=False),
)
