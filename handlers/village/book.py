"""The list of households at risk, as its head and the commune keep it in chat."""

from __future__ import annotations

from sqlalchemy import func, select

from handlers import households
from handlers.desk import HERE, Turn
from handlers.forms import Command
from handlers.households import BASIS
from handlers.i18n import N_
from handlers.keeping import add_button, line, mine, short, villages_of
from handlers.permissions import KEEPERS, Scope, act
from handlers.render import command_button
from handlers.times import day
from handlers.typed import as_typed
from handlers.villages import key as village_key
from models.households import Household

PAGE = 10
CHECKED = "vandung"


async def look(turn: Turn, argument: str) -> None:
    """``/houutien``: the lists; of a village; ``h12`` one household; ``vandung h12``."""
    word, _, rest = argument.strip().partition(" ")
    if word == CHECKED:
        await _still_so(turn, rest)
        return
    if word[:1] == "h" and word[1:].isdecimal():
        await _show(turn, int(word[1:]))
        return
    lists = await villages_of(turn)
    name, _, page = argument.strip().rpartition(" ") if word else ("", "", "")
    if not page.isdecimal():
        name, page = argument.strip(), "1"
    wanted = [one for one in lists if village_key(one[1]) == village_key(name)] if name else lists
    if len(wanted) == 1:
        await _list(turn, *wanted[0], int(page))
    else:
        await _offer(turn, lists)


async def _offer(turn: Turn, lists: list[tuple[str, str]]) -> None:
    t = turn.t
    if not lists:
        none = N_("Chưa có thôn nào trong danh sách. Thêm hộ đầu tiên: gõ /themho")
        turn.say(t(none), add_button(turn))
        return
    counts = await _counts(turn, lists)
    rows = [
        t(N_("• {village}: {count} hộ"), village=as_typed(name), count=counts.get(place, 0))
        for place, name in (((commune, village_key(name)), name) for commune, name in lists)
    ]
    head = t(N_("**Hộ cần ưu tiên** của thôn nào? Bấm chọn, hoặc gõ /houutien và tên thôn."))
    buttons = [command_button("houutien", name, short(name)) for _, name in lists[:PAGE]]
    turn.say("\n".join([head, *rows]), *buttons, add_button(turn))


async def _counts(turn: Turn, lists: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    rows = await turn.db.execute(
        select(Household.commune, Household.village_key, func.count())
        .where(Household.commune.in_({commune for commune, _ in lists}), Household.at_risk)
        .group_by(Household.commune, Household.village_key)
    )
    return {(row[0], row[1]): row[2] for row in rows}


async def _list(turn: Turn, commune: str, village: str, page: int) -> None:
    await act(turn, "households", Scope(commune, village), seen="list")
    t = turn.t
    known = await households.of_village(turn, commune, village, at_risk=True)
    if not known:
        none = N_("Thôn {village} chưa có hộ nào trong danh sách ưu tiên.")
        turn.say(t(none, village=as_typed(village)), add_button(turn, village))
        return
    pages = -(-len(known) // PAGE)
    first = (max(1, min(page, pages)) - 1) * PAGE
    shown = known[first : first + PAGE]
    head = t(
        N_("**Hộ cần ưu tiên – {village}**: {count} hộ, cần tới trước đứng đầu"),
        village=as_typed(village),
        count=len(known),
    )
    rows = [f"{n}. {line(turn, one)}" for n, one in enumerate(shown, first + 1)]
    buttons = [
        command_button("houutien", f"{n}", f"h{one.id}") for n, one in enumerate(shown, first + 1)
    ]
    if first + PAGE < len(known):
        following = f"{short(village)} {first // PAGE + 2}"
        buttons.append(command_button("houutien", t(N_("Trang sau ▶")), following))
    buttons.append(
        command_button("houutien", t(N_("✔ Cả thôn vẫn đúng")), f"{CHECKED} {short(village)}")
    )
    hint = t(N_("Bấm số để xem, sửa hoặc bỏ một hộ."))
    turn.say("\n".join([head, *rows, hint]), *buttons, add_button(turn, village))


async def _show(turn: Turn, household_id: int) -> None:
    found = await mine(turn, str(household_id), "seen")
    if found is None:
        return
    known, _ = found
    row = (
        await turn.db.execute(
            select(Household.basis, Household.basis_at, Household.reviewed_at).where(
                Household.id == known.id
            )
        )
    ).one()
    t = turn.t
    rows = [
        f"**{as_typed(known.facts.head)}** – {as_typed(known.village)}",
        line(turn, known),
        t(
            N_("Căn cứ: {basis} ({day})"),
            basis=t(BASIS[row.basis]).lower(),
            day=day(row.basis_at.astimezone(HERE).date(), t),
        ),
        t(N_("Rà soát gần nhất: {day}"), day=day(row.reviewed_at.astimezone(HERE).date(), t)),
    ]
    argument = f"h{known.id}"
    turn.say(
        "\n".join(rows),
        command_button("houutien", t(N_("✔ Vẫn đúng")), f"{CHECKED} {argument}"),
        command_button("suaho", t(N_("✏ Sửa")), argument),
        command_button("boho", t(N_("🗑 Bỏ khỏi danh sách")), argument),
    )


async def _still_so(turn: Turn, argument: str) -> None:
    """A household, or every household of a village, was looked at again and is right."""
    t = turn.t
    if argument[:1] == "h" and argument[1:].isdecimal():
        found = await mine(turn, argument, "reviewed")
        if found is not None:
            await households.reviewed(turn, [found[0].id])
            turn.say(t(N_("✔ Đã ghi: hộ này vẫn đúng.")))
        return
    lists = await villages_of(turn)
    wanted = [one for one in lists if village_key(one[1]) == village_key(argument)]
    if not wanted:
        await _offer(turn, lists)
        return
    commune, village = wanted[0]
    known = await households.of_village(turn, commune, village)
    await act(turn, "households", Scope(commune, village), did="reviewed", count=len(known))
    await households.reviewed(turn, [one.id for one in known])
    turn.say(
        t(
            N_("✔ Đã ghi: danh sách {village} ({count} hộ) đã rà soát."),
            village=as_typed(village),
            count=len(known),
        ),
        add_button(turn, village),
    )


COMMANDS = (Command("houutien", "atrisk", look, N_("Hộ cần ưu tiên của thôn"), KEEPERS),)
