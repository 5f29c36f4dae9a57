"""«/canhbao»: a warning of danger goes out at once; the second look follows.

It goes to every chat of everybody concerned, at any hour, whatever they opted out of, before
everything but direct talk about danger.
"""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import insert

from handlers import alertcalls, rollcalls
from handlers.answers import one_of, plain
from handlers.broadcasts import card, letter, running
from handlers.broadcasts.readers import ALL, communes, paragraphs
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Choice, Flow, Question, Step, Values
from handlers.forms import Command, Form
from handlers.i18n import N_, OFFERED, Translate, translator
from handlers.messages import Button, Outgoing
from handlers.permissions import Scope, act, role_for
from handlers.render import command_button
from models.broadcasts import Broadcast, State
from models.outbox import Lane
from models.people import Role
from models.topics import ALERT

HAZARDS = (
    Choice("storm", N_("🌀 Bão, áp thấp")),
    Choice("flood", N_("🌊 Lũ, ngập")),
    Choice("landslide", N_("⛰ Sạt lở, lũ quét")),
    Choice("other", N_("⚠ Nguy hiểm khác")),
)
HEADS = {
    "storm": N_("🚨 **CẢNH BÁO BÃO** – {xa}"),
    "flood": N_("🚨 **CẢNH BÁO LŨ, NGẬP** – {xa}"),
    "landslide": N_("🚨 **CẢNH BÁO SẠT LỞ, LŨ QUÉT** – {xa}"),
    "other": N_("🚨 **CẢNH BÁO NGUY HIỂM** – {xa}"),
}
TAIL = N_(
    "Xin làm theo hướng dẫn của UBND xã và trưởng thôn. Nguy hiểm tính mạng: gọi ngay **112**, "
    "hoặc bấm nút dưới đây."
)
PHONE = N_("UBND: {dien_thoai}")
SEND = Choice("send", N_("🚨 GỬI NGAY"))
CALL = Choice("call", N_("🚨 GỬI NGAY + điểm danh"))


_SEND = frozenset({"gui", "gui di", "gui ngay", "dong y gui", "gui luon", "gui canh bao", "send"})
_CALL = frozenset({"gui va diem danh", "gui ngay va diem danh", "gui diem danh", "diem danh"})


def sure(text: str) -> str:
    """Read the last word before an alert: it names the sending, «có» alone is not enough."""
    said = " ".join(plain(text).replace(",", " ").split())
    if text.strip() == SEND.id or said in _SEND:
        return SEND.id
    if text.strip() == CALL.id or said in _CALL:
        return CALL.id
    raise BadAnswer(
        N_("Dạ, **chưa gửi**. Để gửi, xin gõ «gửi», hoặc «gửi và điểm danh»; thôi thì gõ «huỷ».")
    )


def _everywhere(values: Values) -> bool:
    return bool(values.get("_province"))


FLOW = Flow(
    "alert",
    (
        Question("hazard", N_("🚨 Cảnh báo gì?"), one_of(HAZARDS), choices=lambda _: HAZARDS),
        Question(
            "communes",
            N_("Cho xã nào? (tên các xã, cách nhau bằng dấu phẩy)"),
            communes,
            when=_everywhere,
            choices=lambda _: (Choice(ALL, N_("Toàn tỉnh")),),
        ),
        Question(
            "text",
            N_("Chuyện gì, ở đâu, bà con phải làm gì ngay? (vài câu ngắn; 112 được thêm sẵn)"),
            paragraphs,
        ),
        Question(
            "confirm",
            N_("Gửi ngay cho mọi người?"),
            sure,
            choices=lambda _: (SEND, CALL),
        ),
    ),
)


async def alert(turn: Turn, _: str) -> None:
    held = role_for(turn, "broadcast_alert")
    if held is None:
        turn.say(turn.t(N_("Dạ, chỉ lãnh đạo xã và cấp tỉnh gửi được cảnh báo.")))
        return
    facts = {"_province": True} if held.role == Role.PROVINCE else {"_commune": held.commune}
    turn.open(FLOW.name, uuid4(), **facts)


def _named(values: Values) -> list[str]:
    """The communes by code; none for the whole province."""
    named = str(values.get("communes", ALL))
    return [] if named == ALL else named.split(",")


