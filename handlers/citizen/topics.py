"""«Tin nhận»: which topics somebody hears about, and how to stop or take them up again."""

from __future__ import annotations

from handlers.broadcasts import subscribing
from handlers.desk import Turn
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.render import command_button
from models.audiences import EVERY_TOPIC
from models.text import fold
from models.topics import topics

REQUIRED = N_(
    "Cảnh báo bão, lũ, sạt lở luôn được gửi vì liên quan tính mạng (Luật 91/2025/QH15, Điều 19 "
    "khoản 1 điểm a)."
)


async def topics_(turn: Turn, argument: str) -> None:
    """``/tinnhan``; ``/tinnhan ngung elderly``, ``/tinnhan nhan elderly``, ``ngung all``."""
    word, _, name = argument.strip().partition(" ")
    topic = name.strip()
    if fold(word) in ("ngung", "nhan") and (topic in topics() or topic == EVERY_TOPIC):
        await _choose(turn, topic, on=fold(word) == "nhan")
        return
    await show(turn, "")


async def stop_all(turn: Turn, _: str) -> None:
    """«Ngừng nhận tin» in words: everything that can be stopped."""
    await _choose(turn, EVERY_TOPIC, on=False)


async def _choose(turn: Turn, topic: str, *, on: bool) -> None:
    found = topics().get(topic)
    if found is not None and found.required:
        await show(turn, turn.t(REQUIRED))
        return
    await subscribing.choose(turn, topic, on=on)
    what = found.name(turn.locale) if found else turn.t(N_("mọi tin tuyên truyền"))
    told = N_("🔔 Dạ, từ nay ông/bà nhận tin: {what}.")
    if not on:
        told = N_("🔕 Dạ, từ nay không gửi nữa: {what}.")
    await show(turn, turn.t(told, what=what))


async def show(turn: Turn, told: str) -> None:
    """The topics with their states, each with the button that changes it."""
    t = turn.t
    chosen = await subscribing.standing(turn)
    lines, buttons = [told] if told else [], []
    lines.append(t(N_("**Tin ông/bà nhận**")))
    for topic in topics().values():
        on = subscribing.wants(topic.id, chosen)
        lines.append(f"{'🔔' if on else '🔕'} {topic.name(turn.locale)}")
        if not topic.required:
            label = t(N_("Ngừng: {topic}") if on else N_("Nhận: {topic}"),
                      topic=topic.name(turn.locale))  # fmt: skip
            change = f"{'ngung' if on else 'nhan'} {topic.id}"
            buttons.append(command_button("tinnhan", label, change))
    lines.append(t(REQUIRED))
    turn.say("\n".join(lines), *buttons, command_button("menu", t(N_("Trình đơn"))))


FORMS: tuple[Form, ...] = ()
COMMANDS = (
    Command("tinnhan", "topics", topics_, N_("Tin được nhận: chọn hoặc ngừng"),
            words=("tin nhan", "chon tin")),
    Command("ngungnhantin", "unsubscribe", stop_all, N_("Ngừng nhận mọi tin tuyên truyền"),
            words=("ngung nhan tin", "dung gui tin", "dung gui nua", "khong nhan tin nua",
                   "ngung gui tin", "dung nhan tin", "stop", "unsubscribe", "tu choi nhan tin"),
            shown=False),
)  # fmt: skip
