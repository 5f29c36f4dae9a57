"""Who may do what: the one place that decides, and writes down, every staff action."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from handlers.desk import Held, Turn
from handlers.i18n import N_
from handlers.villages import key as village_key
from handlers.vocabulary import PROVINCE_WIDE
from models import audit
from models.people import Role

log = structlog.get_logger(__name__)

WORKERS = frozenset({Role.OFFICER, Role.LEADER, Role.PROVINCE})
LOOKERS = WORKERS | {Role.VILLAGE_HEAD}
KEEPERS = frozenset({Role.VILLAGE_HEAD, Role.OFFICER, Role.LEADER})  # of a village's list

MAY: dict[str, frozenset[Role]] = {
    "queue": LOOKERS,
    "show": LOOKERS,
    "search": LOOKERS,
    "list": frozenset({Role.VILLAGE_HEAD, Role.OFFICER, Role.LEADER}),
    "list_show": LOOKERS,
    "document": WORKERS,
    "link": WORKERS,
    "take": WORKERS,
    "ask": WORKERS,
    "confirm": WORKERS,
    "decline": WORKERS,
    "hand_over": WORKERS,
    "helped": WORKERS,
    "take_back": WORKERS,
    "propose": WORKERS,
    "approve": frozenset({Role.LEADER, Role.PROVINCE}),
    "return": frozenset({Role.LEADER, Role.PROVINCE}),
    "replies": WORKERS,
    "note": WORKERS,
    "reach": WORKERS,
    "reopen": WORKERS,
    "resume_bot": WORKERS,
    "invite_village_head": frozenset({Role.LEADER, Role.OFFICER}),
    "invite_officer": frozenset({Role.LEADER, Role.PROVINCE}),
    "invite_leader": frozenset({Role.PROVINCE}),
    "revoke": frozenset({Role.LEADER, Role.PROVINCE}),
    "figures": frozenset({Role.PROVINCE}),
    "settings": frozenset({Role.LEADER}),
    "broadcast_make": WORKERS,
    "broadcast_approve": frozenset({Role.LEADER, Role.PROVINCE}),
    "broadcast_steer": frozenset({Role.LEADER, Role.PROVINCE}),
    "broadcast_calendar": frozenset({Role.PROVINCE}),
    "broadcast_rollcall": frozenset({Role.PROVINCE}),  # with an alert; the commune runs it
    "broadcast_alert": frozenset({Role.LEADER, Role.PROVINCE}),
    "households": KEEPERS,
    "rollcall": KEEPERS,
    "storm": frozenset({Role.LEADER, Role.PROVINCE}),
    "verify": frozenset({Role.VILLAGE_HEAD}),
    "ask_head": WORKERS,
    "urgency": WORKERS,
    "acknowledge": WORKERS,
    "duty": frozenset({Role.OFFICER, Role.LEADER}),
    "leave": frozenset({Role.OFFICER, Role.LEADER}),
    "leave_of_others": frozenset({Role.LEADER}),
    "roster": frozenset({Role.LEADER}),
}


_OF_EVERY_COMMUNE = ("invite", "revoke", "storm", "broadcast")  # the province may do it anywhere
_OF_ALL_ONES_CASES = frozenset({"queue", "search"})  # they show only what is covered


class NotAllowed(Exception):
    """The person's role or commune does not cover the action; ``str`` is a message id."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an action happens: a commune, and a village when that matters."""

    commune: str | None
    village: str | None = None


def covers(held: Held, action: str, scope: Scope) -> bool:
    if held.role not in MAY[action]:
        return False
    if held.role == Role.PROVINCE:
        # the province sees the details only of what no commune has
        return scope.commune in (None, PROVINCE_WIDE) or action.startswith(_OF_EVERY_COMMUNE)
    if held.commune != scope.commune:
        return False
    if held.role != Role.VILLAGE_HEAD or action in _OF_ALL_ONES_CASES:
        return True
    own = {village_key(village) for village in held.villages}
    return scope.village is not None and village_key(scope.village) in own


def role_for(turn: Turn, action: str, scope: Scope | None = None) -> Held | None:
    """Return the role under which the person may act, None if there is none."""
    for held in turn.held:
        if covers(held, action, scope or Scope(held.commune)):
            return held
    return None


def is_staff(turn: Turn) -> bool:
    return bool(turn.held)


async def act(
    turn: Turn,
    action: str,
    scope: Scope,
    case_code: str | None = None,
    **facts: object,
) -> Held:
    """Check that the person may act here and write the action into the log.

    Raises:
        NotAllowed: another role or commune; nothing was done, the attempt is logged.
    """
    held = role_for(turn, action, scope)
    if held is None:
        log.warning("action_refused", action=action, person=str(turn.person_id), case=case_code)
        raise NotAllowed(N_("Dạ, việc này không thuộc vai trò hoặc địa bàn của ông/bà."))
    await audit.write(
        turn.db,
        at=turn.now,
        person_id=turn.person_id,
        role=held.role,
        action=action,
        commune=scope.commune,
        case_code=case_code,
        facts=facts,
    )
    return held
