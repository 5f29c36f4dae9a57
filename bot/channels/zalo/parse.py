"""Events of the webhook as ``Incoming`` messages.  Pure: no network, no clock.

A tap on a button comes back as a text like any other, so what looks like a button is believed no
more than what is typed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from handlers.messages import Contact, Event, Incoming, Media, MediaKind, Position
from models.text import fold

CHANNEL = "zalo"
CONSOLE = "222222222222222222"  # whom the developer console addresses its test event to

Raw = Mapping[str, Any]
What = Literal["said", "receipt", "followed", "unfollowed", "template", "nothing"]

# A person did something: from then on we may write to them for a while.  Receipts do not count.
INTERACTIONS = re.compile(
    r"user_send_(?!group)\w+|follow|user_click_chatnow|user_submit_info|user_call_oa"
    r"|user_reply_consent|widget_interaction_accepted"
)
PAYLOAD = re.compile(r"#tg:([acp]:[^|]{1,80})(?:\|(.{0,100}))?", re.DOTALL)
RESUME = ("bot", "#bot", "/bot", "bot tiep tuc", "/tieptuc")  # typed in the OA's own chat tool
OLDEST, AHEAD = timedelta(days=7), timedelta(minutes=5)  # around now, for a time to be believed
MEDIA: dict[str, tuple[MediaKind, str | None]] = {
    "image": ("photo", None),
    "gif": ("photo", None),
    "audio": ("voice", None),
    "video": ("video", None),
    "file": ("document", None),
    "sticker": ("sticker", None),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What one event is about."""

    what: What
    key: str  # the same for the same event, however often it comes
    user_id: str = ""  # the person; empty where there is none
    sent_at: datetime | None = None  # None: not told, or not to be believed
    said: Incoming | None = None
    interaction: bool = False
    delivered: tuple[str, ...] = ()  # ids of our messages
    seen: bool = False
    name: str = ""  # of the event


def load(body: bytes) -> Raw | None:
    """Read a body; None if it is no JSON object."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def timestamp(raw: Raw) -> str:
    """Give the timestamp as it stands in the signature."""
    value = raw.get("timestamp")
    return str(value) if isinstance(value, str | int) else ""


def oa_of(raw: Raw) -> str:
    """Whose event it is: the Official Account it came to or from."""
    name = str(raw.get("event_name", ""))
    sent_by_oa = name.startswith("oa_") or name in ("user_received_message", "user_seen_message")
    party = raw.get("sender" if sent_by_oa else "recipient")
    return _text(raw, "oa_id") or (_text(party, "id") if isinstance(party, dict) else "")


def read(raw: Raw, body: bytes, now: datetime) -> Heard:
    """Say what an event is about; one that is not known is nothing, not an error.

    Args:
        raw: the event.
        body: as it came; what has no id of its own is known by its hash.
        now: when it came in.
    """
    name = _text(raw, "event_name")
    message = raw.get("message")
    message = message if isinstance(message, dict) else {}
    # the same message has a receipt of each kind, so the event's name belongs to the key
    own = _text(message, "msg_id")
    key = f"{name}:{own}" if own else f"sha256:{hashlib.sha256(body).hexdigest()}"
    heard = Heard(
        "nothing",
        key,
        _person(raw, name),
        _when(timestamp(raw), now),
        interaction=INTERACTIONS.fullmatch(name) is not None,
        name=name,
    )
    if not heard.user_id:
        return replace(heard, what="template" if name.startswith("change_template") else "nothing")
    if name in ("user_received_message", "user_seen_message"):
        return _receipt(heard, message, seen=name == "user_seen_message")
    if name == "unfollow":
        return replace(heard, what="unfollowed")
    said = _said(heard, raw, name, message, now)
    if name == "follow":
        return replace(heard, what="followed", said=said)
    return replace(heard, what="said" if said else "nothing", said=said)


def _person(raw: Raw, name: str) -> str:
    """The person's id: direction and place differ from event to event."""
    follower = raw.get("follower")
    if isinstance(follower, dict):
        return _text(follower, "id")
    if "user_id" in raw:
        return _text(raw, "user_id")
    outward = name.startswith("oa_") or name in ("user_received_message", "user_seen_message")
    party = raw.get("recipient" if outward else "sender")
    return _text(party, "id") if isinstance(party, dict) else ""


