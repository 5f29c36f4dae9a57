"""``/diemdanh``: an officer, a leader or a village head calls the roll, follows it and ends it."""

from __future__ import annotations

from uuid import uuid4

from handlers import alertcalls, rollcalls, rollmaking, rollwords, rollwork
from handlers.answers import one_of
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Choice, Flow, Question, Step, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.keeping import villages_of
from handlers.menu import menu_buttons
from handlers.permissions import KEEPERS, LOOKERS, Scope, act, role_for
from handlers.render import command_button
from handlers.rollcalls import Row
from handlers.rollwords import END, SURE
from handlers.typed import as_typed
from handlers.villages import key as village_key
from models import village_rules
from models.people import Role

NEW = "moi"
WHOLE = "whole"
DIGITS = 12  # of a number that can be one of ours
EVERYBODY = Choice("all", N_("Mọi hộ biết được"))
AT_RISK = Choice("risk", N_("Chỉ hộ cần ưu tiên"))
EARNEST = Choice("earnest", N_("Thật"))
PRACTICE = Choice("practice", N_("🧪 Thực tập"))
GO = Choice("go", N_("📣 Bắt đầu"))
STOP = Choice("stop", N_("Không"))


async def roll_call(turn: Turn, argument: str) -> None:
    """The figures of what runs; ``moi`` begins another, ``r12 ketthuc`` ends one.

    ``b7`` is what the alert number 7 of the province began, all communes together.
    """
    word, _, rest = argument.strip().partition(" ")
    if word == NEW:
        await _begin(turn)
        return
    if word[:1] in STEERED and word[1:].isdecimal() and len(word) <= DIGITS:
        await STEERED[word[:1]](turn, int(word[1:]), rest)
        return
    running = await alertcalls.sums(turn, await rollcalls.running(turn, turn.held))
    if running is None:
        return
    if not running:
        await _begin(turn)
    for call in running[:5]:
        await _show(turn, call)
    if running and _works(turn):
        turn.say(
            turn.t(N_("Mở thêm một cuộc khác?")),
            command_button("diemdanh", turn.t(N_("📣 Điểm danh mới")), NEW),
        )


async def _steer(turn: Turn, call_id: int, rest: str) -> None:
    """Show or end one roll-call."""
    call = await rollcalls.by_id(turn, call_id)
    if call is None or not rollcalls.covers(turn.held, call):
        turn.say(turn.t(N_("Dạ, không có cuộc điểm danh này.")), *menu_buttons(turn))
    elif rest.startswith("="):
        await _show(turn, call, rest[1:])
    elif rest.startswith(END):
        await _end(turn, call, sure=rest.endswith(SURE))
    else:
        await _show(turn, call)


STEERED = {"r": _steer, "b": alertcalls.steer}


def _works(turn: Turn) -> bool:
    return any(held.role in KEEPERS for held in turn.held)


async def _show(turn: Turn, call: Row, shown_as: str | None = None) -> None:
    """The figures: in a new message, or in the one whose button was pressed."""
    if shown_as is None:
        shown_as = f"{turn.now:%d%H%M%S}"
    own = rollcalls.own_villages(turn.held, call)
    province = not _works(turn)
    text = await rollwords.summary(turn, call, None if province else own, turn.t)
    turn.say(
        text,
        *rollwords.buttons(call, turn.t, works=not province, shown_as=shown_as),
        updates=rollwords.key(call, shown_as),
    )


async def _begin(turn: Turn) -> None:
    t = turn.t
    if not _works(turn):
        turn.say(t(N_("Không có cuộc điểm danh nào đang mở.")), *menu_buttons(turn))
        return
    places = await villages_of(turn)
    heads = [one for one in turn.held if one.role == Role.VILLAGE_HEAD]
    whole = next((one for one in turn.held if one.role in (Role.OFFICER, Role.LEADER)), None)
    commune = whole.commune if whole else heads[0].commune
    names = [name for place, name in places if place == commune]
    facts = {"_commune": commune, "_villages": names, "_whole": whole is not None}
    if whole is None and len(names) == 1:
        facts["where"] = village_key(names[0])
    turn.open("rollcall", uuid4(), **facts)


def _places(values: Values) -> tuple[Choice, ...]:
    whole = (Choice(WHOLE, N_("Cả xã")),) if values.get("_whole") else ()
    return (*whole, *(Choice(village_key(name), name) for name in values.get("_villages", ())))


def several(text: str) -> str:
    """Villages by key, with commas between them."""
    keys = [village_key(part) for part in text.split(",") if part.strip()]
    if not keys or any(not any(char.isalnum() for char in key) for key in keys):
        raise BadAnswer(N_("Dạ, xin bấm thôn, hoặc gõ tên, ví dụ: Phước Thiện, Phú Nhiêu."))
    return ",".join(dict.fromkeys(keys))


