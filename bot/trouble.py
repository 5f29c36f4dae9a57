"""What kind of trouble an error is: the database's, a lost race, or our own."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

import asyncpg
from sqlalchemy import exc

RACES = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available
# Classes of SQLSTATE: connection, resources, operator intervention, system error.
AWAY = ("08", "53", "57", "58")
READ_ONLY = "25006"  # we are connected to what was the primary server


class Trouble(Enum):
    AWAY = auto()  # the database cannot be used now; what was tried is to be tried again
    RACE = auto()  # another transaction was in the way; it is through by now
    OURS = auto()  # trying again does not help


def kind(error: BaseException) -> Trouble:
    """Sort an error of SQLAlchemy, of asyncpg (the queue uses it directly), or any other."""
    for one in _chain(error):
        state = getattr(one, "sqlstate", None)
        if isinstance(state, str):
            if state in RACES:
                return Trouble.RACE
            return Trouble.AWAY if state.startswith(AWAY) or state == READ_ONLY else Trouble.OURS
        if isinstance(
            one, asyncpg.DataError
        ):  # a value it cannot send; an InterfaceError by birth
            return Trouble.OURS
        if isinstance(one, exc.DBAPIError) and one.connection_invalidated:
            return Trouble.AWAY
        if isinstance(one, asyncpg.InterfaceError | exc.TimeoutError | OSError):
            return Trouble.AWAY
    return Trouble.OURS


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give an error and what SQLAlchemy made it of, the innermost first: it knows best."""
    inner: BaseException | None = error.orig if isinstance(error, exc.DBAPIError) else None
    found = [error]
    while inner is not None:
        found.append(inner)
        inner = inner.__cause__
    yield from reversed(found)
