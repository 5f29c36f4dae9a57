"""Vietnamese as it is typed: folding, tone as data, Telex and VNI keys, chat abbreviations."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import TypedDict, cast

import yaml

# The five tone marks, named by their Telex keys.
_TONES = {"\u0301": "S", "\u0300": "F", "\u0309": "R", "\u0303": "X", "\u0323": "J"}
_MARKS = {key: mark for mark, key in _TONES.items()}
_LETTERS = {"aw": "ă", "ow": "ơ", "uw": "ư", "aa": "â", "ee": "ê", "oo": "ô"}
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|th|tr|ch|ph|kh|gh|gi|qu|[bcdđghklmnprstvx])?"
    r"(?:[aeiouyăâêôơư]|[aâ][uy]|a[io]|e[o]|ê[u]|i[aêu]|iêu|yê|yêu|o[aeiă]|oa[iy]|oo|ô[i]|ơ[i]"
    r"|u[aiyâêô]|uê|uôi|uy[aêu]|uây|ư[aiuơ]|ươ[iu]|ie|ieu|uo|uoi|uou|ye|yeu|uye|au|ay|eu)"
    r"(?:ch|nh|ng|[cmnpt])?"
)
_WORD = re.compile(r"[^\W_]+")
_BOUND = re.compile(r"[.!?;:\n]+(?!\d)")


class _Spelling(TypedDict):
    teencode: dict[str, str]
    not_telex: list[str]


@cache
def _spelling() -> _Spelling:
    path = Path(__file__).parent / "data" / "spelling.yaml"
    return cast("_Spelling", yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def foreign() -> frozenset[str]:
    """Words of other languages that people use: neither Telex keys nor slips."""
    return frozenset(_spelling()["not_telex"])


def compose(text: str, *, lower: bool = True) -> str:
    """NFC, without the invisible characters that phones put in."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(ch for ch in text if unicodedata.category(ch) != "Cf")
    return unicodedata.normalize("NFKC", text.lower() if lower else text)


