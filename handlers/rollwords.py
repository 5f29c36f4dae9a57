"""How a roll-call reads: its heading, its figures, one door."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import cards, household_lines, households
from handlers.desk import Desk
from handlers.i18n import N_, Translate
from handlers.messages import Button
from handlers.render import command_button
from handlers.rollcalls import Row
from handlers.rollfigures import Counts, Door, counts, summed
from handlers.times import moment
from handlers.typed import as_typed
from models.rollcalls import How, Safety

END, SURE = "ketthuc", "chac"  # what follows a roll-call's name in its buttons
STATE = {
    Safety.SAFE.value: N_("✅ an toàn"),
    Safety.HELP.value: N_("🆘 cần giúp"),
    Safety.UNSURE.value: N_("❔ chưa biết"),
}
HOW = {
    How.ASKED.value: N_("tự trả lời"),
    How.UNASKED.value: N_("tự báo"),
    How.NEIGHBOUR.value: N_("hộ khác báo"),
    How.HEAD.value: N_("đã tới nhà"),
}
MOST_VILLAGES = 20


def title(call: Row, t: Translate) -> str:
    """What is called, since when; a practice run says so first."""
    where = ", ".join(as_typed(one) for one in call["villages"])
    text = t(
        N_("📣 **Điểm danh** – {commune}{villages}{risk}, từ {at}"),
        commune=cards.commune_name(call["commune"], t),
        villages=f" ({where})" if where else "",
        risk=t(N_(", hộ cần ưu tiên")) if call["at_risk_only"] else "",
        at=moment(call["started_at"], t),
    )
    if call["practice"]:
        text = t(N_("🧪 **THỰC TẬP**")) + "\n" + text
    if call["ended_at"]:
        text += "\n" + t(N_("⏹ Đã kết thúc lúc {at}"), at=moment(call["ended_at"], t))
    return text


def figures(row: Counts, t: Translate) -> str:
    return t(
        N_(
            "✅ {safe} an toàn · 🆘 {help} cần giúp · ❔ {unsure} chưa biết · "
            "🔕 {silent} chưa trả lời · 🚪 {unreached} không nhắn được"
        ),
        safe=row.safe,
        help=row.help,
        unsure=row.unsure,
        silent=row.silent,
        unreached=row.unreached,
    )


async def summary(desk: Desk, call: Row, villages: Sequence[str] | None, t: Translate) -> str:
    """Title and figures, by village when there are several."""
    rows = [title(call, t)]
    if call["made_at"] is None:
        return "\n".join([*rows, t(N_("Đang lập danh sách các hộ…"))])
    by_village = await counts(desk, call["id"], villages)
    whole = summed(by_village)
    rows += [t(N_("**{total} hộ**: "), total=whole.total) + figures(whole, t)]
    if len(by_village) > 1:
        rows += [
            f"• {as_typed(one.village)} ({one.total}): {short_figures(one)}"
            for one in by_village[:MOST_VILLAGES]
        ]
    if len(by_village) > MOST_VILLAGES:
        rows.append(t(N_("… và {count} thôn khác"), count=len(by_village) - MOST_VILLAGES))
    return "\n".join(rows)


def short_figures(row: Counts) -> str:
    parts = (
        ("✅", row.safe), ("🆘", row.help), ("❔", row.unsure),
        ("🔕", row.silent), ("🚪", row.unreached),
    )  # fmt: skip
    return " ".join(f"{mark}{number}" for mark, number in parts if number)


def door(one: Door, t: Translate) -> str:
    """``12. Nguyễn Thị Lành, 0912 345 678, già neo đơn – Phước Thiện``."""
    facts = one.facts
    line = household_lines.shown(facts, households.in_words(facts.groups, t), t)
    state = ""
    if one.answer:
        state = f" – {t(STATE[one.answer])} ({t(HOW[one.how or How.ASKED])})"
    return f"{one.number}. {line or t(N_('(chưa rõ tên)'))} – {as_typed(one.village)}{state}"


def key(call: Row, shown: str = "") -> str:
    """Figures are brought up to date in the message whose button asks for it."""
    return f"rollcall:{call['id']}:{shown}"


def buttons(call: Row, t: Translate, *, works: bool, shown_as: str = "") -> tuple[Button, ...]:
    """What can be done with a roll-call; figures only for who does not work there."""
    name = f"r{call['id']}"
    shown = [command_button("diemdanh", t(N_("🔄 Cập nhật")), f"{name} ={shown_as}")]
    if works:
        shown.append(command_button("dixem", t(N_("🚶 Danh sách cần tới")), name))
        shown.append(command_button("dixem", t(N_("🆘 Hộ cần giúp")), f"{name} help"))
        if call["ended_at"] is None:
            shown.append(command_button("diemdanh", t(N_("⏹ Kết thúc")), f"{name} {END}"))
    return tuple(shown)