def _receipt(heard: Heard, message: Raw, *, seen: bool) -> Heard:
    ids = message.get("msg_ids")
    found = [one for one in ids if isinstance(one, str)] if isinstance(ids, list) else []
    if not found and _text(message, "msg_id"):
        found = [_text(message, "msg_id")]
    if seen and not _text(message, "msg_id"):  # the list has no id of its own
        heard = replace(heard, key=f"seen:{hashlib.sha256(','.join(found).encode()).hexdigest()}")
    return replace(heard, what="receipt", delivered=tuple(found), seen=seen)


def _said(heard: Heard, raw: Raw, name: str, message: Raw, now: datetime) -> Incoming | None:
    empty = Incoming(CHANNEL, heard.user_id, heard.key, heard.sent_at or now)
    if name in ("follow", "user_click_chatnow"):
        return replace(empty, text="/start")
    if name == "oa_send_text" or name.startswith("oa_send_"):
        return _by_human(empty, raw, message)
    if name == "user_submit_info":
        return _submitted(empty, raw)
    if not name.startswith("user_send_") or name.startswith("user_send_group"):
        return None
    return _content(empty, message)


def _by_human(empty: Incoming, raw: Raw, message: Raw) -> Incoming | None:
    """An echo: our own are ours, one with an ``admin_id`` was written by a person."""
    sender = raw.get("sender")
    if not (isinstance(sender, dict) and _text(sender, "admin_id")):
        return None
    event: Event = "resumed" if fold(_text(message, "text")) in RESUME else "paused"
    return replace(empty, event=event)


def _submitted(empty: Incoming, raw: Raw) -> Incoming | None:
    """The answer to the form for name, number and address, in its new or its old shape."""
    info = raw.get("info")
    if not isinstance(info, dict):
        return None
    if action := _text(info, "action_payload"):
        return _words(empty, action)
    phone = _text(info, "phone")
    if not phone:
        return replace(empty, event="unreadable")
    return replace(empty, contact=Contact(phone))


def _content(empty: Incoming, message: Raw) -> Incoming:
    found = message.get("attachments")
    attachments = (
        [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    )
    said = _words(empty, _text(message, "text"))
    media = []
    for number, one in enumerate(attachments):
        payload = one.get("payload")
        payload = payload if isinstance(payload, dict) else {}
        kind = _text(one, "type")
        if kind == "location":
            said = replace(said, position=_position(payload))
        elif kind in ("link", "contact"):
            said = _link(said, payload)
        elif kind in MEDIA:
            media.append(_media(kind, payload, f"{empty.message_id}#{number}"))
    said = replace(said, media=tuple(media))
    readable = said.text or said.button or said.media or said.position or said.contact
    return said if readable else replace(said, event="unreadable")


def _words(empty: Incoming, text: str) -> Incoming:
    text = text.replace("\x00", "").encode(errors="ignore").decode()
    pressed = PAYLOAD.fullmatch(text.strip())
    if pressed is None:
        return replace(empty, text=text)
    return replace(empty, button=pressed[1], echo=(pressed[2] or "").strip())


def _media(kind: str, payload: Raw, ref: str) -> Media:
    size = _text(payload, "size")
    return Media(
        MEDIA[kind][0],
        ref,  # not the address: whoever has that has the picture
        size=int(size) if size.isdecimal() else None,
        name=_text(payload, "name") or None,
    )


def _position(payload: Raw) -> Position | None:
    found = payload.get("coordinates")
    found = found if isinstance(found, dict) else {}
    try:
        lat, lon = float(found["latitude"]), float(found["longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    return Position(lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _link(said: Incoming, payload: Raw) -> Incoming:
    """A link is words; a business card is a link whose description holds the number."""
    described = _text(payload, "description")
    card = load(described.encode()) or payload
    phone = _text(card, "phone")
    if phone:
        return replace(said, contact=Contact(phone, own=False))
    words = "\n".join(part for part in (said.text, described, _text(payload, "url")) if part)
    return replace(said, text=words)


def address_of(raw: Raw, ref: str) -> str | None:
    """The address of a file that ``_media`` named."""
    message = raw.get("message")
    number = ref.rpartition("#")[2]
    try:
        payload = message["attachments"][int(number)]["payload"]  # type: ignore[index]
        return str(payload["url"])
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _when(stamp: str, now: datetime) -> datetime | None:
    """The time Zalo tells, in milliseconds; the official samples have lost a digit."""
    try:
        told = datetime.fromtimestamp(int(stamp) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return told if now - OLDEST <= told <= now + AHEAD else None


def _text(raw: object, name: str) -> str:
    value = raw.get(name) if isinstance(raw, dict) else None
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
