"""What a household that reports sudden hardship may be considered for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from models.benefits.check import law
from models.benefits.conditions import Value
from models.benefits.engine import Outcome, assess, version_on
from models.benefits.schema import Benefit
from models.benefits.truth import Truth
from models.benefits.words import money

HAPPENINGS: dict[str, str] = {  # kind of report -> fact; a kind left out has no support of its own
    "house_destroyed": "house_destroyed",
    "house_damaged_unlivable": "house_unlivable",
    "house_damaged": "house_damaged",
    "evacuation": "evacuation",
    "hunger": "hunger",
    "death_missing": "death_missing",
    "injury": "injury",
    "child_alone": "child_alone",
    "violence": "violence",
    "livelihood": "livelihood",
}
CAUSES: dict[str, str] = {  # cause of a report -> cause the law knows
    "storm": "disaster",
    "flood": "disaster",
    "landslide": "disaster",
    "whirlwind": "disaster",
    "disaster": "disaster",
    "fire": "fire",
    "traffic": "traffic",
    "work": "work",
    "epidemic": "epidemic",
    "crop_failure": "crop_failure",
    "lean_season": "lean_season",
    "illness": "illness",
    "other": "other",
}
ORDER = (
    "rice", "house_destroyed", "house_unlivable", "house_relocation", "essentials", "injury",
    "funeral_disaster", "emergency_protection", "livelihood",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Support:
    id: str
    title: str
    amount_vnd: int | None
    per: str  # "hộ", "người", "người/ngày", "người/tháng"
    wording: str  # one careful line for the person who reports
    article: str
    certain: bool  # all conditions met and the law does not say "được xem xét"


def emergency_support(  # noqa: PLR0913  # what a report knows
    kinds: Collection[str],
    day: date,
    persons: int | None,
    poverty: Literal["poor", "near_poor", "neither"] | None,
    injury_days: int | None = None,
    *,
    cause: str | None = None,
) -> tuple[Support, ...]:
    """List the supports the facts do not rule out, rice first; empty when there is none.

    ``cause`` is a report's cause (see ``CAUSES``); leaving it out keeps everything possible.
    """
    happenings = frozenset(HAPPENINGS[kind] for kind in kinds if kind in HAPPENINGS)
    return _supports(happenings, day, persons, poverty, injury_days, cause)


@lru_cache(maxsize=256)  # one report asks for its reporter, its officers and its lists
def _supports(  # noqa: PLR0913, PLR0917  # what a report knows
    happenings: frozenset[str],
    day: date,
    persons: int | None,
    poverty: str | None,
    injury_days: int | None,
    cause: str | None,
) -> tuple[Support, ...]:
    facts: dict[str, Value] = {"happenings": happenings}
    if persons:
        facts["persons"] = persons
    if poverty is not None:
        facts["household"] = "other" if poverty == "neither" else poverty
    if injury_days is not None:
        facts["hospital_days"] = injury_days
    if cause in CAUSES:
        facts["cause"] = CAUSES[cause]
    known = law()
    found: list[Support] = []
    for name in ORDER:
        benefit = known.benefits[name]
        outcome = assess(known, benefit, "", facts, day)
        if outcome.verdict is not Truth.NO:
            support = _support(benefit, outcome, facts, day)
            if support is not None:
                found.append(support)
    return tuple(found)


def _support(
    benefit: Benefit, outcome: Outcome, facts: dict[str, Value], day: date
) -> Support | None:
    if not outcome.code:  # the decree names no amount
        if outcome.verdict is not Truth.OFFICER or version_on(benefit, day) is None:
            return None
        return Support(
            benefit.id, benefit.title, None, "hộ", outcome.note, outcome.article, certain=False
        )
    version = next(v for v in benefit.versions if v.covers(day))
    payment = outcome.payment or version.pays[-1]
    if not payment.wording:
        return None
    amount = payment.fixed or outcome.lowest
    persons = facts.get("persons")
    wording = payment.wording.replace("{amount}", money(amount or 0)).replace(
        "{persons}", f" ({persons} người)" if persons else ""
    )
    return Support(
        benefit.id,
        benefit.title,
        amount,
        _per(benefit),
        wording,
        payment.source.cited,
        certain=outcome.verdict is Truth.YES and not benefit.considered and outcome.certain,
    )


def _per(benefit: Benefit) -> str:
    if benefit.id == "rice":
        return "người/tháng"
    if benefit.per == "ngày":
        return "người/ngày"
    return "hộ" if benefit.recipient == "household" else "người"
