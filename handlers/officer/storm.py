"""``/chedobao``: a leader for the commune, the province for all of it or one commune."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import uuid4

from handlers import storms
from handlers.answers import UNCLEAR, place, plain, words
from handlers.desk import HERE, Turn
from handlers.dialogue import BadAnswer, Choice, Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.permissions import LOOKERS, Scope, act, role_for
from handlers.render import command_button
from handlers.storms import Row
from handlers.times import moment
from handlers.typed import as_typed
from models import places, storm_rules
from models.jobs import Job
from models.outbox import Lane
from models.people import Role
from models.storms import WHOLE
from models.text import fold

ON, OFF, SURE = "bat", "tat", "chac"
EVERYWHERE = "all"
GO = Choice("go", N_("⛈ Bật"))
STOP = Choice("stop", N_("Không"))
_SPAN = re.compile(r"(\d{1,3}) ?(?:h|gio|tieng|hours?)?|(\d{1,2}) ?(?:ngay|days?)")


async def storm(turn: Turn, argument: str) -> None:
    """What stands; ``bat`` switches on, ``tat 3`` ends one early."""
    word, _, rest = argument.strip().partition(" ")
    if word == ON:
        _begin(turn)
    elif word == OFF:
        number, _, sure = rest.partition(" ")
        await _end(turn, number, sure=sure == SURE)
    else:
        await _show(turn)


def _place(turn: Turn) -> str | None:
    """The one commune somebody may switch; None for the province, which chooses."""
    held = role_for(turn, "storm")
    return held.commune if held is not None else None


def _may(turn: Turn, commune: str) -> bool:
    return role_for(turn, "storm", Scope(commune or None)) is not None


async def _show(turn: Turn) -> None:
    t = turn.t
    mine = {held.commune for held in turn.held if held.commune}
    province = any(held.role == Role.PROVINCE for held in turn.held)
    found = [
        one
        for one in await storms.standing(turn)
        if province or one["commune"] == WHOLE or one["commune"] in mine
    ]
    rows = [_line(turn, one) for one in found] or [t(N_("Không có chế độ bão nào đang bật."))]
    buttons = [
        command_button(
            "chedobao", t(N_("🌤 Tắt: {where}"), where=storms.where(one, t)), f"{OFF} {one['id']}"
        )
        for one in found
        if _may(turn, one["commune"])
    ]
    if role_for(turn, "storm") is not None:
        buttons.insert(0, command_button("chedobao", t(N_("⛈ Bật chế độ bão")), ON))
    turn.say("\n".join(rows), *buttons[:10])


def _line(turn: Turn, one: Row) -> str:
    return turn.t(
        N_("⛈ **{where}** – chế độ bão tới {until}: {reason}"),
        where=storms.where(one, turn.t),
        until=moment(one["ends_at"], turn.t),
        reason=as_typed(str(one["body"].get("reason", ""))),
    )


def _begin(turn: Turn) -> None:
    if role_for(turn, "storm") is None:
        turn.say(
            turn.t(N_("Dạ, chế độ bão do lãnh đạo xã hoặc cấp tỉnh bật.")), *menu_buttons(turn)
        )
        return
    commune = _place(turn)
    facts = {"where": commune} if commune else {}
    turn.open("storm", uuid4(), **facts)


def anywhere(text: str) -> str:
    """The whole province, or a commune."""
    if plain(text) in (EVERYWHERE, "ca tinh", "toan tinh", "tinh"):
        return EVERYWHERE
    return place(text)


def span(text: str) -> str:
    """Hours: «24», «24 giờ», «2 ngày»."""
    found = _SPAN.fullmatch(fold(text).strip(" ."))
    hours = int(found[1] or 0) + 24 * int(found[2] or 0) if found else 0
    most = storm_rules.rules().most_hours
    if not 1 <= hours <= most:
        raise BadAnswer(
            N_("Dạ, xin gõ số giờ từ 1 đến {most}, ví dụ: 24 giờ, hoặc 2 ngày."), most=most
        )
    return str(hours)


def _spans(_: Values) -> tuple[Choice, ...]:
    labels = {12: N_("12 giờ"), 24: N_("24 giờ"), 48: N_("2 ngày"), 72: N_("3 ngày")}
    hours = storm_rules.rules().offered_hours
    return tuple(Choice(str(one), labels.get(one, str(one))) for one in hours)


def confirmed(text: str) -> str:
    said = plain(text)
    if said in (GO.id, "co", "bat", "dong y"):
        return GO.id
    if said in (STOP.id, "khong"):
        return STOP.id
    raise BadAnswer(UNCLEAR)


def _ends(turn: Turn, values: Values) -> datetime:
    return turn.now.astimezone(HERE) + timedelta(hours=int(values["until"]))


def before_asking(turn: Turn, values: Values) -> str:
    if "until" not in values:
        return ""
    t = turn.t
    return t(
        N_(
            "⛈ **{where}** tới {until}: {reason}\nBáo tin rút ngắn, 🆘 và điểm danh lên đầu, mọi "
            "cán bộ đều được báo, người dân được nhắn tin."
        ),
        where=_where(turn, str(values["where"])),
        until=moment(_ends(turn, values), t),
        reason=as_typed(str(values["reason"])),
    )


def _where(turn: Turn, said: str) -> str:
    commune = places.COMMUNES.get(said)
    return commune.name if commune else turn.t(N_("Toàn tỉnh"))


async def switched(turn: Turn, values: Values) -> None:
    t = turn.t
    if values["confirm"] == STOP.id:
        turn.say(t(N_("Dạ, không bật.")), *menu_buttons(turn))
        return
    said = str(values["where"])
    commune = said if said in places.COMMUNES else WHOLE
    hours = int(values["until"])
    await act(turn, "storm", Scope(commune or None), did="on", hours=hours)
    made = await storms.start(
        turn,
        commune=commune,
        body={"reason": str(values["reason"])},
        started_by=turn.person_id,
        ends_at=turn.now + timedelta(hours=hours),
    )
    turn.jobs.append(Job("storm", str(made["id"]), int(Lane.REPLY)))
    turn.storms |= {commune}
    turn.close()
    turn.say(
        t(
            N_("⛈ Đã bật chế độ bão: {where}, tới {until}. Hết giờ tự tắt."),
            where=storms.where(made, t),
            until=moment(made["ends_at"], t),
        ),
        command_button("diemdanh", t(N_("📣 Điểm danh"))),
        command_button("chedobao", t(N_("🌤 Tắt sớm")), f"{OFF} {made['id']}"),
    )


async def _end(turn: Turn, number: str, *, sure: bool) -> None:
    t = turn.t
    found = [one for one in await storms.standing(turn) if str(one["id"]) == number]
    if not found:
        turn.say(t(N_("Không có chế độ bão nào đang bật.")), *menu_buttons(turn))
        return
    one = found[0]
    if not sure and _may(turn, one["commune"]):
        turn.say(
            t(N_("Tắt chế độ bão của {where}?"), where=storms.where(one, t)),
            command_button("chedobao", t(N_("Đúng, tắt")), f"{OFF} {one['id']} {SURE}"),
            command_button("menu", t(N_("Không"))),
        )
        return
    await act(turn, "storm", Scope(one["commune"] or None), storm=one["id"], did="off")
    await storms.end(turn, one)
    turn.jobs.append(Job("storm", str(one["id"]), int(Lane.REPLY)))
    turn.storms -= {one["commune"]}
    turn.say(
        t(N_("🌤 Đã tắt chế độ bão: {where}."), where=storms.where(one, t)), *menu_buttons(turn)
    )


FORM = Form(
    Flow(
        "storm",
        (
            Question(
                "where",
                N_("Bật ở đâu? (cả tỉnh, hoặc gõ tên xã)"),
                anywhere,
                choices=lambda _: (Choice(EVERYWHERE, N_("Toàn tỉnh")),),
            ),
            Question("reason", N_("Lý do? (người dân sẽ đọc, ví dụ: bão số 12 đổ bộ)"), words),
            Question("until", N_("Trong bao lâu? (hết giờ tự tắt)"), span, choices=_spans),
            Question("confirm", N_("Bật chế độ bão?"), confirmed, choices=lambda _: (GO, STOP)),
        ),
    ),
    switched,
    said=before_asking,
)
FORMS = (FORM,)
COMMANDS = (Command("chedobao", "storm", storm, N_("Chế độ bão của xã hoặc tỉnh"), LOOKERS),)
