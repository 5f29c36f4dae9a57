"""How long silence in a conversation may last."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers import aside, dialogue
from handlers.desk import Turn
from handlers.registry import FORMS

MINUTE = timedelta(minutes=1)
KEPT_ASIDE = timedelta(days=7)  # a form that was given up can be taken up again


def nudge_at(turn: Turn) -> datetime | None:
    """When silence in the open form, or in one that waits under it, gets a reminder."""
    if turn.flow is None:
        return _whole_minute(turn.now + KEPT_ASIDE) if turn.draft.get(aside.PUT_AWAY) else None
    return _whole_minute(
        turn.now
        + min(
            FORMS[one.flow].patience(dialogue.look(FORMS[one.flow].flow, one.draft).values)
            for one in aside.all_of(turn)
            if one.flow in FORMS
        )
    )


def _whole_minute(at: datetime) -> datetime:
    """Round up: reminders go out by the minute, and a time that stays the same spares its index.

    PostgreSQL rewrites every index of a conversation's row when one indexed column changes.
    """
    whole = at.replace(second=0, microsecond=0)
    return at if at == whole else whole + MINUTE
