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
# of two households told in one breath: «bà Mười 2 khẩu và chú Tư Lành 4 khẩu»
_KHAU = re.compile(r"\d{1,2} ?(?:nhan )?(?:khau|nk)\b|\bkhau *[:=]? *\d")
_BETWEEN = re.compile(
    r"\s*[,;.]\s+|\s+(?:và|với|còn|va(?= (?:ong|ba|anh|chi|chu|co|bac|cu|nha|ho) ))\s+",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:deu|cung|ca hai|ca ba|tat ca)\b")
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


def corrections(text: str) -> list[Written]:
    """«sửa 7: Nguyễn Văn B, 3 khẩu, sập», «dòng 7, 4 khẩu»."""
    found = (_CORRECTION.match(one) for one in text.splitlines())
    return [
        Written(
            next((line.line for line in lines(one[2])), None) or read(one[2]), None, int(one[1])
        )
        for one in found
        if one
    ]


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
        if more := _MORE.match(bare):  # «2 hộ nữa:» bears no number of a line
            number, bare = None, bare[more.end() :]
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
        parts = _households(bare)
        of_all = next((one for one in parts[1:] if _ALL.search(flat(one))), "")
        shared = damage.find(flat(of_all), of_all)[0] or usual
        for part in parts:
            heading, told = _heading(part, numbered=number is not None)
            if heading:
                usual = told
                continue
            line = read(part, before, shared)
            before = _above(line, before)
            found.append(Written(line, number if len(parts) == 1 else None))
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
    """Several households on one line: each whole in itself, or each with its people."""
    if len(_KHAU.findall(flat(text))) > 1:
        return _in_one_breath(text)
    parts = [one for one in re.split(r"\s*;\s*", text) if one.strip()]
    if len(parts) < 2:
        return [text]
    readings = [read(one) for one in parts]
    whole = all(one.head and one.kinds for one in readings)
    return parts if whole else [text]


def _in_one_breath(text: str) -> list[str]:
    """«bà Mười 2 khẩu và chú Tư Lành 4 khẩu»: cut where somebody else is named."""
    parts: list[str] = []
    for piece in _BETWEEN.split(text):
        if parts and not (read(piece).head and read(parts[-1]).people):
            parts[-1] += f", {piece}"
        else:
            parts.append(piece)
    return parts if all(one.head and one.people for one in map(read, parts)) else [text]


def several(text: str) -> bool:
    """Whether a text tells of two households at least, by name and how many they are."""
    return sum(bool(one.line.head and one.line.people) for one in lines(text)) > 1


def one_more(text: str) -> bool:
    """«thêm hộ bà Mười, 2 khẩu»: another household than the one that was told of."""
    return bool(_MORE.match(number_of(text)[1]) and is_line(text))


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
        return several(text) and any(one.line.kinds for one in lines(text))
    return sum(bool(one.line.head and one.line.kinds) for one in lines(text)) >= 2
