"""What changes while a commune is in storm mode."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from models.deadlines import schema, yaml_file
from models.deadlines.ladder_file import mode
from models.deadlines.review import Unsure


class StormRules(schema.Cited):
    """``storm.yaml``."""

    mode: str
    report_skips: tuple[str, ...]
    offered_hours: tuple[int, ...] = Field(min_length=1)
    most_hours: int = Field(gt=0)
    batch: int = Field(gt=0)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if max(self.offered_hours) > self.most_hours or min(self.offered_hours) < 1:
            raise ValueError("offered_hours must lie between 1 and most_hours")
        if mode(self.mode) is mode():
            raise ValueError(f"ladder.yaml has no mode {self.mode}")
        return self


@cache
def rules(folder: Path = yaml_file.DATA) -> StormRules:
    """Read storm.yaml; raises ``BadFile``."""
    return yaml_file.read(folder / "storm.yaml", StormRules)


def unsure(folder: Path = yaml_file.DATA) -> list[Unsure]:
    """List what a person must confirm before these rules can be relied on."""
    read = rules(folder)
    if read.certainty != "unsure":
        return []
    return [Unsure("storm.yaml", "report_skips", ", ".join(read.report_skips), read.confirm)]
