"""The roster a leader keeps in chat: who has which day, or every Saturday."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import delete, insert, or_, select

from handlers import daywords, staffnames
from handlers.answers import choose_several
from handlers.desk import HERE, Turn
from handlers.dialogue import BadAnswer, Choice, Flow, Question, Step, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.messages import Outgoing
from handlers.notify import person
from handlers.permissions import Scope, act, role_for
from handlers.render import command_button
from handlers.staffnames import OFFICE, Colleague, commune_of
from handlers.times import WEEKDAYS
from handlers.times import day as dated
from handlers.typed import as_typed
from models.deadlines.duty_day import duty_day, next_change
from models.roster import RosterEntry
from models.text import fold

AHEAD = 7  # days of the roster that one screen shows
NOBODY = "nobody"


async def plan(turn: Turn, argument: str) -> None:
    """``/lichtruc``: the coming days; a leader changes them: ``/lichtruc 28/11 Lan, Minh``."""
    if not argument.strip():
        await _show_plan(turn, commune_of(turn))
        return
    commune = commune_of(turn, "roster")
    people = await staffnames.office(turn, commune)
    facts = {"_people": [one.packed() for one in people], "_days": _days(turn)}
    if argument.strip() == "sua":
        turn.open(ROSTER.flow.name, uuid4(), **facts)
        return
    when, rest = daywords.leading(argument)
    if when is None:
        turn.lead = turn.t(daywords.UNREAD)
        turn.open(ROSTER.flow.name, uuid4(), **facts)
        return
    named = _named(turn, people, rest)
    if named is None:
        if rest:
            turn.lead = turn.t(staffnames.NOBODY)
        turn.open(ROSTER.flow.name, uuid4(), **facts, day=when)
        return
    await planned(turn, {**facts, "day": when, "people": named})


def _days(turn: Turn) -> list[list[str]]:
    """The coming days as choices; every week goes by typing, too."""
    first = duty_day(turn.now)
    days = [first + timedelta(days=n) for n in range(AHEAD)]
    single = [[day.isoformat(), dated(day, turn.t)] for day in days]
    weekly = [
        [f"every:{n}", turn.t(N_("Mỗi {weekday}"), weekday=turn.t(WEEKDAYS[n]))] for n in (5, 6)
    ]
    return single + weekly


def _named(turn: Turn, people: Sequence[Colleague], said: str) -> str | None:
    """Names as keys, None if one of them is nobody's."""
    if fold(said) in ("khong ai", "bo", "xoa", "nobody"):
        return NOBODY
    listed = staffnames.choices([one.packed() for one in people])
    if (found := choose_several(listed, said, turn.t)) is not None:
        return found
    named = [staffnames.meant(people, part) for part in said.split(",") if part.strip()]
    keys = [one.key for one in named if one is not None]
    return ",".join(dict.fromkeys(keys)) if keys and len(keys) == len(named) else None


async def planned(turn: Turn, values: Values) -> None:
    """Write one day, or one weekday, of the roster."""
    commune = commune_of(turn, "roster")
    people = {one.key: one for one in await staffnames.office(turn, commune)}
    keys = [key for key in str(values["people"]).split(",") if key in people]
    weekday = daywords.weekday(str(values["day"]))
    day = daywords.on(str(values["day"]), duty_day(turn.now)) if weekday is None else None
    await act(
        turn,
        "roster",
        Scope(commune),
        day=day.isoformat() if day else None,
        weekday=weekday,
        people=[people[key].person.hex for key in keys],
    )
    same = RosterEntry.day == day if day else RosterEntry.weekday == weekday
    await turn.db.execute(delete(RosterEntry).where(RosterEntry.commune == commune, same))
    if keys:
        entry = {"commune": commune, "day": day, "weekday": weekday}
        rows = [{**entry, "person_id": people[key].person} for key in keys]
        await turn.db.execute(insert(RosterEntry), rows)
    t = turn.t
    when = dated(day, t) if day else t(N_("mỗi {weekday}"), weekday=t(WEEKDAYS[weekday or 0]))
    for key in keys:
        if people[key].person != turn.person_id:
            text = t(N_("📅 Ông/bà được xếp trực: {when}. Xem: /truc"), when=when)
            await person(turn, people[key].person, Outgoing(text))
    turn.lead = t(N_("📅 Đã xếp {when}: {names}"), when=when, names=_list(turn, people, keys))
    await _show_plan(turn, commune)


