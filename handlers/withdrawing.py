"""A case that its reporter takes back."""

from __future__ import annotations

from typing import Any

from handlers import casebook, decisions, groups, notify
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.i18n import N_, translator
from handlers.messages import Outgoing
from handlers.typed import as_typed
from models.cases import Status


async def take_out(turn: Turn, case: CaseRow, *, mistaken: str = "") -> None:
    """End an open case, which is locked, and tell whoever has it.

    Args:
        turn: the reporter's message.
        case: the case.
        mistaken: the words in which an emergency was called a mistake.
    """
    decided_by = await decisions.withdrawn(turn, case)
    case = await casebook.change(
        turn, case, status=Status.WITHDRAWN.value, closed_at=turn.now, waiting_since=None
    )
    body: dict[str, Any] = {"text": mistaken} if mistaken else {}
    await casebook.event(turn, case["id"], "withdrawn", by=turn.person_id, **body)
    await groups.show(turn, case)
    told = N_("Người báo tin đã rút hồ sơ {code}.")
    if mistaken:
        told = N_(
            "🟢 Người báo tin nói **bấm nhầm, không ai nguy hiểm** và rút hồ sơ {code}: «{text}». "
            "Còn ngờ, xin gọi lại."
        )
    elif decided_by is not None:
        told = N_("Người báo tin đã rút hồ sơ {code}; quyết định chưa gửi nên đã bỏ.")
    for chat in await notify.in_charge(turn, case, decided_by):
        words = translator(chat.locale)(told, code=case["code"], text=as_typed(mistaken))
        turn.tell(chat, Outgoing(words), notify.lane(case), case["id"])
