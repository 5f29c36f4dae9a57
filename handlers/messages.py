"""What crosses the line between channels and handlers: plain values, no library objects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

MediaKind = Literal["photo", "voice", "video", "document", "sticker", "other"]
Event = Literal[
    "message",
    "blocked",
    "unblocked",
    "album_settled",
    "unreadable",
    "moved",
    "paused",
    "resumed",
]


@dataclass(frozen=True, slots=True)
class Position:
    lat: float  # degrees, WGS 84
    lon: float


@dataclass(frozen=True, slots=True)
class Contact:
    """A telephone number shared with the platform's own button."""

    phone: str  # as the platform gives it
    own: bool = True  # False: somebody else's card was forwarded


@dataclass(frozen=True, slots=True)
class Media:
    """A file as the platform names it; nothing is fetched yet."""

    kind: MediaKind
    ref: str  # the platform's file id; on the web chat the id of an upload
    mime: str | None = None
    size: int | None = None  # bytes, if the platform tells
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message or event of one person, whatever the platform."""

    channel: str  # "telegram", "zalo", "webchat"
    address: str  # the chat or user id on that channel
    message_id: str  # the channel's own id: the same id twice is the same message
    sent_at: datetime  # aware, UTC
    text: str = ""
    button: str | None = None  # the token of the button that was pressed
    echo: str = ""  # its label, where the platform shows nothing of a press
    media: tuple[Media, ...] = ()
    position: Position | None = None
    contact: Contact | None = None
    album: str | None = None  # messages of one album share it
    edits: str | None = None  # message id of the original when this is its new version
    event: Event = "message"
    group: str | None = None  # the group chat it was said in; ``address`` is who said it


@dataclass(frozen=True, slots=True)
class Button:
    token: str  # at most 64 bytes: Telegram's callback_data is the narrowest
    label: str  # already translated


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be said; each channel shows it as well as it can.

    ``text`` is plain but for ``**bold**``.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    media: tuple[str, ...] = ()  # ids of stored media, shown before the text
    position: Position | None = None  # shown as a map pin or a link
    wants: Literal["contact", "position", "photo"] | None = None  # offer the platform's own way
    qr: str | None = None  # a link to show as a QR picture as well
    menu: str | None = None  # role whose command menu this chat shows from now on
    locale: str = "vi"
    # Messages of a chat with the same key are versions of one: the newer is shown in its place.
    updates: str | None = None
    passing: bool = False  # a version that is not worth a message where none can be replaced
    replaces: str | None = None  # the platform's id of the version shown now; delivery fills it in


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform takes in one message, and how fast."""

    text: int  # characters in one message; longer text is split
    buttons: int  # buttons under one message; more become a numbered list
    per_second: float  # messages to everybody together
    per_chat: float  # messages a second to one chat
    edits: bool = False  # a message can be shown in the place of an earlier one
