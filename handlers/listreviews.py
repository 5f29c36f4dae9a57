"""Lists of households at risk are gone through on set days: who keeps them is reminded, once."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import cards
from handlers.desk import HERE, Desk, World
from handlers.heads import heads_of
from handlers.i18n import N_, translator
from handlers.keeping import short
from handlers.messages import Outgoing
from handlers.render import command_button
from handlers.typed import as_typed
from handlers.villages import key as village_key
from models import village_rules
from models.households import Household, ListReview
from models.outbox import Lane
from models.people import Grant, Role

BY_DAY = range(7, 20)  # hours in which somebody may be reminded of a list
ALL = ""  # stands in list_reviews for «everybody was told of this day»
LOCK = 0x6C697374  # "list": one process reminds


async def remind(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Remind of the newest day of review; False when there is nothing to remind of."""
    desk = Desk(db, now, world)
    rules = village_rules.at_risk().reviews
    day = village_rules.last_review(desk.today)
    since = (desk.today - day).days
    again = timedelta(days=rules.again_after_days).days
    if now.astimezone(HERE).hour not in BY_DAY or since > 2 * again:
        return False
    due = day.isoformat() + (" again" if since >= again else "")
    await db.execute(select(func.pg_advisory_xact_lock(LOCK)))
    if await _mark(desk, ALL, ALL, due) is None:
        return False
    start = datetime.combine(day, time(), HERE)
    for commune, villages in (await _lists(desk)).items():
        await _commune(desk, commune, villages, start, due)
    await desk.clear()
    return True


async def _mark(desk: Desk, commune: str, key: str, due: str) -> str | None:
    marked: str | None = await desk.db.scalar(
        insert(ListReview)
        .values(commune=commune, village_key=key, due=due, told_at=desk.now)
        .on_conflict_do_nothing()
        .returning(ListReview.due)
    )
    return marked


async def _lists(desk: Desk) -> dict[str, dict[str, str]]:
    """Every village that has a head or a list, by commune and key."""
    found: dict[str, dict[str, str]] = {}
    kept = await desk.db.execute(
        select(Household.commune, Household.village).where(Household.at_risk).distinct()
    )
    led = await desk.db.execute(
        select(Grant.commune, func.unnest(Grant.villages)).where(
            Grant.revoked_at.is_(None), Grant.role == Role.VILLAGE_HEAD.value
        )
    )
    for commune, village in (*kept, *led):
        found.setdefault(commune, {}).setdefault(village_key(village), village)
    return found


async def _commune(
    desk: Desk, commune: str, villages: dict[str, str], start: datetime, due: str
) -> None:
    """Tell the head of every village whose list is older than the day, and the commune once."""
    counted = await desk.db.execute(
        select(
            Household.village_key,
            func.count(),
            func.count().filter(Household.reviewed_at < start),
        )
        .where(Household.commune == commune, Household.at_risk)
        .group_by(Household.village_key)
    )
    counts = {row[0]: (row[1], row[2]) for row in counted}
    open_ = {}
    for key, village in villages.items():
        whole, old = counts.get(key, (0, 0))
        if (whole == 0 or old) and await _mark(desk, commune, key, due):
            open_[village] = old
            await _head(desk, commune, village, whole, old)
    if not open_:
        return
    for chat in await desk.staff(commune, {Role.OFFICER, Role.LEADER}):
        t = translator(chat.locale)
        rows = [
            t(N_("• {village}: {count} hộ chưa rà soát"), village=as_typed(village), count=old)
            for village, old in open_.items()
        ]
        head = t(
            N_("🗓 Tới kỳ rà soát hộ cần ưu tiên – {commune}:"),
            commune=cards.commune_name(commune, t),
        )
        button = command_button("houutien", t(N_("📋 Xem danh sách")))
        desk.tell(chat, Outgoing("\n".join([head, *rows]), (button,)), Lane.REMINDER)


async def _head(desk: Desk, commune: str, village: str, whole: int, old: int) -> None:
    for chat in await heads_of(desk, commune, village):
        t = translator(chat.locale)
        message = N_(
            "🗓 Tới kỳ rà soát hộ cần ưu tiên của {village}: {count} hộ, {old} hộ chưa xem lại. "
            "Xin xem từng hộ, hoặc bấm «Cả thôn vẫn đúng»."
        )
        if not whole:
            message = N_(
                "🗓 Tới kỳ rà soát: {village} chưa ghi hộ cần ưu tiên nào (già neo đơn, khuyết "
                "tật, trẻ nhỏ, mang thai, gần sườn dốc, sông suối)."
            )
        name = short(village)
        buttons = (
            (
                command_button("houutien", t(N_("📋 Xem danh sách")), name),
                command_button("houutien", t(N_("✔ Cả thôn vẫn đúng")), f"vandung {name}"),
            )
            if whole
            else (command_button("themho", t(N_("📝 Thêm hộ")), name),)
        )
        text = t(message, village=as_typed(village), count=whole, old=old)
        desk.tell(chat, Outgoing(text, buttons), Lane.REMINDER)
