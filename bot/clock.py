"""The clock.  It is read here and handed on; nothing below ``bot`` asks for the time."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time, aware, UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place
