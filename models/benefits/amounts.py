"""Figures of a day, and the arithmetic of an amount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.benefits.conditions import Facts, Span
from models.benefits.load import Law
from models.benefits.schema import ParameterValue, Payment
from models.benefits.words import coefficient, money


@dataclass(frozen=True, slots=True)
class Amount:
    vnd: int | None  # None: goods, or not known
    arithmetic: str
    article: str
    minimum: bool = False
    multiple: Decimal | None = None
    quantity: int | None = None  # kg of rice in a month for everybody told
    rate: bool = False  # for one day, the number of days is not told


def value_on(law: Law, name: str, day: date) -> ParameterValue | None:
    """The dated figure in force, the province's own when it is the higher; None before it."""
    parameter = law.parameters[name]
    found = next((value for value in parameter.values if value.covers(day)), None)
    for other in law.parameters.values():
        if other.overrides == name:
            local = next((value for value in other.values if value.covers(day)), None)
            if local and local.value is not None and local.value > ((found and found.value) or 0):
                return local
    return found


def figure_on(law: Law, name: str, day: date) -> int | None:
    found = value_on(law, name, day)
    return found.value if found else None


def amount_of(law: Law, payment: Payment, facts: Facts, day: date) -> Amount | None:
    """The money of one payment; None while a number it needs is not known."""
    count: int | None = 1
    if payment.times is not None:
        told = facts.get(payment.times)
        if isinstance(told, Span) or told is None:
            if payment.coefficient is not None:
                return None
            count = None  # a rate a day: told without the number of days
        else:
            count = int(told) if isinstance(told, int) else None
    if payment.goods is not None:
        return _goods(payment, facts)
    if payment.fixed is not None:
        return _fixed(payment, count)
    figure = figure_on(law, payment.of, day)
    if figure is None or payment.coefficient is None or count is None:
        return None
    multiple = payment.coefficient * count
    total = int(figure * multiple)
    text = f"{money(figure)} × {coefficient(payment.coefficient)}"
    if payment.times is not None:
        text += f" × {count}"
    actual = facts.get(payment.floor_of) if payment.floor_of else None
    if isinstance(actual, int) and actual > total:
        return Amount(actual, f"chi phí thực tế {money(actual)} đồng (thấp nhất {text})",
                      payment.source.cited, minimum=False, multiple=None)  # fmt: skip
    return Amount(total, f"{text} = {money(total)} đồng", payment.source.cited,
                  payment.minimum, multiple)  # fmt: skip


def _goods(payment: Payment, facts: Facts) -> Amount:
    persons, months = facts.get("persons"), facts.get("months")
    quantity = None
    if payment.quantity is not None and isinstance(persons, int):
        quantity = payment.quantity * persons
        if isinstance(months, int):
            quantity *= min(months, 3)
    return Amount(None, payment.goods or "", payment.source.cited, quantity=quantity)


def _fixed(payment: Payment, count: int | None) -> Amount:
    fixed = payment.fixed or 0
    if payment.times is None or count is None:
        return Amount(
            fixed,
            f"{money(fixed)} đồng",
            payment.source.cited,
            payment.minimum,
            rate=count is None,
        )
    days = min(count, payment.times_at_most or count)
    text = f"{money(fixed)} × {days} = {money(fixed * days)} đồng"
    return Amount(fixed * days, text, payment.source.cited, payment.minimum)
