"""What an Official Account takes in one message, as documented; anything else is refused."""

import re
from typing import Any

from tests.standins.zalo.world import DAY, User, World

TAPS = {"oa.query.show": str, "oa.query.hide": str, "oa.open.url": dict, "oa.open.phone": dict,
        "oa.open.sms": dict}  # fmt: skip
NAMES = re.compile(r"[\x20-\x7e]{1,120}")


class Refused(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def require(true: object, what: str, code: int = -201) -> None:
    if not true:
        raise Refused(code, f"{what} is invalid!")


def window(world: World, user: User) -> str:
    silence = world.now() - user.last
    if silence > 7 * DAY:
        raise Refused(-230, "User has not interacted with the OA in the past 7 days")
    if silence > 2 * DAY:
        if not world.faults["billing"]:
            raise Refused(-320, "ZCA account is missing")
        world.counts["billed"] += 1
        return "billed"
    return "reply"


def shown(world: World, message: Any) -> dict:
    """Check a consultation message; give what the person sees."""
    require(isinstance(message, dict) and message, "message")
    require(set(message) <= {"text", "attachment", "quote_message_id"}, "message")
    text = message.get("text", "")
    require(isinstance(text, str), "text")
    require(len(text) <= 2000, "text", -210)
    require("**" not in text, "formatting")
    attachment = message.get("attachment")
    if attachment is None:
        require(text.strip(), "text")
        return {"kind": "text", "text": text, "taps": []}
    require(isinstance(attachment, dict) and set(attachment) == {"type", "payload"}, "attachment")
    payload = attachment["payload"]
    if attachment["type"] == "file":
        require(set(payload) == {"token"}, "payload")
        return {"kind": "file", "text": text, "taps": [], "file": _asset(world, payload["token"])}
    require(attachment["type"] == "template", "attachment.type")
    return _template(world, text, payload)


def _template(world: World, text: str, payload: dict) -> dict:
    kind = payload.get("template_type")
    if kind == "media":
        require("buttons" not in payload, "buttons beside a picture")
        return {"kind": "image", "text": text, "taps": [], "file": _media(world, payload)}
    if kind == "request_user_info":
        [element] = payload["elements"]
        require(len(element["title"]) <= 100 and len(element["subtitle"]) <= 500, "element")
        require(world.faults["cards"], "request_user_info")
        return {"kind": "form", "text": element["title"], "taps": []}
    shape = {None: "plain", "button": "button", "list": "list"}.get(kind)
    require(shape in world.faults["shapes"], "template_type", -233)
    if shape == "plain":
        require(text.strip(), "text")
    elif shape == "button":
        text = payload["text"]
    else:
        require(1 <= len(payload["elements"]) <= 5, "elements")
        first = payload["elements"][0]
        require(len(first["title"]) <= 100 and 0 < len(first["subtitle"]) <= 500, "element")
        text = f"{first['title']}\n{first['subtitle']}"
    return {"kind": "text", "text": text, "taps": _taps(payload["buttons"])}


def _taps(buttons: Any) -> list[dict]:
    require(isinstance(buttons, list) and 1 <= len(buttons) <= 5, "buttons")
    for one in buttons:
        require(set(one) == {"title", "type", "payload"}, "button")
        require(0 < len(one["title"]) <= 100, "title")
        require(isinstance(one["payload"], TAPS[one["type"]]), "payload")
        require(len(str(one["payload"])) <= 1000, "payload")
    return buttons


def _media(world: World, payload: dict) -> str:
    [element] = payload["elements"]
    require(("url" in element) != ("attachment_id" in element), "element")
    require(element["media_type"] in ("image", "sticker"), "media_type")
    return _asset(world, element["attachment_id"])


def _asset(world: World, ref: str) -> str:
    require(ref in world.uploads, "attachment_id")
    if world.now() - world.uploads[ref]["at"] > 7 * DAY or world.uploads[ref]["dead"]:
        raise Refused(-100, "attachment is expired")
    return ref
