"""Readers: each turns what a person typed into a value, or raises BadAnswer.

The law they keep: ``read(str(read(text))) == read(text)``, because values are what is stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from handlers import sayings
from handlers.dialogue import BadAnswer, Choice
from handlers.i18n import N_, Translate
from models import phone as phones
from models import places
from models.numerals import figures
from models.text import fold, toned

LONG = 2000  # characters of one answer
PROVINCE = "51"  # the province's own code stands for «commune not known yet»
GEO = re.compile(r"geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")

UNCLEAR = N_("Dạ, chưa rõ ý. Xin bấm một nút bên dưới, hoặc gõ số thứ tự.")
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
    if len(text) > _LABEL:
        return None
    for read in (sayings.folded(text), sayings.bare(text)):
        if (numbered := _NUMBERED.fullmatch(read)) is not None:
            return choose(choices, numbered[1], t)
    return _nearest(text, said, {choice.id: label(t(choice.label)) for choice in choices})


_LABEL = 120  # characters: whoever writes more tells something
_NUMBERED = re.compile(r"(?:chon |bam |so |cau |nut |muc |dong |y |cai |la )+(\d{1,2})")


def _nearest(text: str, said: str, labels: Mapping[str, str]) -> str | None:
    """The choice of which the text is a part, «cận nghèo» for «Hộ cận nghèo», or a misspelling.

    Anything further away is for the question's own reader.
    """
    bare = sayings.bare(text)
    if len(bare) < 4 or any(char.isdigit() for char in said) or sayings.nothing(text):
        return None  # «2 trẻ nhỏ» says more than «trẻ nhỏ», «không có» other than «không rõ»
    inside = [one for one, words in labels.items() if f" {bare} " in f" {words} "]
    if len(inside) == 1 and _most_of(bare, labels[inside[0]]):
        return inside[0]
    best = process.extract(said, labels, scorer=fuzz.ratio, score_cutoff=86, limit=2)
    if best and (len(best) == 1 or best[0][1] - best[1][1] > 5):
        return str(best[0][2])
    return None


def _most_of(bare: str, words: str) -> bool:
    """«Mất tích» alone is no «Toà án tuyên bố mất tích»; «vì sao» begins one label only."""
    return " " in bare and (3 * len(bare) > len(words) or words.startswith(bare))


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
    """Read one choice by id, or the only one a sentence names; numbers were resolved before."""
    ids = [choice.id for choice in choices]
    labels = {choice.id: choice.label for choice in choices}

    def read(text: str) -> str:
        said = text.strip()
        if said in ids:
            return said
        if (found := named(labels, text)) is not None:
            return found
        raise BadAnswer(UNCLEAR)

    return read


def yes_no(text: str) -> str:
    """Read «có», «dạ hông có», «không, chỉ hư nhà thôi»; nothing but yes or no, or that first."""
    for said in (text, sayings.first_clause(text)):
        if sayings.no(said):
            return "no"
        if sayings.yes(said):
            return "yes"
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


def named(labels: Mapping[str, str], text: str) -> str | None:
    """The one choice whose label, or a part of it between commas, stands in a text.

    «Em bị khuyết tật đặc biệt nặng» names «Đặc biệt nặng», not «Nặng»; what follows a «không» is
    not named.
    """
    if len(text) > _LABEL:
        return None
    said = f" {sayings.folded(text)} "
    found = {
        (one, part)
        for one, words in labels.items()
        for part in re.split(r", | hoặc ", re.sub(r"\(.*?\)", "", words))
        if (folded := plain(part))
        and f" {folded} " in said
        and _tells(folded, said)
        and _marks_agree(part, text)
    }
    longest = {
        one
        for one, part in found
        if not any(plain(part) in plain(other) for _, other in found - {(one, part)})
    }
    return longest.pop() if len(longest) == 1 else None


def _tells(part: str, said: str) -> bool:
    """A word alone is a label only in an answer of few words; none after «không»."""
    if part.split(maxsplit=1)[0] in ("co", "khong", "khac"):
        return False
    if " " not in part and said.count(" ") > 6:
        return False
    return (
        re.search(rf"\b(?:khong|chua|thoat|chang|sap|het)(?: \w+)?(?: \w+)? {part} ", said) is None
    )


def _marks_agree(part: str, text: str) -> bool:
    """«Chạy» is not «Cháy»: marks that were typed are those of the label."""
    typed = {toned(word) for word in re.findall(r"[^\W\d_]+", text.lower())}
    return all(
        toned(word) in typed or fold(word) in typed
        for word in re.findall(r"[^\W\d_]+", part.lower())
    )


@dataclass(frozen=True, slots=True)
class Plain:
    """A reader of answers that may sound alarming: «cháy nhà» says why, «Y Cứu» is a name.

    ``only`` tells whether a text is nothing but such an answer.
    """

    read: Callable[[str], object]
    only: Callable[[str], bool]

    def __call__(self, text: str) -> object:
        return self.read(text)


def phone(text: str) -> str:
    """Read a Vietnamese telephone number; stored as ``+84…``."""
    number = phones.normalise(text) or phones.find(text) or phones.find(_dialled(text))
    if number is None:
        raise BadAnswer(
            N_("Dạ, số này chưa phải số điện thoại Việt Nam. Xin gõ lại, ví dụ: 0912 345 678.")
        )
    return number


def _dialled(text: str) -> str:
    """Digits said in words, «o912…», and nine digits without the nought before them."""
    said = re.sub(r"(?<![^\W_])[oO](?=[ .-]?\d)", "0", figures(text))
    if len(re.sub(r"\D", "", said)) == 9 and "+" not in said:
        return re.sub(r"(?<!\d)(?=[35789])", "0", said, count=1)
    return said


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
