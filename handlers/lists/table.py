"""Rows of a table, pasted or from a spreadsheet: which column holds what, and each row read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from handlers.answers import label
from handlers.lists import damage
from handlers.lists.line import Line, flat
from handlers.lists.reading import judged, read
from handlers.vocabulary import KINDS
from models import phone as phones

Columns: TypeAlias = Mapping[str, int]  # role -> place, from 0

# In this order: the first rule that fits a heading takes it.
_ROLES = (
    ("number", r"stt|tt|so tt|so thu tu"),
    ("people", r"(?:so )?(?:nhan )?khau.*|so nguoi.*|so nhan khau.*"),
    ("children", r"(?:so )?tre.*"),
    ("elderly", r"(?:so )?nguoi (?:gia|cao tuoi).*|cao tuoi.*"),
    ("disabled", r"(?:so )?(?:nguoi )?khuyet tat.*"),
    ("pregnant", r"(?:phu nu |so )?mang thai.*"),
    ("phone", r"(?:so )?(?:dien thoai|sdt|dt|di dong).*"),
    ("head", r"(?:ho va ten|ho ten|ten|chu ho)\b.*|ten.*"),
    ("poverty", r"(?:ho )?ngheo.*|dien.*|loai ho.*|hoan canh.*|doi tuong.*"),
    ("damage2", r"thiet hai khac.*|thiet hai (?:them|2).*"),
    ("damage", r"(?:muc do |loai |tinh trang )?thiet hai.*|muc do.*|tinh trang.*|viec xay ra.*"),
    ("village", r"thon.*|to dan pho.*|xom.*"),
    ("address", r"dia chi.*|noi o.*|moc.*|vi tri.*"),
    ("note", r"ghi chu.*|mo ta.*|noi dung.*"),
)  # fmt: skip
_GROUPS = ("children", "elderly", "disabled", "pregnant")
_KIND = {label(choice.label): choice.id for choice in KINDS}
_POVERTY = {
    "ho ngheo": "poor", "ngheo": "poor", "hn": "poor", "ho can ngheo": "near_poor",
    "can ngheo": "near_poor", "cn": "near_poor", "hcn": "near_poor", "khong": "neither",
    "khong thuoc ho ngheo, can ngheo": "neither", "binh thuong": "neither", "khong ro": "unknown",
}  # fmt: skip


def columns(cells: Sequence[str]) -> Columns | None:
    """The columns a row of headings names; None if it is no such row."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        said = flat(cell).strip(" .:*").partition("\n")[0]
        for role, rule in _ROLES:
            if (
                said
                and ":" not in said
                and len(said) < 60
                and re.fullmatch(rule, said)
                and role not in found
            ):
                found[role] = place
                break
    return found if "head" in found and len(found) > 1 else None


def fits(known: Columns, cells: Sequence[str]) -> bool:
    """Whether a row has the cells that were announced."""
    return len(cells) > max(known["head"], 1)


def empty(known: Columns, cells: Sequence[str]) -> bool:
    """Whether nothing but a number and what was filled in beforehand stands in a row."""
    return not any(_at(cells, known, role) for role in known if role != "number")


def untouched(known: Columns, cells: Sequence[str]) -> bool:
    """A household that the template named, of which nothing was said to have happened."""
    return not any(_at(cells, known, role) for role in ("damage", "damage2", "note"))


def line(known: Columns, cells: Sequence[str]) -> Line:
    """Read one row; a cell that cannot be read is named, and the others count."""
    text = "; ".join(cell for cell in cells if cell.strip())
    damage_column = {"damage", "damage2", "note"} & known.keys()
    if not damage_column:  # the headings do not say where the damage is: read it as a sentence
        rest = [cell for place, cell in enumerate(cells) if place != known.get("number")]
        return replace(read("; ".join(one for one in rest if one.strip())), text=text)
    head = " ".join(_at(cells, known, "head").split())
    found = Line(text=text, head=head, address=_at(cells, known, "address"))
    if head and not re.search(r"[^\W\d_]", head):
        found = replace(found, head="")
    kinds: list[str] = []
    for role in ("damage", "damage2", "note"):
        kinds += _kinds(_at(cells, known, role), free=role != "note")
    found = replace(found, kinds=tuple(dict.fromkeys(kinds)))
    found = _people(found, _at(cells, known, "people"))
    found = _phone(found, _at(cells, known, "phone"))
    found = _poverty(found, _at(cells, known, "poverty"))
    groups = {role: _count(_at(cells, known, role)) for role in _GROUPS}
    told = ",".join(f"{role}={count}" for role, count in groups.items() if count)
    found = replace(found, vulnerable=told)
    parts = tuple(cells)
    told = " ".join(_at(cells, known, role) for role in ("damage", "damage2", "note"))
    return replace(judged(found, unexplained=damage.find(flat(told))[1]), parts=parts)


def _at(cells: Sequence[str], known: Columns, role: str) -> str:
    place = known.get(role, -1)
    return cells[place].strip() if 0 <= place < len(cells) else ""


def _kinds(text: str, *, free: bool) -> tuple[str, ...]:
    if not text:
        return ()
    if (kind := _KIND.get(label(text))) is not None:
        return (kind,)
    found, _ = damage.find(flat(text), text)
    return found or (damage.in_other_words(text) if free else ())


def _people(found: Line, cell: str) -> Line:
    if not cell:
        return found
    count = _count(cell)
    return replace(found, people=count) if count else replace(found, odd=(*found.odd, "people"))


def _count(cell: str) -> int:
    """A number of people; Excel may have made 4 into 4.0."""
    digits = re.search(r"\d+", re.sub(r"[.,]0+$", "", cell.strip()))
    if digits is None:
        return 1 if flat(cell).strip(" .") in {"x", "co", "v"} else 0
    return int(digits[0]) if len(digits[0]) < 4 else 0


def _phone(found: Line, cell: str) -> Line:
    if not cell:
        return found
    digits = re.sub(r"\.0$", "", cell)
    # a spreadsheet takes a number for a number, and drops its first nought
    number = phones.normalise(digits) or phones.normalise(f"0{digits}") or phones.find(cell)
    return replace(found, phone=number) if number else replace(found, odd=(*found.odd, "phone"))


def _poverty(found: Line, cell: str) -> Line:
    said = flat(cell).strip(" .")
    if not said:
        return found
    if said in {"x", "co"}:
        return replace(found, poverty="poor")
    known = _POVERTY.get(said) or read(f"Nguyễn Văn A; {cell}").poverty
    return replace(found, poverty=known) if known else replace(found, odd=(*found.odd, "poverty"))
