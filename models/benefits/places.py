"""Is a place on the list of especially difficult communes and villages of the day?"""

from __future__ import annotations

from datetime import date

from models.benefits.check import law


def in_difficult_area(commune: str, village: str | None, day: date) -> bool | None:
    """Look the place up; None: the list is not complete, so the person must be asked.

    ``commune`` is the five-digit code; a whole commune on the list covers its villages.
    """
    for areas in law().areas:
        if not areas.covers(day):
            continue
        for area in areas.areas:
            covered = area.covers(day) and area.commune == commune
            if covered and area.village in {None, village}:
                return True
        return False if areas.complete else None
    return None
