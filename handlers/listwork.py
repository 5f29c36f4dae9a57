"""One decision for a whole list of households, made case by case in batches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import casebook, decisions
from handlers.casebook import CaseRow
from handlers.deciding import Wish, propose, tell_leaders, to_be_seen_by
from handlers.desk import Desk, Turn, World
from handlers.i18n import N_
from handlers.lists import book, filing
from handlers.lists.book import ListRow
from handlers.render import command_button
from models.cases import OPEN, Case, Status
from models.decisions import Decision, Settled
from models.jobs import Job
from models.lists import ListLine
from models.outbox import Lane

log = structlog.get_logger(__name__)

BATCH = 10  # cases of one commit
NOBODY = "none"


async def start(turn: Turn, row: ListRow, but: str, text: str) -> UUID:
    """Have a job confirm every open case of a list but the exceptions."""
    batch = uuid4()
    deciding = {
        "by": turn.person_id.hex,
        "chat": turn.chat_id,
        "but": but,
        "text": text,
        "batch": batch.hex,
    }
    await book.change(turn, row["id"], deciding=deciding)
    key = f"decide_list:{row['id'].hex}"
    turn.jobs.append(Job("decide_list", row["id"].hex, int(Lane.REMINDER), key=key))
    return batch


async def decide_some(db: AsyncConnection, world: World, now: datetime, list_id: UUID) -> bool:
    """Confirm the next cases of a list; False when none is left."""
    desk = Desk(db, now, world)
    row = await book.by_id(desk, list_id, lock=True)
    if row is None or row["deciding"] is None:
        return False
    deciding: Mapping[str, Any] = row["deciding"]
    batch = UUID(deciding["batch"])
    turn = await filing.desk_of(desk, row, deciding["chat"], UUID(deciding["by"]))
    await turn.reload_roles()
    leaders = await to_be_seen_by(turn, row["commune"], Status.CONFIRMED)
    waiting = await _proposed(turn, batch)
    open_ones = await open_cases(turn, row, deciding["but"])
    cases = [case for case in open_ones if case["id"] not in waiting][:BATCH]
    wish = Wish(Status.CONFIRMED, deciding["text"], batch=batch)
    for case in cases:
        taken = await take(turn, case) if case["status"] == Status.NEW else case
        if leaders:
            await propose(turn, taken, wish)
        else:
            await decisions.make(turn, taken, Status.CONFIRMED, deciding["text"], batch=batch)
    if len(cases) < BATCH:
        await book.change(turn, list_id, deciding=None)
        proposed = await casebook.by_ids(turn, await _proposed(turn, batch))
        if proposed:
            await tell_leaders(turn, leaders, proposed, wish)
        await _done(turn, row, batch, proposed=len(proposed))
    await turn.clear()
    return len(cases) == BATCH


async def _proposed(turn: Turn, batch: UUID) -> list[int]:
    """The cases of a list that a leader is to look at."""
    found = await turn.db.scalars(
        select(Decision.case_id).where(
            Decision.batch == batch, Decision.settled.is_(None), Decision.tell_at.is_(None)
        )
    )
    return list(found)


async def _done(turn: Turn, row: ListRow, batch: UUID, *, proposed: int) -> None:
    t = turn.t
    if proposed:
        turn.say(
            t(N_("🖊 Đã gửi lãnh đạo xem lại {n} hồ sơ."), n=proposed),
            command_button("rutlaids", t(N_("⏪ Rút lại")), batch.hex),
            command_button("danhsach", t(N_("📋 Xem từng hộ")), row["code"]),
        )
        return
    count = await turn.db.scalar(
        select(func.count()).select_from(Decision).where(Decision.batch == batch)
    )
    left = len(await open_cases(turn, row, NOBODY))
    turn.say(
        t(
            N_("✅ Đã xác nhận **{count} hộ** của danh sách {code}; còn {left} hộ chờ."),
            count=count,
            code=row["code"],
            left=left,
        ),
        *(
            (command_button("rutlaids", t(N_("⏪ Rút lại")), batch.hex),)
            if turn.world.take_back and count
            else ()
        ),
        command_button("danhsach", t(N_("📋 Xem từng hộ")), row["code"]),
    )
    log.info("list_confirmed", list=row["code"], cases=count)


async def open_cases(
    turn: Turn, row: ListRow, but: str, *, limit: int | None = None, new: bool = False
) -> list[CaseRow]:
    """The cases of a list that wait for a decision, locked, without the exceptions."""
    table = casebook.TABLE
    states = (Status.NEW,) if new else OPEN
    query = (
        select(table)
        .join(ListLine, ListLine.id == table.c.draft_id)
        .where(
            table.c.list_id == row["id"],
            table.c.status.in_([one.value for one in states]),
            *_not_among(but),
        )
        .order_by(table.c.id)
        .limit(limit)
        .with_for_update(of=table)
    )
    return casebook.all_of(await turn.db.execute(query))


def _not_among(but: str) -> list[ColumnElement[bool]]:
    if but == NOBODY:
        return []
    named = but.split(",")
    numbers = [int(one) for one in named if one.isdecimal()]
    codes = [one for one in named if not one.isdecimal()]
    return [ListLine.number.not_in(numbers), Case.code.not_in(codes)]


async def take(turn: Turn, case: CaseRow) -> CaseRow:
    """Take one case of a list; its sender hears of the list as a whole."""
    changed = await casebook.change(
        turn, case, status=Status.TAKEN.value, taken_by=turn.person_id, taken_at=turn.now
    )
    await casebook.event(turn, case["id"], "taken", by=turn.person_id)
    return changed


async def take_back(turn: Turn, batch: UUID) -> list[CaseRow]:
    """Undo what was decided in one go and is not told yet."""
    found = await turn.db.execute(
        select(Decision.__table__)
        .where(
            Decision.batch == batch,
            Decision.by_id == turn.person_id,
            Decision.settled.is_(None),
        )
        .order_by(Decision.case_id)
    )
    back = []
    for row in [dict(one) for one in found.mappings()]:
        case = await casebook.by_id(turn, row["case_id"], lock=True)
        waiting = await decisions.waiting_for(turn, case["id"])
        if waiting is not None and waiting["id"] == row["id"]:
            back.append(await decisions.go_back(turn, case, waiting, Settled.TAKEN_BACK))
    return back
