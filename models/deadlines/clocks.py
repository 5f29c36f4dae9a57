"""The two clocks of a case: by when it is taken (tiếp nhận) and answered (trả lời)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from models.deadlines import promises
from models.deadlines.calendar import for_commune
from models.deadlines.due import Basis, Due, is_sure, reach, rolled
from models.deadlines.pauses import resume
from models.deadlines.shifts import Calendar, at, day_of, ticks

__all__ = ["Basis", "Clocks", "Due", "clocks", "resume"]


@dataclass(frozen=True, slots=True)
class Clocks:
    take: Due
    answer: Due


def clocks(
    kinds: Collection[str], urgency: str, received: datetime, commune: str | None = None
) -> Clocks:
    """Fix both deadlines of a case: the strictest over all its kinds.

    Taking is never due after answering: where the promises would have it so (a weekend report
    answered in two calendar days), it is due with the answer.  Of two limits that end
    together the law's is told.

    Args:
        kinds: what happened, ids of promises.yaml, at least one.
        urgency: "sos", "high", "normal" or "low".
        received: aware; when the report reached us.
        commune: code, for communes with working hours of their own.

    Raises:
        ValueError: no kind, an unknown kind or urgency, or ``received`` without a time zone.
        CalendarEnds: the deadline is past the calendar.
        NotInForce: there are no promises for the day.
    """
    start = ticks(received)
    promised = promises.in_force(day_of(start))
    calendar = for_commune(commune)
    try:
        rows = {id(row): row for row in [promised.rows[kind, urgency] for kind in kinds]}.values()
    except KeyError as error:
        raise ValueError(f"promises.yaml knows no {error.args[0]}") from None
    if not rows:
        raise ValueError("a case needs at least one kind")
    take = strictest([row.take for row in rows], start, calendar)
    answer = strictest([row.answer for row in rows], start, calendar)
    if answer[0] < take[0]:
        take = answer
    counted_from = received.astimezone(UTC)
    take_due, answer_due = (
        Due(
            at=at(tick),
            basis=Basis(term.basis, term.text_source),
            unit=term.unit,
            amount=term.amount,
            counted_from=counted_from,
            calendar_version=calendar.version,
            promise_version=promised.version,
            sure=is_sure(tick, term, calendar),
            commune=commune,
            last_day_off=term.last_day_off,
        )
        for tick, term in (take, answer)
    )
    return Clocks(take_due, answer_due)


def strictest(
    terms: list[promises.Term], start: int, calendar: Calendar
) -> tuple[int, promises.Term]:
    """Find the tick at which the first of the terms ends, and that term."""
    ends = [(rolled(reach(term, start, calendar), term, calendar), term) for term in terms]
    return min(ends, key=lambda end: (end[0], end[1].basis != "law"))
