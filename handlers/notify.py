"""Telling staff and reporters what happened to a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from handlers import cards, checks, groups, roster
from handlers.desk import Chat, Desk
from handlers.i18n import N_, translator
from handlers.messages import Button, Outgoing, Position
from handlers.render import command_button
from handlers.typed import as_typed
from handlers.vocabulary import PROVINCE_WIDE
from models.cases import Case, MediaFile, Status
from models.conversations import Conversation
from models.deadlines.ladder import card_at
from models.deadlines.ladder_file import USUAL
from models.hot import Hot
from models.outbox import Lane
from models.people import Role


async def files(desk: Desk, case_id: int) -> tuple[str, ...]:
    """Ids of the case's files that are stored and can be shown."""
    return tuple(row["id"].hex for row in await _FILES.rows(desk.db, case_id=case_id))


async def stored(desk: Desk, ids: Sequence[str]) -> tuple[str, ...]:
    """Those of some files that can be shown."""
    if not ids:
        return ()
    rows = await desk.db.scalars(
        select(MediaFile.id)
        .where(MediaFile.id.in_([UUID(one) for one in ids]), MediaFile.stored_at.is_not(None))
        .order_by(MediaFile.received_at)
    )
    return tuple(one.hex for one in rows)


_FILES = Hot(
    select(MediaFile.id)
    .where(MediaFile.case_id == bindparam("case_id"), MediaFile.stored_at.is_not(None))
    .order_by(MediaFile.received_at)
)


async def new_case(desk: Desk, case: Mapping[str, Any], *, again: bool = False) -> bool:
    """Send the card of a case to those on duty, emergencies ahead of all else.

    What is no emergency waits for the office to open: the clockwork sends it then.  Whoever plays
    the demonstration at night is not made to wait.

    False when nobody is there to take it; then the province is told that somebody must be found.
    """
    everywhere = case["commune"] == PROVINCE_WIDE
    if everywhere:
        chats, rules = await desk.staff(None, {Role.PROVINCE}), USUAL
    else:
        there = await roster.of(desk, case["commune"])
        chats, rules = there.on_duty(), there.rules
    opens = card_at(case["urgency"], desk.now, case["commune"], rules)
    if opens > desk.now and not desk.world.demo:
        await _wait(desk, case, opens)
        return bool(chats)
    await show_to(desk, case, chats, N_("Bổ sung hồ sơ") if again else N_("Hồ sơ mới"))
    if not again:
        await groups.show(desk, case)
    if not chats and not everywhere:
        for chat in await desk.staff(None, {Role.PROVINCE}):
            t = translator(chat.locale)
            text = t(
                N_("⚠ {where} chưa có cán bộ trên kênh này, hồ sơ {code} chưa có ai nhận."),
                where=cards.commune_name(case["commune"], t),
                code=case["code"],
            )
            desk.tell(chat, Outgoing(text), lane(case), case["id"])
    await checks.by_itself(desk, case)
    return bool(chats)


async def show_to(desk: Desk, case: Mapping[str, Any], chats: Sequence[Chat], head: str) -> None:
    """Send the card of a case; ``head`` is a message id."""
    shown = await files(desk, case["id"])
    for chat in chats:
        message = card(case, desk, chat, translator(chat.locale)(head), shown)
        desk.tell(chat, message, lane(case), case["id"])


def lane(case: Mapping[str, Any]) -> Lane:
    return Lane.URGENT if case["urgency"] == "sos" else Lane.REPLY


_WAIT = Hot(
    update(Case)
    .where(Case.id == bindparam("case_id"))
    .values(
        card_at=bindparam("opens", type_=Case.card_at.type),
        next_rung_at=func.least(Case.next_rung_at, bindparam("opens", type_=Case.card_at.type)),
    )
)


async def _wait(desk: Desk, case: Mapping[str, Any], opens: datetime) -> None:
    await _WAIT.run(desk.db, case_id=case["id"], opens=opens)


async def in_charge(desk: Desk, case: Mapping[str, Any], also: UUID | None = None) -> list[Chat]:
    """Whoever took the case or stands in for them; while nobody has, those on duty."""
    if case["commune"] == PROVINCE_WIDE:
        return await desk.staff(None, {Role.PROVINCE})
    there = await roster.of(desk, case["commune"])
    return there.in_charge(case["taken_by"], also) or there.on_duty()


def tell(  # noqa: PLR0913 - a message is exactly these
    desk: Desk,
    case: Mapping[str, Any],
    chats: Sequence[Chat],
    message: str,
    *,
    lane: Lane = Lane.REPLY,
    media: tuple[str, ...] = (),
    **values: object,
) -> None:
    """Say something of a case to staff, in each one's language, with what they may do next."""
    for chat in chats:
        text = translator(chat.locale)(message, code=case["code"], **values)
        told = Outgoing(text, staff_buttons(case, chat), media=media)
        desk.tell(chat, told, lane, case["id"])


