"""The officer's day in chat: the work of today, and whom to telephone or visit."""

from __future__ import annotations

from sqlalchemy import update

from handlers import cards, casebook, codewords, myday, reach
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.messages import Button
from handlers.permissions import WORKERS, act
from handlers.render import command_button
from handlers.showing import scope
from handlers.staffwork import find
from models.unreached import Unreached, Why

PAGE = 8
TRIES = 3  # looked for in vain so often, somebody comes off the list
HOWS = {
    "goi": ("phoned", N_("📞 Đã gọi được")),
    "toinha": ("visited", N_("🏠 Đã tới nhà")),
    "khonggap": ("not_found", N_("❓ Chưa gặp được")),
}


async def today(turn: Turn, _: str) -> None:
    """``/homnay``: what is late, due today, new, and mine."""
    work = await myday.lay_out(turn, turn.me, turn.held)
    if work is None:
        turn.say(turn.t(N_("☀️ Hôm nay không còn việc nào chờ ông/bà.")), *menu_buttons(turn))
        return
    turn.say(work.text, *work.buttons)


async def unreached(turn: Turn, argument: str) -> None:
    """``/chuabao``: the list; with a code one entry; with a code and how, ticked off."""
    if codewords.split(argument)[0] is None:
        number = argument.strip()
        await _list(turn, int(number) if number.isdecimal() and len(number) < 4 else 1)
        return
    case, rest = await find(turn, "chuabao", argument)
    if case is None:
        return
    one = await reach.entry(turn, case["id"])
    if one is None:
        turn.say(
            turn.t(N_("Dạ, {code} không còn trong danh sách cần gọi."), code=case["code"]),
            command_button("chuabao", turn.t(N_("📞 Danh sách cần gọi"))),
            command_button("xem", turn.t(N_("📂 Xem hồ sơ")), case["code"]),
        )
        return
    word, _, remark = rest.partition(" ")
    if word in HOWS:
        await _tick(turn, case, one, word, remark.strip())
    else:
        await _show(turn, case, one)


async def _list(turn: Turn, asked: int) -> None:
    t = turn.t
    total = await reach.count(turn, turn.held)
    page = max(1, min(asked, -(-total // PAGE)))
    rows = await reach.entries(turn, turn.held, PAGE, (page - 1) * PAGE)
    if not rows:
        turn.say(t(N_("📞 Không có ai cần gọi điện hay tới nhà.")), *menu_buttons(turn))
        return
    head = t(
        N_("📞 **Cần gọi điện hoặc tới nhà** ({total}): chat không tới được. Bấm mã để xem số."),
        total=total,
    )
    lines = [f"{cards.line(one, turn, t)}\n   {reach.line(one, t)}" for one in rows]
    turn.say(
        "\n".join([head, *lines]),
        *(command_button("chuabao", one["code"], one["code"]) for one in rows),
        *(_page(turn, N_("◀ Trang trước"), page - 1) if page > 1 else ()),
        *(_page(turn, N_("Trang sau ▶"), page + 1) if page * PAGE < total else ()),
    )


def _page(turn: Turn, label: str, number: int) -> tuple[Button, ...]:
    return (command_button("chuabao", turn.t(label), str(number)),)


async def _show(turn: Turn, case: CaseRow, one: CaseRow) -> None:
    """Whom to ring, where to go, and what they do not know yet."""
    await act(turn, "show", scope(case), case["code"])
    t = turn.t
    details = case["details"] or {}
    number = details.get("phone")
    events = await casebook.events(turn, case["id"], public_only=True)
    rows = [
        f"📞 {cards.line(case, turn, t)}",
        reach.line(one, t),
        *cards.facts(case, t),
        "" if number else t(N_("Hồ sơ không có số điện thoại: tới nhà, hoặc hỏi trưởng thôn.")),
        t(N_("**Người dân cần được nghe:**")),
        cards.story(events[-3:], t),
    ]
    turn.say("\n".join(row for row in rows if row), *_hows(turn, case), case_id=case["id"])


def _hows(turn: Turn, case: CaseRow) -> list[Button]:
    return [
        command_button("chuabao", turn.t(label), f"{case['code']} {word}")
        for word, (_, label) in HOWS.items()
    ]


async def _tick(turn: Turn, case: CaseRow, one: CaseRow, word: str, remark: str) -> None:
    """Somebody telephoned or went: into the story, into the log, and off the list."""
    how, label = HOWS[word]
    await act(turn, "reach", scope(case), case["code"], how=how)
    await casebook.event(turn, case["id"], how, by=turn.person_id)
    if remark:
        await casebook.event(
            turn, case["id"], "noted", by=turn.person_id, public=False, text=remark
        )
    in_vain = how == "not_found"
    tries = one["tries"] + in_vain
    columns: dict[str, object] = {"tries": tries}
    done = not in_vain or tries >= TRIES
    if done:
        columns |= {"closed_at": turn.now, "how": how, "closed_by": turn.person_id}
    await turn.db.execute(update(Unreached).where(Unreached.id == one["id"]).values(**columns))
    t = turn.t
    told = [t(N_("{how}: {code}, đã ghi vào câu chuyện."), how=t(label), code=case["code"])]
    if one["why"] == Why.SILENT and not in_vain and case["waiting_since"]:
        case = await casebook.resume(turn, case)
        told.append(t(N_("Thời hạn **tính tiếp**. Xin ghi lại người dân đã trả lời gì.")))
    if not done:
        told.append(t(N_("Vẫn ở trong danh sách, xuống cuối.")))
    elif in_vain:
        told.append(t(N_("Đã tìm {n} lần, đưa ra khỏi danh sách."), n=tries))
    turn.say(
        " ".join(told),
        command_button("ghichu", t(N_("📝 Ghi chú")), case["code"]),
        command_button("chuabao", t(N_("📞 Danh sách cần gọi"))),
        command_button("xem", t(N_("📂 Xem hồ sơ")), case["code"]),
    )


FORMS: tuple[Form, ...] = ()
COMMANDS = (
    Command(
        "homnay",
        "today",
        today,
        N_("Việc của tôi hôm nay"),
        WORKERS,
        ("viec cua toi", "viec cua toi hom nay", "viec hom nay"),
    ),
    Command("chuabao", "unreached", unreached, N_("Ai cần gọi điện, tới nhà"), WORKERS),
)
