"""The data files refuse what would count wrongly, with file, key and reason."""

import shutil
from datetime import date

import pytest
from pydantic import BaseModel

from models.deadlines import calendar, ladder_file, promises, review
from models.deadlines.calendar import (
    add_working_days,
    add_working_time,
    for_commune,
    is_working_day,
    working_minutes_between,
)
from models.deadlines.yaml_file import DATA, BadFile, read
from tests.deadlines.when import at

FILES = ("holidays.yaml", "working_time.yaml", "promises.yaml", "ladder.yaml")
MONDAY_SHIFTS = 'mon: ["07:00-11:30", "13:30-17:00"]'
OTHER_SHIFTS = """    shifts: {mon: [%s], tue: [%s], wed: [%s], thu: [%s], fri: [%s]}
    make_up: [%s]
    source: thử
    certainty: sure
"""


@pytest.fixture
def edited(tmp_path):
    def edit(name, old, new):
        for file in FILES:
            shutil.copy(DATA / file, tmp_path / file)
        text = (DATA / name).read_text(encoding="utf-8")
        assert old in text, old
        (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return edit


def load_all(folder):
    for_commune(None, folder)
    promises.in_force(date(2026, 11, 23), folder)
    ladder_file.read(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("holidays.yaml", "known_to:", "knownto:", r"holidays.yaml: .*known"),
        ("holidays.yaml", "first: 2024-01-01", "first: 2026-02-30", r"line \d+: 2026-02-30"),
        ("holidays.yaml", "first: 2024-01-01", "first: 2024-01-01\nfirst: 2023-01-01", "repeated"),
        ("holidays.yaml", "rest: [2026-01-02]", "rest: [2026-01-03]", "2026-01-03 is a weekend"),
        ("holidays.yaml", "rest: [2026-01-02]", "rest: [2036-01-02]", "outside first..counted_to"),
        ("holidays.yaml", "rest: [2026-01-02]", "rest: [2026-01-02, 2026-01-02]", "changed twice"),
        ("holidays.yaml", "rest: [2026-01-02]", "off: [2026-01-02]", r"changes\.0\.off"),
        ("holidays.yaml", "    confirm:", "    # confirm:", "what is to be confirmed"),
        ("holidays.yaml", "known_to: 2026-12-31", "known_to: 2036-12-31", "must be in this order"),
        ("working_time.yaml", "07:00-11:30", "07:00-1130", "not a time of day"),
        ("working_time.yaml", "07:00-11:30", "07:75-11:30", "not a time of day"),
        ("working_time.yaml", "07:00-11:30", "11:30-07:00", "ends before it starts"),
        ("working_time.yaml", '"07:00-11:30"', "12:30", "write 07:00-11:30"),
        ("working_time.yaml", '"07:00-11:30"', '"07:00-14:00"', "must not overlap"),
        ("working_time.yaml", MONDAY_SHIFTS, "mon: []", "has no shift on mon"),
        ("working_time.yaml", "from: 2024-01-01", "from: 2024-02-01", "working time 2024-01-01"),
        ("working_time.yaml", "    make_up:", "    to: 2026-12-31\n    make_up:", "working time"),
        ("promises.yaml", "to: 2026-10-04", "to: 2026-10-05", "runs into 2026-10-05"),
        ("promises.yaml", "to: 2026-10-04", "to: 2026-10-03", "nothing is in force between"),
        ("promises.yaml", "kinds: [emergency]", "kinds: [emergncy]", "emergncy.*unknown"),
        ("promises.yaml", "kinds: [emergency]", "kinds: [emergency, hunger]", "hunger.*twice"),
        ("promises.yaml", "urgencies: [high, normal, low]", "urgencies: [high]", "has no row"),
        ("promises.yaml", "amount: 7,", "amount: 7.5,", "whole days"),
        ("promises.yaml", "amount: 7,", "amount: 0,", "greater than 0"),
        ("promises.yaml", "basis: law,", "basis: promise,", "law needs a text_source"),
        ("promises.yaml", "unit: working_days, amount: 7", "unit: days, amount: 7", "unit"),
        ("ladder.yaml", "at: 0.5", "at: 0.9", "must climb"),
        ("ladder.yaml", "at: 0.5", "at: 50", "less than or equal to 10"),
        ("ladder.yaml", "id: take_near", "id: take_half", "ids must differ"),
        ("ladder.yaml", "to: [on_duty]", "to: [officer]", "on_duty"),
        ("ladder.yaml", "waking:", "waking: [", "line"),
        ("ladder.yaml", "every: 0.34, ", "", "every and times go together"),
        ("ladder.yaml", "times: 8", "times: 800", "less than or equal to 50"),
        ("ladder.yaml", "id: take_near", "id: take_still_late_2", "ids must differ"),
        ("ladder.yaml", 'duty_day_from: "07:00"', 'duty_day_from: "25:00"', "not a time of day"),
        ("ladder.yaml", "  usual:", "  ordinary:", "modes needs usual"),
        ("ladder.yaml", "office_hours: everyone", "office_hours: nobody", "everyone"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused(edited, name, old, new, said):
    with pytest.raises(BadFile, match=said) as refused:
        load_all(edited(name, old, new))
    assert str(refused.value).startswith(f"{name}: ")


class Anything(BaseModel, extra="allow"):
    pass


def test_the_traps_of_yaml_are_shut(tmp_path):
    path = tmp_path / "traps.yaml"
    path.write_text("on: no\ntime: 12:30\ncode: 0123\nhalf: 0.5\nday: 2026-11-24\nempty:\n")
    assert read(path, Anything).model_dump() == {
        "on": "no",
        "time": "12:30",
        "code": "0123",
        "half": 0.5,
        "day": date(2026, 11, 24),
        "empty": None,
    }


def test_a_new_version_of_working_time_holds_from_its_day(edited):
    shift = '"08:00-12:00", "13:00-17:00"'
    folder = edited(
        "working_time.yaml",
        "versions:\n",
        "versions:\n  - from: 2027-01-01\n" + OTHER_SHIFTS % ((shift,) * 6),
    )
    text = (folder / "working_time.yaml").read_text(encoding="utf-8")
    text = text.replace("  - from: 2024-01-01\n", "  - from: 2024-01-01\n    to: 2026-12-31\n")
    (folder / "working_time.yaml").write_text(text, encoding="utf-8")
    own = for_commune(None, folder)
    assert add_working_time(at("2026-12-31 16:00"), 120, own) == at("2027-01-04 09:00")
    assert own.version != for_commune().version


def test_a_commune_with_saturday_mornings_works_then_but_counts_no_working_day(edited):
    shift = '"07:00-11:30", "13:30-17:00"'
    own_week = OTHER_SHIFTS % ((shift,) * 6)
    own_week = own_week.replace("shifts: {", 'shifts: {sat: ["07:30-11:00"], ')
    own_week = own_week.replace("    ", "      ")
    folder = edited(
        "working_time.yaml",
        "communes: {}",
        'communes:\n  "21025":\n    - from: 2026-11-01\n      to: 2026-11-30\n' + own_week,
    )
    own, other = for_commune("21025", folder), for_commune("21028", folder)
    friday = at("2026-11-20 16:00")
    assert add_working_time(friday, 120, own) == at("2026-11-21 08:30")
    assert add_working_time(friday, 120, other) == at("2026-11-23 08:00")
    assert add_working_days(friday, 1, own) == at("2026-11-23 17:00")
    assert not is_working_day(date(2026, 11, 21), own)
    december = (at("2026-12-05 00:00"), at("2026-12-06 00:00"))
    assert working_minutes_between(*december, own) == 0  # its own hours ended in November


def test_a_confirmed_swap_changes_the_count(edited):
    folder = edited("holidays.yaml", "certainty: unsure", "certainty: sure")
    swapped = for_commune(None, folder)
    assert not is_working_day(date(2026, 11, 23), swapped)
    assert is_working_day(date(2026, 11, 28), swapped)
    # policy_check.md §4.2
    assert add_working_days(at("2026-11-20 09:00"), 3, swapped) == at("2026-11-27 17:00")
    assert add_working_days(at("2026-11-20 09:00"), 7, swapped) == at("2026-12-02 17:00")


def test_announcing_tet_makes_the_deadline_sure_and_later(edited):
    folder = edited("holidays.yaml", "known_to: 2026-12-31", "known_to: 2027-12-31")
    announced = for_commune(None, folder)
    # policy.md §8, by the library's days
    assert add_working_days(at("2027-02-03 09:00"), 3, announced) == at("2027-02-15 17:00")
    assert announced.kind(date(2027, 2, 4)) == "holiday"
    assert calendar.for_commune().kind(date(2027, 2, 4)) == "maybe_holiday"


def test_what_is_unsure_is_listed():
    listed = {(entry.file, entry.key): entry for entry in review.unsure()}
    swap = listed["holidays.yaml", "changes.culture_day_swap_2026"]
    assert swap.value == "rest 2026-11-23; work 2026-11-28"
    assert ("holidays.yaml", "known_to") in listed
    assert ("working_time.yaml", "versions.2024-01-01") in listed
    assert all(entry.value and entry.confirm for entry in listed.values())


def test_another_release_of_the_library_asks_for_a_check(edited):
    folder = edited("holidays.yaml", 'library: "0.109"', 'library: "0.55"')
    assert "library" in {entry.key for entry in review.unsure(folder)}
