import pytest

from models.deadlines.clocks import clocks, resume
from models.deadlines.ladder import rungs
from tests.deadlines.when import at


def ladder(kind, urgency, received, clock="answer"):
    due = getattr(clocks([kind], urgency, at(received)), clock)
    return {rung.id.removeprefix(f"{clock}_"): rung for rung in rungs(due, clock, urgency)}


def test_it_climbs_from_the_officers_to_the_province():
    placed = ladder("benefit_request", "normal", "2026-11-23 09:12")
    assert [rung.to for rung in placed.values()] == [
        ("officers",),
        ("leader",),
        ("leader", "province"),
        ("citizen",),
    ]
    assert placed["late"].at == placed["late_citizen"].at == at("2026-12-03 17:00")


@pytest.mark.parametrize(
    ("kind", "urgency", "received", "clock", "half", "near", "late"),
    [
        # shares of a clock are counted in its own time: half of 8 working hours is 4
        ("hunger", "normal", "2026-11-25 07:00", "take",
         "2026-11-25 11:00", "2026-11-25 15:48", "2026-11-25 17:00"),
        # danger to life rings at any hour
        ("hunger", "sos", "2026-11-24 01:00", "take",
         "2026-11-24 01:15", "2026-11-24 01:25:30", "2026-11-24 01:30"),
        ("emergency", "normal", "2026-11-24 01:00", "answer",
         "2026-11-24 13:00", "2026-11-24 21:24", "2026-11-25 01:00"),
        # a reminder that falls at night or on a day off waits for the next shift ...
        ("hunger", "normal", "2026-11-25 22:00", "answer",
         "2026-11-27 07:00", "2026-11-27 14:48", "2026-11-28 06:30"),
        ("hunger", "normal", "2026-11-28 10:00", "answer",
         "2026-11-30 07:00", "2026-11-30 07:00", "2026-11-30 10:00"),
        # ... unless the deadline comes first: then before the last closing
        ("hunger", "normal", "2026-11-27 15:00", "answer",
         "2026-11-27 16:30", "2026-11-27 16:30", "2026-11-29 15:00"),
        # but never before a reminder that has already gone
        ("hunger", "normal", "2026-11-26 16:45", "answer",
         "2026-11-27 16:45", "2026-11-27 16:45", "2026-11-28 16:45"),
        # ... and on days off only, by day
        ("hunger", "normal", "2026-11-27 19:12", "answer",
         "2026-11-28 19:12", "2026-11-29 12:00", "2026-11-29 19:12"),
    ],
)  # fmt: skip
def test_when_they_ring(kind, urgency, received, clock, half, near, late):  # noqa: PLR0913, PLR0917
    placed = ladder(kind, urgency, received, clock)
    assert [placed[name].at for name in ("half", "near", "late")] == [at(half), at(near), at(late)]


def test_a_missed_promise_is_told_by_day_and_not_after_the_holiday():
    placed = ladder("hunger", "normal", "2027-02-05 02:00")  # the eve of Tết
    assert placed["late_citizen"].at == at("2027-02-07 06:30")
    assert placed["late"].at == placed["late_citizen"].at  # «đã báo lãnh đạo» is true when said


def test_what_has_rung_does_not_ring_again_after_a_pause():
    due = clocks(["benefit_request"], "normal", at("2026-11-23 09:12")).answer
    pause = [(at("2026-12-01 08:00"), at("2026-12-03 08:00"))]
    before = rungs(due, "answer", "normal")
    after = rungs(resume(due, pause), "answer", "normal", pause)
    assert after[0] == before[0]  # half time was before the question
    assert after[1].at > before[1].at
    assert after[-1].at == at("2026-12-07 17:00")
