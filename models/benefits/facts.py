"""A case: the day, the people of a household, and what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from models.benefits.conditions import Child, Facts, Options, Span, Value

PARENT_STATES = (
    "alive", "absent", "dead", "undetermined", "missing", "facility", "sentence",
)  # fmt: skip
DERIVED_FROM_CHILDREN = (
    "children_under_16",
    "children_16_22_studying",
    "children_over_16_studying",
    "children_under_36_months",
    "children_counted_16_22",
    "children_counted_study",
)


class BadCase(ValueError):
    """A case that cannot be read; the message names person, fact and reason."""


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    facts: Facts = field(default_factory=dict)
    role: str = ""  # how the family calls them: mẹ, con, ông
    parents: tuple[str, ...] = ()  # ids of people of the case
    spouse: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    day: date
    people: tuple[Person, ...]
    facts: Facts = field(default_factory=dict)  # of the household and of what happened
    told: date | None = None  # when ages were told, if not on ``day``

    def person(self, person_id: str) -> Person:
        return next(person for person in self.people if person.id == person_id)


def years(born: date, day: date) -> int:
    """Full years: «đủ N tuổi» falls on the Nth birthday (29/2 counts on 1/3 in a common year)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def months(born: date, day: date) -> int:
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)


def age_of(facts: Facts, day: date, told: date | None = None) -> int | Span | None:
    born = facts.get("birth_date")
    if isinstance(born, date):
        return years(born, day)
    year = facts.get("birth_year")
    if isinstance(year, int):
        return Span(max(day.year - year - 1, 0), day.year - year)
    age = facts.get("age")
    if isinstance(age, int) and told is not None and told != day:
        passed = years(told, day) if day >= told else -years(day, told) - 1
        return Span(max(age + passed, 0), age + passed + 1)
    return age if isinstance(age, int | Span) else None


def facts_of(case: Case, person: Person) -> dict[str, Value]:
    """Everything known of one person on the day: own, of the household, worked out."""
    found: dict[str, Value] = {**case.facts, **person.facts}
    age = age_of(person.facts, case.day, case.told)
    if age is not None:
        found["age"] = age
    parents = _parents(found)
    if parents is not None:
        found.setdefault("parents", parents)
    children = _children(case, person)
    if children is not None:
        found["children"] = children
        study = found.get("children_studying")
        if isinstance(study, bool):
            children = tuple(
                replace(child, studying=study) if child.studying is None else child
                for child in children
            )
        for name, value in count_children(children, case.day, case.told).items():
            found.setdefault(name, value)
    for name, value in _certain(found, person).items():
        found.setdefault(name, value)
    return found


def _certain(facts: Mapping[str, Value], person: Person) -> dict[str, Value]:
    """What needs no question: a small child has no children, somebody of 60 is not pregnant."""
    certain: dict[str, Value] = {}
    low, high = bounds(facts.get("age"))
    if high < 13:
        certain |= dict.fromkeys(DERIVED_FROM_CHILDREN, 0)
        certain |= {"marital": "never_married", "pregnant": False}
    if high < 15:
        certain["wage"] = 0
    if low >= 30:
        certain["studying"] = False  # no unbroken schooling since 16 lasts that long
    if low >= 60 or facts.get("sex") == "male":
        certain["pregnant"] = False
    if person.parents:
        certain["abandoned"] = False
    return certain


def bounds(age: Value | None) -> tuple[int, int]:
    if isinstance(age, Span):
        return age.low, age.high
    return (age, age) if isinstance(age, int) else (0, 200)


def _parents(facts: Mapping[str, Value]) -> str | Options | None:
    """The pair of what became of father and mother; half of it narrows the pair."""
    father, mother = facts.get("father"), facts.get("mother")
    known = [state for state in (father, mother) if isinstance(state, str)]
    if not known:
        return None
    if len(known) == 2:
        return pair(known[0], known[1])
    return Options(frozenset(pair(known[0], other) for other in PARENT_STATES))


def pair(one: str, other: str) -> str:
    return "+".join(sorted((one, other), key=PARENT_STATES.index))


def _children(case: Case, person: Person) -> tuple[Child, ...] | None:
    own = person.facts.get("children")
    told = own if isinstance(own, tuple) else None
    listed = tuple(_as_child(other) for other in case.people if person.id in other.parents)
    if told is None and not listed:
        return None
    return (told or ()) + listed


def _as_child(person: Person) -> Child:
    born, year = person.facts.get("birth_date"), person.facts.get("birth_year")
    age = person.facts.get("age")
    studying = person.facts.get("studying")
    if studying is True and person.facts.get("study_unbroken") is False:
        studying = False
    return Child(
        born if isinstance(born, date) else None,
        year if isinstance(year, int) and not isinstance(year, bool) else None,
        studying if isinstance(studying, bool) else None,
        age if isinstance(age, int) else None,
    )


def count_children(
    children: tuple[Child, ...], day: date, told: date | None = None
) -> dict[str, Value]:
    """How many children of each kind; a doubtful child widens the span."""
    counts = dict.fromkeys(DERIVED_FROM_CHILDREN, (0, 0))
    for child in children:
        for name, (surely, possibly) in _child_counts(child, day, told).items():
            low, high = counts[name]
            counts[name] = (low + surely, high + possibly)
    return {name: low if low == high else Span(low, high) for name, (low, high) in counts.items()}


def _child_counts(
    child: Child, day: date, told: date | None = None
) -> dict[str, tuple[bool, bool]]:
    """For each count: surely in it, possibly in it."""
    born = {"birth_date": child.birth_date, "birth_year": child.birth_year, "age": child.age}
    age = age_of({key: value for key, value in born.items() if value is not None}, day, told)
    low, high = bounds(age)
    under = (0 <= high < 16, low < 16)
    if child.birth_date is not None and child.birth_date > day:
        return dict.fromkeys(DERIVED_FROM_CHILDREN, (False, False))
    young = low < 3
    if child.birth_date is not None:
        small = (months(child.birth_date, day) < 36,) * 2
    else:
        small = (high < 3, young)
    studies = (child.studying is True, child.studying is not False)
    to_22 = (low >= 16 and high <= 22 and studies[0], high >= 16 and low <= 22 and studies[1])
    over = (low >= 16 and studies[0], high >= 16 and studies[1])
    surely_both = low >= 0 and studies[0]
    return {
        "children_under_16": under,
        "children_16_22_studying": to_22,
        "children_over_16_studying": over,
        "children_under_36_months": small,
        "children_counted_16_22": (
            under[0] or to_22[0] or (surely_both and high <= 22), under[1] or to_22[1]
        ),
        "children_counted_study": (under[0] or over[0] or surely_both, under[1] or over[1]),
    }  # fmt: skip
