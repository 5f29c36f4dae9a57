"""What every staff command about a case shares: finding and locking it, refusing, small forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from handlers import cards, casebook, casequeue, codewords, groups, notify, replies, showing
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Values
from handlers.forms import Form
from handlers.i18n import N_
from handlers.messages import Button
from handlers.permissions import act, role_for
from handlers.render import command_button
from handlers.showing import scope
from handlers.vocabulary import ROLE
from models.cases import Case, Status
from models.people import Grant, Person, Role

OFFERED = 8  # cases to choose from when a command comes without a code


async def find(
    turn: Turn, command: str, argument: str, states: tuple[Status, ...] = tuple(Status)
) -> tuple[CaseRow | None, str]:
    """The case a command is about, locked, and the words after its code."""
    found, rest = codewords.split(argument)
    t = turn.t
    if found is None:
        await _offer_cases(turn, command, states)
        return None, ""
    if found.code is None:
        showing.mistyped(turn, found)
        return None, ""
    case = await casebook.by_code(turn, found.code, lock=True)
    if case is not None and case["same_as"] is not None:  # what is done is done to both
        case = await casebook.by_id(turn, case["same_as"], lock=True)
    if case is None or role_for(turn, "take", scope(case)) is None:
        turn.say(
            t(
                N_("Dạ, mã {code} không có trong danh sách của xã. Xin kiểm tra lại."),
                code=found.code,
            )
        )
        return None, ""
    return case, rest


async def _offer_cases(turn: Turn, command: str, states: tuple[Status, ...]) -> None:
    """No code was given: those it can be about, the most urgent first."""
    table = casebook.TABLE
    query = (
        select(table)
        .where(await casequeue.covered(turn, turn.held), Case.status.in_([*states]))
        .order_by(casebook.next_due())
        .limit(OFFERED)
    )
    cases = casebook.all_of(await turn.db.execute(query))
    turn.say(
        turn.t(
            N_("Dạ, hồ sơ nào? Bấm chọn, hoặc gõ mã sau lệnh, ví dụ: /{command} QN-7K3M-9"),
            command=command,
        ),
        *(command_button(command, one["code"], one["code"]) for one in cases),
    )


async def name_of(turn: Turn, person_id: UUID | None) -> str:
    """How a member of staff is called before others: a name if one is known, else the role."""
    if person_id is None:
        return ""
    rows = await turn.db.execute(
        select(Person.private, Grant.role)
        .join(Grant, Grant.person_id == Person.id, isouter=True)
        .where(Person.id == person_id)
        .order_by(Grant.revoked_at.is_not(None), Grant.id)
        .limit(1)
    )
    row = rows.one_or_none()
    if row is None or row.role is None:
        return turn.t(N_("một cán bộ"))
    return str((row.private or {}).get("name") or turn.t(ROLE[Role(row.role)]))


async def not_now(turn: Turn, case: CaseRow) -> None:
    """The case is not in a state for this; say in which, and by whom."""
    who = await name_of(turn, case["taken_by"])
    turn.say(
        turn.t(
            N_("Dạ, hồ sơ {code} hiện **{status}**{by}, không làm bước này được."),
            code=case["code"],
            status=cards.status(case, turn.t),
            by=f" ({who})" if who else "",
        ),
        *notify.staff_buttons(case, turn.me),
        case_id=case["id"],
    )


async def take_over(turn: Turn, case: CaseRow, *, quiet: bool = False) -> CaseRow:
    """Take a new case for the person in front; the reporter is told, unless more follows."""
    await act(turn, "take", scope(case), case["code"])
    case = await casebook.change(
        turn, case, status=Status.TAKEN.value, taken_by=turn.person_id, taken_at=turn.now
    )
    await casebook.event(turn, case["id"], "taken", by=turn.person_id)
    await groups.show(turn, case)
    if quiet:
        return case
    await notify.reporter(
        turn,
        case,
        N_("👤 Cán bộ đã tiếp nhận hồ sơ **{code}** và đang giải quyết."),
        ("xem", N_("📂 Xem hồ sơ")),
    )
    return case


async def for_files(turn: Turn) -> list[Button]:
    """What an officer may mean by a photograph without a word: the outcome of a case of theirs."""
    if role_for(turn, "helped") is None:
        return []
    rows = await turn.db.execute(
        select(Case.code, Case.status)
        .where(
            Case.taken_by == turn.person_id,
            Case.status.in_([Status.TAKEN.value, Status.CONFIRMED.value]),
        )
        .order_by(Case.answered_at.desc().nulls_last(), Case.taken_at.desc())
        .limit(4)
    )
    offers = {
        Status.TAKEN: ("xacnhan", N_("✅ Xác nhận {code}")),
        Status.CONFIRMED: ("datrogiup", N_("🎁 Đã trợ giúp {code}")),
    }
    buttons = []
    for row in rows:
        command, label = offers[Status(row.status)]
        buttons.append(command_button(command, turn.t(label, code=row.code), row.code))
    return buttons


async def begin(
    turn: Turn, command: str, argument: str, form: Form, states: tuple[Status, ...]
) -> None:
    """Open a small form about a case, or do it at once when the words came with the command."""
    case, rest = await find(turn, command, argument, states)
    if case is None:
        return
    if case["status"] not in states:
        await not_now(turn, case)
        return
    question = form.flow.questions[0]
    facts: dict[str, Any] = {"_case": case["code"], "_about": headline(turn, case)}
    if not rest:
        facts |= await replies.facts(turn, case["commune"], form.flow.name)
    if turn.flow is None and turn.draft.get("_media"):
        facts["_media"] = turn.draft["_media"]
    if rest:
        try:
            said = str(question.value(rest))
        except BadAnswer as problem:
            turn.lead = turn.t(str(problem), **problem.values)
        else:
            if turn.flow is None:
                turn.draft.pop("_media", None)
            await form.finish(turn, {**facts, question.id: said})
            return
    turn.open(form.flow.name, uuid4(), **facts)


def headline(turn: Turn, case: CaseRow) -> str:
    """Which case a small form is about."""
    return f"**{case['code']}** – {cards.kinds(case, turn.t)}"


def about(_: Turn, values: Values) -> str:
    """Before the question of a small form: which case it is about."""
    return str(values.get("_about", ""))


async def still(
    turn: Turn, values: Mapping[str, Any], states: tuple[Status, ...]
) -> CaseRow | None:
    """The case of an open form, locked again: somebody may have been quicker meanwhile."""
    case = await casebook.by_code(turn, str(values["_case"]), lock=True)
    if case is None or case["status"] not in states:
        if case is not None:
            await not_now(turn, case)
        return None
    return case
