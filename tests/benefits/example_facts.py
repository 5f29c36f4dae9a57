"""One person of a worked case as facts of the law; what is not told is taken as absent."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from models.benefits.conditions import Value
from models.benefits.facts import age_of
from tests.benefits.example_event import event_facts
from tests.benefits.example_words import (
    DISABILITY,
    LETTERS,
    MARITAL_WORDS,
    ODD,
    PARENT_WORDS,
    Watched,
    first,
    plain,
    word,
)

ABSENT: dict[str, Value] = {
    "household": "other", "hardship": False, "difficult_area": False, "abandoned": False,
    "father": "alive", "mother": "alive", "receiving": frozenset(), "applied": False,
    "studying": False, "study_unbroken": True, "hiv": False, "marital": "married",
    "supporter": "exists", "facility_eligible": False, "taken_in": "none",
    "in_facility": False, "facility_admitted": "special", "disability": "none",
    "pregnant": False, "family_carer": False, "wage": 0, "pension": 0,
    "survivor_allowance": False, "other_allowance": False, "child_of_k4": False,
    "children": (), "children_studying": False,
}  # fmt: skip


KNOWN_HOMES = {
    "", "poor", "ho_ngheo", "ngheo", "near_poor", "can_ngheo", "ho_can_ngheo", "none", "other",
    "no", "normal", "not_poor", "khong", "khong_ngheo", "non_poor", "neither",
}  # fmt: skip


def person_facts(told: Mapping[str, Any], day: date, profile: str) -> dict[str, Value]:
    """Facts of one person, everything untold taken as absent."""
    told = Watched(told)
    found: dict[str, Value] = dict(ABSENT)
    _birth(told, found)
    _home(told, found)
    _parents(told, found)
    _family(told, found)
    _money(told, found)
    _benefits(told, found)
    _study(told, found)
    _care(told, found)
    event_facts(told, found, day)
    if plain(profile).find("ong_ba") >= 0 and found["taken_in"] == "other":
        found["taken_in"] = "relative"
    age = age_of(found, day)
    elderly = isinstance(age, int) and age >= 60
    if "facility_eligible" in told:
        found["facility_eligible"] = bool(told["facility_eligible"])
    elif elderly and found["taken_in"] != "none":
        found["facility_eligible"] = True
    ODD.extend(
        one for one in told.unread() if not re.match("child.*stud|stud.*child|spouse_disab", one)
    )
    return found


def _birth(told: Mapping[str, Any], found: dict[str, Value]) -> None:
    born = first(told, "dob", "birth_date", "birthdate", "born", "ngay_sinh")
    if isinstance(born, str) and len(born) >= 10:
        found["birth_date"] = date.fromisoformat(born[:10])
    elif born is not None:
        found["birth_year"] = int(str(born)[:4])
    age = first(told, "age", "tuoi")
    if age is not None and born is None:
        found["age"] = int(age)
    sex = first(told, "sex", "gender")
    if sex is not None:
        found["sex"] = "female" if plain(sex) in {"f", "female", "nu"} else "male"


def _home(told: Mapping[str, Any], found: dict[str, Value]) -> None:
    said = first(told, "hh", "household_type", "poverty")
    home = plain(said or "")
    if home not in KNOWN_HOMES:
        ODD.append(repr(said))
    if home in {"poor", "ho_ngheo", "ngheo"}:
        found["household"] = "poor"
    elif home in {"near_poor", "can_ngheo", "ho_can_ngheo"}:
        found["household"] = "near_poor"
    hardship = first(told, "hardship_status", "hardship", "hckk")
    if hardship is not None:
        found["hardship"] = bool(hardship)
    area = first(told, "dbkk", "difficult_area", "dtts_dbkk")
    found["difficult_area"] = bool(area)


def _parents(told: Mapping[str, Any], found: dict[str, Value]) -> None:
    letter = first(told, "orphan_case", "k1_case", "orphan")
    if letter is True:
        letter = "b"
    if letter is not None and letter is not False:
        letter = str(letter).lower().strip()
        if letter == "a":
            found["abandoned"] = True
        elif letter in LETTERS:
            found["father"], found["mother"] = LETTERS[letter]
    if told.get("abandoned"):
        found["abandoned"] = True
    for parent in ("father", "mother"):
        if isinstance(told.get(parent), str):
            found[parent] = word(told[parent], PARENT_WORDS, "alive") or "alive"
    if told.get("adopted"):
        found["abandoned"] = False


def _family(told: Mapping[str, Any], found: dict[str, Value]) -> None:
    marital = first(told, "marital", "marital_status")
    if marital is not None:
        found["marital"] = word(marital, MARITAL_WORDS, "married") or "married"
    supporter = first(told, "supporter", "phung_duong")
    if supporter is not None:
        text = plain(supporter)
        if text in {"none", "no", "false", "khong"}:
            found["supporter"] = "none"
        elif re.search("tcxh|benefi|allow|receiv|recipi|assist|tro_cap", text):
            found["supporter"] = "on_benefit"
        elif not re.search("^(exist|has|have|yes|true|co|able|child)", text):
            ODD.append(repr(supporter))
    if told.get("supporter_on_tcxh") or told.get("supporter_receiving"):
        found["supporter"] = "on_benefit"


def _money(told: Mapping[str, Any], found: dict[str, Value]) -> None:
    wage = first(told, "wage", "salary", "income", "stable_income", "has_income")
    if wage is not None:
        found["wage"] = _amount(wage)
    total = sum(
        _amount(told[name])
        for name in (
            "pension", "bhxh", "bhxh_monthly", "monthly_bhxh", "bhxh_allowance",
            "social_insurance", "mat_suc", "tuat", "survivor_amount",
        )
        if told.get(name) is not None
    )  # fmt: skip
    found["pension"] = total
    survivor = first(told, "survivor_allowance", "tuat", "survivor")
    if survivor:
        found["survivor_allowance"] = True
        if isinstance(survivor, bool) and total == 0:
            del found["pension"]  # some amount, not told
        elif "tuat" not in told or told["tuat"] is not survivor:
            found["pension"] = total + _amount(survivor)
    other = first(told, "other_allowance", "other_monthly_allowance", "monthly_allowance")
    if other:
        found["other_allowance"] = True


def _amount(value: object) -> int:
    if isinstance(value, bool):
        return 10_000_000 if value else 0
    if isinstance(value, int | float):
        return int(value)
    return 0 if plain(value) in {"none", "no", "khong", "0", ""} else 10_000_000


def _code(value: object) -> str | None:
    text = plain(value)
    point = re.search(r"k([1-8])", text)
    if value is None or value is False or text in {"none", "no"}:
        return None
    if point:
        return f"k{point[1]}"
    return "social_pension" if re.search("htxh|hutri|huu_tri|pension|sp$", text) else "k6"


def _benefits(told: Mapping[str, Any], found: dict[str, Value]) -> None:
    receiving = first(told, "receiving", "currently_receiving", "on_benefit", "was_receiving")
    values = receiving if isinstance(receiving, list) else [receiving]
    codes = {code for value in values if (code := _code(value))}
    for name in ("receiving_htxh", "htxh", "social_pension"):
        if told.get(name):
            codes.add("social_pension")
    for name in ("receiving_tcxh", "tcxh"):
        if told.get(name):
            codes.add("k6")
    found["receiving"] = frozenset(codes)
    applied = first(
        told, "applied", "applied_pending", "applied_qualified", "application_pending",
        "pending_application", "applied_not_decided", "pending",
    )  # fmt: skip
    qualified = first(told, "qualified", "eligible")
    found["applied"] = bool(applied) and qualified is not False
    child = first(told, "child_of_k4", "k4_child", "parent_k4", "child_of_single_parent")
    found["child_of_k4"] = bool(child) or "k4" in plain(
        first(told, "child_of", "parent_receiving", "parent") or ""
    )
    found["hiv"] = bool(told.get("hiv"))
    disability = first(told, "disability", "disability_level", "kt")
    if disability is not None:
        found["disability"] = word(disability, DISABILITY, "none") or "none"
    if first(told, "certificate", "disability_certificate", "cert") is False:
        found["disability"] = "none"


def _study(told: Mapping[str, Any], found: dict[str, Value]) -> None:
    student = first(told, "student", "studying", "in_school", "school")
    if student is not None:
        text = plain(student)
        second = re.search("second|van_bang_2|master|thac_si|post_?grad", text)
        found["studying"] = bool(student) and text not in {"no", "none", "dropped"} and not second
    if told.get("second_degree") or told.get("degree") == 2:
        found["studying"] = False
    unbroken = first(told, "continuous", "study_continuous", "unbroken", "continuous_study")
    broken = first(told, "interrupted", "gap", "study_gap", "dropout", "dropped_out")
    paused = first(
        told,
        "reserved",
        "bao_luu",
        "deferred",
        "official_pause",
        "suspended_officially",
        "on_leave",
    )
    if unbroken is not None:
        found["study_unbroken"] = bool(unbroken)
    if broken:
        found["study_unbroken"] = False
    if paused:
        found["study_unbroken"] = True


def _care(told: Mapping[str, Any], found: dict[str, Value]) -> None:
    found["pregnant"] = bool(told.get("pregnant"))
    small = first(told, "under36", "children_under36", "under_36", "under36m")
    if small is not None:
        found["children_under_36_months"] = len(small) if isinstance(small, list) else int(small)
    found["family_carer"] = bool(
        first(told, "family_carer", "family_care", "carer_family", "family_caring")
    )
    carer = plain(told.get("carer") or "")
    if "famil" in carer and "non" not in carer:
        found["family_carer"] = True
    taken = first(told, "fostered", "foster_family", "taken_in", "foster", "foster_carer")
    if taken is None and carer and not found["family_carer"]:
        taken = carer
    if taken:
        kin = re.search("relative|kin|grand|ong_ba|uncle|aunt|sibling|family_member", plain(taken))
        found["taken_in"] = "relative" if kin else "other"
    facility = first(told, "facility", "in_facility", "lives_in_facility", "institution")
    if facility:
        found["in_facility"] = True
        if re.search("volunt|tu_nguyen|contract", plain(facility)):
            found["facility_admitted"] = "voluntary"
