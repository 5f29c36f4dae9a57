"""Typing mistakes that ``models.text`` leaves: a letter too many, too few, changed over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from handlers import lexicon
from models import text as spelling

_SYLLABLE = re.compile(
    r"(?:ngh?|nh|th|tr|ch|ph|kh|gh|gi|qu|[bcdghklmnprstvx])?"
    r"(?:[aeiouy]|a[iouy]|e[ou]|i[aeu]|ieu|o[aeio]|oa[iy]|oeo|u[aeiouy]|ua[iuy]|uo[iu]|uy[aeu]|ye|yeu)"
    r"(?:ch|nh|ng|[cmnpt])?"
)
_CRY = re.compile(r"\bc[uúưứ]+[uứúư]+(?![^\W_])", re.IGNORECASE)  # «cuuuu»
# «tau» is «tao» to models.text, and a boat in distress to everybody else.
_BOAT = re.compile(
    r"(?<![^\W_])tau(?= (?:ca|chim|dang|bi|hong|het|chet|lat|hang|qng|troi|mat|khach|cua|gap|vo|be"
    r"|cau|o|em|nha|con|co)(?![^\W_]))|(?<=tren )tau(?![^\W_])",
    re.IGNORECASE,
)
# Words that beside others mean but one thing: «quá hẹn» is no «nhé»; «ck», to models.text the
# husband, is a transfer into an account; «khuyet tat» is no slap (tát).
_BESIDE = tuple(
    (re.compile(rf"(?<![^\W_]){words}(?![^\W_])", re.IGNORECASE), meant)
    for words, meant in (
        ("qua hen", "quá hẹn"),
        (
            (
                "ck(?= (?:tien |tiền )?(?:wa|qua|vào|vao|vô|vo|sang|cho) "
                "(?:so |số )?(?:s?tk|tài|tai khoan|thẻ|the|ngân|ngan hang|bank|momo|zalopay))"
            ),
            "chuyển khoản",
        ),
        ("(?:khuyet|khuyết|khiet|khuyêt) tat", "khuyết tật"),
        ("(tan|tàn|di|dị|benh|bệnh) tat", r"\1 tật"),
        ("tat(?= (?:nguyen|nguyền|bam sinh|bẩm sinh))", "tật"),
        (
            "bi tat(?= (?:o |ở )?(?:chan|chân|tay|van dong|vận động|tu nho|từ nhỏ|tu luc|từ lúc))",
            "bị tật",
        ),
    )
)
_VNI = re.compile(r"(?<=[a-z])([1-9])([1-9])([a-z]{2,})(?![^\W_])", re.IGNORECASE)  # so61ng
_WORD = re.compile(r"[^\W\d_]+")
_LEXICON = ("words", "reports", "questions", "talk", "tone", "facts")
_KNOWN = 3  # how often a word is seen before it is what others are slips of


@cache
def _vocabulary() -> tuple[Mapping[str, int], tuple[str, ...]]:
    seen = Counter(
        word
        for example in lexicon.examples()
        for word in _WORD.findall(spelling.plain(example.text))
        if _SYLLABLE.fullmatch(word)
    )
    return seen, tuple(word for word, times in seen.items() if times >= _KNOWN and len(word) > 2)


@lru_cache(maxsize=4096)
def _meant(word: str) -> str:
    """The word that was meant, or the word itself."""
    bare = spelling.fold(word)
    seen, usual = _vocabulary()
    if word in spelling.foreign() or bare in seen or _SYLLABLE.fullmatch(bare) or len(bare) > 9:
        return word
    squashed = re.sub(r"(\w)\1+", r"\1", bare)
    if squashed != bare and _SYLLABLE.fullmatch(squashed):
        return squashed
    if len(bare) < 5:
        return word
    near = process.extract(bare, usual, scorer=OSA.distance, score_cutoff=1, limit=12)
    same_start = [found for found, _, _ in near if found[0] == bare[0]]
    return max(same_start, key=seen.__getitem__, default=word)


@cache
def _marked() -> frozenset[str]:
    """Words as they are rightly marked, from the lexicon and the well-marked examples."""
    texts = [source for name in _LEXICON for source in lexicon.sources(name)]
    texts += [one.text for one in lexicon.examples() if spelling.well_marked(one.text.lower())]
    words = (word for text in texts for word in _WORD.findall(text.lower()))
    return frozenset(map(spelling.toned, words))


@lru_cache(maxsize=4096)
def _unmarked(word: str) -> str:
    """A word whose marks nobody writes, without them: «gìa» is «già», but «ngừòi», «câp»."""
    bare = spelling.fold(word)
    known = spelling.toned(word) in _marked() or bare not in _vocabulary()[0]
    return _meant(word) if known else bare


def respell(spelled: str) -> str:
    """Text from ``models.text.spell`` with what is no word put right."""
    slips = lexicon.load_once("typing")

    def put_right(found: re.Match[str]) -> str:
        word = found[0]
        if word in slips:
            return str(slips[word])
        return _unmarked(word) if not word.isascii() else _meant(word)

    return _WORD.sub(put_right, spelled)


def read(text: str) -> str:
    """What was typed, as it was meant to be spelled."""
    for words, meant in _BESIDE:
        text = words.sub(meant, text)
    text = _VNI.sub(r"\1\3\2", _BOAT.sub("tàu", _CRY.sub("cứu", text)))
    return respell(spelling.spell(text))
