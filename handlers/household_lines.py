"""Reading a household from a line of a list: «Nguyễn Thị Lành, 0912 345 678, già neo đơn»."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from handlers.cards import POVERTY
from handlers.households import Facts, groups_in, ordered
from handlers.i18n import N_, Translate
from handlers.typed import as_typed
from models import phone as phones
from models import village_rules
from models.text import fold

MOST = 500  # lines of one message
NAME = 60  # characters; nobody's name is longer
_NUMBERING = re.compile(r"^\s*(?:\d{1,3}\s*[.):]|\d{1,3}\s*[-–]\s|[-–•*+])\s*")
_BETWEEN = re.compile(r"\s*[,;|\t]\s*|\s+[-–]\s+")
_PEOPLE = re.compile(
    r"(\d{1,2}) ?(?:nhan )?(?:khau|nguoi|nk|ng)\b|(?:khau|so nguoi)[ :]*(\d{1,2})\b"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was understood, or what is wrong with it."""

    number: int
    text: str
    facts: Facts | None
    problem: str = ""  # message id


def read(text: str) -> list[Line]:
    """Every line that holds anything; good ones whatever stands in the others."""
    rows = [(number, row.strip()) for number, row in enumerate(text.splitlines(), 1)]
    return [_line(number, row) for number, row in rows if any(map(str.isalnum, row))][:MOST]


def _line(number: int, text: str) -> Line:
    cells = [cell for cell in _BETWEEN.split(_NUMBERING.sub("", text)) if cell.strip()]
    if len(cells) == 1:
        cells = _cut(cells[0].split())
    head, *rest = cells
    if not _is_name(head):
        return Line(number, text, None, N_("dòng phải bắt đầu bằng họ tên chủ hộ"))
    facts = Facts(" ".join(head.split()))
    loose: list[str] = []
    for cell in rest:
        read = _cell(facts, cell)
        if read is None:
            return Line(number, text, None, N_("số điện thoại chưa đúng"))
        if read == facts or _names_a_place(cell):
            loose.append(cell)
        facts = read
    if loose:
        facts = replace(facts, address=loose[0], note=", ".join(loose[1:]) or None)
    return Line(number, text, facts)


def _cut(words: list[str]) -> list[str]:
    """A line without commas: the name ends where a number or a known word begins."""
    known = (*_group_words(), "ngheo ", "can ngheo ", "ho ngheo ", "ho can ngheo ")
    titled = words[0][0].isupper()
    for at in range(2, len(words)):
        rest = f"{fold(' '.join(words[at:]))} "
        if rest[0].isdigit() or (rest.startswith(known) and not (titled and _capital(words[at]))):
            return [" ".join(words[:at]), *_tail(" ".join(words[at:]))]
    return [" ".join(words)]


def _group_words() -> tuple[str, ...]:
    return tuple(f"{word} " for group in village_rules.at_risk().groups for word in group.words)


def _capital(word: str) -> bool:
    return word[0].isupper()


def _names_a_place(cell: str) -> bool:
    """«gần suối Cát»: a reason to look after somebody, and where that is."""
    return bool(groups_in(cell)) and any(_capital(word) for word in cell.split()[1:])


def _tail(text: str) -> list[str]:
    """What follows a name without commas: the telephone by itself, and the rest."""
    number = re.search(r"(?<!\d)(?:\+?84|0)(?:[\s.\-]?\d){8,10}(?!\d)", text)
    if number is None:
        return [text]
    rest = (text[: number.start()] + " " + text[number.end() :]).strip()
    return [number.group(), *([rest] if rest else [])]


def _is_name(cell: str) -> bool:
    said = cell.strip()
    if any(char.isdigit() for char in said) or not 2 <= len(said) <= NAME:
        return False
    begins_with_a_group = f"{fold(said)} ".startswith(_group_words())
    return said[0].isalpha() and not (begins_with_a_group and said[0].islower())


def _cell(facts: Facts, cell: str) -> Facts | None:
    """Take one cell in; the same facts if it says nothing known, None for a wrong number."""
    said = fold(cell)
    digits = re.sub(r"\D", "", cell)
    if len(digits) >= 8:
        number = phones.normalise(cell) or phones.find(cell)
        return replace(facts, phone=number) if number else None
    if people := _PEOPLE.search(said):
        facts = replace(facts, people=int(people[1] or people[2]))
    elif said.isdecimal() and 1 <= int(said) <= 30:
        facts = replace(facts, people=int(said))
    poverty = "near_poor" if "can ngheo" in said else "poor" if "ngheo" in said else None
    if poverty and not said.startswith("khong"):
        facts = replace(facts, poverty=poverty)
    if groups := groups_in(cell):
        facts = replace(facts, groups=ordered((*facts.groups, *groups)))
    return facts


def shown(facts: Facts, groups: str, t: Translate) -> str:
    """One household in one line, as it can be typed again."""
    parts = [
        as_typed(facts.head),
        phones.shown(facts.phone) if facts.phone else "",
        t(N_("{people} khẩu"), people=facts.people) if facts.people else "",
        t(POVERTY[facts.poverty]) if facts.poverty in POVERTY else "",
        groups,
        as_typed(facts.address or ""),
        as_typed(facts.note or ""),
    ]
    return ", ".join(part for part in parts if part)
