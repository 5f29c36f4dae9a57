"""Vietnamese telephone numbers."""

from __future__ import annotations

import re

# Mobile: 0 + 3/5/7/8/9 + 8 digits; fixed: 02 + 8 or 9 digits
# (Thông tư 22/2014/TT-BTTTT and the 2017–2018 conversion plans).
_NATIONAL = re.compile(r"(?:[35789]\d{8}|2\d{8,9})")
_INSIDE = re.compile(r"(?<!\d)(?:\+?84|0)(?:[\s.\-]?\d){9,10}(?!\d)")


def normalise(text: str) -> str | None:
    """Return ``+84…`` for a Vietnamese number however it is written, None for anything else."""
    digits = re.sub(r"[\s.\-()]", "", text.strip())
    for prefix in ("+84", "0084", "84", "0"):
        if digits.startswith(prefix):
            national = digits.removeprefix(prefix).removeprefix("0")
            return f"+84{national}" if _NATIONAL.fullmatch(national) else None
    return None


def find(text: str) -> str | None:
    """Return the first Vietnamese number inside a sentence."""
    for match in _INSIDE.finditer(text):
        if (number := normalise(match.group())) is not None:
            return number
    return None


def shown(number: str) -> str:
    """``+84912345678`` as people write it: ``0912 345 678``."""
    national = "0" + number.removeprefix("+84")
    return f"{national[:4]} {national[4:7]} {national[7:]}"


def masked(number: str) -> str:
    return f"{shown(number)[:4]} … {number[-2:]}"
