"""Updates of the Bot API as ``Incoming`` messages.  Pure: no network, no clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import structlog
from telegram import Bot, CallbackQuery, Chat, ChatMemberUpdated, Message, Update

from handlers.messages import Contact, Event, Incoming, Media, MediaKind, Position

log = structlog.get_logger(__name__)

Raw = dict[str, Any]  # an update as JSON

CHANNEL = "telegram"
GROUP_COMMAND = re.compile(r"/(?:nhom|group)(?:@\w+)?(?:\s|$)", re.IGNORECASE)
GROUP_BUTTONS = ("c:nhan:",)  # what can be pressed in a group
BESIDE = frozenset({"from", "entities"})  # what may stand beside words without changing them
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")

# Notices that Telegram writes into a chat; nobody said anything, so nobody is answered.
NOTICES = (
    "boost_added", "chat_background_set", "chat_shared", "connected_website", "forum_topic_closed",
    "forum_topic_created", "forum_topic_edited", "forum_topic_reopened", "gift",
    "message_auto_delete_timer_changed", "pinned_message", "proximity_alert_triggered",
    "refunded_payment", "successful_payment", "unique_gift", "users_shared",
    "video_chat_ended", "video_chat_started", "write_access_allowed",
)  # fmt: skip


def parse(raw: Raw, bot: Bot | None, now: datetime) -> Incoming | None:
    """Read one update; None when it is nothing that a person said to the service.

    Args:
        raw: the update as it came.
        bot: whose update it is.
        now: when it came in, aware UTC; a pressed button carries no time of its own.
    """
    if (words := _words_alone(raw)) is not None:
        return words
    try:
        return _update(Update.de_json(raw, bot), now)
    except Exception as error:  # noqa: BLE001 - the library refuses what another version wrote
        log.warning("telegram_update_odd", update=raw.get("update_id"), error=type(error).__name__)
        return _salvage(raw, now)


def _words_alone(raw: Raw) -> Incoming | None:
    """Words in a private chat and nothing else, as most updates are.

    Read without the library: its objects would be a tenth of what such a message costs
    (docs/decisions/0004).
    """
    match raw:
        case {
            "update_id": _,
            "message": {
                "message_id": int(number),
                "date": int(at),
                "chat": {"id": int(chat), "type": "private"},
                "text": str(said),
                **beside,
            },
            **more,
        } if not more and beside.keys() <= BESIDE and (text := _clean(said)):
            sent_at = datetime.fromtimestamp(at, UTC)
            return Incoming(CHANNEL, str(chat), f"{chat}:{number}", sent_at, text=text)
        case _:
            return None


def _update(update: Update, now: datetime) -> Incoming | None:
    if update.callback_query is not None:
        return _press(update.callback_query, now)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    if update.edited_message is not None:
        return _edit(update.edited_message)
    if update.message is not None:
        return _message(update.message)
    return None


def _message(message: Message) -> Incoming | None:
    if not _private(message.chat):
        return _in_group(message)
    heard = _content(message, f"{message.chat.id}:{message.message_id}", message.date)
    if heard.event == "unreadable" and any(getattr(message, name, None) for name in NOTICES):
        return None
    return heard


def _in_group(message: Message) -> Incoming | None:
    """What is said in a group is nobody's business here, but for the command that links it."""
    group = str(message.chat.id)
    message_id = f"{group}:{message.message_id}"
    if message.migrate_to_chat_id is not None:  # the group has a new id from now on
        new = str(message.migrate_to_chat_id)
        return Incoming(
            CHANNEL, group, message_id, message.date, text=new, event="moved", group=group
        )
    sender = message.from_user
    said = _clean(message.text or "")
    if sender is None or sender.is_bot or not GROUP_COMMAND.match(said):
        return None
    return Incoming(CHANNEL, str(sender.id), message_id, message.date, text=said, group=group)


