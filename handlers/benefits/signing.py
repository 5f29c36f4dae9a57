"""From which month a benefit counts that is paid from the month its decision is signed."""

from __future__ import annotations

from datetime import date, datetime, time

from handlers.desk import HERE
from handlers.i18n import N_, Translate
from handlers.times import day as day_shown
from models.deadlines.calendar import add_working_days, for_commune
from models.deadlines.shifts import CalendarEnds


def paid_from(since: str, limit: int | None, sent: date, t: Translate) -> str:
    """Say what a request sent on a day can count on; ``limit`` is the law's, in working days.

    «Trước cuối tháng» helps only while the whole time limit still ends in the month.
    """
    month = f"{sent.month}/{sent.year}"
    due = _answered_by(limit, sent) if limit else None
    if due is None:
        return t(N_("⏰ Hưởng {since}: nên nộp sớm."), since=since)
    if (due.year, due.month) == (sent.year, sent.month):
        told = N_("⏰ Hưởng {since}: nên **nộp trước cuối tháng {month}**, càng sớm càng chắc.")
        return t(told, since=since, month=month)
    return t(
        N_(
            "⏰ Hưởng {since}: nộp ngày {sent} thì hạn trả lời là {due}, nên có thể tính từ tháng "
            "{month}; xã ký sớm hơn thì được sớm hơn."
        ),
        since=since,
        sent=f"{sent:%d/%m}",
        due=day_shown(due, t),
        month=f"{due.month}/{due.year}",
    )


def _answered_by(limit: int, sent: date) -> date | None:
    """The last day of the time limit; None beyond the days the calendar knows."""
    try:
        end = add_working_days(datetime.combine(sent, time(12), HERE), limit, for_commune())
    except CalendarEnds:
        return None
    return end.astimezone(HERE).date()
