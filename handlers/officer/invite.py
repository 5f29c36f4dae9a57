"""Invitations: a single-use code that expires after seven days."""

from __future__ import annotations

import re
import secrets
import string
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import cards, showing
from handlers.answers import one_of, place, words
from handlers.desk import Turn
from handlers.dialogue import Choice, Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.permissions import Scope, act, role_for
from handlers.vocabulary import ROLE
from models import audit, codes, vault
from models.people import Grant, Invitation, Role

VALID = timedelta(days=7)
LENGTH = 10  # characters of 31, one of them a digit: over 49 bits, single use, seven days
# characters outside the alphabet are let in, so that a slip is told instead of misunderstood
_TYPED = re.compile(r"i[\s-]*([0-9A-Z]{5})[\s-]*([0-9A-Z]{5})", re.IGNORECASE)
INVITERS = frozenset({Role.OFFICER, Role.LEADER, Role.PROVINCE})


def looks_like_code(text: str) -> bool:
    """An invitation as typed; without its dashes it must hold a digit, or it may be a word."""
    said = text.strip()
    return _TYPED.fullmatch(said) is not None and any(char in "-0123456789" for char in said)


def fresh_code() -> str:
    """A new code, «i-7KM2Q-XW4RT»; it always holds a digit, so that it is known without dashes."""
    while True:
        body = "".join(secrets.choice(codes.ALPHABET) for _ in range(LENGTH))
        if any(char in string.digits for char in body):
            return f"i-{body[:5]}-{body[5:]}"


def _body(text: str) -> str:
    """The ten characters of an invitation as typed; empty when it is none."""
    match = _TYPED.fullmatch(text.strip())
    return (match.group(1) + match.group(2)).upper() if match else ""


def _hash(body: str) -> bytes:
    return vault.current().fingerprint(f"invitation:{body}")


async def create(  # noqa: PLR0913 - an invitation is exactly these facts
    db: AsyncConnection,
    *,
    role: Role,
    commune: str | None,
    villages: tuple[str, ...],
    invited_by: UUID | None,
    now: datetime,
) -> str:
    """Make an invitation and return its code; only the hash is stored."""
    code = fresh_code()
    await db.execute(
        insert(Invitation).values(
            code_hash=_hash(_body(code)),
            role=role.value,
            commune=commune,
            villages=list(villages),
            invited_by=invited_by,
            invited_at=now,
            expires_at=now + VALID,
        )
    )
    return code


async def accept(turn: Turn, text: str) -> None:
    """Use an invitation: one person, once, in time."""
    taken = await _use(turn, text)
    if taken is None:
        return
    await turn.db.execute(
        insert(Grant).values(
            person_id=turn.person_id,
            role=taken.role,
            commune=taken.commune,
            villages=taken.villages,
            granted_by=taken.invited_by,
            granted_at=turn.now,
        )
    )
    await audit.write(
        turn.db,
        at=turn.now,
        person_id=turn.person_id,
        role=taken.role,
        action="accept_invitation",
        commune=taken.commune,
        facts={"invitation": taken.id},
    )
    await turn.reload_roles()
    turn.say(
        turn.t(
            N_(
                "✅ Ông/bà đã được giao vai trò:\n{roles}\n"
                "Xin gõ /ten và họ tên để đồng nghiệp nhận ra, ví dụ: /ten Trần Thị Lan. "
                "Xem các lệnh: /trogiup"
            ),
            roles=showing.describe(turn),
        ),
        *menu_buttons(turn),
        menu=taken.role,
    )


UNKNOWN = N_(
    "Dạ, không có mã mời này. Xin xem lại từng chữ (mã không có số 0, 1 và chữ O, I, L), hoặc xin "
    "người mời gửi mã mới."
)
USED = N_("Dạ, mã mời này đã được dùng rồi. Xin người mời gửi mã mới.")
OWN = N_("Dạ, ông/bà đã dùng mã này rồi. Vai trò đang có:\n{roles}")
ENDED = N_("Dạ, mã mời này đã hết hạn (quá 7 ngày) hoặc đã thu hồi. Xin người mời gửi mã mới.")


