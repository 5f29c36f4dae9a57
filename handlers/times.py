"""Days and hours as people here write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from handlers.desk import HERE
from handlers.i18n import N_, Translate

WEEKDAYS = (
    N_("thứ Hai"),
    N_("thứ Ba"),
    N_("thứ Tư"),
    N_("thứ Năm"),
    N_("thứ Sáu"),
    N_("thứ Bảy"),
    N_("Chủ nhật"),
)


def moment(at: datetime, t: Translate) -> str:
    """``09:12 thứ Hai 23/11/2026`` in the time of Viet Nam."""
    here = at.astimezone(HERE)
    return f"{here:%H:%M} {day(here.date(), t)}"


def day(on: date, t: Translate) -> str:
    return f"{t(WEEKDAYS[on.weekday()])} {on:%d/%m/%Y}"


def span(left: timedelta, t: Translate) -> str:
    """A rough length of time: ``2 ngày 3 giờ``, ``45 phút``, ``20 giây``."""
    seconds = int(abs(left).total_seconds())
    if seconds < 60:
        return t(N_("{seconds} giây"), seconds=seconds)
    minutes = seconds // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return t(N_("{days} ngày {hours} giờ"), days=days, hours=hours)
    if hours:
        return t(N_("{hours} giờ {minutes} phút"), hours=hours, minutes=rest)
    return t(N_("{minutes} phút"), minutes=rest)


def left(due: datetime, now: datetime, t: Translate) -> str:
    """``còn 3 giờ 5 phút`` or ``trễ 20 phút``."""
    if due >= now:
        return t(N_("còn {span}"), span=span(due - now, t))
    return t(N_("trễ {span}"), span=span(now - due, t))


def money(dong: int) -> str:
    """``1.080.000 đồng``."""
    return f"{dong:,}".replace(",", ".") + " đồng"


def shown(value: object, t: Translate) -> str:
    """A value inside a sentence: a moment, a day, or whatever it is."""
    if isinstance(value, datetime):
        return moment(value, t)
    return day(value, t) if isinstance(value, date) else t(str(value))
