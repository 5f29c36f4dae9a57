"""``/mau``: the ready replies of a commune, edited in chat."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import delete, insert, update

from handlers import replies
from handlers.answers import one_of, words
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Choice, Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.messages import Button
from handlers.permissions import Scope, act, role_for
from handlers.render import command_button
from handlers.typed import as_typed
from models.offices import ReplyTemplate
from models.people import Role

EDITORS = frozenset({Role.OFFICER, Role.LEADER})
LONGEST = 500  # letters: a reply that fits one message
USES = tuple(Choice(use, label) for use, label in replies.USES.items())


async def edit(turn: Turn, argument: str) -> None:
    """``/mau``: all of them; ``them``, ``sua 3``, ``xoa 3`` change them."""
    held = role_for(turn, "replies")
    if held is None or held.commune is None:
        turn.say(turn.t(N_("Dạ, mẫu trả lời là của từng xã.")), *menu_buttons(turn))
        return
    word, _, number = argument.strip().partition(" ")
    rows = await replies.of_commune(turn, held.commune)
    chosen = next((row for row in rows if str(row["id"]) == number.strip()), None)
    if word == "them":
        use = number.strip() if number.strip() in replies.USES else None
        turn.open("reply", uuid4(), **({"use": use} if use else {}))
    elif word == "sua" and chosen is not None:
        turn.open("reply", uuid4(), use=chosen["use"], _id=chosen["id"], _old=chosen["text"])
    elif word == "xoa" and chosen is not None:
        await act(turn, "replies", Scope(held.commune), removed=chosen["id"])
        await turn.db.execute(delete(ReplyTemplate).where(ReplyTemplate.id == chosen["id"]))
        text = as_typed(chosen["text"])
        turn.say(turn.t(N_("🗑 Đã xoá mẫu: «{text}»"), text=text), *_doors(turn))
    elif chosen is not None or word.isdecimal():
        _one(turn, rows, word)
    else:
        _list(turn, rows)


def _list(turn: Turn, rows: list[replies.ReplyRow]) -> None:
    t = turn.t
    lines = [t(N_("📄 **Mẫu trả lời của xã** (bấm số để sửa, xoá)"))]
    for use, label in replies.USES.items():
        own = [row for row in rows if row["use"] == use]
        if own:
            lines.append(f"**{t(label)}**")
            lines += [f"{row['id']}. {as_typed(row['text'])}" for row in own]
    if not rows:
        lines.append(t(N_("Chưa có mẫu nào. Chỗ để điền thì viết «…».")))
    turn.say(
        "\n".join(lines),
        *(command_button("mau", str(row["id"]), str(row["id"])) for row in rows),
        command_button("mau", t(N_("✚ Thêm mẫu")), "them"),
    )


def _one(turn: Turn, rows: list[replies.ReplyRow], number: str) -> None:
    t = turn.t
    row = next((row for row in rows if str(row["id"]) == number), None)
    if row is None:
        _list(turn, rows)
        return
    turn.say(
        f"**{t(replies.USES[row['use']])}**\n{as_typed(row['text'])}",
        command_button("mau", t(N_("✏ Sửa")), f"sua {number}"),
        command_button("mau", t(N_("🗑 Xoá")), f"xoa {number}"),
        *_doors(turn),
    )


def _doors(turn: Turn) -> tuple[Button, ...]:
    return (command_button("mau", turn.t(N_("📄 Các mẫu"))),)


async def kept(turn: Turn, values: Values) -> None:
    held = role_for(turn, "replies")
    if held is None or held.commune is None:
        return
    use, text = str(values["use"]), str(values["text"])
    columns = {"text": text, "changed_by": turn.person_id, "changed_at": turn.now}
    if values.get("_id") is None:
        await act(turn, "replies", Scope(held.commune), added=use)
        await turn.db.execute(
            insert(ReplyTemplate).values(commune=held.commune, use=use, **columns)
        )
    else:
        await act(turn, "replies", Scope(held.commune), changed=values["_id"])
        await turn.db.execute(
            update(ReplyTemplate)
            .where(ReplyTemplate.id == values["_id"], ReplyTemplate.commune == held.commune)
            .values(**columns)
        )
    turn.say(
        turn.t(N_("📄 Đã lưu mẫu, hiện ra khi bấm {use}."), use=turn.t(replies.USES[use])),
        *_doors(turn),
        command_button("mau", turn.t(N_("✚ Thêm mẫu")), "them"),
    )


def _text(text: str) -> str:
    said = words(text)
    if len(said) > LONGEST:
        raise BadAnswer(N_("Dạ, mẫu dài quá {most} chữ cái, xin rút ngắn."), most=LONGEST)
    return said


def said(turn: Turn, values: Values) -> str:
    old = values.get("_old")
    return turn.t(N_("Mẫu đang dùng:\n{text}"), text=as_typed(str(old))) if old else ""


FORM = Form(
    Flow(
        "reply",
        (
            Question("use", N_("Mẫu dùng khi nào?"), one_of(USES), choices=lambda _: USES),
            Question(
                "text",
                N_("Gõ câu mẫu (không ghi tên, số của ai). Chỗ để điền thì viết «…»."),
                _text,
            ),
        ),
    ),
    kept,
    said=said,
)
FORMS = (FORM,)
COMMANDS = (Command("mau", "replies", edit, N_("Mẫu trả lời của xã"), EDITORS),)
