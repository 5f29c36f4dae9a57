"""Every way of typing, the quick look at danger, and the index of the patterns."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import lexicon
from handlers.lexicon.cover import Index
from handlers.lexicon.respell import read
from handlers.understand import might_be_danger, understand
from models import text as spelling

VNI = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
VNI |= {"\u0302": "6", "\u031b": "7", "\u0306": "8"}
TELEX = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}


def _decomposed(text):
    return unicodedata.normalize("NFD", text)


def _vni(text):
    keys = (VNI.get(ch, ch) for ch in _decomposed(text.lower()))
    return "".join(keys).replace("đ", "d9")


def _telex_word(word):
    tone, typed = "", ""
    for ch in _decomposed(word):
        tone = TELEX.get(ch, tone)
        if ch not in TELEX:
            typed += typed[-1] if ch == "\u0302" else "w" if ch in "\u031b\u0306" else ch
    return typed.replace("đ", "dd") + tone


def _telex(text):
    return re.sub(r"[^\W\d_]+", lambda word: _telex_word(word[0]), spelling.compose(text))


def _without_tones(text):
    return "".join(ch for ch in _decomposed(text) if ch not in TELEX)


def test_the_quick_look_misses_no_danger():
    for row in lexicon.examples():
        danger = row.urgency == "sos" or understand(row.text).danger
        assert might_be_danger(row.text) or not danger, row.text


@pytest.mark.parametrize(
    "text",
    [
        "4 người", "thôn 3 xã Trà Bồng", "0905123456", "hộ nghèo", "gần trường tiểu học", "không",
        "cho hàng xóm", "tổ 5 phường Nghĩa Lộ", "2 trẻ nhỏ 1 người già", "12/03/1950",
        "Lê Thị Cúc",
    ],
)  # fmt: skip
def test_an_ordinary_answer_needs_no_second_look(text):
    assert not might_be_danger(text)


@pytest.mark.parametrize(
    "typed", [spelling.fold, str.upper, _decomposed, _without_tones, _vni, _telex]
)
def test_danger_in_every_spelling(typed):
    rows = [row for row in lexicon.examples() if row.urgency == "sos"]
    assert not [typed(row.text) for row in rows if not understand(typed(row.text)).danger]


@pytest.mark.parametrize(
    "text",
    [
        "bà tôi", "ông bà nội", "mẹ tôi với hai con", "3 người lớn 2 đứa nhỏ", "ngay ngã ba đường",
        "dưới chân cầu, cạnh suối", "gần bờ sông Vệ", "xóm Cầu Gãy", "khoảng 5 giờ sáng",
        "nhà 5 người, 2 trẻ nhỏ, 1 cụ già", "cạnh ao cá", "vợ chồng tôi", "chưa biết",
    ],
)  # fmt: skip
def test_an_answer_is_not_taken_for_danger(text):
    assert not understand(text).danger


@given(st.text(max_size=200))
def test_the_quick_look_agrees_with_the_long_one(text):
    assert might_be_danger(text) or not understand(text).danger


def test_a_pattern_is_tried_wherever_it_finds_something():
    sources = [
        source
        for name in ("reports", "questions", "talk")
        for label in lexicon.labels(name)
        for _, source in label.patterns
    ]
    index = Index(sources)
    for row in lexicon.examples()[::7]:
        text = spelling.toned_words(read(row.text))
        found = {at for at, one in enumerate(sources) if lexicon.pattern(one).search(text)}
        assert found <= set(index.near(text)), row.text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nah sap roi", "nhà sap roi"), ("cuuuu voi", "cứu voi"), ("trợ câp ngươi gìa", None),
        ("tro cap khuyt tat", "tro cap khuyết tat"), ("Nguyễn Văn Sáu", "nguyễn văn sáu"),
        ("so61ng kho6ng no63i", "sống không nổi"), ("tau chim roi", "tàu chim roi"),
    ],
)  # fmt: skip
def test_slips_are_put_right(typed, meant):
    assert read(typed) == meant if meant else understand(typed).label == "q_elderly"
