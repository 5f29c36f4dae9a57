"""Storm mode: switched on and off, told to everybody it concerns, ended by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import structlog
from sqlalchemy import exists, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import cards, casebook
from handlers.desk import CHAT, Chat, Desk, World
from handlers.i18n import N_, Translate, translator
from handlers.messages import Outgoing
from handlers.render import command_button
from handlers.times import moment
from handlers.typed import as_typed
from models import audit, places, storm_rules
from models.communes import CommuneSettings
from models.conversations import Conversation
from models.deadlines.ladder_file import USUAL
from models.outbox import Lane
from models.people import Grant, Person
from models.storms import WHOLE, Storm, StormTold

log = structlog.get_logger(__name__)

Row: TypeAlias = Mapping[str, Any]
TABLE = Storm.__table__
ON, OFF = "on", "off"


def where(storm: Row, t: Translate) -> str:
    if storm["commune"] == WHOLE:
        return t(N_("Toàn tỉnh"))
    return cards.commune_name(storm["commune"], t)


async def standing(desk: Desk, commune: str | None = None) -> list[Row]:
    """Storm modes that are on: everywhere, or those that hold in one commune."""
    query = select(TABLE).where(Storm.ended_at.is_(None)).order_by(Storm.id)
    if commune is not None:
        query = query.where(Storm.commune.in_([commune, WHOLE]))
    return [dict(row) for row in (await desk.db.execute(query)).mappings()]


async def start(desk: Desk, **columns: object) -> Row:
    """Switch storm mode on, from this commit on for everybody."""
    made = await desk.db.execute(
        insert(Storm).values(started_at=desk.now, untold=ON, **columns).returning(*TABLE.c)
    )
    storm = dict(made.mappings().one())
    await _set_mode(desk, storm)
    return storm


async def end(desk: Desk, storm: Row) -> None:
    """Switch it off: the roster and the ladder are as usual unless another storm stands."""
    await desk.db.execute(
        update(Storm).where(Storm.id == storm["id"]).values(ended_at=desk.now, untold=OFF)
    )
    await _set_mode(desk, storm)


async def _set_mode(desk: Desk, storm: Row) -> None:
    """Let the rules of ladder.yaml follow, and every open case ring by them."""
    whole = storm["commune"] == WHOLE
    still = {one["commune"] for one in await standing(desk)}
    for commune in sorted(places.COMMUNES) if whole else [storm["commune"]]:
        rules = storm_rules.rules().mode if still & {commune, WHOLE} else USUAL
        changed = await desk.db.execute(
            upsert(CommuneSettings)
            .values(commune=commune, mode=rules, changed_at=desk.now)
            .on_conflict_do_update(
                index_elements=["commune"],
                set_={"mode": rules},
                where=CommuneSettings.mode != rules,
            )
            .returning(CommuneSettings.commune)
        )
        if changed.one_or_none() is not None:
            await casebook.ring_anew(desk, commune)


async def end_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """End one whose time is over; False when none is due."""
    storm = await _next(db, Storm.ended_at.is_(None), Storm.ends_at <= now)
    if storm is None:
        return False
    desk = Desk(db, now, world)
    await end(desk, storm)
    await audit.write(
        db,
        at=now,
        person_id=None,
        role="service",
        action="storm",
        commune=storm["commune"] or None,
        facts={"storm": storm["id"], "did": "ended by itself"},
    )
    log.info("storm_ended", storm=storm["id"])
    return True


async def _next(db: AsyncConnection, *conditions: Any) -> Row | None:  # noqa: ANN401
    found = await db.execute(
        select(TABLE)
        .where(*conditions)
        .order_by(Storm.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


async def tell_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Tell the next people of one storm that it is on, or off; False when all know.

    Message and mark are one commit: nobody is told twice, whatever crashes.
    """
    storm = await _next(db, Storm.untold.is_not(None))
    if storm is None:
        return False
    desk = Desk(db, now, world)
    news = storm["untold"]
    people = await _not_told(desk, storm, news)
    if not people:
        await db.execute(update(Storm).where(Storm.id == storm["id"]).values(untold=None))
        return True
    marks = [
        {"storm_id": storm["id"], "conversation_id": chat.id, "news": news} for chat, _ in people
    ]
    await db.execute(insert(StormTold), marks)
    lane = Lane.CALL if news == ON else Lane.REMINDER
    for chat, is_staff in people:
        desk.tell(chat, message(storm, news, chat, is_staff=is_staff), lane)
    await desk.clear()
    return True


async def _not_told(desk: Desk, storm: Row, news: str) -> Sequence[tuple[Chat, bool]]:
    """The next chats to be told, staff first: who lives in the place, and who works there."""
    staff = exists().where(
        Grant.person_id == Person.id,
        Grant.revoked_at.is_(None),
        *(() if storm["commune"] == WHOLE else (Grant.commune == storm["commune"],)),
    )
    lives = (
        Person.commune.is_not(None)
        if storm["commune"] == WHOLE
        else Person.commune == storm["commune"]
    )
    told = exists().where(
        StormTold.storm_id == storm["id"],
        StormTold.conversation_id == Conversation.id,
        StormTold.news == news,
    )
    rows = await desk.db.execute(
        select(
            *CHAT,
            staff.label("staff"),
        )
        .join(Person, Person.id == Conversation.person_id)
        .where(or_(lives, staff), Conversation.gone_at.is_(None), ~told)
        .order_by(staff.desc(), Conversation.id)
        .limit(storm_rules.rules().batch)
    )
    return [(Chat(row.id, row.channel, row.locale, row.person_id), row.staff) for row in rows]


def message(storm: Row, news: str, chat: Chat, *, is_staff: bool) -> Outgoing:
    t = translator(chat.locale)
    if news == OFF:
        over = t(
            N_("🌤 {where} đã **hết chế độ bão**. Mọi việc trở lại như thường."),
            where=where(storm, t),
        )
        return Outgoing(over, (command_button("menu", t(N_("Trình đơn"))),))
    rows = [
        t(
            N_("⛈ {where} bật **chế độ bão** tới {until}: {reason}"),
            where=where(storm, t),
            until=moment(storm["ends_at"], t),
            reason=as_typed(str(storm["body"].get("reason", ""))),
        )
    ]
    if is_staff:
        rows.append(
            t(N_("Mọi cán bộ đều được báo; việc gấp báo cả ban đêm. Điểm danh an toàn: /diemdanh"))
        )
        buttons = (
            command_button("diemdanh", t(N_("📣 Điểm danh"))),
            command_button("hangdoi", t(N_("📋 Hàng đợi"))),
        )
    else:
        rows.append(
            t(
                N_(
                    "Nguy hiểm tính mạng: gọi ngay **112**, rồi bấm 🆘. Báo tin chỉ còn vài câu "
                    "ngắn. An toàn thì bấm «Tôi an toàn» để trưởng thôn biết."
                )
            )
        )
        buttons = (
            command_button("sos", t(N_("🆘 Khẩn cấp"))),
            command_button("antoan", t(N_("✅ Tôi an toàn"))),
        )
    return Outgoing("\n".join(rows), buttons)
