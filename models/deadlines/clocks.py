"""The two clocks of a case: by when it is taken (tiếp nhận) and answered (trả lời)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from models.deadlines import promises
from models.deadlines.calendar import for_commune
from models.deadlines.due import Basis, Due, earliest, is_sure, reach, rolled
from models.deadlines.pauses import resume
from models.deadlines.shifts import Calendar, CalendarEnds, at, day_of, ticks

__all__ = ["Basis", "Clocks", "Due", "clocks", "resume"]


@dataclass(frozen=True, slots=True)
class Clocks:
    take: Due
    answer: Due


def clocks(
    kinds: Collection[str],
    urgency: str,
    received: datetime,
    commune: str | None = None,
    *,
    past_calendar: Literal["refuse", "earliest"] = "refuse",
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
        past_calendar: what to do with a deadline past the calendar: "refuse" it, or take the
            "earliest" moment it could mean, every day and hour counted, and mark it so.

    Raises:
        ValueError: no kind, an unknown kind or urgency, or ``received`` without a time zone.
        CalendarEnds: the deadline is past the calendar, and that is to be refused.
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
    refuse = past_calendar == "refuse"
    take = strictest([row.take for row in rows], start, calendar, refuse=refuse)
    answer = strictest([row.answer for row in rows], start, calendar, refuse=refuse)
    if answer.tick < take.tick:
        take = answer
    counted_from = received.astimezone(UTC)
    take_due, answer_due = (
        Due(
            at=at(end.tick),
            basis=Basis(end.term.basis, end.term.text_source),
            unit=end.term.unit,
            amount=end.term.amount,
            counted_from=counted_from,
            calendar_version=calendar.version,
            promise_version=promised.version,
            sure=not end.uncharted and is_sure(end.tick, end.term, calendar),
            commune=commune,
            last_day_off=end.term.last_day_off,
            uncharted=end.uncharted,
        )
        for end in (take, answer)
    )
    return Clocks(take_due, answer_due)


class End(NamedTuple):
    """Where a term leads."""

    tick: int
    term: promises.Term
    uncharted: bool


def strictest(
    terms: list[promises.Term], start: int, calendar: Calendar, *, refuse: bool = True
) -> End:
    """Find the first of the terms to end."""
    ends = [_end(term, start, calendar, refuse=refuse) for term in terms]
    return min(ends, key=lambda end: (end.tick, end.term.basis != "law"))


def _end(term: promises.Term, start: int, calendar: Calendar, *, refuse: bool) -> End:
    try:
        return End(rolled(reach(term, start, calendar), term, calendar), term, uncharted=False)
    except CalendarEnds:
        if refuse:
            raise
        return End(earliest(term, start, calendar), term, uncharted=True)
