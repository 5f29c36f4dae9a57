"""What people typed: without what no keyboard makes, and shown exactly as it was typed."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"\*(?=\*)")
# all of category Cc but line ends, and of Cs; the joiner that emoji are made with is neither
_NO_KEYBOARD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """Drop control characters and broken halves of characters, which no database takes."""
    return _NO_KEYBOARD.sub("", text).strip()


def as_typed(text: str) -> str:
    """Typed text inside a message of ours: its ``**`` stays as it is and makes nothing bold."""
    return _MARKUP.sub("*\u2060", text)
