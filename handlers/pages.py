"""Whole pages of text: one file a page and language, under ``locales/<language>/pages``."""

from __future__ import annotations

from functools import cache

from handlers.i18n import LOCALES, SOURCE


@cache
def _read(name: str, locale: str) -> str:
    path = LOCALES / locale / "pages" / f"{name}.txt"
    if not path.exists():
        path = LOCALES / SOURCE / "pages" / f"{name}.txt"
    return path.read_text("utf-8").strip()


def page(name: str, locale: str, **values: object) -> str:
    """A page in a language, with its ``{names}`` filled in."""
    text = _read(name, locale)
    return text.format_map(values) if values else text
