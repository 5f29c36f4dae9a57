import pytest

from models import phone


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0912345678", "+84912345678"),
        ("0912 345 678", "+84912345678"),
        ("+84 912.345.678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("0084912345678", "+84912345678"),
        ("02553822222", "+842553822222"),
        ("(0255) 382-2222", "+842553822222"),
    ],
)
def test_vietnamese_numbers_are_read(typed, number):
    assert phone.normalise(typed) == number
    assert phone.normalise(number) == number


@pytest.mark.parametrize(
    "typed", ["", "112", "+14155550123", "091234567", "09123456789", "abc", "0112345678"]
)
def test_others_are_not(typed):
    assert phone.normalise(typed) is None


def test_a_number_is_found_in_a_sentence():
    assert phone.find("gọi tôi số 0912.345.678 nhé") == "+84912345678"
    assert phone.find("hồ sơ 2026000123456 nhé") is None
    assert phone.masked("+84912345678") == "0912 … 78"
