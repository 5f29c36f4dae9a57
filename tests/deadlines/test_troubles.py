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
from models.deadlines.ladder_file import mode
from tests.deadlines.when import at

CALENDAR = for_commune()


@pytest.mark.parametrize("hour", range(0, 7 * 24, 2))
def test_zammad_4432_no_reminder_at_midnight(hour):
    received = at("2026-11-23 01:25") + timedelta(hours=hour)
    for rules in ("usual", "storm"):
        fixed = clocks(["hunger"], "normal", received)
        for clock, due in (("take", fixed.take), ("answer", fixed.answer)):
            for rung in rungs(due, clock, "normal", rules=rules):
                assert 5 <= rung.at.astimezone(ZONE).hour <= 22
                assert rung.late or received <= rung.at < due.at


def test_zammad_4432_a_deadline_before_the_morning_is_reminded_of_in_the_evening():
    due = clocks(["hunger"], "normal", at("2026-02-07 06:25")).answer  # Monday at 06:25
    near = next(rung for rung in rungs(due, "answer", "normal") if rung.id == "answer_near")
    assert near.at == at("2026-02-08 21:00")


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


def test_glpi_22678_a_step_before_the_deadline_does_not_fall_on_midnight():
    # four hours into the next morning: the steps are counted in the same shifts as the clock
    due = clocks(["hunger"], "normal", at("2026-11-25 16:00")).take  # due at 16:00 the day after
    placed = {rung.id: rung.at for rung in rungs(due, "take", "normal")}
    assert placed["take_half"] == at("2026-11-26 10:00")
    assert placed["take_near"] == at("2026-11-26 14:48")


def test_glpi_15429_nothing_rings_while_the_case_is_being_filed():
    for received in ("2026-11-25 10:00", "2026-11-25 23:59", "2026-11-28 10:00"):
        fixed = clocks(["hunger"], "normal", at(received))
        for clock, due in (("take", fixed.take), ("answer", fixed.answer)):
            assert min(rung.at for rung in rungs(due, clock, "normal")) > at(received)


def test_zammad_5177_of_several_clocks_none_overrules_the_other():
    fixed = clocks(["benefit_request"], "normal", at("2026-11-25 07:00"))
    assert fixed.take.at == at("2026-11-25 17:00")
    assert fixed.answer.at == at("2026-12-04 17:00")
    take = [rung.at for rung in rungs(fixed.take, "take", "normal")]
    answer = [rung.at for rung in rungs(fixed.answer, "answer", "normal")]
    assert at("2026-11-25 11:00") in take and at("2026-11-25 11:00") not in answer
    assert at("2026-12-04 17:00") in answer


def test_glpi_5319_and_zammad_2532_every_step_of_the_ladder_and_each_to_other_people():
    due = clocks(["hunger"], "normal", at("2026-11-25 07:00")).take
    told = [rung.to for rung in rungs(due, "take", "normal")]
    assert told[:4] == [
        ("on_duty",),
        ("on_duty", "leader"),
        ("on_duty", "leader", "province"),
        ("citizen",),
    ]


def test_chatwoot_6889_and_glpi_4206_the_forgotten_case_climbs_to_the_leader():
    for rules in ("usual", "storm"):
        ladder = mode(rules)
        for steps in (ladder.take, ladder.answer):
            before = [who for rung in steps if rung.at < 1 for who in rung.to]
            after = [who for rung in steps if rung.at >= 1 for who in rung.to]
            assert "leader" in before and "province" in after and "citizen" in after


def test_chatwoot_13392_an_hour_before_closing_on_friday_ends_on_monday():
    assert add_working_time(at("2026-11-27 16:30"), 60, CALENDAR) == at("2026-11-30 07:30")


def test_frappe_2212_what_comes_at_lunch_does_not_count_the_lunch():
    due = clocks(["hunger"], "normal", at("2026-11-25 12:00")).take
    assert due.at == at("2026-11-26 11:30")  # 3.5 hours that afternoon, 4.5 the next morning


def test_frappe_2449_waiting_over_a_weekend_gives_back_working_time_only():
    due = clocks(["benefit_request"], "normal", at("2026-11-27 15:00")).take
    assert due.at == at("2026-11-30 15:00")
    over_the_weekend = [(at("2026-11-27 16:00"), at("2026-11-30 08:00"))]
    assert resume(due, over_the_weekend).at == at("2026-11-30 17:00")  # one hour and one more
