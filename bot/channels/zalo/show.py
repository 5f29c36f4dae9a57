"""``Outgoing`` as requests of the Official Account API.  Pure: what to send, in which order.

A message has at most five buttons.  More become a numbered list, in pages if need be; what steers
(skip, back, a person, cancel) keeps its buttons.  Zalo shows nothing of a press, so each button
brings its label along, to be said again with the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.channels.zalo.config import ButtonsShape
from bot.media import EXTENSIONS as OFFICE
from bot.media import StoredFile
from handlers.i18n import N_, Translate, translator
from handlers.messages import Button, Outgoing
from handlers.render import split

TEXT = 2000  # letters of one message
LIMIT = 1800  # what the core may fill: an echoed label and a list have to fit beside it
BUTTONS = 5
TITLE, SUBTITLE = 100, 500  # letters of a button or of an element of a list
PAGE = 12  # lines of a numbered list in one message
IMAGES = frozenset({"image/jpeg", "image/png"})
FILES = {"application/pdf": "pdf", **OFFICE}  # xlsx is undocumented but seen to be taken
LARGEST_FILE = 5 * 1024 * 1024

CHOOSE = N_("Gõ số để chọn.")
MORE = N_("⏬ Xem thêm")
CHOOSE_ON = N_("Các lựa chọn tiếp theo:")
PLACE = N_("📍 Gửi vị trí của tôi")
NOT_CARRIED = N_("(Có {count} ghi âm, video hoặc tệp mà Zalo không chuyển được ở đây.)")
CARD = (N_("Thông tin liên hệ"), N_("Bấm để gửi số điện thoại cho cán bộ, khỏi phải gõ."))


@dataclass(frozen=True, slots=True)
class Say:
    """One message; ``instead`` is sent when Zalo refuses its shape."""

    body: dict[str, Any]  # the field ``message``
    offers: tuple[Button, ...] | None = None  # what numbers stand for from now on; None: as before
    instead: Say | None = None
    optional: bool = False  # the conversation does without


@dataclass(frozen=True, slots=True)
class Attach:
    """A file to upload and send; a refused one is survived."""

    kind: Literal["image", "file"]
    name: str  # by which an earlier upload is found again
    file: StoredFile


Step = Say | Attach


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a long list that is asked for with «Xem thêm»."""

    text: str
    buttons: tuple[Button, ...]
    first: int


def steps(  # noqa: PLR0913 - what a message may need beside itself
    message: Outgoing,
    files: Sequence[tuple[str, StoredFile]],
    qr: bytes | None,
    *,
    shape: ButtonsShape,
    place: str | None = None,
    form_picture: str = "",
) -> tuple[Step, ...]:
    """Work out what to send: files first, the words with their buttons last.

    Args:
        message: what is to be said.
        files: its stored files, by id.
        qr: the picture of its link, if it has one.
        shape: how buttons are written; disputed, so a setting.
        place: address of a page that reads the position, where one is to be offered.
        form_picture: picture of the card that asks for the telephone number.
    """
    t = translator(message.locale)
    found: list[Step] = []
    left_out = 0
    for name, file in files:
        if file.mime in IMAGES:
            found.append(Attach("image", name, file))
        elif file.mime in FILES and len(file.data) <= LARGEST_FILE:
            found.append(Attach("file", name, file))
        else:
            left_out += 1
    if qr is not None:
        found.append(Attach("image", f"qr:{message.qr}", StoredFile(qr, "image/png", "photo")))
    text = _text(message, t, left_out)
    if text or message.buttons or not found:
        found += _words(text or "…", message.buttons, t, shape, place)
    if message.wants == "contact":
        found.append(_card(t, form_picture))
    return tuple(found)


def page(buttons: Sequence[Button], first: int, locale: str, shape: ButtonsShape) -> Say:
    """One more page of a numbered list; numbers go on where they stood."""
    t = translator(locale)
    return _listed(t(CHOOSE_ON), tuple(buttons), (), t, shape, first)


def _text(message: Outgoing, t: Translate, left_out: int) -> str:
    parts = [message.text.replace("**", "").strip()]
    if message.position:
        where = f"{message.position.lat:.6f},{message.position.lon:.6f}"
        parts.append(f"📍 https://www.google.com/maps?q={where}")
    if message.qr:
        parts.append(message.qr)
    if left_out:
        parts.append(t(NOT_CARRIED, count=left_out))
    return "\n\n".join(part for part in parts if part)


