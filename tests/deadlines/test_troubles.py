"""Troubles other services had with deadlines, each as a case here; see /docs/tasks."""

from datetime import date, timedelta

import pytest

from models.deadlines.calendar import (
    ZONE,
    add_working_days,
    add_working_time,
    for_commune,
    is_working_day,
    working_minutes_between,
)
from models.deadlines.clocks import Due, clocks, resume
from models.deadlines.ladder import rungs
from tests.deadlines.when import at

CALENDAR = for_commune()


@pytest.mark.parametrize("hour", range(24))
def test_zammad_4432_no_reminder_at_midnight(hour):
    due = clocks(["hunger"], "normal", at("2026-11-25 00:00") + timedelta(hours=hour)).answer
    for rung in rungs(due, "answer", "normal"):
        assert 6 <= rung.at.astimezone(ZONE).hour <= 21


def test_zammad_3180_received_at_midnight_is_due_that_day():
    assert add_working_time(at("2026-11-25 00:00"), 60, CALENDAR) == at("2026-11-25 08:00")
    assert add_working_days(at("2026-11-25 00:00"), 1, CALENDAR) == at("2026-11-26 17:00")
    assert add_working_days(at("2026-11-24 23:59:59"), 1, CALENDAR) == at("2026-11-25 17:00")


def test_chatwoot_14009_the_second_shift_is_not_dropped():
    day = (at("2026-11-25 00:00"), at("2026-11-26 00:00"))
    assert working_minutes_between(*day, CALENDAR) == 480
    assert add_working_time(at("2026-11-25 11:00"), 60, CALENDAR) == at("2026-11-25 14:00")


def test_osticket_6847_the_lunch_break_does_not_count():
    lunch = (at("2026-11-25 11:30"), at("2026-11-25 13:30"))
    assert working_minutes_between(*lunch, CALENDAR) == 0
    assert add_working_time(lunch[0], 1, CALENDAR) == at("2026-11-25 13:31")


def test_chatwoot_10178_the_clock_stands_still_while_the_citizen_is_asked():
    due = clocks(["hunger"], "normal", at("2026-11-25 08:00")).answer
    asked, answered = at("2026-11-25 10:00"), at("2026-11-28 10:00")
    assert resume(due, [(asked, answered)]).at - answered == due.at - asked


def test_zammad_390_a_wrong_holiday_feed_is_corrected_by_hand():
    # holidays 0.109 has neither day of the swap of 2/1 and 10/1/2026
    assert not is_working_day(date(2026, 1, 2))
    assert is_working_day(date(2026, 1, 10))


def test_fixmystreet_a_working_saturday_is_worked():
    assert is_working_day(date(2026, 8, 22))
    assert add_working_time(at("2026-08-21 16:00"), 120, CALENDAR) == at("2026-08-22 08:00")


def test_zammad_recalculation_a_later_calendar_moves_no_deadline():
    due = clocks(["benefit_request"], "normal", at("2026-11-23 09:12")).answer
    stored = due.to_json() | {"at": at("2026-12-02 17:00").isoformat(), "calendar_version": "old"}
    kept = Due.from_json(stored)
    assert kept.at == at("2026-12-02 17:00")
    # a later pause moves it from where it stood
    pause = (at("2026-11-25 09:00"), at("2026-11-26 09:00"))
    assert resume(kept, [pause]).at == at("2026-12-03 17:00")


def test_primero_wall_clock_a_weekend_is_not_working_time():
    assert working_minutes_between(at("2026-11-27 17:00"), at("2026-11-30 07:00"), CALENDAR) == 0


def test_smart_answers_rates_the_last_version_is_not_used_for_every_day():
    before, since = at("2026-10-02 09:00"), at("2026-10-05 09:00")
    assert clocks(["benefit_request"], "normal", before).answer.amount == 10
    assert clocks(["benefit_request"], "normal", since).answer.amount == 7
