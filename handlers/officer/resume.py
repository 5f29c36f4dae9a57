"""``/botlai``: the service answers again after somebody has written by hand."""

from __future__ import annotations

from sqlalchemy import select, update

from handlers.desk import Turn
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.permissions import WORKERS, act
from handlers.showing import scope
from handlers.staffwork import find
from models.conversations import Conversation


async def resume(turn: Turn, argument: str) -> None:
    case, _ = await find(turn, "botlai", argument)
    if case is None:
        return
    await act(turn, "resume_bot", scope(case), case["code"])
    here = Conversation.id == case["conversation_id"]
    paused = await turn.db.scalar(select(Conversation.paused_until).where(here))
    await turn.db.execute(update(Conversation).where(here).values(paused_until=None))
    told = N_("Dạ, trong hồ sơ {code} hệ thống không bị tạm dừng.")
    if paused is not None and paused > turn.now:
        told = N_("Dạ, hệ thống trả lời lại người dân trong hồ sơ {code} từ bây giờ.")
    turn.say(turn.t(told, code=case["code"]), case_id=case["id"])


FORMS: tuple[Form, ...] = ()
COMMANDS = (
    Command("botlai", "resumebot", resume, N_("Cho hệ thống trả lời lại người dân"), WORKERS),
)
