"""A pasted text as the lines of a list: headings, columns, numbers, corrections."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from handlers.lists import damage, table
from handlers.lists.line import Line, flat, number_of
from handlers.lists.reading import read, split
from handlers.lists.words import either, load

_COLUMN = re.compile(either(load()["column"]))
_HEADING = re.compile(either(load()["heading"]))
_GREETING = re.compile(rf"{either(load()['greeting'])}\b")
_OF_THE_STORM = re.compile(r"thiet hai(?! nang| hoan toan)|do (?:bao|mua|lu)[^,:;]*")
_CORRECTION = re.compile(
    r"^\s*(?:sửa dòng|sua dong|sửa|sua|dòng|dong|hàng|hang)\s*(?:số|so)?\s*(\d{1,3})"
    r"\s*[:.,;)=-]*\s*(?:(?:thành|thanh|là|la)\s+)?(.+)$",
    re.IGNORECASE,
)
# «thêm Đinh Thị G, 2 khẩu», «còn 1 hộ nữa: …»: «ho» without its mark may be the surname Hồ
_MORE = re.compile(
    r"^\s*(?:(?:và |còn |con )?(?:ghi |bổ sung |bo sung )?(?:thêm|them|bổ sung|bo sung)\b"
    r"\s*(?:(?:(?:\d{1,2}|một|mot)\s+)?(?:hộ|nhà|nha|dòng)\s+)?(?:(?:nữa|nua)\b)?"
    r"|(?:còn |con )?(?:(?:\d{1,2}|một|mot)\s+)?(?:hộ|nhà|nha)\s+(?:nữa|nua)\b)\s*[:,.-]*\s*",
    re.IGNORECASE,
)
_REMOVAL = re.compile(
    r"^\s*(?:xo[áa]|bỏ|bo|xóa|huỷ|huy)\s*(?:dòng|dong|hàng|hang|số|so)?\s*((?:\d{1,3}[ ,;]*)+)$",
    re.IGNORECASE,
)


_NUMBERED = re.compile(r"^\s*\d{1,3}\s*[.):](?!\d)")


@dataclass(frozen=True, slots=True)
class Written:
    """One line of a list as it came: its reading, and the number it bore."""

    line: Line
    number: int | None = None
    corrects: int | None = None  # the line of ours it replaces, said in words: «sửa 7: …»


def corrections(text: str) -> dict[int, str]:
    """«sửa 7: Nguyễn Văn B, 3 khẩu, sập»: by the number of the line."""
    found = (_CORRECTION.match(one) for one in text.splitlines())
    return {int(one[1]): one[2] for one in found if one}


def removals(text: str) -> tuple[int, ...]:
    """«xoá 7, 9»: the numbers."""
    found = _REMOVAL.match(text)
    return tuple(map(int, re.findall(r"\d+", found[1]))) if found else ()


def lines(text: str) -> list[Written]:
    """Read every line that is one of a household; headings and greetings are none."""
    rows = [one for one in text.splitlines() if one.strip(" \t-–—=_*.")]
    columns = None
    found: list[Written] = []
    before: Line | None = None
    usual: tuple[str, ...] = ()
    for raw in rows:
        number, bare = number_of(raw)
        bare = _MORE.sub("", bare)
        if not bare:
            continue
        if (header := table.columns([one.strip() for one in _cells(raw)])) is not None:
            columns = header
            continue
        if columns is not None and table.fits(columns, _cells(raw)):
            line = table.line(columns, _cells(raw))
            before = _above(line, before)
            found.append(Written(line, number))
            continue
        for part in _households(bare):
            heading, told = _heading(part, numbered=number is not None)
            if heading:
                usual = told
                continue
            line = read(part, before, usual)
            before = _above(line, before)
            found.append(Written(line, number))
    return found


def _above(line: Line, before: Line | None) -> Line:
    """What «như trên» means after this line: its own fields, and those it left out."""
    own = len(line.parts)
    return replace(line, parts=(*line.parts, *(before.parts[own:] if before else ())))


def _cells(raw: str) -> list[str]:
    for sign in ("\t", "|", ";", ","):
        if raw.count(sign) > 1:
            return [one.strip() for one in raw.strip(" |").split(sign)]
    return [raw]


def _heading(text: str, *, numbered: bool) -> tuple[bool, tuple[str, ...]]:
    """Whether a line is a heading, and what happened to all under it."""
    said = flat(text).strip(" .:*-")
    if numbered and not text.rstrip().endswith(":"):
        return False, ()
    cells = [flat(one).strip(" .:") for one in split(text)]
    if len(cells) > 1 and sum(bool(_COLUMN.fullmatch(one)) for one in cells) >= 2:
        return True, ()
    line = read(text)
    if line.head and not _HEADING.search(said):
        return False, ()
    if not (_HEADING.search(said) or text.rstrip().endswith(":")):
        told = line.kinds or line.people or line.phone or len(split(text)) > 1
        return not told and bool(_GREETING.match(said)), ()
    return True, damage.find(_OF_THE_STORM.sub(" ", said))[0]


def _households(text: str) -> list[str]:
    """Several households on one line, each whole in itself, between semicolons or «+»."""
    parts = [one for one in re.split(r"\s*;\s*", text) if one.strip()]
    if len(parts) < 2:
        return [text]
    readings = [read(one) for one in parts]
    whole = all(one.head and one.kinds for one in readings)
    return parts if whole else [text]


def is_line(text: str) -> bool:
    """Whether one text tells of a household by name: how many they are, or what happened."""
    return any(one.line.head and (one.line.people or one.line.kinds) for one in lines(text))


def mends(text: str) -> bool:
    """Whether a text is of lines that are there: a correction by number, or a removal."""
    if removals(text) or corrections(text):
        return True
    return bool(_NUMBERED.match(text)) and any(
        one.line.people or one.line.kinds or one.line.phone or one.line.head for one in lines(text)
    )


def looks_like_a_list(text: str) -> bool:
    """Whether somebody who may send lists has just pasted one: two whole households at least."""
    if "\n" not in text:
        return False
    return sum(bool(one.line.head and one.line.kinds) for one in lines(text)) >= 2
