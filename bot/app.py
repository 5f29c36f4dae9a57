"""Puts everything together, starts it and stops it in order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import LargeBinary, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import clock, database, demo, web
from bot.alone import POLLING, alone
from bot.bulk import Bulk
from bot.channels.base import Channel, Working
from bot.channels.telegram import TelegramChannel
from bot.channels.webchat import WebChat
from bot.channels.webchat.accounts import Accounts
from bot.channels.zalo import ZaloChannel
from bot.channels.zalo.webhook import meta
from bot.delivery import Delivery
from bot.intake import Intake
from bot.jobs import Worker
from bot.keys import use_keys
from bot.list_jobs import ListWork
from bot.media import MediaStore, StoredFile, mime_of
from bot.media_jobs import MediaFetcher
from bot.paper_jobs import PaperMaker
from bot.settings import Settings
from bot.zalo_config import zalo_config
from handlers import router
from handlers.desk import World
from handlers.understand import understand
from models import vault
from models.benefits.check import law
from models.cases import MediaFile
from models.conversations import Conversation, Received
from models.people import Person

log = structlog.get_logger(__name__)

POOL = 38  # connections: jobs, incoming messages, bulk on its way to platforms


@dataclass
class App:
    """One process of the service."""

    settings: Settings
    url: str
    engine: AsyncEngine
    store: MediaStore
    now: Callable[[], datetime] = clock.now
    channels: dict[str, Channel] = field(default_factory=dict)
    telegram_name: str | None = None

    def __post_init__(self) -> None:
        self.telegram_limits = replace(
            TelegramChannel.limits,
            per_second=self.settings.telegram_per_second,
            per_chat=self.settings.telegram_per_chat,
        )
        self.world = World(
            limits={
                "webchat": WebChat.limits,
                "telegram": self.telegram_limits,
                "zalo": ZaloChannel.limits,
            },
            link=self._links,
            history=frozenset({"webchat"}),
            takeover=timedelta(minutes=self.settings.zalo_takeover_minutes),
            demo=self.settings.demo,
            take_back=timedelta(seconds=self.settings.take_back_seconds),
        )
        self.intake = Intake(self.engine, self.world, self.now)

    def _links(self, word: str) -> tuple[str, ...]:
        """Links that open the chat and say ``/start word``."""
        links = []
        if self.telegram_name is not None:
            links.append(f"https://t.me/{self.telegram_name}?start={word}")
        if self.settings.public_url:
            links.append(f"{self.settings.public_url.rstrip('/')}/?start={word}")
        return tuple(links)

    def worker(self) -> Worker:
        deliver = Delivery(self.engine, self.channels, self.now)
        fetch = MediaFetcher(self.engine, self.channels, self.store, self.world, self.now)
        return Worker(
            self.url,
            self.engine,
            self.world,
            self.now,
            deliver,
            fetch,
            PaperMaker(self.engine, self.store, self.world, self.now),
            ListWork(self.engine, self.store, self.world, self.now),
            self.intake,
            timedelta(seconds=self.settings.job_heartbeat_seconds),
            self.settings.history_days,
            self.settings.case_days,
            [one for one in self.channels.values() if isinstance(one, Working)],
        )

    async def load_media(self, media_id: str) -> StoredFile:
        """Read a stored file.

        Raises:
            FileNotFoundError: it was deleted on schedule.
        """
        data = await self.store.get(media_id)
        noted = select(MediaFile.kind, MediaFile.mime, MediaFile.name)
        async with self.engine.connect() as db:
            row = (await db.execute(noted.where(MediaFile.id == UUID(media_id)))).one_or_none()
        if row is None:
            return StoredFile(data, mime_of(data), "document")
        return StoredFile(data, mime_of(data, row.mime), row.kind, row.name)

    def add_channels(self, *, serves: bool) -> None:
        """Make the channels that are configured; one that does not serve only sends."""
        settings = self.settings
        secret = settings.public_url.startswith("https")
        accounts = Accounts(
            # picture names are signed the same in every process
            vault.current().fingerprint("picture names"),
            settings.webchat_public,
            settings.demo,
            secure=secret,
        )
        self.channels["webchat"] = WebChat(
            self.engine,
            self.url,
            self.store,
            self.intake,
            accounts,
            serves=serves,
            # by which Zalo sees whose domain this is
            head=meta(code) if (code := settings.zalo_site_verification) else "",
        )
        token = settings.telegram_token.get_secret_value()
        if token:
            self.channels["telegram"] = TelegramChannel(
                token,
                settings.telegram_api_base,
                self.intake,
                self.load_media,
                router.menus,
                settings.telegram_webhook_url or None,
                settings.telegram_webhook_secret.get_secret_value() or None,
                receives=serves,
                alone=lambda: alone(self.url, POLLING),
                limits=self.telegram_limits,
            )
        zalo = zalo_config(settings)
        if zalo is not None:
            self.channels["zalo"] = ZaloChannel(
                self.engine,
                zalo,
                self.world,
                self.now,
                self.intake,
                self.load_media,
                self.phone_on_zalo,
                receives=serves,
            )

    async def phone_on_zalo(self, user_id: str) -> str | None:
        """The telephone number that somebody on Zalo has left, if any."""
        query = (
            select(Person.private)
            .join(Conversation, Conversation.person_id == Person.id)
            .where(Conversation.channel == "zalo", Conversation.address == user_id)
        )
        async with self.engine.connect() as db:
            private = await db.scalar(query)
        return (private or {}).get("phone")


@contextlib.asynccontextmanager
async def prepared(
    settings: Settings, now: Callable[[], datetime] = clock.now
) -> AsyncIterator[App]:
    """Database started and migrated, keys in use, media at hand; closed again at the end."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with database.at(settings.database_url.get_secret_value(), settings.data_dir) as url:
        await database.migrate(url)
        ring = use_keys(settings)
        media_url = settings.media_url or (settings.data_dir / "media").resolve().as_uri()
        store = MediaStore(media_url, ring.seal, ring.open)
        engine = database.engine(url, pool=POOL)
        try:
            await _right_key(engine, ring)
            app = App(settings, url, engine, store, now)
            try:
                yield app
            finally:
                await app.intake.close()
        finally:
            await engine.dispose()


