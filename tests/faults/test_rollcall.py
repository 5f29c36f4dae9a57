"""A roll-call over a platform that blocks and keeps quiet, with processes killed in the middle.

The same with two thousand households: ``python -m tests.bench.rollcall``.
"""

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.faults.platform import Platform
from tests.faults.service import environment
from tests.faults.village import Called, Stage, called_through

HOUSEHOLDS = 120
HANGS = 300  # seconds; broken if it lasts that long


async def test_counted_right_to_the_last_household(
    platform: Platform, engine: AsyncEngine, database_url: str, key: str, tmp_path: Path
) -> None:
    env = environment(database_url, key, tmp_path, platform.base)
    await called_through(Stage(platform, engine, env, tmp_path), Called(HOUSEHOLDS), hangs=HANGS)
