"""Whom a question is about: «ông/bà» themselves, «mẹ», «con (2016)»."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.answers import UNCLEAR
from handlers.dialogue import BadAnswer, Choice, Values
from handlers.i18n import N_, Translate
from models.text import compose, spell

SELF = "self"


@dataclass(frozen=True, slots=True)
class Kin:
    id: str
    label: str  # on a button, message id
    who: str  # inside a sentence, message id
    words: str  # pattern over lower-case text with its tone marks, or without
    sex: str | None = None


KIN = {
    kin.id: kin
    for kin in (
        Kin(SELF, N_("Tôi"), N_("ông/bà"), r"tôi|toi|tui|mình|bản thân|ban than|me\b(?= i)|i am"),
        Kin("mother", N_("Mẹ"), N_("mẹ"), r"mẹ|má|mạ|bu\b|u\b|me|ma", "female"),
        Kin("father", N_("Cha"), N_("cha"), r"cha|ba|bố|bo|tía|tia|thầy", "male"),
        Kin(
            "grandparent", N_("Ông, bà"), N_("cụ"),
            r"ông nội|ông ngoại|bà nội|bà ngoại|ong noi|ong ngoai|ba noi|ba ngoai|nội|ngoại"
            r"|noi|ngoai|cụ|cu|ông|bà|ong",
        ),
        Kin("spouse", N_("Vợ, chồng"), N_("vợ/chồng"), r"vợ|chồng|vo|chong|bà xã|ông xã"),
        Kin("child", N_("Con"), N_("con"), r"con|bé|be|đứa|dua"),
        Kin("grandchild", N_("Cháu"), N_("cháu"), r"cháu|chau"),
        Kin("sibling", N_("Anh, chị, em"), N_("anh/chị/em"), r"anh|chị|em|chi"),
        Kin(
            "other", N_("Người khác"), N_("người đó"),
            r"người|nguoi|hàng xóm|hang xom|dì|cô|chú|bác|cậu|thím|mợ|dượng|bạn",
        ),
    )
}  # fmt: skip
RELATIONS = tuple(Choice(kin.id, kin.label) for kin in KIN.values() if kin.id != SELF)
# the longest word first: «bà nội» before «bà», «cháu» before «cha»
_WORDS = sorted(
    ((word, kin.id) for kin in KIN.values() for word in kin.words.split("|")),
    key=lambda pair: -len(pair[0]),
)


def kin_in(text: str) -> str | None:
    """The first kin a text names, as typed: «mẹ tôi 76 tuổi» is the mother."""
    found: tuple[int, str] | None = None
    for word, kin in _WORDS:
        match = re.search(rf"(?<!\w)(?:{word})(?!\w)", text)
        if match and (found is None or match.start() < found[0]):
            found = (match.start(), kin)
    return found[1] if found else None


def relation(text: str) -> str:
    """Read who somebody else is: a choice, or words; «mẹ tôi» is the mother."""
    if text.strip() in KIN and text.strip() != SELF:
        return text.strip()
    found = kin_in(compose(text)) or kin_in(spell(text))
    if found in (None, SELF):
        raise BadAnswer(UNCLEAR)
    return str(found)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody a check is about; ``birth`` as ``handlers.benefits.readers.birth`` stores it."""

    id: str
    kin: str
    birth: str = ""


def members_of(values: Mapping[str, Any]) -> tuple[Member, ...]:
    """Everybody the check is about, in the order told."""
    whom = values.get("whom")
    if whom == "household":
        told = [part.partition(":") for part in str(values.get("members", "")).split(";") if part]
        return tuple(Member(f"p{n}", kin, birth) for n, (kin, _, birth) in enumerate(told))
    kin = SELF if whom == SELF else str(values.get("relation", "other"))
    return (Member("p0", kin),)


def name_of(member: Member, everybody: tuple[Member, ...], t: Translate) -> str:
    """«mẹ»; of two children «con (sinh 2016)»."""
    name = t(KIN[member.kin].who)
    if sum(one.kin == member.kin for one in everybody) == 1:
        return name
    if member.birth.startswith("a"):
        return t(N_("{who} ({age} tuổi)"), who=name, age=member.birth[1:])
    year = member.birth[:4]
    return t(N_("{who} (sinh {year})"), who=name, year=year) if year else name


def names(values: Values, person: str) -> Callable[[Translate], Mapping[str, object]]:
    """Fill in ``{who}`` and, at the beginning of a sentence, ``{Who}``."""
    everybody = members_of(values)
    member = next((one for one in everybody if one.id == person), Member(person, "other"))

    def fill(t: Translate) -> Mapping[str, object]:
        if values.get("whom") == "deceased":
            who = t(N_("người đã mất"))
        else:
            who = name_of(member, everybody, t)
        return {"who": who, "Who": who[:1].upper() + who[1:]}

    return fill