async def _right_key(engine: AsyncEngine, ring: vault.Vault) -> None:
    """Open the newest sealed message, so that a wrong key is noticed at the start.

    Raises:
        VaultError: the key ring does not fit this database.
    """
    sealed = type_coerce(Received.body, LargeBinary)
    newest = select(sealed).where(Received.body.is_not(None)).order_by(Received.id.desc())
    async with engine.connect() as db:
        found = await db.scalar(newest.limit(1))
    if found is not None:
        ring.open(found)


def warm_up() -> None:
    """Read lexicons and law before the first person asks, then leave them to themselves.

    Python's collector would look at them again and again, which costs 4 % of a message.
    """
    understand("nhà tôi sập rồi, mẹ tôi 76 tuổi")
    law()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@contextlib.asynccontextmanager
async def running(app: App, roles: frozenset[str]) -> AsyncIterator[App]:
    """Web pages, channels and jobs of this process, stopped in the opposite order."""
    async with contextlib.AsyncExitStack() as stack:
        warm_up()
        app.add_channels(serves="web" in roles)
        if app.settings.demo:
            await demo.people(app)
        telegram = app.channels.get("telegram")
        for channel in app.channels.values():
            await channel.start()
            stack.push_async_callback(channel.stop)
        if "worker" in roles:  # stops before the channels do: it sends through them
            worker = app.worker()
            bulk = Bulk(app.engine, worker.deliver, app.world, app.now)
            for one in (worker, bulk):
                stack.push_async_callback(_finish, one, asyncio.create_task(one.run()))
        if isinstance(telegram, TelegramChannel):
            app.telegram_name = await telegram.username()
        if "web" in roles:
            await stack.enter_async_context(web.serving(app))
        log.info("started", roles=sorted(roles), channels=sorted(app.channels))
        yield app
        log.info("stopping")


async def _finish(worker: Worker | Bulk, task: asyncio.Task[Any]) -> None:
    worker.stop()
    done, _ = await asyncio.wait({task}, timeout=20)
    if not done:
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)
