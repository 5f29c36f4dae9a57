"""Looking at cases: the queue, one case, search, help."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from sqlalchemy import func, or_, select

from handlers import cards, casebook, casefilter, casequeue, showing
from handlers.casebook import CaseRow
from handlers.casefilter import Filter
from handlers.desk import Turn
from handlers.forms import Command
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.messages import Button
from handlers.permissions import LOOKERS, WORKERS, Scope, act, role_for
from handlers.render import command_button
from handlers.typed import as_typed
from handlers.villages import key as village_key
from handlers.vocabulary import KIND
from models import codes, phone, vault
from models.cases import Case, Status
from models.text import fold

PAGE = 8  # what one screen of a telephone shows
MOST_KINDS, MOST_VILLAGES = 8, 10  # buttons


async def queue(turn: Turn, argument: str) -> None:
    """Open cases by the time left: ``/hangdoi``, ``/hangdoi 2``, ``tre``, ``sap``, a village."""
    wanted, asked = casefilter.read(argument)
    query = await casefilter.applied(turn, await casequeue.queue(turn, turn.held), wanted)
    total = await turn.db.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = max(1, min(asked, -(-total // PAGE)))
    cases = casebook.all_of(await turn.db.execute(query.limit(PAGE).offset((page - 1) * PAGE)))
    t = turn.t
    if not cases:
        await _empty(turn, wanted)
        return
    first = (page - 1) * PAGE + 1
    last = first + len(cases) - 1
    head = t(
        N_("**Hàng đợi**: {total} hồ sơ, gấp nhất trước (đang xem {first}–{last})"),
        total=total,
        first=first,
        last=last,
    )
    if wanted:
        head += "\n" + t(N_("Đang lọc: {filter}"), filter=as_typed(wanted.named(t)))
    lines = [f"{cards.line(case, turn, t)}{_held_by(turn, case)}" for case in cases]
    buttons = [command_button("xem", case["code"], case["code"]) for case in cases]
    if page > 1:
        buttons.append(_page(t(N_("◀ Trang trước")), page - 1, wanted))
    if last < total:
        buttons.append(_page(t(N_("Trang sau ▶")), page + 1, wanted))
    turn.say("\n".join([head, *lines]), *buttons, *_filters(turn, wanted, total))


async def _empty(turn: Turn, wanted: Filter) -> None:
    if wanted:
        turn.say(
            turn.t(
                N_("Không có hồ sơ nào chờ theo «{filter}». Xem tất cả: /hangdoi"),
                filter=as_typed(wanted.named(turn.t)),
            ),
            *_filters(turn, wanted, 0),
        )
        return
    turn.say(turn.t(N_("Hàng đợi trống: không còn hồ sơ nào chờ.")), *menu_buttons(turn))


def _held_by(turn: Turn, case: CaseRow) -> str:
    if case["status"] == Status.NEW:
        return turn.t(N_(" · chưa ai nhận"))
    return turn.t(N_(" · tôi giữ")) if case["taken_by"] == turn.person_id else ""


def _page(label: str, number: int, wanted: Filter) -> Button:
    return command_button("hangdoi", label, f"{number} {wanted}".strip())


def _filters(turn: Turn, wanted: Filter, total: int) -> list[Button]:
    """Switches that add up, and the way to kinds and villages."""
    t = turn.t
    works = role_for(turn, "take") is not None
    buttons = []
    for name, (_, label) in casefilter.TOGGLES.items():
        if works or name in ("late", "today"):
            shown = f"✓ {t(label)}" if name in wanted.on else t(label)
            buttons.append(command_button("hangdoi", shown, str(wanted.toggled(name))))
    if total > PAGE or wanted.kind or wanted.words:
        buttons.append(command_button("loc", t(N_("🔎 Theo việc, thôn")), str(wanted)))
    if works and total > 1 and (wanted.kind or wanted.words):
        buttons.append(command_button("xacnhanloat", t(N_("✅ Xác nhận loạt")), str(wanted)))
    if wanted:
        buttons.append(command_button("hangdoi", t(N_("✖ Bỏ lọc"))))
    return buttons


async def next_one(turn: Turn, _: str) -> None:
    """``/tiep``: the most urgent case that is mine or nobody's, without going back to the list."""
    query = await casequeue.queue(turn, turn.held)
    query = query.where(
        Case.waiting_since.is_(None),
        or_(Case.taken_by == turn.person_id, Case.status == Status.NEW.value),
    )
    case = casebook.first_of(await turn.db.execute(query.limit(1)))
    if case is None:
        await _empty(turn, Filter())
        return
    await act(turn, "show", showing.scope(case), case["code"])
    await showing.show_case(turn, case)


async def narrow(turn: Turn, argument: str) -> None:
    """``/loc``: the kinds and villages there are in the queue, to press."""
    wanted, _ = casefilter.read(argument)
    wide = replace(wanted, kind="", words="")
    query = await casefilter.applied(turn, await casequeue.queue(turn, turn.held), wide)
    rows = (await turn.db.execute(query.with_only_columns(Case.kinds, Case.village))).all()
    kinds = Counter(kind for row in rows for kind in row.kinds)
    villages = Counter(village_key(row.village) for row in rows if row.village)
    names = {village_key(row.village): row.village for row in rows if row.village}
    t = turn.t
    buttons = [
        command_button("hangdoi", f"{t(KIND[kind])} ({n})", str(replace(wide, kind=kind)))
        for kind, n in kinds.most_common(MOST_KINDS)
        if kind in KIND
    ]
    buttons += [
        command_button("hangdoi", f"{names[key]} ({n})", str(replace(wide, words=key)))
        for key, n in villages.most_common(MOST_VILLAGES)
    ]
    if not buttons:
        await _empty(turn, wide)
        return
    turn.say(
        t(N_("Xem hồ sơ theo việc hoặc thôn nào? (hoặc gõ /hangdoi và tên thôn)")),
        *buttons,
        command_button("hangdoi", t(N_("📋 Cả hàng đợi"))),
    )


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
    Command("tiep", "next", next_one, N_("Hồ sơ tiếp theo"), WORKERS),
    Command("loc", "filter", narrow, N_("Lọc hàng đợi theo việc, thôn, đã trễ"), LOOKERS),
    Command("xem", "show", show, N_("Xem một hồ sơ: /xem QN-7K3M-9")),
    Command("tim", "search", search, N_("Tìm theo số điện thoại, thôn, tên"), LOOKERS),
)
