"""A deadline past the days known is refused, and then read so that nobody waits longer."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.deadlines import due as dues
from models.deadlines.calendar import for_commune
from models.deadlines.clocks import Due, clocks, resume
from models.deadlines.explain import explain, render_vi
from models.deadlines.ladder import rungs
from models.deadlines.schema import URGENCIES
from models.deadlines.shifts import ZONE, CalendarEnds, ticks
from tests.deadlines.when import at

LAST = at("2031-12-31 20:00")


def earliest(kind, urgency="normal", received=LAST):
    return clocks([kind], urgency, received, past_calendar="earliest")


def test_it_is_refused_and_the_operator_is_told_file_and_key():
    with pytest.raises(CalendarEnds, match=r"move first or counted_to in holidays\.yaml"):
        clocks(["benefit_request"], "normal", LAST)


def test_every_hour_and_day_counts():
    fixed = earliest("benefit_request")
    assert fixed.take.at == at("2032-01-01 04:00")  # 8 hours, whatever the office does
    assert fixed.answer.at == at("2032-01-07 17:00")  # the closing of the seventh day
    for due in (fixed.take, fixed.answer):
        assert due.uncharted and not due.sure
        assert Due.from_json(due.to_json()) == due


def test_what_needs_no_calendar_is_as_sure_as_ever():
    assert earliest("hunger").answer.sure and not earliest("hunger").answer.uncharted
    assert earliest("hunger", "sos").take.sure


def test_inside_the_calendar_nothing_changes():
    monday = at("2026-11-23 09:12")
    assert earliest("benefit_request", received=monday) == clocks(
        ["benefit_request"], "normal", monday
    )


def test_it_is_told_so():
    text = render_vi(explain(earliest("benefit_request").answer))
    assert "Chưa có lịch làm việc của những ngày này: tính liên tục, kể cả ngày nghỉ." in text
    assert text.splitlines()[-2] == "Hạn: 17:00 thứ Tư 07/01/2032."


def test_waiting_for_the_citizen_is_given_back_as_it_is():
    due = earliest("benefit_request").answer
    pause = (at("2032-01-02 08:00"), at("2032-01-03 09:30"))
    resumed = resume(due, [pause])
    assert resumed.at - due.at == timedelta(hours=25, minutes=30)
    assert "chờ ông/bà trả lời" in render_vi(explain(resumed, [pause]))


def test_a_pause_may_lead_past_the_calendar():
    due = clocks(["benefit_request"], "normal", at("2031-12-10 09:00")).answer
    resumed = resume(due, [(at("2031-12-11 08:00"), at("2032-02-01 08:00"))])
    assert resumed.uncharted and not resumed.sure
    assert resumed.at - due.at == timedelta(days=52)


@given(
    st.sampled_from(["hunger", "benefit_request", "funeral_request", "emergency"]),
    st.sampled_from(URGENCIES),
    st.integers(0, 40 * 1440),
    st.sampled_from(["take", "answer"]),
)
def test_reminders_still_climb_and_come_by_day(kind, urgency, minutes, clock):
    received = at("2031-12-05 00:00") + timedelta(minutes=minutes)
    due = getattr(earliest(kind, urgency, received), clock)
    placed = rungs(due, clock, urgency)
    assert [one.at for one in placed] == sorted(one.at for one in placed)
    assert received < placed[0].at
    if urgency != "sos" and due.unit != "hours_around_the_clock":
        assert all(6 <= one.at.astimezone(ZONE).hour <= 21 for one in placed if one.late)


@given(st.sampled_from(["hunger", "benefit_request", "funeral_request"]), st.integers(0, 500_000))
def test_it_is_never_later_than_the_calendar_would_say(kind, minutes):
    received = at("2026-01-01 00:00") + timedelta(minutes=minutes)
    for known in (
        clocks([kind], "normal", received).take,
        clocks([kind], "normal", received).answer,
    ):
        start, calendar = ticks(received), for_commune()
        assert dues.earliest(known, start, calendar) <= dues.reach(known, start, calendar)
