"""What must hold for every moment and length, and a slow count that knows no prefix sums."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.deadlines.calendar import (
    ZONE,
    add_working_days,
    add_working_time,
    for_commune,
    is_working_day,
    local_day,
    working_days_between,
    working_minutes_between,
)
from models.deadlines.clocks import clocks, resume
from models.deadlines.explain import explain, render_vi
from models.deadlines.ladder import rungs
from models.deadlines.schema import URGENCIES

CALENDAR = for_commune()
SHIFTS = ((7 * 60, 11 * 60 + 30), (13 * 60 + 30, 17 * 60))
KINDS = ("hunger", "house_destroyed", "death_missing", "emergency", "benefit_request")

moments = st.datetimes(
    datetime(2025, 7, 1),  # noqa: DTZ001 - see timezones
    datetime(2030, 6, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
minutes = st.integers(1, 20_000)
kinds = st.lists(st.sampled_from([*KINDS, "funeral_request"]), min_size=1, unique=True)
urgencies = st.sampled_from(URGENCIES)


@st.composite
def pauses(draw, start):
    ends = draw(st.lists(st.integers(0, 15 * 1440), max_size=6, unique=True).map(sorted))
    ends = ends[: len(ends) // 2 * 2]
    moments_ = [start + timedelta(minutes=end) for end in ends]
    return list(zip(moments_[::2], moments_[1::2], strict=True))


def in_working_time(moment):
    local = moment.astimezone(ZONE)
    minute = (local - local.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(
        minutes=1
    )
    return is_working_day(local.date()) and any(start <= minute <= end for start, end in SHIFTS)


@given(moments, minutes)
def test_what_is_added_is_what_lies_between(start, length):
    due = add_working_time(start, length, CALENDAR)
    assert working_minutes_between(start, due, CALENDAR) == length
    assert working_minutes_between(due, start, CALENDAR) == -length


@given(moments, minutes)
def test_adding_then_taking_away_returns(start, length):
    begins = add_working_time(start, 0, CALENDAR)
    there = add_working_time(begins, length, CALENDAR)
    assert add_working_time(there, -length, CALENDAR) == begins


@given(moments, minutes)
def test_a_clock_in_working_time_never_ends_outside_it(start, length):
    assert in_working_time(add_working_time(start, length, CALENDAR))
    assert in_working_time(add_working_days(start, length % 30 + 1, CALENDAR))


@given(moments, moments, minutes, minutes)
def test_later_or_longer_is_never_due_earlier(one, other, short, long):
    one, other = sorted((one, other))
    short, long = sorted((short, long))
    assert add_working_time(one, short, CALENDAR) <= add_working_time(other, long, CALENDAR)
    days = (short % 20 + 1, short % 20 + 1 + long % 5)
    assert add_working_days(one, days[0], CALENDAR) <= add_working_days(other, days[1], CALENDAR)


@given(moments, st.integers(1, 40))
def test_working_days_are_counted_without_the_first(received, n):
    due = add_working_days(received, n, CALENDAR)
    assert working_days_between(received, due, CALENDAR) == n
    day, left = local_day(received), n
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    assert local_day(due) == day


@given(moments, st.integers(1, 2000))
def test_the_slow_count_agrees(start, length):
    minute = start.replace(second=0, microsecond=0)
    left = length
    moment = minute
    while left:
        following = moment + timedelta(minutes=1)
        worked = in_working_time(moment) and in_working_time(following)
        left -= worked
        moment = following if left or worked else moment
        if not worked and local_day(moment) not in CALENDAR.exceptions.work:
            moment = skip_night(moment)
    assert add_working_time(minute, length, CALENDAR) == moment


def skip_night(moment):
    local = moment.astimezone(ZONE)
    if local.hour >= 18 or not is_working_day(local.date()):
        return (local + timedelta(days=1)).replace(hour=0, minute=0).astimezone(UTC)
    return moment


@given(kinds, urgencies, moments)
def test_taking_is_never_due_after_answering_and_more_kinds_are_never_laxer(given, urgency, now):
    fixed = clocks(given, urgency, now)
    assert now < fixed.take.at <= fixed.answer.at
    for kind in given:
        alone = clocks([kind], urgency, now)
        assert fixed.take.at <= alone.take.at
        assert fixed.answer.at <= alone.answer.at


@given(st.data(), kinds, urgencies, moments)
def test_pauses_give_back_exactly_what_they_took(data, given, urgency, now):
    for due in (clocks(given, urgency, now).take, clocks(given, urgency, now).answer):
        stopped = data.draw(pauses(now))
        resumed = resume(due, stopped)
        assert resumed.at >= due.at
        one_by_one = due
        for pause in stopped:
            one_by_one = resume(one_by_one, [pause])
        assert one_by_one == resumed
        before = [(since, until) for since, until in stopped if since < resumed.at]
        lost = sum((until - since for since, until in before), timedelta())
        if due.unit in {"hours_around_the_clock", "calendar_days"}:
            assert resumed.at - lost == due.at
        elif due.unit == "working_hours":
            worked = working_minutes_between(now, resumed.at, CALENDAR)
            still = sum(working_minutes_between(*pause, CALENDAR) for pause in before)
            assert abs(worked - still - due.amount * 60) < 1e-6


@given(st.data(), kinds, urgencies, moments)
def test_the_explanation_adds_up(data, given, urgency, now):
    due = clocks(given, urgency, now).take
    stopped = data.draw(pauses(now))
    steps = explain(resume(due, stopped), stopped)
    told = sum(
        int(step.values.get("hours", 0)) * 60 + int(step.values.get("minutes", 0))
        for step in steps
        if "tính" in step.what and "minutes" in step.values
    )
    if due.unit == "working_hours":
        assert told == due.amount * 60
    assert "{" not in render_vi(steps)


@given(st.data(), kinds, urgencies, moments)
def test_the_days_told_add_up(data, given, urgency, now):
    due = clocks(given, urgency, now).answer
    stopped = data.draw(pauses(now))
    steps = explain(resume(due, stopped), stopped)
    if due.unit == "working_days":
        days = sum(int(step.values.get("count", 0)) for step in steps)
        # an answer that came after closing on the last day moves it, and that day is told too
        assert days in {due.amount, due.amount + 1} if stopped else days == due.amount


@given(st.data(), kinds, urgencies, moments, st.sampled_from(["take", "answer"]))
def test_reminders_climb_and_come_before_the_deadline(data, given, urgency, now, clock):
    due = getattr(clocks(given, urgency, now), clock)
    stopped = data.draw(pauses(now))
    due = resume(due, stopped)
    placed = rungs(due, clock, urgency, stopped)
    assert [rung.at for rung in placed] == sorted(rung.at for rung in placed)
    for rung in placed:
        if rung.id.endswith(("half", "near")):
            assert now <= rung.at < due.at
            if due.unit in {"working_hours", "working_days"}:
                assert in_working_time(rung.at)
        elif rung.id.endswith(("late", "citizen")) and "still" not in rung.id:
            assert due.at <= rung.at < due.at + timedelta(hours=12)
        else:
            assert due.at <= rung.at
