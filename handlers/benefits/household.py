"""The answers of a check as a case of the law."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.benefits.kin import KIN, SELF, Member, members_of
from handlers.benefits.readers import NONE
from handlers.dialogue import DECLINED
from handlers.pastdays import happened_on
from models.benefits.check import law
from models.benefits.conditions import Child, Options, Span, Value
from models.benefits.decide import Decision, decide
from models.benefits.facts import PARENT_STATES, Case, Person, pair
from models.benefits.places import in_difficult_area
from models.benefits.questions import HOUSEHOLD
from models.benefits.schema import FactDef, Topic

LIVING: frozenset[Topic] = frozenset({"monthly", "pension", "care", "card"})
DEAD: frozenset[Topic] = frozenset({"funeral"})
GROWN_UP = {  # what is sure of an age nobody could tell, from who it is
    "mother": Span(25, 120),
    "father": Span(25, 120),
    "grandparent": Span(45, 120),
    "spouse": Span(16, 120),
}
PARENT_AT_HOME = Options(frozenset(pair("alive", other) for other in PARENT_STATES))


def case_of(values: Mapping[str, Any]) -> Case:
    """Everybody told about, with every fact answered so far, on the day asked about."""
    told = date.fromisoformat(str(values["_today"]))
    members = members_of(values)
    shared = _facts(values, HOUSEHOLD)
    if values.get("died"):
        shared["event_date"] = day_of(values["died"], told)
    day = day_of(values.get("day", "today"), told)
    if values.get("whom") in {SELF, "household"} and (home := values.get("_commune")):
        listed = in_difficult_area(str(home), None, day)
        if listed is not None:
            shared.setdefault("difficult_area", listed)
    people = tuple(_person(one, members, values) for one in members)
    return Case(day, people, shared, told)


def day_of(said: object, today: date) -> date:
    return today if said == "today" else happened_on(str(said), today)


def decision_of(values: Mapping[str, Any], case: Case) -> Decision:
    return decide(case, DEAD if values.get("whom") == "deceased" else LIVING)


def declined_of(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What somebody would not or could not answer: never a no."""
    return [(who, fact) for who, _, fact in (one.partition(".") for one in values[DECLINED])]


def _person(member: Member, members: tuple[Member, ...], values: Mapping[str, Any]) -> Person:
    facts: dict[str, Value] = {}
    sex = KIN[member.kin].sex
    if sex:
        facts["sex"] = sex
    if member.birth:
        facts |= fact_values("birth_date", member.birth)
    facts |= _facts(values, member.id)
    if day_and_month := values.get(f"{member.id}.birthday"):
        facts = _born_on(facts, str(day_and_month), date.fromisoformat(str(values["_today"])))
    if member.kin in GROWN_UP and f"{member.id}.birth_date" in values.get(DECLINED, ()):
        facts["age"] = GROWN_UP[member.kin]
    if values.get("whom") == "deceased":
        facts["happenings"] = frozenset({"death"})
    kins = {one.kin for one in members}
    if member.kin in {SELF, "spouse"} and {SELF, "spouse"} <= kins:
        facts.setdefault("marital", "married")
    parents: tuple[str, ...] = ()
    if member.kin == "child" or values.get("whom") == "household":
        facts.setdefault("taken_in", "none")  # at home with the family, not with somebody else
    if member.kin == "child":
        facts.setdefault("parents", PARENT_AT_HOME)  # whoever asks is one of them
        facts.setdefault("abandoned", False)
        parents = tuple(one.id for one in members if one.kin in {SELF, "spouse"})
    if _cared_for(facts):
        facts.setdefault("abandoned", False)
    spouse = next((one.id for one in members if {one.kin, member.kin} == {SELF, "spouse"}), None)
    return Person(member.id, facts, member.kin, parents, spouse)


def _cared_for(facts: Mapping[str, Value]) -> bool:
    """Whether a parent is there, or the family cares for the child and no parent is gone."""
    told = {facts.get("father"), facts.get("mother")} - {None}
    return "alive" in told or (not told and facts.get("family_carer") is True)


def _facts(values: Mapping[str, Any], whose: str) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, raw in values.items():
        who, dot, fact = key.partition(".")
        if dot and who == whose and fact in law().facts:
            found |= fact_values(fact, str(raw))
    return found


def fact_values(fact: str, raw: str) -> dict[str, Value]:
    """A stored answer as facts; an answer about birth may be a day, a year or an age."""
    definition = law().facts[fact]
    if definition.id == "birth_date":
        return _birth(raw)
    return {fact: _value(definition, raw)}


def _value(definition: FactDef, raw: str) -> Value:
    kind = definition.type
    if kind == "yes_no":
        return raw == "yes"
    if kind in {"number", "money", "people"}:
        return int(raw)
    if kind == "date":
        return date.fromisoformat(raw)
    if kind == "choices":
        return frozenset(one for one in raw.split(",") if one != NONE)
    if kind == "children":
        return tuple(_child(one) for one in raw.split(",") if one != NONE)
    return raw


def _birth(raw: str) -> dict[str, Value]:
    if raw.startswith("a"):
        return {"age": int(raw[1:])}
    if len(raw) == 4:
        return {"birth_year": int(raw)}
    return {"birth_date": date.fromisoformat(raw)}


def _born_on(facts: Mapping[str, Value], day_and_month: str, today: date) -> dict[str, Value]:
    """With the day and the month a year of birth, or an age told today, is a birthday."""
    day, month = map(int, day_and_month.split("/"))
    year, age = facts.get("birth_year"), facts.get("age")
    if isinstance(age, int) and not isinstance(year, int):
        year = today.year - age - ((today.month, today.day) < (month, day))
    if not isinstance(year, int):
        return dict(facts)
    if (month, day) == (2, 29) and not isleap(year):
        month, day = 3, 1
    rest = {name: value for name, value in facts.items() if name not in {"birth_year", "age"}}
    return {**rest, "birth_date": date(year, month, day)}


def _child(raw: str) -> Child:
    if raw.startswith("a"):
        return Child(age=int(raw[1:]))
    return Child(birth_year=int(raw)) if len(raw) == 4 else Child(date.fromisoformat(raw))
