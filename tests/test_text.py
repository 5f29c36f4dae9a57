"""Folding, tones as data, and text as it is typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import text

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệ ộờỡùủữỳỹ.,!?0123456789"
)


@given(st.text() | VIETNAMESE)
def test_fold_is_idempotent(raw):
    assert text.fold(text.fold(raw)) == text.fold(raw)


@given(st.text() | VIETNAMESE)
def test_composed_and_decomposed_fold_alike(raw):
    assert text.fold(unicodedata.normalize("NFC", raw)) == text.fold(
        unicodedata.normalize("NFD", raw)
    )


@given(VIETNAMESE)
def test_spelled_text_is_read_without_error(raw):
    text.toned_words(text.spell(raw), exact=text.well_marked(raw))


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  Đăk   HÀ\n", "dak ha"),
        ("hoà bình", "hoa binh"),
        ("hòa bình", "hoa binh"),
        ("Ngọ\u200bk Réo", "ngok reo"),
    ],
)
def test_fold(typed, folded):
    assert text.fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("nhaf tooi bij saapj roofi", "nhà tôi bị sập rồi"),
        ("nha2 to6i bi5 sa65p ro62i", "nhà tôi bị sập rồi"),
        ("chay nahf o thon 3", "chay nhà o thon 3"),
        ("moij nguwowif owi", "mọi người ơi"),
        ("e bi tngt r, k co tien", "em bi tai nạn giao thông rồi, không co tien"),
        ("ba noi 80t", "ba noi 80 tuổi"),
        ("CỨUUUU VỚIIII", "cứu với"),
        ("test", "test"),
        ("https://zalo.me", "https://zalo.me"),
    ],
)
def test_spell(typed, spelled):
    assert text.spell(typed) == spelled


def test_a_tone_in_the_wrong_place_is_the_same_word():
    assert text.toned("gìa") == text.toned("già")
    assert text.toned("hoà") == text.toned("hòa")


def test_plain_is_for_comparing_answers():
    assert text.plain("K dc đâu") == "khong duoc dau"
