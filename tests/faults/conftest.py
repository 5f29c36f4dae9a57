"""The platform in its own process, and an engine on the test's database."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import database
from tests.faults import platform as platforms
from tests.faults.platform import Platform


@pytest.fixture(scope="session")
async def platform_process() -> AsyncIterator[Platform]:
    async with platforms.running() as platform:
        yield platform


@pytest.fixture
async def platform(platform_process: Platform) -> Platform:
    await platform_process.reset()
    return platform_process


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    made = database.engine(database_url, pool=8)
    yield made
    await made.dispose()
