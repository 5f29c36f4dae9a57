"""Readers of a report's own questions.  They do no I/O and read no clock."""

from __future__ import annotations

import re

from handlers import lexicon, sayings
from handlers.answers import UNCLEAR, Plain, several_of, words, yes_no
from handlers.cards import POVERTY, WHOSE
from handlers.counting import groups, only_a_household
from handlers.dialogue import BadAnswer
from handlers.i18n import N_
from handlers.understand import understand
from handlers.vocabulary import CAUSES, KINDS
from models import names
from models.text import fold, spell, toned_words

DONE = "done"
_NO_MORE = re.compile(
    r"(?:(?:thoi|het|xong|du|chi|co|vay|khong|chua|con|gi|nua|them|ca|la|a|da|bay nhieu|nhieu day"
    r"|do|khac|roi|the)(?: |$))+"
)


def more_kinds(text: str) -> str:
    if text.strip() == DONE or sayings.nothing(text):
        return DONE
    said = sayings.folded(text).replace(",", "")
    if said not in ("co", "da co") and _NO_MORE.fullmatch(said):
        return DONE
    return several_of(KINDS)(text)


_SAFE = re.compile(
    r"\b(?:an toan|binh (?:an|yen)|khong (?:ai )?(?:bi )?(?:sao|gi)"
    r"|(?:khong|het|qua (?:khoi|duoc|con)) nguy hiem)\b"
)
UNSAFE = re.compile(r"\b(?:khong|chua|mat|nhung|ma|tru|con) (?:\w+ ){0,2}(?:an toan|binh an|on)\b")


def danger(text: str) -> str:
    """Read whether somebody is in danger: «không», and «mọi người an toàn hết rồi»."""
    try:
        return yes_no(text)
    except BadAnswer:
        said = sayings.folded(text)
        if _SAFE.search(said) and not UNSAFE.search(said) and len(said.split()) < 9:
            return "no"
        raise BadAnswer(
            N_(
                "Dạ, có ai đang nguy hiểm thì bấm **Có**, không thì bấm **Không**; chưa chắc thì "
                "cứ bấm **Có**."
            )
        ) from None


def _nobody(text: str) -> bool:
    """«Không, bác sĩ nói qua cơn nguy kịch rồi»: no, and what follows is no danger either."""
    first = sayings.first_clause(text)
    return sayings.no(first) and not understand(text.strip()[len(first) :]).danger


read_danger = Plain(danger, _nobody)

# In their order: «mưa lũ» is a flood, «sạt lở do mưa bão» is asked about.
_CAUSE_WORDS = {
    # «bao giờ có người tới» is no storm
    "storm": r"bao(?! (?:gio|h) (?:co|moi|thi|toi|den|xa|can|nguoi|ai|duoc|xuong)\b)|ap thap"
    "|gio (?:lon|to|manh)",
    "landslide": "sat lo|lo (?:dat|nui|da)|(?:dat|nui|da) (?:lo|sat)|truot dat|sat nui",
    "flood": "lu|lut|lu quet|ngap|nuoc (?:lon|dang|len|ngap)",
    "whirlwind": "loc|loc xoay|giong|dong loc|set|set danh|mua da|voi rong",
    "fire": "chay|hoa hoan|chap dien|no ga|no gas",
    "traffic": "tai nan xe|tai nan giao thong|(?:xe )?(?:tong|dung)|dung xe|te xe|tong xe",
    "work": "tai nan lao dong|tai nan khi lam",
    "epidemic": "dich|dich benh|covid|sot xuat huyet",
    "other": "khac|benh|dau om|om dau|dau benh|gia yeu|mat mua|han han|nguyen nhan khac",
}
_AROUND_CAUSE = re.compile(
    r"\b(?:do|vi|tai|boi|bi|con (?=bao|lu|loc|giong)|tran|mua|gio|nuoc|lon|to|manh|so|\d+|vua|roi"
    r"|nam|nay|nha|cuon"
    r"|quet|nhe|dat|nui|da|heo|bo|ga|va|la|nguyen nhan|o|benh|xe|ngap|ra|gay|het|ca|a|chay|trau"
    r"|cum|chau phi)\b"
)


