"""How a decision reads in chat: a short summary, a card for each benefit, why not the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from handlers.benefits.findings import (
    PRIVATE,
    due,
    not_due,
    of_age_between,
    procedure_on,
    told_of,
    unsettled,
)
from handlers.benefits.kin import Member, members_of, name_of
from handlers.benefits.signing import paid_from
from handlers.dialogue import Values
from handlers.i18n import N_, Translate
from handlers.times import day as day_shown
from handlers.times import money
from models.benefits.check import law
from models.benefits.decide import Decision, decide
from models.benefits.engine import Outcome, version_on
from models.benefits.facts import Case
from models.benefits.questions import Change, next_change, poverty_change
from models.benefits.schema import ProcedureVersion
from models.benefits.truth import Truth

FEW = 3  # refusals in the summary
ALL = 12  # refusals in «why not»


def who_of(values: Values, person: str, t: Translate) -> str:
    if values.get("whom") == "deceased":
        return t(N_("người đã mất"))
    everybody = members_of(values)
    member = next((one for one in everybody if one.id == person), Member(person, "other"))
    return name_of(member, everybody, t)


def whom(values: Values, t: Translate) -> str:
    """Whom a check is about, as one name."""
    everybody = members_of(values)
    return t(N_("cả nhà")) if len(everybody) > 1 else who_of(values, everybody[0].id, t)


def title(outcome: Outcome, t: Translate) -> str:
    return t(law().benefits[outcome.benefit].title)


def amount(outcome: Outcome, t: Translate) -> str:
    """«540.000 đồng/tháng», «từ 10.800.000 đồng», goods in words."""
    benefit = law().benefits[outcome.benefit]
    found = outcome.amount
    if found is None:
        if outcome.lowest is None or outcome.verdict is not Truth.YES:
            return ""
        low, high = money(outcome.lowest), money(outcome.highest or outcome.lowest)
        return low if low == high else t(N_("từ {low} đến {high}"), low=low, high=high)
    if found.vnd is None:
        return found.arithmetic
    told = money(found.vnd)
    if benefit.per == "tháng":
        told = t(N_("{money}/tháng"), money=told)
    elif benefit.per == "ngày":
        told = t(N_("{money}/ngày"), money=told)
    return t(N_("từ {money}"), money=told) if found.minimum else told


def summary(values: Values, case: Case, decision: Decision, t: Translate) -> str:
    """The answer in a few lines."""
    several = len(case.people) > 1
    day = day_shown(case.day, t)
    if several:
        rows = [t(N_("**Kết quả cho cả nhà**, luật ngày {day}"), day=day)]
    else:
        who = who_of(values, case.people[0].id, t)
        rows = [t(N_("**Kết quả cho {who}**, luật ngày {day}"), who=who, day=day)]
    found = due(decision)
    for outcome in found:
        whose = f" – {who_of(values, outcome.person, t)}" if several else ""
        rows.append(f"{_line(outcome, t)}{whose}")
    if not found:
        rows.append(t(N_("Theo điều đã kể, **chưa thấy khoản nào đủ điều kiện**.")))
    total = decision.total({"tháng"})
    if sum(bool(one.amount and one.amount.vnd) for one in decision.counted()) > 1 and total:
        rows.append(t(N_("**Cộng: {money}/tháng**"), money=money(total)))
    funerals = [one for one in decision.outcomes if law().benefits[one.benefit].topic == "funeral"]
    rows += [f"• {row}" for row in _replaced(funerals, t)]
    rows += _unsettled(values, decision, t)
    rows += [f"✖ {row}" for row in _refusals(values, case, not_due(case, decision), t)[:FEW]]
    if case.told is None or case.day >= case.told:
        rows += changes(values, case, decision, t)
    else:
        rows.append(t(N_("(Tính theo điều vừa kể; lúc đó hoàn cảnh có thể khác.)")))
    rows.append(
        t(
            N_(
                "Trả lời tự động theo điều ông/bà kể, **không phải quyết định**: cán bộ xã xem "
                "xét và quyết định."
            )
        )
    )
    return "\n".join(rows)


def _unsettled(values: Values, decision: Decision, t: Translate) -> list[str]:
    """One line for a benefit that stays open; for what is private, one line for all."""
    facts = law().facts
    rows, private = [], False
    for outcome in unsettled(decision):
        missing = [facts[one] for one in outcome.missing]
        if outcome.benefit in PRIVATE or any(one.sensitive for one in missing):
            private = True
            continue
        rows.append(
            t(
                N_("❓ {title} – {who}: chưa rõ, còn thiếu {facts}"),
                title=title(outcome, t),
                who=who_of(values, outcome.person, t),
                facts=", ".join(one.say for one in missing),
            )
        )
    if private:
        rows.append(
            t(N_("❓ Có câu riêng tư chưa trả lời; ông/bà có thể trao đổi riêng với cán bộ."))
        )
    return rows


def _line(outcome: Outcome, t: Translate) -> str:
    told, name = amount(outcome, t), title(outcome, t)
    if outcome.verdict is Truth.YES:
        considered = law().benefits[outcome.benefit].considered
        mark = t(N_(" (thuộc diện được xem xét)")) if considered else ""
        return f"✅ {name}: **{told}**{mark}" if told else f"✅ {name}{mark}"
    return t(N_("❓ {title}: cần cán bộ xem"), title=name)


def refusals(values: Values, case: Case, decision: Decision, t: Translate) -> str:
    """«Vì sao chưa được khoản khác?»: one line a benefit, the article with it."""
    rows = _refusals(values, case, not_due(case, decision, wide=True), t)[:ALL]
    rows += _replaced(decision.outcomes, t)
    if not rows:
        return t(N_("Dạ, không còn khoản nào gần với hoàn cảnh đã kể."))
    return "\n".join([t(N_("**Các khoản chưa đủ điều kiện**")), *(f"✖ {row}" for row in rows)])


def _replaced(outcomes: Iterable[Outcome], t: Translate) -> list[str]:
    """What would be due but for something higher that is paid in its place."""
    return [
        t(N_("{title}: không cộng thêm, {note}"), title=title(one, t), note=one.note)
        for one in outcomes
        if not one.counted and one.verdict is Truth.YES and one.note
    ]


def _refusals(values: Values, case: Case, outcomes: Iterable[Outcome], t: Translate) -> list[str]:
    """One line for each benefit and reason, with everybody it is about."""
    lines: dict[tuple[str, str, str, str], list[str]] = {}
    for outcome in outcomes:
        if outcome.benefit not in PRIVATE:
            reason = outcome.reasons[0]
            line = (title(outcome, t), reason.say, reason.article, _until(case, outcome, t))
            who = lines.setdefault(line, [])
            who.append(who_of(values, outcome.person, t))
    several = len(members_of(values)) > 1
    return [
        t(
            N_("{title}{whose}: chưa, vì cần «{reason}» ({article})"),
            title=name,
            whose=f" – {', '.join(who)}" if several else "",
            reason=reason,
            article=article,
        )
        + until
        for (name, reason, article, until), who in lines.items()
    ]


def _until(case: Case, outcome: Outcome, t: Translate) -> str:
    """When somebody comes of age for it, as far as the birth is known."""
    found = of_age_between(case, outcome)
    if found is None:
        return ""
    first, last = found
    if first == last:
        return t(N_("; đủ tuổi ngày {day}"), day=f"{last:%d/%m/%Y}")
    if first.year == last.year:
        return t(N_("; đủ tuổi trong năm {year}"), year=last.year)
    return t(N_("; đủ tuổi từ {first} đến {last}"), first=f"{first:%m/%Y}", last=f"{last:%m/%Y}")


def card(values: Values, case: Case, outcome: Outcome, t: Translate) -> str:
    """Everything about one benefit that is due, or that an officer must look at."""
    benefit = law().benefits[outcome.benefit]
    version = version_on(benefit, case.day)
    rows = [f"{_line(outcome, t)} – {who_of(values, outcome.person, t)}"]
    if outcome.amount and outcome.amount.vnd is not None:
        how = N_("Cách tính: {sum}")
        if outcome.verdict is Truth.OFFICER:
            how = N_("Nếu được duyệt: {sum}")
        rows.append(t(how, sum=outcome.amount.arithmetic))
    met = [one.say for one in outcome.reasons if one.truth is Truth.YES]
    if met:
        rows.append(t(N_("Vì: {reasons}"), reasons="; ".join(met)))
    unclear = [one.say for one in outcome.reasons if one.truth is Truth.OFFICER]
    rows += list(dict.fromkeys([*unclear, *([outcome.note] if outcome.note else [])]))
    rows.append(t(N_("Căn cứ: {articles}"), articles=_articles(outcome)))
    if not outcome.certain and outcome.verdict is Truth.YES:
        rows.append(t(N_("(Căn cứ này đang chờ tỉnh đối chiếu văn bản gốc.)")))
    procedure = procedure_on(outcome.benefit, case.day)
    if procedure is not None and benefit.topic != "card":
        rows += _procedure(procedure, version.papers if version else (), t)
        if procedure.before_month_end and case.day >= (case.told or case.day):
            rows.append(paid_from(procedure.paid_from, procedure.limit_working_days, case.day, t))
    unchecked = [*benefit.not_checked, *(version.not_checked if version else ())]
    if unchecked:
        rows.append(t(N_("Chưa kiểm tra được: {what}"), what="; ".join(unchecked)))
    return "\n".join(rows)


def _articles(outcome: Outcome) -> str:
    found = [outcome.article, *([outcome.amount.article] if outcome.amount else [])]
    return "; ".join(dict.fromkeys(one for one in found if one))


def _procedure(procedure: ProcedureVersion, papers: tuple[str, ...], t: Translate) -> list[str]:
    rows = [t(N_("📄 Giấy tờ: {papers}"), papers=", ".join(papers))] if papers else []
    rows.append(t(N_("🏢 Nộp tại: {where}"), where=procedure.where))
    rows.append(
        t(
            N_("⏱ Thời hạn: {limit} ({article})"),
            limit=procedure.limit_say,
            article=procedure.source.cited,
        )
    )
    return rows


def changes(values: Values, case: Case, decision: Decision, t: Translate) -> list[str]:
    """The next day on which an answer becomes another, and how."""
    rows = []
    change = next_change(case, decision)
    if change is not None:
        rows.append(
            t(
                N_("📅 Sẽ đổi từ {day}: {what}"),
                day=day_shown(change.day, t),
                what="; ".join(differences(values, case, decision, change, t)),
            )
        )
    poverty = poverty_change(case, decision)
    if poverty is not None and values.get("whom") != "deceased":
        rows.append(
            t(
                N_("📅 Từ {day} có chuẩn nghèo mới: xã rà soát lại hộ nghèo, cận nghèo."),
                day=day_shown(poverty.day, t),
            )
        )
    return rows


def differences(
    values: Values, case: Case, decision: Decision, change: Change, t: Translate
) -> list[str]:
    after = decide(
        replace(case, day=change.day, told=case.told or case.day),
        {law().benefits[one.benefit].topic for one in decision.outcomes},
    )
    return compared(values, told_of(decision), told_of(after), t)


def compared(
    values: Values,
    before: Mapping[str, list[object]],
    after: Mapping[str, list[object]],
    t: Translate,
) -> list[str]:
    """What became of each benefit: new, another amount, no longer."""
    rows = []
    several = len(members_of(values)) > 1
    for key in dict.fromkeys([*before, *after]):
        person, _, name = key.partition(".")
        was, now = before.get(key), after.get(key)
        if was == now or (now is None and was is not None and was[1] == Truth.UNKNOWN):
            continue
        said = t(law().benefits[name].title)
        if several:
            said = f"{said} – {who_of(values, person, t)}"
        vnd = now[0] if now else None
        if now is None:
            rows.append(t(N_("thôi {title}"), title=said))
        elif isinstance(vnd, int):
            rows.append(t(N_("{title} {money}"), title=said, money=money(vnd)))
        elif now[1] == Truth.UNKNOWN:
            rows.append(t(N_("{title}: có thể đủ điều kiện, xin kiểm tra lại"), title=said))
        else:
            rows.append(t(N_("{title}: cần cán bộ xem"), title=said))
    return rows
