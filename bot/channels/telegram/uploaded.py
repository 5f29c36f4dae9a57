"""Files that lie at Telegram already: they are sent by its name for them, not uploaded again.

Each process remembers its own: Telegram keeps the names for as long as the bot has its token.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from telegram import InputMediaPhoto, Message

from bot.channels.telegram.show import Call

KEPT = 1000  # files remembered
KINDS = {
    "send_photo": "photo",
    "send_media_group": "photo",
    "send_voice": "voice",
    "send_document": "document",
}


class Uploaded:
    """What Telegram calls the files that were uploaded, each by our id and the kind it went as."""

    def __init__(self) -> None:
        self._names: OrderedDict[tuple[str, str], str] = OrderedDict()

    def by_name(self, call: Call) -> Call | None:
        """Give the same call without the files that are known; None if none of them is."""
        kind = KINDS.get(call.method, "")
        names = [self._names.get((kind, file)) for file in call.files]
        if not any(names):
            return None
        for file, name in zip(call.files, names, strict=True):
            if name is not None:
                self._names.move_to_end((kind, file))
        if call.method == "send_media_group":
            album = [
                InputMediaPhoto(name) if name else item
                for name, item in zip(names, call.arguments["media"], strict=True)
            ]
            return replace(call, arguments={"media": album})
        return replace(call, arguments={**call.arguments, kind: names[0]})

    def refused_before(self, call: Call) -> bool:
        """Whether these pictures went as documents the last time: they make no photographs."""
        if KINDS.get(call.method) != "photo" or not call.instead:
            return False
        photos = all(("photo", file) in self._names for file in call.files)
        return not photos and all(("document", file) in self._names for file in call.files)

    def note(self, call: Call, made: tuple[Message, ...]) -> None:
        """Remember what Telegram called the files of a call; the largest size of a photograph."""
        kind = KINDS.get(call.method, "")
        for file, message in zip(call.files, made, strict=False):
            found = getattr(message, kind)
            if found:  # a sound may come back as another kind than it was sent as
                name = (found[-1] if kind == "photo" else found).file_id
                self._names[kind, file] = name
                self._names.move_to_end((kind, file))
        while len(self._names) > KEPT:
            self._names.popitem(last=False)

    def forget(self, call: Call) -> None:
        """Telegram does not take the names of these files any more."""
        for file in call.files:
            self._names.pop((KINDS.get(call.method, ""), file), None)
