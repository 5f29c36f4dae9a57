"""A person answers in the platform's own tool: the service keeps quiet until they are done.

What the citizen writes then is for that person.  It is kept all the same, buttons and commands
still work, and danger to life is answered with the numbers to call.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, update

from handlers.desk import Turn
from handlers.menu import life_first
from handlers.understand import understand
from models.conversations import Conversation


async def changed(turn: Turn) -> None:
    """Somebody has written, or has given the chat back; an open form is not nudged meanwhile."""
    until = turn.now + turn.world.takeover if turn.said.event == "paused" else None
    nudge = func.greatest(Conversation.nudge_at, until) if until else Conversation.nudge_at
    here = Conversation.id == turn.chat_id
    await turn.db.execute(
        update(Conversation).where(here).values(paused_until=until, nudge_at=nudge)
    )


def is_for_the_human(turn: Turn, paused_until: datetime) -> bool:
    """Whether this message is part of the talk with the person who has taken over."""
    said = turn.said
    addressed = said.button is not None or said.text.lstrip().startswith("/")
    return said.event in ("message", "unreadable") and not addressed and turn.now < paused_until


async def overheard(turn: Turn) -> None:
    meaning = understand(turn.said.text) if turn.said.text else None
    if meaning is not None and meaning.danger:
        turn.say(life_first(turn.t, child=meaning.child))