def cause(text: str) -> str:
    """Read why: a cause, or a sentence that names only one («do bão số 12»)."""
    said = text.strip()
    if said in CAUSE_IDS:
        return said
    outright = _causes(sayings.folded(text))
    found = outright if _only_cause(text) else _told_causes(text) or outright
    if len(found) == 1:
        return found.pop()
    raise BadAnswer(UNCLEAR)


CAUSE_IDS = frozenset(one.id for one in CAUSES)


def _causes(said: str) -> set[str]:
    found = {one for one, named in _CAUSE_WORDS.items() if re.search(rf"\b(?:{named})\b", said)}
    return found - {"other"} if len(found) > 1 else found


def _told_causes(text: str) -> set[str]:
    """What the lexicon finds in a sentence; it heeds the marks that were typed."""
    return set(lexicon.found_of(toned_words(spell(text)), "facts", "cause"))


def _only_cause(text: str) -> bool:
    if "!" in text:
        return False
    said = sayings.folded(text)
    for named in _CAUSE_WORDS.values():
        said = re.sub(rf"\b(?:{named})\b", " ", said)
    return not _AROUND_CAUSE.sub(" ", said).strip(" ,") and bool(_causes(sayings.folded(text)))


read_cause = Plain(cause, _only_cause)
read_groups = Plain(groups, only_a_household)

_NOT_POOR = re.compile(
    r"\b(?:khong|chua|chang|het)(?: (?:phai|thuoc|la|co|duoc|vao|dien|ho|so|giay|nha|trong))*"
    r" (?:ho |dien )?(?:can )?ngheo\b(?: (?:hay|hoac|va|voi) (?:ho )?(?:can )?ngheo\b)?"
)
_NEITHER = re.compile(
    r"\b(?:thoat (?:can )?ngheo|trung binh|binh thuong|kha gia|du an|du song"
    r"|khong thuoc (?:dien|ho)? ?(?:nao|gi|2|hai)\b.*)"
)
_NEAR = re.compile(r"\bcan ngheo\b|^(?:ho )?can$|\bhcn\b")
_POOR = re.compile(
    r"\b(?:ho|so|dien|giay|thuoc|la|chuan|the|co|nay) ngheo\b(?! (?:lam|qua|kho|khong))|^ngheo$"
)
_NOT_YET = re.compile(r"\b(?:chua|dang|cho) (?:duoc )?(?:xet|duyet|binh xet|lam)\b")


def poverty(text: str) -> str:
    """Read what the household is on paper: «dạ có sổ hộ nghèo», «không, cận nghèo thôi»."""
    said = text.strip()
    if said in POVERTY:
        return said
    if sayings.nothing(text):
        return "neither"
    if sayings.not_known(text):
        return "unknown"
    if _NOT_YET.search(sayings.bare(text)):
        return "unknown"
    told = re.sub(r"\bn?ng?h?eo\b", "ngheo", sayings.bare(text))
    rest = _NOT_POOR.sub(" ", told)
    near = _NEAR.search(rest.strip())
    poor = _POOR.search(_NEAR.sub(" ", rest).strip()) if near else _POOR.search(rest.strip())
    if near and poor:
        raise BadAnswer(_WHICH)
    if near or poor:
        return "near_poor" if near else "poor"
    if rest != told or _NEITHER.search(rest):
        return "neither"
    raise BadAnswer(_WHICH)


_WHICH = N_("Dạ, nhà mình là hộ nghèo hay hộ cận nghèo ạ? Xin bấm một nút; không thì gõ Không.")


def photographs(text: str) -> str:
    if text.strip() == DONE or _SENT.fullmatch(sayings.folded(text)):
        return DONE
    raise BadAnswer(N_("Dạ, xin gửi ảnh hoặc ghi âm, xong rồi bấm «Xong»."))


_SENT = re.compile(
    r"(?:(?:da|gui|goi|xong|het|du|roi|day|thoi|vay|a|hinh|anh|done|em|ca)(?: |$))+"
)


def confirmed(text: str) -> str:
    said = text.strip()
    if said in ("send", "fix"):
        return said
    if re.fullmatch(r"(?:sai|sua|fix)(?: (?:roi|lai|het|a|em))*", sayings.bare(text)):
        return "fix"
    return {"yes": "send", "no": "fix"}[yes_no(text)]


