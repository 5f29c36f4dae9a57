"""Roll-calls that an alert of the province begins: one in each commune, run by the commune.

The alert's own commit only names the communes.  A job begins them one by one, each in a commit of
its own, so that nothing waits for ninety-six of them and none is begun twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import (
    String,
    column,
    delete,
    exists,
    insert,
    or_,
    select,
    text,
    update,
    values,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import alertsums, rollcalls
from handlers.broadcasts import letter, running
from handlers.broadcasts.letter import Row
from handlers.desk import Desk, Turn, World
from handlers.i18n import N_, translator
from handlers.menu import menu_buttons
from handlers.messages import Outgoing
from handlers.permissions import Scope, act
from handlers.render import command_button
from handlers.rollwords import END, SURE
from models import audit, village_rules
from models.broadcasts import Broadcast, State
from models.cases import Case
from models.households import Household
from models.outbox import Lane
from models.people import Grant, Person, Role
from models.places import COMMUNES
from models.rollcalls import AlertCall, RollCall

log = structlog.get_logger(__name__)

LOCK = 0x726F6C6C  # "roll": one roll-call is begun in a commune at a time


async def reachable(desk: Desk, named: Collection[str]) -> list[str]:
    """The communes in which there is somebody to call; those that are named, whether or not."""
    if named:
        return sorted(named)
    communes = values(column("code", String), name="communes").data([(one,) for one in COMMUNES])
    code = communes.c.code
    is_staff = exists().where(Grant.person_id == Person.id, Grant.revoked_at.is_(None))
    found = await desk.db.scalars(
        select(code).where(
            or_(
                exists().where(Household.commune == code),
                exists().where(Person.commune == code, ~is_staff),
                exists().where(Case.commune == code, Case.emptied_at.is_(None)),
            )
        )
    )
    return sorted(found)


async def order(desk: Desk, broadcast_id: int, communes: Collection[str]) -> None:
    """Have the roll called in these communes; rights are checked before."""
    rows = [{"broadcast_id": broadcast_id, "commune": one} for one in communes]
    if rows:
        await desk.db.execute(insert(AlertCall), rows)
        rollcalls.ask_on(desk)


async def begun(desk: Desk, broadcast_id: int, commune: str, call_id: int) -> None:
    """Note the roll-call that a commune has begun with its own alert."""
    await desk.db.execute(
        insert(AlertCall).values(broadcast_id=broadcast_id, commune=commune, rollcall_id=call_id)
    )


async def begin_next(db: AsyncConnection, world: World, now: datetime) -> bool:
    """Begin one roll-call that an alert asked for; False when none waits.

    Where the whole commune is being called already, and everybody was asked just now, that
    roll-call counts: nobody is asked twice.  A stopped alert begins no more.
    """
    found = await db.execute(
        select(AlertCall.broadcast_id, AlertCall.commune, Broadcast.made_by)
        .join(Broadcast, Broadcast.id == AlertCall.broadcast_id)
        .where(AlertCall.rollcall_id.is_(None), Broadcast.state != State.STOPPED.value)
        .order_by(AlertCall.broadcast_id, AlertCall.commune)
        .limit(1)
        .with_for_update(of=AlertCall.__table__, skip_locked=True)
    )
    row = found.one_or_none()
    if row is None:
        return False
    desk = Desk(db, now, world)
    await db.execute(
        text("SELECT pg_advisory_xact_lock(:lock, :commune)"),
        {"lock": LOCK, "commune": int(row.commune)},
    )
    call_id = await _running(desk, row.commune)
    did = "joined" if call_id else "started"
    if call_id is None:
        call_id = await rollcalls.begin(
            desk, row.commune, (), row.made_by, at_risk_only=False, practice=False
        )
    await db.execute(
        update(AlertCall)
        .where(AlertCall.broadcast_id == row.broadcast_id, AlertCall.commune == row.commune)
        .values(rollcall_id=call_id)
    )
    await audit.write(
        db,
        at=now,
        person_id=row.made_by,
        role=Role.PROVINCE,
        action="broadcast_rollcall",
        commune=row.commune,
        facts={"broadcast": row.broadcast_id, "rollcall": call_id, "did": did},
    )
    await desk.clear()
    return True


async def _running(desk: Desk, commune: str) -> int | None:
    """A roll-call of the whole commune, in earnest, whose question is still new."""
    since = desk.now - timedelta(hours=village_rules.roll().fresh_hours)
    found: int | None = await desk.db.scalar(
        select(RollCall.id)
        .where(
            RollCall.commune == commune,
            rollcalls.RUNNING,
            RollCall.villages == [],
            ~RollCall.at_risk_only,
            ~RollCall.practice,
            RollCall.started_at >= since,
            RollCall.ends_at > desk.now,
        )
        .order_by(RollCall.id.desc())
        .limit(1)
    )
    return found


async def sums(turn: Turn, calls: Sequence[Row]) -> list[Row] | None:
    """Show the province the sum of each alert; give the roll-calls that are in none.

    None: the sums were all there is to show.
    """
    if not any(held.role == Role.PROVINCE for held in turn.held):
        return list(calls)
    rows = await turn.db.execute(
        select(AlertCall.broadcast_id, AlertCall.rollcall_id)
        .join(Broadcast, Broadcast.id == AlertCall.broadcast_id)
        .where(
            Broadcast.commune.is_(None),
            or_(
                AlertCall.rollcall_id.in_([one["id"] for one in calls]),
                AlertCall.rollcall_id.is_(None) & (Broadcast.state != State.STOPPED.value),
            ),
        )
    )
    of_alerts = {row.rollcall_id: row.broadcast_id for row in rows}
    for number in sorted(set(of_alerts.values()), reverse=True):
        await steer(turn, number, "")
    others = [one for one in calls if one["id"] not in of_alerts]
    return others or (None if of_alerts else [])


async def steer(turn: Turn, broadcast_id: int, rest: str) -> None:
    """Show what an alert of the province began, or end it all."""
    row = await letter.find(turn, broadcast_id)
    some = await alertsums.called(turn, broadcast_id)
    may = any(held.role == Role.PROVINCE for held in turn.held)
    if row is None or row["commune"] is not None or not some or not may:
        turn.say(turn.t(N_("Dạ, không có cuộc điểm danh này.")), *menu_buttons(turn))
        return
    if rest.startswith(END):
        await _end(turn, row, some, sure=rest.endswith(SURE))
        return
    shown_as = rest[1:] if rest.startswith("=") else f"{turn.now:%d%H%M%S}"
    turn.say(
        alertsums.summary(row, some, turn.t),
        *alertsums.buttons(row, some, turn.t, shown_as),
        updates=alertsums.key(row, shown_as),
    )


async def _end(turn: Turn, row: Row, some: Sequence[alertsums.Called], *, sure: bool) -> None:
    """End what the alert began: what waits is not begun, what runs is ended by the clockwork.

    What a commune had begun before goes on: it is the commune's.
    """
    t, name = turn.t, f"b{row['id']}"
    ours = [
        one.rollcall_id
        for one in alertsums.running(some)
        if one.started_at and one.started_at >= row["made_at"]
    ]  # fmt: skip
    if not sure:
        turn.say(
            t(
                N_("Kết thúc điểm danh ở {count} xã? Người trả lời sau đó vẫn được ghi."),
                count=len([one for one in some if one.ended_at is None]),
            ),
            command_button("diemdanh", t(N_("Đúng, kết thúc")), f"{name} {END} {SURE}"),
            command_button("diemdanh", t(N_("Không")), name),
        )
        return
    await act(
        turn,
        "broadcast_rollcall",
        Scope(None),
        broadcast=row["id"],
        did="ended",
        rollcalls=len(ours),
    )
    await turn.db.execute(
        delete(AlertCall).where(
            AlertCall.broadcast_id == row["id"], AlertCall.rollcall_id.is_(None)
        )
    )
    await turn.db.execute(
        update(RollCall).where(RollCall.id.in_(ours), rollcalls.RUNNING).values(ends_at=turn.now)
    )
    turn.say(
        t(N_("⏹ Không hỏi thêm ai nữa. Mỗi xã nhận kết quả của mình trong vài phút.")),
        alertsums.button(row, t),
    )


async def ended(desk: Desk, call_id: int) -> None:
    """Tell the province the sum once the last roll-call of an alert has ended.

    Ends are written into the log first, whose lock is kept until the commit: of two that end at
    once, the second sees that the first has ended.
    """
    rows = await desk.db.execute(
        select(letter.TABLE)
        .join(AlertCall, AlertCall.broadcast_id == letter.TABLE.c.id)
        .where(AlertCall.rollcall_id == call_id, letter.TABLE.c.commune.is_(None))
    )
    for row in [dict(one) for one in rows.mappings()]:
        if await _goes_on(desk, row):
            continue
        log.info("alert_rollcalls_ended", broadcast=row["id"])
        some = await alertsums.called(desk, row["id"])
        for chat in await running.watchers(desk, row):
            t = translator(chat.locale)
            said = Outgoing(alertsums.summary(row, some, t), alertsums.buttons(row, some, t))
            desk.tell(chat, said, Lane.REPLY)


async def _goes_on(desk: Desk, row: Row) -> bool:
    """Whether a roll-call of an alert runs, or waits to be begun."""
    found = await desk.db.scalar(
        select(AlertCall.commune)
        .outerjoin(RollCall, RollCall.id == AlertCall.rollcall_id)
        .where(
            AlertCall.broadcast_id == row["id"],
            RollCall.ended_at.is_(None),
            AlertCall.rollcall_id.is_not(None) | (row["state"] != State.STOPPED),
        )
        .limit(1)
    )
    return found is not None
