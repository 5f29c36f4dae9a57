"""Working on a case: take, ask, confirm, decline, hand over, helped, reopen.

Every action locks the case first: of two officers who press at the same moment one wins, the
other reads who it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from handlers import cards, casebook, notify, showing
from handlers.answers import words
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.dialogue import Choice, Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_, translator
from handlers.permissions import WORKERS, act, role_for
from handlers.showing import scope
from handlers.vocabulary import PROVINCE_WIDE, ROLE, STATUS
from models import codes, places
from models.cases import OPEN, Status
from models.people import Grant, Person, Role


async def _case(turn: Turn, argument: str) -> tuple[CaseRow | None, str]:
    """The case a command is about, locked, and the words after its code."""
    first, _, rest = argument.strip().partition(" ")
    found = codes.read(first)
    if found is None and (found := codes.find(argument)) is not None:
        rest = argument[argument.upper().index(found.typed) + len(found.typed) :].strip()
    t = turn.t
    if found is None:
        turn.say(t(N_("Dạ, xin gõ mã hồ sơ sau lệnh, ví dụ: /nhan QN-7K3M-9. Xem mã: /hangdoi")))
        return None, ""
    if found.code is None:
        await showing.show_or_explain(turn, found)
        return None, ""
    case = await casebook.by_code(turn, found.code, lock=True)
    if case is None or role_for(turn, "take", scope(case)) is None:
        turn.say(
            t(
                N_("Dạ, mã {code} không có trong danh sách của xã. Xin kiểm tra lại."),
                code=found.code,
            )
        )
        return None, ""
    return case, rest.strip(" :,-")


async def _name(turn: Turn, person_id: UUID | None) -> str:
    """How a member of staff is called before others: the role, and a name if one is known."""
    if person_id is None:
        return ""
    row = (
        await turn.db.execute(
            select(Person.private, Grant.role)
            .join(Grant, Grant.person_id == Person.id)
            .where(Person.id == person_id, Grant.revoked_at.is_(None))
            .limit(1)
        )
    ).one_or_none()
    if row is None:
        return turn.t(N_("một cán bộ"))
    return str((row.private or {}).get("name") or turn.t(ROLE[Role(row.role)]))


async def _not_now(turn: Turn, case: CaseRow) -> None:
    """The case is not in a state for this; say in which, and by whom."""
    who = await _name(turn, case["taken_by"])
    by = f" ({who})" if who else ""
    turn.say(
        turn.t(
            N_("Dạ, hồ sơ {code} hiện **{status}**{by}, không làm bước này được."),
            code=case["code"],
            status=turn.t(STATUS[Status(case["status"])]),
            by=by,
        ),
        *notify.staff_buttons(case, turn.me),
        case_id=case["id"],
    )


async def take(turn: Turn, argument: str) -> None:
    case, _ = await _case(turn, argument)
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
        await _not_now(turn, case)
        return
    case = await _take(turn, case)
    await showing.show_case(turn, case, t(N_("✋ Ông/bà đã nhận hồ sơ này.")))


async def _take(turn: Turn, case: CaseRow) -> CaseRow:
    """Take a new case for the person in front; the reporter is told."""
    await act(turn, "take", scope(case), case["code"])
    case = await casebook.change(
        turn, case, status=Status.TAKEN.value, taken_by=turn.person_id, taken_at=turn.now
    )
    await casebook.event(turn, case["id"], "taken", by=turn.person_id)
    await notify.reporter(
        turn,
        case,
        N_("👤 Cán bộ đã tiếp nhận hồ sơ **{code}** và đang giải quyết."),
        ("xem", N_("📂 Xem hồ sơ")),
    )
    return case


async def _begin(turn: Turn, argument: str, flow: str, states: tuple[Status, ...]) -> None:
    """Open a small form about a case, or finish it at once when the words came with the command."""
    case, rest = await _case(turn, argument)
    if case is None:
        return
    if case["status"] not in states:
        await _not_now(turn, case)
        return
    media = turn.draft.get("_media") if turn.flow is None else None
    turn.open(flow, uuid4(), _case=case["code"], **({"_media": media} if media else {}))
    if rest:
        turn.draft[_QUESTION[flow]] = words(rest)
        turn.asks = False
        await _FINISH[flow](turn, turn.draft)
        turn.close()


async def ask(turn: Turn, argument: str) -> None:
    await _begin(turn, argument, "ask", OPEN)


async def confirm(turn: Turn, argument: str) -> None:
    await _begin(turn, argument, "confirm_case", OPEN)


async def decline(turn: Turn, argument: str) -> None:
    await _begin(turn, argument, "decline", OPEN)


async def helped(turn: Turn, argument: str) -> None:
    await _begin(turn, argument, "helped", (Status.CONFIRMED, *OPEN))


async def reopen(turn: Turn, argument: str) -> None:
    await _begin(
        turn,
        argument,
        "reopen",
        (Status.CONFIRMED, Status.DECLINED, Status.HELPED, Status.WITHDRAWN),
    )


async def _still(
    turn: Turn, values: Mapping[str, Any], states: tuple[Status, ...]
) -> CaseRow | None:
    """The case of an open form, locked again: somebody may have been quicker meanwhile."""
    case = await casebook.by_code(turn, str(values["_case"]), lock=True)
    if case is None or case["status"] not in states:
        if case is not None:
            await _not_now(turn, case)
        return None
    return case


async def finish_ask(turn: Turn, values: Values) -> None:
    """Ask the reporter; the answer clock stands still until the answer comes."""
    case = await _still(turn, values, OPEN)
    if case is None:
        return
    if case["status"] == Status.NEW:
        case = await _take(turn, case)
    await act(turn, "ask", scope(case), case["code"])
    question = str(values["question"])
    await casebook.event(turn, case["id"], "asked", by=turn.person_id, text=question)
    case = await casebook.change(turn, case, waiting_since=case["waiting_since"] or turn.now)
    await notify.reporter(
        turn,
        case,
        N_(
            "💬 Cán bộ hỏi về hồ sơ **{code}**:\n«{question}»\nXin gõ câu trả lời tại đây, hoặc gửi ảnh."
        ),
        ("them", N_("✍ Trả lời")),
        question=question,
    )
    turn.say(
        turn.t(
            N_(
                "💬 Đã gửi câu hỏi tới người báo tin ({code}). Thời hạn trả lời tạm dừng tới khi có câu trả lời."
            ),
            code=case["code"],
        )
    )


async def finish_confirm(turn: Turn, values: Values) -> None:
    await _decided(
        turn,
        values,
        "confirm",
        Status.CONFIRMED,
        N_("✅ {office} đã **xác nhận** hồ sơ {code}: {text}"),
    )


async def finish_decline(turn: Turn, values: Values) -> None:
    await _decided(
        turn,
        values,
        "decline",
        Status.DECLINED,
        N_(
            "Hồ sơ {code} **chưa được chấp nhận**. Lý do: {text}\nNếu chưa đúng, ông/bà bấm Gặp cán bộ để nói lại."
        ),
    )


async def _decided(turn: Turn, values: Values, action: str, status: Status, told: str) -> None:
    """Answer a case: the answer clock ends, the reporter reads what was decided and why."""
    case = await _still(turn, values, OPEN)
    if case is None:
        return
    if case["status"] == Status.NEW:
        case = await _take(turn, case)
    await act(turn, action, scope(case), case["code"], in_time=turn.now <= case["answer_due_at"])
    text = str(values["text"])
    closed = turn.now if status == Status.DECLINED else None
    case = await casebook.change(
        turn,
        case,
        status=status.value,
        answered_at=turn.now,
        waiting_since=None,
        closed_at=closed,
    )
    what = "confirmed" if status == Status.CONFIRMED else "declined"
    files = await _evidence(turn, case)
    await casebook.event(turn, case["id"], what, by=turn.person_id, text=text)
    await notify.reporter(
        turn,
        case,
        told,
        ("xem", N_("📂 Xem hồ sơ")),
        ("gapcanbo", N_("👤 Gặp cán bộ")),
        media=files,
        text=text,
        office=cards.office(case["commune"], turn.t),
    )
    turn.say(
        turn.t(
            N_("Đã lưu và báo cho người dân: {code} – **{status}**."),
            code=case["code"],
            status=turn.t(STATUS[status]),
        ),
        *notify.staff_buttons(case, turn.me),
        case_id=case["id"],
    )


async def _evidence(turn: Turn, case: CaseRow) -> tuple[str, ...]:
    """Photographs the officer sent with the decision; the reporter receives them."""
    sent = tuple(turn.draft.get("_media", ()))
    await casebook.attach_media(turn, case["id"])
    stored = await notify.files(turn, case["id"])
    return tuple(one for one in stored if one in sent)


async def finish_helped(turn: Turn, values: Values) -> None:
    case = await _still(turn, values, (Status.CONFIRMED, *OPEN))
    if case is None:
        return
    if case["status"] == Status.NEW:
        case = await _take(turn, case)
    await act(turn, "helped", scope(case), case["code"])
    text = str(values["text"])
    case = await casebook.change(
        turn,
        case,
        status=Status.HELPED.value,
        answered_at=case["answered_at"] or turn.now,
        closed_at=turn.now,
        waiting_since=None,
    )
    files = await _evidence(turn, case)
    await casebook.event(turn, case["id"], "helped", by=turn.person_id, text=text)
    await notify.reporter(
        turn,
        case,
        N_("🎁 Hồ sơ {code}: đã trợ giúp – {text}\nÔng/bà đã nhận được chưa?"),
        ("danhan", N_("👍 Đã nhận được hỗ trợ")),
        ("chuanhan", N_("👎 Chưa nhận được")),
        media=files,
        text=text,
    )
    turn.say(
        turn.t(N_("🎁 Đã ghi: {code} đã trợ giúp, người dân đã được báo."), code=case["code"])
    )


async def finish_reopen(turn: Turn, values: Values) -> None:
    case = await casebook.by_code(turn, str(values["_case"]), lock=True)
    if case is None:
        return
    if case["status"] in OPEN:
        await _not_now(turn, case)
        return
    await act(turn, "reopen", scope(case), case["code"])
    text = str(values["text"])
    case = await casebook.change(
        turn,
        case,
        status=Status.TAKEN.value,
        taken_by=turn.person_id,
        taken_at=case["taken_at"] or turn.now,
        answered_at=None,
        closed_at=None,
    )
    await casebook.event(turn, case["id"], "reopened", by=turn.person_id, text=text)
    await notify.reporter(
        turn,
        case,
        N_("↩ Hồ sơ {code} được mở lại: {text}"),
        ("xem", N_("📂 Xem hồ sơ")),
        text=text,
    )
    await showing.show_case(turn, case, turn.t(N_("↩ Đã mở lại hồ sơ.")))


async def hand_over(turn: Turn, argument: str) -> None:
    """``/chuyen MÃ`` lists colleagues to choose from; the province chooses a commune."""
    case, rest = await _case(turn, argument)
    if case is None:
        return
    if case["status"] not in OPEN:
        await _not_now(turn, case)
        return
    turn.open("hand_over", uuid4(), _case=case["code"], _to=await _colleagues(turn, case))
    if case["commune"] == PROVINCE_WIDE and rest:
        matches = places.find(rest)
        if len(matches) == 1:
            turn.draft["to"] = matches[0].commune.code
            turn.asks = False
            await finish_hand_over(turn, turn.draft)
            turn.close()


async def _colleagues(turn: Turn, case: CaseRow) -> list[list[str]]:
    """People of the commune who could take it: id and how they are called."""
    if case["commune"] == PROVINCE_WIDE:
        return [[code, commune.name] for code, commune in sorted(places.COMMUNES.items())]
    rows = await turn.db.execute(
        select(Grant.person_id, Grant.role, Person.private)
        .join(Person, Person.id == Grant.person_id)
        .where(
            Grant.commune == case["commune"],
            Grant.revoked_at.is_(None),
            Grant.role.in_([Role.OFFICER.value, Role.LEADER.value]),
        )
        .order_by(Grant.role, Grant.id)
    )
    found = []
    for number, row in enumerate(rows, 1):
        name = (row.private or {}).get("name") or f"{turn.t(ROLE[Role(row.role)])} {number}"
        if row.person_id != case["taken_by"]:
            found.append([str(row.person_id), name])
    return found


async def finish_hand_over(turn: Turn, values: Values) -> None:
    case = await _still(turn, values, OPEN)
    if case is None:
        return
    to = str(values["to"])
    if to not in [one[0] for one in values["_to"]]:
        turn.say(turn.t(N_("Dạ, người này không còn trong danh sách. Xin chuyển lại.")))
        return
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
        await casebook.event(turn, case["id"], "handed_over", by=turn.person_id)
        for chat in await turn.staff(case["commune"], {Role.OFFICER, Role.LEADER}):
            if str(chat.person_id) == to:
                head = translator(chat.locale)(N_("↪ Hồ sơ được chuyển cho ông/bà"))
                shown = await notify.files(turn, case["id"])
                turn.tell(chat, notify.card(case, turn, chat, head, shown), case_id=case["id"])
    name = next(one[1] for one in values["_to"] if one[0] == to)
    turn.say(turn.t(N_("↪ Đã chuyển {code} cho {name}."), code=case["code"], name=name))


def colleagues(values: Values) -> tuple[Choice, ...]:
    return tuple(Choice(*one) for one in values.get("_to", ()))


def same(text: str) -> str:
    return text.strip()


def _form(name: str, question: str, ask_: str, finish: Any) -> Form:
    return Form(Flow(name, (Question(question, ask_, words),)), finish)


FORMS = (
    _form("ask", "question", N_("Hỏi người báo tin điều gì? (gõ câu hỏi)"), finish_ask),
    _form(
        "confirm_case",
        "text",
        N_(
            "Quyết định gì, theo điều nào? (người dân sẽ đọc; có thể gửi kèm ảnh giấy tờ trước khi gõ)"
        ),
        finish_confirm,
    ),
    _form(
        "decline",
        "text",
        N_("Lý do từ chối, bằng lời dễ hiểu? (người dân sẽ đọc)"),
        finish_decline,
    ),
    _form(
        "helped",
        "text",
        N_("Đã trợ giúp gì, bao nhiêu, khi nào? (có thể gửi ảnh trước khi gõ)"),
        finish_helped,
    ),
    _form("reopen", "text", N_("Vì sao mở lại?"), finish_reopen),
    Form(
        Flow("hand_over", (Question("to", N_("Chuyển cho ai?"), same, choices=colleagues),)),
        finish_hand_over,
    ),
)
_QUESTION = {form.flow.name: form.flow.questions[0].id for form in FORMS}
_FINISH = {form.flow.name: form.finish for form in FORMS}
COMMANDS = (
    Command("nhan", "take", take, N_("Nhận hồ sơ"), WORKERS),
    Command("hoi", "ask", ask, N_("Hỏi người báo tin"), WORKERS),
    Command("xacnhan", "confirm", confirm, N_("Xác nhận, kèm quyết định"), WORKERS),
    Command("tuchoi", "decline", decline, N_("Từ chối, kèm lý do"), WORKERS),
    Command("chuyen", "handover", hand_over, N_("Chuyển cho người khác"), WORKERS),
    Command("datrogiup", "helped", helped, N_("Đã trợ giúp: gì, bao nhiêu, khi nào"), WORKERS),
    Command("molai", "reopen", reopen, N_("Mở lại hồ sơ"), WORKERS),
)
