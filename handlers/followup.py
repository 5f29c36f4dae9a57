"""What people do with a broadcast: its buttons, and words written back, read in its light."""

from __future__ import annotations

from datetime import timedelta

from handlers import answers
from handlers.benefits.known import about_somebody
from handlers.broadcasts import letter, subscribing
from handlers.citizen import check, contact
from handlers.citizen import topics as choosing
from handlers.desk import Turn
from handlers.dialogue import BadAnswer
from handlers.forms import Command
from handlers.i18n import N_
from handlers.render import command_button
from handlers.typed import as_typed
from handlers.understand import Meaning
from models import ledger
from models.text import fold
from models.topics import topics

RECENT = timedelta(days=3)  # so long words without a form open may be an answer to a broadcast
STOP = frozenset(
    {"dung", "ngung", "dung lai", "thoi", "huy", "khong nhan", "khong nhan nua", "dung gui",
     "ngung gui", "dung gui nua", "khong can", "khong quan tam", "stop", "unsubscribe",
     "khong muon nhan", "khong muon nhan nua", "phien qua", "lam phien"}
)  # fmt: skip
MEET = frozenset({"hen", "hen can bo", "hen gap", "gap", "xin hen", "muon gap can bo", "goi toi"})
VAGUE = frozenset({"unclear", "smalltalk", "greeting", "help"})
CHECK = frozenset(
    {"kiem tra", "muon kiem tra", "dang ky", "muon dang ky", "xem thu", "xem", "muon xem"}
)


async def pressed(turn: Turn, argument: str) -> None:
    """A button under a broadcast: ``check 12``, ``meet 12``, ``stop 12``."""
    what, _, number = argument.partition(" ")
    row = await letter.find(turn, int(number)) if number.isdecimal() else None
    if row is None or what not in letter.BUTTONS:
        await choosing.show(turn, "")
        return
    if await ledger.meant_for(turn.db, row["id"], turn.chat_id):
        await subscribing.answered(turn, row["id"], what)
    await _do(turn, row, what)


async def _do(turn: Turn, row: letter.Row, what: str) -> None:
    t = turn.t
    if what == "check":
        await check.start(turn, "")
    elif what == "meet":
        title = as_typed(row["title"])
        await contact.begin(turn, t(N_("Hẹn gặp cán bộ về tin «{title}»"), title=title))
    else:
        await _stop(turn, row)


async def _stop(turn: Turn, row: letter.Row) -> None:
    topic = topics()[row["topic"]]
    if topic.required:
        await choosing.show(turn, turn.t(choosing.REQUIRED))
        return
    await subscribing.choose(turn, topic.id, on=False, broadcast=row["id"])
    t = turn.t
    turn.say(
        t(
            N_("🔕 Dạ, từ nay không gửi tin về «{topic}» nữa. Cảnh báo nguy hiểm vẫn được gửi."),
            topic=topic.name(turn.locale),
        ),
        command_button("tinnhan", t(N_("↩ Nhận lại")), f"nhan {topic.id}"),
        command_button("tinnhan", t(N_("Chọn tin khác"))),
        command_button("menu", t(N_("Trình đơn"))),
    )


async def written(turn: Turn, meaning: Meaning, text: str) -> bool:
    """Words without a form open, soon after a broadcast; True if they were its answer."""
    found = await ledger.lately(turn.db, turn.chat_id, turn.now - RECENT)
    if found is None:
        return False
    row = await letter.find(turn, found)
    if row is None:
        return False
    what = _meant(row, meaning, text)
    await subscribing.answered(turn, row["id"], what or "words")
    if what is None:
        if meaning.label not in VAGUE and not meaning.alternatives:
            return False  # they mean something by themselves
        _offer(turn, row)
    else:
        await _do(turn, row, what)
    return True


def _meant(row: letter.Row, meaning: Meaning, text: str) -> str | None:
    said = fold(text).strip(" .!?")
    if said in STOP:
        return "stop"
    if said in MEET:
        return "meet"
    if said in CHECK or (_yes(text) and "check" in row["content"].get("buttons", ())):
        return "check"
    if _yes(text) and "meet" in row["content"].get("buttons", ()):
        return "meet"
    return None if meaning.label != "unclear" or not about_somebody(meaning, text) else "check"


def _yes(text: str) -> bool:
    try:
        return answers.yes_no(text) == "yes"
    except BadAnswer:
        return False


def _offer(turn: Turn, row: letter.Row) -> None:
    """It may be about the broadcast or about anything: ask."""
    t = turn.t
    turn.draft["_heard"] = turn.said.text[: answers.LONG]
    turn.say(
        t(N_("Dạ, ông/bà nhắn về tin «{title}» phải không? Xin bấm chọn, hoặc kể thêm:"),
          title=as_typed(row["title"])),
        *letter.buttons(row, t),
        command_button("menu", t(N_("Việc khác"))),
    )  # fmt: skip


COMMANDS = (Command("tin", "about", pressed, N_("Việc về một tin đã nhận"), shown=False),)
