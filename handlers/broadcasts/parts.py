"""The small forms in which a broadcast is written and changed, one part at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from handlers.answers import one_of, several_of
from handlers.broadcasts import card, letter
from handlers.broadcasts.letter import EDITABLE, Row
from handlers.broadcasts.readers import ALL, NOW, communes, link, moment_of, paragraphs, when
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Choice, Flow, Question, Step, Values
from handlers.forms import Form
from handlers.i18n import N_
from handlers.permissions import Scope, act
from models.broadcasts import State
from models.occasions import calendar
from models.topics import areas, topics

NONE = Choice(ALL, N_("Bỏ"))
EVERYWHERE = Choice(ALL, N_("Tất cả"))
AS_APPROVED = Choice(NOW, N_("Ngay khi duyệt"))
KINDS = (Choice("xã", N_("xã")), Choice("phường", N_("phường")), Choice("đặc khu", N_("đặc khu")))
PEOPLE = tuple(Choice(role, label) for role, label in card.PEOPLE.items())
LOCALES = tuple(Choice(one, label) for one, label in card.LOCALES.items())
AREAS = tuple(Choice(one.id, one.vi) for one in areas().values() if one.communes)
SUBSCRIBERS = (
    EVERYWHERE,
    Choice("subscribers", N_("Chỉ người đã đăng ký chủ đề")),
)
OFFERS = (
    Choice("check,meet", N_("Kiểm tra chế độ + Hẹn cán bộ")),
    Choice("check", N_("Chỉ Kiểm tra chế độ")),
    Choice("meet", N_("Chỉ Hẹn cán bộ")),
    NONE,
)
PARTS = {  # in the order offered
    "text": N_("Lời tiếng Việt"),
    "english": N_("Lời tiếng Anh"),
    "picture": N_("Ảnh"),
    "link": N_("Liên kết"),
    "offers": N_("Nút bấm"),
    "title": N_("Tên gọi"),
    "communes": N_("Xã nhận"),
    "except": N_("Xã trừ ra"),
    "kinds": N_("Loại xã"),
    "areas": N_("Vùng"),
    "roles": N_("Vai trò"),
    "locales": N_("Ngôn ngữ"),
    "subscribers": N_("Người đăng ký"),
    "due": N_("Giờ gửi"),
}
OF_PROVINCE = {"communes", "except", "kinds", "areas"}  # a commune writes to itself only
TEXT = N_(
    "Xin gõ lời tin (dưới 1.500 chữ cái). Chỗ điền sẵn cho từng người: {xa} tên xã, "
    "{dien_thoai} số của UBND, {ke_hoach} kế hoạch của xã."
)


def _part(name: str) -> Callable[[Values], bool]:
    return lambda values: values.get("_part") == name


def _ask(
    name: str,
    ask: str,
    read: Callable[[str], object],
    *choices: Choice,
    many: bool = False,
    wants: Any = None,  # noqa: ANN401
) -> Question:
    return Question(
        name, ask, read, when=_part(name), choices=lambda _: choices, many=many, wants=wants
    )


PART = Flow(
    "broadcast_part",
    (
        _ask("text", TEXT, paragraphs),
        _ask("english", N_("Lời tiếng Anh? (chỗ điền sẵn như bản tiếng Việt)"), paragraphs, NONE),
        _ask("picture", N_("Xin gửi một ảnh."), one_of((Choice("sent", ""), NONE)), NONE,
             wants="photo"),
        _ask("link", N_("Liên kết nào? (https://…)"), link, NONE),
        _ask("offers", N_("Nút nào dưới tin? (nút Ngừng nhận luôn có)"), one_of(OFFERS), *OFFERS),
        _ask("title", N_("Tên gọi của tin? (chỉ cán bộ thấy)"), paragraphs),
        _ask("communes", N_("Gửi cho xã nào? (tên các xã, cách nhau bằng dấu phẩy)"), communes,
             EVERYWHERE),
        _ask("except", N_("Trừ xã nào?"), communes, NONE),
        _ask("kinds", N_("Loại xã nào? (chọn được nhiều)"), several_of((EVERYWHERE, *KINDS)),
             EVERYWHERE, *KINDS, many=True),
        _ask("areas", N_("Vùng nào? (vùng chưa có danh sách xã thì chưa chọn được)"),
             several_of((EVERYWHERE, *AREAS)), EVERYWHERE, *AREAS, many=True),
        _ask("roles", N_("Gửi cho ai? (chọn được nhiều)"), several_of((EVERYWHERE, *PEOPLE)),
             EVERYWHERE, *PEOPLE, many=True),
        _ask("locales", N_("Người dùng ngôn ngữ nào?"), several_of((EVERYWHERE, *LOCALES)),
             EVERYWHERE, *LOCALES, many=True),
        _ask("subscribers", N_("Mọi người, hay chỉ người đã đăng ký chủ đề này?"),
             one_of(SUBSCRIBERS), *SUBSCRIBERS),
        _ask("due", N_("Gửi lúc nào? (giờ rồi ngày, ví dụ 08:30 28/11)"), when, AS_APPROVED),
    ),
)  # fmt: skip
TOPICS = tuple(Choice(one.id, one.vi) for one in topics().values() if not one.required)
NEW = Flow(
    "broadcast_new",
    (
        Question(
            "topic",
            N_("Tin về việc gì? (ai đã ngừng nhận việc ấy sẽ không nhận)"),
            one_of(TOPICS),
            when=lambda v: not v.get("_topic"),
            choices=lambda _: TOPICS,
        ),
        Question("text", TEXT, paragraphs),
    ),
)
PLAN = Flow(
    "commune_plan",
    (
        Question(
            "plan",
            N_("Xã có kế hoạch gì dịp này? Gõ một câu, người dân xã mình sẽ đọc."),
            paragraphs,
            choices=lambda _: (NONE,),
        ),
    ),
)


def begin(turn: Turn, row: Row, part: str) -> None:
    turn.open(PART.name, uuid4(), _part=part, _id=row["id"], _about=row["title"])


async def _pictured(turn: Turn, step: Step) -> None:
    """A photograph is an answer by itself."""
    if step.question is not None and step.question.id == "picture" and turn.draft.get("_media"):
        turn.draft["picture"] = "sent"


def _in_time(turn: Turn, step: Step) -> None:
    if step.answered == "due" and step.values["due"] != NOW:
        due = moment_of(str(step.values["due"]), turn.today)
        if due is None or due <= turn.now:
            raise BadAnswer(N_("Dạ, giờ này đã qua. Xin chọn giờ khác."))
        if not calendar().hours.open_at(due):
            hours = calendar().hours
            raise BadAnswer(
                N_("Dạ, chỉ gửi cho dân từ {since} đến {to}. Xin chọn giờ khác."),
                since=hours.since,
                to=hours.to,
            )


async def finish(turn: Turn, values: Values) -> None:
    """Write the part into the broadcast, unless it was approved meanwhile."""
    row = await letter.find(turn, int(values["_id"]), lock=True)
    if row is None or not (State(row["state"]) in EDITABLE or _only_time(row, values)):
        turn.say(turn.t(N_("Dạ, tin này đã được duyệt hoặc đã gửi, không sửa được nữa.")))
        return
    part = str(values["_part"])
    await act(
        turn, "broadcast_make", Scope(row["commune"]), broadcast=row["id"], part=part
    )  # fmt: skip
    row = await letter.change(
        turn, row, **_changed(turn, row, part, values), version=row["version"] + 1
    )
    if row["state"] == State.PROPOSED:
        row = await letter.change(turn, row, state=State.DRAFT.value)
        turn.lead = turn.t(N_("Tin đã sửa, cần trình duyệt lại."))
    await show(turn, row)


def _only_time(row: Row, values: Values) -> bool:
    """The hour of an approved broadcast may still be moved: its words and readers stay."""
    return row["state"] == State.APPROVED and values.get("_part") == "due"


def _changed(turn: Turn, row: Row, part: str, values: Values) -> dict[str, Any]:
    value = str(values[part])
    content, kept = dict(row["content"]), dict(row["audience"])
    texts = dict(content["text"])
    several = [] if value == ALL else [one for one in value.split(",") if one != ALL]
    match part:
        case "title":
            return {"title": value[:100]}
        case "due":
            return {"due_at": moment_of(value, turn.today), "reminded_at": None}
        case "text":
            content["text"] = texts | {"vi": value}
        case "english":
            texts.pop("en", None)
            content["text"] = texts if value == ALL else texts | {"en": value}
        case "picture":
            sent = list(values.get("_media", ()))[:1]
            content["media"] = sent if value == "sent" else []
        case "link":
            content["link"] = None if value == ALL else value
        case "offers":
            content["buttons"] = several
        case "communes":
            kept["named"] = several
        case "subscribers":
            kept["subscribers"] = value == "subscribers"
        case _:
            kept[part] = several
    return {"content": content, "audience": kept}


async def show(turn: Turn, row: Row) -> None:
    t = turn.t
    turn.say(await card.card(turn, row, t), *card.actions(row, t))


def said(_: Turn, values: Values) -> str:
    return f"📣 **{values.get('_about', '')}**" if values.get("_about") else ""


PART_FORM = Form(PART, finish, step=_pictured, verify=_in_time, said=said)
