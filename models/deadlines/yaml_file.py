"""Read one YAML data file strictly: plain scalars, no repeated key, no unknown key.

PyYAML follows YAML 1.1, where ``on`` is true, ``12:30`` is 750 and a repeated key silently wins;
here only true/false, decimal numbers and dates are anything but text.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

DATA = Path(__file__).parents[1] / "data"

_Model = TypeVar("_Model", bound=BaseModel)


class BadFile(ValueError):
    """A data file cannot be used; the message names file, key and reason."""

    def __init__(self, path: Path, key: str, reason: str) -> None:
        super().__init__(f"{path.name}: {key}: {reason}")


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - as in PyYAML

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise _refused(f"key {key.value} is repeated", key)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def _refused(reason: str, node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, reason, node.start_mark)


def _plain_date(loader: _Loader, node: yaml.ScalarNode) -> date:
    try:
        return date.fromisoformat(loader.construct_scalar(node))
    except ValueError as error:
        raise _refused(f"{node.value}: {error}", node) from error


for _tag, _pattern, _first in (
    ("null", r"null|~|", ("n", "~", "")),
    ("bool", r"true|false", ("t", "f")),
    ("float", r"-?[0-9]+\.[0-9]+", tuple("-0123456789")),
    ("int", r"-?(?:0|[1-9][0-9]*)", tuple("-0123456789")),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", tuple("0123456789")),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first)
    )
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _plain_date)


def read(path: Path, model: type[_Model]) -> _Model:
    """Read one file as ``model``.

    Raises:
        BadFile: not YAML, a repeated or unknown key, or a value the model refuses.
    """
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise BadFile(
            path, f"line {mark.line + 1}" if mark else "file", str(error.problem)
        ) from error
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "file"
        raise BadFile(path, key, first["msg"].removeprefix("Value error, ")) from error
