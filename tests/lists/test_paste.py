"""Lists as people paste them: 60 of them, with how every line is to be read."""

from pathlib import Path

import pytest

from handlers.lists import paste
from models.phone import shown

KINDS = {
    "D": "house_destroyed", "U": "house_damaged_unlivable", "P": "house_damaged",
    "E": "evacuation", "H": "hunger", "X": "death_missing", "I": "injury", "C": "child_alone",
    "L": "livelihood", "O": "other", "S": "emergency",
}  # fmt: skip


def examples():
    text = (Path(__file__).parent / "pasted.txt").read_text(encoding="utf-8")
    for block in text.split("\n== ")[1:]:
        name, _, body = block.partition("\n")
        rows = body.rstrip("\n").split("\n")
        pasted = "\n".join(row for row in rows if not row.startswith("=>"))
        expected = [
            [cell.strip() for cell in (row[2:] + "|||||").split("|")][:6]
            for row in rows
            if row.startswith("=>")
        ]
        yield pytest.param(pasted, expected, id=name)


@pytest.mark.parametrize(("pasted", "expected"), list(examples()))
def test_a_pasted_list(pasted, expected):
    read = []
    for written in paste.lines(pasted):
        line = written.line
        letters = "+".join(key for kind in line.kinds for key, one in KINDS.items() if one == kind)
        phone = shown(line.phone).replace(" ", "") if line.phone else ""
        people = str(line.people) if line.people is not None else ""
        read.append([line.head, people, letters, line.poverty or "", phone, ",".join(line.wrong)])
    assert read == expected


def test_there_are_sixty():
    assert len(list(examples())) >= 60
