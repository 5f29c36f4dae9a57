"""How long silence in a conversation may last."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers import aside, dialogue
from handlers.desk import Turn
from handlers.registry import FORMS

KEPT_ASIDE = timedelta(days=7)  # a form that was given up can be taken up again


def nudge_at(turn: Turn) -> datetime | None:
    """When silence in the open form, or in one that waits under it, gets a reminder."""
    if turn.flow is None:
        return turn.now + KEPT_ASIDE if turn.draft.get(aside.PUT_AWAY) else None
    return turn.now + min(
        FORMS[one.flow].patience(dialogue.look(FORMS[one.flow].flow, one.draft).values)
        for one in aside.all_of(turn)
        if one.flow in FORMS
    )
