"""The forms in which the province moves a day of the calendar, and adds days of its own."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from handlers.answers import one_of
from handlers.broadcasts import days, drafts, letter, parts, year
from handlers.broadcasts.dayviews import named
from handlers.broadcasts.readers import days_before, hour, month_day, name, paragraphs
from handlers.desk import Turn
from handlers.dialogue import Choice, Flow, Question, Step, Values
from handlers.forms import Form
from handlers.i18n import N_
from handlers.render import command_button
from handlers.times import moment
from models.occasions import Change, Occasion, calendar, entry, occasion

SOLAR, LUNAR = Choice("solar", N_("Dương lịch")), Choice("lunar", N_("Âm lịch"))
EVERY, ONCE = Choice("every", N_("Mỗi năm")), Choice("once", N_("Chỉ lần tới"))
ADD, STOP = Choice("add", N_("🆕 Thêm vào lịch")), Choice("stop", N_("Không"))
HOURS = ("08:30", "10:00", "15:00")
BEFORE = tuple("1234567")  # in this order: a number typed is the place of a choice as well
TEMPLATE = "="  # before the id of the day whose words are taken


def _templates(_: Values) -> tuple[Choice, ...]:
    """The words of the days of the file, each once."""
    found = {one.text.vi: one for one in reversed(calendar().days)}
    ours = [one for one in calendar().days if one in found.values()]
    return tuple(Choice(f"{TEMPLATE}{one.id}", one.name.vi) for one in ours)


def _plain(*values: str) -> tuple[Choice, ...]:
    return tuple(Choice(one, one) for one in values)


BEFORE_DAY = Question(
    "before",
    N_("Gửi trước ngày ấy bao nhiêu ngày?"),
    days_before,
    choices=lambda _: _plain(*BEFORE),
)
AT_HOUR = Question("hour", N_("Gửi lúc mấy giờ?"), hour, choices=lambda _: _plain(*HOURS))
TIME = Flow("day_time", (BEFORE_DAY, AT_HOUR))
OWN = Flow(
    "own_day",
    (
        Question("name", N_("Ngày gì? (tên ngày, người dân sẽ đọc)"), name),
        Question(
            "by", N_("Tính theo lịch nào?"), one_of((SOLAR, LUNAR)),
            choices=lambda _: (SOLAR, LUNAR),
        ),
        Question("date", N_("Ngày mấy tháng mấy? (ví dụ 15/12)"), month_day),
        Question(
            "every", N_("Mỗi năm, hay chỉ lần tới?"), one_of((EVERY, ONCE)),
            choices=lambda _: (EVERY, ONCE),
        ),
        Question(
            "topic",
            N_("Tin về việc gì? (ai đã ngừng nhận việc ấy sẽ không nhận)"),
            one_of(parts.TOPICS),
            choices=lambda _: parts.TOPICS,
        ),
        Question(
            "text",
            N_(
                "Lời tin: bấm một ngày để dùng lời mẫu và số tiền của ngày ấy, hoặc gõ lời (dưới "
                "1.500 chữ cái). Chỗ điền sẵn: {name} tên ngày, {date} ngày; cho từng người: "
                "{xa}, {dien_thoai}, {ke_hoach}."
            ),
            paragraphs,
            choices=_templates,
        ),
        BEFORE_DAY,
        AT_HOUR,
        Question(
            "confirm", N_("Thêm ngày này vào lịch?"), one_of((ADD, STOP)),
            choices=lambda _: (ADD, STOP),
        ),
    ),
)  # fmt: skip


def open_time(turn: Turn, one: Occasion) -> None:
    turn.open(TIME.name, uuid4(), _day=one.day.id, _on=one.on.isoformat())


async def move(turn: Turn, one: Occasion, _: str) -> None:
    open_time(turn, one)


async def switch_on(turn: Turn, one: Occasion, _: str) -> None:
    """At its usual hour; if that went by, another is asked for."""
    if one.late_at > turn.now:
        await days.decide(turn, one, days.ON, on=True)
        return
    told = N_("Dạ, giờ gửi thường lệ ({at}) đã qua; xin chọn giờ khác.")
    turn.lead = turn.t(told, at=moment(one.send_at, turn.t))
    open_time(turn, one)


async def _of(turn: Turn, values: Values) -> Occasion | None:
    on = date.fromisoformat(str(values["_on"]))
    return await year.next_of(turn, str(values["_day"]), on)


def _too_late(turn: Turn, one: Occasion | None) -> bool:
    """Ask again for a time that has gone by."""
    if one is None or one.send_at > turn.now:
        return False
    for answered in ("before", "hour"):
        turn.draft.pop(answered, None)
    told = N_("Dạ, giờ gửi này ({at}) đã qua. Xin chọn lại.")
    turn.lead = turn.t(told, at=moment(one.send_at, turn.t))
    return True


async def _timed(turn: Turn, step: Step) -> None:
    if step.question is None:
        one = await _of(turn, step.values)
        if one is not None:
            _too_late(turn, occasion(one.day, one.on, _change(step.values)))


def _change(values: Values) -> Change:
    return Change(on=True, days_before=int(str(values["before"])), hour=str(values["hour"]))


async def moved(turn: Turn, values: Values) -> None:
    one = await _of(turn, values)
    if one is None:
        turn.say(turn.t(N_("Dạ, ngày này không còn trong lịch.")), command_button("lich", "📅"))
        return
    said = _change(values)
    await days.decide(turn, one, days.TIMED, on=True, days_before=said.days_before, hour=said.hour)


async def begin(turn: Turn) -> None:
    turn.open(OWN.name, uuid4())


def _body(values: Values, only: int | None) -> dict[str, object]:
    """An entry as ``awareness_days.yaml`` would have it."""
    number, month = (int(one) for one in str(values["date"]).split("/"))
    text = str(values["text"])
    of = entry(text.removeprefix(TEMPLATE)) if text.startswith(TEMPLATE) else None
    words = {"vi": of.text.vi, "en": of.text.en} if of else {"vi": text, "en": ""}
    return {
        "lunar" if values["by"] == LUNAR.id else "day": f"{month:02}-{number:02}",
        "topic": str(values["topic"]),
        "name": {"vi": str(values["name"]), "en": ""},
        "benefits": list(of.benefits) if of else [],
        "text": words,
        "days_before": int(str(values["before"])),
        "hour": str(values["hour"]),
        "only": only,
    }


def _first(turn: Turn, values: Values) -> Occasion | None:
    """The first time that the day comes."""
    day = year.day_of(0, _body(values, None))
    for one in (day.in_year(turn.today.year + ahead) for ahead in (-1, 0, 1)):
        if one >= turn.today:
            return occasion(day, one)
    return None


async def _checked(turn: Turn, step: Step) -> None:
    """Before the last question: the date is one, its hour is to come; how it will read."""
    if step.question is None or step.question.id != "confirm":
        return
    try:
        one = _first(turn, step.values)
    except ValueError:  # 30/8 of the lunar year is not in every year, 29/2 of the solar neither
        turn.draft.pop("date", None)
        turn.lead = turn.t(N_("Dạ, không phải năm nào cũng có ngày này. Xin gõ ngày khác."))
        return
    if one is None or _too_late(turn, one):
        return
    words = drafts.content(one.day, one.on, turn.today)["text"]["vi"]
    sent = turn.t(N_("Gửi: {at}"), at=moment(one.send_at, turn.t))
    turn.draft["_shown"] = (
        f"{named(one, turn.locale)}\n{sent}\n—\n{letter.in_words(words, turn.t)}"
    )


async def added(turn: Turn, values: Values) -> None:
    one = _first(turn, values) if values["confirm"] == ADD.id else None
    if one is None:
        turn.say(turn.t(N_("Dạ, không thêm.")), command_button("lich", turn.t(N_("📅 Lịch"))))
        return
    await days.add(turn, _body(values, one.on.year if values["every"] == ONCE.id else None))


def _said(_: Turn, values: Values) -> str:
    return str(values.get("_shown", "")) if "hour" in values else ""


FORMS = (Form(TIME, moved, step=_timed), Form(OWN, added, step=_checked, said=_said))
