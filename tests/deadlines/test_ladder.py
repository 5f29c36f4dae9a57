import pytest

from models.deadlines.clocks import clocks, resume
from models.deadlines.ladder import card_at, rungs
from tests.deadlines.when import at


def ladder(kind, urgency, received, clock="answer"):
    due = getattr(clocks([kind], urgency, at(received)), clock)
    return {rung.id.removeprefix(f"{clock}_"): rung for rung in rungs(due, clock, urgency)}


def test_it_climbs_from_the_officers_to_the_province():
    placed = ladder("benefit_request", "normal", "2026-11-23 09:12")
    assert [rung.to for rung in placed.values()][:4] == [
        ("assigned",),
        ("assigned", "leader"),
        ("assigned", "leader", "province"),
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
    assert [one.at for one in after if one.id == "answer_late"] == [at("2026-12-07 17:00")]


def test_an_emergency_nobody_takes_rings_every_ten_minutes():
    placed = ladder("emergency", "sos", "2026-11-24 01:00", "take")
    again = [one for name, one in placed.items() if name.startswith("still_late")]
    assert [one.at for one in again[:3]] == [
        at("2026-11-24 01:40:12"),
        at("2026-11-24 01:50:24"),
        at("2026-11-24 02:00:36"),
    ]
    assert len(again) == 9 and all("leader" in one.to for one in again)


def test_a_repetition_waits_for_the_morning_unless_life_is_in_danger():
    placed = ladder("hunger", "normal", "2026-11-25 07:00", "take")  # due at 17:00
    assert placed["still_late"].at == at("2026-11-26 09:43:12")
    assert placed["still_late_4"].at == at("2026-11-27 09:52:48")


def test_what_the_officer_can_silence_and_what_not():
    placed = ladder("hunger", "normal", "2026-11-25 07:00")
    kept = [name for name, one in placed.items() if not one.until_acknowledged]
    assert kept == ["late", "late_citizen"]


def test_a_commune_in_a_storm_rings_by_other_rules():
    due = clocks(["hunger"], "high", at("2026-11-25 22:00")).take
    usual, storm = (
        {rung.id: rung.at for rung in rungs(due, "take", "high", rules=mode)}
        for mode in ("usual", "storm")
    )
    assert storm["take_half"] == usual["take_half"] == at("2026-11-26 11:00")
    due = clocks(["hunger"], "high", at("2026-11-25 22:00")).answer
    storm = {rung.id: rung.at for rung in rungs(due, "answer", "high", rules="storm")}
    assert storm["answer_half"] == at("2026-11-26 22:00")  # at night
    gone = rungs(due, "answer", "high", rules="a mode of yesterday")
    assert gone == rungs(due, "answer", "high")


@pytest.mark.parametrize(
    ("now", "urgency", "shown"),
    [
        ("2026-11-25 10:00", "normal", "2026-11-25 10:00"),
        ("2026-11-25 12:00", "normal", "2026-11-25 13:30"),
        ("2026-11-25 17:00", "normal", "2026-11-26 07:00"),
        ("2026-11-27 20:00", "high", "2026-11-30 07:00"),
        ("2026-11-25 02:00", "sos", "2026-11-25 02:00"),
        ("2033-11-25 02:00", "normal", "2033-11-25 02:00"),  # past the calendar: at once
    ],
)
def test_a_new_case_waits_for_the_office_unless_life_is_in_danger(now, urgency, shown):
    assert card_at(urgency, at(now), None) == at(shown)


def test_a_pause_within_a_day_moves_neither_the_end_nor_a_reminder_past_it():
    pause = (at("2025-07-01 07:00"), at("2025-07-01 13:48"))
    due = resume(clocks(["funeral_request"], "sos", at("2025-07-01 07:00")).answer, [pause])
    near = next(one for one in rungs(due, "answer", "sos", [pause]) if one.id == "answer_near")
    assert due.at == at("2025-07-04 17:00")
    assert near.at == at("2025-07-04 10:12")  # 0.85 of 32 working hours
