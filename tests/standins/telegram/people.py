"""What people do in their chats, turned into the updates Telegram makes of it."""

import base64
import hashlib
import io
import time
from functools import cache

from PIL import Image

from tests.standins.telegram.world import World

VOICE = b"OggS" + bytes(60)  # enough to be taken for an Ogg file


def act(world: World, deed: dict) -> dict:
    """Do what a person does; ``deed`` is the body of ``POST /control/say``."""
    chat = int(deed["chat_id"])
    if "update" in deed:
        return {"update_id": world.add_update(deed["update"])}
    if "block" in deed:
        return _membership(world, chat, allowed=not deed["block"])
    if "button" in deed or "token" in deed:
        return _press(world, chat, deed)
    if "edit" in deed:
        return _edit(world, chat, deed["edit"])
    if "album" in deed:
        group = str(next(world.ids))
        pictures = deed["album"] if isinstance(deed["album"], list) else [True] * deed["album"]
        made = [
            _say(world, chat, {**deed, "photo": picture, "group": group, "caption": caption})
            for picture, caption in zip(
                pictures, [deed.get("caption")] + [None] * len(pictures), strict=False
            )
        ]
        return {"message_ids": [message["message_id"] for message in made]}
    return {"message_id": _say(world, chat, deed)["message_id"]}


def _say(world: World, chat: int, deed: dict) -> dict:
    world.chats[chat].allowed = True
    message = {
        "message_id": next(world.message_ids),
        "date": int(deed.get("date", time.time())),
        "from": person(chat),
        "chat": chat_object(chat, deed.get("chat_type", "private")),
        **_content(world, chat, deed),
    }
    if deed.get("group"):
        message["media_group_id"] = deed["group"]
    world.chats[chat].messages.append({"by": "person", **message})
    world.add_update({"message": message})
    return message


def _content(world: World, chat: int, deed: dict) -> dict:
    found: dict = {}
    if deed.get("caption"):
        found["caption"] = deed["caption"]
    if "text" in deed:
        found["text"] = deed["text"]
    if "photo" in deed:
        data = _bytes(deed["photo"]) or picture()
        small = {**_file(world, picture(90, 60)), "width": 90, "height": 60}
        found["photo"] = [small, {**_file(world, data), "width": 1280, "height": 960}]
    for kind, default, extra in (
        ("voice", VOICE, {"duration": 3, "mime_type": "audio/ogg"}),
        ("audio", VOICE, {"duration": 3, "mime_type": "audio/mpeg", "file_name": "a.mp3"}),
        ("video", b"....ftypisom", {"duration": 3, "width": 640, "height": 480,
                                    "mime_type": "video/mp4"}),
        ("video_note", b"....ftypisom", {"duration": 3, "length": 240}),
        ("document", b"%PDF-1.7 ...", {"file_name": "giay.pdf", "mime_type": "application/pdf"}),
        ("sticker", b"RIFF....WEBP", {"width": 512, "height": 512, "is_animated": False,
                                      "is_video": False, "type": "regular", "emoji": "👍"}),
    ):  # fmt: skip
        if kind in deed:
            given = deed[kind] if isinstance(deed[kind], dict) else {"data": deed[kind]}
            file = _file(world, _bytes(given.get("data")) or default, given.get("size"))
            more = {key: value for key, value in given.items() if key not in {"data", "size"}}
            found[kind] = {**file, **extra, **more}
    if "location" in deed:
        found["location"] = _place(deed["location"])
    if "venue" in deed:
        place = _place(deed["venue"])
        found["venue"] = {"location": place, "title": "Trường học", "address": "Thôn 2"}
        found["location"] = place
    if "contact" in deed:
        card = deed["contact"]
        own = {"user_id": chat} if card.get("own", True) else {}
        found["contact"] = {"phone_number": card["phone"], "first_name": "A", **own}
    if "dice" in deed:
        found["dice"] = {"emoji": "🎲", "value": 3}
    return found


