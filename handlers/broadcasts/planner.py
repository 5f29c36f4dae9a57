"""What happens to broadcasts by itself: drafts of coming days, what is due, what was missed."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.broadcasts import drafts, letter, running, year
from handlers.broadcasts.letter import Row
from handlers.desk import Desk, World
from handlers.i18n import N_, translator
from handlers.messages import Outgoing
from handlers.render import command_button
from handlers.times import moment
from models.broadcasts import Broadcast, State
from models.occasions import AROUND, Occasion, late
from models.outbox import Lane
from models.people import Person, Role

log = structlog.get_logger(__name__)

LOOKED_BACK = timedelta(days=7)  # a day that went by longer ago is not told any more
REMINDED = timedelta(hours=24)  # before its time nobody has approved it
LOCK = 0x64617973  # "days": one process plans at a time

DRAFTED = N_("📅 Bản nháp cho ngày sắp tới. Xin xem, sửa và trình người thứ hai duyệt:")
UNAPPROVED = N_("⏰ Tin này tới giờ gửi {due} mà chưa được duyệt:")
MISSED = N_(
    "⚠ Đã **lỡ giờ gửi** {due}: tin chưa được gửi và sẽ không tự gửi muộn. Mở lại để sửa và "
    "duyệt, hoặc huỷ:"
)


async def tick(db: AsyncConnection, world: World, now: datetime) -> None:
    """Draft, remind, begin and report; each once, whichever process does it."""
    if not await db.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
        return
    desk = Desk(db, now, world)
    await plan(desk)
    await _due(desk)
    await desk.clear()


async def plan(desk: Desk) -> None:
    """Draft what is to be drafted by now, and tell what went by while nobody was there."""
    since = desk.today - LOOKED_BACK
    near = [
        one
        for one in await year.coming(desk, since, desk.today + 3 * timedelta(days=AROUND))
        if one.wanted and one.draft_at <= desk.now
    ]
    if not near:
        return
    known = {
        (row.occasion, row.occasion_on)
        for row in await desk.db.execute(
            select(Broadcast.occasion, Broadcast.occasion_on).where(
                Broadcast.occasion.in_([one.day.id for one in near]),
                Broadcast.occasion_on >= since,
            )
        )
    }
    for one in sorted(near, key=lambda one: one.send_at):
        if (one.day.id, one.on) not in known:
            await _plan(desk, one)


async def _plan(desk: Desk, occasion: Occasion) -> None:
    if desk.now < occasion.late_at:
        row = await drafts.draft(desk, occasion)
        if row is not None:
            log.info("occasion_drafted", occasion=occasion.day.id, on=str(occasion.on))
            await running.tell_owners(desk, row, DRAFTED)
            await _ask_communes(desk, row)
    elif await _was_there(desk, occasion):
        row = await drafts.draft(desk, occasion, State.MISSED)
        if row is not None:
            await _missed(desk, row)


async def _was_there(desk: Desk, occasion: Occasion) -> bool:
    """Whether the service was in use before: one set up yesterday has missed nothing."""
    first = await desk.db.scalar(select(func.min(Person.created_at)))
    return first is not None and bool(first < occasion.send_at)


async def _ask_communes(desk: Desk, row: Row) -> None:
    """Communes may say what visits and gifts they plan; it is told to their own people."""
    for chat in await desk.staff(None, {Role.LEADER}):
        t = translator(chat.locale)
        said = t(
            N_(
                "📅 Tỉnh sắp gửi tin «{title}». Xã có kế hoạch thăm hỏi, tặng quà dịp này thì bấm "
                "nút để thêm một câu cho người dân xã mình."
            ),
            title=row["title"],
        )
        button = command_button("kehoach", t(N_("✍ Kế hoạch của xã")), str(row["id"]))
        desk.tell(chat, Outgoing(said, (button,)), Lane.REMINDER)


async def _due(desk: Desk) -> None:
    table = letter.TABLE
    states = [State.DRAFT.value, State.PROPOSED.value, State.APPROVED.value]
    found = await desk.db.execute(
        select(table)
        .where(table.c.state.in_(states), table.c.due_at <= desk.now + REMINDED)
        .order_by(table.c.due_at)
        .with_for_update(skip_locked=True)
    )
    for one in found.mappings().all():
        row: Row = dict(one)
        due = row["due_at"]
        if desk.now >= late(due) and desk.now > due:
            await _missed(desk, await letter.change(desk, row, state=State.MISSED.value))
        elif row["state"] == State.APPROVED:
            if due <= desk.now:
                await running.begin_or_wait(desk, row)
        elif row["reminded_at"] is None:
            row = await letter.change(desk, row, reminded_at=desk.now)
            told = moment(due, translator("vi"))
            await running.tell_owners(desk, row, UNAPPROVED, due=told)


async def _missed(desk: Desk, row: Row) -> None:
    log.warning("broadcast_missed", broadcast=row["id"])
    due = moment(row["due_at"], translator("vi"))
    await running.tell_owners(desk, row, MISSED, due=due)
