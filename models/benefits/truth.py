"""Four answers of the law: yes, no, not known yet, and an officer must look.

``UNKNOWN`` waits for a fact and may become any of the others.  ``OFFICER`` waits for nothing: the
facts are there and the wording of the law does not settle them.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    OFFICER = "officer"


def all_of(truths: Iterable[Truth]) -> Truth:
    """One no settles it; then anything unknown keeps it open; then an officer must look."""
    seen = set(truths)
    for truth in (Truth.NO, Truth.UNKNOWN, Truth.OFFICER):
        if truth in seen:
            return truth
    return Truth.YES


def any_of(truths: Iterable[Truth]) -> Truth:
    """One yes settles it; then anything unknown keeps it open; then an officer must look."""
    seen = set(truths)
    for truth in (Truth.YES, Truth.UNKNOWN, Truth.OFFICER):
        if truth in seen:
            return truth
    return Truth.NO


def negate(truth: Truth) -> Truth:
    return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(truth, truth)


def truth(value: bool) -> Truth:  # noqa: FBT001  # a plain conversion
    return Truth.YES if value else Truth.NO
