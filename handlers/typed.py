"""What people typed: without what no keyboard makes, and shown exactly as it was typed."""

from __future__ import annotations

import re
import unicodedata

_MARKUP = re.compile(r"\*(?=\*)")
_KEPT = "\n\t\u200d"  # line ends; the joiner that emoji are made with


def clean(text: str) -> str:
    """Drop control characters and broken halves of characters, which no database takes."""
    return "".join(
        char for char in text if char in _KEPT or unicodedata.category(char) not in ("Cc", "Cs")
    ).strip()


def as_typed(text: str) -> str:
    """Typed text inside a message of ours: its ``**`` stays as it is and makes nothing bold."""
    return _MARKUP.sub("*\u2060", text)
