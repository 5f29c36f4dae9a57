"""A day of the calendar as the province sees it, and how its other staff hear of a decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy import select

from handlers.broadcasts import card, letter, year
from handlers.broadcasts.letter import Row
from handlers.desk import Desk, Turn
from handlers.i18n import N_, Translate, translator
from handlers.messages import Button, Outgoing
from handlers.render import command_button
from handlers.times import day as written
from handlers.times import moment
from handlers.typed import as_typed
from models.broadcasts import State
from models.days import DayChange
from models.occasions import Occasion
from models.outbox import Lane
from models.people import Role

Offer: TypeAlias = Callable[[Occasion, Translate], tuple[Button, ...]]


async def draft_of(desk: Desk, one: Occasion, *, lock: bool = False) -> Row | None:
    """The broadcast that was drafted for an occasion."""
    table = letter.TABLE
    query = select(table).where(table.c.occasion == one.day.id, table.c.occasion_on == one.on)
    found = await desk.db.execute(query.with_for_update() if lock else query)
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


async def change_of(desk: Desk, one: Occasion) -> Row | None:
    """What was decided for this year, if anything was."""
    found = await desk.db.execute(
        select(DayChange.__table__).where(
            DayChange.occasion == one.day.id, DayChange.occasion_on == one.on
        )
    )
    row = found.mappings().one_or_none()
    changed = row is not None and any(row[it] is not None for it in ("on", "days_before", "hour"))
    return dict(row) if row is not None and changed else None


def is_on(one: Occasion, draft: Row | None) -> bool:
    return one.wanted and (draft is None or draft["state"] != State.CANCELLED)


def key(one: Occasion) -> str:
    """How a button names an occasion: a press of last year's does nothing to this year's."""
    return f"{one.day.id} {one.on.isoformat()}"


def named(one: Occasion, locale: str) -> str:
    t = translator(locale)
    return f"📅 **{as_typed(one.day.name.of(locale))}** – {written(one.on, t)}"


async def show(turn: Turn, one: Occasion, lead: str = "") -> None:
    """One day: when, whether it is on, what was changed, what can be done."""
    draft, change = await draft_of(turn, one), await change_of(turn, one)
    text = shown(one, draft, change, turn.locale)
    turn.say(f"{lead}\n{text}" if lead else text, *_buttons(turn, one, draft, change))


def shown(one: Occasion, draft: Row | None, change: Row | None, locale: str) -> str:
    t = translator(locale)
    rows = [named(one, locale)]
    if one.day.lunar:
        month, number = one.day.lunar.split("-")
        rows.append(t(N_("(âm lịch {number}/{month})"), number=number, month=month))
    if is_on(one, draft):
        rows.append(
            t(N_("Đang bật: soạn nháp {draft}, gửi {send}"),
              draft=f"{one.draft_at:%d/%m}", send=moment(one.send_at, t))
        )  # fmt: skip
    else:
        rows.append(t(N_("Đang tắt.")))
    if draft is not None:
        rows.append(f"→ #{draft['id']} {t(card.STATE[State(draft['state'])])}")
    if change is not None:
        looked = N_("Tỉnh đã đổi cho năm này; đã có người thứ hai xem lại.")
        waits = N_("Tỉnh đã đổi cho năm này; chưa có người thứ hai xem lại.")
        rows.append(t(looked if change["looked_by"] else waits))
    return "\n".join(rows)


def _buttons(
    turn: Turn, one: Occasion, draft: Row | None, change: Row | None
) -> tuple[Button, ...]:
    t, name = turn.t, key(one)
    if is_on(one, draft):
        found = [
            command_button("lich", t(N_("⏸ Tắt")), f"tat {name}"),
            command_button("lich", t(N_("🕒 Đổi ngày giờ")), f"gio {name}"),
        ]
    else:
        found = [
            command_button("lich", t(N_("✅ Bật")), f"bat {name}"),
            command_button("lich", t(N_("🕒 Bật, đổi ngày giờ")), f"gio {name}"),
        ]
    if change is not None:
        found.append(command_button("lich", t(N_("↩ Như lịch gốc")), f"goc {name}"))
        if change["looked_by"] is None and change["changed_by"] != turn.person_id:
            found.append(_look(one, change, t))
    if one.day.id.startswith(year.OWN):
        found.append(command_button("lich", t(N_("🗑 Bỏ ngày này")), f"bo {name}"))
    if draft is not None:
        found.append(card.door(draft, t))
    return (*found, command_button("lich", t(N_("↩ Các ngày")), "doi"))


def _look(one: Occasion, change: Row, t: Translate) -> Button:
    label = t(N_("👁 Đã xem lại, đúng"))
    return command_button("lich", label, f"daxem {key(one)} {change['version']}")


async def tell_others(turn: Turn, one: Occasion, told: str, offer: Offer | None = None) -> None:
    """The province's other staff hear it, and can look at it again or undo it."""
    draft, change = await draft_of(turn, one), await change_of(turn, one)
    for chat in await turn.staff(None, {Role.PROVINCE}):
        if chat.person_id == turn.person_id:
            continue
        t = translator(chat.locale)
        if offer is not None:
            said = Outgoing(f"{t(told)}\n{named(one, chat.locale)}", offer(one, t))
        else:
            buttons = [command_button("lich", t(N_("Xem")), f"ngay {key(one)}")]
            if change is not None and change["looked_by"] is None:
                buttons.insert(0, _look(one, change, t))
            text = f"{t(told)}\n{shown(one, draft, change, chat.locale)}"
            said = Outgoing(text, tuple(buttons))
        turn.tell(chat, said, Lane.REMINDER)
