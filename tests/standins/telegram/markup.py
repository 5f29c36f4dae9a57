"""Telegram's HTML and keyboards, read as strictly as Telegram reads them."""

import json
import re
from html import unescape

TAGS = {
    "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "blockquote",
    "tg-spoiler", "span",
}  # fmt: skip
TOKEN = re.compile(r"<(/?)([A-Za-z0-9-]*)([^<>]*)>|<|&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


class BadMarkup(ValueError):
    """What Telegram would answer with 400."""


def plain(source: str) -> tuple[str, list[dict[str, object]]]:
    """Read HTML: the text as people see it, and its entities in UTF-16 units."""
    text, entities, opened = "", [], []
    position = 0
    for found in TOKEN.finditer(source):
        text += source[position : found.start()]
        position = found.end()
        if found[0].startswith("&"):
            text += unescape(found[0])
            continue
        name = (found[2] or "").lower()
        if name not in TAGS:
            raise BadMarkup(f'can\'t parse entities: Unsupported start tag "{name}"')
        if not found[1]:
            opened.append((name, units(text)))
            continue
        if not opened or opened[-1][0] != name:
            raise BadMarkup(f'can\'t parse entities: Unmatched end tag "{name}"')
        _, start = opened.pop()
        entities.append({"type": name, "offset": start, "length": units(text) - start})
    if opened:
        raise BadMarkup(f"can't parse entities: Can't find end tag for \"{opened[-1][0]}\"")
    return text + source[position:], entities


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def reply_markup(raw: str | None) -> dict[str, object]:
    """Check a keyboard as Telegram does."""
    if not raw:
        return {}
    markup = json.loads(raw)
    kinds = {"inline_keyboard", "keyboard", "remove_keyboard", "force_reply"} & set(markup)
    if len(kinds) != 1:
        raise BadMarkup("object expected as reply markup")
    rows = markup.get("inline_keyboard") or []
    if sum(len(row) for row in rows) > 100:
        raise BadMarkup("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not str(button.get("text", "")).strip():
            raise BadMarkup("text buttons must have non-empty text")
        size = len(str(button.get("callback_data", "")).encode())
        if "url" not in button and not 1 <= size <= 64:
            raise BadMarkup("BUTTON_DATA_INVALID")
    for button in (button for row in markup.get("keyboard") or [] for button in row):
        if not str(button.get("text", "")).strip():
            raise BadMarkup("text buttons must have non-empty text")
    return markup
