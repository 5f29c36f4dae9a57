"""Confirming the cases of one event together: choose them, write once, look again, press once."""

from __future__ import annotations

import re
from collections import Counter
from uuid import uuid4

from handlers import cards, casebook, casefilter, casequeue, deciding, replies
from handlers.answers import UNCLEAR, one_of, words
from handlers.casebook import CaseRow
from handlers.deciding import Wish
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Choice, Flow, Question, Step, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.permissions import WORKERS, role_for
from handlers.render import command_button
from handlers.showing import scope
from handlers.staffwork import name_of
from handlers.typed import as_typed
from handlers.vocabulary import KIND
from models.cases import OPEN, Case, Status

MOST = 60  # in one go: a list that is still read
GROUPS = 8  # events to choose from
ALL, NONE = "all", "none"
NOT_DONE = N_("Không xác nhận được:")
_NUMBERS = re.compile(r"(\d+)(?:\s*-\s*(\d+))?")


async def confirm_many(turn: Turn, argument: str) -> None:
    """``/xacnhanloat``, with the words of a filter of the queue if wanted."""
    wanted, _ = casefilter.read(argument)
    query = await casefilter.applied(turn, await casequeue.queue(turn, turn.held), wanted)
    query = query.where(Case.waiting_since.is_(None)).limit(MOST)
    found = [one for one in casebook.all_of(await turn.db.execute(query)) if _mine(turn, one)]
    t = turn.t
    if not found:
        turn.say(
            t(N_("Dạ, không có hồ sơ nào xác nhận được (chưa ai nhận, hoặc ông/bà đang giữ).")),
            *menu_buttons(turn),
        )
        return
    packed = [[one["code"], _line(turn, one), f"{_cause(one)}.{one['kinds'][0]}"] for one in found]
    facts = await replies.facts(turn, found[0]["commune"], "bulk")
    turn.open("bulk", uuid4(), _cases=packed, _groups=_groups(turn, packed), **facts)


def _mine(turn: Turn, case: CaseRow) -> bool:
    """New ones and one's own; a leader may confirm what anybody holds."""
    if role_for(turn, "confirm", scope(case)) is None:
        return False
    free = case["taken_by"] in (None, turn.person_id)
    return free or deciding.leads(turn, case["commune"])


def _line(turn: Turn, case: CaseRow) -> str:
    """Enough to say whether a household belongs to the lot: who, how many, what the head says."""
    t = turn.t
    details = case["details"] or {}
    people = t(N_("{n} người"), n=details["people"]) if details.get("people") else ""
    poverty = str(details.get("poverty", ""))
    known = [
        as_typed(str(details.get("head", ""))),
        people,
        t(cards.POVERTY[poverty]) if poverty in ("poor", "near_poor") else "",
        cards.check(case, t),
    ]
    return " · ".join([cards.line(case, turn, t), *(part for part in known if part)])


def _cause(case: CaseRow) -> str:
    return str((case["details"] or {}).get("cause") or "")


def _groups(turn: Turn, packed: list[list[str]]) -> list[list[str]]:
    """The events among them, the largest first, as choices; none when there is only one."""
    counted = Counter(one[2] for one in packed)
    if len(counted) < 2:
        return []
    t = turn.t
    found = [[ALL, t(N_("Tất cả ({n})"), n=len(packed))]]
    for group, n in counted.most_common(GROUPS):
        cause, _, kind = group.partition(".")
        names = [t(cards.CAUSE[cause])] if cause in cards.CAUSE else []
        found.append([group, f"{' – '.join([*names, t(KIND.get(kind, kind))])} ({n})"])
    return found


def _chosen(values: Values) -> list[list[str]]:
    group = values.get("which", ALL)
    return [one for one in values["_cases"] if group in (ALL, one[2])]


def _left_out(values: Values) -> set[str]:
    """Codes of those to leave out; the numbers are those of the list that was shown."""
    said = str(values.get("leave_out", NONE))
    listed = _chosen(values)
    return set() if said == NONE else {listed[int(one) - 1][0] for one in said.split(",")}


def _numbers(text: str) -> str:
    """Read ``3, 5-7`` as ``3,5,6,7``."""
    said = text.strip()
    if said == NONE:
        return said
    found: list[int] = []
    for first, last in _NUMBERS.findall(said):
        low, high = int(first), int(last or first)
        if high - low > MOST:
            raise BadAnswer(_WHICH)
        found += range(low, high + 1)
    if not found or _NUMBERS.sub("", said).strip(" ,.;và") or 0 in found:
        raise BadAnswer(_WHICH)
    return ",".join(str(one) for one in dict.fromkeys(found))


_WHICH = N_("Dạ, xin gõ số thứ tự của hồ sơ bỏ lại, ví dụ: 3, 5-7; hoặc bấm «Không bỏ hồ sơ nào».")


async def _typed(turn: Turn, question_id: str, text: str) -> bool:
    """Typed numbers are those of the list, never of the buttons."""
    if question_id == "text":
        return await replies.typed(turn, question_id, text)
    if question_id != "leave_out" or not text.strip()[:1].isdecimal():
        return False
    try:
        numbers = _numbers(text)
        _check({**turn.draft, "leave_out": numbers})
    except BadAnswer as problem:
        turn.lead = turn.t(str(problem), **problem.values)
    else:
        turn.draft["leave_out"] = numbers
    turn.asks = True
    return True


