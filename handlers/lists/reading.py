"""One line of a list read: who, how many, what happened, and what is missing.

Nothing depends on the order of the fields or on the marks; what could not be placed is kept in
the words of the case.  Pure: no I/O, no clock.
"""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.lists import damage
from handlers.lists.facts import bare_number, read_facts
from handlers.lists.line import LABELS, SPLIT, Line, flat, kept_of
from handlers.lists.who import PLACE, is_name, name_first, tidy
from models.text import compose

MOST_PEOPLE = 30  # of one household; more is a slip of the finger
_DITTO = re.compile(
    r"(?:n\.?\s?t\.?|-+\s*n\.?t\.?\s*-+|nhu tren|nhu ho tren|cung vay|tuong tu"
    r"|[\"'”“″〃]+|-*//-*|-+)"
)


def read(text: str, before: Line | None = None, usual: tuple[str, ...] = ()) -> Line:
    """Read one line.

    Args:
        text: the line, without its number.
        before: the line before it, for «nt».
        usual: what happened to every household under a heading such as «Các hộ sập nhà:».
    """
    whole = compose(text, lower=False).strip()
    parts = _filled(split(whole), before)
    line, at = _named(parts)
    rest = [part for place, part in enumerate(parts) if place != at]
    line = replace(line, text=text.strip(), parts=parts)
    left: list[str] = []
    other_names = 0
    for part in rest:
        folded = flat(part)
        line, words = read_facts(line, folded, part)
        if (bare := bare_number(words)) is not None and line.people is None:
            line = replace(line, people=bare)
        elif words.strip(" .,-:()"):
            other_names += at is not None and is_name(part, firm=True)
            left.append(words.strip(" .,-:()"))
    line = _rest(line, left)
    return judged(line, usual, unexplained=" ".join(left), two=bool(other_names))


def judged(
    line: Line, usual: tuple[str, ...] = (), *, unexplained: str = "", two: bool = False
) -> Line:
    """Say what is wrong with a line, and whether somebody is in danger."""
    danger, child = damage.danger(line.text, unexplained)
    kinds = damage.gravest(line.kinds or usual)
    if danger:
        kinds = tuple(dict.fromkeys((*kinds, "emergency")))
    wrong = [
        *(("no_name",) if not line.head else ()),
        *(("no_damage",) if not kinds else ()),
        *(("two_names",) if two else ()),
        *(one for one in line.wrong if one not in {"no_name", "no_damage", "two_names"}),
    ]
    if line.people is not None and not 1 <= line.people <= MOST_PEOPLE:
        wrong.append("people")
    return replace(
        line, kinds=kinds, danger=danger, child=child, wrong=tuple(dict.fromkeys(wrong))
    )


def split(text: str) -> tuple[str, ...]:
    """The fields of a line, as written; brackets around facts are fields of their own."""
    text = LABELS.sub(lambda found: f"; {kept_of(found[0])}", text)
    text = re.sub(r":\s+", "; ", text)
    text = re.sub(r"[(\[]([^)\]]*)[)\]]", _unbracketed, text)
    return tuple(part for one in SPLIT.split(text) if (part := one.strip(" .,")) or one.strip())


def _unbracketed(found: re.Match[str]) -> str:
    inside = flat(compose(found[1], lower=False))
    facts = read_facts(Line(), inside, inside)[0]
    told = facts.people or facts.poverty or facts.phone or facts.kinds or facts.vulnerable
    return f"; {found[1]}; " if told or PLACE.match(inside.strip()) else found[0]


def _filled(parts: tuple[str, ...], before: Line | None) -> tuple[str, ...]:
    """Put what stands above in the place of «nt»."""
    above = before.parts if before else ()
    filled = []
    for place, part in enumerate(parts):
        if not _DITTO.fullmatch(flat(part).strip()):
            filled.append(part)
        elif place < len(above) and not is_name(above[place]):
            filled.append(above[place])
        elif above and not any(damage.find(flat(one))[0] for one in parts):
            filled += [one for one in above if damage.find(flat(one))[0]][:1]
    return tuple(filled)


def _named(parts: tuple[str, ...]) -> tuple[Line, int | None]:
    """The head of the household, with the facts that stood in the same field."""
    for firm in (True, False):
        for place, part in enumerate(parts):
            if is_name(part, firm=firm):
                return Line(head=tidy(part)), place
    for place, part in enumerate(parts):  # no separators: a name, and the facts after it
        name, rest = name_first(part)
        if name:
            line, left = read_facts(Line(head=tidy(name)), flat(rest), rest)
            return _rest(line, [left.strip(" .,-:()")] if left.strip(" .,-:()") else []), place
    return Line(), None


def _rest(line: Line, left: list[str]) -> Line:
    """What no rule took: a place, or damage in other words."""
    places = [one for one in left if PLACE.match(flat(one))]
    line = replace(line, address="; ".join(filter(None, (line.address, *places))))
    if not line.kinds:
        for one in left:
            if one not in places and len(one) > 3 and (kinds := damage.in_other_words(one)):
                return replace(line, kinds=kinds)
    return line
