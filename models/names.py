"""Names of people as villages write them: titles, nicknames in brackets, any spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from models.text import fold

_FILE = Path(__file__).parent / "data" / "names.yaml"
_KNOWN = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
SURNAMES = frozenset(_KNOWN["surnames"])
TITLES = frozenset(_KNOWN["titles"])
_TITLE = re.compile(
    r"(?:chu ho|ho gia dinh|gia dinh|ho|nha|ong|ba|co|chu|bac|cu|anh|chi|di|cau|em|mu|thim|o|b|a"
    r"|c)[ .:]+"
)
_MAY_BE_NAMES = frozenset({"ho", "a", "o", "co", "chu"})  # surnames, and men of the west
_NICK = re.compile(r"[(\[{«\"“]([^)\]}»\"”]*)[)\]}»\"”]?")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart; all folded."""

    words: tuple[str, ...]  # in the order written, without titles
    nick: str = ""  # «Bảy», «con ông Tư»: what tells two of one name apart

    @property
    def given(self) -> str:
        return self.words[-1] if self.words else ""

    @property
    def key(self) -> str:
        return " ".join(self.words)


@cache
def read(typed: str) -> Name:
    """Take a name apart: «Ông Nguyễn Văn A (Bảy)», «b. Tran thi B», «NGUYỄN VĂN  A»."""
    said = fold(typed)
    nick = " ".join(part for one in _NICK.findall(said) if (part := _bare(one)))
    said = _NICK.sub(" ", said)
    bare = " ".join(re.sub(r"[^a-z0-9 .:'-]+", " ", said).split())
    plain = _bare(without_title(bare))
    return Name(tuple(plain.split()), _bare(without_title(nick)) if nick else "")


def bare(typed: str) -> str:
    """A name as written, without titles, nicknames and signs; its marks stay."""
    said = " ".join(re.sub(r"[^\w\s]+", " ", _NICK.sub(" ", typed)).split())
    folded = fold(said)
    return " ".join(said.split()[len(folded.split()) - len(without_title(folded).split()) :])


def without_title(folded: str) -> str:
    """``ong nguyen van a`` without ``ong``; «Hồ Văn A» and «A Brôl» keep what is their name."""
    while (found := _TITLE.match(folded)) is not None:
        rest = folded[found.end() :]
        if found[0].strip(" .:") in _MAY_BE_NAMES and not _a_name_by_itself(rest):
            return folded
        if not rest:
            return folded
        folded = rest
    return folded


def _a_name_by_itself(folded: str) -> bool:
    """Whether what follows «ho», «a» needs it no more: a title, or surname and given name."""
    words = [word.strip(".:") for word in folded.split()]
    if not words:
        return False
    if words[0] in TITLES and len(words) > 1:
        return True
    return words[0] in SURNAMES and len(words) > 2


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())
