"""How many there are: people of a household, and those among them who need care."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers import sayings
from handlers.answers import Plain
from handlers.dialogue import BadAnswer, Choice
from handlers.i18n import N_
from models.text import compose

NONE = "none"
_PEOPLE = r"nguoi|ng|khau|nhan khau|mang|mieng an|thanh vien|nhan mang|people|persons"
_TOTAL = re.compile(rf"(?<![\d-])(\d{{1,3}}) ?(?:{_PEOPLE})\b(?! (?:lon|gia|khuyet tat|tan tat))")
_NUMBER = re.compile(r"(?<![\d/.])(\d{1,3})(?![\d/.])")
_PHONE = re.compile(r"(?<!\d)(?:0|84|\+84)(?:[ .-]?\d){9}(?!\d)")
_COUPLE = re.compile(r"(?<!\d )\b(?:vo chong|cap vo chong)\b|\bhai vo chong\b")
_ALONE = re.compile(
    r"(?:(?:co|chi|o|song|moi|nha) )*(?:(?:mot|1) minh|minh (?:toi|tui|em|ong|ba|me|en)?)"
    r"(?: (?:toi|tui|em|ong|ba|thoi|o|a|ben))*"
)
_ADDED = re.compile(r"\b(?:va|voi|(?<!tong )cong|them|cung)\b|\+")
_OF_A_HOUSE = re.compile(
    r"\d+|nha|gia|dinh|em|toi|tui|minh|co|la|tat|ca|tong|cong|nguoi|ng|khau|nhan|mang|thanh|vien|trong"
    r"|do|gom|va|voi|tre|nho|con|chau|dua|be|ong|ba|cu|lon|vo|chong|me|cha|bo|noi|ngoai|tho|khuyet|tan"
    r"|phu|nu|thai|bau|o|chung|song|khoang|tam|hien|thoi|nay|roi|deu|khong|ai|cung|a|da|tuoi|sinh|nam"
    r"|thang|sn|t"
)


def only_a_household(text: str) -> bool:
    """Whether a text tells of nothing but who lives together, with their number."""
    words = re.findall(r"[a-z]+|\d+", sayings.folded(text))
    counted = any(word.isdecimal() for word in words)
    return counted and all(_OF_A_HOUSE.fullmatch(word) for word in words)


def count(low: int, high: int) -> Callable[[str], object]:
    """Read a whole number of people, alone or in a short sentence («nhà 4 người»).

    A sum («2 vợ chồng, 2 con») or a guess («4-5 người») is offered back.
    """

    def read(text: str) -> int:
        said = _PHONE.sub(" ", sayings.folded(re.sub(r"\(.*?\)", " ", text)))
        numbers = _numbers(said, text)
        if len(numbers) == 1 and low <= numbers[0] <= high:
            return numbers[0]
        likely = sorted({one for one in _likely(numbers, said) if low <= one <= high})
        raise BadAnswer(
            N_("Dạ, có phải số này không ạ? Bấm chọn, hoặc gõ một con số.")
            if likely
            else N_("Dạ, xin gõ một con số từ {low} đến {high}, ví dụ: 4."),
            offer=tuple(Choice(str(one), str(one)) for one in likely[:3]),
            low=low,
            high=high,
        )

    return Plain(read, only_a_household)


def _numbers(said: str, text: str) -> list[int]:
    if _ALONE.fullmatch(sayings.bare(text)) or _ALONE.fullmatch(said):
        return [1]
    if not _ADDED.search(said) and (total := list(_TOTAL.finditer(said))) and len(total) == 1:
        before = re.search(r"(\d{1,2}) ?(?:,|-|/|den|toi|hay|hoac)? ?$", said[: total[0].start()])
        return [*([int(before[1])] if before else []), int(total[0][1])]
    head = _TOTAL.match(said.partition("trong do")[0].partition("gom")[0].strip())
    if ("trong do" in said or "gom" in said) and head:
        return [int(head[1])]
    found = [int(one) for one in _NUMBER.findall(said)]
    if _COUPLE.search(said):
        found.insert(0, 2)
    return [*found, 0] if len(found) == 1 and _ADDED.search(said) else found


def _likely(numbers: list[int], said: str) -> list[int]:
    """Two neighbours are a guess, other numbers a sum; a «và» without a number says too little."""
    counted = [one for one in numbers if one]
    if len(counted) < 2 or len(counted) > 6:
        return []
    if len(counted) == 2 and counted[1] == counted[0] + 1 and not _SUMMED.search(said):
        return counted
    return [sum(counted)]


_SUMMED = re.compile(r"\b(?:con|tre|nho|chau|vo chong|va|voi|gia)\b")

_KINDS = {
    "children": r"tre|(?<=\d )nho|con nho|chau|em be|em nho|be|con nit|con tho|dua"
                r"|child\w*|kids?|bab(?:y|ies)|infants?",
    "elderly": r"gia|cao tuoi|lon tuoi|cu|(?:ong|ba) (?:noi|ngoai|lao|gia)|elder\w*|old|seniors?",
    "disabled": r"khuyet tat|tan tat|bai nao|liet|tam than|cam diec|mu|disab\w*|handicap\w*",
    "pregnant": r"mang thai|mang bau|bau|co thai|thai phu|pregnan\w*",
}  # fmt: skip
_BEFORE = (
    r"(?:(\d{1,2}) ?)?"
    r"(?:(?:nguoi|cu|ong|ba|me|cha|vo|phu nu|dua|chau|em|con|be|small|young|little) ){0,3}"
)
_AFTER = r"(?: (?:nho|em|gia|con|be|tho))*(?: ?:? ?(\d{1,2})\b(?! ?(?:tuoi|thang|t\b)))?"
_NOT = re.compile(r"\b(?:khong|chua|chang|no)\b")
_AGED = re.compile(r"([a-z]+(?: [a-z]+)?) (\d{1,3}) ?(tuoi|t|thang tuoi)\b")
_NOT_OLD = re.compile(r"\bgia (?=dinh|suc|cam|vi\b|ca\b)|(?<!\w)gi[áảã](?!\w)")


def groups(text: str) -> str:
    """Read who needs special care: ``children=2,elderly=1``, «2 trẻ 1 già», or picked groups."""
    said = text.strip()
    if said == NONE or sayings.nothing(text):
        return NONE
    if re.fullmatch(r"(\w+=\d+)(,\w+=\d+)*", said):
        return said
    found: dict[str, int] = dict.fromkeys(
        (one for one in re.split(r"[,; ]+", said) if one in _KINDS), 1
    )
    denied = False
    for clause in re.split(r"[,;.\n]|\b(?:va|voi|nhung|con co)\b",
                           _folded(text)):  # fmt: skip
        if _NOT.search(clause):
            denied = True
            continue
        for kind, number in _told(clause):
            found[kind] = max(found.get(kind, 0), number)
    if (
        not found
        and denied
        and any(re.search(rf"\b(?:{one})\b", _folded(text)) for one in _KINDS.values())
    ):
        return NONE
    if not found:
        raise BadAnswer(
            N_("Dạ, xin bấm nút, hoặc gõ ví dụ: 2 trẻ nhỏ, 1 người già. Không có thì gõ Không.")
        )
    return ",".join(f"{name}={found[name]}" for name in _KINDS if name in found)


def _folded(text: str) -> str:
    return _NOT_OLD.sub(" ", sayings.folded(_NOT_OLD.sub(" ", compose(text).replace(":", " "))))


def _told(clause: str) -> list[tuple[str, int]]:
    """The groups of one clause with their numbers; an age tells a child or somebody old."""
    told = []
    for who, years, unit in _AGED.findall(clause):
        age = 0 if unit.startswith("thang") else int(years)
        kind = "children" if age < 16 else "elderly" if age > 59 else ""
        if kind:
            lead = re.search(rf"\b(\d{{1,2}}) {re.escape(who)}", clause)
            told.append((kind, int(lead[1]) if lead else 1))
    rest = _AGED.sub(" ", clause)
    for kind, words in _KINDS.items():
        matches = list(re.finditer(rf"\b{_BEFORE}(?:{words})\b{_AFTER}", rest))
        told += [(kind, int(one[1] or one[2] or 1)) for one in matches]
        if kind == "elderly" and re.search(r"\b(?:2 )?ong ba\b", rest):
            told.append((kind, 2))
    return told
