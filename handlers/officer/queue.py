"""Looking at cases: the queue, one case, search, help."""

from __future__ import annotations

import re

from sqlalchemy import func, select

from handlers import cards, casebook, showing
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.permissions import LOOKERS, Scope, act
from handlers.render import command_button
from models import codes, phone, vault
from models.cases import Case, Status
from models.text import fold

PAGE = 8  # what one screen of a telephone shows


async def queue(turn: Turn, argument: str) -> None:
    """Open cases by the time left: ``/hangdoi``, ``/hangdoi 2``, ``/hangdoi tre``."""
    words = fold(argument).split()
    page = next((int(word) for word in words if word.isdecimal()), 1)
    page = max(1, min(page, 10_000))
    query = casebook.queue(turn.held)
    query = _filtered(query, words, turn)
    total = await turn.db.scalar(select(func.count()).select_from(query.subquery())) or 0
    cases = casebook.all_of(await turn.db.execute(query.limit(PAGE).offset((page - 1) * PAGE)))
    t = turn.t
    if not cases:
        turn.say(t(N_("Hàng đợi trống: không còn hồ sơ nào chờ.")), *menu_buttons(turn))
        return
    first = (page - 1) * PAGE + 1
    head = t(
        N_("**Hàng đợi**: {total} hồ sơ, gấp nhất trước (đang xem {first}–{last})"),
        total=total,
        first=first,
        last=first + len(cases) - 1,
    )
    lines = [cards.line(case, turn, t) for case in cases]
    buttons = [command_button("xem", case["code"], case["code"]) for case in cases]
    rest = " ".join(word for word in words if not word.isdecimal())
    if page > 1:
        buttons.append(
            command_button("hangdoi", t(N_("◀ Trang trước")), f"{page - 1} {rest}".strip())
        )
    if first + len(cases) - 1 < total:
        buttons.append(
            command_button("hangdoi", t(N_("Trang sau ▶")), f"{page + 1} {rest}".strip())
        )
    turn.say("\n".join([head, *lines]), *buttons)


def _filtered(query: casebook.Query, words: list[str], turn: Turn) -> casebook.Query:
    if {"tre", "late"} & set(words):
        query = query.where(casebook.next_due() < turn.now)
    if {"cuatoi", "toi", "mine"} & set(words):
        query = query.where(Case.taken_by == turn.person_id)
    if {"moi", "new"} & set(words):
        query = query.where(Case.status == Status.NEW.value)
    return query


async def show(turn: Turn, argument: str) -> None:
    """/xem: staff see what they cover, everybody else their own."""
    found = codes.read(argument) or codes.find(argument)
    if found is None:
        if turn.held and not argument:
            await queue(turn, "")
        elif turn.held:
            turn.say(turn.t(N_("Dạ, xin gõ mã hồ sơ sau lệnh, ví dụ: /xem QN-7K3M-9.")))
        else:
            await showing.own_list(turn)
        return
    await showing.show_or_explain(turn, found)


async def search(turn: Turn, argument: str) -> None:
    """``/tim 0912345678``, ``/tim QN…``, ``/tim sap Phước Thiện``: number, code, kind or village."""
    t = turn.t
    wanted = argument.strip()
    if not wanted:
        turn.say(
            t(
                N_(
                    "Dạ, gõ điều cần tìm sau lệnh: số điện thoại, thôn hoặc mã, ví dụ /tim Phước Thiện."
                )
            )
        )
        return
    found = codes.find(wanted)
    if found is not None:
        await showing.show_or_explain(turn, found)
        return
    number = phone.normalise(wanted)
    query = casebook.everything(turn.held)
    if number is not None:
        query = query.where(Case.phone_hash.in_(vault.current().fingerprints(number)))
        rows = casebook.all_of(await turn.db.execute(query.limit(PAGE)))
    else:
        rows = await _by_words(turn, query, wanted)
    for held in turn.held[:1]:
        await act(turn, "search", Scope(held.commune, held.villages[0] if held.villages else None))
    if not rows:
        turn.say(
            t(
                N_("Không thấy hồ sơ nào khớp «{wanted}» trong địa bàn của ông/bà."),
                wanted=wanted[:60],
            )
        )
        return
    lines = [cards.line(case, turn, t) for case in rows]
    turn.say("\n".join(lines), *(command_button("xem", one["code"], one["code"]) for one in rows))


async def _by_words(turn: Turn, query: casebook.Query, wanted: str) -> list[CaseRow]:
    """Names are encrypted, so the newest cases are opened here and compared, not in SQL."""
    words = re.findall(r"\w+", fold(wanted))
    found = []
    for case in casebook.all_of(await turn.db.execute(query.limit(500))):
        details = case["details"] or {}
        text = fold(
            " ".join(
                [
                    case["village"] or "",
                    str(details.get("head", "")),
                    str(details.get("address", "")),
                    cards.kinds(case, turn.t),
                ]
            )
        )
        if all(word in text for word in words):
            found.append(case)
    return found[:PAGE]


FORMS: tuple[Form, ...] = ()
COMMANDS = (
    Command(
        "hangdoi",
        "queue",
        queue,
        N_("Hàng đợi: hồ sơ chờ, gấp nhất trước"),
        LOOKERS,
        ("hang doi",),
    ),
    Command("xem", "show", show, N_("Xem một hồ sơ: /xem QN-7K3M-9")),
    Command("tim", "search", search, N_("Tìm theo số điện thoại, thôn, tên"), LOOKERS),
)
