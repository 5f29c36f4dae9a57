"""A broadcast that runs: its recipients written, its books kept, its progress shown, its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import papers
from handlers.broadcasts import card, letter
from handlers.broadcasts.letter import Row
from handlers.desk import CHAT, Chat, Desk, World
from handlers.i18n import N_, translator
from handlers.messages import Outgoing
from handlers.render import command_button
from handlers.typed import as_typed
from models import ledger
from models.broadcasts import State
from models.conversations import Conversation
from models.occasions import calendar
from models.outbox import Lane
from models.people import Person, Role

log = structlog.get_logger(__name__)

LOCK = 0x626F6F6B73  # "books": one process keeps them at a time
SHOWN = timedelta(seconds=20)  # between two looks at the progress of one broadcast


async def start(desk: Desk, row: Row) -> Row:
    """Let it run; whose turn it is already hears so."""
    log.info("broadcast_started", broadcast=row["id"], alert=row["alert"])
    return await letter.change(
        desk, row, state=State.RUNNING.value, started_at=desk.now, due_at=row["due_at"] or desk.now
    )


async def begin_or_wait(desk: Desk, row: Row) -> Row:
    """What is approved begins when it is due, within the hours for writing to people."""
    due = max(row["due_at"] or desk.now, desk.now)
    if not row["alert"]:
        due = calendar().hours.opens(due)
    if due <= desk.now:
        return await start(desk, row)
    return await letter.change(desk, row, due_at=due)


async def expand_next(db: AsyncConnection, now: datetime) -> bool:
    """Write the next batch of recipients of a running broadcast; False when all have theirs.

    The broadcast's row is locked meanwhile, so two processes do not do the same batch.
    """
    table = letter.TABLE
    found = await db.execute(
        select(table)
        .where(table.c.state == State.RUNNING.value, table.c.expanded_at.is_(None))
        .order_by(table.c.alert.desc(), table.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
    )
    row = found.mappings().one_or_none()
    if row is None:
        return False
    audience = letter.audience_of(dict(row))
    await ledger.expand(db, row["id"], row["reached"], audience, now)
    return True


async def keep_books(db: AsyncConnection, world: World, now: datetime) -> None:
    """Settle what was sent, take back what was paused, end what is over, show how far it is."""
    if not await db.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
        return
    await ledger.settle(db, now)
    await ledger.recall(db, now)
    await ledger.tidy_stopped(db, now)
    desk = Desk(db, now, world)
    table = letter.TABLE
    ended = await db.execute(select(table).where(ledger.over()))
    for row in ended.mappings().all():
        await _end(desk, dict(row))
    running = await db.execute(
        select(table).where(
            table.c.state == State.RUNNING.value,
            (table.c.shown_at.is_(None) & (table.c.started_at <= now - SHOWN / 4))
            | (table.c.shown_at <= now - SHOWN),
        )
    )
    for row in running.mappings().all():
        await show(desk, dict(row))
    await desk.clear()


async def show(desk: Desk, row: Row, *, passing: bool = True) -> None:
    """Show the people concerned how far it is, in one message that changes."""
    row = await letter.change(desk, row, shown_at=desk.now)
    for chat in await watchers(desk, row):
        t = translator(chat.locale)
        said = Outgoing(
            await card.standing(desk, row, t),
            card.actions(row, t),
            updates=f"broadcast-{row['id']}",
            passing=passing,
        )
        desk.tell(chat, said, Lane.REMINDER)


async def _end(desk: Desk, row: Row) -> None:
    state = State.DONE if row["state"] == State.RUNNING else State.STOPPED
    row = await letter.change(desk, row, state=state.value, finished_at=desk.now)
    log.info("broadcast_ended", broadcast=row["id"], state=state.value)
    await show(desk, row, passing=False)
    await _tell_communes(desk, row)
    for chat in await watchers(desk, row):
        await papers.order(
            desk,
            chat,
            "broadcast_picture",
            once=f"broadcast-{row['id']}",
            broadcast=row["id"],
        )


async def _tell_communes(desk: Desk, row: Row) -> None:
    """Each commune hears how many of its people must be told in another way, and can list them."""
    left: dict[str, int] = {}
    for (_, commune, fate), many in (await ledger.counts(desk.db, row["id"])).items():
        if commune and fate in card.UNREACHED:
            left[commune] = left.get(commune, 0) + many
    for commune, many in left.items():
        for chat in await desk.staff(commune, {Role.OFFICER, Role.LEADER}):
            t = translator(chat.locale)
            told = t(
                N_("🏠 {count} người dân của xã chưa nhận được tin «{title}», cần báo cách khác."),
                count=many,
                title=as_typed(row["title"]),
            )
            button = command_button("baocachkhac", t(N_("Xem danh sách")), str(row["id"]))
            desk.tell(chat, Outgoing(told, (button,)), Lane.BULK)


async def watchers(desk: Desk, row: Row) -> list[Chat]:
    """Who made, proposed or approved it."""
    people = {row["made_by"], row["proposed_by"], row["approved_by"], row["looked_by"]} - {None}
    return await chats_of(desk, people)


async def chats_of(desk: Desk, people: Iterable[UUID]) -> list[Chat]:
    rows = await desk.db.execute(
        select(*CHAT)
        .join(Person, Person.id == Conversation.person_id)
        .where(Person.id.in_(list(people)), Conversation.gone_at.is_(None))
        .order_by(Conversation.id)
    )
    return [Chat(*row) for row in rows]


async def approvers(desk: Desk, row: Row) -> list[Chat]:
    """Who may approve it: everybody of the right role but its authors."""
    chats = await desk.staff(None, {Role.PROVINCE})
    if row["commune"] is not None:
        chats += await desk.staff(row["commune"], {Role.LEADER})
    authors = {row["made_by"], row["proposed_by"]}
    return [chat for chat in dict.fromkeys(chats) if chat.person_id not in authors]


async def tell_owners(desk: Desk, row: Row, why: str, **values: str) -> None:
    """Tell the staff whose broadcast it is what happened to it."""
    if row["commune"] is None:
        chats = await desk.staff(None, {Role.PROVINCE})
    else:
        chats = await desk.staff(row["commune"], {Role.LEADER, Role.OFFICER})
    for chat in chats:
        t = translator(chat.locale)
        said = "\n".join((t(why, **values), await card.card(desk, row, t)))
        desk.tell(chat, Outgoing(said, card.actions(row, t)), Lane.REMINDER)
