"""Opening a check and showing its result in the chat."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from handlers import dialogue
from handlers.benefits import findings, results
from handlers.benefits.household import case_of, decision_of
from handlers.benefits.questions import FLOW, NAME, NEXT
from handlers.desk import Turn
from handlers.dialogue import Values
from models.hot import opened

SHOWN = "_shown"  # the result of these answers was shown
MOST_CARDS = 6


def begin(turn: Turn, **answers: Any) -> None:  # noqa: ANN401 - JSON
    """Open a check with answers; what a request needs is known of the person already."""
    loose = turn.draft if turn.flow is None else {}
    known = {
        "_consented": turn.consented,
        "_commune": turn.commune,
        "_phone": loose.get("_phone") or (opened(turn.private) or {}).get("phone"),
    }
    known = {key: value for key, value in known.items() if value}
    turn.open(NAME, uuid4(), **{"_today": turn.today.isoformat(), **known, **answers})


def present(turn: Turn) -> None:
    """Once nothing more can change the result, show it, and ask what is wanted next."""
    here = dialogue.look(FLOW, turn.draft)
    if here.question is None or here.question.id != NEXT:
        return
    if not turn.draft.get(SHOWN):
        _show(turn, here.values)
        turn.draft[SHOWN] = True
    turn.asks = True


def _show(turn: Turn, values: Values) -> None:
    """The summary, then a card for each benefit that is due or that an officer must look at."""
    case = case_of(values)
    decision = decision_of(values, case)
    turn.say(results.summary(values, case, decision, turn.t))
    for outcome in findings.cards(decision)[:MOST_CARDS]:
        turn.say(results.card(values, case, outcome, turn.t))
