"""Answers of the check that are said and not picked: «chết rồi», «bà ngoại nuôi»."""

from __future__ import annotations

import re

from handlers import lexicon, sayings
from handlers.lexicon import lawfacts
from models.text import spell, toned_words

_PARENT = {
    "dead": r"(?:chet|mat(?! tich)|qua doi|khong con)",
    "absent": r"(?:bo di|bo nha|bo con|biet tam)",
    "sentence": r"(?:(?:di|o|ngoi|dang o) tu|cai nghien|truong giao duong)",
    "facility": r"(?:co so tro giup|co so bao tro|nha xa hoi|trung tam bao tro)",
    "alive": r"(?:con song|con khoe|song binh thuong|van con)",
}
_DIVORCE = r"\bl[iy] (?:hon|di)\b"
_NOT_YET = (
    r"\b(?:khong|chua|chang)(?: (?:co|he|chiu|kip|muon|duoc|phai|the|lam|ra|toa|giay|thu tuc))* "
)
_BENEFIT = r"\b(?:tro cap|tien|che do|huong|lanh)(?: xa hoi)?(?: cho)?"
_SAID = {
    "father": _PARENT,
    "mother": _PARENT,
    "marital": {
        "never_married": r"doc than|(?:chua|khong) (?:(?:co|lay|lap) )*(?:vo|chong|gia dinh|ket)",
        "widowed": r"(?:goa|(?:chong|vo)(?: (?:toi|em|da|moi|bi))* (?:mat(?! tich)|chet|qua doi))",
        "divorced": rf"^(?!.*{_NOT_YET}{_DIVORCE[2:]}).*{_DIVORCE}",
        "separated": r"ly than",
        "spouse_absent": (
            r"(?:^|\b(?:chong|vo)(?: (?:toi|em|no|da|cung))* )bo (?:di|nha)\b|bi (?:chong|vo) bo"
        ),
        "married": r"(?:(?:^|da |dang )(?:co|lay) (?:vo|chong|gia dinh)|ket hon|co doi)",
    },
    "taken_in": {
        "relative": r"(?:ong|ba|co|di|chu|bac|cau|anh|chi) (?:\w+ )?(?:nuoi|lo|cham)",
        "other": r"hang xom|nguoi dung",
    },
    "cause": {
        "illness": (
            r"\b(?:gia (?:yeu|ca|lao|qua)|(?:tuoi|vi|do) gia|cao tuoi|tuoi cao"
            r"|(?<!dich )benh(?! vien)|dau (?:yeu|om)|om (?:dau|yeu|nang)|ung thu|dot quy"
            r"|tai bien|suy (?:tim|than|gan)|lao phoi|tieu duong)\b"
        ),
        "traffic": r"\btai nan (?:giao thong|xe)|\b(?:dung|te|lat) xe\b|\bxe (?:dung|tong|can)\b",
        "work": r"\btai nan (?:lao dong|luc lam)|\bgian giao\b",
        "epidemic": r"\bdich benh\b|\bcovid",
        "fire": r"\bhoa hoan\b|\b(?:nha|bi|vi|do) chay\b|\bchay nha\b",
        "disaster": (
            r"\b(?:do|vi|bi) (?:bao|lu|lut|sat lo|set)\b|\b(?:bao|lu) (?:cuon|lut|quet)\b"
            r"|\bsat lo|\bset danh|\bthien tai"
        ),
    },
    "receiving": {
        "social_pension": r"\bhuu tri xa hoi\b",
        "k5": rf"{_BENEFIT} nguoi (?:cao tuoi|gia)\b",
        "k6": rf"{_BENEFIT} (?:nguoi )?khuyet tat\b",
    },
    "supporter": {"exists": r"^(?:da )?co (?:\d+ )?(?:con|chau|nguoi)"},
    "disability": {"none": r"(?:chua|khong) (?:co |lam |xin |duoc |cap )*giay"},
}


_RECEIVES = re.compile(r"\b(?:dang|da|co) (?:duoc )?(?:huong|lanh|nhan)\b|\bhuong\b")
_RECEIVES_NOT = re.compile(
    r"\b(?:khong|chua|chang)(?: \w+){0,3} (?:huong|lanh|nhan|co)\b|\bduoc .*khong$"
)


def named(fact: str, text: str) -> str | None:
    """The one value of a fact that stands in a longer text, which does not ask or deny it."""
    said = sayings.folded(text)
    if fact == "receiving" and (_RECEIVES_NOT.search(said) or not re.search(_RECEIVES, said)):
        return None
    found = [one for one, words in _SAID[fact].items() if re.search(words, said)]
    return found[0] if len(found) == 1 else None


def stated(fact: str, values: frozenset[str], text: str) -> str | None:
    """The one value of a fact that a short statement says; None when it says none, or several."""
    said = sayings.folded(text)
    if len(said.split()) > 8:
        return None
    found = [one for one, words in _SAID.get(fact, {}).items() if re.search(words, said)]
    if "never_married" in found:
        found = ["never_married"]
    if not found and fact in lexicon.load_once("facts")["law"]:
        told = lawfacts.values_of(fact, toned_words(spell(text)))
        found = [one for one in told if one in values][:1]
    return found[0] if len(found) == 1 else None