async def on_duty(desk: Desk, case: Mapping[str, Any]) -> list[Chat]:
    if case["commune"] == PROVINCE_WIDE:
        return await desk.staff(None, {Role.PROVINCE})
    return (await roster.of(desk, case["commune"])).on_duty()


async def responsible(desk: Desk, case: Mapping[str, Any]) -> list[Chat]:
    """Whoever has the case, and the leaders."""
    if case["commune"] == PROVINCE_WIDE:
        return await desk.staff(None, {Role.PROVINCE})
    there = await roster.of(desk, case["commune"])
    holders = there.in_charge(case["taken_by"]) or there.on_duty()
    return list({chat.id: chat for chat in (*holders, *there.leaders())}.values())


def card(
    case: Mapping[str, Any], desk: Desk, chat: Chat, head: str, shown: tuple[str, ...]
) -> Outgoing:
    t = translator(chat.locale)
    where = (case["details"] or {}).get("position")
    return Outgoing(
        f"{head}\n{cards.staff_card(case, desk, t, len(shown))}",
        staff_buttons(case, chat),
        media=shown,
        position=Position(*where) if where else None,
    )


NOTE = ("ghichu", N_("📝 Ghi chú"))
URGENCY = ("mucdo", N_("⚡ Mức khẩn"))
REOPEN = ("molai", N_("↩ Mở lại"))
TAKE = ("nhan", N_("✋ Nhận"))
ANSWER = ("giaidap", N_("✍ Trả lời"))
ASK = ("hoi", N_("💬 Hỏi"))
HEAD = ("xacminh", N_("🏘 Hỏi trưởng thôn"))
PASS_ON = ("chuyen", N_("↪ Chuyển"))
_REPORT: Mapping[Status, tuple[tuple[str, str], ...]] = {
    Status.NEW: (TAKE, ASK, HEAD, URGENCY, NOTE),
    Status.TAKEN: (
        ("xacnhan", N_("✅ Xác nhận")),
        ("tuchoi", N_("❌ Từ chối")),
        ASK,
        HEAD,
        PASS_ON,
        URGENCY,
        NOTE,
    ),
    Status.CONFIRMED: (("datrogiup", N_("🎁 Đã trợ giúp")), REOPEN, NOTE),
}
_QUESTION: Mapping[Status, tuple[tuple[str, str], ...]] = {
    Status.NEW: (ANSWER, TAKE, ASK, URGENCY, NOTE),
    Status.TAKEN: (ANSWER, ASK, PASS_ON, URGENCY, NOTE),
}


def staff_buttons(case: Mapping[str, Any], chat: Chat) -> tuple[Button, ...]:
    """What can be done with a case in its present state."""
    t = translator(chat.locale)
    offers = _QUESTION if cards.is_question(case) else _REPORT
    offered = offers.get(Status(case["status"]), (REOPEN, NOTE))
    return tuple(command_button(name, t(label), case["code"]) for name, label in offered)


async def reporter(
    desk: Desk,
    case: Mapping[str, Any],
    message: str,
    *buttons: tuple[str, str],
    media: tuple[str, ...] = (),
    **values: str,
) -> None:
    """Tell the person who reported; ``message`` and button labels are message ids.

    Values are shown as they were typed; the place ``{office}`` is filled in for the reader.
    """
    typed = {name: as_typed(value) for name, value in values.items()}
    for one in (case, *await _followers(desk, case)):
        chat = await desk.chat(one["conversation_id"])
        t = translator(chat.locale)
        shown = tuple(command_button(name, t(label), one["code"]) for name, label in buttons)
        text = t(message, code=one["code"], office=cards.office(case["commune"], t), **typed)
        desk.tell(chat, Outgoing(text, shown, media=media), lane(case), one["id"])


async def _followers(desk: Desk, case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Cases of the same household that follow this one: their reporters hear what it hears."""
    rows = await desk.db.execute(
        select(Case.id, Case.code, Case.conversation_id)
        .where(
            Case.same_as == case["id"],
            Case.conversation_id != case["conversation_id"],
            # of a list its sender hears as a whole
            Case.list_id.is_(None),
        )
        .order_by(Case.id)
    )
    return [dict(row) for row in rows.mappings()]


async def person(desk: Desk, person_id: UUID, text: Outgoing, case_id: int | None = None) -> None:
    """Tell one member of staff on every chat they have."""
    query = select(Conversation.id).where(
        Conversation.person_id == person_id, Conversation.gone_at.is_(None)
    )
    for conversation_id in (await desk.db.scalars(query)).all():
        desk.tell(await desk.chat(conversation_id), text, Lane.REPLY, case_id)
