"""``Outgoing`` as calls of the Bot API.  Pure: what to call, in which order, with what."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.media import EXTENSIONS as OFFICE
from bot.media import StoredFile
from handlers.i18n import N_, translator
from handlers.messages import Button, Outgoing

TEXT = 4000  # the platform's 4096, less what a letter outside the basic plane costs
ALBUM = 10  # photographs in one album
NARROW, MEDIUM = 10, 18  # letters of a label that fits three, or two, in a row on a telephone
VOICE = {"audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/mp4": "m4a"}  # what sendVoice plays
EXTENSIONS = (
    VOICE
    | OFFICE
    | {
        "image/jpeg": "jpg",
        "image/png": "png",
        "audio/webm": "webm",
        "audio/wav": "wav",
        "video/mp4": "mp4",
        "video/webm": "webm",
        "application/pdf": "pdf",
    }
)
SHARE = {
    "contact": N_("📱 Gửi số điện thoại của tôi"),
    "position": N_("📍 Gửi vị trí của tôi"),
}
SHARE_BELOW = {
    "contact": N_("Hoặc bấm nút dưới đây để gửi số điện thoại:"),
    "position": N_("Hoặc bấm nút dưới đây để gửi vị trí:"),
}
Stored: TypeAlias = tuple[str, StoredFile]  # a file with our id of it
BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Bot API; ``instead`` is made when Telegram refuses this one."""

    method: str  # of telegram.Bot
    arguments: dict[str, Any] = field(default_factory=dict)
    instead: tuple[Call, ...] = ()
    files: tuple[str, ...] = ()  # our ids of the stored files in it, in their order


def calls(message: Outgoing, files: Sequence[Stored], qr: bytes | None) -> tuple[Call, ...]:
    """Work out what to call: files, position and QR first, the text with its buttons last."""
    found = [*_files(files)]
    if message.position:
        place = {"latitude": message.position.lat, "longitude": message.position.lon}
        found.append(Call("send_location", place))
    if qr is not None and message.qr:
        found.append(
            Call("send_photo", {"photo": qr, "caption": message.qr, "filename": "qr.png"})
        )
    if message.text.strip() or message.buttons or message.wants or not found:
        found += _texts(message)
    return tuple(found)


def edit(message: Outgoing) -> Call | None:
    """The call that puts a message of words in the place of an earlier one; None if it cannot."""
    pieces = _pieces(message.text)
    plain = not message.media and not message.qr and not message.wants and not message.position
    if not (message.replaces and message.replaces.isdecimal() and plain and len(pieces) == 1):
        return None
    arguments = _text(pieces[0], keyboard(message.buttons) if message.buttons else None).arguments
    return Call("edit_message_text", {**arguments, "message_id": int(message.replaces)})


def as_html(text: str) -> str:
    return BOLD.sub(r"<b>\1</b>", html.escape(text, quote=False))


def keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup:
    """Lay buttons out: long labels alone, shorter ones two or three in a row."""
    rows: list[list[Button]] = []
    for button in buttons:
        row = [*rows[-1], button] if rows else []
        if row and len(row) <= min(_per_row(other.label) for other in row):
            rows[-1] = row
        else:
            rows.append([button])
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.label, callback_data=b.token) for b in row] for row in rows]
    )


def _per_row(label: str) -> int:
    return 3 if len(label) <= NARROW else 2 if len(label) <= MEDIUM else 1


def _texts(message: Outgoing) -> Iterator[Call]:
    t = translator(message.locale)
    *first, last = _pieces(message.text)
    for piece in first:
        yield _text(piece, None)
    share = _share(message) if message.wants in SHARE else None
    if message.buttons:
        yield _text(last, keyboard(message.buttons))
        if share:  # one message cannot carry both kinds of keyboard
            yield _text(t(SHARE_BELOW[str(message.wants)]), share)
    else:
        # Which keyboard a person sees now is not known here; taking away none does no harm.
        yield _text(last, share or ReplyKeyboardRemove())


def _text(text: str, markup: object) -> Call:
    return Call(
        "send_message",
        {
            "text": as_html(text),
            "parse_mode": "HTML",
            "reply_markup": markup,
            "link_preview_options": LinkPreviewOptions(is_disabled=True),
        },
    )


def _share(message: Outgoing) -> ReplyKeyboardMarkup:
    label = translator(message.locale)(SHARE[str(message.wants)])
    button = KeyboardButton(
        label,
        request_contact=message.wants == "contact" or None,
        request_location=message.wants == "position" or None,
    )
    return ReplyKeyboardMarkup(
        [[button]], resize_keyboard=True, one_time_keyboard=True, is_persistent=False
    )


def _pieces(text: str) -> list[str]:
    """Cut text that Telegram would refuse; the core has split by letters, Telegram counts UTF-16.

    A message of emoji only is twice as long to Telegram as it is to Python.
    """
    if not text.strip():
        return ["…"]
    pieces = []
    while len(text.encode("utf-16-le")) > 2 * 4096:
        at = text.rfind("\n", 1, TEXT // 2)
        at = at if at > 0 else TEXT // 2
        pieces.append(text[:at])
        text = text[at:].lstrip("\n")
    return [piece for piece in [*pieces, text] if piece.strip()]


def _files(files: Sequence[Stored]) -> Iterator[Call]:
    photos = [(name, file) for name, file in files if file.kind == "photo"]
    for start in range(0, len(photos), ALBUM):
        yield _photos(photos[start : start + ALBUM])
    for name, file in files:
        document = _document((name, file))
        if file.kind == "voice" and file.mime in VOICE:
            # people may forbid voice messages; the same file still goes as a document
            voice = {"voice": file.data, "filename": _name(file)}
            yield Call("send_voice", voice, (document,), (name,))
        elif file.kind != "photo":
            yield document


def _photos(photos: Sequence[Stored]) -> Call:
    documents = tuple(_document(photo) for photo in photos)
    names = tuple(name for name, _ in photos)
    if len(photos) == 1:
        photo = photos[0][1]
        picture = {"photo": photo.data, "filename": _name(photo)}
        return Call("send_photo", picture, documents, names)
    album = [InputMediaPhoto(photo.data, filename=_name(photo)) for _, photo in photos]
    return Call("send_media_group", {"media": album}, documents, names)


def _document(stored: Stored) -> Call:
    name, file = stored
    # without the flag Telegram guesses the kind anew, and may refuse it again
    arguments = {
        "document": file.data,
        "filename": _name(file),
        "disable_content_type_detection": True,
    }
    return Call("send_document", arguments, files=(name,))


def _name(file: StoredFile) -> str:
    return file.name or f"{file.kind}.{EXTENSIONS.get(file.mime, 'bin')}"
