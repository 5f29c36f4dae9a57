"""How people say yes, no, nothing, «không nhớ»: with manners around it, in dialect."""

from __future__ import annotations

import re
from functools import lru_cache

from models import text as spelling
from models.numerals import figures

_PICTURES = str.maketrans(
    dict.fromkeys("👍✅👌🆗☑✔⭕🙆", " có ") | dict.fromkeys("👎❌✖🚫❎🙅", " không ")
)
_WHO = "em|toi|tui|minh|chau|anh|chi|bac|ong|ba|ban|can bo|ad|nha|gia dinh|ben"
_LEAD = re.compile(
    r"(?:(?:da|vang|thua|a|ah|alo|u|uh|hien tai|hien gio|hien|bay gio|luc nay|gio|thi|ma"
    r"|tam thoi|thoi|may qua|may"
    rf"|(?:{_WHO}))[ ,]+)+"
)
_TRAIL = re.compile(
    r"(?:[ ,]+(?:a|ak|ah|nha|nhe|nghe|hen|ha|ne|nhe|do|day|vay|luon|thoi|roi|em|anh|chi|chu|ban"
    r"|can bo|oi|nua|di|chu|cho|that|voi|nhi|dau|het|ca|b|cb))+"
)
_SIGNS = re.compile(r"[^a-z0-9 ,/()-]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_YES = _set(
    "co dung phai yes vang da u uh um ua o oh ok oke okie okay oki okela okla duoc chuan "
    "gui goi chinhxac nhattri dongy chophep"
)
_WITH_YES = _set("roi a ak ah chu cho ma het day do vay nhe nha di luon lam that ne ai em la ca")
_NO = frozenset({"no", "none", "nobody", "nothing", "khong", "chua", "chang", "ko", "0"})
_WITH_NO = _set(
    "co ai a ak ca sao het gi thay nguyhiem tinhmang bi dau them phai thuoc nha nhe em "
    "la ma vande dongy chophep dung dien nao vao nhu vay"
)
_NOTHING = _NO | _set("co ai gi het ca nua them con dau a vay thoi la chi roi")
_NOT_KNOWN = re.compile(
    r"(?:(?:khong|chua|chang|dau) (?:co )?(?:the )?(?:biet|ro|nho|chac|ranh|hay|de y)|quen|chiu"
    r"|(?:i )?(?:don t|dont|do not|can t) (?:know|remember)|not sure|no idea|forgot)"
    r"(?: (?:ro|biet|nho|chac|nua|lam|duoc|la|gi|nao|dau|ten|ho|ngay|thang|nam|sao|so|dia chi|xa"
    r"|thon|to|ai|luon|co|khong|may|bao nhieu|mat|tieu|nha|cho|noi|hoi|cu the|chinh xac|tuoi))*"
)
_SKIP = re.compile(
    r"(?:thoi )?(?:bo qua|khoi|skip|de sau|tinh sau|cau khac|qua cau (?:khac|sau)|tiep theo|tiep"
    r"|next|khong can|khong muon (?:noi|tra loi)|khong tra loi)"
    r"(?: (?:can|noi|goi|tra loi|cau nay|cau do|di|nay|qua|duoc))*"
)
_NONE_OF_IT = re.compile(
    r"(?:khong|chua) (?:co|chup|ghi|gui|xai|dung|sai)(?: duoc)?"
    r"(?: (?:dien thoai|so(?: nao)?|may|sim|hinh|anh|hinh anh|ghi am|gi))*"
)


@lru_cache(maxsize=1024)
def folded(text: str) -> str:
    """Abbreviations and keys put right, numbers in figures, folded, without signs and pictures."""
    spelled = figures(spelling.spell(text.translate(_PICTURES)))
    return " ".join(_SIGNS.sub(" ", spelling.fold(spelled)).split()).strip(" ,")


@lru_cache(maxsize=1024)
def bare(text: str) -> str:
    """The same without manners around it: «dạ hộ nghèo ạ» is «ho ngheo»."""
    said = folded(text)
    if (lead := _LEAD.match(said)) is not None:
        said = said[lead.end() :]
    while (trail := re.search(rf"{_TRAIL.pattern}$", said)) is not None and trail.start():
        said = said[: trail.start()]
    return said.strip(" ,")


_PAIRS = re.compile(r"\b(nguy|tinh|van|dong|cho|chinh|nhat) (hiem|mang|de|y|phep|xac|tri)\b")


def _words(said: str) -> list[str]:
    """The words of a short answer; «đồng ý» is one."""
    return _PAIRS.sub(r"\1\2", said.replace(",", " ").replace("dong i", "dong y")).split()


def yes(text: str) -> bool:
    return any(
        words == ["roi"] or (set(words) <= _YES | _WITH_YES and not _YES.isdisjoint(words))
        for words in (_words(folded(text)), _words(bare(text)))
    )


def no(text: str) -> bool:
    words = _words(re.sub(r"^(?:dau|lam gi) co\b", "khong co", bare(text)))
    return bool(words) and words[0] in _NO and set(words) <= _NO | _WITH_NO


def nothing(text: str) -> bool:
    """«Không», «không có ai hết», «dạ hông có ạ»."""
    words = _words(bare(text))
    return bool(words) and words[0] in _NO and set(words) <= _NOTHING


def not_known(text: str) -> bool:
    return _NOT_KNOWN.fullmatch(bare(text)) is not None


def passed(text: str) -> bool:
    """«Bỏ qua đi», «để sau»."""
    return _SKIP.fullmatch(bare(text)) is not None


def none_of_it(text: str) -> bool:
    """«Không có điện thoại», «chưa chụp được»."""
    return _NONE_OF_IT.fullmatch(bare(text)) is not None


def first_clause(text: str) -> str:
    """«Không, chỉ hư nhà thôi»: what is answered before the comma; "" when a «nhưng» follows."""
    before, _, after = re.sub(r"[.;\n!]+", ",", text).partition(",")
    return "" if not after or re.search(r"\b(?:nhung|ma|tuy)\b", spelling.fold(after)) else before
