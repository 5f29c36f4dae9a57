"""Every text is in the catalogues, translated, with the same names: ``make check``.

``--update`` extracts new texts instead (``make texts``).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from handlers.i18n import LOCALES, OFFERED, SOURCE

TEMPLATE = LOCALES / "bot.pot"
NAME = re.compile(r"(?<!\{)\{(\w+)\}")
EXTRACT = [
    "pybabel", "-q", "extract", "-F", "babel.cfg", "-k", "N_", "--sort-by-file", "--no-location",
    "--omit-header", "--no-wrap",
]  # fmt: skip


def extract(to: Path) -> None:
    program = str(Path(sys.executable).parent / EXTRACT[0])
    subprocess.run(  # noqa: S603
        [program, *EXTRACT[1:], "-o", str(to), "bot", "handlers", "models"],
        check=True,
        env={**os.environ, "PYTHONPATH": "."},  # for tests.law_texts
    )


def problems(locale: str) -> list[str]:
    """What is wrong with one language."""
    known = _read(TEMPLATE)
    catalogue = _read(LOCALES / locale / "LC_MESSAGES" / "bot.po")
    found = []
    for message in known:
        if not message.id:
            continue
        translated = catalogue.get(message.id)
        if translated is None or not translated.string or translated.fuzzy:
            found.append(f"{locale}: not translated: {message.id!r}")
        elif set(NAME.findall(message.id)) != set(NAME.findall(translated.string)):
            found.append(f"{locale}: other {{names}}: {message.id!r}")
    found += [
        f"{locale}: no longer used: {one.id!r}"
        for one in catalogue
        if one.id and one.id not in known
    ]
    return found


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def main() -> int:
    if "--update" in sys.argv:
        extract(TEMPLATE)
        for locale in OFFERED:
            if locale != SOURCE:
                path = LOCALES / locale / "LC_MESSAGES" / "bot.po"
                program = str(Path(sys.executable).parent / "pybabel")
                subprocess.run(  # noqa: S603
                    [program, "-q", "update", "-i", str(TEMPLATE), "-o", str(path), "-l", locale,
                     "--omit-header", "--no-wrap", "--ignore-obsolete", "--no-fuzzy-matching"],
                    check=True,
                )  # fmt: skip
        return 0
    with tempfile.NamedTemporaryFile(suffix=".pot") as fresh:
        extract(Path(fresh.name))
        found = []
        if Path(fresh.name).read_text("utf-8") != TEMPLATE.read_text("utf-8"):
            found.append("locales/bot.pot is not what the code says: run `make texts`")
    for locale in OFFERED:
        if locale != SOURCE:
            found += problems(locale)
    print("\n".join(found) or "catalogues: complete")
    return 1 if found else 0


sys.exit(main())
