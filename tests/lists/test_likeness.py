"""Two reports of one household, or of two: 700 labelled pairs, and each rule by itself."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.villages import key
from models.likeness import Told, likeness, name_likeness
from tests.people import MONDAY


def told(row, suffix=""):
    at = [float(one) for one in row[f"position{suffix}"].split(",") if one]
    return Told(
        MONDAY + timedelta(days=int(row[f"day{suffix}"])),
        row[f"head{suffix}"],
        key(row[f"village{suffix}"]),
        row[f"phone{suffix}"] or None,
        (at[0], at[1]) if at else None,
        (row[f"kinds{suffix}"],),
        int(row[f"people{suffix}"] or 0) or None,
    )


def pairs():
    with (Path(__file__).parent / "pairs.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def measured(rows):
    """Precision and recall of what is proposed."""
    proposed = [row for row in rows if likeness(told(row), told(row, "_2")).proposed]
    right = sum(row["same"] == "1" for row in proposed)
    return right / len(proposed), right / sum(row["same"] == "1" for row in rows)


def test_precision_and_recall_on_the_labelled_pairs():
    rows = pairs()
    assert len(rows) >= 500
    precision, recall = measured(rows)
    assert precision >= 0.85 and recall >= 0.9


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Nguyễn Văn An", "NGUYEN VAN AN", 1.0, 1.0),
        ("Nguyễn Văn An", "hộ ông Nguyễn Văn An", 1.0, 1.0),
        ("Nguyễn Văn An", "An Nguyễn Văn", 0.9, 0.99),
        ("Nguyễn Văn An (Bảy)", "ông Bảy", 0.8, 0.8),
        ("Nguyễn Văn An", "Nguyễn An", 0.8, 0.8),
        ("Nguyễn Văn Bình", "Nguyễn Văn Bính", 0.3, 0.4),
        ("Nguyễn Văn Bình", "nguyen van binh", 1.0, 1.0),
        ("Nguyễn Văn Ánh", "Nguyễn Thị Ánh", 0.0, 0.2),
        ("Nguyễn Văn An (Bảy)", "Nguyễn Văn An (Tư)", 0.3, 0.5),
        ("Hồ Văn Ré", "ông Hồ Văn Ré", 1.0, 1.0),
        ("A Brôl", "ông A Brôl", 1.0, 1.0),
        ("Hoà", "Hòa", 0.7, 1.0),
        ("", "Nguyễn Văn An", 0.0, 0.0),
    ],
)
def test_names(one, other, least, most):
    assert least <= name_likeness(one, other)[0] <= most
    assert name_likeness(one, other)[0] == name_likeness(other, one)[0]


def test_a_month_apart_is_another_event():
    one = Told(MONDAY, "Nguyễn Văn An", "an hai", "+84912345678")
    assert likeness(one, replace(one, at=MONDAY + timedelta(days=29))).proposed
    assert not likeness(one, replace(one, at=MONDAY + timedelta(days=31))).proposed


def test_a_telephone_alone_is_enough_only_without_a_name():
    alone = Told(MONDAY, "", "an hai", "+84912345678")
    assert likeness(alone, Told(MONDAY, "Nguyễn Văn An", "an hai", "+84912345678")).proposed
    named = Told(MONDAY, "Trần Thị Bích", "an hai", "+84912345678")
    assert not likeness(named, Told(MONDAY, "Nguyễn Văn An", "an hai", "+84912345678")).proposed
