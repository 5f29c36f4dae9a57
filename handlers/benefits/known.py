"""What somebody's own words have told a check already: whom it is about, age, poverty, pension."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import sayings
from handlers.benefits import deaths, readers
from handlers.benefits.kin import KIN, SELF
from handlers.benefits.questions import SINGLE, fact_question
from handlers.benefits.wording import in_words
from handlers.dialogue import ORDER, BadAnswer, without
from handlers.i18n import N_, Translate
from handlers.times import day as day_shown
from handlers.understand import Meaning
from models.benefits.questions import HOUSEHOLD
from models.text import compose, fold

OF_ONESELF = frozenset({"q_single_parent", "q_pregnant"})
RELATIVES = ("mother", "father", "grandparent", "spouse", "child", "grandchild")
_SELF = re.compile(r"(?<!\w)(tôi|tui|toi|mình|minh|em|i am)(?!\w)")
_SINGLE = re.compile(r"\b(?:don than|single (?:mom|mother|parent))\b")
_MONTH = re.compile(
    r"(?:tháng|thang|ngày|ngay|month|th)[ .]*"
    r"(\d{1,2}(?:[-/. ]\d{1,2})?[-/. ]+(?:năm |nam )?20\d\d)"
)


def told_in(
    draft: Mapping[str, Any], meaning: Meaning, text: str, t: Translate
) -> tuple[dict[str, Any], list[str]]:
    """Fill a new check with what was said; returns it, and in words what was understood."""
    found, heard = dict(draft), list[str]()
    whom = _whom(meaning, text)
    if "whom" not in found and whom is not None:
        kin, found["whom"] = whom
        if found["whom"] == "relative":
            found["relation"] = kin
        if found["whom"] in {"relative", SELF}:
            heard.append(t(N_("kiểm tra cho {who}"), who=t(KIN[kin].who)))
    if found.get("whom") == "household":
        return found, heard
    _take(found, heard, meaning, text, t)
    if _SINGLE.search(sayings.folded(text)) and "p0.marital" not in found:
        found[SINGLE] = True
        heard.append(t(N_("đơn thân")))
    if (day := _day(text)) is not None and found.get("whom") != "deceased":
        found["day"] = day
        found[ORDER] = [*found.get(ORDER, ()), "day"]
        heard.append(t(N_("luật ngày {day}"), day=day_shown(date.fromisoformat(day), t)))
    if meaning.facts.get("place"):
        found["_commune"] = meaning.facts["place"]
    return found, heard


def _take(
    found: dict[str, Any], heard: list[str], meaning: Meaning, text: str, t: Translate
) -> None:
    """The facts of a message that can be read as answers."""
    facts = _facts(meaning, text)
    if found.get("whom") == "deceased":
        facts |= deaths.told_of(text, date.fromisoformat(str(found["_today"])))
        if day := facts.pop("died", None):
            found["died"] = day
            heard.append(t(N_("mất ngày {day}"), day=day_shown(date.fromisoformat(day), t)))
    for key, raw in facts.items():
        person, _, fact = key.partition(".")
        try:
            value = str(fact_question(person, fact, {}).read(raw))
        except BadAnswer:
            continue
        found[key] = value
        found[ORDER] = [*without(found, key), key]
        heard.append(_said(fact, value, t))


def about_somebody(meaning: Meaning, text: str) -> bool:
    """Whether a question tells of a person, so that a check says more than a card."""
    said = meaning.facts
    told = ("age", "birth_year", "birth_date", "pension", "poverty", "household", "disability")
    known = any(said.get(name) is not None for name in told) or _born(text) is not None
    return known and _whom(meaning, text) is not None


def _whom(meaning: Meaning, text: str) -> tuple[str, str] | None:
    if meaning.label == "q_funeral":
        return "other", "deceased"
    said = compose(text)
    if meaning.label in OF_ONESELF:
        return SELF, SELF
    if deaths.is_about_one(text):
        return "other", "deceased"
    named = {
        kin: found.start()
        for kin in RELATIVES
        if (found := re.search(rf"(?<!\w)(?:{KIN[kin].words})(?!\w)", said))
    }
    if named:
        kin = min(named, key=named.__getitem__)
        return kin, "relative"
    return (SELF, SELF) if _SELF.search(said) else None


def _facts(meaning: Meaning, text: str) -> dict[str, str]:
    """Facts of a message in the words of the law's own vocabulary."""
    said = meaning.facts
    about_children = meaning.label in OF_ONESELF
    found: dict[str, str] = {}
    if not about_children and (born := _born(text)) is not None:
        found["p0.birth_date"] = born
    for name in ("birth_date", "birth_year", "age"):
        if said.get(name) is not None and not about_children:
            prefix = "a" if name == "age" else ""
            found.setdefault("p0.birth_date", f"{prefix}{said[name]}")
    poverty = said.get("household") or said.get("poverty")
    if isinstance(poverty, str):
        found[f"{HOUSEHOLD}.household"] = "other" if poverty == "neither" else poverty
    pension = said.get("pension")
    if pension is False or (isinstance(pension, int) and not isinstance(pension, bool)):
        found["p0.pension"] = str(int(pension))
    if about_children and (born := children_in(text)) is not None:
        found["p0.children"] = born
    for name in ("disability", "marital", "supporter"):
        if isinstance(said.get(name), str):
            found[f"p0.{name}"] = str(said[name])
    return found


_RAISES = re.compile(r"\b(?:nuoi|co)\b[^,.]*?\b(?:con|chau|dua|be)\b(?P<tail>.*)")
_COUNT = re.compile(r"\b(\d{1,2}) (?:dua )?(?:con|chau|dua|be)\b")
_OTHERS = re.compile(r"\b(?:me|ma|cha|bo|ong|ba(?! tuoi)|chong|vo|toi|tui|em|minh)\b")


def children_in(text: str) -> str | None:
    """The children somebody raises: «nuôi 2 con 3 tuổi và 8 tuổi»; None unless all are told."""
    said = sayings.folded(text)
    found = _RAISES.search(said)
    if found is None:
        return None
    tail = _OTHERS.split(found["tail"])[0]
    ages = re.findall(r"\b\d{1,2} ?(?:thang )?(?:tuoi|t\b)|\b20[012]\d\b", tail)
    count = _COUNT.search(found[0][: found.start("tail") - found.start()])
    if not ages or (count and int(count[1]) != len(ages)):
        return None
    return readers.children(", ".join(ages))


def _born(text: str) -> str | None:
    """«Mẹ tôi sinh ngày 3/3/1952», «sinh năm 1952»."""
    _, said, rest = fold(text).partition("sinh ")
    found = readers.births(rest[:30]) if said else []
    return found[0] if found and not found[0].startswith("a") else None


def _said(fact: str, value: str, t: Translate) -> str:
    if fact == "children":
        return t(N_("nuôi con {ages}"), ages=in_words(fact, value, t))
    if fact != "pension":
        return in_words(fact, value, t)
    if value == "0":
        return t(N_("không có lương hưu"))
    return t(N_("lương hưu {money}"), money=in_words(fact, value, t))


def _day(text: str) -> str | None:
    """A month or day somebody asks about: «tháng 8/2025 mẹ tôi được bao nhiêu?»."""
    match = _MONTH.search(compose(text))
    if match is None:
        return None
    try:
        return readers.day(match[1].replace("năm ", "").replace("nam ", ""))
    except BadAnswer:
        return None