async def _use(turn: Turn, text: str) -> Row[Any] | None:
    """Mark an invitation as used by this person; otherwise say why it cannot be used."""
    body = _body(text)
    table = Invitation.__table__
    found = await turn.db.execute(
        select(table)
        .where(table.c.code_hash.in_(vault.current().fingerprints(f"invitation:{body}")))
        .with_for_update()
    )
    row = found.one_or_none()
    if row is None:
        _refuse(turn, UNKNOWN)
    elif row.used_by == turn.person_id and turn.held:
        _refuse(turn, OWN)
    elif row.used_at is not None:
        _refuse(turn, USED)
    elif row.revoked_at is not None or row.expires_at <= turn.now:
        _refuse(turn, ENDED)
    else:
        await turn.db.execute(
            update(Invitation)
            .where(Invitation.id == row.id)
            .values(used_at=turn.now, used_by=turn.person_id)
        )
        return row
    return None


def _refuse(turn: Turn, why: str) -> None:
    turn.say(turn.t(why, roles=showing.describe(turn)), *menu_buttons(turn))


async def start(turn: Turn, _: str) -> None:
    """/moi: whom, and for a village head which village."""
    t = turn.t
    may = _may_invite(turn)
    if not may:
        turn.say(t(N_("Dạ, vai trò này không mời được người khác.")), *menu_buttons(turn))
        return
    only = {"role": may[0].value} if len(may) == 1 else {}
    turn.open(
        "invite",
        uuid4(),
        _may=[role.value for role in may],
        _province=_is_province(turn),
        **only,
    )


def _is_province(turn: Turn) -> bool:
    return any(held.role == Role.PROVINCE for held in turn.held)


def _may_invite(turn: Turn) -> list[Role]:
    roles = (Role.VILLAGE_HEAD, Role.OFFICER, Role.LEADER)
    return [role for role in roles if role_for(turn, f"invite_{role.value}") is not None]


def _roles(values: Values) -> tuple[Choice, ...]:
    return tuple(Choice(one, ROLE[Role(one)]) for one in values.get("_may", ()))


def _village(values: Values) -> bool:
    return values.get("role") == Role.VILLAGE_HEAD


FLOW = Flow(
    "invite",
    (
        Question(
            "role",
            N_("Mời ai?"),
            one_of(tuple(Choice(role.value, "") for role in Role)),
            choices=_roles,
        ),
        Question(
            "commune",
            N_("Cho xã, phường nào?"),
            place,
            when=lambda v: bool(v.get("_province")),
        ),
        Question(
            "villages",
            N_("Cho thôn, tổ dân phố nào? (nhiều thôn thì cách nhau bằng dấu phẩy)"),
            words,
            when=_village,
        ),
    ),
)


async def finish(turn: Turn, values: Values) -> None:
    role = Role(str(values["role"]))
    held = role_for(turn, f"invite_{role.value}")
    own = held.commune if held else None
    commune = str(values["commune"]) if values.get("commune") else own
    await act(turn, f"invite_{role.value}", Scope(commune), role=role.value)
    villages = tuple(
        one.strip() for one in str(values.get("villages", "")).split(",") if one.strip()
    )
    code = await create(
        turn.db,
        role=role,
        commune=commune,
        villages=villages,
        invited_by=turn.person_id,
        now=turn.now,
    )
    t = turn.t
    links = turn.world.link(code)
    rows = [
        t(
            N_("✉ Mã mời **{role}** – {commune} (dùng một lần, trong 7 ngày):\n**{code}**"),
            role=t(ROLE[role]),
            commune=cards.commune_name(commune or "", t),
            code=code,
        ),
        t(N_("Người được mời gõ mã này vào khung chat, hoặc mở đường dẫn:"))
        if links
        else t(N_("Người được mời gõ mã này vào khung chat.")),
        *links,
    ]
    turn.say("\n".join(rows), qr=links[0] if links else None)


FORMS = (Form(FLOW, finish),)
COMMANDS = (Command("moi", "invite", start, N_("Mời cán bộ, trưởng thôn"), INVITERS),)
