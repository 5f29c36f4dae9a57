"""Drafts of awareness days: the words of the day, with today's amounts taken from the rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from handlers.broadcasts import letter
from handlers.broadcasts.letter import Row
from handlers.desk import Desk
from handlers.i18n import OFFERED, SOURCE, translator
from handlers.times import day as written
from handlers.times import money
from models.benefits.amounts import figure_on
from models.benefits.check import law
from models.benefits.engine import version_on
from models.broadcasts import Broadcast, State
from models.occasions import Day, Occasion

ENGLISH = {  # short names of benefits that awareness days tell about
    "tcxh_k1": "monthly benefit for children without support",
    "tcxh_k3": "monthly benefit for children of poor households affected by HIV",
    "tcxh_k4": "monthly benefit for poor single parents, for each child",
    "tcxh_k5a": "monthly benefit for poor older people whom nobody supports",
    "tcxh_k6": "monthly benefit for severe and very severe disability",
    "care_family": "care money for families of people with very severe disability",
    "care_foster": "care money for people who take somebody in",
    "health_card": "health insurance card",
    "rice": "rice for households without food",
    "social_pension": "social pension",
}
PER = {"tháng": "month", "lần": "once"}


def benefits(day: Day, on: date, locale: str) -> str:
    """One line a benefit, with what it comes to by the rules of the day it is told on."""
    lines = []
    for name in day.benefits:
        benefit = law().benefits.get(name)  # an own day may be older than the rules
        version = version_on(benefit, on) if benefit else None
        if benefit is None or version is None or version.absent is not None:
            continue
        title = ENGLISH.get(name, benefit.title) if locale == "en" else benefit.title
        amount = _amount(name, on, locale)
        article = f" ({version.source.cited})" if version.source else ""
        lines.append(f"• {title}{f': {amount}' if amount else ''}{article}")
    return "\n".join(lines)


def _amount(name: str, on: date, locale: str) -> str:
    """``810.000 – 1.350.000 đồng/tháng``; empty for what is not money."""
    benefit = law().benefits[name]
    version = version_on(benefit, on)
    figures = sorted(
        int(figure * one.coefficient) if one.coefficient is not None else one.fixed or 0
        for one in (version.pays if version else ())
        if (figure := figure_on(law(), one.of, on)) is not None
        and (one.coefficient is not None or one.fixed is not None)
    )
    if not figures:
        return ""
    low, high = figures[0], figures[-1]
    span = money(low) if low == high else f"{money(low).removesuffix(' đồng')} – {money(high)}"
    if locale == "en":
        return f"{span.replace('đồng', 'VND')} a {PER.get(benefit.per, benefit.per)}"
    return f"{span}/{benefit.per}"


def content(day: Day, on: date, told_on: date) -> dict[str, Any]:
    """The words of an occasion, in every language; each reader's places are left open."""
    texts = {}
    for locale in OFFERED:
        if locale != SOURCE and not day.text.en:
            continue
        text = day.text.of(locale)
        named = {
            "{name}": day.name.of(locale),
            "{date}": written(on, translator(locale)),
            "{benefits}": benefits(day, told_on, locale),
        }
        for place, value in named.items():
            text = text.replace(place, value)
        texts[locale] = text
    return {"text": texts, "buttons": ["check", "meet"]}


async def draft(desk: Desk, occasion: Occasion, state: State = State.DRAFT) -> Row | None:
    """Write the province's draft for an occasion; None if it was written before."""
    made = await desk.db.execute(
        insert(Broadcast)
        .values(
            title=f"{occasion.day.name.vi} {occasion.on:%d/%m/%Y}",
            topic=occasion.day.topic,
            occasion=occasion.day.id,
            occasion_on=occasion.on,
            state=state.value,
            content=content(occasion.day, occasion.on, desk.today),
            audience={},
            made_at=desk.now,
            due_at=occasion.send_at,
        )
        .on_conflict_do_nothing(index_elements=["occasion", "occasion_on"])
        .returning(letter.TABLE)
    )
    row = made.mappings().one_or_none()
    return dict(row) if row is not None else None
