"""Deciding whether two cases are of one household."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import casebook, notify, twins
from handlers.codewords import split
from handlers.desk import Turn
from handlers.forms import Command
from handlers.i18n import N_
from handlers.permissions import WORKERS, Scope, act, role_for
from handlers.render import command_button
from handlers.showing import scope
from handlers.vocabulary import STATUS
from models.cases import Status
from models.twins import TwinState


async def look(turn: Turn, argument: str) -> None:
    """/trung: the likeliest pair to decide on; with a code, the pairs of that case."""
    t = turn.t
    found, _ = split(argument)
    if found is not None and found.code:
        case = await casebook.by_code(turn, found.code)
        if case is None or role_for(turn, "link", scope(case)) is None:
            turn.say(t(N_("Dạ, mã {code} không có trong danh sách của xã."), code=found.code))
            return
        rows = await twins.of_case(turn, case["id"])
    else:
        held = next((one for one in turn.held if one.role in WORKERS and one.commune), None)
        rows = await twins.waiting(turn, held.commune) if held and held.commune else []
    if not rows:
        turn.say(t(N_("Dạ, không có cặp hồ sơ nào nghi trùng chờ xem.")))
        return
    await act(turn, "link", Scope(rows[0]["commune"]), looked=len(rows))
    skip = int(argument) if argument.isdecimal() else 0
    for row in rows[skip % len(rows) :][: 3 if found else 1]:
        message = await twins.shown(turn, row, turn.me)
        turn.say(message.text, *message.buttons)


async def _pair(turn: Turn, argument: str) -> dict[str, Any] | None:
    row = await twins.by_id(turn, int(argument)) if argument.isdecimal() else None
    if row is None or role_for(turn, "link", Scope(row["commune"])) is None:
        turn.say(turn.t(N_("Dạ, không có cặp hồ sơ này trong địa bàn của ông/bà.")))
        return None
    return row


async def link(turn: Turn, argument: str) -> None:
    """Both are one household: decided together, and everybody who reported hears of it."""
    row = await _pair(turn, argument)
    if row is None:
        return
    if row["state"] != TwinState.PROPOSED:
        await _decided_before(turn, row)
        return
    linked = await twins.link(turn, row)
    t = turn.t
    if linked is None:
        turn.say(t(N_("Dạ, hai hồ sơ này đã thuộc một nhóm rồi.")), _next(turn))
        return
    leads, follows = linked
    await act(turn, "link", scope(leads), leads["code"], follows=follows["code"])
    told = N_(
        "🔗 Hồ sơ **{code}** cùng một hộ với hồ sơ đã có, cán bộ giải quyết chung ({status}). Có "
        "tin gì, ông/bà đều được báo."
    )
    await notify.reporter(turn, follows, told, status=t(STATUS[Status(leads["status"])]))
    turn.say(
        "\n".join(
            (
                t(
                    N_(
                        "🔗 Đã gộp {follows} vào {leads}: quyết định một lần, cả hai người báo "
                        "được tin."
                    ),
                    follows=follows["code"],
                    leads=leads["code"],
                ),
                *twins.already(leads, t=t),
            )
        ),
        command_button("tach", t(N_("↩ Tách lại")), str(row["id"])),
        _next(turn),
    )


async def apart(turn: Turn, argument: str) -> None:
    row = await _pair(turn, argument)
    if row is None:
        return
    if row["state"] == TwinState.LINKED:
        await undo(turn, argument)
        return
    await act(turn, "link", Scope(row["commune"]), apart=row["id"])
    await twins.keep_apart(turn, row)
    turn.say(turn.t(N_("✂ Đã ghi: hai hộ khác nhau, không hỏi lại cặp này.")), _next(turn))


async def undo(turn: Turn, argument: str) -> None:
    """Take a link back: the case stands by itself again, with its own clocks."""
    row = await _pair(turn, argument)
    if row is None:
        return
    case = await twins.unlink(turn, row)
    t = turn.t
    if case is None:
        turn.say(t(N_("Dạ, cặp này không còn gộp.")), _next(turn))
        return
    await act(turn, "link", scope(case), case["code"], undone=row["id"])
    await notify.reporter(
        turn, case, N_("Hồ sơ **{code}** được giải quyết riêng trở lại, thời hạn như trước.")
    )
    turn.say(
        t(N_("↩ Đã tách {code}: {status}."), code=case["code"], status=t(STATUS[case["status"]])),
        *notify.staff_buttons(case, turn.me),
        case_id=case["id"],
    )


async def _decided_before(turn: Turn, row: Mapping[str, Any]) -> None:
    text = N_("Dạ, cặp này đã được gộp.")
    if row["state"] == TwinState.APART:
        text = N_("Dạ, cặp này đã được ghi là hai hộ khác nhau.")
    turn.say(turn.t(text), *twins.buttons(row, turn.t))


def _next(turn: Turn) -> Any:  # noqa: ANN401
    return command_button("trung", turn.t(N_("Cặp khác")))


COMMANDS = (
    Command("trung", "duplicates", look, N_("Hồ sơ có thể trùng hộ"), WORKERS),
    Command("gop", "link", link, N_("Gộp: cùng một hộ"), WORKERS, shown=False),
    Command("khac", "apart", apart, N_("Hai hộ khác nhau"), WORKERS, shown=False),
    Command("tach", "unlink", undo, N_("Tách hồ sơ đã gộp"), WORKERS, shown=False),
)
