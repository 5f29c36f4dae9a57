"""The database is killed, or was: the service goes on by itself, and nothing is lost."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from bot import database
from tests.faults import loud, settled
from tests.faults.loud import Loud
from tests.faults.platform import Platform
from tests.faults.server import Server, postmaster, user
from tests.faults.service import environment, processes
from tests.faults.walkers import Crowd, Walker
from tests.people import Town


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that an embedded server can use, whoever it runs as."""
    with tempfile.TemporaryDirectory(prefix="tro-giup-faults-") as name:
        Path(name).chmod(0o755)
        yield Path(name).resolve()


async def answers(url: str) -> bool:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT 1") == 1
    finally:
        await connection.close()


async def test_the_last_user_stops_the_server(folder: Path) -> None:
    first, second = await asyncio.gather(user(folder), user(folder))
    assert first.url == second.url
    await first.leave()
    assert await answers(second.url)
    await second.leave()
    assert postmaster(folder) is None


async def test_users_that_were_killed_are_not_counted(folder: Path) -> None:
    killed = await user(folder)
    await killed.die()
    assert postmaster(folder) is not None  # it outlives the process that started it
    again = await user(folder)
    assert await answers(again.url)
    await again.leave()
    assert postmaster(folder) is None


async def test_started_again_after_a_crash_of_everything(folder: Path) -> None:
    """The number in ``postmaster.pid`` belongs to somebody else by then."""
    killed = await user(folder)
    pid = postmaster(folder)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await killed.die()
    pid_file = folder / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    (folder / "postgres" / ".handle_pids.json").write_text(f"[{os.getpid()}")  # cut off
    again = await user(folder)
    assert await answers(again.url)
    await again.leave()
    assert postmaster(folder) is None


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can become somebody else"
)
async def test_works_as_an_ordinary_user(folder: Path) -> None:
    nobody = 65534
    home = folder / "home"
    home.mkdir()
    os.chown(home, nobody, nobody)
    somebody = await user(
        home, "setpriv", f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups"
    )
    assert await answers(somebody.url)
    assert (home / "postgres" / "PG_VERSION").stat().st_uid == nobody
    await somebody.leave()
    assert postmaster(home) is None


@pytest.fixture
async def own_server(folder: Path) -> AsyncIterator[Server]:
    made = Server(folder)
    yield made
    await made.end()


async def test_the_service_outlives_its_database(
    own_server: Server, platform: Platform, key: str, tmp_path: Path
) -> None:
    walkers = [Walker(10_000 + number, number) for number in range(8)]
    crowd = Crowd(platform, walkers, seed=1)
    url = await own_server.start()
    env = environment(url, key, tmp_path, platform.base)
    engine = database.engine(url, pool=2)
    async with processes(env, tmp_path, "web,worker", "worker") as both:
        await crowd.begin(walkers)
        for share in (1, 4):
            async with asyncio.timeout(60):
                while sum(len(one.heard) for one in walkers) < share * len(walkers):
                    await crowd.look()
            own_server.kill()
            for _ in range(10):  # people go on writing meanwhile
                await crowd.look()
            assert await own_server.start() == url
        async with asyncio.timeout(90):
            while crowd.through() < len(walkers):
                await crowd.look()

        async def all_done() -> bool:
            return not await settled.waiting(engine)

        await platform.until(all_done, seconds=60, each=0.3)
        assert all(one.process and one.process.returncode is None for one in both)
    for one in walkers:
        rows = await settled.outbox(engine, one.chat)
        settled.repeated(rows, await platform.answers(one.chat))
    async with engine.connect() as db:
        counts = await db.exec_driver_sql(
            "SELECT (SELECT count(*) FROM cases),"
            " (SELECT count(*) FROM received WHERE failed IS NOT NULL)"
        )
        assert tuple(counts.one()) == (len(walkers), 0)
    await engine.dispose()


async def test_a_worker_outlives_every_one_of_its_connections(town: Town) -> None:
    """A failover ends them all, the one that listens too."""
    town.app.channels["telegram"] = channel = Loud()
    somebody = await loud.chat(town.app.engine, "1")
    worker = town.app.worker()
    running = asyncio.create_task(worker.run())

    async def hears(words: str) -> None:
        await loud.say(town.app.engine, somebody, words)
        async with asyncio.timeout(40):
            assert await channel.next() == words

    await hears("một")
    connection = await asyncpg.connect(town.app.url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()
    await town.app.engine.dispose()  # as the first statement that fails does
    await hears("hai")
    await hears("ba")
    assert not running.done()
    worker.stop()
    async with asyncio.timeout(30):
        await running
    assert channel.heard["1"] == ["một", "hai", "ba"]


async def test_a_stop_finishes_what_is_in_hand(
    platform: Platform, database_url: str, key: str, tmp_path: Path
) -> None:
    engine = database.engine(database_url, pool=2)
    chats = range(1, 31)
    await platform.say_all([{"chat_id": chat} for chat in chats])
    await platform.faults(slow=0.3)
    for chat in chats:
        await loud.say(engine, await loud.chat(engine, str(chat)), "một", "hai", "ba")
    env = environment(database_url, key, tmp_path, platform.base)
    async with processes(env, tmp_path, "worker") as [worker]:

        async def under_way() -> bool:
            return len(await platform.news(0)) > 20

        await platform.until(under_way, seconds=30)
        assert await worker.kill(signal.SIGTERM) == 0
        stopped = len(await platform.news(0))
        assert stopped < 90
        await worker.start()

        async def all_done() -> bool:
            return not await settled.waiting(engine)

        await platform.until(all_done, seconds=60, each=0.3)
    news = await platform.news(0)
    for chat in chats:  # nothing was cut off, so nothing was sent twice
        assert [m["text"] for where, m in news if where == chat] == ["một", "hai", "ba"]
    await engine.dispose()
