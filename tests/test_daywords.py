from datetime import date

import pytest

from handlers import daywords
from handlers.dialogue import BadAnswer

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("typed", "stored", "day"),
    [
        ("hôm nay", "in:0", "2026-11-25"),
        ("ngày mai", "in:1", "2026-11-26"),
        ("Mai", "in:1", "2026-11-26"),
        ("28/11", "28/11", "2026-11-28"),
        ("ngày 28-11", "28/11", "2026-11-28"),
        ("24/11", "24/11", "2027-11-24"),
        ("29/2", "29/2", "2028-02-29"),
        ("28/11/2026", "2026-11-28", "2026-11-28"),
        ("2026-11-28", "2026-11-28", "2026-11-28"),
        ("thứ Bảy", "w5", "2026-11-28"),
        ("T4", "w2", "2026-11-25"),
        ("cn", "w6", "2026-11-29"),
        ("Monday", "w0", "2026-11-30"),
    ],
)
def test_a_day_to_come_is_read(typed, stored, day):
    assert daywords.day(typed) == stored
    assert daywords.day(stored) == stored  # what is stored reads as itself
    assert daywords.on(stored, TODAY).isoformat() == day


@pytest.mark.parametrize("typed", ["", "31/2", "thứ tám", "0/1", "bữa nào rảnh", "mỗi thứ Bảy"])
def test_other_words_are_no_day(typed):
    with pytest.raises(BadAnswer):
        daywords.day(typed)


def test_every_week():
    assert daywords.day_or_weekly("mỗi thứ Bảy") == "every:5"
    assert daywords.day_or_weekly("hằng tuần chủ nhật") == "every:6"
    assert daywords.day_or_weekly("every:6") == "every:6"
    assert daywords.weekday("every:6") == 6 and daywords.weekday("w6") is None


def test_the_day_comes_first_and_the_rest_is_left():
    assert daywords.leading("mỗi thứ Bảy Lan, Minh") == ("every:5", "Lan, Minh")
    assert daywords.leading("thứ Bảy: Lan") == ("w5", "Lan")
    assert daywords.leading("28/11 30/11 Minh") == ("28/11", "30/11 Minh")
    assert daywords.leading("Lan 28/11") == (None, "Lan 28/11")
