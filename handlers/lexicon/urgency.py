"""How pressing a message is: by its label, and by what is said to be over, grave or going on."""

from __future__ import annotations

import re
from functools import cache

from handlers import lexicon
from handlers.lexicon.meanings import DANGER, REPORTS, is_over, says

# «critical» says whether.
MAYBE_NOW = frozenset({"traffic_accident", "work_accident", "injury", "abandoned_child"})
ALWAYS_NOW = frozenset({"crisis", "child_abuse"})  # no «it is over» makes these less pressing
_STANDING = frozenset({"house_destroyed", "house_damaged", "food_shortage", "death"})
_LOSSES = frozenset({"crop_loss", "livestock_loss", "livelihood_loss"})
_PRESSING_TURNS = {"domestic_violence": "grave", "abandoned_child": "newborn"}
# «chết rồi», «mất rồi»: a sigh, or a death
SIGH = re.compile(r"ch[eê]tS?(?= |$)|^ ?m[aâ]tS? r[oô]iF?$")
_SLIGHT = frozenset({"injury", "traffic_accident", "work_accident"})
_SOON_WELL = frozenset({"house_fire", "flooded"})
# «bị điện giật chết», «lũ cuốn mất xe»: the cause is danger too, but it is over.
_CAUSES = frozenset({"rescue", "medical_emergency", "child_abuse", "house_fire"})


@cache
def usual(label: str) -> str:
    labels = (one for name in ("reports", "talk") for one in lexicon.labels(name))
    return next((one.urgency for one in labels if one.name == label), "none")


def urgency(label: str, text: str, names: frozenset[str]) -> str:
    if label not in REPORTS:
        exclaimed = label == "unclear" and bool(SIGH.search(text))
        own_house = label == "q_house_support" and says("own", text)
        return "high" if exclaimed else "normal" if own_house else usual(label)
    past = is_past(text) and not goes_on(text)
    if past and label in _STANDING and not says("past", text):
        return usual(label)
    if past and not names & ALWAYS_NOW:
        return "low" if label in _SOON_WELL and is_over(text) else "normal"
    if label == "house_fire" and "rescue" not in names and _says_still("burnt_out", text):
        return "high"
    critical = label in MAYBE_NOW and says("critical", text) and not _says_still("settled", text)
    turn = _PRESSING_TURNS.get(label)
    if critical or names & ALWAYS_NOW or (turn and says(turn, text)):
        return "sos"
    over = label in _LOSSES or (label == "death" and says("dead", text))
    if over and not says("calling", text):
        names -= _CAUSES
    return _by_company(label, text, names)


def _by_company(label: str, text: str, names: frozenset[str]) -> str:
    """As pressing as the most pressing thing that is said beside it."""
    if label in _SLIGHT and not names & DANGER and says("slight", text):
        return "low"
    hurt = label in {"traffic_accident", "injury"} and _says_still("settled", text)
    if hurt and not says("calling", text):
        return "normal"
    if any(usual(name) == "sos" for name in names & DANGER):
        return "sos"
    if hurt:
        return "normal"
    return "high" if names & DANGER else usual(label)


def may_be_feared(label: str, text: str) -> bool:
    """Whether a report is one that can be danger to life, and nothing takes that back."""
    dead = label == "death" and says("dead", text)
    if dead or label not in REPORTS - _LOSSES:
        return False
    if says("turned", text):
        return True
    return not (is_over(text) or any(says(one, text) for one in ("past", "settled", "burnt_out")))


def is_past(text: str) -> bool:
    return is_over(text) or says("past", text)


def goes_on(text: str) -> bool:
    return says("going_on", text) or says("turned", text)


def _says_still(turn: str, text: str) -> bool:
    """«nằm viện», but not «nằm viện về, giờ co giật»."""
    return says(turn, text) and not says("turned", text)
