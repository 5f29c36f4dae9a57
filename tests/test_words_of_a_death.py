"""What a message tells of a death is kept for the check of a funeral."""

from datetime import date

import pytest

from handlers.benefits import deaths
from handlers.benefits.known import told_in
from handlers.i18n import translator
from handlers.understand import understand

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "bà nội mới mất hôm qua, 85 tuổi, già yếu, đang hưởng trợ cấp hưu trí xã hội",
            {
                "died": "2026-11-22",
                "p0.birth_date": "a85",
                "household.cause": "illness",
                "p0.receiving": "social_pension",
            },
        ),
        (
            "ba toi vua mat hom 20/11 do benh, sinh nam 1941",
            {"died": "2026-11-20", "p0.birth_date": "1941", "household.cause": "illness"},
        ),
        ("hôm qua ông ngoại tôi mới mất vì tai nạn giao thông", {
            "died": "2026-11-22", "household.cause": "traffic",
        }),
        ("mẹ tôi mới mất, không hưởng trợ cấp hưu trí xã hội", {}),
        ("má em vừa mất, có được hưởng hưu trí xã hội không", {}),
        ("85 tuổi", {"p0.birth_date": "a85"}),
        ("mất ngày 30/12/2027", {}),
    ],
)  # fmt: skip
def test_what_is_told(said, told):
    assert deaths.told_of(said, MONDAY) == told


@pytest.mark.parametrize(
    ("said", "is_one"),
    [
        ("bà nội mới mất hôm qua, 85 tuổi", True),
        ("ba toi vua mat", True),
        ("chồng tôi mới mất, tôi 76 tuổi không có lương hưu", False),
        ("ba tôi mới mất, mẹ 76 tuổi", False),
        ("ba tôi mới mất, con gái 5 tuổi", False),
        ("chồng em mới mất, em nuôi 2 con 3 tuổi và 5 tuổi", False),
        ("ba tôi mới mất tích", False),
        ("mẹ tôi 76 tuổi", False),
    ],
)
def test_whom_a_message_is_about(said, is_one):
    assert deaths.is_about_one(said) is is_one


def test_whoever_is_left_with_the_children_asks_for_herself():
    said = "chồng em mới mất, em đơn thân nuôi 2 con 3 tuổi và 5 tuổi, hộ nghèo được trợ cấp không"
    found, _ = told_in({"_today": "2026-11-23"}, understand(said), said, translator("vi"))
    assert found["whom"] == "self"
    assert found["p0.children"] == "a3,a5"
    assert found["p0.marital"] == "widowed"
