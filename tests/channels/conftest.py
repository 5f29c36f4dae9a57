"""The stand-in Bot API server, one process for all tests of a run."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.channels.telegram import TelegramChannel
from bot.media import StoredFile
from handlers.messages import Incoming
from tests.standins.telegram.client import TOKEN, Standin, running

MakeChannel = Callable[..., TelegramChannel]


@pytest.fixture(scope="session")
async def standin_process() -> AsyncIterator[Standin]:
    async with running() as standin:
        yield standin


@pytest.fixture
async def standin(standin_process: Standin) -> Standin:
    await standin_process.reset()
    return standin_process


@pytest.fixture
async def make_channel(standin: Standin) -> AsyncIterator[MakeChannel]:
    """Make channels towards the stand-in; they are stopped at the end."""
    made = []

    def make(
        take_in: Callable[[Incoming], Awaitable[None]] | None = None,
        stored: dict[str, StoredFile] | None = None,
        **more: object,
    ) -> TelegramChannel:
        async def ignore(_message: Incoming) -> None:
            return

        async def load(media_id: str) -> StoredFile:
            return (stored or {})[media_id]

        menus = {"officer": [("hangdoi", "Hàng đợi của xã")], "citizen": [("baocao", "Báo tin")]}
        channel = TelegramChannel(
            TOKEN,
            standin.base,
            take_in or ignore,
            load,
            lambda role, _locale: menus.get(role, []),
            **more,
        )
        made.append(channel)
        return channel

    yield make
    for channel in made:
        await channel.stop()
