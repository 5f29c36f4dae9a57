"""Figures and days as people write them here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


def money(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def coefficient(value: Decimal) -> str:
    text = f"{value.normalize():f}"
    return (text if "." in text else f"{text}.0").replace(".", ",")


def day_of(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
