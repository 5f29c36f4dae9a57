"""JSON in, JSON out; the page for a lawyer; emergency support for a report."""

import json
from datetime import date

import pytest

from models.benefits.doors import (
    BadCase,
    decide_json,
    emergency_support,
    explain_day,
    facts_vocabulary,
)

TODAY = date(2026, 11, 23)


def result(told, benefit):
    return next(item for item in told["results"] if item["benefit"] == benefit)


def test_decide_tells_verdict_amount_arithmetic_article_and_what_comes_next():
    told = decide_json(
        {
            "day": "2026-11-22",
            "people": [{"id": "mẹ", "facts": {"birth_date": "1952-03-03", "pension": 0}}],
            "facts": {"household": "near_poor"},
        }
    )
    pension = result(told, "social_pension")
    assert json.loads(json.dumps(told)) == told
    assert pension["verdict"] == "yes"
    assert pension["amount_vnd"] == told["monthly_total_vnd"] == 540_000
    assert pension["arithmetic"] == "540.000 × 1,0 = 540.000 đồng"
    assert "Điều 31 NĐ 335/2026/NĐ-CP" in pension["amount_article"]
    assert pension["before_month_end"]
    assert pension["limit_working_days"] == 7
    assert {reason["fact"] for reason in pension["deciding"]} == {"age", "household", "pension"}
    assert told["next_question"]["fact"] == "disability"


def test_the_next_change_is_the_birthday_that_matters():
    facts = {"birth_date": "1952-03-03", "pension": 0, "household": "other"}
    told = decide_json({"day": "2026-11-22", "people": [{"id": "mẹ", "facts": facts}]})
    assert told["may_change"]["day"] == "2027-01-01"
    assert told["may_change"]["why"] == "poverty"
    assert told["next_change"] == {
        "day": "2027-03-03",
        "why": "age",
        "person": "mẹ",
        "benefits": ["social_pension"],
    }


def test_a_change_of_law_is_a_next_change():
    facts = {"birth_date": "1940-01-01", "pension": 0, "household": "other"}
    told = decide_json({"day": "2026-05-01", "people": [{"id": "bà", "facts": facts}]})
    assert told["next_change"]["day"] == "2026-07-01"


def test_a_declined_question_is_not_asked_again_and_is_no_refusal():
    case = {
        "day": "2026-11-22",
        "people": [
            {
                "id": "tôi",
                "facts": {"birth_date": "1990-01-01", "wage": 0, "pension": 0,
                          "disability": "none", "studying": False, "children": [],
                          "taken_in": "none", "family_carer": False},
            }
        ],
        "facts": {"household": "poor"},
    }  # fmt: skip
    told = decide_json(case)
    assert [ask["fact"] for ask in told["questions"]] == ["hiv"]
    assert told["next_question"]["sensitive"]
    told = decide_json({**case, "declined": [["tôi", "hiv"]]})
    assert told["next_question"] is None
    assert result(told, "tcxh_k8")["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ({}, "case: day"),
        ({"day": "hôm nay"}, "a day like 2026-11-22"),
        ({"day": "2026-11-22", "person": []}, "person is not expected"),
        ({"day": "2026-11-22", "people": [{"id": "a", "facts": {"tuoi": 3}}]}, "is not a fact"),
        ({"day": "2026-11-22", "people": [{"id": "a", "facts": {"hiv": "yes"}}]}, "a: hiv"),
        (
            {"day": "2026-11-22", "people": [{"id": "a", "facts": {"birth_date": "2027-01-01"}}]},
            "after the day",
        ),
        (
            {"day": "2026-11-22", "people": [{"id": "a", "parents": ["b"]}]},
            "not one of the people",
        ),
        ({"day": "2026-11-22", "facts": {"household": "rich"}}, "'rich' is not one of"),
        ({"day": "2026-11-22", "people": [{"id": "a", "facts": {"pension": -1}}]}, "whole number"),
    ],
)
def test_a_case_that_cannot_be_read_is_named(case, reason):
    with pytest.raises(BadCase, match=reason):
        decide_json(case)


def test_the_vocabulary_has_a_question_for_every_fact_that_is_asked():
    facts = {fact["id"]: fact for fact in facts_vocabulary()}
    assert facts["hiv"]["sensitive"]
    assert facts["age"]["derived_from"] == ["birth_date"]
    for fact in facts.values():
        for source in fact["derived_from"]:
            assert facts[source]["question"]


@pytest.mark.parametrize("day", [date(2021, 7, 1), date(2025, 8, 1), date(2026, 10, 5)])
def test_the_rules_of_a_day_can_be_read(day):
    page = explain_day(day)
    assert page.startswith(f"QUY ĐỊNH ÁP DỤNG NGÀY {day.day}/{day.month}/{day.year}")
    assert page.count("Điều kiện:") >= 20
    assert "None" not in page


def ids(*args, **more):
    return [support.id for support in emergency_support(*args, **more)]


def test_a_collapsed_house_without_rice_of_a_poor_household():
    rice, house, *rest = emergency_support(
        ["house_destroyed", "hunger"], TODAY, 4, "poor", cause="flood"
    )
    assert rice.wording == "gạo 15 kg/người/tháng (4 người), không quá 03 tháng mỗi đợt"
    assert rice.certain
    assert house.amount_vnd == 40_000_000
    assert "được xem xét" in house.wording
    assert not house.certain
    assert house.article == "điểm a khoản 4 Điều 12 NĐ 335/2026/NĐ-CP"
    assert [support.id for support in rest] == ["essentials"]


@pytest.mark.parametrize(
    ("kinds", "poverty", "expected"),
    [
        (["house_destroyed"], "neither", ["house_destroyed", "essentials"]),
        (["house_damaged_unlivable"], None, ["house_unlivable", "essentials"]),
        (["house_damaged"], "poor", []),
        (["evacuation"], None, ["house_relocation"]),
        (["death_missing"], None, ["funeral_disaster"]),
        (["child_alone"], None, ["emergency_protection"]),
        (["violence"], None, ["emergency_protection"]),
        (["livelihood"], "poor", []),
        (["emergency", "other"], None, []),
        ([], None, []),
    ],
)
def test_what_a_report_may_be_considered_for(kinds, poverty, expected):
    assert ids(kinds, TODAY, None, poverty) == expected


def test_injury_waits_for_the_third_day_in_hospital():
    assert ids(["injury"], TODAY, 1, None) == ["injury"]
    assert ids(["injury"], TODAY, 1, None, 2) == []
    assert ids(["injury"], TODAY, 1, None, 3) == ["injury"]
    assert ids(["injury"], TODAY, 1, None, 3, cause="illness") == []


def test_support_follows_the_law_of_the_day():
    assert emergency_support(["injury"], date(2026, 10, 4), 1, None)[0].amount_vnd == 5_000_000
    assert emergency_support(["injury"], date(2026, 10, 5), 1, None)[0].amount_vnd == 5_400_000
    assert ids(["livelihood"], date(2026, 10, 4), 1, None) == ["livelihood"]
    assert ids(["hunger"], date(2020, 1, 1), 1, None) == []


def test_what_is_no_case_is_named():
    for case, said in (
        ("not json", "a JSON object is expected"),
        ({"day": "2026-11-22", "people": [{"facts": {"birth_year": 99999}}]}, "birth_year 99999"),
    ):
        with pytest.raises(BadCase, match=said):
            decide_json(case)
