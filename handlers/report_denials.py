"""Reads that nobody is in danger after all, or that an emergency was pressed by mistake."""

from __future__ import annotations

import re

from handlers import sayings
from handlers.answers import Plain
from handlers.dialogue import BadAnswer
from handlers.i18n import N_
from handlers.report_readers import UNSAFE
from handlers.understand import understand

_ALL = "da|toi|tui|em|minh|chau|con|nha|gia dinh|moi nguoi|ca|deu|van|duoc|o day"
_TAKEN_BACK = re.compile(
    r"\b(?:(?:khong|chang|het|lam gi|qua (?:khoi|duoc|con))"
    r"(?: (?:co|con|ai|bi|he|gi|nguoi|nao|dang|phai|thay))* nguy hiem(?: tinh mang)?"
    # «ăn nhầm nấm», «trượt tay», «gỗ lớn» are no slip of the thumb
    r"|(?:bam|go|nhan|nhap|gui|bao|cham)(?: \w+){0,2} nham|(?:bam|nhan|gui)(?: nut)? (?:lon|bay)"
    r"|bam (?:choi|thu)|lo tay(?: (?:bam|go|nhan|cham|thoi|a|nha)|$)"
    r"|^nham(?: (?:nut|so|tin))? roi|^nham$"
    r"|(?:gion|dua|thu|test|nhan choi) (?:thoi|choi|chut|ti|nut)"
    r"|(?:an toan|binh an|binh yen|on)(?: het| ca| lai| ca nha)? roi)\b"
    rf"|^(?:(?:{_ALL}) )*an toan$"
)
_YET = re.compile(r"\b(?:nhưng|nhung|mà|cứu|kẹt|ket)\b")
_LONG_STORY = 20  # words


def denies(text: str) -> bool:
    """«Không có ai nguy hiểm đâu, bấm nhầm», «an toàn rồi»; nothing beside it tells of danger."""
    said = sayings.folded(text)
    if len(said.split()) > _LONG_STORY or not _TAKEN_BACK.search(said):
        return False
    if UNSAFE.search(said) or _YET.search(text.lower()):
        return False
    return not understand(_TAKEN_BACK.sub(" ", said)).by_rule


def over(text: str) -> str:
    """Read «không còn ai nguy hiểm, phải không ạ?»: a bare «không» may be either."""
    said = text.strip()
    if said in ("over", "still"):
        return said
    folded = sayings.folded(text)
    if _THERE_IS.search(folded):
        return "still"
    nobody = sayings.nothing(text) and _NOBODY_IS.search(folded)
    if denies(text) or nobody or sayings.yes(text):
        return "over"
    if sayings.no(text) and "phai" in folded:
        return "still"
    raise BadAnswer(
        N_("Dạ, không còn ai nguy hiểm thì bấm **Đúng**; còn người gặp nguy thì bấm nút kia.")
    )


_THERE_IS = re.compile(r"\b(?<!khong )(?:van|con)(?: \w+){0,2} (?:nguy hiem|ket|trong)\b")
_NOBODY_IS = re.compile(r"\b(?:ai|con|het|gi)\b")
read_over = Plain(over, denies)
