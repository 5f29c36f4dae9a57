"""Who is on duty now: one's own «vào trực» and «nghỉ trực»."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from handlers import roster, staffnames
from handlers.desk import Turn
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.permissions import Scope, act
from handlers.render import command_button
from handlers.staffnames import OFFICE, commune_of
from handlers.times import day, moment
from handlers.typed import as_typed
from models.deadlines.duty_day import next_change
from models.roster import DutyMark, Leave
from models.text import fold

ON, OFF = ("vao", "on", "truc", "vao truc"), ("nghi", "off", "ra", "nghi truc")


async def duty(turn: Turn, argument: str) -> None:
    """``/truc`` tells who is on duty; ``/truc vao`` and ``/truc nghi`` say it of oneself."""
    commune = commune_of(turn)
    said = fold(argument).strip()
    if said in ON or said in OFF:
        await act(turn, "duty", Scope(commune), on=said in ON)
        columns = {"on_duty": said in ON, "until": next_change(turn.now)}
        await turn.db.execute(
            insert(DutyMark)
            .values(commune=commune, person_id=turn.person_id, **columns)
            .on_conflict_do_update(index_elements=["commune", "person_id"], set_=columns)
        )
    await _tell(turn, commune)


async def _tell(turn: Turn, commune: str) -> None:
    t = turn.t
    crew = (await roster.of(turn, commune)).crew
    names = {one.person: as_typed(one.name) for one in await staffnames.office(turn, commune)}
    on = crew.on_duty()
    until = moment(next_change(turn.now), t)
    rows = [
        t(
            N_("🔔 **Đang trực** (tới {until}): {names}"),
            until=until,
            names=", ".join(name for who, name in names.items() if who in on),
        )
    ]
    mine = turn.person_id in on
    marked = next((one.marked for one in crew.members if one.person == turn.person_id), None)
    if mine and marked is False:
        rows.append(t(N_("Ông/bà đã nghỉ trực, nhưng không còn ai khác: việc khẩn vẫn báo.")))
    elif mine:
        rows.append(t(N_("Ông/bà **đang trực**.")))
    else:
        rows.append(t(N_("Ông/bà **không trực**: chỉ hồ sơ đang giữ mới nhắc ông/bà.")))
    rows += await _absent(turn, commune, names)
    label, word = (N_("🔕 Nghỉ trực"), OFF[0]) if mine else (N_("🔔 Vào trực"), ON[0])
    turn.say(
        "\n".join(rows),
        command_button("truc", t(label), word),
        command_button("lichtruc", t(N_("📅 Lịch trực"))),
        command_button("nghiphep", t(N_("🏖 Báo nghỉ"))),
    )


async def _absent(turn: Turn, commune: str, names: dict[UUID, str]) -> list[str]:
    """Who is away today, until when, and who stands in."""
    t = turn.t
    rows = await turn.db.execute(
        select(Leave.person_id, Leave.stand_in_id, Leave.last)
        .where(Leave.commune == commune, Leave.first <= turn.today, Leave.last >= turn.today)
        .order_by(Leave.id)
    )
    told = []
    for row in rows:
        who, until = names.get(row.person_id), day(row.last, t)
        if who is None:
            continue
        if row.stand_in_id in names:
            text = N_("🏖 {who} nghỉ tới hết {until}, {other} thay.")
            told.append(t(text, who=who, until=until, other=names[row.stand_in_id]))
        else:
            told.append(
                t(N_("🏖 {who} nghỉ tới hết {until}, chưa có người thay."), who=who, until=until)
            )
    return told


FORMS: tuple[Form, ...] = ()
COMMANDS = (Command("truc", "duty", duty, N_("Ai đang trực; vào trực, nghỉ trực"), OFFICE),)
