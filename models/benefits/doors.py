"""The doors of the law for other programs: JSON in, JSON out; a page for a lawyer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.benefits.check import Doubt, Problem, check_law, law, problems_of
from models.benefits.check import unsure as unsure_in
from models.benefits.conditions import Child, Options, Reason, Span, Value
from models.benefits.decide import decide
from models.benefits.emergency import Support, emergency_support
from models.benefits.engine import Outcome, version_on
from models.benefits.explain import explain_day
from models.benefits.facts import BadCase, Case
from models.benefits.load import BadRules, load_law
from models.benefits.questions import Ask, Change, next_change, poverty_change, questions
from models.benefits.readcase import read_case
from models.benefits.truth import Truth

__all__ = [
    "BadCase",
    "Support",
    "check",
    "decide_json",
    "emergency_support",
    "explain_day",
    "facts_vocabulary",
    "unsure",
]


def decide_json(case: object) -> dict[str, Any]:
    """Decide one case; the words of the input are listed by ``facts_vocabulary``.

    Raises:
        BadCase: names person, fact and reason.
    """
    read = read_case(case)
    told = case if isinstance(case, Mapping) else {}
    topics = told.get("topics")
    chosen = (
        [topic for topic in topics if isinstance(topic, str)] if isinstance(topics, list) else None
    )
    decision = decide(read, chosen)  # type: ignore[arg-type]  # a topic nobody knows matches none
    declined = told.get("declined")
    pairs = [(str(a), str(b)) for a, b in declined] if isinstance(declined, list) else []
    asks = questions(read, decision, pairs)
    change = next_change(read, decision)
    poverty = poverty_change(read, decision)
    return {
        "day": read.day.isoformat(),
        "results": [_outcome(outcome, read) for outcome in decision.outcomes],
        "monthly_total_vnd": decision.total({"tháng"}),
        "once_total_vnd": decision.total({"lần", "ngày"}),
        "settled": not asks,
        "next_question": _ask(asks[0]) if asks else None,
        "questions": [_ask(ask) for ask in asks],
        "next_change": _change(change) if change else None,
        "may_change": _change(poverty) if poverty else None,
    }


def _outcome(outcome: Outcome, case: Case) -> dict[str, Any]:
    benefit = law().benefits[outcome.benefit]
    version = version_on(benefit, case.day)
    procedure = next(
        (v for v in law().procedures[benefit.procedure].versions if v.covers(case.day)), None
    )
    told: dict[str, Any] = {
        "benefit": outcome.benefit,
        "code": outcome.code,
        "title": benefit.title,
        "person": outcome.person,
        "recipient": benefit.recipient,
        "verdict": outcome.verdict.value,
        "counted": outcome.counted,
        "instead": outcome.instead,
        "amount_vnd": outcome.amount.vnd if outcome.amount else None,
        "amount_low_vnd": outcome.lowest,
        "amount_high_vnd": outcome.highest,
        "per": benefit.per,
        "arithmetic": outcome.amount.arithmetic if outcome.amount else None,
        "minimum": outcome.amount.minimum if outcome.amount else False,
        "considered": benefit.considered,
        "article": outcome.article,
        "amount_article": outcome.amount.article if outcome.amount else None,
        "deciding": [_reason(reason) for reason in outcome.reasons],
        "missing": list(outcome.missing),
        "certain": outcome.certain,
        "note": outcome.note,
    }
    if outcome.verdict is not Truth.NO:
        told["not_checked"] = [*benefit.not_checked, *(version.not_checked if version else ())]
        told["papers"] = list(version.papers) if version else []
        if procedure:
            told |= {
                "where": procedure.where,
                "decides": procedure.decides,
                "forms": list(procedure.forms),
                "limit": procedure.limit_say,
                "limit_working_days": procedure.limit_working_days,
                "paid_from": (version.paid_from if version else None) or procedure.paid_from,
                "before_month_end": procedure.before_month_end,
                "procedure_article": procedure.source.cited,
            }
    return told


def _reason(reason: Reason) -> dict[str, Any]:
    definition = law().facts.get(reason.fact or "")
    return {
        "condition": reason.say,
        "met": reason.truth.value,
        "article": reason.article,
        "fact": reason.fact,
        "value": plain(reason.value) if reason.value is not None else None,
        "sensitive": definition is not None and definition.sensitive,
    }


def plain(value: Value) -> object:
    """Write a fact's value as JSON."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Span):
        return [value.low, value.high]
    if isinstance(value, Options):
        return sorted(value.values)
    if isinstance(value, tuple):
        return [_child(child) for child in value]
    return value


def _child(child: Child) -> dict[str, object]:
    born = child.birth_date.isoformat() if child.birth_date else None
    told = {
        "birth_date": born,
        "birth_year": child.birth_year,
        "age": child.age,
        "studying": child.studying,
    }
    return {key: value for key, value in told.items() if value is not None}


def _ask(ask: Ask) -> dict[str, Any]:
    return {
        "person": ask.person,
        "fact": ask.fact,
        "ask": law().facts[ask.fact].question,
        "choices": law().facts[ask.fact].choices,
        "sensitive": ask.sensitive,
        "waits": list(ask.waits),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "day": change.day.isoformat(),
        "why": change.why,
        "person": change.person,
        "benefits": list(change.benefits),
    }


def facts_vocabulary() -> list[dict[str, Any]]:
    """Every fact a case may hold, its type, its choices and the question it belongs to."""
    return [
        {
            "id": fact.id,
            "type": fact.type,
            "about": fact.about,
            "say": fact.say,
            "question": fact.question,
            "choices": fact.choices,
            "derived_from": list(fact.derived_from),
            "sensitive": fact.sensitive,
            "cost": fact.cost,
        }
        for fact in law().facts.values()
    ]


def check() -> list[Problem]:
    """Read the law files afresh; an empty list means they can be used."""
    try:
        loaded = load_law()
        problems = problems_of(loaded)
        if not problems:
            check_law(loaded)
    except BadRules as error:
        file, _, reason = str(error).partition(": ")
        key, _, rest = reason.partition(": ")
        return [Problem(file, key if rest else "", rest or reason)]
    return problems


def unsure() -> list[Doubt]:
    """Everything the province must confirm before launch."""
    return unsure_in(law())