@lru_cache(maxsize=4096)  # of one message the same few texts, of all the same labels
def fold(text: str) -> str:
    """Lower case, no marks, đ as d, single spaces: what «Đăk Hà», «dak ha» share.

    Where the tone stands («hoà», «hòa») is lost with the tone.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
        text = text.translate(_TYPED_MARKS)
        if not text.isascii():  # marks and invisible characters of other scripts
            kept = (ch for ch in text if unicodedata.category(ch) not in {"Mn", "Cf"})
            text = "".join(kept)
    return " ".join(text.lower().split())


_TYPED_MARKS = dict.fromkeys(map(ord, (*_TONES, "\u0302", "\u0306", "\u031b"))) | {ord("đ"): "d"}


@lru_cache(maxsize=8192)  # people say the same few thousand words
def toned(word: str) -> str:
    """One word as its letters and then its tone: «người» and «ngừơi» are both «ngươiF»."""
    tone, letters = "", []
    for ch in unicodedata.normalize("NFD", compose(word)):
        if ch in _TONES:
            tone = _TONES[ch]
        else:
            letters.append(ch)
    return unicodedata.normalize("NFC", "".join(letters)) + tone


def _place(letters: str, tone: str) -> str:
    """Put the tone where anybody reads it: on the marked vowel, or the last one before the end."""
    if not tone:
        return letters
    vowels = [i for i, ch in enumerate(letters) if ch in "aeiouyăâêôơư"]
    if letters[:2] in {"gi", "qu"} and len(vowels) > 1:
        vowels = vowels[1:]
    marked = [i for i in vowels if letters[i] in "ăâêôơư"]
    closed = letters[-1] not in "aeiouyăâêôơư"
    at = marked[-1] if marked else vowels[-1] if closed or len(vowels) == 1 else vowels[-2]
    return unicodedata.normalize("NFC", letters[: at + 1] + _MARKS[tone] + letters[at + 1 :])


def _telex(word: str) -> str | None:
    """What the Telex keys would have produced, or None when they give no syllable."""
    out, tone = "", ""
    for ch in word:
        vowel = re.search(r"[aeiouyăâêôơư]", out)
        if ch in "sfrxj" and vowel:
            tone = ch.upper()
        elif ch in "aeo" and vowel and ch in out[vowel.start() :]:
            at = out.rindex(ch)
            out = out[:at] + _LETTERS[ch * 2] + out[at + 1 :]
        elif ch == "w" and "uo" in out:
            out = out.replace("uo", "ươ")
        elif ch == "w" and (found := re.search(r"[aou](?!.*[aou])", out)):
            out = out[: found.start()] + _LETTERS[found[0] + "w"] + out[found.end() :]
        elif ch == "d" and out.startswith("d"):
            out = "đ" + out[1:]
        else:
            out += ch
    return _place(out, tone) if _SYLLABLE.fullmatch(out) else None


def _vni(word: str) -> str | None:
    keys = ""
    for ch in word:
        if ch == "6":
            hats = re.findall(r"[aeo]", keys)
            keys += hats[-1] if hats else "?"
        else:
            keys += {
                "1": "s",
                "2": "f",
                "3": "r",
                "4": "x",
                "5": "j",
                "7": "w",
                "8": "w",
                "9": "d",
            }.get(ch, ch)
    return _telex(keys)


def _typed_keys(words: list[str]) -> dict[str, str]:
    """The words of a message that are raw Telex or VNI keys, with what they stand for."""
    plain = _spelling()["teencode"].keys() | foreign()
    telex, vni = {}, {}
    for word in words:
        if word in plain or not word.isascii() or len(word) < 2:
            continue
        if re.fullmatch(r"[a-z]+[1-9][a-z1-9]*", word) and (spelled := _vni(word)):
            vni[word] = spelled
        elif word.isalpha() and (spelled := _keys_with_slip(word)) and spelled != word:
            telex[word] = spelled
    strong = {word for word in telex if not _SYLLABLE.fullmatch(word) or "oo" in word}
    typed = len(vni) > 1 or any(sum(map(str.isdigit, word)) > 1 for word in vni)  # «cu71u» alone
    return (telex if strong else {}) | (vni if typed else {})


def _keys_with_slip(word: str) -> str | None:
    """Telex, also with two neighbouring keys changed over: «nahf» for «nhaf»."""
    if (spelled := _telex(word)) or _SYLLABLE.fullmatch(word) or word[-1] not in "sfrxj":
        return spelled
    for at in range(1, len(word) - 2):
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if spelled := _telex(swapped):
            return spelled
    return None


def spell(text: str) -> str:
    """Lower-case text with keys («nhaf»), abbreviations and stretched letters put right."""
    text = re.sub(r"([^\W\d_])\1{2,}", r"\1", compose(text))
    text = re.sub(r"(?<![^\W_])(\d{1,3})\s?t(?![^\W_])", r"\1 tuổi", text)
    text = re.sub(r"(?<=\d)(?=[^\W\d_]{2,})(?<![^\W\d_]\d)", " ", text)
    words = _WORD.findall(text)
    keys, short = _typed_keys(words), _spelling()["teencode"]

    def put_right(found: re.Match[str]) -> str:
        word = found[0]
        word = keys.get(word, word)
        return short.get(word, word)

    return " ".join(_WORD.sub(put_right, text).split())


def plain(text: str) -> str:
    """Spelled, then folded: for comparing what people type with what is expected."""
    return fold(spell(text))


def well_marked(text: str) -> bool:
    """Whether somebody types with marks, so that a word without is meant without."""
    words = re.findall(r"[^\W\d_]+", text)
    return len(words) > 2 and sum(not word.isascii() for word in words) >= 0.6 * len(words)


def toned_words(spelled: str, *, exact: bool = False) -> str:
    """The words of a text, each after a space, as ``toned`` gives them; «.» and «,» stand alone.

    When ``exact``, a word without a tone mark is marked Z, the level tone; words ending in
    c, ch, p, t have no level tone and stay open.
    """
    marked = _BOUND.sub(" . ", spelled).replace(",", " , ")
    words = re.findall(r"[^\W_]+|(?<= )[.,](?= )", f" {marked} ")
    while words and words[-1] in {".", ","}:
        words.pop()
    mark = _level if exact else toned
    return "".join(f" {word if word in '.,' else mark(word)}" for word in words)


def _level(word: str) -> str:
    marked = toned(word)
    stopped = marked.endswith(("c", "ch", "p", "t")) or not marked[-1].islower()
    return marked if stopped else marked + "Z"
