"""Texts: Vietnamese is the source language, other languages are gettext catalogues.

``N_`` marks a message without translating it; ``translator(locale)`` translates marked messages
and fills in their ``{names}``.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages import mofile, pofile

SOURCE = "vi"
LOCALES = Path(__file__).parents[1] / "locales"
OFFERED = ("vi", "en")  # languages a person can choose; each catalogue is complete

Translate = Callable[..., str]


def N_(message: str) -> str:  # noqa: N802 - the name every gettext tool knows
    return message


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    path = LOCALES / locale / "LC_MESSAGES" / "bot.po"
    if locale == SOURCE or not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        mofile.write_mo(compiled, pofile.read_po(file, locale=locale))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def translator(locale: str) -> Translate:
    """Return ``t(message, **values)`` for a language; an unknown language gets Vietnamese."""
    catalogue = _catalogue(locale)

    def t(message: str, /, **values: object) -> str:
        text = catalogue.gettext(message) if message else ""
        return text.format_map(values) if values else text

    return t
