"""Versions of one message: shown in its place where that can be done, else only the last."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.webchat.items import items
from bot.delivery import Delivery
from handlers.desk import Chat, Desk, World
from handlers.messages import Outgoing
from models.hot import Held
from models.outbox import Outbox
from tests.faults import loud
from tests.faults.loud import FREE, Loud
from tests.people import MONDAY, Town

EDITS = replace(FREE, edits=True)


class Editing(Loud):
    """Remembers which version it was told to replace."""

    async def send(self, address: str, message: Outgoing, key: str) -> str:
        await super().send(address, message, key)
        self.replaced = message.replaces
        return message.replaces or key


async def tell(engine: AsyncEngine, to: Chat, message: Outgoing, *, edits: bool) -> None:
    held = Held(engine)
    async with held.transaction() as db:
        desk = Desk(db, MONDAY, World({to.channel: EDITS if edits else FREE}))
        desk.tell(to, message)
        await desk.clear()
    await held.close()


async def test_each_version_replaces_the_one_that_is_shown(engine: AsyncEngine) -> None:
    channel = Editing(EDITS)
    deliver = Delivery(engine, {"telegram": channel}, lambda: MONDAY)
    staff = await loud.chat(engine, "1")
    for number, text in enumerate(("1/3", "2/3")):
        await tell(engine, staff, Outgoing(text, updates="b7", passing=True), edits=True)
        await deliver(staff.id)
        assert (channel.replaced is None) == (number == 0)
    async with engine.connect() as db:
        shown = (await db.scalars(select(Outbox.platform_id))).all()
    assert len(set(shown)) == 1 and channel.replaced == shown[0]


async def test_a_version_that_was_overtaken_is_not_sent(engine: AsyncEngine) -> None:
    channel = Editing(EDITS)
    staff = await loud.chat(engine, "1")
    for text in ("1/3", "2/3", "3/3"):
        await tell(engine, staff, Outgoing(text, updates="b7", passing=True), edits=True)
    await Delivery(engine, {"telegram": channel}, lambda: MONDAY)(staff.id)
    assert channel.heard["1"] == ["3/3"]


async def test_where_nothing_can_be_replaced_only_the_end_is_told(engine: AsyncEngine) -> None:
    staff = await loud.chat(engine, "1")
    await tell(engine, staff, Outgoing("1/3", updates="b7", passing=True), edits=False)
    await tell(engine, staff, Outgoing("xong", updates="b7"), edits=False)
    channel = Loud()
    await Delivery(engine, {"telegram": channel}, lambda: MONDAY)(staff.id)
    assert channel.heard["1"] == ["xong"]


async def test_the_page_knows_versions_by_their_id(town: Town) -> None:
    officer = town.person("o")
    await officer.says("/menu")
    chat = Chat(1, "webchat", "vi", await officer.person_id())
    for text in ("1/3", "2/3"):
        await tell(town.app.engine, chat, Outgoing(text, updates="b7", passing=True), edits=True)
    shown = await items(town.app.engine, "o", 0, lambda _, media: media)
    assert [one["text"] for one in shown if one["id"] == "version-b7"] == ["1/3", "2/3"]
