"""``/nhom``: a leader links a group chat of the office, where cards show no names."""

from __future__ import annotations

from handlers import cards, groups
from handlers.desk import Turn
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.messages import Outgoing
from handlers.permissions import Scope, act
from handlers.render import command_button
from handlers.times import moment
from models.people import Role

OFF = "bo"


async def link(turn: Turn, group: str) -> None:
    """``/nhom`` said in a group by a leader; nobody else is answered there."""
    commune = _leads(turn)
    if commune is None:
        return
    t = turn.t
    conversation_id = await groups.conversation(turn, group)
    linked = await groups.linked_to(turn, conversation_id)
    name = cards.commune_name(commune, t)
    if linked not in (None, commune):
        turn.say(t(N_("Dạ, nhóm này đã liên kết với xã khác; lãnh đạo xã ấy gõ /nhom để bỏ.")))
        return
    if linked is None:
        await act(turn, "settings", Scope(commune), setting="group", conversation=conversation_id)
        await groups.link(turn, conversation_id, commune, turn.person_id)
    told = t(
        N_(
            "✅ Nhóm này nhận thẻ hồ sơ mới của {commune}: không tên, không số điện thoại. Cán bộ "
            "đã có vai trò bấm Nhận thì hồ sơ mở trong trò chuyện riêng. Tin nhắn khác trong nhóm "
            "kênh không đọc."
        ),
        commune=name,
    )
    turn.tell(await turn.chat(conversation_id), Outgoing(told))


async def show(turn: Turn, argument: str) -> None:
    """``/nhom`` in the leader's own chat: which groups are linked, and how to link one."""
    commune = _leads(turn)
    if commune is None:
        return
    t = turn.t
    rows = await groups.of_commune(turn, commune)
    word, _, number = argument.strip().partition(" ")
    chosen = next((row for row in rows if str(row["id"]) == number.strip()), None)
    if word == OFF and chosen is not None:
        await act(turn, "settings", Scope(commune), setting="group", unlinked=chosen["id"])
        chat = await turn.chat(chosen["conversation_id"])
        turn.tell(chat, Outgoing(t(N_("Nhóm này không còn nhận thẻ hồ sơ."))))
        await groups.unlink(turn, chosen["conversation_id"])
        rows = await groups.of_commune(turn, commune)
    lines = [
        t(N_("Nhóm {n}, liên kết từ {at}"), n=row["id"], at=moment(row["linked_at"], t))
        for row in rows
    ]
    turn.say(
        "\n".join(
            [
                t(N_("👥 **Nhóm Telegram của xã**")),
                *(lines or [t(N_("Chưa có nhóm nào."))]),
                t(N_("Thêm kênh vào nhóm của cơ quan rồi gõ /nhom **trong nhóm** để liên kết.")),
            ]
        ),
        *(
            command_button("nhom", t(N_("Bỏ nhóm {n}"), n=row["id"]), f"{OFF} {row['id']}")
            for row in rows
        ),
    )


def _leads(turn: Turn) -> str | None:
    return next((held.commune for held in turn.held if held.role == Role.LEADER), None)


FORMS: tuple[Form, ...] = ()
COMMANDS = (Command("nhom", "group", show, N_("Nhóm Telegram của xã"), frozenset({Role.LEADER})),)
