"""Leave: somebody is away, somebody stands in, and what they held is handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import delete, insert, update

from handlers import daywords, staffnames
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Choice, Flow, Question, Step, Values
from handlers.forms import Command, Form
from handlers.handing_over import held_by
from handlers.i18n import N_
from handlers.messages import Outgoing
from handlers.notify import person
from handlers.permissions import Scope, act, role_for
from handlers.render import command_button
from handlers.staffnames import OFFICE, Colleague, commune_of
from handlers.times import day as dated
from handlers.typed import as_typed
from models.people import Role
from models.roster import Leave
from models.text import fold

LONGEST = timedelta(days=400)
SAME = "same"


async def leave(turn: Turn, argument: str) -> None:
    """``/nghiphep 28/11 30/11 Minh``; ``/nghiphep xong`` ends one's own."""
    commune = commune_of(turn, "leave")
    if fold(argument).strip() in ("xong", "het", "ve", "end"):
        await _back(turn, commune)
        return
    people = await staffnames.office(turn, commune)
    facts: dict[str, object] = {
        "_people": [one.packed() for one in people],
        "_me": next((one.key for one in people if one.person == turn.person_id), ""),
        "_all": role_for(turn, "leave_of_others") is not None,
    }
    typed = _read(people, argument)
    if typed is not None:
        step = {**facts, "who": facts["_me"], **typed}
        try:
            _check(turn, step)
        except BadAnswer as problem:
            turn.lead = turn.t(str(problem))
        else:
            await away(turn, step)
            return
    turn.open(LEAVE.flow.name, uuid4(), **facts)


def _read(people: Sequence[Colleague], said: str) -> dict[str, str] | None:
    """First day, last day and stand-in, all in one line."""
    first, rest = daywords.leading(said)
    if first is None:
        return None
    last, name = daywords.leading(rest.removeprefix("đến ").removeprefix("den "))
    other = staffnames.meant(people, name) if name else None
    if name and other is None:
        return None
    return {"first": first, "last": last or SAME, "stand_in": other.key if other else ""}


def _days(turn: Turn, values: Values) -> tuple[date, date]:
    first = daywords.on(str(values["first"]), turn.today)
    if values["last"] == SAME:
        return first, first
    return first, daywords.on(str(values["last"]), first)


def _check(turn: Turn, values: Values) -> None:
    """Refuse what cannot be: weekly leave, days over, an end before the beginning, oneself."""
    if values.get("first") and values.get("last"):
        if any(daywords.weekday(str(values[name])) is not None for name in ("first", "last")):
            raise BadAnswer(daywords.UNREAD)
        first, last = _days(turn, values)
        if last < max(first, turn.today) or last - first > LONGEST:
            raise BadAnswer(N_("Dạ, ngày cuối phải từ hôm nay trở đi và không trước ngày đầu."))
    known = {one[0] for one in values["_people"]}
    for name in ("who", "stand_in"):
        if values.get(name) and values[name] not in known:
            raise BadAnswer(staffnames.NOBODY)
    if values.get("stand_in") and values["stand_in"] == (values.get("who") or values["_me"]):
        raise BadAnswer(N_("Dạ, người thay phải là người khác."))


async def away(turn: Turn, values: Values) -> None:
    """Keep the leave, tell whoever stands in, offer to hand the open cases over."""
    commune = commune_of(turn, "leave")
    people = {one.key: one for one in await staffnames.office(turn, commune)}
    who = people.get(str(values.get("who") or values["_me"]))
    other = people.get(str(values.get("stand_in", "")))
    if who is None:
        turn.say(turn.t(staffnames.NOBODY))
        return
    first, last = _days(turn, values)
    own = who.person == turn.person_id
    await act(
        turn,
        "leave" if own else "leave_of_others",
        Scope(commune),
        person=who.person.hex,
        first=first.isoformat(),
        last=last.isoformat(),
        stand_in=other.person.hex if other else None,
    )
    await turn.db.execute(
        insert(Leave).values(
            commune=commune,
            person_id=who.person,
            stand_in_id=other.person if other else None,
            first=first,
            last=last,
            told_by=turn.person_id,
            told_at=turn.now,
        )
    )
    await _tell(turn, commune, who, other, (first, last))


