"""One benefit for one person on one day: verdict, reasons, amount, what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from models.benefits.amounts import Amount, amount_of, figure_on, value_on
from models.benefits.conditions import Facts, Finding, Reason, Scope, find
from models.benefits.load import Law
from models.benefits.schema import Benefit, Payment, Tag, Version
from models.benefits.truth import Truth

READ: frozenset[Tag] = frozenset({"T", "A"})  # read in the text or a stored copy of it


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the law says of one benefit; ``counted`` is settled by models.benefits.combine."""

    benefit: str
    person: str
    verdict: Truth
    code: str = ""
    amount: Amount | None = None
    lowest: int | None = None  # bounds of the amount when it is not settled
    highest: int | None = None
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    article: str = ""
    payment: Payment | None = None
    counted: bool = True
    instead: str | None = None  # the benefit paid in place of this one
    note: str = ""
    certain: bool = True  # every source behind it was read in the text


def version_on(benefit: Benefit, day: date) -> Version | None:
    return next((version for version in benefit.versions if version.covers(day)), None)


def assess(law: Law, benefit: Benefit, person: str, facts: Facts, day: date) -> Outcome:
    version = version_on(benefit, day)
    blank = Outcome(benefit.id, person, Truth.OFFICER)
    if version is None:
        return replace(blank, note="ngày này nằm ngoài những ngày luật đã được nhập")
    if version.absent is not None:
        reason = Reason(version.absent.say, version.absent.source.cited, Truth.NO)
        return replace(blank, verdict=Truth.NO, reasons=(reason,), article=reason.article)
    if version.officer is not None:
        return _left_open(law, version, blank, facts, day)
    return _in_force(law, version, replace(blank, code=version.code), facts, day)


def _left_open(law: Law, version: Version, blank: Outcome, facts: Facts, day: date) -> Outcome:
    """Leave it to an officer, but only for those the version is about."""
    if version.officer is None:
        raise ValueError(f"{blank.benefit}: {version.since} is settled")
    source = version.officer.source
    found = Finding(Truth.YES)
    if version.when is not None:
        found = find(version.when, scope_on(law, facts, day), source.article)
    if found.truth in {Truth.NO, Truth.UNKNOWN}:
        reasons = tuple(_cited(reason, source.doc) for reason in found.reasons)
        return replace(
            blank,
            verdict=found.truth,
            reasons=reasons,
            missing=found.missing,
            article=source.cited,
        )
    reason = Reason(version.officer.say, source.cited, Truth.OFFICER)
    return replace(blank, reasons=(reason,), article=source.cited, note=version.officer.say)


def _in_force(law: Law, version: Version, blank: Outcome, facts: Facts, day: date) -> Outcome:
    if version.when is None or version.source is None:
        raise ValueError(f"{blank.benefit}: {version.since} is not in force")
    scope = scope_on(law, facts, day)
    found = find(version.when, scope, version.source.article)
    doc = version.source.doc
    reasons = tuple(_cited(reason, doc) for reason in found.reasons)
    outcome = replace(
        blank,
        verdict=found.truth,
        reasons=reasons,
        missing=found.missing,
        article=version.source.cited,
        certain=version.source.tag in READ,
    )
    if found.truth is Truth.NO:
        return outcome
    return _paid(law, version, outcome, scope, day)


def scope_on(law: Law, facts: Facts, day: date) -> Scope:
    def other(name: str) -> Finding:
        version = version_on(law.benefits[name], day)
        if version is None or version.when is None or version.source is None:
            return Finding(Truth.NO if version and version.absent else Truth.OFFICER)
        return find(version.when, scope, version.source.article)

    scope = Scope(facts, lambda name: figure_on(law, name, day), other)
    return scope


def _cited(reason: Reason, doc: str) -> Reason:
    if doc in reason.article:
        return reason
    return Reason(
        reason.say, f"{reason.article} {doc}".strip(), reason.truth, reason.fact, reason.value
    )


def _paid(law: Law, version: Version, outcome: Outcome, scope: Scope, day: date) -> Outcome:
    """Settle which payment holds, or between which bounds the amount lies."""
    possible: list[Payment] = []
    missing: tuple[str, ...] = ()
    settled = False
    for payment in version.pays:
        met = find(payment.when, scope, payment.source.article) if payment.when else _HOLDS
        if met.truth is Truth.NO:
            continue
        possible.append(payment)
        missing += met.missing
        if met.truth is Truth.YES:
            settled = len(possible) == 1
            break
    amounts = [amount_of(law, payment, scope.facts, day) for payment in possible]
    known = [amount.vnd for amount in amounts if amount is not None and amount.vnd is not None]
    outcome = replace(outcome, lowest=min(known, default=None), highest=max(known, default=None))
    settled = settled or (None not in amounts and len(set(known)) == 1)
    if settled and amounts[0] is not None:
        figure = value_on(law, possible[0].of, day)
        tags = {possible[0].source.tag, *((figure.source.tag,) if figure else ())}
        certain = outcome.certain and tags <= READ
        return replace(outcome, amount=amounts[0], payment=possible[0], certain=certain)
    if not possible:  # conditions met, yet no payment fits: nothing is guessed
        return replace(outcome, verdict=Truth.OFFICER, note="chưa có mức phù hợp trong luật")
    counted = tuple(payment.times for payment in possible if payment.times)
    absent = tuple(fact for fact in counted if not isinstance(scope.facts.get(fact), int))
    return replace(outcome, missing=tuple(dict.fromkeys((*outcome.missing, *missing, *absent))))


_HOLDS = Finding(Truth.YES)