def _edit(message: Message) -> Incoming | None:
    if not _private(message.chat) or message.location:
        return None  # a live position moves every few seconds; the first one was taken in
    at = message.edit_date or message.date
    original = f"{message.chat.id}:{message.message_id}"
    heard = _content(message, f"e:{original}:{int(at.timestamp())}", at, edits=original)
    return heard if heard.event == "message" else None


def _content(
    message: Message, message_id: str, sent_at: datetime, edits: str | None = None
) -> Incoming:
    text = _clean(message.text or message.caption or "")
    media = _media(message)
    position = _position(message)
    contact = _contact(message)
    readable = text or media or position or contact
    return Incoming(
        CHANNEL,
        str(message.chat.id),
        message_id,
        sent_at,
        text=text,
        media=(media,) if media else (),
        position=position,
        contact=contact,
        album=message.media_group_id,
        edits=edits,
        event="message" if readable else "unreadable",
    )


def _press(query: CallbackQuery, now: datetime) -> Incoming | None:
    if query.message is None or query.data is None:
        return None
    chat = query.message.chat
    group = None if _private(chat) else str(chat.id)
    if group is not None and not query.data.startswith(GROUP_BUTTONS):
        return None
    presser = str(chat.id) if group is None else str(query.from_user.id)
    return Incoming(CHANNEL, presser, f"cb:{query.id}", now, button=query.data, group=group)


def _membership(change: ChatMemberUpdated) -> Incoming | None:
    status = change.new_chat_member.status
    message_id = f"m:{change.chat.id}:{int(change.date.timestamp())}:{status}"
    chat = str(change.chat.id)
    event: Event = "blocked" if status in {"kicked", "left"} else "unblocked"
    if _private(change.chat):
        return Incoming(CHANNEL, chat, message_id, change.date, event=event)
    if event == "unblocked":  # a group hears nothing until it is linked
        return None
    return Incoming(CHANNEL, chat, message_id, change.date, event=event, group=chat)


def _media(message: Message) -> Media | None:
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        return Media("photo", best.file_id, "image/jpeg", best.file_size)
    if message.sticker:
        return Media("sticker", message.sticker.file_id, size=message.sticker.file_size)
    if message.video_note:
        note = message.video_note
        return Media("video", note.file_id, "video/mp4", note.file_size)
    kind: MediaKind
    # an animation is sent as a document too, so documents are looked at last
    for kind, file, usual in (
        ("voice", message.voice, "audio/ogg"),
        ("voice", message.audio, "audio/mpeg"),
        ("video", message.video, "video/mp4"),
        ("video", message.animation, "video/mp4"),
        ("document", message.document, None),
    ):
        if file is not None:
            name = getattr(file, "file_name", None)
            return Media(kind, file.file_id, file.mime_type or usual, file.file_size, name)
    return None


def _position(message: Message) -> Position | None:
    place = message.location or (message.venue.location if message.venue else None)
    return Position(float(place.latitude), float(place.longitude)) if place else None


def _contact(message: Message) -> Contact | None:
    card = message.contact
    if card is None:
        return None
    sender = message.from_user
    return Contact(
        card.phone_number,
        own=card.user_id is not None and sender is not None and card.user_id == sender.id,
    )


def _salvage(raw: Raw, now: datetime) -> Incoming | None:
    """Take words or a press out of an update that cannot be read whole; nobody goes unanswered."""
    match raw:
        case {
            "message": {"message_id": int(number), "chat": {"id": int(chat), "type": "private"}}
        }:
            said = raw["message"].get("text")
            text = _clean(said) if isinstance(said, str) else ""
            event: Event = "message" if text else "unreadable"
            return Incoming(CHANNEL, str(chat), f"{chat}:{number}", now, text=text, event=event)
        case {
            "callback_query": {
                "id": query,
                "data": str(token),
                "message": {"chat": {"id": int(chat), "type": "private"}},
            }
        }:
            return Incoming(CHANNEL, str(chat), f"cb:{query}", now, button=token)
        case _:
            return None


def _private(chat: Chat) -> bool:
    return str(chat.type) == "private"


def _clean(text: str) -> str:
    """Drop what PostgreSQL cannot hold: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode(errors="ignore").decode()
