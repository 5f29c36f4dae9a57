"""Spreadsheets as people and their programs make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import openpyxl

HEADINGS = ("STT", "Họ tên chủ hộ", "Số khẩu", "Thiệt hại", "Hộ nghèo, cận nghèo", "Điện thoại")
GOOD = (1, "Nguyễn Văn An", 4, "tốc mái", "nghèo", "0912345678")


def xlsx(*rows: Sequence[object], change=None) -> bytes:
    """A workbook of some rows; ``change`` is given it before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(*rows: Sequence[object], sign: str = ";", encoding: str = "utf-8-sig") -> bytes:
    text = "\r\n".join(sign.join(str(cell) for cell in row) for row in rows)
    return text.encode(encoding)


def part(data: bytes, name: str, new: bytes) -> bytes:
    """A workbook with one part of it changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as made:
        for one in old.infolist():
            made.writestr(one.filename, new if one.filename == name else old.read(one.filename))
    return out.getvalue()
