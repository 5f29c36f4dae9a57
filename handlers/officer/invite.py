"""Invitations: a single-use code that expires after seven days, and taking a role back."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
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
LENGTH = 10  # characters of 31: 49 bits, single use, seven days
_TYPED = re.compile(r"i-?([2-9A-HJKMNP-Z]{5})-?([2-9A-HJKMNP-Z]{5})", re.IGNORECASE)
INVITERS = frozenset({Role.OFFICER, Role.LEADER, Role.PROVINCE})


def looks_like_code(text: str) -> bool:
    return _TYPED.fullmatch(text.strip()) is not None


def _hash(body: str) -> bytes:
    return vault.current().fingerprint(f"invitation:{body}")


async def create(
    db: AsyncConnection,
    *,
    role: Role,
    commune: str | None,
    villages: tuple[str, ...],
    invited_by: UUID | None,
    now: datetime,
) -> str:
    """Make an invitation and return its code; only the hash is stored."""
    body = "".join(secrets.choice(codes.ALPHABET) for _ in range(LENGTH))
    await db.execute(
        insert(Invitation).values(
            code_hash=_hash(body),
            role=role.value,
            commune=commune,
            villages=list(villages),
            invited_by=invited_by,
            invited_at=now,
            expires_at=now + VALID,
        )
    )
    return f"i-{body[:5]}-{body[5:]}"


async def accept(turn: Turn, text: str) -> None:
    """Use an invitation: one person, once, in time."""
    t = turn.t
    match = _TYPED.fullmatch(text.strip())
    taken = None
    if match is not None:
        body = (match.group(1) + match.group(2)).upper()
        used = await turn.db.execute(
            update(Invitation)
            .where(
                Invitation.code_hash.in_(vault.current().fingerprints(f"invitation:{body}")),
                Invitation.used_at.is_(None),
                Invitation.revoked_at.is_(None),
                Invitation.expires_at > turn.now,
            )
            .values(used_at=turn.now, used_by=turn.person_id)
            .returning(*Invitation.__table__.c)
        )
        taken = used.one_or_none()
    if taken is None:
        turn.say(
            t(
                N_(
                    "Dạ, mã mời này không dùng được: gõ chưa đúng, đã dùng, hoặc quá 7 ngày. Xin người mời gửi mã mới."
                )
            ),
            *menu_buttons(turn),
        )
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
    turn.close()
    await turn.reload_roles()
    turn.say(
        t(
            N_("✅ Ông/bà đã được giao vai trò:\n{roles}\nGõ /trogiup để xem các lệnh."),
            roles=showing.describe(turn),
        ),
        *menu_buttons(turn),
        menu=taken.role,
    )


async def start(turn: Turn, argument: str) -> None:
    """/moi: whom, and for a village head which village."""
    t = turn.t
    may = _may_invite(turn)
    if not may:
        turn.say(t(N_("Dạ, vai trò này không mời được người khác.")), *menu_buttons(turn))
        return
    del argument
    turn.open("invite", uuid4(), _may=[role.value for role in may], _province=_is_province(turn))


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


async def revoke(turn: Turn, argument: str) -> None:
    """``/thuhoi``: the people of the commune; ``/thuhoi <number>`` takes a role back."""
    t = turn.t
    held = role_for(turn, "revoke")
    if held is None:
        turn.say(t(N_("Dạ, chỉ lãnh đạo xã thu hồi vai trò được.")))
        return
    query = select(Grant.id, Grant.role, Grant.commune, Grant.villages, Grant.person_id)
    query = query.where(Grant.revoked_at.is_(None)).order_by(Grant.id)
    if held.commune:
        query = query.where(Grant.commune == held.commune)
    rows = (await turn.db.execute(query)).all()
    wanted = argument.strip()
    chosen = next((row for row in rows if wanted == str(row.id)), None)
    if chosen is None or chosen.person_id == turn.person_id:
        lines = [
            f"{row.id}. {t(ROLE[Role(row.role)])} – {cards.commune_name(row.commune or '', t)} {', '.join(row.villages)}"
            for row in rows
        ]
        turn.say("\n".join([t(N_("Gõ /thuhoi và số thứ tự để thu hồi vai trò:")), *lines]))
        return
    await act(
        turn, "revoke", Scope(chosen.commune), role=chosen.role, person=str(chosen.person_id)
    )
    await turn.db.execute(update(Grant).where(Grant.id == chosen.id).values(revoked_at=turn.now))
    turn.say(t(N_("Đã thu hồi vai trò số {number}."), number=chosen.id))


FORMS = (Form(FLOW, finish),)
COMMANDS = (
    Command("moi", "invite", start, N_("Mời cán bộ, trưởng thôn"), INVITERS),
    Command(
        "thuhoi", "revoke", revoke, N_("Thu hồi vai trò"), frozenset({Role.LEADER, Role.PROVINCE})
    ),
)
