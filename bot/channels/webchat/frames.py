"""What a page says, read with suspicion: nothing in it is believed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from handlers.messages import Incoming, Media, MediaKind, Position

LONGEST = 20_000  # characters; the conversation itself answers what is above its own limit
ALBUM = 10  # files in one message
MESSAGE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
TOKEN = re.compile(r"[ -~]{1,64}")
START_WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")  # as Telegram has it
NUMBERS = 2**63 - 1
KINDS: dict[str, MediaKind] = {"photo": "photo", "voice": "voice", "video": "video"}
SOS = "c:sos"
GREETED, STARTED = "hello", "start-"  # ids of messages that no page shows


class BadFrame(ValueError):
    """A message that cannot be taken; ``str`` is what its person is told."""


def after(frame: dict[str, Any]) -> int:
    """The number up to which a page has everything."""
    asked = frame.get("after")
    return min(asked, NUMBERS) if isinstance(asked, int) and asked > 0 else 0


def greeting(address: str, now: datetime) -> Incoming:
    """Nobody should face an empty page: a newcomer is spoken to first."""
    return Incoming("webchat", address, f"{address}:{GREETED}", now, button="c:start")


def started(address: str, word: str, now: datetime) -> Incoming:
    """Make a message of the word in a link; the same word again is the same message.

    The word may be an invitation, so its hash makes the id.
    """
    mark = sha256(word.encode()).hexdigest()[:24]
    return Incoming("webchat", address, f"{address}:{STARTED}{mark}", now, text=f"/start {word}")


def shown(message_id: str) -> bool:
    """Whether a received message is one that its person has said."""
    own = message_id.partition(":")[2]
    return own != GREETED and not own.startswith(STARTED)


def read(
    address: str, frame: dict[str, Any], now: datetime, named: Callable[[str, str], str | None]
) -> Incoming:
    """Read a page's message.

    Args:
        address: the account.
        frame: what came over the socket.
        now: the time it is said to have been said; telephones' clocks are not believed either.
        named: the upload that a signed name stands for, None if it is somebody else's.

    Raises:
        BadFrame: with what to tell the person.
        KeyError, TypeError, ValueError, AttributeError: not made by the page.
    """
    message_id = str(frame["id"])
    if not MESSAGE_ID.fullmatch(message_id) or message_id.startswith(STARTED):
        raise ValueError("id")
    text = _clean(frame.get("text"))
    if len(text) > LONGEST:
        raise BadFrame("Tin nhắn quá dài. Xin chia thành từng đoạn dưới 2.000 chữ.")
    button = frame.get("button")
    if button is not None and not TOKEN.fullmatch(button):
        raise ValueError("button")
    return Incoming(
        "webchat",
        address,
        f"{address}:{message_id}",  # unique for this account, whatever another page thinks up
        now,
        text=_clean(frame.get("label"))[:200] if button else text,
        button=button,
        media=_media(address, frame.get("media"), named),
        position=_position(frame.get("position")),
    )


def _clean(text: object) -> str:
    """Text as it can be stored: no zero bytes, no halves of characters."""
    if text is None:
        return ""
    if not isinstance(text, str):
        raise TypeError("text")
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _media(
    address: str, files: object, named: Callable[[str, str], str | None]
) -> tuple[Media, ...]:
    if not isinstance(files, list | None):
        raise TypeError("media")
    found = []
    for one in (files or [])[:ALBUM]:
        media_id = named(address, str(one["id"]))
        if media_id is None:
            raise BadFrame("Tệp này không còn trên máy chủ. Xin chọn và gửi lại.")
        found.append(Media(KINDS.get(one.get("kind"), "document"), media_id))
    return tuple(found)


def _position(where: object) -> Position | None:
    if where is None:
        return None
    if not isinstance(where, dict):
        raise TypeError("position")
    lat, lon = float(where["lat"]), float(where["lon"])
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise BadFrame("Vị trí này không có trên bản đồ. Xin gửi lại, hoặc gõ tên thôn, xã.")
    return Position(lat, lon)
