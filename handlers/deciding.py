"""Deciding a case that is locked: allowed, written down, told later; or laid before the leader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from handlers import cards, communes, decisions, notify
from handlers.casebook import CaseRow
from handlers.desk import Chat, Turn
from handlers.i18n import N_, translator
from handlers.messages import Outgoing
from handlers.permissions import act
from handlers.render import command_button
from handlers.showing import scope
from handlers.staffwork import name_of, take_over
from handlers.typed import as_typed
from handlers.vocabulary import STATUS
from models.cases import OPEN, Status
from models.decisions import Settled
from models.people import Role

ACTION = {Status.CONFIRMED: "confirm", Status.DECLINED: "decline", Status.HELPED: "helped"}
LISTED = 30  # cases named in one message
ANSWERABLE = (Status.CONFIRMED, *OPEN)
STATES = {Status.CONFIRMED: OPEN, Status.DECLINED: OPEN, Status.HELPED: ANSWERABLE}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be decided, of one case or of several at once."""

    what: Status
    text: str
    media: tuple[str, ...] = ()
    batch: UUID | None = None


async def decide(turn: Turn, case: CaseRow, wish: Wish) -> CaseRow:
    """Decide; a new case is taken on the way, and whoever holds it hears that it was decided."""
    if case["status"] == Status.NEW:
        case = await take_over(turn, case, quiet=wish.batch is not None)
    stopped = case["waiting_since"] or turn.now  # while the citizen was asked the clock stood
    facts = {} if case["answered_at"] else {"in_time": stopped <= case["answer_due_at"]}
    await act(turn, ACTION[wish.what], scope(case), case["code"], **facts)
    case = await decisions.make(
        turn, case, wish.what, wish.text, media=wish.media, batch=wish.batch
    )
    await tell_holder(turn, case, N_("{who} đã xử lý hồ sơ ông/bà đang giữ:"))
    return case


async def propose(turn: Turn, case: CaseRow, wish: Wish) -> CaseRow:
    """Lay a decision before the leader; the case stays as it is until the leader has looked."""
    if case["status"] == Status.NEW:
        case = await take_over(turn, case, quiet=wish.batch is not None)
    await act(turn, "propose", scope(case), case["code"], what=wish.what.value)
    await decisions.propose(turn, case, wish.what, wish.text, media=wish.media, batch=wish.batch)
    return case


async def to_be_seen_by(turn: Turn, commune: str, what: Status) -> list[Chat]:
    """The leaders whose second look a decision needs; none where the commune wants none.

    «Đã trợ giúp» follows on a confirmation that was looked at.  Where no leader can be reached
    nobody is kept waiting.
    """
    if what == Status.HELPED or leads(turn, commune):
        return []
    if not (await communes.settings(turn, commune)).get("second_look"):
        return []
    return await turn.staff(commune, {Role.LEADER})


def leads(turn: Turn, commune: str) -> bool:
    return any(
        held.role == Role.PROVINCE or (held.role == Role.LEADER and held.commune == commune)
        for held in turn.held
    )


async def tell_leaders(
    turn: Turn, leaders: Sequence[Chat], cases: Sequence[CaseRow], wish: Wish
) -> None:
    """What an officer proposes: one message, however many cases it is about."""
    who = await name_of(turn, turn.person_id)
    which = f"loat {wish.batch.hex}" if wish.batch else f"{cases[0]['code']} dongy"
    for chat in leaders:
        t = translator(chat.locale)
        listed = [cards.line(case, turn, t) for case in cases[:LISTED]]
        if len(cases) > LISTED:
            listed.append(t(N_("… và {n} hồ sơ nữa"), n=len(cases) - LISTED))
        rows = [
            t(
                N_("🖊 {who} đề nghị **{status}** {n} hồ sơ, chờ ông/bà xem lại:"),
                who=as_typed(who),
                status=t(STATUS[wish.what]),
                n=len(cases),
            ),
            *listed,
            f"«{as_typed(wish.text)}»",
        ]
        buttons = [command_button("duyet", t(N_("✅ Duyệt")), which)]
        if len(cases) == 1:
            code = cases[0]["code"]
            buttons.append(command_button("tralai", t(N_("↩ Trả lại")), code))
            buttons.append(command_button("xem", t(N_("📂 Xem hồ sơ")), code))
        else:
            buttons.append(command_button("duyet", t(N_("🔎 Xem từng hồ sơ"))))
        turn.tell(chat, Outgoing("\n".join(rows), tuple(buttons), media=wish.media))


async def tell_holder(turn: Turn, case: CaseRow, what: str) -> None:
    """A colleague did something to the case somebody holds: that person hears it."""
    if case["taken_by"] is None or case["taken_by"] == turn.person_id:
        return
    who = await name_of(turn, turn.person_id)
    for chat in await notify.in_charge(turn, case):
        t = translator(chat.locale)
        text = f"{t(what, who=who)}\n{cards.line(case, turn, t)}"
        turn.tell(chat, Outgoing(text), case_id=case["id"])


async def go_back(turn: Turn, case: CaseRow, row: decisions.Row) -> CaseRow:
    """Take back what the reporter has not read: the case is as it was before."""
    await act(turn, "take_back", scope(case), case["code"], decision=row["what"])
    return await decisions.go_back(turn, case, row, Settled.TAKEN_BACK)


def may_take_back(turn: Turn, case: CaseRow, row: decisions.Row) -> bool:
    """Whoever decided, or a leader."""
    return bool(row["by_id"] == turn.person_id) or leads(turn, case["commune"])
