"""Worked cases in the short words of their authors, put to ``decide``."""

import json
from pathlib import Path

import pytest

from tests.eligibility_examples import differences, main, odd_words

HERE = Path(__file__).parent / "benefits"
CASES = [
    case
    for name in ("eligibility_examples.json", "further_examples.json", "independent_examples.json")
    for case in json.loads((HERE / name).read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']} {case['profile']}")
def test_a_worked_case(case):
    assert differences(case) == []
    assert odd_words(case) == []


def test_words_nobody_understands_are_told_and_hide_nothing(tmp_path, capsys):
    odd = {
        "id": "X1",
        "as_of": "2026-11-22",
        "facts": {"dob": "1946-01-01", "pension": 0, "foo": 3, "marital": "complicated"},
        "expected": [{"code": "HTXH", "amount": 540000}],
        "monthly_total": 540000,
    }
    broken = {"id": "X2", "as_of": "soon", "facts": {}, "expected": []}
    file = tmp_path / "odd.json"
    file.write_text(json.dumps([odd, broken]), "utf-8")
    assert main([str(file)]) == 1
    said = capsys.readouterr().out
    assert "X1 words not understood: 'complicated', foo=3" in said
    assert "X2 : cannot be read" in said
    assert "1 of 2 agree" in said