def _check(values: Values) -> None:
    said = str(values["leave_out"])
    listed = _chosen(values)
    numbers = [] if said == NONE else [int(one) for one in said.split(",")]
    if any(one > len(listed) for one in numbers):
        raise BadAnswer(_WHICH)
    if len(numbers) >= len(listed):
        raise BadAnswer(N_("Dạ, như vậy không còn hồ sơ nào. Bấm Huỷ nếu muốn dừng."))


def verify(turn: Turn, step: Step) -> None:
    replies.whole(turn, step)
    if step.answered == "which" and not _chosen(step.values):
        raise BadAnswer(UNCLEAR)
    if step.answered == "leave_out":
        _check(step.values)


def said(turn: Turn, values: Values) -> str:
    """Before each question: what has been chosen so far."""
    t = turn.t
    if "text" not in values:
        head = t(N_("✅ **Xác nhận loạt**: {n} hồ sơ"), n=len(_chosen(values)))
        return f"{head}\n{replies.offered(turn, values)}".strip() if _asked(values) else head
    listed = _chosen(values)
    if "leave_out" not in values:
        rows = [f"{number}. {one[1]}" for number, one in enumerate(listed, 1)]
        return "\n".join([t(N_("**Xem lại từng hồ sơ** ({n}):"), n=len(listed)), *rows])
    out = _left_out(values)
    going = [one[0] for one in listed if one[0] not in out]
    rows = [
        t(N_("Sẽ xác nhận **{n}** hồ sơ: {codes}"), n=len(going), codes=", ".join(going)),
        t(N_("Bỏ lại {n}: {codes}"), n=len(out), codes=", ".join(sorted(out))) if out else "",
        t(N_("Người dân đọc: «{text}»"), text=as_typed(replies.filled(values, "text"))),
    ]
    return "\n".join(row for row in rows if row)


def _asked(values: Values) -> bool:
    return "which" in values or not values.get("_groups")


async def finish(turn: Turn, values: Values) -> None:
    """Decide all of them in one commit; whatever somebody was quicker with is said."""
    out = _left_out(values)
    codes = [one[0] for one in _chosen(values) if one[0] not in out]
    batch = uuid4()
    media = tuple(values.get("_media", ()))
    wish = Wish(Status.CONFIRMED, replies.filled(values, "text"), media, batch)
    done: list[CaseRow] = []
    proposed: list[CaseRow] = []
    missed: list[CaseRow] = []
    for case in await casebook.by_codes(turn, codes):
        if case["status"] not in OPEN or not _mine(turn, case):
            missed.append(case)
        elif await deciding.to_be_seen_by(turn, case["commune"], Status.CONFIRMED):
            proposed.append(await deciding.propose(turn, case, wish))
        else:
            done.append(await deciding.decide(turn, case, wish))
    if proposed:
        commune = proposed[0]["commune"]
        leaders = await deciding.to_be_seen_by(turn, commune, Status.CONFIRMED)
        await deciding.tell_leaders(turn, leaders, proposed, wish)
    await _report(turn, wish, done, proposed, missed)


async def _report(
    turn: Turn, wish: Wish, done: list[CaseRow], proposed: list[CaseRow], missed: list[CaseRow]
) -> None:
    t = turn.t
    rows = []
    buttons = []
    if done:
        rows.append(t(N_("✅ Đã xác nhận {n} hồ sơ, người dân được báo."), n=len(done)))
        if turn.world.take_back and wish.batch:
            label = t(N_("⏪ Rút lại cả {n}"), n=len(done))
            buttons.append(command_button("rutlai", label, f"loat {wish.batch.hex}"))
    if proposed:
        rows.append(t(N_("🖊 Đã gửi lãnh đạo xem lại {n} hồ sơ."), n=len(proposed)))
    for case in missed:
        who = as_typed(await name_of(turn, case["taken_by"]))
        rows.append(f"{t(NOT_DONE)} {cards.line(case, turn, t)} ({who})")
    turn.say(
        "\n".join(rows or [t(N_("Dạ, không còn hồ sơ nào xác nhận được."))]),
        *buttons,
        command_button("hangdoi", t(N_("📋 Hàng đợi"))),
    )


FLOW = Flow(
    "bulk",
    (
        Question(
            "which",
            N_("Xác nhận loạt hồ sơ của việc nào?"),
            words,
            when=lambda v: bool(v.get("_groups")),
            choices=lambda v: tuple(Choice(*one) for one in v.get("_groups", ())),
        ),
        Question(
            "text",
            N_("Quyết định gì, theo điều nào? (mọi người dân trong loạt đọc cùng câu này)"),
            words,
            choices=replies.choices,
        ),
        Question(
            "leave_out",
            N_("Bỏ lại hồ sơ nào? Gõ số thứ tự, ví dụ: 3, 5-7."),
            _numbers,
            choices=lambda _: (Choice(NONE, N_("✓ Không bỏ hồ sơ nào")),),
        ),
        Question(
            "sure",
            N_("Đúng chưa ạ?"),
            one_of((Choice("yes", ""),)),
            choices=lambda _: (Choice("yes", N_("✅ Xác nhận các hồ sơ này")),),
        ),
    ),
)
FORMS = (Form(FLOW, finish, verify=verify, said=said, hears=_typed),)
COMMANDS = (
    Command(
        "xacnhanloat", "confirmall", confirm_many, N_("Xác nhận nhiều hồ sơ một lần"), WORKERS
    ),
)
