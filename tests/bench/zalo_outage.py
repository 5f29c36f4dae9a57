"""The database away for a minute under fifty webhook calls a second.

``python -m tests.bench.zalo_outage [seconds]`` prints how many calls there were, how long the
slowest answer took, and whether anything was lost or doubled; exits 1 if so.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from models import vault
from tests.faults.server import Server
from tests.standins.zalo.client import running
from tests.zalo.outage import play, town_on

AWAY, PER_SECOND = 60.0, 50.0


async def measure(folder: Path, away: float) -> bool:
    server = Server(folder / "pg")
    async with running() as oa, town_on(server, oa, vault.new_key(), folder) as (town, _):
        found = await play(town, server, away, PER_SECOND)
    expected = {f"user_send_text:m{number}" for number in range(1, found.sent + 1)}
    lost, extra = expected - found.stored, found.stored - expected
    rate = found.sent / (away + 2)
    print(f"events {found.sent} ({rate:.0f} a second), calls {found.calls}, not 200: {found.bad}")
    print(f"slowest answer {found.slowest:.2f} s; stored {found.caught_up:.1f} s after the return")
    print(f"lost {len(lost)}, unexpected {len(extra)}, applied {found.applied}")
    return not (lost or extra or found.bad or found.slowest >= 2 or found.applied != found.sent)


def main() -> None:
    away = float(sys.argv[1]) if len(sys.argv) > 1 else AWAY
    with tempfile.TemporaryDirectory(prefix="tro-giup-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "pg").mkdir(mode=0o755)
        sys.exit(0 if asyncio.run(measure(folder, away)) else 1)


if __name__ == "__main__":
    main()
