"""Shared fixtures: real PostgreSQL, a fresh copy of the tables for each test, people who talk.

The embedded server starts once; a migrated template database is copied for every test, which
takes some tens of milliseconds and lets tests commit, kill and race as they like.
"""

from __future__ import annotations

import contextlib
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from pydantic import SecretStr

from bot import database
from bot.app import App
from bot.media import MediaStore
from bot.settings import Settings
from models import vault
from tests.people import Town
from tests.standins.zalo.client import Standin, running
from tests.zalo_town import ZaloTown, zalo_settings

LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(scope="session", autouse=True)
def _stay_on_this_machine() -> Iterator[None]:
    """No test reaches anything beyond the loopback interface."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of the embedded server's own database."""
    with tempfile.TemporaryDirectory(prefix="tro-giup-test-") as folder:
        Path(folder).chmod(0o755)
        with database.embedded_server(Path(folder)) as url:
            yield url


def _named(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
async def template(server: str) -> str:
    """A database with all tables, to be copied."""
    connection = await asyncpg.connect(server)
    # the tests kill processes, not the machine: what the operating system has is safe
    for setting in ("fsync = off", "full_page_writes = off"):
        await connection.execute(f"ALTER SYSTEM SET {setting}")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.execute("CREATE DATABASE template_tables")
    await connection.close()
    await database.migrate(_named(server, "template_tables"))
    return "template_tables"


@pytest.fixture
async def database_url(server: str, template: str) -> AsyncIterator[str]:
    """A database of this test's own."""
    name = f"test_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield _named(server, name)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture(scope="session", autouse=True)
def key() -> str:
    made = vault.new_key()
    vault.use(vault.Vault(made))
    return made


@contextlib.asynccontextmanager
async def serving(
    place: Town, database_url: str, key: str, folder: Path, **more: Any
) -> AsyncIterator[Town]:
    """Put the service without its outside behind a town: a clock to set, people to talk."""
    ring = vault.Vault(key)
    vault.use(ring)
    engine = database.engine(database_url, pool=12)
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=folder,
        database_url=SecretStr(database_url),
        encryption_key=SecretStr(key),
        **more,
    )
    store = MediaStore((folder / "media").as_uri(), ring.seal, ring.open)
    place.app = App(settings, database_url, engine, store, place.now)
    place.app.add_channels(serves=False)
    yield place
    await place.app.intake.close()
    await engine.dispose()


@pytest.fixture
async def webchat_town(database_url: str, key: str, tmp_path: Path) -> AsyncIterator[Town]:
    """The service without its outside, everybody on the web chat; nothing is sent anywhere."""
    async with serving(Town(), database_url, key, tmp_path) as place:
        yield place


@pytest.fixture
def town(webchat_town: Town) -> Town:
    return webchat_town


@pytest.fixture(scope="session")
async def oa_process() -> AsyncIterator[Standin]:
    async with running() as standin:
        yield standin


@pytest.fixture
async def oa(oa_process: Standin) -> Standin:
    """The stand-in for Zalo's Official Account, one process for all tests of a run."""
    await oa_process.reset()
    return oa_process


@pytest.fixture
async def zalo_town(
    oa: Standin, database_url: str, key: str, tmp_path: Path
) -> AsyncIterator[ZaloTown]:
    """The service with everybody on Zalo: events come in by webhook, messages go out over HTTP."""
    more = zalo_settings(oa.base)
    async with (
        serving(ZaloTown(oa), database_url, key, tmp_path, **more) as place,
        place.listening(),
    ):
        yield place
