import json
from dataclasses import replace
from datetime import date, datetime

import pytest

from models.deadlines import promises
from models.deadlines.calendar import for_commune
from models.deadlines.clocks import Due, clocks, resume, strictest
from models.deadlines.shifts import CalendarEnds, ticks
from tests.deadlines.when import at

MONDAY = at("2026-11-23 09:12")


def test_a_deadline_survives_json():
    for due in vars_of(clocks(["benefit_request"], "normal", MONDAY, "21025")):
        assert Due.from_json(json.loads(json.dumps(due.to_json()))) == due


def test_a_deadline_stored_before_communes_were_kept_is_still_read():
    stored = clocks(["hunger"], "normal", MONDAY).answer.to_json()
    del stored["commune"], stored["last_day_off"]
    assert Due.from_json(stored).commune is None


def test_the_law_names_its_article_and_a_promise_names_none():
    assert clocks(["benefit_request"], "low", MONDAY).answer.basis.text_source == (
        "khoản 2 Điều 8 NĐ 335/2026/NĐ-CP"
    )
    assert clocks(["hunger"], "low", MONDAY).answer.basis.text_source is None


def test_the_strictest_kind_decides_each_clock():
    mixed = clocks(["benefit_request", "funeral_request", "hunger"], "normal", MONDAY)
    assert mixed.answer == clocks(["hunger"], "normal", MONDAY).answer
    both = clocks(["benefit_request", "funeral_request"], "normal", MONDAY)
    assert both.answer == clocks(["funeral_request"], "normal", MONDAY).answer


def test_of_two_limits_that_end_together_the_law_is_told():
    promise = promises.Term(unit="working_days", amount=3, basis="promise")
    law = promises.Term(unit="working_days", amount=3, basis="law", text_source="Điều 11")
    for terms in ([promise, law], [law, promise]):
        assert strictest(terms, ticks(MONDAY), for_commune())[1] is law


def test_a_death_has_its_legal_limit_beside_the_promise():
    (mention,) = promises.mentions(["death_missing", "hunger"], date(2026, 11, 23))
    assert (mention.amount, mention.unit) == (3, "working_days")
    assert "Mẫu số 03" in mention.counted_from
    assert promises.mentions(["hunger"], date(2026, 11, 23)) == ()


@pytest.mark.parametrize(
    ("kinds", "urgency", "received", "said"),
    [
        ([], "normal", MONDAY, "at least one kind"),
        (["flood"], "normal", MONDAY, "flood"),
        (["hunger"], "none", MONDAY, "none"),
        (["hunger"], "normal", datetime(2026, 11, 23), "no time zone"),  # noqa: DTZ001 - the point
    ],
)
def test_what_cannot_be_counted_is_refused(kinds, urgency, received, said):
    with pytest.raises(ValueError, match=said):
        clocks(kinds, urgency, received)


def test_outside_the_data_it_says_so():
    with pytest.raises(CalendarEnds, match=r"holidays\.yaml"):
        clocks(["benefit_request"], "normal", at("2031-12-30 09:00"))
    with pytest.raises(promises.NotInForce):
        clocks(["hunger"], "normal", at("2025-06-30 23:59"))


def test_past_the_announced_holidays_a_deadline_is_not_sure_unless_holidays_do_not_matter():
    fixed = clocks(["hunger"], "normal", at("2027-02-03 09:00"))
    assert not fixed.take.sure
    assert fixed.answer.sure  # two calendar days, days off count
    assert clocks(["hunger"], "sos", at("2027-02-03 09:00")).take.sure
    assert clocks(["benefit_request"], "normal", MONDAY).answer.sure


@pytest.mark.parametrize(
    ("kind", "clock", "since", "until", "due"),
    [
        ("benefit_request", "answer", "2026-11-25 10:00", "2026-11-30 08:00", "2026-12-08 17:00"),
        ("benefit_request", "answer", "2026-11-25 10:00", "2026-11-25 16:00", "2026-12-03 17:00"),
        ("benefit_request", "answer", "2026-11-27 18:00", "2026-11-29 12:00", "2026-12-03 17:00"),
        # asked on the last day, answered after closing: the next working day is the first of use
        ("benefit_request", "answer", "2026-12-03 09:00", "2026-12-04 20:00", "2026-12-07 17:00"),
        ("benefit_request", "answer", "2026-12-03 09:00", "2026-12-05 10:00", "2026-12-07 17:00"),
        ("benefit_request", "take", "2026-11-23 14:00", "2026-11-26 08:00", "2026-11-26 15:12"),
        ("hunger", "answer", "2026-11-23 10:00", "2026-11-23 12:30", "2026-11-25 11:42"),
        # the clock had run out before the question was asked
        ("hunger", "answer", "2026-11-25 09:12", "2026-11-27 10:00", "2026-11-25 09:12"),
    ],
)
def test_waiting_for_the_citizen_gives_the_time_back(kind, clock, since, until, due):
    stopped = getattr(clocks([kind], "normal", MONDAY), clock)
    assert resume(stopped, [(at(since), at(until))]).at == at(due)


def test_overlapping_pauses_count_once_in_any_order():
    due = clocks(["hunger"], "normal", MONDAY).answer
    one = (at("2026-11-23 10:00"), at("2026-11-23 12:00"))
    other = (at("2026-11-23 11:00"), at("2026-11-23 14:00"))
    inside = (at("2026-11-23 10:30"), at("2026-11-23 10:45"))
    assert resume(due, [other, inside, one]).at == at("2026-11-25 13:12")


def test_a_deadline_that_was_not_sure_stays_so():
    due = replace(clocks(["hunger"], "normal", MONDAY).take, sure=False)
    assert not resume(due, [(at("2026-11-23 10:00"), at("2026-11-23 12:00"))]).sure


def test_a_term_may_move_from_a_day_off_to_the_next_closing():
    due = clocks(["hunger"], "normal", at("2026-11-20 19:12")).answer
    rolling = replace(due, last_day_off="next_working_day")
    assert resume(rolling, []).at == at("2026-11-23 17:00")


def test_a_pause_must_not_end_before_it_begins():
    due = clocks(["hunger"], "normal", MONDAY).answer
    with pytest.raises(ValueError, match="ends before it begins"):
        resume(due, [(at("2026-11-24 10:00"), at("2026-11-24 09:00"))])


def vars_of(fixed):
    return fixed.take, fixed.answer