async def stepped(turn: Turn, step: Step) -> None:
    """Before the last question: how many households that means."""
    if step.question is None or step.question.id != "confirm":
        return
    villages = named(step.values)
    unknown = [one for one in villages if one not in step.values["_villages"]]
    if unknown and not step.values.get("_whole"):
        del turn.draft["where"]
        turn.lead = turn.t(N_("Dạ, ông/bà chỉ điểm danh được thôn mình phụ trách."))
        return
    units = await rollmaking.gather(
        turn,
        str(step.values["_commune"]),
        villages,
        at_risk=step.values["whom"] == AT_RISK.id,
    )
    turn.draft["_count"] = len(units)
    turn.draft["_known"] = sum(bool(one.people) for one in units)


def named(values: Values) -> list[str]:
    """The villages by name; none for the whole commune."""
    keys = str(values["where"]).split(",")
    if WHOLE in keys:
        return []
    names = {village_key(name): name for name in values["_villages"]}
    return [names.get(key, key) for key in keys]


def before_asking(turn: Turn, values: Values) -> str:
    if "kind" not in values:
        return ""
    t = turn.t
    where = ", ".join(as_typed(one) for one in named(values)) or t(N_("Cả xã"))
    drill = t(N_(" 🧪 **THỰC TẬP**")) if values["kind"] == PRACTICE.id else ""
    return t(
        N_("**{where}**{drill}: {count} hộ, trong đó {known} hộ có chat, còn lại phải tới nhà."),
        where=where,
        drill=drill,
        count=values.get("_count", 0),
        known=values.get("_known", 0),
    )


async def started(turn: Turn, values: Values) -> None:
    t = turn.t
    if values["confirm"] == STOP.id:
        turn.say(t(N_("Dạ, không bắt đầu.")), *menu_buttons(turn))
        return
    commune, villages = str(values["_commune"]), named(values)
    practice = values["kind"] == PRACTICE.id
    if role_for(turn, "rollcall", Scope(commune)) is None:
        for village in villages or [""]:
            await act(turn, "rollcall", Scope(commune, village), did="started", practice=practice)
    else:
        await act(turn, "rollcall", Scope(commune), did="started", practice=practice)
    at_risk = values["whom"] == AT_RISK.id
    call_id = await rollcalls.begin(
        turn, commune, villages, turn.person_id, at_risk_only=at_risk, practice=practice
    )
    rules = village_rules.roll()
    turn.say(
        t(
            N_(
                "📣 Đã bắt đầu điểm danh. Ai chưa trả lời sau {minutes} phút sẽ vào danh sách cần "
                "tới nhà."
            ),
            minutes=rules.walk_after_minutes,
        ),
        command_button("diemdanh", t(N_("🔄 Cập nhật")), f"r{call_id}"),
        command_button("dixem", t(N_("🚶 Danh sách cần tới")), f"r{call_id}"),
    )


async def _end(turn: Turn, call: Row, *, sure: bool) -> None:
    t = turn.t
    locked = await rollcalls.by_id(turn, call["id"], lock=True)
    if locked is None or locked["ended_at"] is not None:
        turn.say(t(N_("Dạ, cuộc điểm danh này đã kết thúc.")), *menu_buttons(turn))
        return
    if not sure:
        turn.say(
            t(N_("Kết thúc điểm danh này? Người trả lời sau đó vẫn được ghi.")),
            command_button("diemdanh", t(N_("Đúng, kết thúc")), f"r{call['id']} {END} {SURE}"),
            command_button("diemdanh", t(N_("Không")), f"r{call['id']}"),
        )
        return
    if (
        locked["started_by"] == turn.person_id
        and role_for(turn, "rollcall", Scope(call["commune"])) is None
    ):
        village = next(iter(rollcalls.own_villages(turn.held, call) or [""]))
        scope = Scope(call["commune"], village)
    else:  # what others began is ended by the commune
        scope = Scope(call["commune"])
    await act(turn, "rollcall", scope, rollcall=call["id"], did="ended")
    await rollwork.end(turn, locked)


FORM = Form(
    Flow(
        "rollcall",
        (
            Question("where", N_("Điểm danh ở đâu?"), several, choices=_places, many=True),
            Question(
                "whom",
                N_("Hỏi những hộ nào?"),
                one_of((EVERYBODY, AT_RISK)),
                choices=lambda _: (EVERYBODY, AT_RISK),
            ),
            Question(
                "kind",
                N_("Điểm danh thật hay thực tập?"),
                one_of((EARNEST, PRACTICE)),
                choices=lambda _: (EARNEST, PRACTICE),
            ),
            Question(
                "confirm", N_("Bắt đầu nhé?"), one_of((GO, STOP)), choices=lambda _: (GO, STOP)
            ),
        ),
    ),
    started,
    step=stepped,
    said=before_asking,
)
FORMS = (FORM,)
COMMANDS = (
    Command("diemdanh", "rollcall", roll_call, N_("Điểm danh an toàn"), LOOKERS, ("diem danh",)),
)
