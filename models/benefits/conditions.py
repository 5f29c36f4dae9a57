"""Putting the conditions of a law to the facts of one person, in four values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from models.benefits.schema import Condition
from models.benefits.truth import Truth, all_of, any_of, negate, truth


@dataclass(frozen=True, slots=True)
class Span:
    """A whole number known only to lie between two bounds, both possible."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Options:
    """A choice known only to be one of these."""

    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Child:
    """A child somebody is raising; ``None`` is not known."""

    birth_date: date | None = None
    birth_year: int | None = None
    studying: bool | None = None
    age: int | None = None  # full years on the day it was told


Value: TypeAlias = bool | int | str | date | frozenset[str] | Span | Options | tuple[Child, ...]
Facts: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that decided: what the law asks, where, and the fact that met it or did not."""

    say: str
    article: str
    truth: Truth
    fact: str | None = None
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    truth: Truth
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()  # facts that are not known and could still decide


@dataclass(frozen=True, slots=True)
class Scope:
    """What the conditions may look at: facts, and the figures of the day."""

    facts: Facts
    figure: Callable[[str], int | None]
    benefit: Callable[[str], Finding]  # what the conditions of another benefit say


def find(condition: Condition, scope: Scope, article: str) -> Finding:
    """Evaluate; ``article`` is what a part cites when it names none of its own."""
    article = condition.article or article
    if condition.fact is not None:
        return _test(condition, scope, article)
    if condition.benefit is not None:
        return _named(condition, scope.benefit(condition.benefit), article)
    settles = Truth.NO if condition.every is not None else Truth.YES
    parts: list[Finding] = []
    for part in condition.parts:
        found = find(part, scope, article)
        if found.truth is settles:
            break
        parts.append(found)
    else:
        found = _join(parts, all_of if condition.every is not None else any_of)
    if condition.neither is not None:
        found = Finding(negate(found.truth), found.reasons, found.missing)
    return _named(condition, found, article)


def _join(parts: list[Finding], join: Callable[[Iterable[Truth]], Truth]) -> Finding:
    """Nothing settled it alone: keep every part that has the result."""
    result = join(part.truth for part in parts)
    chosen = [part for part in parts if part.truth is result]
    return Finding(
        result,
        tuple(dict.fromkeys(reason for part in chosen for reason in part.reasons)),
        tuple(dict.fromkeys(fact for part in chosen for fact in part.missing)),
    )


def _named(condition: Condition, found: Finding, article: str) -> Finding:
    """A composite with words of its own answers in those words; ``any`` only to say no."""
    if condition.say is None or found.truth in {Truth.OFFICER, Truth.UNKNOWN}:
        return found
    if condition.some is not None and found.truth is Truth.YES:
        return found
    first = found.reasons[0] if found.reasons else None
    value = (first.fact, first.value) if first else (None, None)
    return Finding(
        found.truth, (Reason(condition.say, article, found.truth, *value),), found.missing
    )


def _test(condition: Condition, scope: Scope, article: str) -> Finding:
    fact = condition.fact or ""
    value = scope.facts.get(fact)
    if value is None:
        return Finding(Truth.UNKNOWN, (), (fact,))
    result = _answer(condition, value, scope)
    if result is Truth.UNKNOWN:
        return Finding(Truth.UNKNOWN, (), (fact,))
    say = condition.say or fact
    if result is Truth.OFFICER:
        say = condition.unclear_say or say
    return Finding(result, (Reason(say, article, result, fact, value),))


def _answer(condition: Condition, value: Value, scope: Scope) -> Truth:
    if isinstance(value, frozenset):
        wanted = condition.has if condition.has is not None else condition.only or ()
        if condition.has is not None:
            return truth(not value.isdisjoint(wanted))
        return truth(value <= frozenset(wanted))
    if isinstance(value, bool):
        return truth(value is condition.equals)
    if isinstance(value, str | Options):
        return _choice(condition, value)
    if isinstance(value, int | Span):
        return _number(condition, value, scope)
    raise TypeError(f"fact {condition.fact}: {value!r} cannot be tested")


def _choice(condition: Condition, value: str | Options) -> Truth:
    possible = value.values if isinstance(value, Options) else frozenset({value})
    wanted = frozenset(condition.among or (str(condition.equals),))
    answers = set[Truth]()
    for option in possible:
        if option in wanted:
            answers.add(Truth.YES)
        else:
            answers.add(Truth.OFFICER if option in condition.unclear else Truth.NO)
    return answers.pop() if len(answers) == 1 else Truth.UNKNOWN


def _number(condition: Condition, value: int | Span, scope: Scope) -> Truth:
    low, high = (value, value) if isinstance(value, int) else (value.low, value.high)
    if condition.at_least is not None:
        return _between(low >= condition.at_least, high < condition.at_least)
    below = condition.below
    if condition.below_parameter is not None:
        below = scope.figure(condition.below_parameter)
    elif condition.at_most is not None:
        below = condition.at_most + 1
    elif condition.equals is not None:
        return _between(low == high == condition.equals, not low <= int(condition.equals) <= high)
    if below is None:
        return Truth.OFFICER
    return _between(high < below, low >= below)


def _between(surely: bool, surely_not: bool) -> Truth:  # noqa: FBT001  # two bounds
    if surely:
        return Truth.YES
    return Truth.NO if surely_not else Truth.UNKNOWN
