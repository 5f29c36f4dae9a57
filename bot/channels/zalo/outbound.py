"""What goes to Zalo: inside the window as it is, outside of it not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.base import SendFailed
from bot.channels.zalo import show
from bot.channels.zalo.care import note_trouble
from bot.channels.zalo.client import Client
from bot.channels.zalo.config import Config
from bot.channels.zalo.positions import Positions
from bot.channels.zalo.refusals import (
    ALARMING,
    DEGRADABLE,
    Kind,
    NoToken,
    Refused,
    Unreachable,
    send_failed,
)
from bot.channels.zalo.show import Attach, Say, Step
from bot.channels.zalo.templates import Templates
from bot.channels.zalo.uploads import Uploads
from bot.channels.zalo.windows import People, Window, window
from bot.media import StoredFile, qr_png
from bot.slots import NoSlot
from handlers.i18n import SOURCE
from handlers.messages import Button, Outgoing

log = structlog.get_logger(__name__)

LoadMedia = Callable[[str], Awaitable[StoredFile]]  # by id
PART_TRIES, PART_WAIT = 3, 1.0  # a later part of a message, so that the first is not sent twice


class Outbound:
    """Sends messages; one instance a process."""

    def __init__(  # noqa: PLR0913, PLR0917 - everything it works with, once
        self,
        engine: AsyncEngine,
        config: Config,
        clock: Callable[[], datetime],
        client: Client,
        people: People,
        positions: Positions,
        templates: Templates,
        load: LoadMedia,
    ) -> None:
        self._engine, self._config, self._clock = engine, config, clock
        self._client, self._people, self._positions = client, people, positions
        self._templates, self._load = templates, load
        self.uploads = Uploads(engine, client, clock)

    async def send(self, user_id: str, message: Outgoing, key: str) -> str:
        """Deliver one message.

        Raises:
            SendFailed: in particular with ``mailbox``, when the person must write first.
        """
        person = await self._people.get(user_id)
        state = window(person["heard_at"], self._clock())
        if state is Window.CLOSED or (state is Window.PAID and not self._config.paid):
            raise await self._closed(user_id, message, f"window {state.name.lower()}")
        files = [(name, file) for name in message.media if (file := await self._loaded(name))]
        qr = await asyncio.to_thread(qr_png, message.qr) if message.qr else None
        place = None
        if message.wants == "position":
            place = await self._positions.link(user_id, key)
        steps = show.steps(
            message,
            files,
            qr,
            shape=self._config.buttons,
            place=place,
            form_picture=self._config.form_picture,
        )
        sent, offers = await self._steps(user_id, message, steps)
        if offers is not None:
            await self._remember(user_id, person, offers, message.locale)
        return sent

    async def show_page(self, user_id: str, first: int) -> None:
        """Show one more page of the list that was shown last."""
        person = await self._people.get(user_id)
        buttons = offered(person)
        if not 0 < first < len(buttons):
            return
        locale = str(person["offered"].get("locale", SOURCE))
        step = show.page(buttons, first, locale, self._config.buttons)
        await self._say(user_id, step, first=False)

    async def _steps(
        self, user_id: str, message: Outgoing, steps: tuple[Step, ...]
    ) -> tuple[str, tuple[Button, ...] | None]:
        sent, offers = "", None
        for number, step in enumerate(steps):
            try:
                made = await self._patiently(user_id, step, first=number == 0)
            except (Refused, Unreachable, NoToken) as error:
                if isinstance(step, Attach) and _is_permanent(error):
                    log.warning("zalo_file_refused", reason=str(error), kind=step.kind)
                    continue
                if isinstance(step, Say) and step.optional:
                    log.warning("zalo_card_refused", reason=str(error))
                    continue
                raise await self._refused(user_id, message, error) from error
            except NoSlot as none:
                wait = max(none.wait.total_seconds(), 0.1)
                raise SendFailed("no slot", retry=True, retry_after=wait) from none
            if made is not None:
                step_offers, made_id = made
                sent = made_id if not (isinstance(step, Say) and step.optional) else sent
                offers = step_offers if step_offers is not None else offers
        return sent, offers

    async def _patiently(
        self, user_id: str, step: Step, *, first: bool
    ) -> tuple[tuple[Button, ...] | None, str] | None:
        """Make one step; a later one is tried again here when it may help."""
        for tries_left in range(1 if first else PART_TRIES, 0, -1):
            try:
                if isinstance(step, Attach):
                    return None, await self.uploads.send(user_id, step, first=first)
                return await self._say(user_id, step, first=first)
            except (Refused, Unreachable) as error:
                passing = isinstance(error, Unreachable) or error.kind is Kind.TRANSIENT
                if tries_left == 1 or not passing:
                    raise
                await asyncio.sleep(PART_WAIT)
        raise AssertionError

    async def _say(
        self, user_id: str, step: Say, *, first: bool
    ) -> tuple[tuple[Button, ...] | None, str]:
        """Say something, in plainer words if its shape is refused."""
        try:
            return step.offers, await self._client.say(user_id, step.body, first=first)
        except Refused as refused:
            if refused.code not in DEGRADABLE or step.instead is None:
                raise
            await note_trouble(self._engine, self._config.app_id, "buttons refused", self._clock())
            log.warning("zalo_shape_refused", code=refused.code, shape=self._config.buttons)
            other = step.instead
            return other.offers, await self._client.say(user_id, other.body, first=False)

    async def _refused(
        self, user_id: str, message: Outgoing, error: Refused | Unreachable | NoToken
    ) -> SendFailed:
        if isinstance(error, Refused):
            if error.code in ALARMING:
                trouble = f"error {error.code}"
                await note_trouble(self._engine, self._config.app_id, trouble, self._clock())
            if error.kind is Kind.UNREACHABLE:
                return await self._closed(user_id, message, str(error))
        return send_failed(error, self._clock())

    async def _closed(self, user_id: str, message: Outgoing, reason: str) -> SendFailed:
        """Say that the message must wait; a template, if there is one, asks them to write."""
        knocked = await self._templates.knock(user_id, message)
        return SendFailed(reason, retry=False, mailbox=True, knocked=knocked)

    async def _loaded(self, name: str) -> StoredFile | None:
        try:
            return await self._load(name)
        except (LookupError, FileNotFoundError):  # deleted on schedule; the words still go out
            log.warning("zalo_media_missing", media=name)
            return None
        except OSError as error:
            raise SendFailed("media_unreadable", retry=True) from error

    async def _remember(
        self, user_id: str, person: Mapping[str, Any], offers: tuple[Button, ...], locale: str
    ) -> None:
        """Remember what numbers stand for from now on."""
        if offers or person["offered"]:
            rows = [[one.token, one.label] for one in offers]
            kept = {"buttons": rows, "locale": locale} if offers else None
            await self._people.note(user_id, offered=kept)


def offered(person: Mapping[str, Any]) -> tuple[Button, ...]:
    """The list whose numbers a person may type."""
    rows = (person["offered"] or {}).get("buttons", ())
    return tuple(Button(token, label) for token, label in rows)


def _is_permanent(error: Exception) -> bool:
    return isinstance(error, Refused) and error.kind is Kind.PERMANENT
