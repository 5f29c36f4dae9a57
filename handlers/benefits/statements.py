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
    "supporter": {"exists": r"^(?:da )?co (?:\d+ )?(?:con|chau|nguoi)"},
    "disability": {"none": r"(?:chua|khong) (?:co |lam |xin |duoc |cap )*giay"},
}


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
