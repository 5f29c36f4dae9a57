"""What people can be told about, and the kinds of area a message can be aimed at: data files."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Self

from pydantic import model_validator

from models.deadlines import schema, yaml_file
from models.deadlines.review import Unsure
from models.places import COMMUNES

ALERT = "danger"  # the topic of alerts
COMMUNE = "commune"  # the topic of what communes tell their own people
WORDING = "2026-11-25"  # of what people are told when they choose; change it with the texts


class Topic(schema.Entry):
    id: str
    vi: str
    en: str
    required: bool = False
    by_default: bool = True

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.vi


class Topics(schema.Entry):
    """``topics.yaml``."""

    by_default: schema.Cited
    required: schema.Cited
    topics: tuple[Topic, ...]

    @model_validator(mode="after")
    def _has_ours(self) -> Self:
        ids = [topic.id for topic in self.topics]
        if len(ids) != len(set(ids)) or not {ALERT, COMMUNE} <= set(ids):
            raise ValueError(f"ids must differ, and {ALERT} and {COMMUNE} must be among them")
        return self


class Area(schema.Cited):
    id: str
    vi: str
    en: str
    communes: tuple[str, ...]
    complete: bool

    @model_validator(mode="after")
    def _are_communes(self) -> Self:
        if unknown := sorted(set(self.communes) - set(COMMUNES)):
            raise ValueError(f"unknown communes {unknown}")
        return self

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.vi


class Areas(schema.Entry):
    """``commune_areas.yaml``."""

    areas: tuple[Area, ...]


@cache
def topics(folder: Path = yaml_file.DATA) -> dict[str, Topic]:
    """Read topics.yaml; raises ``BadFile``."""
    return {one.id: one for one in yaml_file.read(folder / "topics.yaml", Topics).topics}


@cache
def areas(folder: Path = yaml_file.DATA) -> dict[str, Area]:
    """Read commune_areas.yaml; raises ``BadFile``."""
    return {one.id: one for one in yaml_file.read(folder / "commune_areas.yaml", Areas).areas}


def unsure(folder: Path = yaml_file.DATA) -> list[Unsure]:
    """List what a person must confirm before these files can be relied on."""
    ground = yaml_file.read(folder / "topics.yaml", Topics).by_default
    found = [Unsure("topics.yaml", "by_default", ground.source, ground.confirm)]
    return [one for one in found if ground.certainty == "unsure"] + [
        Unsure("commune_areas.yaml", f"areas.{area.id}", ", ".join(area.communes), area.confirm)
        for area in areas(folder).values()
        if area.certainty == "unsure"
    ]
