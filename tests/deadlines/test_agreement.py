"""Two independent counts: PyPI ``holidays`` by day, ``business-duration`` by the minute.

Where ``business-duration`` 0.68 disagrees, and why ours stands:

| case | business-duration | here |
| --- | --- | --- |
| two shifts a day | one interval only: called once a shift and added | any number |
| working Saturday | ``holidaylist`` only subtracts, so 0 minutes | 480 minutes |
| end before start | ``nan`` | a negative number |
| parts of a second | cut off | kept to the microsecond |
| time zones | whatever the clock face says | aware moments only |
"""

import math
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from business_duration import businessDuration
from hypothesis import given, settings
from hypothesis import strategies as st

from models.deadlines.calendar import (
    ZONE,
    for_commune,
    is_working_day,
    working_minutes_between,
)
from models.deadlines.schema import Holidays
from models.deadlines.yaml_file import DATA, read
from tests.deadlines.when import at

CALENDAR = for_commune()
SHIFTS = ((time(7), time(11, 30)), (time(13, 30), time(17)))
YEARS = range(2024, 2029)


def days():
    day = date(2024, 1, 1)
    while day.year in YEARS:
        yield day
        day += timedelta(days=1)


def test_the_library_agrees_on_every_day_but_those_of_the_file():
    library = holidays.Vietnam(years=YEARS)
    file = read(DATA / "holidays.yaml", Holidays)
    ours = {day for day in days() if is_working_day(day) != library.is_working_day(day)}
    changed = {
        day
        for change in file.changes
        if change.certainty != "unsure"
        for day in (*change.rest, *change.work)
    }
    assert ours == changed | {day for day in CALENDAR.exceptions.maybe if day.year in YEARS}
    assert all(day > file.known_to for day in CALENDAR.exceptions.maybe)


def test_only_days_that_are_chosen_each_year_are_left_open():
    open_days = sorted(day for day in CALENDAR.exceptions.maybe if day.year in YEARS)
    assert open_days == [
        date(2027, 2, 4),  # 29 Tết: one day before the new year or two
        date(2027, 9, 3),  # the day before National Day or the day after
        date(2028, 1, 24),
        date(2028, 9, 1),
    ]


def test_culture_day_is_off_from_2026_on():
    assert is_working_day(date(2025, 11, 24))
    assert not is_working_day(date(2026, 11, 24))
    assert not is_working_day(date(2027, 11, 24))


def test_the_proposed_swap_is_not_applied():
    assert is_working_day(date(2026, 11, 23))
    assert not is_working_day(date(2026, 11, 28))


def test_the_fixed_offset_is_the_zone_of_the_country():
    country = ZoneInfo("Asia/Ho_Chi_Minh")
    for day in days():
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        assert noon.astimezone(country).utcoffset() == noon.astimezone(ZONE).utcoffset()


def oracle(start, end):
    off = list(CALENDAR.exceptions.rest)
    return sum(
        businessDuration(
            start.replace(tzinfo=None), end.replace(tzinfo=None), *shift, holidaylist=off
        )
        for shift in SHIFTS
    )


local = st.datetimes(
    datetime(2024, 1, 2),  # noqa: DTZ001 - see timezones
    datetime(2028, 12, 1),  # noqa: DTZ001
    timezones=st.just(ZONE),
).map(lambda moment: moment.replace(microsecond=0))


@settings(max_examples=60, deadline=None)
@given(local, st.integers(0, 40 * 1440))
def test_business_duration_agrees_where_no_saturday_is_worked(start, length):
    end = start + timedelta(minutes=length)
    saturdays = sum(
        working_minutes_between(
            max(start, midnight(day)), min(end, midnight(day) + timedelta(days=1)), CALENDAR
        )
        for day in CALENDAR.exceptions.work
        if start.date() <= day <= end.date()
    )
    ours = working_minutes_between(start, end, CALENDAR) - saturdays
    assert ours == pytest.approx(oracle(start, end))


def midnight(day):
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


def test_business_duration_does_not_know_working_saturdays():
    start, end = at("2026-08-22 00:00"), at("2026-08-22 23:00")
    assert oracle(start, end) == 0
    assert working_minutes_between(start, end, CALENDAR) == 480


def test_business_duration_has_no_time_backwards():
    start, end = at("2026-11-25 09:00"), at("2026-11-25 08:00")
    assert math.isnan(oracle(start, end))
    assert working_minutes_between(start, end, CALENDAR) == -60


def test_business_duration_cuts_seconds():
    start = at("2026-11-25 09:00")
    end = start + timedelta(milliseconds=1500)
    assert oracle(start, end) == pytest.approx(1 / 60)
    assert working_minutes_between(start, end, CALENDAR) == pytest.approx(1.5 / 60)