def _words(
    text: str, buttons: tuple[Button, ...], t: Translate, shape: ButtonsShape, place: str | None
) -> Iterator[Say]:
    *before, last = split(text, LIMIT)
    for piece in before:
        yield Say({"text": piece})
    links = [(t(PLACE), place)] if place else []
    if not buttons:
        yield Say(_body(last, [], links, shape))
        return
    short = shape != "list" or len(last) <= SUBTITLE
    if shape != "numbers" and short and len(buttons) + len(links) <= BUTTONS:
        yield Say(
            _body(last, buttons, links, shape),
            offers=(),
            instead=_listed(last, buttons, (), t, "numbers", 0, links),
        )
        return
    if shape == "list" and _length(last, buttons, t) > SUBTITLE:
        shape = "numbers"  # a list's element has no room for it
    listed, taps = _parted(buttons, BUTTONS - len(links), shape)
    if _length(last, listed if shape == "numbers" else listed[:PAGE], t) > TEXT:
        yield Say({"text": last})
        last = ""
    yield _listed(last, listed, taps, t, shape, 0, links)


def _parted(
    buttons: tuple[Button, ...], room: int, shape: ButtonsShape
) -> tuple[tuple[Button, ...], tuple[Button, ...]]:
    """Say which are listed by number and which stay to be tapped."""
    if shape == "numbers":
        return buttons, ()
    answers = tuple(one for one in buttons if one.token.startswith("a:"))
    steering = tuple(one for one in buttons if not one.token.startswith("a:"))
    if answers and len(steering) + (len(answers) > PAGE) <= room:
        return answers, steering
    return buttons, buttons[: room - (len(buttons) > PAGE)]


def _listed(  # noqa: PLR0913, PLR0917 - one list in all its forms
    text: str,
    listed: tuple[Button, ...],
    taps: tuple[Button, ...],
    t: Translate,
    shape: ButtonsShape,
    first: int,
    links: Sequence[tuple[str, str]] = (),
) -> Say:
    shown = listed[first : first + PAGE] if shape != "numbers" else listed[first:]
    more = first + len(shown) < len(listed)
    if more:
        taps = (*taps, Button(f"p:{first + PAGE}", t(MORE)))
    lines = [f"{number}. {one.label}" for number, one in enumerate(shown, first + 1)]
    whole = "\n\n".join(part for part in (text, "\n".join(lines), t(CHOOSE)) if part)
    instead = None
    if taps:
        everything = tuple(dict.fromkeys((*listed, *(one for one in taps if one.token[0] != "p"))))
        instead = _listed(text, everything, (), t, "numbers", 0, links)
    return Say(_body(whole[:TEXT], taps, links, shape), offers=listed, instead=instead)


def _length(text: str, listed: Sequence[Button], t: Translate) -> int:
    return len(text) + sum(len(one.label) + 5 for one in listed) + len(t(CHOOSE)) + 4


def _body(
    text: str,
    buttons: Sequence[Button],
    links: Sequence[tuple[str, str]],
    shape: ButtonsShape,
) -> dict[str, Any]:
    """Text with buttons, in one of the shapes that are seen in the wild."""
    if shape == "numbers":
        return {"text": "\n".join([text, *(f"{label}: {url}" for label, url in links)])}
    taps = [_tap(one) for one in buttons]
    taps += [
        {"title": label, "type": "oa.open.url", "payload": {"url": url}} for label, url in links
    ]
    if not taps:
        return {"text": text}
    payload: dict[str, Any] = {"buttons": taps}
    if shape == "button":
        payload = {"template_type": "button", "text": text, "buttons": taps}
    elif shape == "list":
        head, _, rest = text.partition("\n")
        if len(head) > TITLE:
            head, rest = head[: TITLE - 1] + "…", text
        element = {"title": head, "subtitle": rest.strip()[:SUBTITLE] or head}
        payload = {"template_type": "list", "elements": [element], "buttons": taps}
    body: dict[str, Any] = {"attachment": {"type": "template", "payload": payload}}
    return {"text": text, **body} if shape == "plain" else body


def _tap(button: Button) -> dict[str, Any]:
    label = button.label[:TITLE]
    payload = f"#tg:{button.token}|{label}" if button.token[0] != "p" else f"#tg:{button.token}"
    return {"title": label, "type": "oa.query.hide", "payload": payload}


def _card(t: Translate, picture: str) -> Say:
    element = {"title": t(CARD[0])[:TITLE], "subtitle": t(CARD[1])[:SUBTITLE]}
    if picture:
        element["image_url"] = picture
    payload = {"template_type": "request_user_info", "elements": [element]}
    return Say({"attachment": {"type": "template", "payload": payload}}, optional=True)
