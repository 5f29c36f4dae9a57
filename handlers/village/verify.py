"""A head says whether a report of the village is so; an officer asks for it: ``/xacminh MÃ``."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from handlers import cards, casebook, checks, codewords, showing
from handlers.answers import words
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.dialogue import Flow, Question, Values
from handlers.forms import Command, Form
from handlers.heads import heads_of
from handlers.i18n import N_
from handlers.permissions import LOOKERS, act, role_for
from handlers.render import command_button
from handlers.showing import scope
from handlers.staffwork import find
from handlers.times import moment
from handlers.typed import as_typed
from handlers.verdicts import attach, more, record
from handlers.vocabulary import CHECKS
from models.cases import OPEN, Check
from models.people import Role
from models.text import fold

SPOKEN = (  # the first that begins what was typed
    ("khong dung", Check.FALSE), ("khong phai", Check.FALSE), ("sai", Check.FALSE),
    ("khong xac minh", Check.UNSURE), ("khong ro", Check.UNSURE), ("khong biet", Check.UNSURE),
    ("da giup", Check.HELPED), ("da duoc giup", Check.HELPED), ("da cuu", Check.HELPED),
    ("can xem lai", Check.LOOK), ("xem lai", Check.LOOK),
    ("dung", Check.TRUE), ("co that", Check.TRUE), ("phai", Check.TRUE),
)  # fmt: skip
FILLERS = ("roi", "a", "duoc", "vay", "that", "nhe", "-", "–", "")


async def verify(turn: Turn, argument: str) -> None:
    """``/xacminh MÃ đúng …`` of a head; of an officer, ``/xacminh MÃ`` asks the heads."""
    found, rest = codewords.split(argument)
    case = None
    if found is not None and found.code is not None:
        case = await casebook.by_code(turn, found.code, lock=True)
    if case is not None and role_for(turn, "verify", scope(case)) is not None:
        await _answer(turn, case, rest)
        return
    if all(held.role == Role.VILLAGE_HEAD for held in turn.held):
        await _which(turn)
        return
    case, _ = await find(turn, "xacminh", argument, OPEN)
    if case is not None:
        await _ask(turn, case)


async def _which(turn: Turn) -> None:
    """The reports of the villages of a head that wait for a word."""
    t = turn.t
    covered = [
        one
        for held in turn.held
        for one in casebook.all_of(
            await turn.db.execute(
                select(casebook.TABLE).where(
                    casebook.TABLE.c.commune == held.commune,
                    casebook.TABLE.c.check_due_at.is_not(None),
                )
            )
        )
        if role_for(turn, "verify", scope(one)) is not None
    ]
    if not covered:
        turn.say(
            t(N_("Dạ, không có tin nào của thôn đang chờ xác minh.")),
            command_button("hangdoi", t(N_("📋 Hàng đợi"))),
        )
        return
    rows = [cards.line(case, turn, t) for case in covered[:8]]
    head = t(N_("**Chờ ông/bà xác minh** ({count}). Bấm mã để xem:"), count=len(covered))
    buttons = (command_button("xem", one["code"], one["code"]) for one in covered[:8])
    turn.say("\n".join([head, *rows]), *buttons)


async def _ask(turn: Turn, case: CaseRow) -> None:
    t = turn.t
    if case["status"] not in OPEN:
        turn.say(t(N_("Dạ, hồ sơ {code} đã có trả lời rồi."), code=case["code"]))
        return
    if case["check_due_at"]:
        turn.say(
            t(
                N_("Dạ, đã hỏi trưởng thôn về {code}, chờ tới {at}."),
                code=case["code"],
                at=moment(case["check_due_at"], t),
            )
        )
        return
    heads = await heads_of(turn, case["commune"], case["village"])
    if not heads:
        where = as_typed(case["village"] or t(N_("(chưa rõ thôn)")))
        none = N_("Dạ, {village} chưa có trưởng thôn trên kênh này để hỏi.")
        turn.say(t(none, village=where), command_button("moi", t(N_("✉ Mời trưởng thôn"))))
        return
    await act(turn, "ask_head", scope(case), case["code"])
    case = await checks.ask(turn, case, heads, by=turn.person_id)
    people = len({chat.person_id for chat in heads})
    turn.say(
        t(
            N_("🏘 Đã hỏi {people} trưởng thôn về {code}. Chưa trả lời trước {at} thì sẽ báo."),
            people=people,
            code=case["code"],
            at=moment(case["check_due_at"], t),
        )
    )


async def take_up(turn: Turn, argument: str) -> None:
    """``/nhanxacminh MÃ``: the head goes to see, and reads who it is about."""
    case = await _case(turn, argument)
    if case is None:
        return
    await act(turn, "verify", scope(case), case["code"], step="taken")
    if await checks.hides_names_from(turn, case, turn.person_id):
        await casebook.event(turn, case["id"], "check_taken", by=turn.person_id, public=False)
    await showing.show_case(turn, case, turn.t(N_("✋ Ông/bà đã nhận xác minh.")))


async def _case(turn: Turn, argument: str) -> CaseRow | None:
    found, _ = codewords.split(argument)
    case = await casebook.by_code(turn, found.code, lock=True) if found and found.code else None
    if case is None or role_for(turn, "verify", scope(case)) is None:
        turn.say(turn.t(N_("Dạ, mã này không có trong thôn của ông/bà. Xin kiểm tra lại.")))
        return None
    return case


async def _answer(turn: Turn, case: CaseRow, said: str) -> None:
    word, _, remark = said.partition(" ")
    answer = Check(word) if word in [one.value for one, _ in checks.ANSWERS] else None
    if answer is None:
        answer, remark = _spoken(said)
    if answer is None:
        await showing.show_case(turn, case)
        return
    if case["status"] not in OPEN:
        turn.say(
            turn.t(N_("Dạ, cán bộ đã trả lời hồ sơ {code} rồi, xin cảm ơn."), code=case["code"])
        )
        return
    await act(turn, "verify", scope(case), case["code"], answer=answer.value)
    case = await record(turn, case, answer)
    if remark.strip():
        await more(turn, case, remark)
        turn.say(_thanks(turn, case, answer))
        return
    turn.lead = _thanks(turn, case, answer)
    turn.open("check_remark", uuid4(), _case=case["code"])


def _spoken(said: str) -> tuple[Check | None, str]:
    """«không đúng, nhà vẫn ở được»: the answer it begins with, and what is said beside it."""
    words = said.split()
    folded = [fold(word).strip(" .,:;!–-") for word in words]
    for phrase, answer in SPOKEN:
        length = len(phrase.split())
        if folded[:length] == phrase.split():
            while folded[length : length + 1] and folded[length] in FILLERS:
                length += 1
            return answer, " ".join(words[length:])
    return None, ""


def _thanks(turn: Turn, case: CaseRow, answer: Check) -> str:
    return turn.t(
        N_("🏘 Đã ghi: {code} – **{said}**. Cán bộ xã đã được báo, xin cảm ơn."),
        code=case["code"],
        said=turn.t(CHECKS[answer]),
    )


async def remarked(turn: Turn, values: Values) -> None:
    """A remark, a photograph, or nothing more."""
    case = await casebook.by_code(turn, str(values["_case"]), lock=True)
    if case is None or role_for(turn, "verify", scope(case)) is None:
        return
    await attach(turn, case, values)
    if values.get("text"):
        await more(turn, case, str(values["text"]))
    turn.say(turn.t(N_("Dạ, đã lưu vào hồ sơ {code}."), code=case["code"]))


async def unfinished(turn: Turn, values: Values) -> None:
    """Silence after a photograph: it still belongs to the case."""
    case = await casebook.by_code(turn, str(values["_case"]), lock=True)
    if case is not None:
        await attach(turn, case, values)


REMARK = Form(
    Flow(
        "check_remark",
        (
            Question(
                "text",
                N_("Thêm một lời, hoặc gửi ảnh rồi bấm Bỏ qua?"),
                words,
                optional=True,
                wants="photo",
            ),
        ),
    ),
    remarked,
    cancelled=unfinished,
    abandoned=unfinished,
)
FORMS = (REMARK,)
COMMANDS = (
    Command("xacminh", "verify", verify, N_("Xác minh tin báo của thôn"), LOOKERS),
    Command(
        "nhanxacminh", "takecheck", take_up, N_("Nhận xác minh"),
        frozenset({Role.VILLAGE_HEAD}), shown=False,
    ),
)  # fmt: skip
