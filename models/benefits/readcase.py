"""From JSON to a case: every fact is read by its type, and a wrong one is named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from models.benefits.check import law
from models.benefits.conditions import Child, Value
from models.benefits.facts import BadCase, Case, Person
from models.benefits.schema import FactDef


def read_case(data: object) -> Case:
    """Read ``{"day", "people": [{"id", "role", "parents", "spouse", "facts"}], "facts"}``.

    Raises:
        BadCase: names person, fact and reason.
    """
    if not isinstance(data, Mapping):
        raise BadCase(f"case: a JSON object is expected, not {str(data)[:40]!r}")
    unknown = set(data) - {"day", "people", "facts", "topics", "declined", "id"}
    if unknown:
        raise BadCase(f"case: {', '.join(sorted(unknown))} is not expected")
    day = _day(data.get("day"), "case: day")
    people = data.get("people", [])
    if not isinstance(people, list):
        raise BadCase("case: people should be a list")
    read = tuple(_person(item, place, day) for place, item in enumerate(people))
    ids = [person.id for person in read]
    if len(set(ids)) != len(ids):
        raise BadCase("case: two people have the same id")
    for person in read:
        for other in (*person.parents, *((person.spouse,) if person.spouse else ())):
            if other not in ids:
                raise BadCase(f"{person.id}: {other} is not one of the people")
    return Case(day, read, read_facts(data.get("facts", {}), "case", day))


def _person(data: object, place: int, day: date) -> Person:
    if not isinstance(data, Mapping):
        raise BadCase(f"people[{place}]: an object is expected")
    unknown = set(data) - {"id", "role", "parents", "spouse", "facts"}
    if unknown:
        raise BadCase(f"people[{place}]: {', '.join(sorted(unknown))} is not expected")
    person_id = str(data.get("id", f"p{place + 1}"))
    parents = data.get("parents") or ()
    spouse = data.get("spouse")
    return Person(
        person_id,
        read_facts(data.get("facts", {}), person_id, day),
        str(data.get("role", "")),
        tuple(str(parent) for parent in parents),
        str(spouse) if spouse is not None else None,
    )


def read_facts(data: object, whose: str, day: date) -> dict[str, Value]:
    if not isinstance(data, Mapping):
        raise BadCase(f"{whose}: facts should be an object")
    found: dict[str, Value] = {}
    for name, raw in data.items():
        definition = law().facts.get(str(name))
        if definition is None:
            raise BadCase(f"{whose}: {name} is not a fact; see decide --facts")
        if raw is None or raw == "unknown":
            continue
        found[definition.id] = read_value(definition, raw, f"{whose}: {name}")
    born = found.get("birth_date")
    if isinstance(born, date) and born > day:
        raise BadCase(f"{whose}: birth_date {born} is after the day {day}")
    year = found.get("birth_year")
    if isinstance(year, int) and not day.year - 150 <= year <= day.year:
        raise BadCase(f"{whose}: birth_year {year} is not of somebody who lives on {day}")
    return found


def read_value(definition: FactDef, raw: object, where: str) -> Value:
    kind = definition.type
    if kind == "yes_no":
        if isinstance(raw, bool):
            return raw
        raise BadCase(f"{where}: true or false, not {raw!r}")
    if kind in {"number", "money", "people"}:
        if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0:
            return raw
        raise BadCase(f"{where}: a whole number from 0, not {raw!r}")
    if kind == "date":
        return _day(raw, where)
    if kind == "children":
        return _children(raw, where)
    if kind == "choices":
        values = [raw] if isinstance(raw, str) else raw
        if not isinstance(values, list):
            raise BadCase(f"{where}: a list of {', '.join(definition.choices)}")
        return frozenset(_choice(definition, value, where) for value in values)
    return _choice(definition, raw, where)


def _choice(definition: FactDef, raw: object, where: str) -> str:
    if isinstance(raw, str) and (raw in definition.choices or not definition.choices):
        return raw
    raise BadCase(f"{where}: {raw!r} is not one of {', '.join(definition.choices)}")


def _day(raw: object, where: str) -> date:
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        raise BadCase(f"{where}: a day like 2026-11-22, not {raw!r}") from None


def _children(raw: object, where: str) -> tuple[Child, ...]:
    if not isinstance(raw, list):
        raise BadCase(f"{where}: a list of birth dates")
    return tuple(_child(item, where) for item in raw)


def _child(raw: object, where: str) -> Child:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return Child(birth_year=raw)
    if not isinstance(raw, Mapping):
        return Child(_day(raw, where))
    unknown = set(raw) - {"birth_date", "birth_year", "age", "studying"}
    studying, year, age = raw.get("studying"), raw.get("birth_year"), raw.get("age")
    numbers = isinstance(year, int | None) and isinstance(age, int | None)
    if unknown or not isinstance(studying, bool | None) or not numbers:
        raise BadCase(
            f"{where}: a child has birth_date, birth_year or age, and studying true or false"
        )
    born = raw.get("birth_date")
    return Child(_day(born, where) if born is not None else None, year, studying, age)