async def _tell(
    turn: Turn, commune: str, who: Colleague, other: Colleague | None, days: tuple[date, date]
) -> None:
    t = turn.t
    facts = {
        "who": as_typed(who.name),
        "first": dated(days[0], t),
        "last": dated(days[1], t),
        "other": as_typed(other.name) if other else "",
    }
    told = N_("🏖 {who} nghỉ từ {first} đến hết {last}, chưa có người thay.")
    if other is not None:
        told = N_("🏖 {who} nghỉ từ {first} đến hết {last}, {other} thay.")
    text = t(told, **facts)
    leaders = await turn.staff(commune, {Role.LEADER})
    hearing = {who.person, *(chat.person_id for chat in leaders)}
    if other is not None:
        hearing.add(other.person)
    for one in hearing - {turn.person_id}:
        await person(turn, one, Outgoing(text))
    number = len(await held_by(turn, commune, who.person))
    buttons = []
    if number and other is not None:
        label = t(N_("↪ Bàn giao {number} hồ sơ"), number=number)
        buttons.append(command_button("bangiao", label, f"{who.key} {other.key}"))
    elif number:
        label = t(N_("↪ Bàn giao {number} hồ sơ cho…"), number=number)
        buttons.append(command_button("bangiao", label, who.key))
    buttons.append(command_button("truc", t(N_("🔔 Ai đang trực"))))
    turn.say(text, *buttons)


async def _back(turn: Turn, commune: str) -> None:
    """The person is back: leave that runs ends yesterday, leave to come is dropped."""
    mine = (Leave.commune == commune, Leave.person_id == turn.person_id)
    await act(turn, "leave", Scope(commune), person=turn.person_id.hex, back=True)
    dropped = await turn.db.execute(
        delete(Leave).where(*mine, Leave.first >= turn.today).returning(Leave.id)
    )
    ended = await turn.db.execute(
        update(Leave)
        .where(*mine, Leave.last >= turn.today)
        .values(last=turn.today - timedelta(days=1))
        .returning(Leave.id)
    )
    told = N_("Dạ, ông/bà không có ngày nghỉ nào đang ghi.")
    if dropped.first() is not None or ended.first() is not None:
        told = N_("Dạ, đã ghi ông/bà làm việc lại.")
    turn.say(turn.t(told), command_button("truc", turn.t(N_("🔔 Ai đang trực"))))


def _checked(turn: Turn, step: Step) -> None:
    _check(turn, step.values)


def _last_day(text: str) -> str:
    return SAME if fold(text).strip() in (SAME, "chi ngay do", "mot ngay") else daywords.day(text)


def _key(text: str) -> str:
    return text.strip()


def _people(values: Values) -> tuple[Choice, ...]:
    return staffnames.choices(values.get("_people", ()))


LEAVE = Form(
    Flow(
        "leave",
        (
            Question("who", N_("Ai nghỉ?"), _key, when=lambda v: v["_all"], choices=_people),
            Question(
                "first",
                N_("Nghỉ từ ngày nào? (bấm, hoặc gõ 28/11)"),
                daywords.day,
                choices=lambda _: (Choice("in:0", N_("Hôm nay")), Choice("in:1", N_("Ngày mai"))),
            ),
            Question(
                "last",
                N_("Đến hết ngày nào? (gõ 30/11)"),
                _last_day,
                choices=lambda _: (Choice(SAME, N_("Chỉ ngày đó")),),
            ),
            Question("stand_in", N_("Ai thay?"), _key, choices=_people, optional=True),
        ),
    ),
    away,
    verify=_checked,
)
FORMS = (LEAVE,)
COMMANDS = (Command("nghiphep", "leave", leave, N_("Báo nghỉ, người thay"), OFFICE),)
