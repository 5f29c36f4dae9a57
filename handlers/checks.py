"""Asking the heads of a village whether a report is so; their silence holds nothing up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from handlers import cards, casebook, communes
from handlers.casebook import CaseRow
from handlers.desk import Chat, Desk
from handlers.heads import heads_of
from handlers.i18n import N_, Translate, translator
from handlers.messages import Button, Outgoing, Position
from handlers.render import command_button
from models import village_rules
from models.cases import OPEN, CaseEvent, Check
from models.outbox import Lane

ANSWERS = (
    (Check.TRUE, N_("✅ Đúng")),
    (Check.FALSE, N_("❌ Không đúng")),
    (Check.HELPED, N_("🎁 Đã giúp rồi")),
    (Check.UNSURE, N_("❓ Không xác minh được")),
    (Check.LOOK, N_("👀 Cần xem lại")),
)


async def by_itself(desk: Desk, case: CaseRow) -> CaseRow:
    """A new report goes to the heads of its village, if the commune has it so."""
    if case["village"] is None or case["check_due_at"] or case["check_answer"]:
        return case
    heads = await heads_of(desk, case["commune"], case["village"])
    if any(chat.person_id == case["reporter_id"] for chat in heads):
        return await casebook.change(
            desk, case, check_answer=Check.REPORTED.value, check_at=desk.now
        )
    afraid = set(case["kinds"]) & set(village_rules.verification().never_by_itself)
    if not heads or afraid:
        return case
    wishes = await communes.settings(desk, case["commune"])
    if not wishes.get("heads_asked", True):
        return case
    return await ask(desk, case, heads, by=None)


async def ask(desk: Desk, case: CaseRow, heads: list[Chat], *, by: UUID | None) -> CaseRow:
    """Ask these heads, and wait for as long as the rules say."""
    within = village_rules.verification().answer_within[case["urgency"]]
    case = await casebook.change(
        desk,
        case,
        check_due_at=desk.now + timedelta(hours=within),
        check_answer=None,
        check_at=None,
    )
    await casebook.event(desk, case["id"], "check_asked", by=by, public=False)
    lane = Lane.URGENT if case["urgency"] == "sos" else Lane.REPLY
    masks = await masks_names(desk, case["commune"])
    for chat in heads:
        t = translator(chat.locale)
        head = t(N_("🔎 **Xin ông/bà xác minh giúp** (một lần bấm):"))
        desk.tell(chat, card(desk, case, t, head, masked=masks), lane, case["id"])
    return case


def card(desk: Desk, case: CaseRow, t: Translate, head: str, *, masked: bool) -> Outgoing:
    """The report as its head reads it, with the answers to choose from."""
    where = (case["details"] or {}).get("position")
    hides = masked and case["urgency"] != "sos"
    shown = cards.masked_card if masked else cards.staff_card
    rows = [head, shown(case, desk, t)]
    buttons = answers(case, t)
    if masked:
        rows.append(t(N_("(Họ tên, số điện thoại hiện ra khi ông/bà bấm «Nhận xác minh».)")))
        take_up = command_button("nhanxacminh", t(N_("✋ Nhận xác minh")), case["code"])
        buttons = (take_up, *buttons)
    return Outgoing(
        "\n".join(row for row in rows if row),
        buttons,
        position=Position(*where) if where and not hides else None,
    )


def answers(case: Mapping[str, Any], t: Translate) -> tuple[Button, ...]:
    if case["status"] not in OPEN:
        return ()
    return tuple(
        command_button("xacminh", t(label), f"{case['code']} {answer.value}")
        for answer, label in ANSWERS
    )


async def masks_names(desk: Desk, commune: str) -> bool:
    return bool((await communes.settings(desk, commune)).get("heads_masked", False))


async def hides_names_from(desk: Desk, case: CaseRow, person_id: UUID) -> bool:
    """Whether this head has to take the check up before reading who it is about."""
    if case["reporter_id"] == person_id or not await masks_names(desk, case["commune"]):
        return False
    taken = await desk.db.scalar(
        select(CaseEvent.id)
        .where(
            CaseEvent.case_id == case["id"],
            CaseEvent.what == "check_taken",
            CaseEvent.by_id == person_id,
        )
        .limit(1)
    )
    return taken is None
