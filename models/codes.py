"""Case codes: short, unmistakable when read out on the telephone, with a check character.

``QN-7K3M-9``: the province, four or more characters, one check character.  The alphabet has 31
characters, a prime, and every place has its own weight, so one wrong character and two swapped
neighbours are always noticed.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L
PREFIX = "QN"
_VALUE = {char: value for value, char in enumerate(ALPHABET)}
# Separators are optional; characters outside the alphabet are let in, so that the check can say
# that the code is mistyped instead of taking it for something else.
_LENGTHS = (4, 5, 6)
_LIKE = [
    re.compile(
        rf"(?<![A-Z0-9])QN[\s.\-–]*([A-Z0-9]{{{length}}})[\s.\-–]*([A-Z0-9])(?![.\-–]?[A-Z0-9])"
    )
    for length in _LENGTHS
]
_BARE = re.compile(r"([A-Z0-9]{4,6})[\s.\-–]*([A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Found:
    """What looks like a code; ``code`` is None when the check character does not agree."""

    typed: str
    code: str | None


def new(length: int = 4) -> str:
    """Draw a code at random; the caller sees to it that it is not taken."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return f"{PREFIX}-{body}-{check(body)}"


def check(body: str) -> str:
    total = sum((place + 2) * _VALUE[char] for place, char in enumerate(body))
    return ALPHABET[-total % len(ALPHABET)]  # all places and the check itself (weight 1) sum to 0


def find(text: str) -> Found | None:
    """Find a code inside a text, in any case, with or without dashes and spaces."""
    found = [_found(match) for like in _LIKE for match in like.finditer(text.upper())]
    # «QN 7K3M9 5 triệu»: of several readings the one that agrees with its check character
    return next((one for one in found if one.code), found[0] if found else None)


def read(text: str) -> Found | None:
    """Read a text that is meant to be a code; the province's letters may be missing."""
    match = _BARE.fullmatch(text.strip().upper())
    return find(text) or (_found(match) if match else None)


def _found(match: re.Match[str]) -> Found:
    body, given = match.group(1), match.group(2)
    good = all(char in _VALUE for char in body) and check(body) == given
    return Found(match.group(), f"{PREFIX}-{body}-{given}" if good else None)
