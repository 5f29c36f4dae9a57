"""How urgent a case is, and «I know»: both say something to the clocks."""

from __future__ import annotations

import re
from uuid import uuid4

from handlers import casebook, caseclocks, notify, reclock, sayings, showing
from handlers.answers import one_of, words
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.dialogue import Choice, Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.permissions import WORKERS, act
from handlers.showing import scope
from handlers.staffwork import about, find, headline, not_now, still
from handlers.times import moment
from handlers.vocabulary import URGENCY
from models.cases import OPEN, Status
from models.text import fold

LEVELS = tuple(Choice(name, label) for name, label in URGENCY.items())
_TYPED = {
    "sos": ("sos", "khan cap", "nguy hiem tinh mang", "nguy hiem", "do"),
    "high": ("high", "gap", "cao", "cam"),
    "normal": ("normal", "thuong", "binh thuong", "vang"),
    "low": ("low", "khong gap", "thap", "trang"),
}


async def urgency(turn: Turn, argument: str) -> None:
    """``/mucdo QN-7K3M-9 gap nhà sắp đổ``: raise or lower, with the reason."""
    case, rest = await find(turn, "mucdo", argument, OPEN)
    if case is None:
        return
    if case["status"] not in OPEN:
        await not_now(turn, case)
        return
    level, reason = _read(rest)
    facts = {"_case": case["code"], "_about": headline(turn, case)}
    if level and reason:
        await judged(turn, {**facts, "level": level, "reason": reason})
        return
    known = {"level": level} if level else {}
    turn.open(FORM.flow.name, uuid4(), **facts, **known)


def _read(said: str) -> tuple[str | None, str]:
    """The level at the beginning of what was typed, the longest name first, and the reason."""
    parts = said.split()
    for length in (3, 2, 1):
        head = fold(" ".join(parts[:length]))
        for level, names in _TYPED.items():
            if head in names and len(parts) >= length:
                return level, " ".join(parts[length:]).lstrip(" :,-–")
    return None, said


def level(text: str) -> str:
    """Read how urgent: a choice, or «rất gấp», «thấp thôi»."""
    if text.strip() in _TYPED:
        return text.strip()
    said = re.sub(r"\b(?:muc|rat|lam|qua|mau)\b", " ", sayings.bare(text))
    found, rest = _read(said)
    return found if found and not rest else one_of(LEVELS)(text)


async def judged(turn: Turn, values: Values) -> None:
    """Derive the clocks anew; whoever has to act on it, and who waits, are told."""
    case = await still(turn, values, OPEN)
    if case is None:
        return
    level, reason = str(values["level"]), str(values["reason"])
    before = case["urgency"]
    if level == before:
        turn.say(
            turn.t(
                N_("Dạ, hồ sơ {code} vốn đang ở mức {level}."),
                code=case["code"],
                level=turn.t(URGENCY[level]),
            )
        )
        return
    await act(turn, "urgency", scope(case), case["code"], before=before, after=level)
    columns = reclock.anew(case, level, turn.now)
    columns["clocks"]["judged"] = True
    case = await casebook.change(turn, case, **columns)
    text = f"{URGENCY[before]} → {URGENCY[level]}. {reason}"
    await casebook.event(turn, case["id"], "urgency", by=turn.person_id, text=text)
    if reclock.is_raised(before, level):
        await _ring(turn, case)
    await notify.reporter(
        turn,
        case,
        N_(
            "Hồ sơ **{code}** được cán bộ xếp lại mức khẩn: {reason}\n"
            "{office} trả lời trước **{due}**."
        ),
        ("xem", N_("📂 Xem hồ sơ")),
        ("vihan", N_("Vì sao là hạn này?")),
        reason=reason,
        due=moment(case["answer_due_at"], turn.t),
    )
    await showing.show_case(turn, case, turn.t(N_("⚡ Đã đổi mức khẩn, thời hạn tính lại.")))


async def _ring(turn: Turn, case: CaseRow) -> None:
    """What became more urgent is shown again to whoever must act, whatever the hour."""
    chats = await notify.in_charge(turn, case)
    if case["status"] == Status.NEW or case["urgency"] == "sos":
        chats = await notify.on_duty(turn, case)
    others = [chat for chat in chats if chat.person_id != turn.person_id]
    await notify.show_to(turn, case, others, N_("⚡ Mức khẩn được nâng lên"))


async def known(turn: Turn, argument: str) -> None:
    """«Đã biết»: the reminders of the answer clock stop, the deadline does not."""
    case, _ = await find(turn, "dabiet", argument, (Status.TAKEN,))
    if case is None:
        return
    if case["status"] != Status.TAKEN:
        await not_now(turn, case)
        return
    await act(turn, "acknowledge", scope(case), case["code"])
    if "answer" not in case["clocks"].get("acknowledged", ()):
        stored = {**case["clocks"], "acknowledged": ["answer"]}
        case = await casebook.change(turn, case, clocks=stored)
        await casebook.event(turn, case["id"], "acknowledged", by=turn.person_id, public=False)
    due = caseclocks.answer_due(case).at
    turn.say(
        turn.t(
            N_("👌 Đã ghi: ông/bà biết hồ sơ {code}. Không nhắc nữa; hạn vẫn là **{due}**."),
            code=case["code"],
            due=moment(due, turn.t),
        ),
        *notify.staff_buttons(case, turn.me),
        case_id=case["id"],
    )


FORM = Form(
    Flow(
        "urgency",
        (
            Question("level", N_("Mức khẩn mới?"), level, choices=lambda _: LEVELS),
            Question(
                "reason", N_("Vì sao đổi mức? (người dân sẽ đọc, lý do vào sổ hồ sơ)"), words
            ),
        ),
    ),
    judged,
    said=about,
)
FORMS = (FORM,)
COMMANDS = (
    Command("mucdo", "urgency", urgency, N_("Đổi mức khẩn, kèm lý do"), WORKERS),
    Command(
        "dabiet", "known", known, N_("Đã biết hồ sơ sắp trễ, thôi nhắc"), WORKERS, shown=False
    ),
)
