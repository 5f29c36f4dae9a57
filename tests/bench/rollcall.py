"""A roll-call of two thousand households, processes killed in the middle, counted to the last.

    python -m tests.bench.rollcall [households]

The platform is the stand-in: five in a hundred have blocked the service, sixty answer, some twice;
every tenth update comes twice.  It fails loudly when one household is counted wrong.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from bot import database
from models import vault
from tests.faults import platform as platforms
from tests.faults.service import environment
from tests.faults.village import Called, Stage, called_through

HANGS = 1800  # seconds


async def measure(url: str, key: str, folder: Path, households: int) -> None:
    await database.migrate(url)
    engine = database.engine(url, pool=8)
    called = Called(households)
    async with platforms.running() as platform:
        env = environment(url, key, folder, platform.base)
        took = await called_through(Stage(platform, engine, env, folder), called, hangs=HANGS)
    await engine.dispose()
    twice = sum(count - 1 for count in called.asked.values())
    print(
        f"{households} households, {len(called.blocked)} out of reach, {len(called.will)} "
        f"answered ({dict(called.expected)}): all counted right; two processes killed, {twice} "
        f"questions shown twice; {took:.0f} s, the killed processes' starts included"
    )


def main() -> None:
    households = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    key = vault.new_key()
    vault.use(vault.Vault(key))
    with tempfile.TemporaryDirectory(prefix="tro-giup-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with database.embedded_server(folder) as url:
            asyncio.run(measure(url, key, folder, households))


if __name__ == "__main__":
    main()
