"""A law file that is wrong is refused, with file, key and reason."""

import shutil
from pathlib import Path

import pytest

from models.benefits.check import check_law, law, unsure
from models.benefits.doors import check
from models.benefits.load import HERE, BadRules, load_law

RULE = "rules/tcxh_k6.yaml"


@pytest.fixture
def folder(tmp_path):
    for name in ("rules", "procedures"):
        shutil.copytree(HERE / name, tmp_path / name)
    for path in HERE.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        (RULE, "to: 2025-06-30", "to: 2025-07-01", "runs into 2025-07-01"),
        (RULE, "to: 2025-06-30", "to: 2025-06-29", "nothing covers 2025-06-30"),
        (RULE, "from: 2021-07-01", "from: 2021-08-01", "expected 2021-07-01"),
        (RULE, "    to: 2025-06-30\n", "", "runs into 2025-07-01"),
        (RULE, "topic: monthly", "topic: monthly\ntopic: care", "key topic is repeated"),
        (RULE, "topic: monthly", "topic: monthly\nno: 1", "is not text"),
        (RULE, "topic: monthly", "topic: weekly", "topic: Input should be"),
        (RULE, "topic: monthly", "topic: monthly\ntopics: x", "topics: Extra inputs"),
        (RULE, "id: tcxh_k6", "id: tcxh_k9", "should be the file's name"),
        (RULE, "fact: disability", "fact: disabled", "disabled: is not in facts.yaml"),
        (RULE, "[severe, very_severe]", "[severe, huge]", "huge is not one of its choices"),
        (RULE, "procedure: monthly", "procedure: yearly", "yearly is not a procedure"),
        (RULE, "doc: NĐ 335/2026/NĐ-CP", "doc: NĐ 1/2026/NĐ-CP", "is not in documents.yaml"),
        (RULE, "tag: T}", "tag: J}", "must say what to confirm"),
        (RULE, "coefficient: 2.5", "coefficient: 2.5\n        fixed: 1", "one of coefficient"),
        (RULE, "coefficient: 2.5", "coefficient: 2.5\n        of: stand", "stand is not in"),
        ("rules/tcxh_k4.yaml", "times: children_under_16", "times: kids", "kids is not in"),
        ("rules/tcxh_k1.yaml", "in: [dead+missing", "in: [missing+dead", "not one of its"),
        ("rules/care_foster.yaml", "benefit: tcxh_k1", "benefit: tcxh_x", "is not a benefit"),
        ("rules/tcxh_k7.yaml", "is: true", "at_least: 1", "does not fit a fact of type yes_no"),
        ("parameters.yaml", "to: 2026-06-30", "to: 2026-07-30", "runs into"),
        ("parameters.yaml", "id: standard_once", "id: standard", "defined twice"),
        ("procedures/monthly.yaml", "to: 2025-06-30", "to: 2025-05-30", "nothing covers"),
        ("poverty.yaml", "to: 2026-12-31", "to: 2026-12-30", "nothing covers"),
        ("facts.yaml", "    k7: [0, 4]", "    k9: [0, 4]", "k9 is not one of its choices"),
        (RULE, "versions:", "versions: [", RULE.split("/")[1]),
    ],
)
def test_refused(folder, file, old, new, reason):
    edit(folder, file, old, new)
    with pytest.raises(BadRules) as refused:
        check_law(load_law(folder))
    assert reason in str(refused.value)
    assert Path(file).name in str(refused.value)


def test_a_version_without_source_is_refused(folder):
    path = folder / RULE
    lines = path.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("    source:")]
    path.write_text("\n".join(kept), "utf-8")
    with pytest.raises(BadRules, match="needs code, source and pays"):
        load_law(folder)


def test_the_shipped_law_is_sound():
    assert check() == []


def test_everything_unsure_says_what_to_confirm():
    doubts = unsure(law())
    assert len(doubts) > 20
    assert all(doubt.confirm and doubt.mark in {"A~", "B", "?", "J"} for doubt in doubts)
    assert any("NQ 18/2021" in doubt.confirm for doubt in doubts)
