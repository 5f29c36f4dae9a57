"""The words of lists, from ``words.yaml``, as patterns over folded text."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

BOUND = "(?<![a-z0-9]){}(?![a-z0-9])"


@cache
def load() -> dict[str, Any]:
    text = (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def either(patterns: list[str]) -> str:
    """One of some patterns; ``<stock>`` and ``<lost>`` stand for their words."""
    rule = f"(?:{'|'.join(patterns)})"
    for name in ("stock", "lost"):
        rule = rule.replace(f"<{name}>", f"(?:{'|'.join(load()[name])})")
    return rule


def whole(patterns: list[str]) -> re.Pattern[str]:
    """The same, as whole words."""
    return re.compile(BOUND.format(either(patterns)))
