"""«Việc của tôi hôm nay»: what somebody of an office has to do, by command or in the morning."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from handlers import cards, casequeue, reach, roster
from handlers.casebook import CaseRow
from handlers.desk import Chat, Desk, Held
from handlers.i18n import N_, Translate, translator
from handlers.messages import Button, Outgoing
from handlers.permissions import WORKERS
from handlers.render import command_button
from handlers.times import day
from models.cases import Case, Status
from models.decisions import Decision
from models.people import Role

SHOWN = 5  # cases named one by one; the rest is a number and a button


async def lay_out(desk: Desk, chat: Chat, held: Sequence[Held]) -> Outgoing | None:
    """The work of the day of one person, None when there is none."""
    working = [one for one in held if one.role in WORKERS]
    if not working:
        return None
    cases = await casequeue.brief(desk, working)
    leads = any(one.role == Role.LEADER for one in working)
    held_by = await _whose(desk, chat, working)
    mine = [one for one in cases if one["taken_by"] in held_by]
    new = [one for one in cases if one["status"] == Status.NEW]
    own = cases if leads else [*mine, *new]  # a leader looks after what everybody holds
    running = [one for one in own if not one["waiting_since"]]
    late = [one for one in running if cards.due(one) < desk.now]
    today = [one for one in running if desk.now <= cards.due(one) <= desk.tonight]
    unreached = await reach.count(desk, working)
    proposed = await _proposed(desk, working) if leads else 0
    t = translator(chat.locale)
    counted = [
        (N_("⏰ Đã trễ: **{n}**"), len(late), ("hangdoi", N_("⏰ Đã trễ"), "tre")),
        (
            N_("📌 Đến hạn hôm nay: **{n}**"),
            len(today),
            ("hangdoi", N_("📌 Hạn hôm nay"), "homnay"),
        ),
        (N_("🆕 Chưa ai nhận: **{n}**"), len(new), ("hangdoi", N_("🆕 Chưa ai nhận"), "moi")),
        (N_("👤 Tôi giữ: **{n}**"), len(mine), ("hangdoi", N_("👤 Tôi giữ"), "cuatoi")),
        (
            N_("📞 Chat không tới được: **{n}**"),
            unreached,
            ("chuabao", N_("📞 Gọi, tới nhà"), ""),
        ),
        (N_("🖊 Chờ lãnh đạo duyệt: **{n}**"), proposed, ("duyet", N_("🖊 Duyệt"), "")),
    ]
    rows = [t(text, n=n) for text, n, _ in counted if n]
    if not rows:
        return None
    first = _by_due([*late, *today] or running)[:SHOWN]
    head = t(N_("☀️ **Việc của tôi hôm nay** – {day}"), day=day(desk.today, t))
    lines = [cards.line(one, desk, t) for one in first]
    return Outgoing(
        "\n".join([head, *rows, *([""] if lines else []), *lines]),
        (*_cases(first), *_doors(counted, t)),
    )


async def _whose(desk: Desk, chat: Chat, held: Sequence[Held]) -> set[UUID]:
    """Oneself, and those away for whom one stands in."""
    found = {chat.person_id}
    for commune in {one.commune for one in held if one.commune}:
        crew = (await roster.of(desk, commune)).crew
        found |= {
            one.person for one in crew.members if crew.present_for(one.person) == chat.person_id
        }
    return found


def _by_due(cases: Sequence[CaseRow]) -> list[CaseRow]:
    return sorted({one["id"]: one for one in cases}.values(), key=cards.due)


def _cases(cases: Sequence[CaseRow]) -> list[Button]:
    return [command_button("xem", one["code"], one["code"]) for one in cases]


def _doors(counted: Sequence[tuple[str, int, tuple[str, str, str]]], t: Translate) -> list[Button]:
    return [command_button(door[0], t(door[1]), door[2]) for _, n, door in counted if n]


async def _proposed(desk: Desk, held: Sequence[Held]) -> int:
    """Decisions that wait for a leader's second look."""
    found = await desk.db.scalar(
        select(func.count())
        .select_from(Decision)
        .join(Case, Case.id == Decision.case_id)
        .where(
            Decision.settled.is_(None),
            Decision.tell_at.is_(None),
            Case.commune.in_([one.commune for one in held if one.role == Role.LEADER]),
        )
    )
    return found or 0
