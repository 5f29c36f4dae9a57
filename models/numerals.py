"""Numbers said in words: «mười hai người», «tháng mười một», «bảy mươi sáu tuổi»."""

from __future__ import annotations

import re

from models.text import compose, fold, toned

_SPELLED = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5,
    "nhăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10, "mươi": 10,
    "trăm": 100,
}  # fmt: skip
_UNMARKED = {fold(word): value for word, value in _SPELLED.items()}
_MARKED = {toned(word): value for word, value in _SPELLED.items()}
_LAST = frozenset({"mot", "lam", "nham", "tu"})  # «bảy lăm», «hai mốt»: only after a ten
_TENS = frozenset({"muoi", "tram"})
# What is counted; «ba», «năm» alone are a father and a year.
_COUNTED = re.compile(
    r"nguoi|khau|nhan|dua|tre|chau|be|em|con|cu|mang|mieng|thanh|thang|ngay|bua|hom|tuan|nam|gio|me"
    r"|tuoi|trieu|ngan|nghin|ky|dong|vo|chong|cap|ho|lon|nho|gia|ong|ba"
)
_BEFORE = re.compile(r"thang|ngay|mung|mong|thu|so|cau|muc|dong|trieu|chung|khoang|tam|hon|ram")
_ONE_OF_KIN = frozenset(
    {"vo", "chong", "me", "em", "gia", "ong", "ba"}
)  # «ba em», «ba mẹ»: a father
_PIECES = re.compile(r"[^\W_]+|[\W_]+")


def figures(text: str) -> str:
    """Write the numbers of a text in figures, where its words are numbers beyond doubt."""
    said = compose(text)
    pieces = _PIECES.findall(said)
    words = [at for at, piece in enumerate(pieces) if piece[0].isalnum()]
    values = [_value(pieces[at], marked=not said.isascii()) for at in words]
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and values[end] is not None and _joined(pieces, words, start, end):
            end += 1
        if end > start + 1 and _is_year(pieces, words, end):
            end -= 1
        if end > start:
            _write(pieces, words, start, end)
        start = max(end, start + 1)
    return "".join(pieces)


def _is_year(pieces: list[str], words: list[int], end: int) -> bool:
    """«tháng mười một năm 2026»: the last word before ``end`` is the year's."""
    following = fold(pieces[words[end]]) if end < len(words) else ""
    said = fold(pieces[words[end - 1]])
    return said == "nam" and (following.isdecimal() or following in {"nay", "ngoai", "truoc"})


def _value(word: str, *, marked: bool) -> int | None:
    """Whoever types marks means «sau» by «sau», not «sáu»."""
    return _MARKED.get(toned(word)) if marked else _UNMARKED.get(word)


def _joined(pieces: list[str], words: list[int], start: int, at: int) -> bool:
    """Whether a word follows the one before it after nothing but spaces."""
    return at == start or pieces[words[at] - 1].isspace()


def _write(pieces: list[str], words: list[int], start: int, end: int) -> None:
    run = [fold(pieces[words[at]]) for at in range(start, end)]
    after = fold(pieces[words[end]]) if end < len(words) else ""
    before = fold(pieces[words[start - 1]]) if start else ""
    alone = len(run) == len(words)
    whole = _number(run)
    if len(run) > 1 and whole is not None:
        written = [str(whole)]
    elif len(run) == 2 and after == "tuoi" and _UNMARKED[run[1]] != _UNMARKED[run[0]] + 1:
        written = [str(10 * _UNMARKED[run[0]] + _UNMARKED[run[1]])]  # «bảy sáu tuổi»
    elif len(run) > 3 and not _TENS & set(run):  # said one by one: a telephone number
        written = ["".join(str(_UNMARKED[word]) for word in run)]
    else:
        _write_each(pieces, words[start:end], run, (before, after), alone=alone)
        return
    for at in words[start:end]:
        pieces[at] = ""
    for at in words[start + 1 : end]:
        pieces[at - 1] = ""
    pieces[words[start]] = written[0]


def _write_each(
    pieces: list[str], places: list[int], run: list[str], around: tuple[str, str], *, alone: bool
) -> None:
    """Words that make no number together: each is one only beside what is counted."""
    before, after = around
    for at, word in enumerate(run):
        if word in {"khong", "tram"} or word in _LAST - {"mot", "tu"}:
            continue
        if word == "nam" and (after.isdecimal() or after in {"nay", "ngoai"}):
            continue
        following = run[at + 1] if at + 1 < len(run) else after
        fathers = word in {"ba", "nam"} and following in _ONE_OF_KIN
        counted = _COUNTED.fullmatch(following) and not fathers
        guessed = at == 0 and len(run) == 2 and word != "nam" and _COUNTED.fullmatch(after)
        named = at == 0 and _BEFORE.fullmatch(before)
        if alone or counted or guessed or named:
            pieces[places[at]] = str(_UNMARKED[word])


def _number(run: list[str]) -> int | None:
    """«hai mươi mốt», «mười hai», «bảy lăm», «một trăm lẻ năm»; None if it is no number."""
    said = " ".join(run)
    hundreds, found, rest = said.partition("tram")
    total = 0
    if found:
        if (lead := _UNMARKED.get(hundreds.strip())) is None:
            return None
        total, said = 100 * lead, rest.strip()
        if not said:
            return total
    if (tens := re.fullmatch(r"(\w+ )?muoi( \w+)?", said)) is not None:
        first, last = (one.strip() if one else "" for one in tens.groups())
        if {first, last} & (_TENS | {"khong"}):
            return None
        return total + 10 * _UNMARKED.get(first, 1) + _UNMARKED.get(last, 0)
    first, _, last = said.partition(" ")
    if last in _LAST and first not in _TENS | {"khong"}:
        return total + 10 * _UNMARKED[first] + _UNMARKED[last]
    return total + _UNMARKED[said] if found and said in _UNMARKED else None
