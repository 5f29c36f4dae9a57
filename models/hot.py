"""The hot path: Core statements compiled once and run on asyncpg directly.

One incoming message costs six statements.  Through SQLAlchemy's own execution each takes 200 to
550 µs of this process; compiled once and handed to the driver the same statement takes 85 µs
(docs/decisions/0004).  Everything else uses SQLAlchemy as usual, on the same connection and in
the same transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.sql import ClauseElement
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine

from models.bell import AT_ONCE, LATER, NOTIFY, Bell
from models.vault import Sealed

_DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
_SEALED = Sealed()
MOST_HELD = 10  # connections of one process kept for incoming messages


class Hot:
    """One Core statement; bound parameters are given by name, as to SQLAlchemy."""

    def __init__(self, statement: ClauseElement, *, opens: Sequence[str] = ()) -> None:
        """Compile a statement; ``opens`` names the sealed columns that ``rows`` gives opened."""
        self._opens = opens
        compiled = statement.compile(dialect=_DIALECT)
        self.sql = str(compiled)
        binds = [(name, compiled.binds[name]) for name in compiled.positiontup or ()]  # type: ignore[attr-defined]
        self._binds = [(name, bind.value, _writer(bind.type)) for name, bind in binds]

    def _arguments(self, values: Mapping[str, Any]) -> list[Any]:
        return [
            values.get(name, default) if write is None else write(values.get(name, default))
            for name, default, write in self._binds
        ]

    async def run(self, db: AsyncConnection, **values: Any) -> None:  # noqa: ANN401 - column values
        await driver(db).execute(self.sql, *self._arguments(values))

    async def run_all(self, db: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run once for each row, in one round trip."""
        raw = driver(db)
        if len(rows) == 1:
            await raw.execute(self.sql, *self._arguments(rows[0]))
        else:
            await raw.executemany(self.sql, [self._arguments(row) for row in rows])

    async def row(self, db: AsyncConnection, **values: Any) -> dict[str, Any] | None:  # noqa: ANN401
        """Fetch the first row; sealed columns come as bytes unless ``opens`` names them."""
        found = await driver(db).fetchrow(self.sql, *self._arguments(values))
        return self._read(found) if found is not None else None

    async def rows(self, db: AsyncConnection, **values: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        found = await driver(db).fetch(self.sql, *self._arguments(values))
        return [self._read(row) for row in found]

    def _read(self, record: Mapping[str, Any]) -> dict[str, Any]:
        row = dict(record)
        for name in self._opens:
            row[name] = opened(row[name])
        return row


def _writer(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """What turns a value of a column into what the driver takes, where that is not the same."""
    if isinstance(kind, TypeDecorator):
        return partial(_bound, kind)
    return json.dumps if isinstance(kind, JSON) else None


def _bound(kind: TypeDecorator[Any], value: object) -> object:
    return kind.process_bind_param(value, _DIALECT)


def sealed(value: dict[str, Any] | None) -> bytes | None:
    return _SEALED.process_bind_param(value, _DIALECT)


def opened(sealed: bytes | None) -> dict[str, Any] | None:
    return _SEALED.process_result_value(sealed, _DIALECT)


def parsed(value: object) -> Any:  # noqa: ANN401 - JSON
    """JSON as Python, whether or not the connection decoded it already."""
    return json.loads(value) if isinstance(value, str | bytes) else value


def driver(db: AsyncConnection) -> Any:  # noqa: ANN401 - asyncpg carries no types
    """Return the asyncpg connection under SQLAlchemy's, inside its transaction.

    Raises:
        RuntimeError: no transaction has begun.  SQLAlchemy begins one only with its own first
            statement, so what ran here before it would be committed by itself.
    """
    below = db.sync_connection
    raw = below.connection.driver_connection if below is not None else None
    if raw is None or not raw.is_in_transaction():
        raise RuntimeError("a hot statement needs a transaction: see models.hot.Held")
    return raw


def autocommit(engine: AsyncEngine) -> AsyncEngine:
    """The same pool, with transactions left to ``Held``."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


class Held:
    """Connections that stay open between messages: opening one costs as much as a statement.

    At most half of the engine's pool, so that jobs are never left without.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = autocommit(engine)
        self._idle: list[_Open] = []
        pool = engine.pool
        size = pool.size() if isinstance(pool, AsyncAdaptedQueuePool) else 2
        self._room = asyncio.Semaphore(max(1, min(MOST_HELD, size // 2)))
        self.bell = Bell(self._notify)

    def transaction(self) -> _Transaction:
        """Begin on the driver, so that hot statements and SQLAlchemy's share one transaction.

        SQLAlchemy neither begins nor commits here: its connection is in autocommit.  A connection
        on which anything failed is given back.  Workers hear of new jobs after the commit.
        """
        return _Transaction(self)

    async def take(self) -> _Open:
        """Wait for a connection, and for room for one more."""
        await self._room.acquire()
        try:
            return self._idle.pop() if self._idle else await self._open()
        except BaseException:
            self._room.release()
            raise

    def keep(self, one: _Open) -> None:
        """Take a connection back that is as it was."""
        self._idle.append(one)
        self._room.release()

    async def _open(self) -> _Open:
        db = await self._engine.connect()
        try:
            raw: Any = (await db.get_raw_connection()).driver_connection
            await raw.execute(LATER)
        except BaseException:
            await db.invalidate()
            await db.close()
            raise
        return _Open(db, raw)

    async def give_back(self, one: _Open) -> None:
        """Roll back and return a connection; all of them when the server is gone.

        A connection that cannot be rolled back is thrown away: nobody must find the transaction
        of somebody else on it.
        """
        await asyncio.shield(self._give_back(one))  # whoever is cancelled meanwhile, it is done

    async def _give_back(self, one: _Open) -> None:
        clean = False
        with contextlib.suppress(Exception):
            await one.raw.execute(f"ROLLBACK; {AT_ONCE}")
            clean = not one.raw.is_in_transaction()
        gone = [one]
        if one.raw.is_closed():
            gone += self._idle
            self._idle = []
        for each in gone:
            with contextlib.suppress(Exception):
                if not clean:
                    await each.db.invalidate()
                await each.db.close()
        self._room.release()

    async def _notify(self) -> None:
        """Wake the workers; one that is not woken looks by itself after some seconds."""
        with contextlib.suppress(Exception):
            one = await self.take()
            try:
                await one.raw.execute(NOTIFY)
            except BaseException:
                await self.give_back(one)
                raise
            self.keep(one)

    async def close(self) -> None:
        await self.bell.quiet()
        while self._idle:
            one = self._idle.pop()
            with contextlib.suppress(Exception):
                await one.raw.execute(AT_ONCE)
            await one.db.close()


class _Open(NamedTuple):
    db: AsyncConnection
    raw: Any  # the driver's connection


class _Transaction:
    """A class, because a generator as context manager costs twice as much."""

    __slots__ = ("_held", "_one")
    _one: _Open

    def __init__(self, held: Held) -> None:
        self._held = held

    async def __aenter__(self) -> AsyncConnection:
        self._one = await self._held.take()
        try:
            await self._one.raw.execute("BEGIN")
        except BaseException:
            await self._held.give_back(self._one)
            raise
        return self._one.db

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                await self._one.raw.execute("COMMIT")
                if self._one.db.in_transaction():
                    await self._one.db.rollback()  # SQLAlchemy's own notion; nothing is sent
        except BaseException:
            await self._held.give_back(self._one)
            raise
        if kind is None:
            self._held.keep(self._one)
            self._held.bell.ring()
        else:
            await self._held.give_back(self._one)
