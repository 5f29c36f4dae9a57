"""A line of a list taken apart: its number, its fields, and what is to be read from them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from typing import Any

from handlers.lists.words import either, load
from models.text import fold


@dataclass(frozen=True, slots=True)
class Line:
    """A household as a line tells of it."""

    text: str = ""  # as it was written
    head: str = ""
    people: int | None = None
    kinds: tuple[str, ...] = ()
    poverty: str | None = None
    phone: str | None = None
    vulnerable: str = ""
    address: str = ""
    danger: bool = False
    child: bool = False
    wrong: tuple[str, ...] = ()  # why it cannot be filed: ids of ``saying.WRONG``
    odd: tuple[str, ...] = ()  # what was left out of a line that can: ids of ``saying.ODD``
    parts: tuple[str, ...] = field(default=(), repr=False)  # for «như trên» in the next line

    def packed(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in ("", None, ())}

    @classmethod
    def unpacked(cls, stored: dict[str, Any]) -> Line:
        known = {one.name for one in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in stored.items()
            if name in known
        }
        return cls(**values)


_NUMBERED = re.compile(
    r"^\s*(?:stt[ .:]*|hộ số |hộ thứ )?[(\[]?(\d{1,3})\s*[.):/\]\t-]+(?:\s+|(?!\d))", re.IGNORECASE
)
_NUMBERED_BARE = re.compile(
    r"^\s*(\d{1,3})\s+(?=[^\W\d])(?!(?:khau|khẩu|nguoi|người|nk)\b)", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*[-–—•*+·●▪✓>]+\s*")
SPLIT = re.compile(
    r"\s*[;\t|\n]\s*|\s*,(?!\d)\s*|(?<!\d),\s*|\s+[-–—]+\s*(?=\S)|(?<=\S)\s*[-–—]+\s+|\s*[=→]>?\s*"
    r"|(?<=[^\W\d])\s*/\s*(?=[^\W\d])|(?<=[^\W\d]{3})\.\s+|(?<=[^\W\d])\.(?=[^\W\d]{3})"
)
LABELS = re.compile(rf"\b{either(load()['label'])}\s*:\s*", re.IGNORECASE)


@cache
def _letter(char: str) -> str:
    plain = fold(char)
    return plain if len(plain) == 1 else " "


def flat(text: str) -> str:
    """Fold letter by letter, so that a place in one text is the same place in the other."""
    return "".join(map(_letter, text))


def number_of(text: str) -> tuple[int | None, str]:
    """The number a line carries in front, and the line without it and without bullets."""
    text = _BULLET.sub("", text)
    found = _NUMBERED.match(text) or _NUMBERED_BARE.match(text)
    if found is None:
        return None, text.strip()
    return int(found[1]), _BULLET.sub("", text[found.end() :]).strip()


def kept_of(label: str) -> str:
    """Of a label only what a bare value would not say."""
    said = flat(label)
    return "khẩu " if "khau" in said else "hộ nghèo " if "ho ngheo" in said else ""
