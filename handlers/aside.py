"""Two things at once: a form that is interrupted by another waits under it, with its answers.

What waits is kept inside the draft of the form above, so that it is stored, and survives, in the
same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from handlers.desk import Turn

UNDER = "_aside"  # the form below the open one
PUT_AWAY = "_put_away"  # a form that was given up or fell silent; it can be taken up again


@dataclass(frozen=True, slots=True)
class Standing:
    """The form that is open at a moment."""

    flow: str
    draft: dict[str, Any]
    draft_id: UUID

    def packed(self) -> dict[str, Any]:
        return {"flow": self.flow, "draft": self.draft, "draft_id": self.draft_id.hex}


def standing(turn: Turn) -> Standing | None:
    if turn.flow is None or turn.draft_id is None:
        return None
    return Standing(turn.flow, turn.draft, turn.draft_id)


def unpacked(kept: dict[str, Any]) -> Standing:
    return Standing(str(kept["flow"]), kept["draft"], UUID(str(kept["draft_id"])))


def said_anything(draft: dict[str, Any]) -> bool:
    """Whether a draft holds an answer; what is empty is not worth coming back to."""
    return any(not key.startswith("_") for key in draft) or "_words" in draft


def keep(turn: Turn, before: Standing | None) -> None:
    """If another form was opened over the one that stood open, put that one under it."""
    if before is None or turn.flow is None or turn.draft_id == before.draft_id:
        return
    below = before.packed() if said_anything(before.draft) else before.draft.get(UNDER)
    if below is not None:
        turn.draft[UNDER] = below


def below(turn: Turn) -> dict[str, Any] | None:
    kept = turn.draft.get(UNDER) if turn.flow is not None else None
    return dict(kept) if kept else None


def come_back(turn: Turn, kept: dict[str, Any] | None) -> bool:
    """Open what waited, once nothing is open above it; False when nothing waited."""
    if turn.flow is not None or not kept:
        return False
    found = unpacked(kept)
    turn.flow, turn.draft, turn.draft_id = found.flow, found.draft, found.draft_id
    turn.draft["_resumed"] = True
    turn.asks = True
    return True


def put_away(turn: Turn) -> None:
    """Close the open form and keep its answers for a while."""
    stood = standing(turn)
    turn.close()
    if stood is not None and said_anything(stood.draft):
        turn.draft[PUT_AWAY] = stood.packed()


def all_of(turn: Turn) -> Iterator[Standing]:
    """The open form and what waits under it, the top first; their drafts may be written to."""
    stood = standing(turn)
    while stood is not None:
        yield stood
        kept = stood.draft.get(UNDER)
        stood = unpacked(kept) if kept else None
