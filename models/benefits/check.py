"""The law as shipped, checked: unknown facts, sources, documents; and what is unsure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

from pydantic import BaseModel

from models.benefits.facts import PARENT_STATES, pair
from models.benefits.load import HERE, BadRules, Law, load_law
from models.benefits.schema import UNSURE, Condition, FactType, Source

PAIRS = {pair(one, other) for one in PARENT_STATES for other in PARENT_STATES}


@dataclass(frozen=True, slots=True)
class Problem:
    file: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something the province must confirm before people rely on it."""

    file: str
    key: str
    value: str
    mark: str
    confirm: str


def conditions_in(model: BaseModel) -> Iterator[Condition]:
    if isinstance(model, Condition):
        yield model
    for value in (getattr(model, name) for name in type(model).model_fields):
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, BaseModel):
                yield from conditions_in(item)


def sources_in(model: BaseModel, key: str = "") -> Iterator[tuple[str, Source, BaseModel]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        items = list(enumerate(value)) if isinstance(value, tuple) else [(None, value)]
        for place, item in items:
            here = f"{key}.{name}" if place is None else f"{key}.{name}[{_label(item, place)}]"
            if isinstance(item, Source):
                yield here.strip("."), item, model
            elif isinstance(item, BaseModel):
                yield from sources_in(item, here.strip("."))


def _label(item: object, place: int | None) -> str:
    return str(getattr(item, "since", None) or place)


def problems_of(law: Law) -> list[Problem]:
    found: list[Problem] = []
    for benefit in law.benefits.values():
        file = f"rules/{benefit.id}.yaml"
        if benefit.procedure not in law.procedures:
            found.append(Problem(file, "procedure", f"{benefit.procedure} is not a procedure"))
        for condition in conditions_in(benefit):
            found += [Problem(file, *bad) for bad in _condition_problems(law, condition)]
        for version in benefit.versions:
            for payment in version.pays:
                found += [Problem(file, f"{version.since}.pays", reason)
                          for reason in _payment_problems(law, payment.of, payment.times,
                                                          payment.floor_of)]  # fmt: skip
    for file, key, source, _ in all_sources(law):
        if source.doc not in law.documents:
            found.append(Problem(file, key, f"{source.doc} is not in documents.yaml"))
    return found


def _payment_problems(law: Law, of: str, *facts: str | None) -> list[str]:
    bad = [f"fact {fact} is not in facts.yaml" for fact in facts if fact not in {None, *law.facts}]
    return bad + ([] if of in law.parameters else [f"parameter {of} is not in parameters.yaml"])


def _condition_problems(law: Law, condition: Condition) -> Iterator[tuple[str, str]]:
    if condition.benefit is not None and condition.benefit not in law.benefits:
        yield condition.benefit, "is not a benefit"
    if condition.fact is None:
        return
    known = law.facts.get(condition.fact)
    if known is None:
        yield condition.fact, "is not in facts.yaml"
        return
    if condition.below_parameter and condition.below_parameter not in law.parameters:
        yield condition.fact, f"parameter {condition.below_parameter} is not in parameters.yaml"
    told = (*(condition.among or ()), *(condition.has or ()), *(condition.only or ()))
    told += condition.unclear
    if isinstance(condition.equals, str):
        told += (condition.equals,)
    choices = PAIRS if known.id == "parents" else set(known.choices)
    if known.type in {"choice", "choices"} and choices:
        yield from (
            (known.id, f"{value} is not one of its choices")
            for value in told
            if value not in choices
        )
    if not _fits(condition, known.type, told):
        yield known.id, f"the test does not fit a fact of type {known.type}"


def _fits(condition: Condition, kind: FactType, told: tuple[str, ...]) -> bool:
    if kind == "yes_no":
        return isinstance(condition.equals, bool)
    if kind == "choice":
        return bool(condition.among) or isinstance(condition.equals, str)
    if kind == "choices":
        return bool(condition.has) or condition.only is not None
    return not told and not isinstance(condition.equals, bool)


def all_sources(law: Law) -> Iterator[tuple[str, str, Source, BaseModel]]:
    files: list[tuple[str, str, BaseModel]] = [
        *((f"rules/{name}.yaml", "", item) for name, item in law.benefits.items()),
        *((f"procedures/{name}.yaml", "", item) for name, item in law.procedures.items()),
        *(("parameters.yaml", name, item) for name, item in law.parameters.items()),
        *(("difficult_areas.yaml", str(item.since), item) for item in law.areas),
        *(("poverty.yaml", str(item.since), item) for item in law.poverty),
    ]
    for file, prefix, item in files:
        for key, source, owner in sources_in(item, prefix):
            yield file, key, source, owner


def check_law(law: Law) -> None:
    problems = problems_of(law)
    if problems:
        first = problems[0]
        raise BadRules(f"{first.file}: {first.key}: {first.reason}")


def unsure(law: Law) -> list[Doubt]:
    """Every figure and rule that was not read in the law itself, once per thing to confirm."""
    found: dict[str, Doubt] = {}
    for file, key, source, owner in all_sources(law):
        if source.tag in UNSURE and source.confirm:
            value = getattr(owner, "value", None)
            told = str(value) if value is not None else source.cited
            found.setdefault(
                f"{file}{source.confirm}", Doubt(file, key, told, source.tag, source.confirm)
            )
    return list(found.values())


@cache
def law_version() -> str:
    """A mark of the law files as they are: it changes with every change of them."""
    files = sorted(HERE.rglob("*.yaml"))
    return blake2b(b"".join(file.read_bytes() for file in files), digest_size=8).hexdigest()


@cache
def law() -> Law:
    """The law as shipped, read once and checked."""
    loaded = load_law()
    check_law(loaded)
    return loaded
