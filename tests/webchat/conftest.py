"""One service for the tests of this folder, in its own process; one browser."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Browser, async_playwright

from tests.webchat.browser import launch
from tests.webchat.page import Visitor, visiting
from tests.webchat.service import Line, Service

DATABASE = "webchat_tests"


@pytest.fixture(scope="session")
async def house(server: str, template: str, key: str) -> AsyncIterator[tuple[Service, Line]]:
    """The service, demonstration and public at once, and its line to the database."""
    admin = await asyncpg.connect(server)
    await admin.execute(f"CREATE DATABASE {DATABASE} TEMPLATE {template}")
    with tempfile.TemporaryDirectory(prefix="tro-giup-webchat-") as name:
        folder = Path(name)
        line = Line(folder, server.replace("/postgres?", f"/{DATABASE}?"))
        await line.mend()
        service = Service(
            folder,
            DATABASE_URL=line.url,
            ENCRYPTION_KEY=key,
            DEMO="true",
            WEBCHAT_PUBLIC="true",
            TAKE_BACK_SECONDS="1",
        )
        try:
            await service.start()
            yield service, line
        finally:
            await service.stop()
            await line.cut()
            print(service.log()[-8000:])  # noqa: T201 - shown when a test has failed
    await admin.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
    await admin.close()


@pytest.fixture
def service(house: tuple[Service, Line]) -> Service:
    return house[0]


@pytest.fixture
def line(house: tuple[Service, Line]) -> Line:
    return house[1]


@pytest.fixture
async def visit(service: Service) -> AsyncIterator[object]:
    """Make visitors, who leave at the end of the test."""
    async with AsyncExitStack() as stack:

        async def visitor(part: str = "", **query: str) -> Visitor:
            return await stack.enter_async_context(visiting(service.address, part, **query))

        yield visitor


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    if shutil.which("chromium") is None:
        pytest.fail("Chromium is missing: run docs/tools/install-browser")
    async with async_playwright() as playwright:
        chromium = await launch(playwright)
        yield chromium
        await chromium.close()
