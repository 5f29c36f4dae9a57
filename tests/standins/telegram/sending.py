"""The methods that put a message into a chat, with Telegram's own limits."""

import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from tests.standins.telegram.markup import BadMarkup, plain, reply_markup, units
from tests.standins.telegram.people import BOT, chat_object
from tests.standins.telegram.world import World

PHOTO, UPLOAD = 10 * 1024 * 1024, 50 * 1024 * 1024  # bytes


class Refused(Exception):
    """An answer that is not ok."""

    def __init__(self, code: int, description: str, parameters: dict | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


async def send_message(world: World, asked: dict, _files: dict) -> object:
    text, entities = _parsed(asked.get("text", ""), asked.get("parse_mode"))
    if not text.strip():
        raise Refused(400, "Bad Request: message text is empty")
    if units(text) > 4096:
        raise Refused(400, "Bad Request: message is too long")
    return _show(world, asked, {"text": text, "entities": entities})


async def edit_message_text(world: World, asked: dict, _files: dict) -> object:
    """Change the words and buttons of a message; the same words again are refused, as there."""
    text, entities = _parsed(asked.get("text", ""), asked.get("parse_mode"))
    if not text.strip():
        raise Refused(400, "Bad Request: message text is empty")
    markup = reply_markup(asked.get("reply_markup"))
    _reach(world, asked)
    number = int(asked["message_id"])
    said = world.chats[int(asked["chat_id"])].messages
    shown = next((one for one in said if one["message_id"] == number), None)
    if shown is None or shown["by"] != "bot":
        raise Refused(400, "Bad Request: message to edit not found")
    buttons = list(_buttons(markup)) if "inline_keyboard" in markup else []
    if shown["text"] == text and shown.get("buttons", []) == buttons:
        raise Refused(400, "Bad Request: message is not modified")
    shown |= {"text": text, "entities": entities, "buttons": buttons, "edited": True}
    return {key: shown[key] for key in ("message_id", "date", "from", "chat", "text")}


async def send_photo(world: World, asked: dict, files: dict) -> object:
    photo = _photo(world, _file(world, asked, files, "photo"))
    return _show(world, asked, {"photo": [photo], **_caption(asked)})


async def send_media_group(world: World, asked: dict, files: dict) -> object:
    items = json.loads(asked["media"])
    if not 2 <= len(items) <= 10:
        raise Refused(400, "Bad Request: wrong number of items in the album")
    group = str(next(world.ids))
    given = [_given(world, item["media"], files, "photo") for item in items]
    bodies = [{"photo": [_photo(world, one)], "media_group_id": group} for one in given]
    _reach(world, asked)
    return [_show(world, asked, body, counted=not i) for i, body in enumerate(bodies)]


async def send_voice(world: World, asked: dict, files: dict) -> object:
    kept = _keep(world, _file(world, asked, files, "voice"), "voice")
    body = {**kept, "duration": 1, "mime_type": "audio/ogg"}
    return _show(world, asked, {"voice": body})


async def send_document(world: World, asked: dict, files: dict) -> object:
    given = _file(world, asked, files, "document")
    body = {**_keep(world, given, "document"), "file_name": given.name}
    return _show(world, asked, {"document": body})


async def send_location(world: World, asked: dict, _files: dict) -> object:
    lat, lon = float(asked["latitude"]), float(asked["longitude"])
    if abs(lat) > 90 or abs(lon) > 180:
        raise Refused(400, "Bad Request: wrong location")
    return _show(world, asked, {"location": {"latitude": lat, "longitude": lon}})


METHODS = {
    "sendmessage": send_message,
    "editmessagetext": edit_message_text,
    "sendphoto": send_photo,
    "sendmediagroup": send_media_group,
    "sendvoice": send_voice,
    "senddocument": send_document,
    "sendlocation": send_location,
}


def _show(world: World, asked: dict, content: dict, *, counted: bool = True) -> dict:
    """Put a message into the chat and give it back as Telegram does."""
    try:
        markup = reply_markup(asked.get("reply_markup"))
    except (BadMarkup, ValueError) as error:
        raise Refused(400, f"Bad Request: {error}") from None
    _reach(world, asked)
    chat = int(asked["chat_id"])
    if counted:
        world.note_send(chat)
    message = {
        "message_id": next(world.message_ids),
        "date": int(time.time()),
        "from": BOT,
        "chat": chat_object(chat),
        **content,
    }
    shown = {"by": "bot", "at": time.time(), **message}
    if "inline_keyboard" in markup:
        message["reply_markup"] = markup
        shown["rows"] = [[button["text"] for button in row] for row in markup["inline_keyboard"]]
        shown["buttons"] = list(_buttons(markup))
    holder = world.chats[chat]
    if "keyboard" in markup:
        holder.keyboard = markup
    if "remove_keyboard" in markup:
        holder.keyboard = None
    holder.messages.append(shown)
    return message


def _reach(world: World, asked: dict) -> None:
    chat = int(asked["chat_id"])
    if chat not in world.chats:
        raise Refused(400, "Bad Request: chat not found")
    if chat in world.faults["blocked"] or not world.chats[chat].allowed:
        raise Refused(403, "Forbidden: bot was blocked by the user")


def _buttons(markup: dict) -> Iterator[dict]:
    for row in markup["inline_keyboard"]:
        for button in row:
            yield {"text": button["text"], "token": button.get("callback_data")}


def _parsed(text: str, mode: str | None) -> tuple[str, list[dict]]:
    if mode is None:
        return text, []
    if mode != "HTML":
        raise Refused(400, "Bad Request: unsupported parse_mode")
    try:
        return plain(text)
    except BadMarkup as error:
        raise Refused(400, f"Bad Request: {error}") from None


def _caption(asked: dict) -> dict:
    caption, _ = _parsed(asked.get("caption", ""), asked.get("parse_mode"))
    if units(caption) > 1024:
        raise Refused(400, "Bad Request: message caption is too long")
    return {"caption": caption} if caption else {}


@dataclass
class Given:
    """A file of a call: uploaded with it, or one that lies here already, by its id."""

    name: str
    data: bytes
    file_id: str | None = None


def _file(world: World, asked: dict, files: dict, kind: str) -> Given:
    return _given(world, asked.get(kind, f"attach://{kind}"), files, kind)


def _given(world: World, reference: str, files: dict, kind: str) -> Given:
    if reference in world.sent and not world.faults["lost_files"]:
        was, name = world.sent[reference]
        if was != kind:
            raise Refused(
                400, f"Bad Request: can't use file of type {was.title()} as {kind.title()}"
            )
        return Given(name, world.files[reference][0] or b"", reference)
    if (key := reference.removeprefix("attach://")) not in files:
        raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
    name, data = files[key]
    if not data:
        raise Refused(400, "Bad Request: file must be non-empty")
    if len(data) > UPLOAD:
        raise Refused(413, "Request Entity Too Large")
    return Given(name, data)


def _photo(world: World, given: Given) -> dict:
    if world.take_fault("refused_photos"):
        raise Refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    if len(given.data) > PHOTO:
        raise Refused(413, "Request Entity Too Large")
    try:
        with Image.open(io.BytesIO(given.data)) as picture:
            width, height = picture.size
    except UnidentifiedImageError:
        raise Refused(400, "Bad Request: IMAGE_PROCESS_FAILED") from None
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise Refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    return {**_keep(world, given, "photo"), "width": width, "height": height}


def _keep(world: World, given: Given, kind: str) -> dict:
    key = given.file_id or f"AgAC{next(world.ids)}"
    world.files[key] = (given.data, len(given.data))
    world.sent[key] = (kind, given.name)
    return {
        "file_id": key,
        "file_unique_id": f"{key}-{given.name}",
        "file_size": len(given.data),
    }
