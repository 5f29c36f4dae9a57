"""The card of one benefit: who, how much, on which law, papers, where, how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.benefits.amounts import figure_on
from models.benefits.check import law
from models.benefits.engine import version_on
from models.benefits.schema import Benefit, Condition, Payment
from models.benefits.words import money


@dataclass(frozen=True, slots=True)
class Card:
    benefit: str
    title: str
    who: tuple[str, ...]
    how_much: tuple[str, ...]
    article: str
    papers: tuple[str, ...]
    where: str
    decides: str
    limit: str
    limit_article: str
    limit_working_days: int | None
    paid_from: str
    before_month_end: bool
    not_checked: tuple[str, ...]
    considered: bool  # the decree says "được xem xét"
    closed: str = ""  # why there is nothing to get on this day


def catalogue(life: str, day: date) -> tuple[Benefit, ...]:
    """List the benefits of one life situation that exist on the day."""
    found = []
    for benefit in law().benefits.values():
        version = version_on(benefit, day)
        if life in benefit.life and version is not None and version.absent is None:
            found.append(benefit)
    return tuple(found)


def card(name: str, day: date) -> Card | None:
    """Make the card of a benefit; None for a day the law files do not cover."""
    benefit = law().benefits[name]
    version = version_on(benefit, day)
    versions = law().procedures[benefit.procedure].versions
    procedure = next((item for item in versions if item.covers(day)), None)
    if version is None or procedure is None:
        return None
    opened = version.absent or version.officer
    source = version.source or (opened.source if opened else None)
    return Card(
        benefit.id,
        benefit.title,
        tuple(_who(version.when)) if version.when else (),
        tuple(_how_much(payment, benefit, day) for payment in version.pays),
        source.cited if source else "",
        version.papers,
        procedure.where,
        procedure.decides,
        procedure.limit_say,
        procedure.source.cited,
        procedure.limit_working_days,
        version.paid_from or procedure.paid_from,
        procedure.before_month_end,
        (*benefit.not_checked, *version.not_checked),
        benefit.considered,
        opened.say if opened else "",
    )


def _who(condition: Condition) -> Iterator[str]:
    """One line for each thing that must hold; alternatives on one line."""
    if condition.every is not None and condition.say is None:
        for part in condition.every:
            yield from _who(part)
    else:
        yield _line(condition)


def _line(condition: Condition) -> str:
    if condition.say is not None:
        return condition.say
    parts = [_line(part) for part in condition.parts]
    if condition.every is not None:
        return " và ".join(parts)
    joined = "; hoặc ".join(parts)
    return f"không thuộc: {joined}" if condition.neither is not None else joined


def _how_much(payment: Payment, benefit: Benefit, day: date) -> str:
    figure = figure_on(law(), payment.of, day)
    if payment.coefficient is None or figure is None:
        return payment.say
    least = "từ " if payment.minimum else ""
    return f"{payment.say}: {least}{money(int(figure * payment.coefficient))} đồng/{benefit.per}"
