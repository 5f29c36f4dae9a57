"""Finding a person's own cases."""

from __future__ import annotations

from sqlalchemy import select

from handlers import casebook, codewords, decisions, showing
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.i18n import N_
from handlers.menu import menu_buttons
from models.cases import OPEN, Case

NOT_YOURS = N_(
    "Dạ, không thấy mã {code} trong hồ sơ của ông/bà. Nếu báo từ máy khác, xin bấm Gặp cán bộ."
)


async def open_ones(turn: Turn) -> list[CaseRow]:
    cases = await decisions.as_known(turn, await casebook.of_reporter(turn, turn.person_id))
    return [one for one in cases if one["status"] in OPEN]


async def waiting(turn: Turn) -> list[CaseRow]:
    """Own cases in which an officer's question waits for an answer."""
    if not turn.asked:
        return []
    rows = await turn.db.execute(
        select(casebook.TABLE).where(
            Case.reporter_id == turn.person_id, Case.waiting_since.is_not(None)
        )
    )
    return casebook.all_of(rows)


async def own(turn: Turn, argument: str, *, lock: bool = False) -> CaseRow | None:
    """The person's own case of a code, as it was told; or says what is wrong with the code."""
    found, _ = codewords.split(argument)
    if found is None:
        cases = await open_ones(turn)
        if len(cases) == 1:
            return await _by_code(turn, cases[0]["code"], lock=lock)
        await showing.own_list(turn)
        return None
    if found.code is None:
        showing.mistyped(turn, found)
        return None
    case = await _by_code(turn, found.code, lock=lock)
    if case is None or case["reporter_id"] != turn.person_id:
        turn.say(turn.t(NOT_YOURS, code=found.code), *menu_buttons(turn))
        return None
    return case


async def _by_code(turn: Turn, code: str, *, lock: bool) -> CaseRow | None:
    case = await casebook.by_code(turn, code, lock=lock)
    return (await decisions.as_known(turn, [case]))[0] if case is not None else None
