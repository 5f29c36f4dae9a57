"""A check as a request to the commune: what its officer needs, and nothing private."""

from __future__ import annotations

from datetime import date

from handlers import cards
from handlers.benefits import findings, results
from handlers.benefits.findings import PRIVATE
from handlers.benefits.household import case_of, day_of, decision_of
from handlers.benefits.kin import members_of
from handlers.benefits.wording import in_words
from handlers.casebook import CaseRow, Report
from handlers.dialogue import ORDER, Step, Values
from handlers.i18n import N_, SOURCE, Translate, translator
from handlers.times import day as day_shown
from handlers.times import moment
from models.benefits.check import law
from models.benefits.questions import HOUSEHOLD

PRIVATE_CODES = frozenset({"k3", "k8"})  # benefits that would tell what is private


def report_of(step: Step) -> Report:
    """The case that a check opens; an officer reads Vietnamese."""
    values, t = step.values, translator(SOURCE)
    details: dict[str, object] = {"name": values["name"], "request": _wanted(values, t)}
    details["told"] = _told(step, t)
    if values.get("phone"):
        details["phone"] = values["phone"]
    return Report(
        commune=str(values["commune"]),
        village=values.get("village"),
        kinds=("funeral_request" if values.get("whom") == "deceased" else "benefit_request",),
        urgency="normal",
        details=details,
        incomplete=False,
    )


def _wanted(values: Values, t: Translate) -> list[str]:
    """What seems due.  What would give a private fact away is only said to be there."""
    case = case_of(values)
    found, private = [], False
    for outcome in findings.cards(decision_of(values, case)):
        if outcome.benefit in PRIVATE:
            private = True
            continue
        who, told = results.who_of(values, outcome.person, t), results.amount(outcome, t)
        name = f"{results.title(outcome, t)} – {who}"
        found.append(f"{name}: {told}" if told else name)
    if private:
        found.append(t(N_("một chế độ cần trao đổi riêng với người đề nghị")))
    return found or [t(N_("chưa thấy khoản nào đủ điều kiện; người dân vẫn nhờ xã xem"))]


def _told(step: Step, t: Translate) -> list[str]:
    """Every answer as «mẹ: năm sinh 1950»."""
    rows = []
    if died := step.values.get("died"):
        today = date.fromisoformat(str(step.values["_today"]))
        rows.append(t(N_("mất ngày {day}"), day=day_shown(day_of(died, today), t)))
    for member in members_of(step.values):
        if member.birth:
            who = results.who_of(step.values, member.id, t)
            rows.append(f"{who}: {in_words('birth_date', member.birth, t)}")
    for key in step.answers.get(ORDER, ()):
        person, dot, fact = key.partition(".")
        definition = law().facts.get(fact)
        value = step.values.get(key)
        if not dot or definition is None or definition.sensitive or value is None:
            continue
        shown = [one for one in str(value).split(",") if one not in PRIVATE_CODES]
        told = in_words(fact, ",".join(shown), t) if shown else ""
        who = "" if person == HOUSEHOLD else f"{results.who_of(step.values, person, t)}: "
        rows.append(f"{who}{definition.say}: {told}")
    return rows


def receipt(case: CaseRow, forms: tuple[str, ...], t: Translate) -> str:
    """What the citizen is told: code, until when the law has it answered, what comes next."""
    basis = case["clocks"]["answer"]["basis"]
    rows = [
        t(
            N_("✅ Đã gửi đề nghị **{code}** tới {office}."),
            code=case["code"],
            office=cards.office(case["commune"], t),
        ),
        t(
            N_("Trả lời trước **{due}** ({basis})."),
            due=moment(case["answer_due_at"], t),
            basis=t(N_("thời hạn luật định, {article}"), article=basis["text_source"])
            if basis["kind"] == "law"
            else t(N_("cam kết của UBND")),
        ),
    ]
    if forms:
        rows.append(
            t(
                N_("Cán bộ sẽ hướng dẫn ký {forms}; xin chuẩn bị căn cước, giấy tờ liên quan."),
                forms=", ".join(forms),
            )
        )
    rows.append(t(N_("Gõ mã bất cứ lúc nào để xem tình hình.")))
    return "\n".join(rows)
