"""Showing cases: a person's own, or those a member of staff covers."""

from __future__ import annotations

from handlers import cards, casebook, checks, communes, decisions, notify, staffnames, twins
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.heads import kept_from_heads
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.messages import Button
from handlers.permissions import Scope, act, role_for
from handlers.render import command_button
from handlers.times import moment
from handlers.vocabulary import ROLE
from models.cases import OPEN, Status
from models.codes import Found
from models.people import Role
from models.twins import TwinState


async def own_list(turn: Turn) -> None:
    cases = await decisions.as_known(turn, await casebook.of_reporter(turn, turn.person_id))
    if not cases:
        turn.say(turn.t(N_("Dạ, ông/bà chưa có hồ sơ nào.")), *menu_buttons(turn))
        return
    rows = "\n".join(cards.line(case, turn, turn.t) for case in cases)
    buttons = (command_button("xem", case["code"], case["code"]) for case in cases[:5])
    turn.say(turn.t(N_("**Hồ sơ của ông/bà**")) + "\n" + rows, *buttons)


async def own_story(turn: Turn, case: CaseRow) -> None:
    """One own case: where it stands, what happened, what can be done."""
    (case,) = await decisions.as_known(turn, [case])
    t = turn.t
    rows = [
        f"**{case['code']}** – {cards.status(case, t)}",
        f"{cards.kinds(case, t)} – {cards.commune_name(case['commune'], t)}",
    ]
    if case["status"] in OPEN:
        if case["waiting_since"]:
            waits = N_("⏸ **Cán bộ đang chờ ông/bà trả lời** câu hỏi bên dưới; thời hạn tạm dừng.")
            rows.append(t(waits))
        else:
            rows += cards.clocks(case, turn, t)
        if not case["waiting_since"] and cards.due(case) < turn.now:
            rows.append(t(N_("Đã quá hạn hứa, xin lỗi ông/bà. Hồ sơ vẫn được theo dõi.")))
            if number := await communes.telephone(turn, case["commune"]):
                rows.append(t(N_("Cần hỏi ngay, xin gọi UBND: **{number}**"), number=number))
    rows += ["", cards.story(await casebook.events(turn, case["id"], public_only=True), t)]
    turn.say("\n".join(rows), *_buttons(turn, case))


def _buttons(turn: Turn, case: CaseRow) -> tuple[Button, ...]:
    t = turn.t
    code = case["code"]
    human = command_button("gapcanbo", t(N_("👤 Gặp cán bộ")))
    if case["status"] in OPEN:
        more = N_("✍ Trả lời") if case["waiting_since"] else N_("📎 Bổ sung")
        return (
            command_button("them", t(more), code),
            command_button("vihan", t(N_("Vì sao là hạn này?")), code),
            command_button("rut", t(N_("Rút hồ sơ")), code),
            human,
        )
    if case["status"] in (Status.CONFIRMED, Status.HELPED) and not cards.is_question(case):
        return (
            command_button("danhan", t(N_("👍 Đã nhận được hỗ trợ")), code),
            command_button("chuanhan", t(N_("👎 Chưa nhận được")), code),
            human,
        )
    return (human, command_button("baotin", t(N_("📝 Báo khó khăn"))))


def mistyped(turn: Turn, found: Found) -> None:
    """A code whose check character does not agree."""
    turn.say(
        turn.t(
            N_(
                "Dạ, mã {code} gõ chưa đúng: chữ kiểm tra ở cuối không khớp. Xin xem lại từng chữ."
            ),
            code=found.typed,
        ),
        command_button("hoso", turn.t(N_("📂 Hồ sơ của tôi"))),
    )


