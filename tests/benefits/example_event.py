"""What happened in a worked case, as facts of the law."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.benefits.conditions import Value
from tests.benefits.example_words import CAUSE_WORDS, EVENT_WORDS, first, plain, word


def event_facts(told: Mapping[str, Any], found: dict[str, Value], day: date) -> None:
    events = first(told, "event", "events")
    if events is None:
        return
    events = events if isinstance(events, list) else [events]
    text = "_".join(plain(event) for event in events)
    whats = frozenset(_happening(plain(event), told) for event in events)
    found["happenings"] = whats
    what = next(iter(whats)) if len(whats) == 1 else "several"
    cause = word(first(told, "cause") or text, CAUSE_WORDS)
    if told.get("tet"):
        cause = "tet"
    found["cause"] = cause or ("other" if what in {"death", "injury"} else "disaster")
    any_cause = {"death", "injury", "missing", "hunger"}
    if what not in any_cause and found["cause"] in {"tet", "other", "illness"}:
        found["cause"] = "disaster" if told.get("cause") is None else found["cause"]
    happened = first(told, "date", "event_date")
    if happened is not None:
        found["event_date"] = date.fromisoformat(str(happened))
    found["no_home_left"] = not first(told, "other_home", "has_other_home", "still_has_home")
    if first(told, "no_home", "no_home_left") is False:
        found["no_home_left"] = False
    needs = first(told, "cannot_meet_needs", "unable", "cannot_self")
    found["cannot_meet_needs"] = "home_lost" in whats if needs is None else bool(needs)
    decision = first(told, "decision", "relocation_decision", "official_decision")
    found["relocation_decision"] = bool(decision)
    found["hospital_days"] = int(first(told, "hospital_days", "days_in_hospital", "days") or 0)
    for name in ("emergency_care", "serious"):
        found[name] = bool(told.get(name, found["hospital_days"] != 0))
    kin = first(told, "no_kin", "no_relatives", "no_relative")
    relatives = first(told, "relatives", "has_relatives", "kin", "relative")
    found["no_kin"] = bool(kin) if kin is not None else not relatives
    _event_numbers(told, found)
    if found["no_kin"] and kin and what == "death" and told.get("actual_cost") is not None:
        found["happenings"] = frozenset({"burial"})
    found.setdefault("event_date", day)


def _happening(text: str, told: Mapping[str, Any]) -> str:
    what = word(text, EVENT_WORDS, "other") or "other"
    unlivable = told.get("uninhabitable", told.get("unlivable")) or told.get("habitable") is False
    if (
        unlivable
        and what != "house_destroyed"
        and (what == "house_damaged" or text[:5] == "house")
    ):
        return "house_unlivable"
    if what == "house_destroyed" and told.get("destroyed") is False:
        return "house_damaged"
    return what


def _event_numbers(told: Mapping[str, Any], found: dict[str, Value]) -> None:
    cost = first(told, "actual_cost", "cost")
    if cost is not None:
        found["actual_cost"] = int(cost)
    people = first(told, "persons", "people", "members", "hh_size", "household_size", "n")
    if isinstance(people, int):
        found["persons"] = people
    for name, names in {
        "months": ("months", "rice_months"),
        "protection_days": ("protection_days", "days", "care_days", "stay_days"),
    }.items():
        value = first(told, *names)
        if isinstance(value, int):
            found[name] = value
