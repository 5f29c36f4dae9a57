"""Fit a message into what a channel takes: long texts are split, many buttons become a list."""

from __future__ import annotations

from dataclasses import replace

from handlers.i18n import N_, translator
from handlers.messages import Button, Limits, Outgoing


def fit(message: Outgoing, limits: Limits) -> list[Outgoing]:
    """Return one or more messages that together say the same within the limits."""
    text, buttons = message.text, message.buttons
    if len(buttons) <= limits.buttons and len(text) <= limits.text:
        return [message]
    if len(buttons) > limits.buttons:
        t = translator(message.locale)
        choose = t(N_("Gõ số để chọn."))
        numbered = "\n".join(f"{n}. {button.label}" for n, button in enumerate(buttons, 1))
        text = f"{text}\n\n{numbered}\n\n{choose}"
        buttons = ()
    parts = split(text, limits.text)
    first = replace(message, text=parts[0], buttons=())
    rest = [Outgoing(part, locale=message.locale) for part in parts[1:]]
    whole = [first, *rest]
    whole[-1] = replace(whole[-1], buttons=buttons, wants=message.wants)
    if len(whole) > 1:
        whole[0] = replace(whole[0], wants=None)
    return whole


def split(text: str, most: int) -> list[str]:
    """Cut a text into pieces of at most ``most`` characters, at line ends where there are any.

    No character is lost but the white space at the cuts, and a bold passage is not left open.
    """
    pieces: list[str] = []
    while len(text) > most:
        cut = text.rfind("\n", 1, most)
        if cut < most // 2:
            cut = text.rfind(" ", 1, most)
        if cut < most // 2:
            cut = most
        piece, text = text[:cut].rstrip(), text[cut:].lstrip()
        if piece.count("**") % 2:
            piece, text = piece + "**", "**" + text
        pieces.append(piece)
    return [*pieces, text]


def question_buttons(
    tag: str, question_id: str, choices: tuple[tuple[str, str], ...]
) -> tuple[Button, ...]:
    """Buttons that answer one question of one draft; pressed later they change nothing."""
    return tuple(Button(f"a:{tag}:{question_id}:{choice}", label) for choice, label in choices)


def command_button(command: str, label: str, argument: str = "") -> Button:
    """A button that does what a typed command does."""
    return Button(f"c:{command}:{argument}" if argument else f"c:{command}", label)
