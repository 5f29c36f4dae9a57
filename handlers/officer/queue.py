"""Looking at cases: the queue, one case, search, help."""

from __future__ import annotations

import re

from sqlalchemy import any_, func, literal, or_, select

from handlers import cards, casebook, casequeue, showing
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.forms import Command
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.messages import Button
from handlers.permissions import LOOKERS, Scope, act
from handlers.render import command_button
from handlers.typed import as_typed
from handlers.villages import key as village_key
from handlers.vocabulary import EMERGENCY, KINDS
from models import codes, phone, vault
from models.cases import Case, Status
from models.text import fold

PAGE = 8  # what one screen of a telephone shows
TOKEN = 50  # bytes of a filter that a button can carry
NAMED = frozenset({"tre", "late", "cua", "toi", "mine", "moi", "new", "cuatoi"})


async def queue(turn: Turn, argument: str) -> None:
    """Open cases by the time left: ``/hangdoi``, ``/hangdoi 2``, ``tre``, ``sap``, a village."""
    words = fold(argument).split()
    asked = next((int(word) for word in words if word.isdecimal() and len(word) < 5), 1)
    rest = " ".join(word for word in words if not word.isdecimal())
    query = await _filtered(turn, await casequeue.queue(turn, turn.held), rest)
    total = await turn.db.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = max(1, min(asked, -(-total // PAGE)))
    cases = casebook.all_of(await turn.db.execute(query.limit(PAGE).offset((page - 1) * PAGE)))
    t = turn.t
    if not cases:
        empty = N_("Hàng đợi trống: không còn hồ sơ nào chờ.")
        if rest:
            empty = N_("Không có hồ sơ nào chờ theo «{filter}». Xem tất cả: /hangdoi")
        turn.say(t(empty, filter=as_typed(argument.strip()[:60])), *menu_buttons(turn))
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
    if page > 1:
        buttons.append(_page(t(N_("◀ Trang trước")), page - 1, rest))
    if first + len(cases) - 1 < total:
        buttons.append(_page(t(N_("Trang sau ▶")), page + 1, rest))
    turn.say("\n".join([head, *lines]), *buttons)


def _page(label: str, number: int, rest: str) -> Button:
    argument = f"{number} {rest}".strip().encode()[:TOKEN].decode(errors="ignore")
    return command_button("hangdoi", label, argument)


async def _filtered(turn: Turn, query: casebook.Query, wanted: str) -> casebook.Query:
    """Late ones, own ones, new ones; what is left is a kind or a village."""
    words = set(wanted.split())
    if words & {"tre", "late"}:
        query = query.where(casebook.next_due() < turn.now, Case.waiting_since.is_(None))
    if words & {"toi", "mine", "cuatoi"}:
        query = query.where(Case.taken_by == turn.person_id)
    if words & {"moi", "new"}:
        query = query.where(Case.status == Status.NEW.value)
    rest = [word for word in wanted.split() if word not in NAMED]
    if not rest:
        return query
    kinds = [
        one.id
        for one in (*KINDS, EMERGENCY)
        if set(rest) <= set(re.findall(r"\w+", fold(one.label)))
    ]
    villages = []
    for held in turn.held:
        named = await casequeue.villages(turn, held.commune)
        villages += [one for one in named if village_key(" ".join(rest)) in village_key(one)]
    of_kind = [literal(kind) == any_(casebook.TABLE.c.kinds) for kind in kinds]
    return query.where(or_(Case.village.in_(villages), *of_kind))


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
    """``/tim 0912345678``, ``QN…``, ``sap Phước Thiện``: number, code, name, kind or village."""
    t = turn.t
    wanted = argument.strip()
    if not wanted:
        turn.say(
            t(
                N_(
                    "Dạ, gõ điều cần tìm sau lệnh: số điện thoại, thôn, tên hoặc mã, "
                    "ví dụ /tim Phước Thiện."
                )
            )
        )
        return
    found = codes.read(wanted)
    if found is not None and (found.code is not None or found.typed.upper().startswith("QN")):
        await showing.show_or_explain(turn, found)
        return
    number = phone.normalise(wanted)
    query = await casequeue.everything(turn, turn.held)
    if number is not None:
        query = query.where(Case.phone_hash.in_(vault.current().fingerprints(number)))
        rows = casebook.all_of(await turn.db.execute(query.limit(PAGE)))
    else:
        rows = await _by_words(turn, query, wanted)
    await act(turn, "search", Scope(turn.held[0].commune))
    if not rows:
        turn.say(
            t(
                N_("Không thấy hồ sơ nào khớp «{wanted}» trong địa bàn của ông/bà."),
                wanted=as_typed(wanted[:60]),
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