def _press(world: World, chat: int, deed: dict) -> dict:
    """Press a button: by its label on the newest message that has it, or by a token."""
    holder = world.chats[chat]
    for message in reversed(holder.messages):
        for button in message.get("buttons", []):
            if deed.get("button") == button["text"] or deed.get("token") == button["token"]:
                return _query(world, chat, message, button["token"])
    for row in (holder.keyboard or {}).get("keyboard", []):
        for button in row:
            if button["text"] == deed.get("button"):
                return _key(world, chat, button)
    if "token" in deed:  # a button of a message this server never saw: an old one
        bare = {"message_id": 0, "date": 0, "chat": chat_object(chat)}
        return _query(world, chat, bare, deed["token"])
    raise LookupError(f"no button {deed.get('button')!r}")


def _key(world: World, chat: int, button: dict) -> dict:
    world.chats[chat].keyboard = None  # one_time_keyboard
    if button.get("request_contact"):
        deed: dict = {"contact": {"phone": "84905123456"}}
    elif button.get("request_location"):
        deed = {"location": [15.12, 108.79]}
    else:
        deed = {"text": button["text"]}
    return {"message_id": _say(world, chat, deed)["message_id"]}


def _query(world: World, chat: int, message: dict, token: str) -> dict:
    query = str(4_000_000_000_000_000_000 + next(world.ids))
    world.queries[query] = False
    shown = {k: v for k, v in message.items() if k in {"message_id", "date", "chat", "text"}}
    if message["date"]:
        shown["from"] = BOT
    body = {"id": query, "from": person(chat), "message": shown, "data": token,
            "chat_instance": "1"}  # fmt: skip
    return {"query": query, "update_id": world.add_update({"callback_query": body})}


def _edit(world: World, chat: int, edit: dict) -> dict:
    mine = [m for m in world.chats[chat].messages if m["by"] == "person"]
    message = next(
        m for m in reversed(mine) if m["message_id"] == edit.get("message_id", m["message_id"])
    )
    message.update({"text": edit["text"], "edit_date": int(edit.get("date", time.time()))})
    body = {key: value for key, value in message.items() if key != "by"}
    return {"update_id": world.add_update({"edited_message": body})}


def _membership(world: World, chat: int, *, allowed: bool) -> dict:
    world.chats[chat].allowed = allowed
    old, new = ("kicked", "member") if allowed else ("member", "kicked")
    until = {"until_date": 0}
    body = {
        "chat": chat_object(chat),
        "from": person(chat),
        "date": int(time.time()),
        "old_chat_member": {"user": BOT, "status": old, **(until if old == "kicked" else {})},
        "new_chat_member": {"user": BOT, "status": new, **(until if new == "kicked" else {})},
    }
    return {"update_id": world.add_update({"my_chat_member": body})}


def _place(place: list[float]) -> dict:
    return {"latitude": place[0], "longitude": place[1]}


def _bytes(given: object) -> bytes | None:
    return base64.b64decode(given) if isinstance(given, str) else None


def _file(world: World, data: bytes, size: int | None = None) -> dict:
    name = f"AgAC{next(world.ids)}"
    world.files[name] = (None if size else data, size or len(data))
    unique = hashlib.sha256(data).hexdigest()[:16]
    return {"file_id": name, "file_unique_id": unique, "file_size": size or len(data)}


@cache
def picture(width: int = 1280, height: int = 960) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (90, 120, 150)).save(out, "JPEG")
    return out.getvalue()


def person(chat: int) -> dict:
    return {"id": chat, "is_bot": False, "first_name": "An", "language_code": "vi"}


def chat_object(chat: int, kind: str = "private") -> dict:
    if kind == "private":
        return {"id": chat, "type": kind, "first_name": "An"}
    return {"id": -chat, "type": kind, "title": "Xã"}


BOT = {"id": 123456, "is_bot": True, "first_name": "Trợ giúp", "username": "standin_bot"}
