"""Facts in a message: how many people, how old, a telephone, a code, a day, a cause."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from itertools import pairwise, takewhile

from handlers import lexicon
from handlers.lexicon import lawfacts
from handlers.lexicon.cover import words_of
from models import place_names, places
from models.text import compose, fold

_NUMBERS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_COUNTED = {
    "persons": (
        "(people|persons|khẩu|nhân khẩu"
        "|mẹ con|cha con|bà cháu|ông cháu|miệng ăn|thành viên|mạng người"
        "|người !(chết|mất|kẹt|còn|đang|nằm|rớt|rơi|mắc|trôi|trên|dưới|trong|thương|ngoài|chưa"
        "|bám|liệt|khuyết tật|tàn tật|già|có|giàu|nghèo|cứu"
        "|bị (chết|thương|nạn|cuốn|vùi|đè|lấp|nặng|bỏng|phỏng|mắc|kẹt)))"
    ),
    "children": (
        "(đứa nhỏ|đứa con|cháu bé|cháu nhỏ|con nhỏ|em bé|đứa trẻ|trẻ em|trẻ nhỏ|trẻ|bé|cháu|đứa"
        "|con nít|con thơ|em nhỏ|(small|little|young)? (children|child|kids|kid|babies|baby))"
    ),
    "elderly": (
        "(bà già|ông già|cụ già|người già|cụ|ông bà già|bà cụ|ông cụ|bà lão"
        "|elderly|old (people|person|man|woman))"
    ),
    "disabled": "(người khuyết tật|người tàn tật|người liệt|khuyết tật|người tâm thần)",
    "pregnant": "(bà bầu|phụ nữ mang thai|người mang thai|bầu|phụ nữ có thai|thai phụ)",
}
_ONE = {
    "elderly": "(có|còn) (bà già|ông già|cụ già|bà cụ|ông cụ|mẹ già|cha già|người già|cụ)",
    "disabled": "(có|còn|nhà có) (người)? (khuyết tật|bị liệt|tàn tật|liệt)",
    "pregnant": "(có|đang|vợ) (bà bầu|bầu|mang thai|có bầu|mang bầu|có thai)",
    "children": "(có|còn|với) (con nhỏ|em bé|con nít|cháu nhỏ|trẻ sơ sinh|bé sơ sinh)",
}
_PHONE = re.compile(
    r"(?<!\d)(?:\+?84|0)[\s.-]?(?:[35789](?:[\s.-]?\d){8}|2\d(?:[\s.-]?\d){8})(?!\d)"
)
_CODE = re.compile(r"\b[A-Z]{2}[- ]?(?:[0-9A-Z]{4}[- ]?[0-9A-Z]|\d{4}-\d{4,6})\b", re.IGNORECASE)
_DAY = re.compile(r"(?<![\d/])(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)(?!\d)")
_ID_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")


def _count(source: str, text: str) -> int | None:
    """The number before one of the words; «ba» and «năm» only with the words close behind."""
    if digits := _after_digits(source).search(text):
        return int(digits[1])
    said = words_of(text)
    for word, value in _NUMBERS.items():
        if fold(word) in said and lexicon.pattern(f"{word} {source}").search(text):
            return value
    return None


@cache
def _after_digits(source: str) -> re.Pattern[str]:
    return re.compile(r"(?<= )(\d{1,3})" + lexicon.pattern(source).pattern)


def _age(text: str) -> int | None:
    found = re.search(r" (\d{1,3})" + lexicon.pattern("tuổi").pattern, text)
    born = re.search(lexicon.pattern("tuổi").pattern + r" (\d{1,3})(?= |$)", text)
    number = found or born
    return int(number[1]) if number and int(number[1]) < 130 else None


def _hospital_days(text: str) -> int | None:
    stay = lexicon.pattern("(nằm viện|nhập viện|bệnh viện|nằm bệnh viện|điều trị|nằm)").pattern
    days = rf"(\d{{1,3}})(?:d|{lexicon.pattern('(ngày|bữa|hôm)').pattern})(?= |$)"
    if found := re.search(rf"{stay}(?: [^ ]+){{0,3}}? {days}", text):
        return int(found[1])
    for unit, length in (("tuần", 7), ("tháng", 30)):
        weeks = rf"(\d{{1,2}}){lexicon.pattern(unit).pattern}"
        if found := re.search(rf"{stay}(?: [^ ]+){{0,3}}? {weeks}", text):
            return int(found[1]) * length
    return None


def _listed(text: str) -> list[int]:
    """The members of each household, where several are listed: «A 5 khẩu, B 3 khẩu»."""
    found = re.findall(r" (\d{1,2})" + lexicon.pattern("khẩu").pattern, text)
    return [int(number) for number in found] if len(found) > 1 else []


def _phone(raw: str) -> str | None:
    found = _PHONE.search(_ID_NUMBER.sub(" ", raw))
    if not found:
        return None
    digits = re.sub(r"\D", "", found[0])
    return "+84" + (digits[2:] if digits.startswith("84") else digits[1:])


def _day(raw: str) -> str | None:
    found = _DAY.search(raw)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat() if found else None
    except ValueError:
        return None


def _any(name: str, text: str) -> bool:
    return lexicon.finds(text, "facts", name)


def code(raw: str) -> str | None:
    """A case code as typed: «QN-7K3M-9», also with its dashes left out."""
    for found in _CODE.finditer(raw):
        bare = re.sub(r"[- ]", "", found[0]).upper()
        if bare.startswith("QN") and any(ch.isdigit() for ch in bare):
            return found[0]
    return None


@cache
def named_places() -> tuple[frozenset[str], frozenset[str]]:
    """Pairs of words in the names of places, and names of one word: a quick look saves time."""
    same = place_names.variants()
    names = [row["name"] for row in place_names.rows("communes.csv")]
    for row in place_names.rows("former_communes.csv"):
        names += [row["former_name"], row["former_district"]]
    keys = {fold(place_names.KIND.sub("", name)) for name in names} | set(same["names"])
    split = [[same["words"].get(word, word) for word in key.split()] for key in keys]
    pairs = frozenset(" ".join(pair) for key in split for pair in pairwise(key))
    return pairs, frozenset(key[0] for key in split if len(key) == 1)


def _names_a_place(text: str) -> bool:
    """A quick look at whether any name of a place may stand in a text."""
    same, (pairs, single) = place_names.variants()["words"], named_places()
    words = [same.get(word, word) for word in place_names.words_of(fold(text))]
    return not (pairs.isdisjoint(map(" ".join, pairwise(words))) and single.isdisjoint(words))


def _places(raw: str, spelled: str) -> dict[str, object]:
    """The commune named, or what may be one; nothing where neither spelling has a name."""
    texts = [text for text in dict.fromkeys((raw, spelled)) if _names_a_place(text)]
    near = next(filter(None, map(places.mentioned, texts)), ())
    if near:
        return {
            "place": near[0].commune.code if len(near) == 1 else None,
            "place_text": near[0].former or near[0].commune.short,
        }
    perhaps = next(filter(None, map(places.perhaps, texts)), ())
    codes = dict.fromkeys(one.commune.code for one in perhaps)
    return {"place_perhaps": ",".join(codes)} if codes else {}


_VILLAGE = re.compile(
    r"(?<![^\W_])(?P<kind>thôn|thon|xóm|xom|làng|lang|tổ dân phố|to dan pho|tdp|khu dân cư|kdc"
    r"|tổ(?= \d)|to(?= \d)) (?P<name>\d{1,2}[a-z]?(?![^\W_])|[^\W\d_]+(?: [^\W\d_]+){0,4})",
    re.IGNORECASE,
)
_COMMUNE = frozenset({"xa", "phuong", "thi", "huyen", "dac"})


def _village(raw: str) -> str | None:
    """«thôn Phước Thiện», «tổ 5»; a name without capitals only where «xã», «phường» follows."""
    text = compose(raw, lower=False)
    for found in _VILLAGE.finditer(text):
        kind, words = found["kind"].lower(), found["name"].split()
        if words[0][0].isdigit():
            return f"{kind} {words[0]}"
        named = list(takewhile(lambda word: word[0].isupper(), words)) if not raw.isupper() else []
        if not named:
            small = list(takewhile(lambda word: fold(word) not in _COMMUNE, words))
            named = small if len(small) < len(words) else []
        if 1 <= len(named) <= 3:
            return f"{kind} {' '.join(named)}"
    return None


def facts(raw: str, spelled: str, text: str) -> dict[str, object]:
    """What the message states; ``text`` is ``toned_words`` of ``spelled``."""
    found: dict[str, object] = {}
    for name, source in _COUNTED.items():
        count = _count(source, text)
        if count is None and name in _ONE and lexicon.pattern(_ONE[name]).search(text):
            count = 1
        found[name] = count
    found["age"] = lawfacts.age(spelled) if (age := _age(text)) is None else age
    found["hospital_days"] = _hospital_days(text)
    found["cases"] = _count("(hộ|nhà|trường hợp|căn nhà)", text)
    if listed := _listed(text):
        found["persons"], found["cases"] = sum(listed), len(listed)
    poverty = "near_poor" if _any("near_poor", text) else "poor" if _any("poor", text) else None
    found["poverty"] = None if _any("poor_asked", text) else poverty
    pension = _any("pension", text)
    found["pension"] = False if _any("no_pension", text) else True if pension else None
    found["cause"] = next(lexicon.found_of(text, "facts", "cause"), None)
    found["reporter"] = "village_head" if _any("village_head", text) else None
    found["village"] = _village(raw)
    found["phone"], found["code"], found["date"] = _phone(raw), code(raw), _day(raw)
    found |= _places(raw, spelled)
    if found["date"] and _any("born", text):
        found["birth_date"] = found.pop("date")  # the day of a birth, not of what happened
    found |= lawfacts.of_the_law(spelled, text, found)
    return {name: value for name, value in found.items() if value is not None}
