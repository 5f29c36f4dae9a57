"""The rows of a spreadsheet as the lines of a list.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.lists import paste, table
from handlers.lists.paste import Written


def lines(rows: Sequence[Sequence[str]]) -> list[Written]:
    """Read every household; rows of the template that nobody touched are left out.

    A table without headings that can be read is taken for lines that somebody typed.
    """
    known = None
    found: list[Written] = []
    loose: list[str] = []
    for cells in rows:
        if (header := table.columns(cells)) is not None:
            known = header
        elif known is None or not table.fits(known, cells):
            loose.append("; ".join(cell for cell in cells if cell))
        elif not table.empty(known, cells) and not table.untouched(known, cells):
            found.append(Written(table.line(known, cells)))
    if known is None:
        return [Written(one.line) for one in paste.lines("\n".join(loose))]
    return found
