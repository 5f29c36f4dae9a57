from pathlib import Path

import pytest
import yaml

from models.deadlines.calendar import add_working_days, add_working_time, for_commune
from models.deadlines.clocks import clocks
from tests.deadlines.when import at

WORKED = yaml.safe_load(Path(__file__).with_name("worked.yaml").read_text(encoding="utf-8"))


def cases(section):
    return [pytest.param(case, id=case["name"]) for case in WORKED[section]]


@pytest.mark.parametrize("case", cases("working_days"))
def test_working_days(case):
    due = add_working_days(at(case["received"]), case["days"], for_commune())
    assert due == at(case["due"])


@pytest.mark.parametrize("case", cases("working_hours"))
def test_working_hours(case):
    due = add_working_time(at(case["received"]), case["hours"] * 60, for_commune())
    assert due == at(case["due"])


@pytest.mark.parametrize("case", cases("clocks"))
def test_clocks(case):
    fixed = clocks(case["kinds"], case["urgency"], at(case["received"]))
    assert (fixed.take.at, fixed.answer.at) == (at(case["take"]), at(case["answer"]))
    assert fixed.answer.basis.kind == case["basis"]
