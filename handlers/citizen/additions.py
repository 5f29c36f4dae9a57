"""Adding to an own case, and answering its officer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from handlers import casebook, notify
from handlers.answers import LONG, words
from handlers.casebook import CaseRow
from handlers.desk import Turn
from handlers.dialogue import Choice, Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_, translator
from handlers.menu import menu_buttons
from handlers.messages import Button, Outgoing, Position
from handlers.owncase import own, waiting
from handlers.render import command_button
from handlers.times import moment
from handlers.typed import as_typed
from models.cases import OPEN
from models.outbox import Lane


async def add(turn: Turn, argument: str) -> None:
    case = await own(turn, argument)
    if case is None:
        return
    if case["status"] not in OPEN:
        turn.say(
            turn.t(
                N_("Dạ, hồ sơ {code} đã xong. Cần thêm, xin bấm Gặp cán bộ."), code=case["code"]
            ),
            command_button("gapcanbo", turn.t(N_("👤 Gặp cán bộ"))),
        )
        return
    loose = turn.draft if turn.flow is None else {}
    known = {key: loose[key] for key in ("_media", "_position") if loose.get(key)}
    turn.open("add", uuid4(), _case=case["code"], **known)


ADD = Flow(
    "add",
    (
        Question(
            "addition",
            N_("Xin gõ điều cần nói thêm, gửi ảnh, ghi âm hoặc vị trí; xong bấm «Xong»."),
            words,
            choices=lambda _: (Choice("done", N_("Xong")),),
            wants="photo",
        ),
    ),
)


def about(turn: Turn, values: Values) -> str:
    return turn.t(N_("Hồ sơ **{code}**"), code=values["_case"])


async def added(turn: Turn, values: Values) -> None:
    """Words, photographs or a position go to the case and to whoever handles it."""
    case = await casebook.by_code(turn, str(values["_case"]), lock=True)
    said = "" if values["addition"] == "done" else str(values["addition"])
    media = tuple(turn.draft.get("_media", ()))
    position = values.get("_position")
    turn.close()
    if case is None:
        return
    if not (said or media or position):
        turn.say(turn.t(N_("Dạ, chưa có gì mới, hồ sơ giữ nguyên.")), *menu_buttons(turn))
        return
    await _put_in(turn, case, _Told(said, media, position))


@dataclass(frozen=True, slots=True)
class _Told:
    """What is added to a case."""

    words: str
    media: tuple[str, ...] = ()
    position: object = None
    feared: bool = False  # it sounds like danger: whoever reads it is told so, at once


async def _put_in(turn: Turn, case: CaseRow, told: _Told) -> None:
    """Add to a case, which is locked; when its officer waits for an answer, this is the answer."""
    t = turn.t
    await casebook.attach_media(turn, case["id"], told.media)
    answering = case["waiting_since"] is not None
    what = "answered" if answering else "added"
    note = told.words or t(N_("(ảnh, ghi âm hoặc vị trí)"))
    await casebook.event(
        turn, case["id"], what, by=turn.person_id, text=note, files=len(told.media)
    )
    if told.position:
        details = {**(case["details"] or {}), "position": told.position}
        case = await casebook.change(turn, case, details=details)
    if answering:
        case = await casebook.resume(turn, case)
    await _tell_handler(turn, case, replace(told, words=note), what)
    done = N_("Dạ, đã thêm vào hồ sơ **{code}** và báo cho cán bộ.")
    if answering:
        done = N_(
            "Dạ, đã chuyển câu trả lời cho cán bộ ({code}). Thời hạn tính tiếp: trước **{due}**."
        )
    turn.say(
        t(done, code=case["code"], due=moment(case["answer_due_at"], t)),
        *((command_button("sos", t(N_("🆘 Đang nguy hiểm"))),) if told.feared else ()),
        command_button("xem", t(N_("📂 Xem hồ sơ")), case["code"]),
        lane=Lane.URGENT if told.feared else Lane.REPLY,
    )


async def _tell_handler(turn: Turn, case: CaseRow, told: _Told, what: str) -> None:
    """Whoever took the case hears it; while nobody has, everybody of the commune does."""
    message = N_("📩 Người báo tin trả lời ({code}): {text}")
    if what == "added":
        message = N_("📩 Người báo tin bổ sung ({code}): {text}")
    # what is still being fetched follows by itself
    files = tuple(one for one in await notify.files(turn, case["id"]) if one in told.media)
    where = (case["details"] or {}).get("position") if turn.said.position else None
    lane = Lane.URGENT if told.feared else notify.lane(case)
    for chat in await notify.in_charge(turn, case):
        t = translator(chat.locale)
        text = t(message, code=case["code"], text=as_typed(told.words))
        if told.feared:
            warning = t(N_("⚠ **Có thể đang nguy hiểm tính mạng**, xin gọi ngay."))
            text = f"{warning}\n{text}"
        buttons = notify.staff_buttons(case, chat)
        pin = Position(*where) if where else None
        turn.tell(chat, Outgoing(text, buttons, media=files, position=pin), lane, case["id"])


async def answers_in_danger(turn: Turn, text: str, *, sure: bool) -> bool:
    """Words of danger while an officer waits reach the case as well; True if they did.

    Nobody in danger is asked which case is meant: it is the one asked about last.
    """
    cases = [] if turn.held else await waiting(turn)
    if turn.flow == ADD.name:
        cases = [one for one in cases if one["code"] == turn.draft.get("_case")]
    if not cases:
        return False
    newest = max(cases, key=lambda one: one["waiting_since"])
    case = await casebook.by_code(turn, newest["code"], lock=True)
    if case is None or case["waiting_since"] is None:
        return False
    media: tuple[str, ...] = ()
    if turn.flow == ADD.name:
        media = tuple(turn.draft.get("_media", ()))
        turn.close()
    elif turn.flow is None and not sure:
        media = tuple(turn.draft.pop("_media", ()))
    await _put_in(turn, case, _Told(text[:LONG], media, feared=True))
    return True


async def answers_question(turn: Turn, text: str) -> bool:
    """Whatever comes while an officer waits for an answer is that answer.

    When several wait, the person says which.
    """
    if turn.held or len(text) > LONG:
        return False
    cases = await waiting(turn)
    if len(cases) == 1:
        await _answer(turn, cases[0], text)
    elif cases:
        turn.draft["_heard"] = text
        which_case(turn, cases)
    return bool(cases)


def which_case(turn: Turn, cases: Sequence[CaseRow], *more: Button) -> None:
    turn.say(
        turn.t(N_("Dạ, tin vừa rồi là để trả lời cán bộ về hồ sơ nào ạ?"))
        if not more
        else turn.t(N_("Dạ, tin vừa rồi là để trả lời cán bộ, hay cho việc đang làm dở?")),
        *(
            command_button("traloi", turn.t(N_("✍ Trả lời {code}"), code=one["code"]), one["code"])
            for one in cases
        ),
        *more,
    )


async def _answer(turn: Turn, case: CaseRow, text: str) -> None:
    locked = await casebook.by_code(turn, case["code"], lock=True)
    media = tuple(turn.draft.pop("_media", ())) if turn.flow is None else ()
    if locked is not None:
        await _put_in(turn, locked, _Told(text, media))


async def reply(turn: Turn, argument: str) -> None:
    """What was typed just now answers the officer in this case."""
    case = await own(turn, argument)
    heard = str(turn.draft.pop("_heard", ""))
    if case is None:
        return
    if heard or (turn.flow is None and turn.draft.get("_media")):
        await _answer(turn, case, heard)
    else:
        await add(turn, case["code"])


FORMS = (Form(ADD, added, said=about),)
COMMANDS = (
    Command("them", "add", add, N_("Bổ sung vào hồ sơ"), words=("bo sung",)),
    Command("traloi", "reply", reply, N_("Trả lời cán bộ"), shown=False),
)
