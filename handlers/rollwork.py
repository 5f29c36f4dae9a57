"""What a roll-call does by itself: ask everybody, send heads to silent doors, end, report.

Each step is one commit: a household is written down once and a chat asked once, whatever crashes.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import alertcalls, alertsums, cards, rollcalls, rollfigures, rollmaking, rollwords
from handlers.desk import CHAT, Chat, Desk, World
from handlers.heads import heads_of
from handlers.i18n import N_, translator
from handlers.messages import Outgoing
from handlers.render import command_button
from handlers.rollcalls import Row
from handlers.typed import as_typed
from models import audit, village_rules
from models.cases import Case
from models.conversations import Conversation
from models.outbox import Lane
from models.people import Person, Role
from models.rollcalls import RollAsk, RollCall, RollHousehold

log = structlog.get_logger(__name__)

SHOWN = 10  # doors told at once
ANSWERS = (
    ("antoan", N_("✅ An toàn")),
    ("cangiup", N_("🆘 Cần giúp")),
    ("chuabiet", N_("❔ Chưa biết")),
)


async def _next(db: AsyncConnection, *conditions: ColumnElement[bool]) -> Row | None:
    found = await db.execute(
        select(rollcalls.CALLS)
        .where(rollcalls.RUNNING, *conditions)
        .order_by(RollCall.practice, RollCall.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


async def ask_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Write down the households of one roll-call, or ask the next of them; False when all are."""
    call = await _next(
        db, or_(RollCall.made_at.is_(None), RollCall.asked_at.is_(None)), RollCall.ends_at > now
    )
    if call is None:
        return False
    desk = Desk(db, now, world)
    if call["made_at"] is None:
        count = await rollmaking.make(desk, call)
        await rollmaking.made(desk, call["id"])
        await _tell_start(desk, {**call, "made_at": now})
        log.info("rollcall_made", rollcall=call["id"], households=count)
    else:
        await _ask_some(desk, call)
    await desk.clear()
    return True


async def _ask_some(desk: Desk, call: Row) -> None:
    """The next chats that were not asked, those at most risk first; mark and message together.

    Whoever has said already how they are is not asked.
    """
    chats = await desk.db.execute(
        select(
            *CHAT,
            RollHousehold.answer,
        )
        .join(RollAsk, RollAsk.conversation_id == Conversation.id)
        .join(RollHousehold, RollHousehold.id == RollAsk.unit_id)
        .join(Person, Person.id == Conversation.person_id)
        .where(RollAsk.rollcall_id == call["id"], RollAsk.asked_at.is_(None))
        .order_by(RollHousehold.number)
        .limit(village_rules.roll().batch)
    )
    some = [(Chat(row.id, row.channel, row.locale, row.person_id), row.answer) for row in chats]
    if not some:
        await desk.db.execute(
            update(RollCall).where(RollCall.id == call["id"]).values(asked_at=desk.now)
        )
        return
    await desk.db.execute(
        update(RollAsk)
        .where(
            RollAsk.rollcall_id == call["id"],
            RollAsk.conversation_id.in_([chat.id for chat, _ in some]),
        )
        .values(asked_at=desk.now)
    )
    lane = Lane.REMINDER if call["practice"] else Lane.CALL
    for chat, answer in some:
        if answer is None:
            desk.tell(chat, question(call, chat), lane)


def question(call: Row, chat: Chat) -> Outgoing:
    t = translator(chat.locale)
    text = t(
        N_(
            "📣 {office} điểm danh: **Gia đình mình có an toàn không?** Bấm một nút, hoặc gõ: an "
            "toàn, cần giúp, chưa biết. Nguy hiểm tính mạng: gọi ngay 112."
        ),
        office=cards.office(call["commune"], t),
    )
    if call["practice"]:
        drill = N_("🧪 **THỰC TẬP – không có thiên tai thật.** Xin trả lời để làm quen.")
        text = f"{t(drill)}\n{text}"
    buttons = (command_button(name, t(label), f"r{call['id']}") for name, label in ANSWERS)
    return Outgoing(text, tuple(buttons))


