"""What the work of villages goes by: groups at risk, days of review, spans of time."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from models.deadlines import schema, yaml_file
from models.deadlines.review import Unsure

Basis = Literal["consent", "duty"]
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")


class Group(schema.Entry):
    """One reason for which a household is looked after first."""

    id: str
    weight: int = Field(gt=0)
    sensitive: bool = False
    words: tuple[str, ...] = Field(min_length=1)


class Ground(schema.Cited):
    id: Basis


class Reviews(schema.Cited):
    """The days of every year on which lists are gone through."""

    days: tuple[str, ...] = Field(min_length=1)
    again_after_days: int = Field(gt=0)

    @field_validator("days")
    @classmethod
    def _are_days(cls, days: tuple[str, ...]) -> tuple[str, ...]:
        for one in days:
            if not (found := _MONTH_DAY.fullmatch(one)):
                raise ValueError(f"{one!r} is not a day such as 02-15")
            date(2023, int(found[1]), int(found[2]))
        if list(days) != sorted(set(days)):
            raise ValueError("days must be in order, each once")
        return days


class AtRisk(schema.Entry):
    """``at_risk.yaml``."""

    groups: tuple[Group, ...]
    bases: tuple[Ground, ...]
    reviews: Reviews

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        words = [word for group in self.groups for word in group.words]
        if len({group.id for group in self.groups}) != len(self.groups):
            raise ValueError("group ids must differ")
        if twice := {word for word in words if words.count(word) > 1}:
            raise ValueError(f"words of two groups: {sorted(twice)}")
        return self


class Verification(schema.Cited):
    """``verification.yaml``."""

    answer_within: dict[schema.Urgency, float]  # hours around the clock
    never_by_itself: tuple[str, ...]

    @field_validator("answer_within")
    @classmethod
    def _for_every_urgency(cls, hours: dict[str, float]) -> dict[str, float]:
        if set(hours) != set(schema.URGENCIES) or min(hours.values()) <= 0:
            raise ValueError("hours above 0 are needed for every urgency")
        return hours


@cache
def verification(folder: Path = yaml_file.DATA) -> Verification:
    """Read verification.yaml; raises ``BadFile``."""
    return yaml_file.read(folder / "verification.yaml", Verification)


class Roll(schema.Cited):
    """``rollcall.yaml``."""

    walk_after_minutes: int = Field(gt=0)
    ends_after_hours: int = Field(gt=0)
    fresh_hours: int = Field(ge=0)
    batch: int = Field(gt=0)


@cache
def roll(folder: Path = yaml_file.DATA) -> Roll:
    """Read rollcall.yaml; raises ``BadFile``."""
    return yaml_file.read(folder / "rollcall.yaml", Roll)


@cache
def at_risk(folder: Path = yaml_file.DATA) -> AtRisk:
    """Read at_risk.yaml; raises ``BadFile``."""
    return yaml_file.read(folder / "at_risk.yaml", AtRisk)


def weight(groups: tuple[str, ...]) -> int:
    """How much speaks for going to a household first."""
    return sum(group.weight for group in at_risk().groups if group.id in groups)


def last_review(today: date) -> date:
    """The newest day of review that is not after today."""
    days = [
        date(year, int(one[:2]), int(one[3:]))
        for year in (today.year - 1, today.year)
        for one in at_risk().reviews.days
    ]
    return max(day for day in days if day <= today)


def unsure(folder: Path = yaml_file.DATA) -> list[Unsure]:
    """List what a person must confirm before these rules can be relied on."""
    rules = at_risk(folder)
    found = [
        Unsure("at_risk.yaml", f"bases.{ground.id}", ground.source, ground.confirm)
        for ground in rules.bases
        if ground.certainty == "unsure"
    ]
    if rules.reviews.certainty == "unsure":
        days = ", ".join(rules.reviews.days)
        found.append(Unsure("at_risk.yaml", "reviews.days", days, rules.reviews.confirm))
    asks = verification(folder)
    if asks.certainty == "unsure":
        hours = ", ".join(f"{name} {span:g}" for name, span in asks.answer_within.items())
        found.append(Unsure("verification.yaml", "answer_within", hours, asks.confirm))
    call = roll(folder)
    if call.certainty == "unsure":
        spans = f"{call.walk_after_minutes} min, {call.ends_after_hours} h"
        found.append(Unsure("rollcall.yaml", "walk_after_minutes", spans, call.confirm))
    return found
