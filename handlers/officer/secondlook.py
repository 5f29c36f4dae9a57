"""The leader's second look: what officers propose is approved or given back."""

from __future__ import annotations

from sqlalchemy import select

from handlers import cards, casebook, codewords, communes, deciding, decisions, notify
from handlers.answers import words
from handlers.casebook import CaseRow
from handlers.deciding import Wish
from handlers.desk import Turn
from handlers.dialogue import Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.permissions import Scope, act, role_for
from handlers.render import command_button
from handlers.showing import scope
from handlers.staffwork import about, begin, find
from handlers.typed import as_typed
from handlers.vocabulary import STATUS
from models.cases import OPEN, Case, Status
from models.decisions import Decision, Settled
from models.people import Role

LEADERS = frozenset({Role.LEADER, Role.PROVINCE})
PAGE = 8
YES = "dongy"
SWITCH = {"bat": True, "on": True, "tat": False, "off": False}


async def look(turn: Turn, argument: str) -> None:
    """``/duyet``: what waits; ``/duyet MÃ`` one of them; with ``dongy`` it is decided."""
    kind, _, batch = argument.strip().partition(" ")
    if kind == "loat":
        await _approve_all(turn, batch)
        return
    if codewords.split(argument)[0] is None:
        await _list(turn)
        return
    case, rest = await find(turn, "duyet", argument)
    if case is None:
        return
    row = await decisions.waiting_for(turn, case["id"])
    if row is None or row["tell_at"] is not None:
        turn.say(
            turn.t(N_("Dạ, {code} không có gì chờ duyệt."), code=case["code"]),
            command_button("xem", turn.t(N_("📂 Xem hồ sơ")), case["code"]),
        )
    elif rest == YES:
        await _approve(turn, [(case, row)])
    else:
        _show(turn, case, row)


async def _list(turn: Turn) -> None:
    t = turn.t
    table = casebook.TABLE
    query = (
        select(table, Decision.what)
        .join(Decision, Decision.case_id == Case.id)
        .where(
            Decision.settled.is_(None),
            Decision.tell_at.is_(None),
            Case.commune.in_([held.commune for held in turn.held if held.role in LEADERS]),
        )
        .order_by(casebook.next_due())
    )
    rows = casebook.all_of(await turn.db.execute(query))
    if not rows:
        turn.say(t(N_("🖊 Không có gì chờ duyệt.")), *menu_buttons(turn))
        return
    lines = [f"{cards.line(one, turn, t)} → **{t(STATUS[one['what']])}**" for one in rows[:PAGE]]
    turn.say(
        "\n".join([t(N_("🖊 **Chờ duyệt**: {n} hồ sơ"), n=len(rows)), *lines]),
        *(command_button("duyet", one["code"], one["code"]) for one in rows[:PAGE]),
    )


def _show(turn: Turn, case: CaseRow, row: decisions.Row) -> None:
    t = turn.t
    body = row["body"] or {}
    turn.say(
        "\n".join(
            [
                f"{cards.line(case, turn, t)} → **{t(STATUS[row['what']])}**",
                f"«{as_typed(str(body.get('text', '')))}»",
            ]
        ),
        command_button("duyet", t(N_("✅ Duyệt")), f"{case['code']} {YES}"),
        command_button("tralai", t(N_("↩ Trả lại")), case["code"]),
        command_button("xem", t(N_("📂 Xem hồ sơ")), case["code"]),
        case_id=case["id"],
    )


async def _approve_all(turn: Turn, batch: str) -> None:
    waiting = await decisions.of_batch(turn, batch)
    await _approve(turn, [one for one in waiting if one[1]["tell_at"] is None])