async def _audience(desk: Desk, call: Row) -> list[tuple[Chat, list[str] | None]]:
    """Heads with their own villages, the commune with all; each chat once."""
    found: dict[int, tuple[Chat, list[str] | None]] = {
        chat.id: (chat, None)
        for chat in await desk.staff(call["commune"], {Role.OFFICER, Role.LEADER})
    }
    by_head: dict[int, tuple[Chat, list[str]]] = {}
    for one in await rollfigures.counts(desk, call["id"]):
        for chat in await heads_of(desk, call["commune"], one.village):
            by_head.setdefault(chat.id, (chat, []))[1].append(one.village)
    return list({**by_head, **found}.values())


async def _tell_start(desk: Desk, call: Row) -> None:
    alert = await alertsums.ordered(desk, call["id"])
    for chat, villages in await _audience(desk, call):
        t = translator(chat.locale)
        text = await rollwords.summary(desk, call, villages, t)
        if alert is not None:
            why = t(
                N_(
                    "🚨 **Tỉnh mở điểm danh này cùng cảnh báo «{title}».** Xã theo dõi, cho người "
                    "tới nhà và kết thúc như cuộc của mình."
                ),
                title=as_typed(alert["title"]),
            )
            text = f"{why}\n{text}"
        message = Outgoing(
            text, rollwords.buttons(call, t, works=True), updates=rollwords.key(call)
        )
        desk.tell(chat, message, Lane.REPLY)


async def walk_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Send the silent doors of one roll-call to the heads; False when none is due."""
    call = await _next(db, RollCall.walk_at <= now, RollCall.made_at.is_not(None))
    if call is None:
        return False
    desk = Desk(db, now, world)
    await db.execute(update(RollCall).where(RollCall.id == call["id"]).values(walk_at=None))
    for chat, villages in await _audience(desk, call):
        open_ = await rollfigures.doors(desk, call["id"], villages, rollfigures.to_walk())
        if villages is None or not open_:
            continue  # the commune reads the figures; heads go
        t = translator(chat.locale)
        head = t(
            N_(
                "🚶 **{count} hộ chưa rõ có an toàn không.** Xin tới từng nhà, cần trước đứng đầu:"
            ),
            count=len(open_),
        )
        rows = [rollwords.door(one, t) for one in open_[:SHOWN]]
        button = command_button("dixem", t(N_("🚶 Mở danh sách")), f"r{call['id']}")
        text = "\n".join([rollwords.title(call, t), head, *rows])
        desk.tell(chat, Outgoing(text, (button,)), Lane.CALL)
    await desk.clear()
    return True


async def end_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """End one roll-call whose time is over; False when none is due."""
    call = await _next(db, RollCall.ends_at <= now)
    if call is None:
        return False
    desk = Desk(db, now, world)
    await audit.write(
        db,
        at=now,
        person_id=None,
        role="service",
        action="rollcall",
        commune=call["commune"],
        facts={"rollcall": call["id"], "did": "ended by itself"},
    )
    await end(desk, call)
    await desk.clear()
    return True


async def end(desk: Desk, call: Row) -> None:
    """End a roll-call, and report it to everybody who works with it.

    The log has it before: its lock makes roll-calls end one after another, see ``alertcalls``.
    """
    await desk.db.execute(
        update(RollCall)
        .where(RollCall.id == call["id"])
        .values(
            ended_at=desk.now, walk_at=None, asked_at=func.coalesce(RollCall.asked_at, desk.now)
        )
    )
    ended = {**call, "ended_at": desk.now, "made_at": call["made_at"] or desk.now}
    for chat, villages in await _audience(desk, call):
        t = translator(chat.locale)
        rows = [await rollwords.summary(desk, ended, villages, t)]
        called = await rollfigures.doors(
            desk, call["id"], villages, RollHousehold.answer == "help"
        )
        codes = await _codes(desk, [one.case_id for one in called if one.case_id])
        if codes:
            rows.append(t(N_("Hộ cần giúp đã thành hồ sơ: {codes}"), codes=", ".join(codes)))
        message = Outgoing("\n".join(rows), rollwords.buttons(ended, t, works=True))
        desk.tell(chat, message, Lane.REPLY)
    await alertcalls.ended(desk, call["id"])


async def _codes(desk: Desk, ids: list[int]) -> list[str]:
    return list(await desk.db.scalars(select(Case.code).where(Case.id.in_(ids)).order_by(Case.id)))
