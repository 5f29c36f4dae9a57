"""What is a fact in a field of a line: people, telephone, poverty, who needs care, damage."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.lists import damage
from handlers.lists.line import Line
from handlers.lists.words import BOUND, either, load, whole
from models import phone as phones

_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .-]?\d){7,11}(?!\d)")
_ID_CARD = re.compile(r"(?<!\d)(?:\d{12}|\d{9})(?!\d)")
_NUMBER = r"\d{1,3}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi"
PEOPLE = re.compile(
    BOUND.format(
        rf"(?:(?:so )?(?:nhan )?khau *[:=]? *(?P<after>\d{{1,3}})"
        rf"|(?:nha |ho |gom |co |gd |gia dinh )?(?P<before>{_NUMBER}) ?"
        r"(?:nhan khau|khau|nk|nkh|kh|k|nguoi|ng|mieng an|nhan)"
        r"(?! *(?:chet|bi(?! (?:toc|[sx]ap|ngap|hu|hong|bay|sut|troc|nghieng))|mat"
        r"|gia|cao tuoi|khuyet tat|tan tat|thuong|kt|di doi|so tan|nghi)))"
    )
)
GROUP = {
    name: re.compile(
        BOUND.format(
            rf"(?:(?:co|gom|va|,) )?(?P<n>{_NUMBER})? ?{either(words)}(?: yeu| neo don| don than)?"
        )
    )
    for name, words in load()["groups"].items()
}
POVERTY = tuple((one["id"], whole(one["is"])) for one in load()["poverty"])
_WORDS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
          "muoi": 10}  # fmt: skip


def read_facts(line: Line, folded: str, part: str) -> tuple[Line, str]:
    """Take out of a field what is a fact; what is left is given back as written."""
    left = folded
    odd: tuple[str, ...] = line.odd
    for found in _PHONE.finditer(left):
        number = phones.normalise(found[0])
        if number is None:
            odd = (*odd, "phone")
        else:
            line = replace(line, phone=line.phone or number)
        left = _blank(left, found)
    if _ID_CARD.search(left):  # nobody asked for it, and it is not kept
        odd = (*odd, "id_card")
        left = _ID_CARD.sub(lambda found: "\x1f" * len(found[0]), left)
    if (people := PEOPLE.search(left)) is not None:
        line = replace(line, people=line.people or _number(people["after"] or people["before"]))
        left = _blank(left, people)
    kinds, left = damage.find(left, part)
    groups = dict(one.split("=") for one in line.vulnerable.split(",") if one)
    for name, rule in GROUP.items():
        if (group := rule.search(left)) is not None and group[0] != "cu":
            groups.setdefault(name, str(_number(group["n"]) if group["n"] else 1))
            left = _blank(left, group)
    poverty = line.poverty
    for name, rule in POVERTY:
        if (told := rule.search(left)) is not None:
            poverty = poverty or name
            left = _blank(left, told)
            break
    line = replace(
        line,
        kinds=tuple(dict.fromkeys((*line.kinds, *kinds))),
        vulnerable=",".join(f"{name}={count}" for name, count in groups.items()),
        poverty=poverty,
        odd=tuple(dict.fromkeys(odd)),
    )
    written = "".join(
        " " if took == "\x1f" else char for char, took in zip(part, left, strict=True)
    )
    return line, " ".join(written.split())


def _blank(left: str, found: re.Match[str]) -> str:
    return left[: found.start()] + "\x1f" * len(found[0]) + left[found.end() :]


def _number(text: str) -> int:
    return _WORDS.get(text) or int(text)


def bare_number(words: str) -> int | None:
    return int(words) if re.fullmatch(r"\d{1,2}", words.strip()) else None
