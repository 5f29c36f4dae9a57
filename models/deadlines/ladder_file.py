"""What may stand in ladder.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from models.deadlines import schema, yaml_file

ClockName = Literal["take", "answer"]
Who = Literal["on_duty", "assigned", "leader", "province", "citizen"]
Hours = Literal["any", "waking", "working"]
Manned = Literal["everyone", "rostered"]
USUAL = "usual"


class RungRule(schema.Entry):
    """One notice, and how often it is repeated."""

    id: str
    at: float = Field(gt=0, le=10)  # share of the clock that has run
    to: tuple[Who, ...] = Field(min_length=1)
    hours: Hours
    every: float | None = Field(None, gt=0)  # share of the clock
    times: int = Field(0, ge=0, le=50)  # more
    until: Literal["acknowledged"] | None = None

    @model_validator(mode="after")
    def _repeated_or_not(self) -> Self:
        if (self.every is None) != (self.times == 0):
            raise ValueError(f"{self.id}: every and times go together")
        return self

    def shares(self) -> list[tuple[str, float]]:
        """The notice and its repetitions: id of each, and when."""
        again = [
            (f"{self.id}_{n + 1}", self.at + n * (self.every or 0))
            for n in range(1, self.times + 1)
        ]
        return [(self.id, self.at), *again]


class DutyRule(schema.Entry):
    """Who is on duty in and outside working hours."""

    office_hours: Manned
    other_hours: Manned


class Mode(schema.Entry):
    """How a commune rings: on quiet days, in a storm."""

    on_duty: DutyRule
    any_hour_urgencies: tuple[schema.Urgency, ...]
    any_hour_units: tuple[schema.Unit, ...]
    waking: Annotated[schema.Shift, BeforeValidator(schema.read_shift)]
    before_closing: int = Field(ge=0)  # minutes
    take: tuple[RungRule, ...]
    answer: tuple[RungRule, ...]

    @model_validator(mode="after")
    def _climbs(self) -> Self:
        ids = [name for rule in (*self.take, *self.answer) for name, _ in rule.shares()]
        if len(set(ids)) != len(ids):
            raise ValueError("rung ids must differ")
        for clock in (self.take, self.answer):
            if [rule.at for rule in clock] != sorted(rule.at for rule in clock):
                raise ValueError("rungs must climb")
        return self


class LadderFile(schema.Entry):
    """``ladder.yaml``."""

    duty_day_from: Annotated[int, BeforeValidator(schema.read_time)]  # minutes after midnight
    modes: dict[str, Mode]

    @model_validator(mode="after")
    def _usual(self) -> Self:
        if USUAL not in self.modes:
            raise ValueError("modes needs usual")
        return self


@cache
def read(folder: Path = yaml_file.DATA) -> LadderFile:
    """Read ladder.yaml; raises ``BadFile``."""
    return yaml_file.read(folder / "ladder.yaml", LadderFile)


def mode(name: str = USUAL) -> Mode:
    """Give the rules of a mode; one the file no longer has is as usual."""
    modes = read().modes
    return modes.get(name, modes[USUAL])