async def show_or_explain(turn: Turn, found: Found) -> None:
    """A code was typed: show its case, or say what is wrong with it."""
    t = turn.t
    if found.code is None:
        mistyped(turn, found)
        return
    case = await casebook.by_code(turn, found.code)
    if case is not None and role_for(turn, "show", scope(case)) is not None:
        await act(turn, "show", scope(case), case["code"])
        await show_case(turn, case)
    elif case is not None and case["reporter_id"] == turn.person_id:
        await own_story(turn, case)
    else:  # whether the case exists is nobody else's business
        missing = N_(
            "Dạ, mã {code} không có trong danh sách ông/bà được xem. Xin kiểm tra lại, hoặc bấm "
            "Gặp cán bộ."
        )
        turn.say(t(missing, code=found.code), *menu_buttons(turn))


def scope(case: CaseRow) -> Scope:
    """Where something is done to a case; what is kept from heads belongs to no village."""
    return Scope(case["commune"], None if kept_from_heads(case) else case["village"])


async def show_case(turn: Turn, case: CaseRow, head: str = "") -> None:
    """The whole card with files, story and what can be done."""
    may_work = role_for(turn, "take", scope(case)) is not None
    checks_it = not may_work and role_for(turn, "verify", scope(case)) is not None
    if checks_it and await checks.hides_names_from(turn, case, turn.person_id):
        hidden = checks.card(turn, case, turn.t, head, masked=True)
        turn.say(hidden.text, *hidden.buttons, position=hidden.position, case_id=case["id"])
        return
    shown = await notify.files(turn, case["id"])
    message = notify.card(case, turn, turn.me, head, shown)
    waits, back = await _untold(turn, case)
    why = command_button("vihan", turn.t(N_("Vì sao là hạn này?")), case["code"])
    events = await casebook.events(turn, case["id"], public_only=False)
    if not may_work:  # a village head is a neighbour, too
        events = [one for one in events if one["what"] != "noted"]
    office = await staffnames.office(turn, case["commune"], former=True)
    story = cards.story(events, turn.t, {one.person: one.name for one in office})
    if may_work:
        waits += await _twins(turn, case)
    buttons = (*back, *message.buttons) if may_work else ()
    if checks_it:
        buttons = checks.answers(case, turn.t)
    turn.say(
        f"{message.text.strip()}\n\n{story}{waits}",
        *buttons,
        why,
        media=message.media,
        position=message.position,
        case_id=case["id"],
    )


async def _twins(turn: Turn, case: CaseRow) -> str:
    """Other reports of this household, and help that was given already."""
    t = turn.t
    rows = []
    for row in (await twins.of_case(turn, case["id"]))[:3]:
        other_id = row["other_id"] if row["case_id"] == case["id"] else row["case_id"]
        other = await casebook.by_id(turn, other_id)
        told = N_("🔗 Đã gộp với {code}")
        if row["state"] == TwinState.PROPOSED:
            told = N_("🔗 Có thể cùng hộ với {code} ({score}/100): gõ /trung {mine}")
        rows.append(t(told, code=other["code"], score=row["score"], mine=case["code"]))
        rows += twins.already(other, t=t)
    return "\n\n" + "\n".join(rows) if rows else ""


async def _untold(turn: Turn, case: CaseRow) -> tuple[str, tuple[Button, ...]]:
    """What staff read under the story while a decision may still be taken back."""
    row = await decisions.waiting_for(turn, case["id"])
    if row is None:
        return "", ()
    if row["tell_at"] is None:
        text = turn.t(N_("🖊 Chờ lãnh đạo duyệt; người dân chưa đọc gì."))
        return f"\n{text}", ()
    text = turn.t(N_("⏳ Người dân được báo lúc {at}."), at=moment(row["tell_at"], turn.t))
    return f"\n{text}", (command_button("rutlai", turn.t(N_("⏪ Rút lại")), case["code"]),)


def describe(turn: Turn) -> str:
    """The roles a person holds, in words."""
    t = turn.t
    rows = []
    for held in turn.held:
        where = cards.commune_name(held.commune, t) if held.commune else t(N_("toàn tỉnh"))
        villages = f" ({', '.join(held.villages)})" if held.villages else ""
        rows.append(f"{t(ROLE[Role(held.role)])} – {where}{villages}")
    return "\n".join(rows)
