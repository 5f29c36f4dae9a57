"""A broadcast while processes die and the platform refuses: nobody is missed, each gets one."""

import asyncio
from collections import Counter
from pathlib import Path

from models.broadcasts import Fate
from tests.bench import broadcast
from tests.bench.broadcast import Result
from tests.faults.platform import Platform

HANGS = 120  # seconds; this test is broken if it lasts that long


async def test_killed_half_way(
    platform: Platform, database_url: str, key: str, tmp_path: Path
) -> None:
    result = Result(recipients=240, urgent=10, per_second=60)
    async with asyncio.timeout(HANGS):
        await broadcast.measure(database_url, key, tmp_path, platform, result)
    assert result.fates == Counter({Fate.SENT: 228, Fate.BLOCKED: 12})
    assert result.missed == 0
    assert result.twice <= result.in_flight  # what the dead process had sent and not noted
    assert len(result.waits) >= 10
