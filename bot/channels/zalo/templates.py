"""Approved templates (ZBS): the only thing that reaches somebody who has been silent for long.

A template has fixed words and a few parameters, the case's code among them.  It asks the person
to write back; the message itself waits for that.  By user id or by telephone number: where exactly
the first goes is disputed, so the path is a setting.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog

from bot.channels.zalo.client import Client
from bot.channels.zalo.config import Config
from bot.channels.zalo.refusals import NoToken, Refused, Unreachable
from bot.channels.zalo.windows import People
from bot.slots import NoSlot
from handlers.messages import Outgoing
from models import codes

log = structlog.get_logger(__name__)

BY_PHONE = "/message/template"
PhoneOf = Callable[[str], Awaitable[str | None]]  # of a user id, as +84…


class Templates:
    def __init__(
        self,
        config: Config,
        client: Client,
        people: People,
        clock: Callable[[], datetime],
        phone_of: PhoneOf,
    ) -> None:
        self._config, self._client, self._people = config, client, people
        self._clock, self._phone_of = clock, phone_of

    async def knock(self, user_id: str, message: Outgoing) -> bool:
        """Ask a person to write back; only for messages about a case, once for each silence."""
        found = codes.find(message.text)
        if not self._config.template_id or found is None or found.code is None:
            return False
        asked = await self._asked(user_id, found.code)
        if asked is None or not await self._people.may_knock(user_id, self._clock()):
            return False
        path, body = asked
        try:
            await self._client.call(path, body)
        except (Refused, Unreachable, NoToken, NoSlot) as error:
            log.warning("zalo_template_failed", reason=str(error))
            await self._people.note(user_id, knocked_at=None)
            return False
        return True

    async def _asked(self, user_id: str, code: str) -> tuple[str, dict[str, Any]] | None:
        data = {
            name: value.replace("{code}", code)
            for name, value in self._config.template_data.items()
        }
        body: dict[str, Any] = {"template_id": self._config.template_id, "template_data": data}
        if self._config.template_by == "uid":
            return self._config.template_path, {"user_id": user_id, **body}
        phone = await self._phone_of(user_id)
        if phone is None:
            return None
        return BY_PHONE, {"phone": phone.removeprefix("+"), **body, "tracking_id": code}
