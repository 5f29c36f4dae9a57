"""Worked cases of a file like data/eligibility_examples.json, put to ``decide``.

``python -m tests.eligibility_examples FILE`` prints every difference and a count; ``--articles``
also what is cited otherwise.  The file tells a case in short words and leaves out what does not
apply, so whatever is not told is taken as absent (no illness, no pension, not poor): that is the
file's convention, never the service's.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from models.benefits.amounts import Amount
from models.benefits.check import law
from models.benefits.decide import Decision, decide
from models.benefits.engine import Outcome
from models.benefits.facts import Case, Person
from models.benefits.truth import Truth
from tests.benefits.example_facts import person_facts
from tests.benefits.example_people import told_people
from tests.benefits.example_words import ODD

KNOWN_FAMILIES = {"TCXH", "HTXH", "CARE", "FUNERAL", "INJURY", "HOUSE", "RICE", "FACILITY"}


@dataclass(frozen=True)
class Got:
    code: str
    amount: int
    x: float | None
    articles: frozenset[str]
    text: str


def case_of(example: Mapping[str, Any]) -> Case:
    """Build the household of one example."""
    day = date.fromisoformat(str(example["as_of"]))
    people: list[Person] = []
    for place, told in enumerate(told_people(example["facts"])):
        read = person_facts(told.facts, day, example.get("profile", ""))
        parents = () if told.parent is None else (f"p{told.parent}",)
        spouse = None if told.spouse is None else f"p{told.spouse}"
        if told.parent is not None:  # a child of a parent told here: counted there
            read.pop("children", None)
        if any(other.parent == place for other in told_people(example["facts"])):
            read.pop("children", None)
        people.append(Person(f"p{place}", read, told.role, parents, spouse))
    return Case(day, tuple(people))


def got_of(decision: Decision) -> list[Got]:
    known = law().benefits
    found = []
    for outcome in decision.counted():
        benefit = known[outcome.benefit]
        if benefit.topic == "card":
            continue
        amount = outcome.amount or Amount(None, "", "")
        x = float(amount.multiple) if amount.multiple is not None else None
        articles = frozenset(
            short for text in _cited(outcome, amount) for short in short_articles(text)
        )
        vnd = amount.vnd or 0
        found.append(Got(code_of(outcome), vnd, x, articles, amount.arithmetic))
    return found


def _cited(outcome: Outcome, amount: Amount) -> list[str]:
    return [outcome.article, amount.article, *(reason.article for reason in outcome.reasons)]


def short_articles(text: str) -> set[str]:
    """«điểm a khoản 1 Điều 6» is Đ6k1a, and also Đ6k1 and Đ6."""
    found = set()
    for match in re.finditer(r"(?:điểm (\w) )?(?:khoản (\d+) )?Điều (\d+)", text):
        point, clause, article = match.groups()
        short = f"Đ{article}"
        found.add(short)
        for part in (f"k{clause}" if clause else "", point or ""):
            if part:
                short += part
                found.add(short)
    return found


def code_of(outcome: Outcome) -> str:
    if outcome.benefit == "social_pension":
        return "HTXH"
    return f"TCXH.{outcome.code}" if outcome.code.startswith("k") else outcome.code


def same(expected: Mapping[str, Any], got: Got) -> bool:
    code = str(expected.get("code", ""))
    family, ours = code.partition(".")[0].upper(), got.code.partition(".")[0].upper()
    if ours == "RICE" and family not in KNOWN_FAMILIES - {"RICE"}:
        return True  # kilograms, told in one way or another
    if (expected.get("amount") or 0) != got.amount:
        return False
    x = expected.get("x")
    if got.x is not None and expected.get("kind") in {"coef", "mult"} and x and x != got.x:
        return False
    if family in {"TCXH", "CARE"}:
        return code == got.code
    return family == ours or family not in KNOWN_FAMILIES


def _instead(expected: Mapping[str, Any], decision: Decision) -> str:
    """Of two equal monthly benefits of one person the law names no winner: the one we count."""
    code = str(expected.get("code", ""))
    due = [o for o in decision.outcomes if o.verdict is Truth.YES and o.amount]
    twins = [
        code_of(other)
        for one in due
        if code_of(one) == code and not one.counted
        for other in due
        if other.person == one.person and other.counted and other.amount and one.amount
        and other.amount.vnd == one.amount.vnd
    ]  # fmt: skip
    return twins[0] if twins else code


def differences(example: Mapping[str, Any]) -> list[str]:
    """What ``decide`` says otherwise than the example; empty when they agree."""
    decision = decide(case_of(example))
    got = got_of(decision)
    left, wrong = list(got), []
    officers = [o.benefit for o in decision.outcomes if o.verdict is Truth.OFFICER]
    loose = 0  # kilograms, or a rate a day without the days
    for expected in example["expected"]:
        if "OFFICER" in str(expected.get("code", "")).upper():
            if not officers:
                wrong.append("expected an officer to look, got no open question")
            continue
        tied = {**expected, "code": _instead(expected, decision)}
        match = next((item for item in left if same(expected, item) or same(tied, item)), None)
        if match is None:
            wrong.append(f"missing {expected.get('code')} {expected.get('amount')}")
        else:
            left.remove(match)
            loose += (
                int(expected.get("amount") or 0) if match.code in {"RICE", "PROTECTION"} else 0
            )
    wrong += [f"unexpected {item.code} {item.amount} ({item.text})" for item in left]
    totals = {
        "monthly_total": decision.total({"tháng"}),
        "oneoff_total": decision.total({"lần", "ngày"}),
    }
    for name, total in totals.items():
        if example.get(name) not in {None, total, total + loose}:
            wrong.append(f"{name} {total}, expected {example[name]}")
    if wrong and officers:
        wrong.append(f"(left to an officer: {', '.join(officers)})")
    return wrong


def article_remarks(example: Mapping[str, Any]) -> list[str]:
    """Articles the example cites that ``decide`` does not; a remark, not a difference."""
    ours = frozenset[str]().union(*(got.articles for got in got_of(decide(case_of(example)))))
    remarks = []
    for expected in example["expected"]:
        cited = set(re.findall(r"(?<!N)Đ\d+(?:k\d+[a-zđ]?)?", str(expected.get("legal", ""))))
        if cited - ours:
            remarks.append(f"{expected['code']}: {', '.join(sorted(cited - ours))} not cited")
    return remarks


def odd_words(example: Mapping[str, Any]) -> list[str]:
    """Words of the example that nothing here understands; they were left out of account."""
    ODD.clear()
    case_of(example)
    found = list(dict.fromkeys(ODD))
    ODD.clear()
    return found


def main(arguments: Sequence[str]) -> int:
    examples = json.loads(Path(arguments[0]).read_text("utf-8"))
    if isinstance(examples, dict):
        lists = (value for value in examples.values() if isinstance(value, list))
        examples = next(lists, [examples])
    agreed = 0
    for example in examples:
        odd: list[str] = []
        try:
            wrong = differences(example)
            odd = odd_words(example)
        except Exception as error:  # noqa: BLE001  # one odd case must not hide the others
            wrong = [f"cannot be read: {type(error).__name__}: {error}"]
        agreed += not wrong
        if odd:
            print(f"{example.get('id')} words not understood: {', '.join(odd)}")  # noqa: T201
        for line in wrong:
            print(f"{example.get('id')} {example.get('profile', '')}: {line}")  # noqa: T201
        if not wrong and "--articles" in arguments:
            for line in article_remarks(example):
                print(f"{example.get('id')} remark: {line}")  # noqa: T201
    print(f"{agreed} of {len(examples)} agree")  # noqa: T201
    return 0 if agreed == len(examples) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
