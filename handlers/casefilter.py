"""Which cases of a queue somebody wants to see: by typed words, and by buttons that add up."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import any_, false, literal, or_

from handlers import casequeue
from handlers.casebook import Query, next_due
from handlers.desk import Turn
from handlers.i18n import N_, Translate
from handlers.villages import key as village_key
from handlers.vocabulary import EMERGENCY, KIND, KINDS
from models.cases import Case, Status
from models.text import fold

TOKEN = 50  # bytes of a filter that a button can carry
Toggle = Literal["mine", "new", "late", "today", "waiting"]

WORDS: dict[str, Toggle] = {
    "cuatoi": "mine", "mine": "mine", "tre": "late", "late": "late", "moi": "new", "new": "new",
    "homnay": "today", "today": "today", "cho": "waiting", "waiting": "waiting",
}  # fmt: skip
TOGGLES: dict[Toggle, tuple[str, str]] = {
    "mine": ("cuatoi", N_("👤 Tôi giữ")),
    "new": ("moi", N_("🆕 Chưa ai nhận")),
    "late": ("tre", N_("⏰ Đã trễ")),
    "today": ("homnay", N_("📌 Hạn hôm nay")),
    "waiting": ("cho", N_("⏸ Chờ người dân")),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """``str`` gives the words that ``read`` reads back."""

    on: frozenset[Toggle] = frozenset()
    kind: str = ""  # id
    words: str = ""  # folded: a village, or part of a kind's name

    def __str__(self) -> str:
        toggles = [word for name, (word, _) in TOGGLES.items() if name in self.on]
        whole = " ".join([*toggles, self.kind, self.words]).split()
        return " ".join(whole).encode()[:TOKEN].decode(errors="ignore")

    def __bool__(self) -> bool:
        return bool(self.on or self.kind or self.words)

    def toggled(self, name: Toggle) -> Filter:
        return replace(self, on=self.on ^ {name})

    def named(self, t: Translate) -> str:
        """For people: ``tôi giữ, đã trễ, phước thiện``."""
        parts = [t(label) for name, (_, label) in TOGGLES.items() if name in self.on]
        if self.kind:
            parts.append(t(KIND[self.kind]))
        return ", ".join([*parts, self.words] if self.words else parts)


def read(argument: str) -> tuple[Filter, int]:
    """Read ``2 cuatoi tre phuoc thien``: a filter and a page."""
    found, page, rest = Filter(), 1, []
    said = fold(argument).replace("cua toi", "cuatoi").replace("hom nay", "homnay")
    for word in said.split():
        if word.isdecimal() and len(word) < 5:
            page = int(word)
        elif word in WORDS:
            found = replace(found, on=found.on | {WORDS[word]})
        elif word in KIND:
            found = replace(found, kind=word)
        else:
            rest.append(word)
    return replace(found, words=" ".join(rest)), page


async def applied(turn: Turn, query: Query, wanted: Filter) -> Query:
    if "late" in wanted.on:
        query = query.where(next_due() < turn.now, Case.waiting_since.is_(None))
    if "today" in wanted.on:
        query = query.where(
            next_due().between(turn.now, turn.tonight), Case.waiting_since.is_(None)
        )
    if "mine" in wanted.on:
        query = query.where(Case.taken_by == turn.person_id)
    if "new" in wanted.on:
        query = query.where(Case.status == Status.NEW.value)
    if "waiting" in wanted.on:
        query = query.where(Case.waiting_since.is_not(None))
    if wanted.kind:
        query = query.where(literal(wanted.kind) == any_(Case.kinds))
    if not wanted.words:
        return query
    asked = set(wanted.words.split())
    of_kind = [
        literal(one.id) == any_(Case.kinds)
        for one in (*KINDS, EMERGENCY)
        if asked <= set(re.findall(r"\w+", fold(one.label)))
    ]
    villages = []
    for held in turn.held:
        named = await casequeue.villages(turn, held.commune)
        villages += [one for one in named if village_key(wanted.words) in village_key(one)]
    return query.where(or_(false(), Case.village.in_(villages), *of_kind))
