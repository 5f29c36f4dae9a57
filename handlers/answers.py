"""Readers: each turns what a person typed into a value, or raises BadAnswer.

The law they keep: ``read(str(read(text))) == read(text)``, because values are what is stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from handlers.dialogue import BadAnswer, Choice
from handlers.i18n import N_, Translate
from models import phone as phones
from models import places
from models.text import fold

LONG = 2000  # characters of one answer
PROVINCE = "51"  # the province's own code stands for «commune not known yet»
NONE_AT_ALL = frozenset(
    {"khong", "ko", "k", "hong", "hok", "no", "none", "khong co", "ko co", "k co", "khong co ai",
     "khong ai", "khong a", "da khong", "da khong a", "da khong co", "chua", "chua co"}
)  # fmt: skip
GEO = re.compile(r"geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")

YES_NO = (Choice("yes", N_("Có")), Choice("no", N_("Không")))


def choose(choices: Sequence[Choice], text: str, t: Translate) -> str | None:
    """Return the id of the choice that a typed text stands for: number, label, near label."""
    said = plain(text).strip(" )(")
    if not said:
        return None
    if said.isdecimal():
        number = int(said)
        return choices[number - 1].id if 1 <= number <= len(choices) else None
    for choice in choices:
        if text.strip() == choice.id or said in (label(choice.label), label(t(choice.label))):
            return choice.id
    return _nearest(said, {choice.id: label(t(choice.label)) for choice in choices})


def _nearest(said: str, labels: Mapping[str, str]) -> str | None:
    """The choice of which the text is a part, «cận nghèo» for «Hộ cận nghèo», or a misspelling.

    Anything further away is for the question's own reader.
    """
    if len(said) < 4 or any(char.isdigit() for char in said):
        return None  # «2 trẻ nhỏ» says more than «trẻ nhỏ»
    inside = [one for one, words in labels.items() if f" {said} " in f" {words} "]
    if len(inside) == 1:
        return inside[0]
    best = process.extract(said, labels, scorer=fuzz.ratio, score_cutoff=86, limit=2)
    if best and (len(best) == 1 or best[0][1] - best[1][1] > 5):
        return str(best[0][2])
    return None


def plain(text: str) -> str:
    """A text folded, without pictures and signs: how a label is typed."""
    return _SIGNS.sub("", fold(text)).strip()


_SIGNS = re.compile(r"[^a-z0-9 ,/()-]")
label = lru_cache(maxsize=1024)(plain)  # labels are few and compared with every text


def words(text: str) -> str:
    """Read free text of up to 2,000 characters with at least one letter or digit."""
    said = " ".join(text.split())
    if not any(char.isalnum() for char in said):
        raise BadAnswer(N_("Dạ, tin nhắn chưa có chữ. Xin gõ vài chữ, hoặc bấm một nút bên dưới."))
    if len(said) > LONG:
        raise BadAnswer(
            N_("Dạ, tin này dài {length} chữ cái, xin gửi thành từng đoạn dưới 2.000 chữ cái."),
            length=len(said),
        )
    return said


def one_of(choices: Sequence[Choice]) -> Callable[[str], str]:
    """Read one choice by id; numbers and labels were resolved before."""
    ids = [choice.id for choice in choices]

    def read(text: str) -> str:
        said = text.strip()
        if said in ids:
            return said
        raise BadAnswer(N_("Dạ, chưa rõ ý. Xin bấm một nút bên dưới, hoặc gõ số thứ tự."))

    return read


_YES = re.compile(
    r"(?:da |vang )*(?:co|dung|phai|roi|yes|vang|da|u|uh|um|ok|oke|gui|duoc)"
    r"(?: (?:co|a|ak|roi|vay|nhe|di|ai|dung|ok|day))*"
)
_NO = re.compile(
    r"(?:da |a )*(?:no|khong|ko|k|chua|hong|hok)(?: (?:co|ai|a|ak|ca|sao|het|gi|thay|nguy hiem))*"
)


def yes_no(text: str) -> str:
    said = plain(text)
    if _YES.fullmatch(said):
        return "yes"
    if _NO.fullmatch(said):
        return "no"
    raise BadAnswer(N_("Dạ, xin bấm **Có** hoặc **Không** bên dưới."))


def several_of(choices: Sequence[Choice]) -> Callable[[str], str]:
    """Read one or several choices by id, stored as ``id,id``."""
    ids = [choice.id for choice in choices]

    def read(text: str) -> str:
        found = [part.strip() for part in text.split(",")]
        if all(part in ids for part in found):
            return ",".join(dict.fromkeys(found))
        raise BadAnswer(N_("Dạ, chưa rõ ý. Xin bấm nút, hoặc gõ các số, ví dụ: 1, 3."))

    return read


def choose_several(choices: Sequence[Choice], text: str, t: Translate) -> str | None:
    """Several choices in one text (``1, 3`` or labels with commas) as ``id,id``; None if not."""
    whole = choose(choices, text, t)
    if whole is not None:
        return whole
    parts = [part for part in re.split(r"[,;+\n]|\bvà\b|\bva\b", text) if part.strip()]
    if len(parts) == 1:
        parts = parts[0].split() if re.fullmatch(r"\s*\d+(\s+\d+)+\s*", parts[0]) else parts
    found = [choose(choices, part, t) for part in parts]
    return ",".join(dict.fromkeys(one for one in found if one)) if found and all(found) else None


def count(low: int, high: int) -> Callable[[str], int]:
    """Read a whole number of people, alone or in a short sentence («nhà 4 người»)."""

    def read(text: str) -> int:
        said = fold(text)
        numbers = [int(found) for found in re.findall(r"\d+", said)]
        if numbers and re.search(r"\b(va|voi|cong)\b|\+", said):
            numbers = []  # «hai vợ chồng và 2 con»: the sum is theirs to say
        elif not numbers:
            numbers = [
                value for word, value in _NUMBERS.items() if re.search(rf"\b{word}\b", said)
            ]
        if len(numbers) != 1 or not low <= numbers[0] <= high:
            raise BadAnswer(
                N_("Dạ, xin gõ một con số từ {low} đến {high}, ví dụ: 4."), low=low, high=high
            )
        return numbers[0]

    return read


_NUMBERS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10,
}  # fmt: skip


def phone(text: str) -> str:
    """Read a Vietnamese telephone number; stored as ``+84…``."""
    number = phones.normalise(text) or phones.find(text)
    if number is None:
        raise BadAnswer(
            N_("Dạ, số này chưa phải số điện thoại Việt Nam. Xin gõ lại, ví dụ: 0912 345 678.")
        )
    return number


def place(text: str) -> str:
    """Read a commune: its code, its new or former name, or ``geo:lat,lon``.  Stored as code.

    Raises:
        BadAnswer: nothing like it, or several; then ``offer`` holds the communes to choose from.
    """
    said = text.strip()
    if said in places.COMMUNES or said == PROVINCE:
        return said
    if (geo := GEO.fullmatch(said)) is not None:
        return _near(float(geo[1]), float(geo[2]))
    matches = places.find(said)
    if not matches:
        raise BadAnswer(
            N_(
                "Dạ, chưa tìm thấy xã, phường «{name}». Xin gõ tên xã (tên mới hoặc tên trước "
                "1/7/2025 đều được), ví dụ: Đông Sơn."
            ),
            name=said[:60],
        )
    if len(matches) == 1 and matches[0].score >= 90:
        return matches[0].commune.code
    raise BadAnswer(
        N_("Dạ, có phải một trong các nơi này không ạ?"),
        offer=tuple(
            Choice(
                match.commune.code,
                f"{match.commune.name} – {match.former}" if match.former else match.commune.name,
            )
            for match in matches
        ),
    )


def _near(lat: float, lon: float) -> str:
    if not places.inside_province(lat, lon):
        raise BadAnswer(
            N_(
                "Dạ, vị trí này nằm ngoài tỉnh Quảng Ngãi (có thể máy định vị chưa đúng). "
                "Xin gõ tên xã, phường."
            )
        )
    raise BadAnswer(
        N_("Dạ, theo vị trí thì gần các nơi này nhất. Xin bấm chọn đúng xã, phường:"),
        offer=tuple(Choice(commune.code, commune.name) for commune, _ in places.nearest(lat, lon)),
    )
