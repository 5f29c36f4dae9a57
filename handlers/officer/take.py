"""Working on a case: take it, ask the citizen, hand it over.

Every action locks the case first: of two officers who press at the same moment one wins, the
other reads who it was.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from handlers import casebook, groups, notify, replies, showing, staffnames
from handlers.answers import words
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Choice, Flow, Question, Step, Values
from handlers.forms import Command, Form
from handlers.i18n import N_, translator
from handlers.permissions import WORKERS, act
from handlers.render import command_button
from handlers.showing import scope
from handlers.staffwork import about, begin, find, not_now, still, take_over
from handlers.typed import as_typed
from handlers.vocabulary import PROVINCE_WIDE
from models import places
from models.cases import OPEN, Status
from models.people import Role


async def take(turn: Turn, argument: str) -> None:
    case, _ = await find(turn, "nhan", argument, (Status.NEW,))
    if case is None:
        return
    t = turn.t
    if case["status"] == Status.TAKEN and case["taken_by"] == turn.person_id:
        turn.say(
            t(N_("Dạ, ông/bà đang giữ hồ sơ {code}."), code=case["code"]),
            *notify.staff_buttons(case, turn.me),
        )
        return
    if case["status"] != Status.NEW:
        await not_now(turn, case)
        return
    case = await take_over(turn, case)
    await showing.show_case(turn, case, t(N_("✋ Ông/bà đã nhận hồ sơ này.")))


async def ask(turn: Turn, argument: str) -> None:
    await begin(turn, "hoi", argument, ASK, OPEN)


async def asked(turn: Turn, values: Values) -> None:
    """Ask the reporter; the answer clock stands still until the answer comes."""
    case = await still(turn, values, OPEN)
    if case is None:
        return
    if case["status"] == Status.NEW:
        case = await take_over(turn, case)
    await act(turn, "ask", scope(case), case["code"])
    question = replies.filled(values, "question")
    await casebook.event(turn, case["id"], "asked", by=turn.person_id, text=question)
    case = await casebook.change(turn, case, waiting_since=case["waiting_since"] or turn.now)
    await notify.reporter(
        turn,
        case,
        N_(
            "💬 Cán bộ hỏi về hồ sơ **{code}**:\n«{question}»\n"
            "Xin gõ câu trả lời tại đây, hoặc gửi ảnh."
        ),
        ("them", N_("✍ Trả lời")),
        question=question,
    )
    turn.say(
        turn.t(
            N_("💬 Đã gửi câu hỏi ({code}). Thời hạn tạm dừng tới khi người dân trả lời."),
            code=case["code"],
        ),
        command_button("tiep", turn.t(N_("▶ Hồ sơ tiếp theo"))),
    )


async def hand_over(turn: Turn, argument: str) -> None:
    """``/chuyen MÃ`` lists colleagues to choose from; the province chooses a commune."""
    case, rest = await find(turn, "chuyen", argument, OPEN)
    if case is None:
        return
    if case["status"] not in OPEN:
        await not_now(turn, case)
        return
    found = await _colleagues(turn, case)
    if not found:
        turn.say(turn.t(N_("Dạ, xã chưa có cán bộ nào khác. Mời thêm: /moi")))
        return
    wanted = [match.commune.code for match in places.find(rest)] if rest else []
    if case["commune"] == PROVINCE_WIDE and len(wanted) == 1:
        await handed_over(turn, {"_case": case["code"], "_to": found, "to": wanted[0]})
        return
    turn.open("hand_over", uuid4(), _case=case["code"], _about=f"**{case['code']}**", _to=found)


async def _colleagues(turn: Turn, case: CaseRow) -> list[list[str]]:
    """People of the commune who could take it: id and how they are called."""
    if case["commune"] == PROVINCE_WIDE:
        return [[code, commune.name] for code, commune in sorted(places.COMMUNES.items())]
    office = await staffnames.office(turn, case["commune"])
    return [[str(one.person), one.name] for one in office if one.person != case["taken_by"]]


async def handed_over(turn: Turn, values: Values) -> None:
    case = await still(turn, values, OPEN)
    if case is None:
        return
    to = str(values["to"])
    await act(turn, "hand_over", scope(case), case["code"], to=to)
    if to in places.COMMUNES:
        case = await casebook.change(
            turn, case, commune=to, status=Status.NEW.value, taken_by=None
        )
        await casebook.event(turn, case["id"], "handed_over", by=turn.person_id)
        await notify.new_case(turn, case)
    else:
        case = await casebook.change(
            turn,
            case,
            status=Status.TAKEN.value,
            taken_by=UUID(to),
            taken_at=case["taken_at"] or turn.now,
        )
        await groups.show(turn, case)
        await casebook.event(turn, case["id"], "handed_over", by=turn.person_id)
        for chat in await turn.staff(case["commune"], {Role.OFFICER, Role.LEADER}):
            if str(chat.person_id) == to:
                head = translator(chat.locale)(N_("↪ Hồ sơ được chuyển cho ông/bà"))
                shown = await notify.files(turn, case["id"])
                turn.tell(chat, notify.card(case, turn, chat, head, shown), case_id=case["id"])
    name = next((one[1] for one in values["_to"] if one[0] == to), "")
    turn.say(turn.t(N_("↪ Đã chuyển {code} cho {name}."), code=case["code"], name=as_typed(name)))


def colleagues(values: Values) -> tuple[Choice, ...]:
    return tuple(Choice(*one) for one in values.get("_to", ()))


def _somebody(text: str) -> str:
    return text.strip()


def listed(_: Turn, step: Step) -> None:
    """Only somebody of the list can be handed a case."""
    if step.values.get("to") not in [one[0] for one in step.values["_to"]]:
        raise BadAnswer(staffnames.NOBODY)


ASK = Form(
    Flow(
        "ask",
        (
            Question(
                "question",
                N_("Hỏi người báo tin điều gì? (gõ câu hỏi)"),
                words,
                choices=replies.choices,
            ),
        ),
    ),
    asked,
    verify=replies.whole,
    said=replies.offered,
    hears=replies.typed,
)
HAND_OVER = Form(
    Flow("hand_over", (Question("to", N_("Chuyển cho ai?"), _somebody, choices=colleagues),)),
    handed_over,
    verify=listed,
    said=about,
)
FORMS = (ASK, HAND_OVER)
COMMANDS = (
    Command("nhan", "take", take, N_("Nhận hồ sơ"), WORKERS),
    Command("hoi", "ask", ask, N_("Hỏi người báo tin"), WORKERS),
    Command("chuyen", "handover", hand_over, N_("Chuyển cho người khác"), WORKERS),
)
