"""«Vì sao là hạn này?»: how a deadline was counted, day by day, in plain Vietnamese."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from models.deadlines import promises
from models.deadlines.calendar import for_commune
from models.deadlines.due import Due
from models.deadlines.pauses import Pause, expected, merged
from models.deadlines.shifts import (
    DAY,
    MINUTE,
    ZONE,
    Calendar,
    CalendarEnds,
    at,
    day_of,
    midnight,
    ticks,
)

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_OFF = frozenset({"weekend", "holiday"})

Value = date | datetime | int | str


def N_(message: str) -> str:  # noqa: N802 - the name every gettext tool knows
    return message


@dataclass(frozen=True, slots=True)
class Step:
    """One line: a Vietnamese message id and the values for its ``{names}``.

    Values are dates, aware moments, whole numbers or text; whoever shows them formats them.
    """

    day: date | None  # in Vietnam
    what: str
    values: Mapping[str, Value] = field(default_factory=dict)


def explain(due: Due, paused: Sequence[Pause] = ()) -> tuple[Step, ...]:
    """Retell the counting: received, what counts, what is skipped and why, due, who says so.

    A deadline counted on an earlier calendar that would come out differently today is told
    without its days, and as kept; one past the calendar as what it is, every day counted.

    Args:
        due: the deadline as it stands, pauses included.
        paused: the pauses that moved it.
    """
    calendar = for_commune(due.commune)
    received = Step(_day(due.counted_from), N_("Nhận lúc {at}."), {"at": due.counted_from})
    steps = [received, _amount(due), *_counting(due, paused, calendar)]
    if not due.sure and not due.uncharted:
        early = N_("Lịch nghỉ sau ngày {day} chưa công bố đủ: hạn được tính theo cách sớm nhất.")
        steps.append(Step(None, early, {"day": f"{calendar.known_to:%d/%m/%Y}"}))
    steps.append(Step(_day(due.at), N_("Hạn: {at}."), {"at": due.at}))
    if due.basis.kind == "law":
        source = {"source": due.basis.text_source or ""}
        steps.append(Step(None, N_("Thời hạn luật định: {source}."), source))
    else:
        promise = N_("Đây là cam kết của UBND, không phải thời hạn luật định.")
        steps.append(Step(None, promise))
    return tuple(steps)


def _counting(due: Due, paused: Sequence[Pause], calendar: Calendar) -> list[Step]:
    """Tell how the days and hours between receipt and deadline were counted."""
    uncharted = N_("Chưa có lịch làm việc của những ngày này: tính liên tục, kể cả ngày nghỉ.")
    if due.uncharted:
        return [Step(None, uncharted), *_pauses(due, paused)]
    try:
        straight, end = expected(due, paused)
        if due.at != end:
            kept = N_("Lịch làm việc đã thay đổi từ khi nhận hồ sơ; hạn này được giữ nguyên.")
            return [Step(None, kept)]
        counted: list[Step] = []
        if due.unit == "working_hours":
            counted += _hours(due, paused, calendar)
        elif due.unit == "working_days":
            counted += _days(due, paused, calendar)
        elif straight != end:
            rolled = N_("{day} là ngày nghỉ: hạn chuyển đến hết ngày làm việc tiếp theo.")
            counted.append(Step(_day(straight), rolled, {"day": _day(straight)}))
    except CalendarEnds:  # the calendar was cut short since
        counted = [Step(None, uncharted)]
    counted += _pauses(due, paused)
    return sorted(counted, key=lambda step: step.day or date.min)


def legal_notes(kinds: Collection[str], received: datetime) -> tuple[Step, ...]:
    """Tell the legal limits that run beside the promise, from papers still to be handed in.

    Raises:
        NotInForce: there are no promises for the day.
    """
    hours = N_("Riêng theo luật: {amount} giờ, kể từ {counted_from} ({source}).")
    days = N_("Riêng theo luật: {amount} ngày, kể từ {counted_from} ({source}).")
    working = N_("Riêng theo luật: {amount} ngày làm việc, kể từ {counted_from} ({source}).")
    said = {"working_days": working, "calendar_days": days}
    return tuple(
        Step(
            None,
            said.get(mention.unit, hours),
            {
                "amount": round(mention.amount),
                "counted_from": mention.counted_from,
                "source": mention.text_source,
            },
        )
        for mention in promises.mentions(kinds, _day(received))
    )


def _amount(due: Due) -> Step:
    amount = round(due.amount)
    if due.unit == "working_days":
        said = N_("Tính {amount} ngày làm việc, không kể ngày nhận.")
    elif due.unit == "calendar_days":
        said = N_("Tính {amount} ngày liên tục, kể cả ngày nghỉ.")
    elif due.amount != amount:  # part of an hour
        amount = round(due.amount * 60)
        if due.unit == "working_hours":
            said = N_("Tính {amount} phút trong giờ làm việc.")
        else:
            said = N_("Tính {amount} phút liên tục, cả ngày lẫn đêm.")
    elif due.unit == "working_hours":
        said = N_("Tính {amount} giờ làm việc.")
    else:
        said = N_("Tính {amount} giờ liên tục, cả ngày lẫn đêm.")
    return Step(None, said, {"amount": amount})


def _hours(due: Due, paused: Sequence[Pause], calendar: Calendar) -> Iterator[Step]:
    start, end = ticks(due.counted_from), ticks(due.at)
    opening = calendar.latest(calendar.worked(start))
    if opening != start:
        begins = N_("Ngoài giờ làm việc: bắt đầu tính từ {at}.")
        yield Step(day_of(start), begins, {"at": at(opening)})
    worked = told = 0
    off: list[date] = []
    for day in _span(day_of(start), day_of(end)):
        if calendar.kind(day) in _OFF:
            off.append(day)
        first, last = max(start, midnight(day)), min(end, midnight(day) + DAY)
        worked += calendar.worked(last) - calendar.worked(first)
        for since, until in merged(paused):
            if max(first, since) < min(last, until):
                worked -= calendar.worked(min(last, until)) - calendar.worked(max(first, since))
        # rounded on the running total, so that the minutes told add up to the whole
        minutes = round(worked / MINUTE) - told
        told += minutes
        if minutes:
            yield from _unusual([day], calendar)
            yield _counted(day, minutes)
    yield from _skipped(off, calendar)


def _counted(day: date, minutes: int) -> Step:
    hours, rest = divmod(minutes, 60)
    if not rest:
        said = N_("{day}: tính {hours} giờ.")
    elif not hours:
        said = N_("{day}: tính {minutes} phút.")
    else:
        said = N_("{day}: tính {hours} giờ {minutes} phút.")
    return Step(day, said, {"day": day, "hours": hours, "minutes": rest})


def _days(due: Due, paused: Sequence[Pause], calendar: Calendar) -> Iterator[Step]:
    received, last = _day(due.counted_from), _day(due.at)
    yield Step(received, N_("{day}: ngày nhận, không tính."), {"day": received})
    still = [(day_of(since), day_of(until)) for since, until in merged(paused)]
    days = _span(received + timedelta(days=1), last)
    off = [day for day in days if calendar.kind(day) in _OFF]
    yield from _skipped(off, calendar)

    def counts(day: date) -> bool:
        return day not in off and (day == last or not any(a < day <= b for a, b in still))

    for counted, group in groupby(days, key=counts):
        run = list(group)
        if counted:
            yield from _unusual(run, calendar)
            values: dict[str, Value] = {"day": run[0], "until": run[-1], "count": len(run)}
            one = N_("{day}: tính 1 ngày.")
            more = N_("{day} – {until}: tính {count} ngày.")
            yield Step(run[0], one if len(run) == 1 else more, values)


def _unusual(days: Sequence[date], calendar: Calendar) -> Iterator[Step]:
    """Say why a day counts that people may take for a day off."""
    for day in days:
        kind = calendar.kind(day)
        if kind == "make_up":
            yield Step(day, N_("{day} là ngày làm bù nên vẫn tính."), {"day": day})
        elif kind == "maybe_holiday":
            values: dict[str, Value] = {"day": day, "name": calendar.name(day)}
            maybe = N_("{day} có thể được nghỉ ({name}) nhưng chưa công bố nên vẫn tính.")
            yield Step(day, maybe, values)


def _skipped(days: Sequence[date], calendar: Calendar) -> Iterator[Step]:
    """Say which days were skipped and why, days in a row with the same reason together."""

    def reason(numbered: tuple[int, date]) -> tuple[int, str]:
        number, day = numbered
        return day.toordinal() - number, calendar.name(day)

    for (_, name), group in groupby(enumerate(days), key=reason):
        run = [day for _, day in group]
        values: dict[str, Value] = {"day": run[0], "until": run[-1], "name": name}
        if name:
            one = N_("{day}: nghỉ {name}, không tính.")
            more = N_("{day} – {until}: nghỉ {name}, không tính.")
        else:
            one = N_("{day}: nghỉ cuối tuần, không tính.")
            more = N_("{day} – {until}: nghỉ cuối tuần, không tính.")
        yield Step(run[0], one if len(run) == 1 else more, values)


def _pauses(due: Due, paused: Sequence[Pause]) -> Iterator[Step]:
    for start, end in merged(paused):
        if at(start) < due.at:
            waiting = N_("Từ {since} đến {until}: chờ ông/bà trả lời, không tính.")
            yield Step(day_of(start), waiting, {"since": at(start), "until": at(end)})


def _day(moment: datetime) -> date:
    return day_of(ticks(moment))


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def show_vi(value: object) -> str:
    """Show a value in Vietnamese: «09:12 thứ Hai 23/11/2026», «thứ Hai 23/11»."""
    if isinstance(value, datetime):
        local = value.astimezone(ZONE)
        return f"{local:%H:%M} {_WEEKDAYS[local.weekday()]} {local:%d/%m/%Y}"
    if isinstance(value, date):
        return f"{_WEEKDAYS[value.weekday()]} {value:%d/%m}"
    return str(value)


def render(
    steps: Sequence[Step], t: Callable[..., str], show: Callable[[object], str] = show_vi
) -> str:
    """Write the steps, one a line, with ``t(message, **values)`` and ``show(value)``."""
    lines = (
        t(step.what, **{name: show(value) for name, value in step.values.items()})
        for step in steps
    )
    return "\n".join(line[:1].upper() + line[1:] for line in lines)


def render_vi(steps: Sequence[Step]) -> str:
    """Write the steps in Vietnamese, one a line."""
    return render(steps, lambda message, **values: message.format_map(values))
