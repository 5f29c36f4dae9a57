"""Every rule put to the cases of tests/benefits/*.yaml, each named in a sentence."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.benefits.check import law
from models.benefits.decide import Decision, decide
from models.benefits.facts import Case, Person
from models.benefits.readcase import read_facts
from models.benefits.truth import Truth

HERE = Path(__file__).parent / "benefits"
WORDS = {"chưa đủ": Truth.NO, "chưa rõ": Truth.UNKNOWN, "cán bộ xem": Truth.OFFICER}


def entries() -> list[dict[str, Any]]:
    return [
        entry
        for path in sorted(HERE.glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text("utf-8"))
    ]


ENTRIES = entries()


def case_of(entry: Mapping[str, Any]) -> Case:
    day = entry["day"]
    told = entry.get("people") or {"người": entry.get("given", {})}
    people = []
    for name, given in told.items():
        facts = dict(given)
        parents, spouse = facts.pop("parents", ()), facts.pop("spouse", None)
        people.append(Person(name, read_facts(facts, name, day), name, tuple(parents), spouse))
    return Case(day, tuple(people), read_facts(entry.get("facts", {}), "hộ", day))


def told(decision: Decision, person: str, benefit: str) -> object:
    """What was decided, in the words the cases use."""
    found = next(o for o in decision.outcomes if (o.person, o.benefit) == (person, benefit))
    words = {truth: word for word, truth in WORDS.items()}
    if found.verdict is not Truth.YES:
        return words[found.verdict]
    if not found.counted:
        return f"nhường {found.instead}"
    if found.amount is None:
        return "đủ, chưa rõ mức"
    return found.amount.vnd if found.amount.vnd is not None else "đủ"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["name"])
def test_rule(entry):
    case = case_of(entry)
    decision = decide(case)
    for key, expected in entry["expect"].items():
        person, _, benefit = key.rpartition(".")
        assert (key, told(decision, person or case.people[0].id, benefit)) == (key, expected)
    if "monthly" in entry:
        assert decision.total({"tháng"}) == entry["monthly"]
    if "once" in entry:
        assert decision.total({"lần", "ngày"}) == entry["once"]


def test_sentences_are_not_repeated():
    names = [entry["name"] for entry in ENTRIES]
    assert sorted(names) == sorted(set(names))
    assert len(names) >= 250


def test_every_change_of_law_has_a_case_on_both_sides():
    days = {(entry["day"], key.rpartition(".")[2]) for entry in ENTRIES for key in entry["expect"]}
    for benefit in law().benefits.values():
        for version in benefit.versions:
            assert (version.since, benefit.id) in days, f"{benefit.id} on {version.since}"
            before = version.since - timedelta(days=1)
            if version is not benefit.versions[-1]:
                assert (before, benefit.id) in days, f"{benefit.id} on {before}"


def test_every_change_of_a_figure_has_a_case_on_both_sides():
    days = {entry["day"] for entry in ENTRIES}
    for parameter in law().parameters.values():
        for value in parameter.values:
            assert value.since in days
            assert value.since == date(2021, 7, 1) or value.since - timedelta(days=1) in days
