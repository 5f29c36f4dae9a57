"""The case that a draft of a report amounts to, and what its reporter is told about it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from handlers import cards, dialogue
from handlers.casebook import Report
from handlers.counting import NONE
from handlers.desk import Turn
from handlers.dialogue import SKIPPED, BadAnswer
from handlers.i18n import N_
from handlers.report_questions import FLOW, in_danger
from handlers.report_readers import DONE
from handlers.times import moment
from handlers.vocabulary import EMERGENCY

URGENCY = {"livelihood": "normal", "house_damaged": "high", "other": "normal"}
KEPT = (
    "cause",
    "happened",
    "address",
    "whose",
    "head",
    "people",
    "vulnerable",
    "poverty",
    "phone",
)


def report_of(draft: Mapping[str, Any], *, incomplete: bool) -> Report | None:
    """The case a draft amounts to, None while it is not known what happened and where."""
    values = known(draft)
    if any(needed not in values for needed in ("kinds", "danger", "commune")):
        return None
    if not in_danger(values) and not draft.get("_consented"):
        return None
    kinds = [*str(values["kinds"]).split(",")]
    kinds += [kind for kind in str(values.get("more", "")).split(",") if kind and kind != DONE]
    if in_danger(values) and EMERGENCY.id not in kinds:
        kinds.append(EMERGENCY.id)
    kinds = [kind for kind in kinds if kind != "other"] or kinds
    details = {key: values[key] for key in KEPT if values.get(key) not in (None, "", NONE)}
    if draft.get("_words"):
        details["words"] = draft["_words"]
    if draft.get("_position"):
        details["position"] = draft["_position"]
    return Report(
        commune=str(values["commune"]),
        village=values.get("village"),
        kinds=tuple(dict.fromkeys(kinds)),
        urgency="sos" if in_danger(values) else usual_urgency(kinds),
        details=details,
        incomplete=incomplete,
    )


def usual_urgency(kinds: Sequence[str]) -> str:
    """How urgent it is while nobody is in danger."""
    ranks = [URGENCY.get(kind, "high") for kind in kinds]
    return "high" if "high" in ranks or not ranks else "normal"


def known(draft: Mapping[str, Any]) -> dict[str, Any]:
    """Every answer that counts, also those given before their question came."""
    step = dialogue.look(FLOW, draft)
    rest = FLOW.questions[FLOW.questions.index(step.question) :] if step.question else ()
    if not any(question.id in draft for question in rest):
        return dict(step.values)
    values: dict[str, Any] = {key: raw for key, raw in draft.items() if key.startswith("_")}
    for question in FLOW.questions:
        raw = draft.get(question.id)
        if raw is None or raw == SKIPPED:
            continue
        with contextlib.suppress(BadAnswer, KeyError):  # not readable, or its reason is not known
            if question.when(values):
                values[question.id] = question.value(str(raw))
    return values


def receipt(turn: Turn, case: Mapping[str, Any]) -> str:
    """What the citizen is told: code, promised time, what may be due, what to do next."""
    t = turn.t
    law = case["clocks"]["answer"]["basis"]["kind"] == "law"
    basis = (
        N_("thời hạn luật định") if law else N_("cam kết của UBND, không phải thời hạn luật định")
    )
    lines = [
        t(
            N_("✅ Đã ghi nhận hồ sơ **{code}** lúc {at}."),
            code=case["code"],
            at=moment(case["opened_at"], t),
        ),
        t(
            N_("{office} sẽ trả lời trước **{due}** ({basis})."),
            office=cards.office(case["commune"], t),
            due=moment(case["answer_due_at"], t),
            basis=t(basis),
        ),
        *cards.support(case, t),
        t(N_("Gõ mã hồ sơ bất cứ lúc nào để xem tình hình. Nguy hiểm tính mạng: gọi ngay 112.")),
    ]
    return "\n".join(lines)
