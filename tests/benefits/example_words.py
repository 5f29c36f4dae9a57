"""The words of the worked cases, and what else their author may use."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

LETTERS: dict[str, tuple[str, str]] = {
    "b": ("dead", "dead"),
    "c": ("dead", "missing"),
    "d": ("dead", "facility"),
    "đ": ("dead", "sentence"),
    "dd": ("dead", "sentence"),
    "e": ("missing", "missing"),
    "g": ("facility", "facility"),
    "h": ("sentence", "sentence"),
    "i": ("missing", "facility"),
    "k": ("missing", "sentence"),
    "l": ("facility", "sentence"),
}
# first word found in the told value wins
PARENT_WORDS = {
    "undeclared": "absent",
    "not_declared": "absent",
    "no_court": "absent",
    "no_decision": "absent",
    "dead": "dead", "deceased": "dead", "passed_away": "dead", "chet": "dead",
    "mat_tich": "missing", "missing": "missing",
    "unknown": "undetermined", "undetermined": "undetermined", "khong_xac_dinh": "undetermined",
    "not_identified": "undetermined", "unidentified": "undetermined",
    "prison": "sentence", "jail": "sentence", "sentence": "sentence", "xlhc": "sentence",
    "rehab": "sentence", "compulsory": "sentence", "cai_nghien": "sentence", "tu": "sentence",
    "detention": "sentence", "drug": "sentence", "education": "sentence", "detox": "sentence",
    "xlvphc": "sentence", "reform": "sentence", "giao_duong": "sentence",
    "incarcerat": "sentence", "camp": "sentence", "admin": "sentence",
    "facility": "facility", "co_so": "facility", "nursing": "facility",
    "institution": "facility", "orphanage": "facility", "social_house": "facility",
    "social_cent": "facility", "nha_xa_hoi": "facility", "tgxh": "facility",
    "left": "absent", "absent": "absent", "away": "absent", "gone": "absent", "bo_di": "absent",
}  # fmt: skip
CAUSE_WORDS = {
    "traffic": "traffic", "tngt": "traffic", "road": "traffic", "work": "work", "labor": "work",
    "labour": "work", "tnld": "work", "occupational": "work", "fire": "fire", "burn": "fire",
    "epidemic": "epidemic", "covid": "epidemic", "dich": "epidemic", "disaster": "disaster",
    "flood": "disaster", "storm": "disaster", "typhoon": "disaster", "landslide": "disaster",
    "lightning": "disaster", "whirlwind": "disaster", "tornado": "disaster", "bao": "disaster",
    "lu": "disaster", "thien_tai": "disaster", "tet": "tet", "crop": "crop_failure",
    "mat_mua": "crop_failure", "lean": "lean_season", "giap_hat": "lean_season",
    "force_majeure": "force_majeure", "bat_kha_khang": "force_majeure",
    "natural": "illness", "illness": "illness", "disease": "illness", "old": "illness",
    "sick": "illness", "benh": "illness", "stroke": "illness", "cancer": "illness",
    "domestic": "other", "home": "other", "fall": "other", "drown": "other", "suicide": "other",
    "ordinary": "illness", "normal": "illness", "beneficiary": "illness",
}  # fmt: skip
EVENT_WORDS = {
    "burned_house": "house_destroyed",
    "house_total": "house_destroyed",
    "washed": "house_destroyed",
    "burial": "burial", "unclaimed": "burial", "death": "death", "dead": "death",
    "passed_away": "death", "dies": "death", "drown": "death", "deceased": "death",
    "died": "death", "die": "death", "killed": "death", "funeral": "death", "missing": "missing",
    "injur": "injury", "hurt": "injury", "wound": "injury", "accident": "injury",
    "house_destroyed": "house_destroyed", "collapse": "house_destroyed",
    "house_burn": "house_destroyed", "house_fire": "house_destroyed",
    "house_gone": "house_destroyed", "house_buried": "house_destroyed",
    "house_lost": "house_destroyed", "swept": "house_destroyed",
    "uninhabitable": "house_unlivable", "unlivable": "house_unlivable",
    "house_damage": "house_damaged", "roof": "house_damaged",
    "resettl": "evacuation", "move": "evacuation",
    "relocat": "evacuation", "evacuat": "evacuation",
    "hunger": "hunger", "food": "hunger", "rice": "hunger", "famine": "hunger",
    "hungry": "hunger", "lean_season": "hunger", "giap_hat": "hunger",
    "starv": "hunger", "thieu_doi": "hunger",
    "essential": "home_lost", "home_lost": "home_lost", "lost_home": "home_lost",
    "violence": "violence", "abuse": "violence", "traffick": "violence",
    "forced_labor": "violence", "forced_labour": "violence",
    "protect": "violence", "street": "homeless", "child_abandon": "child_alone",
    "homeless": "homeless", "vagrant": "homeless",
    "child_lost": "child_alone", "orphan": "child_alone", "lost_parents": "child_alone",
    "livelihood": "livelihood", "crop": "livelihood", "livestock": "livelihood",
    "breadwinner": "livelihood", "production": "livelihood",
}  # fmt: skip
MARITAL_WORDS = {
    "undeclared": "spouse_absent",
    "not_declared": "spouse_absent",
    "died": "widowed",
    "dead": "widowed",
    "deceased": "widowed",
    "passed_away": "widowed",
    "goa": "widowed",
    "chua_ket_hon": "never_married",
    "unwed": "never_married",
    "ly_hon": "divorced",
    "ly_than": "separated",
    "never": "never_married", "single": "never_married", "unmarried": "never_married",
    "widow": "widowed", "spouse_dead": "widowed", "missing": "spouse_missing",
    "divorce": "divorced", "separat": "separated", "absent": "spouse_absent",
    "left": "spouse_absent", "abandon": "spouse_absent", "married": "married",
    "cohabit": "married",
}  # fmt: skip
DISABILITY = {
    "dac_biet_nang": "very_severe", "dbn": "very_severe", "very_severe": "very_severe",
    "special": "very_severe", "nang": "severe", "severe": "severe", "nhe": "light",
    "light": "light", "mild": "light",
}  # fmt: skip
PASSED = {"", "none", "no", "alive", "true", "false", "khong", "0"}  # nothing, rightly
CHILD_ROLES = {"child", "baby", "son", "daughter", "con", "be"}


class Watched(dict[str, Any]):
    """Facts of an example that remember which of them were looked at, and which values made sense.

    The rest are words nobody understood: they are told, so that an agreement is not an accident.
    """

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__(facts)
        self.seen = {"role", "who", "id", "children"}

    def get(self, key: str, default: Any = None) -> Any:
        self.seen.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.seen.add(key)
        return super().__getitem__(key)

    def unread(self) -> list[str]:
        return [f"{key}={self.get(key)!r}" for key in sorted(set(self) - self.seen)]


ODD: list[str] = []  # values of the example at hand that no list of words has


def plain(text: object) -> str:
    bare = unicodedata.normalize("NFD", str(text).lower().replace("đ", "d"))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


def word(value: object, words: Mapping[str, str], otherwise: str | None = None) -> str | None:
    bare = plain(value)
    if bare in words:
        return words[bare]
    for known, meaning in words.items():
        if known in bare and (len(known) > 3 or known in bare.split("_")):
            return meaning
    if otherwise is not None and bare not in PASSED:
        ODD.append(repr(value))
    return otherwise


def first(told: Mapping[str, Any], *names: str) -> Any:
    return next((told[name] for name in names if told.get(name) is not None), None)