async def _approve(turn: Turn, waiting: list[tuple[CaseRow, decisions.Row]]) -> None:
    """Decide what was proposed, in the leader's name; the officer hears it."""
    done: list[CaseRow] = []
    for case, row in waiting:
        if case["status"] not in OPEN:
            continue
        await act(turn, "approve", scope(case), case["code"], what=row["what"])
        await decisions.settle(turn, row, Settled.APPROVED)
        body = row["body"] or {}
        wish = Wish(
            Status(row["what"]),
            str(body.get("text", "")),
            tuple(body.get("media", ())),
            row["batch"],
        )
        done.append(await deciding.decide(turn, case, wish))
    t = turn.t
    if not done:
        turn.say(t(N_("Dạ, không còn gì của loạt này chờ duyệt.")), *menu_buttons(turn))
        return
    batch = waiting[0][1]["batch"]
    which = f"loat {batch.hex}" if batch and len(done) > 1 else done[0]["code"]
    turn.say(
        t(
            N_("✅ Đã duyệt {n} hồ sơ: {codes}. Người dân được báo sau ít phút."),
            n=len(done),
            codes=", ".join(one["code"] for one in done),
        ),
        command_button("rutlai", t(N_("⏪ Rút lại")), which),
        command_button("duyet", t(N_("🖊 Còn chờ duyệt"))),
    )


async def give_back(turn: Turn, argument: str) -> None:
    await begin(turn, "tralai", argument, RETURN, OPEN)


async def given_back(turn: Turn, values: Values) -> None:
    """The officer reads why, and decides anew."""
    case = await casebook.by_code(turn, str(values["_case"]), lock=True)
    if case is None:
        return
    row = await decisions.waiting_for(turn, case["id"])
    if row is None or row["tell_at"] is not None:
        turn.say(turn.t(N_("Dạ, {code} không có gì chờ duyệt."), code=case["code"]))
        return
    await act(turn, "return", scope(case), case["code"], what=row["what"])
    await decisions.settle(turn, row, Settled.RETURNED)
    text = str(values["text"])
    await casebook.event(turn, case["id"], "returned", by=turn.person_id, public=False, text=text)
    chats = await notify.in_charge(turn, case, row["by_id"])
    notify.tell(turn, case, chats, N_("🖊 Lãnh đạo trả lại {code}: {text}"), text=as_typed(text))
    turn.say(
        turn.t(N_("↩ Đã trả lại {code}, cán bộ đọc được lý do."), code=case["code"]),
        command_button("duyet", turn.t(N_("🖊 Còn chờ duyệt"))),
    )


async def switch(turn: Turn, argument: str) -> None:
    """``/xemlai bat``: from now on officers propose and a leader decides."""
    t = turn.t
    held = role_for(turn, "settings")
    if held is None or held.commune is None:
        turn.say(t(N_("Dạ, việc này dành cho lãnh đạo xã.")), *menu_buttons(turn))
        return
    wanted = SWITCH.get(argument.strip().lower())
    if wanted is not None:
        await act(turn, "settings", Scope(held.commune), setting="second_look", on=wanted)
        await communes.decide(turn, held.commune, second_look=wanted)
    else:
        wanted = bool((await communes.settings(turn, held.commune)).get("second_look"))
    told = N_("Cán bộ quyết định, không cần lãnh đạo duyệt.")
    button = command_button("xemlai", t(N_("Bật: lãnh đạo duyệt")), "bat")
    if wanted:
        told = N_("Cán bộ đề nghị, **lãnh đạo duyệt** xác nhận và từ chối rồi người dân mới đọc.")
        button = command_button("xemlai", t(N_("Tắt: cán bộ tự quyết")), "tat")
    turn.say(t(told), button, command_button("duyet", t(N_("🖊 Chờ duyệt"))))


RETURN = Form(
    Flow("return", (Question("text", N_("Trả lại vì sao? (cán bộ đọc)"), words),)),
    given_back,
    said=about,
)
FORMS = (RETURN,)
COMMANDS = (
    Command("duyet", "approve", look, N_("Duyệt đề nghị của cán bộ"), LEADERS),
    Command("tralai", "return", give_back, N_("Trả lại đề nghị"), LEADERS, shown=False),
    Command("xemlai", "secondlook", switch, N_("Bật, tắt lãnh đạo duyệt"), LEADERS),
)
