"""What need not be asked, because it was said, or follows from what was said."""

from datetime import date

import pytest

from handlers.benefits.findings import of_age_between
from handlers.benefits.household import case_of, decision_of
from handlers.benefits.known import children_in
from handlers.benefits.questions import fact_question
from handlers.dialogue import SKIPPED

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "children"),
    [
        ("em la me don than nuoi 2 con 3 tuoi va 8 tuoi ho can ngheo", "a3,a8"),
        ("đơn thân nuôi con nhỏ 3 tuổi", "a3"),
        ("tôi 30 tuổi nuôi hai con, đứa lớn 8 tuổi, đứa nhỏ 18 tháng tuổi", "a8,a1"),
        ("nuôi 2 con sinh 2016 và 2019", "2016,2019"),
        ("nuôi 2 con 5 tuổi", None),
        ("nuôi 1 con 5 tuổi, mẹ tôi 76 tuổi", "a5"),
        ("đơn thân nuôi con", None),
    ],
)
def test_children_told_of(said, children):
    assert children_in(said) == children


@pytest.mark.parametrize(
    ("age", "offered"),
    [
        ("a14", {"k1", "k3", "k4", "k6", "k8"}),
        ("a16", {"k1", "k2", "k3", "k4", "k6", "k8"}),
        ("a27", {"k2", "k4", "k6", "k8"}),  # still at school: no upper age since 5/10/2026
        ("a31", {"k4", "k6", "k8"}),
        ("a85", {"social_pension", "k5", "k6", "k8"}),
    ],
)
def test_benefits_received_are_offered_by_age(age, offered):
    told = {"whom": "self", "_today": TODAY.isoformat(), "p0.birth_date": age}
    choices = fact_question("p0", "receiving", told).choices(told)
    assert {one.id for one in choices} - {"none", SKIPPED} == offered


def grandchild(**facts):
    told = {f"p0.{name}": value for name, value in facts.items()}
    return {"whom": "relative", "relation": "grandchild", "_today": TODAY.isoformat(), **told}


@pytest.mark.parametrize(
    ("facts", "abandoned"),
    [
        ({"family_carer": "yes"}, False),
        ({"father": "dead", "mother": "alive"}, False),
        ({"family_carer": "yes", "father": "absent"}, None),  # with whom the child was left
        ({"family_carer": "no"}, None),
        ({"family_carer": "yes", "abandoned": "yes"}, True),
    ],
)
def test_a_child_that_is_cared_for_at_home_is_not_asked_whether_it_was_abandoned(facts, abandoned):
    assert case_of(grandchild(**facts)).people[0].facts.get("abandoned") is abandoned


@pytest.mark.parametrize(
    ("born", "between"),
    [
        ("1952", (date(2027, 1, 1), date(2027, 12, 31))),
        ("1952-03-15", (date(2027, 3, 15), date(2027, 3, 15))),
        ("a73", (date(2027, 11, 24), date(2028, 11, 23))),
    ],
)
def test_when_somebody_comes_of_age(born, between):
    values = {
        "whom": "relative",
        "relation": "mother",
        "_today": TODAY.isoformat(),
        "p0.birth_date": born,
        "household.household": "other",
        "p0.pension": "0",
    }
    case = case_of(values)
    (pension,) = (
        one for one in decision_of(values, case).outcomes if one.benefit == "social_pension"
    )
    assert of_age_between(case, pension) == between
