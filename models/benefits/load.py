"""Reading the law files: everything is checked before anything is decided."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from models.benefits.schema import (
    AreaList,
    Benefit,
    Document,
    FactDef,
    Parameter,
    PovertyStandard,
    Procedure,
    Window,
)

HERE = Path(__file__).parent
COVERED_SINCE = date(2021, 7, 1)
Model = TypeVar("Model", bound=BaseModel)


class BadRules(ValueError):
    """A law file cannot be used; the message names file, key and reason."""


class _UniqueKeys(yaml.SafeLoader):
    """YAML that refuses a repeated key and a key that is not text."""


def _mapping(loader: _UniqueKeys, node: yaml.MappingNode) -> dict[Hashable, object]:
    seen: dict[Hashable, object] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise BadRules(f"line {line}: key {key!r} is not text (yes, no, on, off need quotes)")
        if key in seen:
            raise BadRules(f"line {line}: key {key} is repeated")
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@dataclass(frozen=True)
class Law:
    benefits: Mapping[str, Benefit]
    procedures: Mapping[str, Procedure]
    parameters: Mapping[str, Parameter]
    areas: tuple[AreaList, ...]
    poverty: tuple[PovertyStandard, ...]
    documents: Mapping[str, Document]
    facts: Mapping[str, FactDef]


def read(path: Path) -> object:
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_UniqueKeys)  # noqa: S506  # a SafeLoader
    except (BadRules, yaml.YAMLError) as error:
        raise BadRules(f"{path.name}: {error}") from error


def fit(model: type[Model], data: object, name: str) -> Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "(whole)"
        raise BadRules(f"{name}: {where}: {first['msg']}") from error


def contiguous(windows: Sequence[Window], name: str, since: date) -> None:
    """Refuse an overlap, a gap, or a wrong order among dated versions, newest first."""
    if not windows:
        raise BadRules(f"{name}: no versions")
    oldest = windows[-1]
    if oldest.since != since:
        raise BadRules(f"{name}: starts on {oldest.since}, expected {since}")
    if windows[0].to is not None:
        raise BadRules(f"{name}: the newest version ends on {windows[0].to}; what comes after?")
    for newer, older in pairwise(windows):
        if newer.since <= older.since:
            raise BadRules(f"{name}: {newer.since} is listed before {older.since}: newest first")
        if older.to is None or older.to >= newer.since:
            raise BadRules(f"{name}: the version of {older.since} runs into {newer.since}")
        if older.to != newer.since - timedelta(days=1):
            raise BadRules(f"{name}: nothing covers {older.to + timedelta(days=1)}")


def _each(folder: Path, model: type[Model]) -> Iterator[tuple[Path, Model]]:
    for path in sorted(folder.glob("*.yaml")):
        yield path, fit(model, read(path), path.name)


def _list(folder: Path, name: str, model: type[Model]) -> tuple[Model, ...]:
    path = folder / name
    data = read(path)
    if not isinstance(data, list):
        raise BadRules(f"{name}: a list is expected")
    return tuple(fit(model, item, f"{name}[{place}]") for place, item in enumerate(data))


def _by_id(items: Iterable[Model], name: str) -> dict[str, Model]:
    found: dict[str, Model] = {}
    for item in items:
        key = str(getattr(item, "id", ""))
        if key in found:
            raise BadRules(f"{name}: {key} is defined twice")
        found[key] = item
    return found


def load_law(folder: Path = HERE) -> Law:
    benefits: list[Benefit] = []
    for path, benefit in _each(folder / "rules", Benefit):
        if path.stem != benefit.id:
            raise BadRules(f"{path.name}: id: {benefit.id} should be the file's name")
        contiguous(benefit.versions, path.name, COVERED_SINCE)
        benefits.append(benefit)
    procedures: list[Procedure] = []
    for path, procedure in _each(folder / "procedures", Procedure):
        contiguous(procedure.versions, path.name, COVERED_SINCE)
        procedures.append(procedure)
    parameters = _list(folder, "parameters.yaml", Parameter)
    for parameter in parameters:
        contiguous(parameter.values, f"parameters.yaml: {parameter.id}", parameter.starts)
    poverty = _list(folder, "poverty.yaml", PovertyStandard)
    contiguous(poverty, "poverty.yaml", poverty[-1].since)
    return Law(
        benefits=_by_id(benefits, "rules"),
        procedures=_by_id(procedures, "procedures"),
        parameters=_by_id(parameters, "parameters.yaml"),
        areas=_list(folder, "difficult_areas.yaml", AreaList),
        poverty=poverty,
        documents=_by_id(_list(folder, "documents.yaml", Document), "documents.yaml"),
        facts=_by_id(_list(folder, "facts.yaml", FactDef), "facts.yaml"),
    )
