"""Which promise or legal limit applies to a kind of case, by date of receipt."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from models.deadlines import schema, yaml_file

LastDayOff = Literal["counts", "next_working_day"]


class NotInForce(LookupError):
    """No version of the promises covers the day."""


class Term(schema.Entry):
    """How long one clock runs, and who says so."""

    unit: schema.Unit
    amount: float = Field(gt=0)
    basis: Literal["law", "promise"]
    text_source: str | None = None  # article and document
    last_day_off: LastDayOff = "counts"  # calendar_days only

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.basis == "law") != (self.text_source is not None):
            raise ValueError("law needs a text_source, a promise has none")
        if self.unit.endswith("_days") and self.amount != int(self.amount):
            raise ValueError(f"{self.unit} are whole days")
        if self.last_day_off != "counts" and self.unit != "calendar_days":
            raise ValueError("last_day_off is for calendar_days")
        return self


class Row(schema.Entry):
    """The two clocks of some kinds at some urgencies."""

    kinds: tuple[str, ...] = Field(min_length=1)
    urgencies: tuple[schema.Urgency, ...] = Field(min_length=1)
    take: Term
    answer: Term


class Mention(schema.Entry):
    """A legal limit that runs beside the promise, from another paper than the report."""

    kind: str
    unit: schema.Unit
    amount: float = Field(gt=0)
    counted_from: str  # in Vietnamese
    text_source: str


class PromiseVersion(schema.Dated):
    """What was promised, or fixed by law, from one day to another."""

    rows: tuple[Row, ...]
    mentions: tuple[Mention, ...] = ()


class PromiseFile(schema.Entry):
    """``promises.yaml``: every kind and urgency has exactly one row in every version."""

    kinds: tuple[str, ...]
    versions: tuple[PromiseVersion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _every_pair_once(self) -> Self:
        schema.no_overlap(self.versions, gaps=False)
        wanted = {(kind, urgency) for kind in self.kinds for urgency in schema.URGENCIES}
        for version in self.versions:
            seen: set[tuple[str, str]] = set()
            for row in version.rows:
                pairs = {(kind, urgency) for kind in row.kinds for urgency in row.urgencies}
                for problem, bad in (("twice", pairs & seen), ("unknown", pairs - wanted)):
                    if bad:
                        raise ValueError(f"version {version.since}: {min(bad)} is {problem}")
                seen |= pairs
            if missing := wanted - seen:
                raise ValueError(f"version {version.since}: {min(missing)} has no row")
            if unknown := {mention.kind for mention in version.mentions} - set(self.kinds):
                raise ValueError(f"version {version.since}: mention of unknown {min(unknown)}")
        return self


@dataclass(frozen=True, slots=True)
class Promises:
    """The version in force on a day: a row for every (kind, urgency)."""

    version: str
    rows: dict[tuple[str, str], Row]
    mentions: tuple[Mention, ...]


@cache
def read(folder: Path = yaml_file.DATA) -> PromiseFile:
    """Read promises.yaml; raises ``BadFile``."""
    return yaml_file.read(folder / "promises.yaml", PromiseFile)


@cache
def _spans(folder: Path) -> tuple[tuple[date, date, Promises], ...]:
    digest = hashlib.sha256((folder / "promises.yaml").read_bytes()).hexdigest()[:12]
    return tuple(
        (
            version.since,
            version.to,
            Promises(
                version=f"{version.since}/{digest}",
                rows={
                    (kind, urgency): row
                    for row in version.rows
                    for kind in row.kinds
                    for urgency in row.urgencies
                },
                mentions=version.mentions,
            ),
        )
        for version in read(folder).versions
    )


def in_force(day: date, folder: Path = yaml_file.DATA) -> Promises:
    """Find the promises in force on the day of receipt (in Vietnam).

    Raises:
        NotInForce: the day is before the first version.
        BadFile: promises.yaml cannot be used.
    """
    for since, to, promises in _spans(folder):
        if since <= day <= to:
            return promises
    raise NotInForce(f"promises.yaml has no version for {day}")


def mentions(kinds: Collection[str], day: date) -> tuple[Mention, ...]:
    """List the legal limits to tell beside the promise for these kinds, on the day of receipt.

    Raises:
        NotInForce: the day is before the first version.
    """
    return tuple(mention for mention in in_force(day).mentions if mention.kind in kinds)
