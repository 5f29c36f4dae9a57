"""Local moments, short to write."""

from datetime import datetime

from models.deadlines.calendar import ZONE


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
