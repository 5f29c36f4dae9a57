"""An answer as people read it: «76 tuổi», «hộ nghèo», «2.500.000 đồng»."""

from __future__ import annotations

from datetime import date

from handlers.benefits.readers import NONE
from handlers.i18n import N_, Translate
from handlers.times import money
from models.benefits.check import law

YES_NO = {"yes": N_("có"), "no": N_("không")}


def in_words(fact: str, value: str, t: Translate) -> str:
    definition = law().facts[fact]
    if definition.type in {"date", "children"}:
        return ", ".join(_born(one, t) for one in value.split(","))
    if definition.type == "money":
        return money(int(value))
    labels = {**YES_NO, **definition.choices}
    return ", ".join(_label(labels.get(one, one), t) for one in value.split(","))


def _label(label: str, t: Translate) -> str:
    shown = t(N_("không có")) if label == NONE else t(label)
    return shown[:1].lower() + shown[1:]


def _born(value: str, t: Translate) -> str:
    if value == NONE:
        return t(N_("không có"))
    if value.startswith("a"):
        return t(N_("{age} tuổi"), age=value[1:])
    born = value if len(value) == 4 else f"{date.fromisoformat(value):%d/%m/%Y}"
    return t(N_("sinh {born}"), born=born)
