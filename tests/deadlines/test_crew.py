"""Whom the roster means: never nobody while there is anybody."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.deadlines.duty import Crew, Member
from models.deadlines.duty_day import duty_day, next_change
from models.deadlines.ladder_file import DutyRule
from tests.deadlines.when import at

ROSTERED = DutyRule(office_hours="everyone", other_hours="rostered")
LAN, MINH, HOA, BOSS = (UUID(int=n) for n in range(1, 5))
OFFICER, LEADER = frozenset({"officer"}), frozenset({"leader"})


def crew(*members, is_open=False, rule=ROSTERED):
    return Crew(members, rule, is_open)


def officer(person, **facts):
    return Member(person, OFFICER, **facts)


def test_inside_working_hours_everybody_at_work_is_on_duty():
    office = crew(
        officer(LAN, rostered=True), officer(MINH), officer(HOA, away=True), is_open=True
    )
    assert office.on_duty() == {LAN, MINH}


def test_outside_them_those_the_roster_names():
    office = crew(officer(LAN, rostered=True), officer(MINH))
    assert office.on_duty() == {LAN}
    assert crew(officer(LAN), officer(MINH)).on_duty() == {LAN, MINH}


def test_in_a_storm_everybody_whatever_the_roster_says():
    storm = DutyRule(office_hours="everyone", other_hours="everyone")
    assert crew(officer(LAN, rostered=True), officer(MINH), rule=storm).on_duty() == {LAN, MINH}


def test_stand_ins_are_followed_but_not_in_a_circle():
    away = officer(LAN, rostered=True, away=True, stand_in=MINH)
    assert crew(away, officer(MINH), officer(HOA)).on_duty() == {MINH}
    also = officer(MINH, away=True, stand_in=HOA)
    assert crew(away, also, officer(HOA)).present_for(LAN) == HOA
    circle = officer(MINH, away=True, stand_in=LAN)
    assert crew(away, circle, officer(HOA)).present_for(LAN) is None
    assert crew(away, circle, officer(HOA)).on_duty() == {HOA}


def test_a_stand_in_who_has_left_the_office_stands_in_for_nobody():
    assert crew(officer(LAN, away=True, stand_in=HOA), officer(MINH)).in_charge(LAN) == frozenset()


def test_leaders_are_rung_after_the_officers():
    boss = Member(BOSS, LEADER)
    office = crew(officer(LAN), boss)
    assert office.on_duty() == {LAN, BOSS} and office.officers_on_duty() == {LAN}
    assert crew(boss).officers_on_duty() == {BOSS}
    assert office.leaders() == {BOSS}
    gone = Member(BOSS, LEADER, away=True, stand_in=LAN)
    assert crew(officer(LAN), gone).leaders() == {LAN}
    assert crew(officer(LAN), Member(BOSS, LEADER, away=True)).leaders() == {BOSS}


members = st.builds(
    Member,
    st.sampled_from([LAN, MINH, HOA, BOSS]),
    st.sampled_from([OFFICER, LEADER]),
    rostered=st.booleans(),
    marked=st.sampled_from([None, True, False]),
    away=st.booleans(),
    stand_in=st.sampled_from([None, LAN, MINH, HOA, BOSS]),
)


@given(
    st.lists(members, min_size=1, max_size=4, unique_by=lambda one: one.person),
    st.booleans(),
    st.sampled_from(["everyone", "rostered"]),
)
def test_somebody_is_always_on_duty_and_of_the_office(office, is_open, other_hours):
    rule = DutyRule(office_hours="everyone", other_hours=other_hours)
    there = crew(*office, is_open=is_open, rule=rule)
    people = {one.person for one in office}
    on = there.on_duty()
    assert on and on <= people
    assert there.officers_on_duty() and there.officers_on_duty() <= on
    assert all(one.person in on for one in office if one.marked)
    if any(not one.away and one.marked is not False for one in office) and is_open:
        assert not any(one.person in on for one in office if one.marked is False)


@pytest.mark.parametrize(
    ("now", "day", "change"),
    [
        ("2026-11-25 06:59", "2026-11-24", "2026-11-25 07:00"),
        ("2026-11-25 07:00", "2026-11-25", "2026-11-26 07:00"),
        ("2026-11-26 00:30", "2026-11-25", "2026-11-26 07:00"),
    ],
)
def test_the_duty_changes_in_the_morning(now, day, change):
    assert duty_day(at(now)).isoformat() == day
    assert next_change(at(now)) == at(change)