def whose(text: str) -> str:
    """Read for whom it is: «nhà tôi», «hàng xóm», «cho mẹ tôi», and so on."""
    said = fold(text).strip(" .!?")
    if said in WHOSE:
        return said
    said = sayings.folded(text)
    for one, pattern in _WHOSE_WORDS.items():
        if re.search(rf"\b(?:{pattern})\b", said):
            return one
    raise BadAnswer(UNCLEAR)


_WHOSE_WORDS = {
    "neighbour": "hang xom|lang gieng|loi xom|(?:ke|ben|sat|gan|canh) (?:ben|nha|canh)|canh nha"
    "|trong (?:thon|xom|lang|to)",
    "own": "(?:nha|gia dinh|ho) (?:cua )?(?:chung )?(?:toi|tui|minh|em|con|chau|ta)"
    "(?! (?:trai|gai|ruot|ho|re|dau))|chinh (?:toi|chu|minh|em|nha)|ban than|chu nha"
    "|^(?:da |cho |cua |bao cho |bao )*(?:toi|tui|minh|em|nha|gia dinh|nha nay)(?: a| thoi| do)?$",
    "other": "nguoi (?:khac|quen|than)|ba con|ong|ba|co|chu|bac|di|cau|me|ma|cha|bo|anh|chi|em|ban"
    "|con (?=\\w)|chau|chong|vo|noi|ngoai|mo|thim|duong|bo",
}

_BEFORE_NAME = re.compile(
    r"(?:dạ|da|vâng|thưa|(?:họ )?tên|(?:ho )?ten|chủ hộ|chu ho|là|la|nhà|em"
    r"|(?:tôi|toi|tui|mình|minh|con|cháu|chau)(?= (?:tên|ten|là|la)[ ,:]))[ ,:]+",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(r"[ ,]+(?:ạ|nha|nhé|nghe)[ .]*$", re.IGNORECASE)


def person(text: str) -> str:
    """Read somebody's name, or words that say who it is; «dạ tên …ạ» around a name is left out."""
    said = words(text)
    name = _AFTER_NAME.sub("", said)
    while (found := _BEFORE_NAME.match(name)) is not None and found.end() < len(name):
        name = name[found.end() :]
    return name if _is_name(name) else said


_NO_NAME = frozenset(
    {"nha", "nguoi", "toi", "tui", "con", "roi", "voi", "qua", "dang", "bi", "ket"}
)


def _is_name(said: str) -> bool:
    """«Y Cứu», «nguyen thi chim»: a surname, and written like a name."""
    folded = names.without_title(fold(said)).split()
    if not 2 <= len(folded) <= 5 or folded[0] not in names.SURNAMES or _NO_NAME & set(folded):
        return False
    own = said.split()[-len(folded) :]
    return folded[1] in ("van", "thi") or all(word[:1].isupper() for word in own)


def _only_name(text: str) -> bool:
    return _is_name(person(text))


read_person = Plain(person, _only_name)

_LANDMARK = re.compile(
    r"(?:(?:nha|o|phia|ngay|khoang) )*"
    r"(?:gan|sat|canh|ke|ben|doi dien|truoc|sau|cach|duoi|tren|cho|cua) (?:\w+ )*"
    r"(?:tram|benh vien|don|nghia trang|nghia dia|chua|cau|truong|cho|uy ban|tru so|nha van hoa"
    r"|quan|cay xang|doi|kho|dai|mieu|dinh|nha tho|bai|ben|cang|ho)(?: \w+){0,4}"
)


def _only_landmark(text: str) -> bool:
    """«Gần trạm cấp cứu», «sau đồn cứu hoả» is a place."""
    said = sayings.folded(text)
    return _LANDMARK.fullmatch(said) is not None and not _HAPPENING.search(said)


_HAPPENING = re.compile(
    r"\b(?:dang|bi|co|ket|sap|chay|chim|cuon|chet|keu|nguoi|con|chau|voi|giup|tui|toi)\b"
)
read_address = Plain(words, _only_landmark)
ANY_WORDS = (words, read_person, read_address)
