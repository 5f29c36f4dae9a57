"""Two lines of one household as one: said twice, or one that corrects a part of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.lists import damage
from handlers.lists.line import Line
from models import names

HOUSE = frozenset({"house_destroyed", "house_damaged_unlivable", "house_damaged"})


def alike(one: Line, other: Line) -> bool:
    """Whether two lines of one village and one disaster tell of one household.

    The same name however it is spelled, unless nickname or telephone say that they are two.
    """
    mine, theirs = names.read(one.head), names.read(other.head)
    if not mine.words or mine.key != theirs.key:
        return False
    nicks = mine.nick and theirs.nick and mine.nick != theirs.nick
    phones = one.phone and other.phone and one.phone != other.phone
    return not nicks and not phones


def merged(old: Line, new: Line) -> Line | None:
    """Both lines as one; None when they cannot be one household said twice."""
    if "same_name" in old.wrong or (
        not old.wrong and not new.wrong and old.people and new.people and old.people != new.people
    ):
        return None
    kinds = damage.gravest((*old.kinds, *new.kinds))
    wrong = tuple(one for one in old.wrong if one in new.wrong)
    return replace(_told_by(new, over=old), head=old.head, kinds=kinds, text=old.text, wrong=wrong)


def corrected(old: Line, new: Line) -> Line | None:
    """A line with what a correction says in its place; None where it says nothing readable.

    Who and what together are the line written anew; less than that is a part of it.
    """
    whole = bool(new.head and new.kinds)
    if whole and not alike(old, new):
        return new
    told = new.head or new.people or new.kinds or new.phone or new.poverty or new.vulnerable
    if not told and not new.address:
        return None
    line = _told_by(new, over=old)
    if whole:
        return replace(line, kinds=new.kinds, text=new.text, parts=new.parts, wrong=new.wrong)
    line = replace(line, kinds=_kinds(old.kinds, new.kinds), text=f"{old.text}; {new.text}")
    return replace(line, wrong=_wrong(line, old, new))


def _told_by(new: Line, *, over: Line) -> Line:
    return replace(
        over,
        head=new.head or over.head,
        people=new.people or over.people,
        poverty=new.poverty or over.poverty,
        phone=new.phone or over.phone,
        vulnerable=new.vulnerable or over.vulnerable,
        address=new.address or over.address,
        danger=over.danger or new.danger,
        child=over.child or new.child,
    )


def _kinds(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """Of the house what was said last, be it less grave; of all else both."""
    kept = [one for one in old if not (one in HOUSE and HOUSE & set(new))]
    return damage.gravest((*kept, *new))


def _wrong(line: Line, old: Line, new: Line) -> tuple[str, ...]:
    """What is wrong still when a part was corrected."""
    mended = {
        "no_name": bool(line.head),
        "no_damage": bool(line.kinds),
        "people": bool(new.people) and "people" not in new.wrong,
        "two_names": bool(new.head),
        "same_name": bool(new.head or new.phone),
    }
    own = (one for one in new.wrong if one not in {"no_name", "no_damage"})
    still = (one for one in old.wrong if not mended.get(one))
    return tuple(dict.fromkeys((*still, *own)))
