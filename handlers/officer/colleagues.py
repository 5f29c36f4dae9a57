"""The people of a commune's office: how they are called, and taking a role back."""

from __future__ import annotations

from sqlalchemy import Row, select, update

from handlers import cards, notify
from handlers.answers import words
from handlers.desk import Turn
from handlers.dialogue import BadAnswer
from handlers.forms import Command
from handlers.i18n import N_
from handlers.messages import Outgoing
from handlers.permissions import LOOKERS, Scope, act, role_for
from handlers.render import command_button
from handlers.typed import as_typed
from handlers.vocabulary import ROLE
from models.people import Grant, Person, Role

SURE = "chac"


async def call_me(turn: Turn, argument: str) -> None:
    """``/ten Trần Thị Lan``: the name colleagues read."""
    t = turn.t
    try:
        name = words(argument)[:80]
    except BadAnswer:
        turn.say(t(N_("Dạ, xin gõ họ tên sau lệnh, ví dụ: /ten Trần Thị Lan")))
        return
    private = await turn.db.scalar(select(Person.private).where(Person.id == turn.person_id))
    await turn.db.execute(
        update(Person)
        .where(Person.id == turn.person_id)
        .values(private={**(private or {}), "name": name})
    )
    turn.say(t(N_("Dạ, đồng nghiệp sẽ thấy tên: {name}."), name=as_typed(name)))


async def revoke(turn: Turn, argument: str) -> None:
    """``/thuhoi``: the people of the commune; with a number, and once more to be sure."""
    t = turn.t
    held = role_for(turn, "revoke")
    number, _, sure = argument.strip().partition(" ")
    rows = await _entries(turn, held.commune if held else None)
    chosen = next((row for row in rows if number == str(row.id)), None)
    if chosen is None:
        lines = [_line(turn, row) for row in rows]
        turn.say(
            "\n".join([t(N_("Thu hồi vai trò của ai? Bấm số, hoặc gõ /thuhoi và số:")), *lines]),
            *(command_button("thuhoi", str(row.id), str(row.id)) for row in rows),
        )
        return
    if sure != SURE:
        turn.say(
            t(N_("Thu hồi vai trò này? {who}"), who=_line(turn, chosen)),
            command_button("thuhoi", t(N_("Đúng, thu hồi")), f"{chosen.id} {SURE}"),
            command_button("menu", t(N_("Không"))),
        )
        return
    scope = Scope(chosen.commune)
    await act(turn, "revoke", scope, role=chosen.role, person=str(chosen.person_id))
    await turn.db.execute(update(Grant).where(Grant.id == chosen.id).values(revoked_at=turn.now))
    told = t(N_("Vai trò {role} của ông/bà đã được thu hồi."), role=t(ROLE[Role(chosen.role)]))
    others = await turn.db.scalar(
        select(Grant.role)
        .where(Grant.person_id == chosen.person_id, Grant.revoked_at.is_(None))
        .limit(1)
    )
    await notify.person(turn, chosen.person_id, Outgoing(told, menu=others or "citizen"))
    turn.say(t(N_("Đã thu hồi: {who}"), who=_line(turn, chosen)))


async def _entries(turn: Turn, commune: str | None) -> list[Row[tuple[object, ...]]]:
    """Standing roles beside one's own."""
    query = (
        select(
            Grant.id, Grant.role, Grant.commune, Grant.villages, Grant.person_id, Person.private
        )
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.revoked_at.is_(None), Grant.person_id != turn.person_id)
        .order_by(Grant.id)
    )
    if commune:
        query = query.where(Grant.commune == commune)
    return list((await turn.db.execute(query)).all())


def _line(turn: Turn, row: Row[tuple[object, ...]]) -> str:
    t = turn.t
    name = as_typed(str((row.private or {}).get("name") or ""))
    where = " ".join([cards.commune_name(row.commune or "", t), *map(as_typed, row.villages)])
    return f"{row.id}. " + " – ".join(
        part for part in (name, t(ROLE[Role(row.role)]), where) if part
    )


COMMANDS = (
    Command("ten", "name", call_me, N_("Tên để đồng nghiệp nhận ra"), LOOKERS),
    Command(
        "thuhoi", "revoke", revoke, N_("Thu hồi vai trò"), frozenset({Role.LEADER, Role.PROVINCE})
    ),
)
