"""The town on Zalo: whoever says something calls the webhook, what is answered is sent for real.

Everything goes over HTTP to and from the stand-in; only the queue is not run: its jobs are done
as soon as their reason is there, so that a test reads like a talk.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import select

from bot.channels.zalo import ZaloChannel
from bot.channels.zalo.webhook import JOB, PATH
from handlers.messages import Contact, Outgoing, Position
from models.conversations import Conversation
from models.outbox import Outbox
from tests.people import Somebody, Town
from tests.standins.zalo.client import Standin
from tests.standins.zalo.world import APP_ID, APP_SECRET, FIRST_REFRESH, OA_ID, OA_SECRET


def zalo_settings(base: str) -> dict[str, Any]:
    """Settings towards the stand-in, as ``Settings`` takes them."""
    return {
        "zalo_app_id": APP_ID,
        "zalo_app_secret": SecretStr(APP_SECRET),
        "zalo_oa_id": OA_ID,
        "zalo_oa_secret_key": SecretStr(OA_SECRET),
        "zalo_refresh_token": SecretStr(FIRST_REFRESH),
        "zalo_api_base": base,
        "zalo_business_base": base,
        "zalo_oauth_base": base,
        "zalo_media_hosts": "127.0.0.1",
    }


class ZaloTown(Town):
    """A town whose people are on Zalo unless it is said otherwise."""

    usual = "zalo"

    def __init__(self, oa: Standin) -> None:
        super().__init__()
        self.oa = oa

    @property
    def channel(self) -> ZaloChannel:
        found = self.app.channels["zalo"]
        assert isinstance(found, ZaloChannel)
        return found

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Serve the channel's pages, and have the stand-in call them."""
        self.channel.keeps_history = True  # tests read afterwards what was said
        await self.channel.client.tokens.seed()
        site = web.Application()
        site.add_routes(self.channel.routes())
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        await self.oa.change(webhook=self.base + PATH)
        yield
        await self.channel.stop()
        await runner.cleanup()

    def person(self, name: str, channel: str | None = None) -> Somebody:
        if (channel or self.usual) != self.usual:
            return super().person(name, channel)
        return OnZalo(self, name, self.usual)

    async def work(self, user: str) -> None:
        """Do the job of somebody's events."""
        await self.channel.jobs[JOB](user)

    async def deliver(self, user: str) -> None:
        """Do the jobs of somebody's messages."""
        here = Conversation.address == user, Conversation.channel == "zalo"
        conversation = await self.one(select(Conversation.id).where(*here))
        if conversation is not None:
            while await self.app.worker().deliver(conversation):
                pass

    async def minute(self) -> None:
        """The clockwork of the core; that of the channel has tests of its own."""
        worker = self.app.worker()
        worker.working = ()
        await worker.minute()

    def stamp(self) -> int:
        return int(self.time.timestamp() * 1000)


class OnZalo(Somebody):
    """Somebody with Zalo on the telephone."""

    town: ZaloTown

    async def says(self, text: str = "", **more: Any) -> None:
        """Say something; what Zalo has no event for goes straight to the core."""
        if text.startswith("[") and text.endswith("]"):
            await self.presses(text[1:-1])
            return
        deed = _deed(text, more)
        if deed is None:
            await self.town.oa.say(self.address, at=self.town.stamp(), only_here=True)
            await super().says(text, **more)
            return
        if text.strip().isdecimal():  # it means a line of what is on the screen
            await self.town.deliver(self.address)
        await self.does(**deed)

    async def does(self, **deed: Any) -> None:
        """Do something in the app; the webhook must say yes in time."""
        called = await self.town.oa.say(self.address, at=self.town.stamp(), **deed)
        assert called["status"] == 200, called
        assert called["seconds"] < 2
        await self.town.work(self.address)

    async def presses(self, label: str, **more: Any) -> None:
        """Tap a button that is on the screen, or type the number of a line."""
        if more:  # a message id of its own, say
            await super().presses(label, **more)
            return
        await self.town.deliver(self.address)
        try:
            await self.does(press=label)
        except LookupError:  # it waits in the mailbox; whoever remembers the button may press it
            await super().presses(label)

    async def unread(self) -> list[Outgoing]:
        """What was said since the last look, after it was sent: the screen shows all of it."""
        before = self._read
        heard = await super().unread()
        if heard:
            await self.town.deliver(self.address)
            await self._shown(before)
        return heard

    async def _shown(self, before: int) -> None:
        rows = await self.town.rows(
            select(Outbox.body, Outbox.mailbox, Outbox.failure)
            .join(Conversation, Conversation.id == Outbox.conversation_id)
            .where(
                Conversation.channel == self.channel,
                Conversation.address == self.address,
                Outbox.id > before,
            )
        )
        screen = _words("\n".join(one["text"] for one in await self.screen() if "text" in one))
        for row in rows:
            assert row.failure is None, row.failure
            for line in (row.body or {}).get("text", "").splitlines():
                assert row.mailbox or _words(line.replace("**", "")) in screen, line

    async def screen(self) -> list[dict[str, Any]]:
        """Everything the account has shown to this person."""
        return await self.town.oa.messages(self.address)


def _deed(text: str, more: dict[str, Any]) -> dict[str, Any] | None:
    """What a person does in the app to say this; None if Zalo has nothing of the kind."""
    match more:
        case {} if not more and text.strip() and _is_json(text):
            return {"text": text}
        case {"button": str(token)} if len(more) == 1 and not text:
            return {"text": f"#tg:{token}"}
        case {"position": Position(lat=lat, lon=lon)} if len(more) == 1 and not text:
            return {"location": [lat, lon]}
        case {"contact": Contact(phone=phone)} if len(more) == 1 and not text:
            return {"phone": phone}
    return None


def _is_json(text: str) -> bool:
    try:
        json.dumps(text, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _words(text: str) -> str:
    return " ".join(text.split())