def _row(values: Values) -> dict[str, object]:
    """The broadcast an alert amounts to."""
    hazard = str(values["hazard"])
    texts = {}
    for locale in OFFERED:
        t = translator(locale)
        texts[locale] = "\n".join((t(HEADS[hazard]), str(values["text"]), t(PHONE), t(TAIL)))
    label = next(one.label for one in HAZARDS if one.id == hazard)
    return {
        "id": 0,
        "title": label.partition(" ")[2],
        "topic": ALERT,
        "alert": True,
        "commune": values.get("_commune"),
        "content": {"text": texts},
        "audience": {"named": _named(values)},
    }


async def _confirm(turn: Turn, step: Step) -> None:
    """Before the last question: how it will look, and whom it reaches."""
    if step.question is None or step.question.id != "confirm":
        return
    row = _row(step.values)
    numbers = await letter.telephones(turn.db)
    where = row["commune"] or turn.commune
    shown = letter.message(row, turn.locale, str(where) if where else None, numbers).text
    reach = "\n".join(await card.reach(turn, row, turn.t))
    if row["commune"] is None:
        called = await alertcalls.reachable(turn, _named(step.values))
        reach += "\n" + turn.t(N_("Điểm danh, nếu chọn: {count} xã"), count=len(called))
    turn.draft["_shown"] = f"{shown}\n—\n{reach}"


def _said(_: Turn, values: Values) -> str:
    return str(values.get("_shown", "")) if "text" in values else ""


async def send(turn: Turn, values: Values) -> None:
    """It runs from this commit on; a second person is asked to look at it now."""
    made = {key: value for key, value in _row(values).items() if key != "id"}
    await act(turn, "broadcast_alert", Scope(made["commune"]), hazard=values["hazard"])  # type: ignore[arg-type]  # a code or None
    found = await turn.db.execute(
        insert(Broadcast)
        .values(
            **made,
            state=State.RUNNING.value,
            made_by=turn.person_id,
            made_at=turn.now,
            due_at=turn.now,
            started_at=turn.now,
        )
        .returning(letter.TABLE)
    )
    row = dict(found.mappings().one())
    t = turn.t
    told = t(N_("🚨 Cảnh báo đang được gửi. Người thứ hai được mời xem lại ngay."))
    called = ""  # what /diemdanh shows the roll-call by
    if values["confirm"] == CALL.id:
        also, called = await (_call_own if row["commune"] else _call_all)(turn, row)
        told += f" {also}"
    turn.say(told, *card.actions(row, t), *_followed(called, t), lane=Lane.URGENT)
    for chat in await running.approvers(turn, row):
        t = translator(chat.locale)
        head = t(N_("🚨 **Cảnh báo vừa gửi**, xin xem lại ngay: đúng thì xác nhận, sai thì dừng."))
        said = f"{head}\n{await card.card(turn, row, t)}"
        buttons = (*card.second_look(row, t), *_followed(called, t))
        turn.tell(chat, Outgoing(said, buttons), Lane.ALERT)


def _followed(called: str, t: Translate) -> tuple[Button, ...]:
    return (command_button("diemdanh", t(N_("📋 Điểm danh")), called),) if called else ()


async def _call_own(turn: Turn, row: letter.Row) -> tuple[str, str]:
    """A leader calls the roll of the own commune."""
    commune = row["commune"]
    await act(turn, "rollcall", Scope(commune), did="started", practice=False)
    call = await rollcalls.begin(
        turn, commune, (), turn.person_id, at_risk_only=False, practice=False
    )
    await alertcalls.begun(turn, row["id"], commune, call)
    return turn.t(N_("Điểm danh cả xã cũng bắt đầu.")), f"r{call}"


async def _call_all(turn: Turn, row: letter.Row) -> tuple[str, str]:
    """The province has it called; each commune runs its own."""
    communes = await alertcalls.reachable(turn, row["audience"]["named"])
    await act(
        turn,
        "broadcast_rollcall",
        Scope(None),
        broadcast=row["id"],
        did="ordered",
        communes=len(communes),
    )
    await alertcalls.order(turn, row["id"], communes)
    if not communes:
        return turn.t(N_("Chưa xã nào có hộ hay người dân để điểm danh.")), ""
    told = N_("Điểm danh bắt đầu ở {count} xã; mỗi xã tự điều hành, tỉnh xem số tổng.")
    return turn.t(told, count=len(communes)), f"b{row['id']}"


FORMS = (Form(FLOW, send, step=_confirm, said=_said),)
COMMANDS = (
    Command(
        "canhbao",
        "alert",
        alert,
        N_("🚨 Cảnh báo bão, lũ, sạt lở: gửi ngay"),
        frozenset({Role.LEADER, Role.PROVINCE}),
        ("canh bao",),
    ),
)
