"""Names of people as villages write them: titles, nicknames in brackets, any spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from models.text import fold

_KNOWN = yaml.safe_load(
    (Path(__file__).parent / "data" / "names.yaml").read_text(encoding="utf-8")
)
SURNAMES = frozenset(_KNOWN["surnames"])
TITLES = frozenset(_KNOWN["titles"])
_TITLE = re.compile(
    r"^(?:(?:chu ho|ho gia dinh|gia dinh|ho|nha|ong|ba|co|chu|bac|cu|anh|chi|di|cau|em|mu|thim|"
    r"o|b|ô|a|c)[ .:]+)+"
)
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


def without_title(folded: str) -> str:
    """``ong nguyen van a`` without ``ong``; «Hồ Văn A» and «A Brôl» keep what is their name."""
    found = _TITLE.match(folded)
    if found is None:
        return folded
    rest = folded[found.end() :]
    if folded.startswith(("ho ", "a ")) and not _surnamed(rest):
        return folded  # a surname, or a man's name of the west
    return rest or folded


def _surnamed(folded: str) -> bool:
    words = folded.split()
    return bool(words) and words[0].strip(".:") in SURNAMES | TITLES and len(words) > 1


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())
