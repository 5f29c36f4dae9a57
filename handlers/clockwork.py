"""What happens by itself: reminders of due times, lateness, silence in a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import aside, cards, casebook, caseclocks, communes, dialogue, notify, router
from handlers.desk import Desk, Turn, World
from handlers.i18n import N_, translator
from handlers.menu import menu_buttons
from handlers.messages import Incoming, Outgoing
from handlers.times import moment
from handlers.vocabulary import PROVINCE_WIDE
from models.cases import Case, Rung
from models.conversations import Conversation
from models.outbox import Lane
from models.people import Person, Role

log = structlog.get_logger(__name__)

FORGET_AFTER = timedelta(hours=24)  # silence after the reminder
TO = {"officers": Role.OFFICER, "leader": Role.LEADER, "province": Role.PROVINCE}


async def ring_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Give the notices of one case whose time has come; False when no case has any.

    The notice, the mark that it was given and the time of the next one are one commit: each is
    given once, whatever crashes.
    """
    found = (
        (
            await db.execute(
                select(Case.__table__)
                .where(Case.next_rung_at <= now)
                .order_by(Case.next_rung_at)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
        )
        .mappings()
        .one_or_none()
    )
    if found is None:
        return False
    row = dict(found)
    desk = Desk(db, now, world)
    given = await casebook.fired(desk, row["id"])
    due = [
        rung for rung in caseclocks.pending_rungs(row) if rung.at <= now and rung.id not in given
    ]
    for rung in due:
        await db.execute(
            insert(Rung)
            .values(case_id=row["id"], rung=rung.id, due_at=rung.at)
            .on_conflict_do_nothing()
        )
    if due:
        # several may have come due while everything was down: the last says it all
        everybody = tuple(dict.fromkeys(who for rung in due for who in rung.to))
        await _notice(desk, row, everybody)
        log.info("rung_given", case=row["code"], rungs=[rung.id for rung in due])
    await casebook.change(desk, row)
    await desk.clear()
    return True


async def _notice(desk: Desk, case: Mapping[str, Any], to: tuple[str, ...]) -> None:
    late = cards.due(case) <= desk.now
    what = "late" if late else "reminded"
    await casebook.event(desk, case["id"], what, by=None, public=late)
    lane = Lane.URGENT if case["urgency"] == "sos" else Lane.REMINDER
    roles = {TO[who] for who in to if who in TO}
    commune_roles = roles - {Role.PROVINCE}
    everywhere = case["commune"] == PROVINCE_WIDE  # no commune has it: the province does the work
    if everywhere and roles:
        chats = await desk.staff(None, {Role.PROVINCE})
        roles = set()
    else:
        chats = await desk.staff(case["commune"], commune_roles) if commune_roles else []
    for chat in chats:
        t = translator(chat.locale)
        head = N_("⏰ **Quá hạn**, người dân đang chờ:") if late else N_("⏰ Sắp tới hạn:")
        text = "\n".join((t(head), cards.line(case, desk, t)))
        desk.tell(chat, Outgoing(text, notify.staff_buttons(case, chat)), lane, case["id"])
    if Role.PROVINCE in roles:
        for chat in await desk.staff(None, {Role.PROVINCE}):
            t = translator(chat.locale)
            where = cards.commune_name(case["commune"], t)
            text = t(N_("⏰ Quá hạn tại {where}: {code}"), where=where, code=case["code"])
            desk.tell(chat, Outgoing(text), lane, case["id"])
    if "citizen" in to and late:
        await _excuse(desk, case)


async def _excuse(desk: Desk, case: Mapping[str, Any]) -> None:
    """Lateness is told honestly to the person who waits, with a number to call if there is one."""
    chat = await desk.chat(case["conversation_id"])
    number = await communes.telephone(desk, case["commune"])
    message = N_(
        "Xin lỗi ông/bà: hồ sơ **{code}** đã quá hạn hứa ({due}). Lãnh đạo xã đã được báo và "
        "hồ sơ vẫn được theo dõi. Nguy hiểm tính mạng: gọi ngay 112."
    )
    if number:
        message = N_(
            "Xin lỗi ông/bà: hồ sơ **{code}** đã quá hạn hứa ({due}). Lãnh đạo xã đã được báo và "
            "hồ sơ vẫn được theo dõi. Cần hỏi ngay, xin gọi {office}: **{number}**. "
            "Nguy hiểm tính mạng: gọi ngay 112."
        )
    await notify.reporter(
        desk,
        case,
        message,
        ("xem", N_("📂 Xem hồ sơ")),
        due=moment(cards.due(case), translator(chat.locale)),
        number=number or "",
    )


async def nudge_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Remind one person of an open form, or end it; False when nobody has been silent enough.

    An abandoned emergency is filed as it stands.
    """
    found = (
        (
            await db.execute(
                select(Conversation.__table__, Person.locale, Person.commune)
                .join(Person, Person.id == Conversation.person_id)
                .where(Conversation.nudge_at <= now)
                .order_by(Conversation.nudge_at)
                .limit(1)
                .with_for_update(skip_locked=True, of=Conversation)
            )
        )
        .mappings()
        .one_or_none()
    )
    if found is None:
        return False
    row = dict(found)
    here = Conversation.id == row["id"]
    if row["flow"] not in router.FORMS:  # nothing is open; what was put away is forgotten now
        await db.execute(update(Conversation).where(here).values(nudge_at=None, draft=None))
        return True
    turn = _turn(db, world, now, row)
    if router.spent(turn):
        under = aside.below(turn)
        turn.close()
        if not aside.come_back(turn, under):
            await db.execute(
                update(Conversation)
                .where(here)
                .values(nudge_at=None, nudged=0, flow=None, draft=None, draft_id=None)
            )
            return True
    await turn.reload_roles()
    await _file_abandoned(turn)
    if row["nudged"] == 0:
        waits = turn.t(N_("Dạ, việc đang làm dở vẫn được giữ, ông/bà trả lời tiếp khi tiện:"))
        turn.lead = "\n\n".join(part for part in (turn.lead, waits) if part)
        router.ask(turn)
        changed: dict[str, Any] = {"nudged": 1, "nudge_at": now + FORGET_AFTER}
    else:
        aside.put_away(turn)
        told = N_("Dạ, việc làm dở đã được cất. Cần tiếp, ông/bà bấm «Làm tiếp việc dở».")
        if not turn.draft:
            told = N_("Dạ, việc làm dở đã được đóng. Cần gì, ông/bà cứ nhắn lại.")
        turn.say(turn.t(told), *menu_buttons(turn), lane=Lane.REMINDER)
        changed = {"nudged": 0, "nudge_at": router.nudge_at(turn)}
    changed |= {"flow": turn.flow, "draft": turn.draft or None, "draft_id": turn.draft_id}
    await db.execute(update(Conversation).where(here).values(**changed))
    await turn.clear()
    return True


async def _file_abandoned(turn: Turn) -> None:
    """File what must not wait, in the open form and in those that wait under it."""
    stood = turn.flow, turn.draft, turn.draft_id
    for one in aside.all_of(turn):
        form = router.FORMS.get(one.flow)
        if form is not None:
            turn.flow, turn.draft, turn.draft_id = one.flow, one.draft, one.draft_id
            await form.abandoned(turn, dialogue.look(form.flow, one.draft).values)
    turn.flow, turn.draft, turn.draft_id = stood


def _turn(db: AsyncConnection, world: World, now: datetime, row: Mapping[str, Any]) -> Turn:
    """A desk at which nobody has said anything."""
    silence = Incoming(row["channel"], row["address"], f"silence:{uuid4()}", now)
    return Turn(
        db,
        now,
        world,
        said=silence,
        chat_id=row["id"],
        person_id=row["person_id"],
        locale=row["locale"],
        commune=row["commune"],
        flow=row["flow"],
        draft=row["draft"] or {},
        draft_id=row["draft_id"],
        held=(),
    )