def _list(turn: Turn, people: dict[str, Colleague], keys: Sequence[str]) -> str:
    named = [as_typed(people[key].name) for key in keys]
    return ", ".join(named) or turn.t(N_("không ai"))


async def _show_plan(turn: Turn, commune: str) -> None:
    """Each of the coming days with whoever has it; a day of its own wins over the weekday."""
    t = turn.t
    first = duty_day(turn.now)
    names = {one.person: as_typed(one.name) for one in await staffnames.office(turn, commune)}
    by_day: defaultdict[date, list[str]] = defaultdict(list)
    by_weekday: defaultdict[int, list[str]] = defaultdict(list)
    entries = await turn.db.execute(
        select(RosterEntry.day, RosterEntry.weekday, RosterEntry.person_id)
        .where(
            RosterEntry.commune == commune,
            or_(RosterEntry.weekday.is_not(None), RosterEntry.day >= first),
        )
        .order_by(RosterEntry.id)
    )
    for entry in entries:
        if entry.person_id in names:
            place = by_weekday[entry.weekday] if entry.day is None else by_day[entry.day]
            place.append(names[entry.person_id])
    change = f"{next_change(turn.now).astimezone(HERE):%H:%M}"
    rows = [t(N_("📅 **Lịch trực** ngoài giờ làm việc, đổi ca lúc {change}"), change=change)]
    days = {first + timedelta(days=n) for n in range(AHEAD)} | set(by_day)
    for day in sorted(days):
        on = by_day.get(day) or by_weekday.get(day.weekday()) or [t(N_("(mọi người)"))]
        rows.append(f"{dated(day, t)}: {', '.join(on)}")
    buttons = [command_button("truc", t(N_("🔔 Ai đang trực")))]
    if role_for(turn, "roster") is not None:
        buttons.insert(0, command_button("lichtruc", t(N_("✏ Sửa lịch")), "sua"))
        rows.append(t(N_("Sửa nhanh: /lichtruc 28/11 Lan, Minh · /lichtruc mỗi thứ Bảy Lan")))
    turn.say("\n".join(rows), *buttons)


def _read_people(text: str) -> str:
    return text.strip()


def listed(turn: Turn, step: Step) -> None:
    """Only people of the office can be put on the roster, and no day that is over."""
    if step.answered == "day" and daywords.weekday(str(step.values["day"])) is None:
        first = duty_day(turn.now)
        if daywords.on(str(step.values["day"]), first) < first:
            raise BadAnswer(N_("Dạ, ngày này đã qua. Xin chọn ngày khác."))
    known = {NOBODY, *(one[0] for one in step.values["_people"])}
    if step.answered == "people" and not set(str(step.values["people"]).split(",")) <= known:
        raise BadAnswer(staffnames.NOBODY)


def _everybody(values: Values) -> tuple[Choice, ...]:
    people = staffnames.choices(values.get("_people", ()))
    return (*people, Choice(NOBODY, N_("Không ai")))


ROSTER = Form(
    Flow(
        "roster",
        (
            Question(
                "day",
                N_("Xếp trực ngày nào? (bấm, hoặc gõ 28/11, «mỗi thứ Hai»)"),
                daywords.day_or_weekly,
                choices=lambda values: tuple(Choice(*one) for one in values.get("_days", ())),
            ),
            Question(
                "people",
                N_("Ai trực? Nhiều người thì gõ các số, ví dụ: 1, 3."),
                _read_people,
                choices=_everybody,
                many=True,
            ),
        ),
    ),
    planned,
    verify=listed,
)
FORMS = (ROSTER,)
COMMANDS = (Command("lichtruc", "roster", plan, N_("Lịch trực của xã"), OFFICE),)
