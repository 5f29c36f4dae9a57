"""Spreadsheets that people send, read with suspicion: a workbook is a program's worth of XML.

Whatever it holds, what comes out is rows of plain text: no formula is worked out, no link
followed, no hidden sheet or row taken for what somebody meant to show.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, time
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.xml import DEFUSEDXML

from bot.media import XLSX
from models.text import compose

if not DEFUSEDXML:  # read at import by openpyxl; without it a workbook can eat the memory
    raise RuntimeError("defusedxml is not in use")

ROWS, COLUMNS, CELL = 3000, 40, 500  # what is looked at of one sheet; letters of one cell
SHEETS = 10
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_ROW = re.compile(rb"<row ([^>]*)>")
_HIDDEN, _NUMBER = re.compile(rb'hidden="(?:1|true)"'), re.compile(rb'\br="(\d+)"')


class SheetRefused(Exception):
    """A spreadsheet that cannot be read; ``reason`` is one of a closed list."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason  # broken, empty, locked


def rows(data: bytes, mime: str) -> list[list[str]]:
    """The rows of a spreadsheet as text, empty ones left out; slow, so call it in a thread.

    Raises:
        SheetRefused: it is broken, locked with a password, or holds nothing.
    """
    try:
        found = _workbook(data) if mime == XLSX else _csv(data)
    except SheetRefused:
        raise
    except Exception as error:  # a workbook can be broken in every way there is
        raise SheetRefused("broken") from error
    if not found:
        raise SheetRefused("empty")
    return found


def _workbook(data: bytes) -> list[list[str]]:
    with closing(
        openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    ) as book:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        best: list[list[str]] = []
        for sheet in shown[:SHEETS]:
            part = getattr(sheet, "_worksheet_path", "")
            merged, hidden = _laid_out(data, part)
            sheet.reset_dimensions()  # what a file says about its size is not believed
            taken = _taken(sheet.iter_rows(max_row=ROWS, max_col=COLUMNS), merged, hidden)
            if len(taken) > len(best):
                best = taken
        return best


def _laid_out(data: bytes, part: str) -> tuple[dict[tuple[int, int], tuple[int, int]], set[int]]:
    """Merged cells, each with the one that holds its value, and hidden rows.

    Only down a column: cells merged sideways are headings, or two columns made one.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            raw = archive.read(part.lstrip("/"))
        except KeyError:
            return {}, set()
    merged = {}
    for area in _MERGE.findall(raw)[:5000]:
        left, top, _, bottom = range_boundaries(area.decode())
        if None in (left, top, bottom):
            continue
        for row in range(top + 1, min(bottom, ROWS) + 1):
            merged[row, left] = (top, left)
    hidden = {
        int(number[1])
        for row in _ROW.findall(raw)
        if _HIDDEN.search(row) and (number := _NUMBER.search(row))
    }
    return merged, hidden


def _taken(
    given: Iterable[Any], merged: dict[tuple[int, int], tuple[int, int]], hidden: set[int]
) -> list[list[str]]:
    values: dict[tuple[int, int], str] = {}
    sources = set(merged.values())
    found = []
    for number, cells in enumerate(given, 1):
        texts = []
        for place, cell in enumerate(cells, 1):
            text = _text(cell.value)
            if (number, place) in sources:
                values[number, place] = text
            texts.append(text or values.get(merged.get((number, place), (0, 0)), ""))
        while texts and not texts[-1]:
            texts.pop()
        if texts and number not in hidden:
            found.append(texts)
    return found


def _text(value: object) -> str:
    """A cell as its writer saw it: 4 and not 4.0, a day and not 46350."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:g}"
    if isinstance(value, date | time):
        return f"{value:%H:%M}" if isinstance(value, time) else f"{value:%d/%m/%Y}"
    text = str(value)
    broken = re.fullmatch(r"#[A-Z/0!?]+", text)  # #N/A, #REF!
    return "" if broken else _clean(text)


def _clean(text: str) -> str:
    """One line, its letters whole: Windows-1258 writes a tone beside its letter."""
    kept = "".join(max(char, " ") for char in compose(text[: 2 * CELL], lower=False))
    return " ".join(kept.split())[:CELL].strip()


def _csv(data: bytes) -> list[list[str]]:
    text = decoded(data)
    sign = _separator(text)
    found = []
    for cells in _lines(text, sign):
        texts = [_clean(cell) for cell in cells[:COLUMNS]]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            found.append(texts)
        if len(found) >= ROWS:
            break
    return found


def _lines(text: str, sign: str) -> Iterator[list[str]]:
    """Rows; where quotes do not close, each line is split as it stands, so that none is lost."""
    if text.count('"') % 2 == 0:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
        try:
            yield from list(reader)
        except csv.Error:
            pass
        else:
            return
    for line in text.splitlines():
        yield [cell.strip().strip('"') for cell in line.split(sign)]


def decoded(data: bytes) -> str:
    """Text in UTF-8, UTF-16 or Windows-1258, which old Vietnamese programs write."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1258", "replace")


def _separator(text: str) -> str:
    head = text.splitlines()[:20]
    scores = {sign: sum(line.count(sign) for line in head) for sign in ("\t", ";", ",", "|")}
    return max(scores, key=scores.__getitem__) if any(scores.values()) else ";"
