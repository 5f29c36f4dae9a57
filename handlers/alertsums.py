"""How the roll-calls of an alert stand, all communes together: read by the province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from handlers import rollfigures, rollwords
from handlers.broadcasts import letter
from handlers.broadcasts.letter import Row
from handlers.cards import commune_name
from handlers.desk import Desk
from handlers.i18n import N_, Translate
from handlers.messages import Button
from handlers.render import command_button
from handlers.rollfigures import Counts
from handlers.typed import as_typed
from models.rollcalls import AlertCall, RollCall

LINES = 20  # communes told one by one
OPENED = 4  # communes with a button of their own


@dataclass(frozen=True, slots=True)
class Called:
    """One commune of an alert; without a roll-call while that has not begun."""

    commune: str
    rollcall_id: int | None
    started_at: datetime | None
    ended_at: datetime | None
    counts: Counts | None = None  # None: its households are not written down yet


async def called(desk: Desk, broadcast_id: int) -> list[Called]:
    """The communes of an alert, those where most is to be done first."""
    figures = await rollfigures.by_commune(desk, broadcast_id)
    rows = await desk.db.execute(
        select(AlertCall.commune, RollCall.id, RollCall.started_at, RollCall.ended_at)
        .select_from(AlertCall)
        .outerjoin(RollCall, RollCall.id == AlertCall.rollcall_id)
        .where(AlertCall.broadcast_id == broadcast_id)
        .order_by(AlertCall.commune)
    )
    found = [
        Called(row.commune, row.id, row.started_at, row.ended_at, figures.get(row.commune))
        for row in rows
    ]
    return sorted(found, key=lambda one: _urgency(one.counts), reverse=True)


def _urgency(one: Counts | None) -> tuple[int, int]:
    return (one.help, one.silent + one.unreached + one.unsure) if one else (0, 0)


def running(some: Sequence[Called]) -> list[Called]:
    return [one for one in some if one.rollcall_id is not None and one.ended_at is None]


def summary(row: Row, some: Sequence[Called], t: Translate) -> str:
    """How far the communes are, the sum of their figures, and the communes themselves."""
    begun = [one for one in some if one.rollcall_id is not None]
    rows = [
        t(N_("📣 **Điểm danh theo cảnh báo #{id} {title}**"),
          id=row["id"], title=as_typed(row["title"])),
        t(N_("{begun}/{all} xã đã mở, {ended} xã đã kết thúc"),
          begun=len(begun), all=len(some), ended=len(begun) - len(running(some))),
    ]  # fmt: skip
    counted = [(one.commune, one.counts) for one in some if one.counts is not None]
    whole = rollfigures.summed([counts for _, counts in counted])
    rows.append(
        t(N_("**{total} hộ**: "), total=whole.total) + rollwords.figures(whole, t),
    )
    rows += [
        f"• {commune_name(commune, t)} ({counts.total}): {rollwords.short_figures(counts)}"
        for commune, counts in counted[:LINES]
    ]
    if len(counted) > LINES:
        rows.append(t(N_("… và {count} xã nữa"), count=len(counted) - LINES))
    return "\n".join(rows)


def buttons(
    row: Row, some: Sequence[Called], t: Translate, shown_as: str = ""
) -> tuple[Button, ...]:
    name = f"b{row['id']}"
    shown = [command_button("diemdanh", t(N_("🔄 Cập nhật")), f"{name} ={shown_as}")]
    shown += [
        command_button("diemdanh", commune_name(one.commune, t), f"r{one.rollcall_id}")
        for one in some[:OPENED]
        if one.rollcall_id is not None
    ]
    if any(one.ended_at is None for one in some):
        shown.append(
            command_button("diemdanh", t(N_("⏹ Kết thúc tất cả")), f"{name} {rollwords.END}")
        )
    return tuple(shown)


def key(row: Row, shown: str = "") -> str:
    return f"alertcalls:{row['id']}:{shown}"


def button(row: Row, t: Translate) -> Button:
    return command_button("diemdanh", t(N_("📋 Điểm danh")), f"b{row['id']}")


async def ordered(desk: Desk, call_id: int) -> Row | None:
    """The alert of the province that had a roll-call begun, if one did."""
    found = await desk.db.scalar(
        select(AlertCall.broadcast_id).where(AlertCall.rollcall_id == call_id).limit(1)
    )
    row = await letter.find(desk, found) if found is not None else None
    return row if row is not None and row["commune"] is None else None
