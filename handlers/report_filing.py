"""Filing a report: as soon as enough is known, and as it stands when its reporter is silent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from handlers import cards, casebook, notify, rollcalls
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.dialogue import Values
from handlers.i18n import N_
from handlers.report_case import report_of
from handlers.report_questions import in_danger
from handlers.times import moment
from handlers.vocabulary import PROVINCE_WIDE
from models.cases import OPEN, Case
from models.jobs import Job
from models.outbox import Lane

SERIOUS = frozenset(
    {"house_destroyed", "evacuation", "death_missing", "injury", "child_alone", "violence"}
)


LATELY = timedelta(days=7)  # so long a reporter's newest case says more than where they live


async def file(turn: Turn) -> None:
    """Open the case the first time everything needed is known; later only update it."""
    if in_danger(turn.draft) and not turn.draft.get("commune") and "_lately" not in turn.draft:
        turn.draft["_lately"] = await _newest_place(turn)  # offered, and where silence files it
    draft = report_of(turn.draft, incomplete=True)
    if draft is None or turn.draft_id is None:
        return
    filed = turn.draft.get("_case")
    headline = [draft.commune, draft.urgency, *draft.kinds, len(turn.draft.get("_media", ()))]
    stands = filed and turn.draft.get("_filed_as") == headline
    if stands and casebook.keep_up(turn, draft):
        return
    case = await casebook.open_case(turn, turn.draft_id, draft)
    turn.draft |= {"_case": case["code"], "_filed_as": headline}
    heard = True
    if draft.urgency == "sos":
        if turn.draft.pop("_calmed", None):  # it was taken back, and is an emergency again
            turn.draft.pop("_told", None)
        heard = await _tell_staff(turn, case)
        await rollcalls.help_filed(turn, turn.person_id, case["id"])
    if filed:
        return
    told = _urgent_told(turn, case, heard=heard) if draft.urgency == "sos" else _told(turn, case)
    turn.lead = "\n\n".join(part for part in (turn.lead, told) if part)


async def _newest_place(turn: Turn) -> str:
    """The commune of the reporter's newest case; an old one only where no other is known."""
    query = select(Case.commune).where(
        Case.reporter_id == turn.person_id, Case.commune != PROVINCE_WIDE
    )
    if turn.commune:
        query = query.where(Case.opened_at > turn.now - LATELY)
    return await turn.db.scalar(query.order_by(Case.id.desc()).limit(1)) or ""


async def open_case(turn: Turn, *, lock: bool = False) -> CaseRow | None:
    """The case this report was filed as, unless it was not yet, or staff have ended it."""
    code = turn.draft.get("_case")
    case = await casebook.by_code(turn, str(code), lock=lock) if code else None
    return case if case is not None and case["status"] in OPEN else None


async def danger_again(turn: Turn) -> None:
    """Danger told in the form of a case that staff have ended meanwhile is a new emergency.

    Added to the old case it would be in nobody's queue and on no clock.
    """
    if turn.flow is None or not turn.draft.get("_case") or await open_case(turn) is not None:
        return
    for mark in ("_case", "_filed_as", "_told"):
        turn.draft.pop(mark, None)
    turn.draft_id, turn.filed, turn.further = uuid4(), None, None


async def _tell_staff(turn: Turn, case: Mapping[str, Any]) -> bool:
    """Send the card once; staff of a corrected commune are told as well."""
    if turn.draft.get("_told") == case["commune"]:
        return True
    turn.draft["_told"] = case["commune"]
    return await notify.new_case(turn, case)


def _told(turn: Turn, case: Mapping[str, Any]) -> str:
    return turn.t(
        N_(
            "✅ Đã ghi nhận, mã hồ sơ **{code}** ({commune}). Xin trả lời thêm để cán bộ giúp "
            "đúng việc."
        ),
        code=case["code"],
        commune=cards.commune_name(case["commune"], turn.t),
    )


def _urgent_told(turn: Turn, case: Mapping[str, Any], *, heard: bool) -> str:
    t = turn.t
    message = N_(
        "✅ Đã báo khẩn tới cán bộ **{commune}**: hồ sơ **{code}**. Cán bộ tiếp nhận trước "
        "**{take}**. Xin trả lời thêm vài câu ngắn."
    )
    if not heard:
        message = N_(
            "✅ Đã lưu hồ sơ khẩn **{code}**. Nơi này **chưa có cán bộ trực** trên kênh này, xin "
            "**gọi 112** ngay và nhờ người ở gần. Xin trả lời thêm vài câu ngắn."
        )
    everywhere = case["commune"] == PROVINCE_WIDE
    return t(
        message,
        commune=t(N_("cấp tỉnh")) if everywhere else cards.commune_name(case["commune"], t),
        code=case["code"],
        take=moment(case["take_due_at"], t),
    )


async def abandoned(turn: Turn, values: Values) -> None:
    """Silence: an emergency is filed as it stands, whatever else is missing.

    So is something grave of which it was not said whether anybody is in danger: keeping quiet
    about that question is no answer.
    """
    if "kinds" not in values:
        return
    draft = {**turn.draft}
    if not values.get("_case"):
        grave = "danger" not in values and SERIOUS & set(str(values["kinds"]).split(","))
        near = draft.get("_lately") or await _newest_place(turn) or turn.commune
        if grave and (near or draft.get("commune")):
            # Luật 91/2025/QH15 Điều 19 khoản 1 điểm a: protection of life needs no consent
            draft |= {"danger": "no", "_consented": True}
        elif not in_danger(values):
            return
        draft.setdefault("commune", near or PROVINCE_WIDE)
    found = report_of(draft, incomplete=True)
    if found is None or turn.draft_id is None:
        return
    case = await casebook.open_case(turn, turn.draft_id, found)
    turn.draft["_case"] = case["code"]
    turn.jobs.append(Job("find_alike", str(case["id"]), int(Lane.REMINDER)))
    if await _tell_staff(turn, case) and not values.get("_case"):
        turn.lead = turn.t(
            N_("Dạ, tin báo đã được chuyển cho cán bộ như ông/bà đã kể, mã **{code}**."),
            code=case["code"],
        )
