"""Whom a worked case tells about."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.benefits.example_words import CHILD_ROLES, plain

SHARED = ("hh", "dbkk", "hardship_status")


@dataclass(frozen=True)
class Told:
    """One person of an example; ``parent`` and ``spouse`` are places in the list."""

    role: str
    facts: dict[str, Any]
    parent: int | None = None
    spouse: int | None = None


def told_people(facts: Mapping[str, Any]) -> list[Told]:
    """Whom an example tells about: the one of its top level, then children, then others."""
    grouped = _grouped(facts)
    people: list[Told] = []
    _add(people, "self", grouped, None, {})
    shared = {key: grouped[key] for key in SHARED if key in grouped}
    for key, value in grouped.items():
        for other in _others(key, value):
            role = plain(other.get("role") or other.get("who") or key)
            parent = 0 if role in CHILD_ROLES else None
            _add(people, role, other, parent, shared)
    if grouped.get("spouse_disability") or grouped.get("spouse_disabled") not in {None, False}:
        level = grouped.get("spouse_disability") or grouped["spouse_disabled"]
        level = grouped.get("disability") if level is True else level
        people.append(
            Told("spouse", {**shared, "dob": grouped.get("dob"), "disability": level}, spouse=0)
        )
    return people


def _add(
    people: list[Told],
    role: str,
    told: Mapping[str, Any],
    parent: int | None,
    shared: Mapping[str, Any],
) -> None:
    place = len(people)
    own = {key: value for key, value in told.items() if not list(_others(key, value))}
    children = own.pop("children", None)
    if children:
        own.pop("student", None)
    spouse = 0 if role in {"spouse", "husband", "wife"} and place else None
    people.append(Told(role, {**shared, **own}, parent, spouse))
    home = {key: people[place].facts[key] for key in SHARED if key in people[place].facts}
    listed = children if isinstance(children, list) else []
    alone = _of_the_child(people[place].facts) if len(listed) == 1 else {}
    people.extend(
        Told("child", {**home, **alone, **_child(child, told)}, place) for child in listed
    )


def _of_the_child(facts: dict[str, Any]) -> dict[str, Any]:
    """``child_disability`` and ``child_hiv`` beside the one child listed are that child's."""
    return {
        name: facts.pop(f"child_{name}")
        for name in ("disability", "hiv")
        if f"child_{name}" in facts
    }


def _grouped(facts: Mapping[str, Any]) -> dict[str, Any]:
    """``baby_dob`` and ``baby_disability`` are one person, ``baby``."""
    found = dict(facts)
    for key in facts:
        who = key.removesuffix("_dob")
        if who != key and plain(who) not in {"", "self"}:
            told = {
                other.removeprefix(f"{who}_"): found.pop(other)
                for other in list(found)
                if other.startswith(f"{who}_")
            }
            found[f"{who}_told"] = {"role": plain(who), **told}
    return found


def _others(key: str, value: object) -> Iterator[dict[str, Any]]:
    if key == "children":
        return
    if isinstance(value, Mapping):
        yield dict(value)
    elif isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        yield from (dict(item) for item in value)


def _child(child: object, facts: Mapping[str, Any]) -> dict[str, Any]:
    studying = next(
        (facts[key] for key in facts if re.search("child.*stud|stud.*child", key)), None
    )
    if studying is None and "student" in facts:
        studying = facts["student"]
    if isinstance(child, Mapping):
        told = dict(child)
    elif isinstance(child, int):
        told = {"age": child}
    else:
        told = {"dob": child}
    if isinstance(studying, list):
        studying = child in studying or told.get("dob") in studying
    if studying is not None:
        told.setdefault("student", studying)
    return told
