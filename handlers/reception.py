"""What to do with a person who has no form open: greet, understand, offer."""

from __future__ import annotations

from dataclasses import replace

from handlers.citizen import contact, mycases, report
from handlers.desk import Turn
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.officer import invite
from handlers.render import command_button
from handlers.understand import REPORT_LABELS, Meaning, kinds, understand
from handlers.vocabulary import KIND
from models import places

GREETING = N_(
    "Dạ, đây là kênh **tự động** của UBND các xã, phường tỉnh Quảng Ngãi: báo khó khăn đột xuất "
    "(nhà sập, thiếu đói, tai nạn, lũ…) và theo dõi việc trợ giúp. Ông/bà có thể **kể bằng lời** "
    "hoặc bấm nút. Luôn có thể gặp cán bộ.\n"
    "Nguy hiểm tính mạng: gọi ngay **112**."
)
MORE = {"greeting", "help", "smalltalk", "unclear", "thanks"}


async def greet(turn: Turn, argument: str) -> None:
    """/start, with or without the word of an invitation or of a commune's link."""
    word = argument.strip()
    if word.startswith("i-") or word.startswith("I-"):
        await invite.accept(turn, word)
        return
    if word.startswith("c") and word[1:] in places.COMMUNES:
        await report.live_in(turn, word[1:])
    turn.close()
    turn.say(turn.t(GREETING), *menu_buttons(turn))


async def menu(turn: Turn, _: str) -> None:
    if turn.flow is not None:
        turn.lead = turn.t(N_("Dạ, việc đang làm dở vẫn được giữ. Gõ Huỷ nếu muốn dừng."))
        turn.asks = True
        return
    turn.say(turn.t(N_("Ông/bà cần việc gì, xin bấm chọn:")), *menu_buttons(turn))


async def meant(turn: Turn, meaning: Meaning, text: str) -> None:
    """Something typed without a form open: start what was meant, or offer the likeliest."""
    if invite.looks_like_code(text):
        await invite.accept(turn, text)
        return
    if await mycases.answers_question(turn, text, urgent=meaning.danger):
        return
    label = meaning.label
    reported = label in REPORT_LABELS and bool(kinds(meaning))
    if meaning.danger or (reported and meaning.sure):
        await report.begin(turn, meaning, text)
    elif label in ("q_status", "update_case", "correct_case", "cancel"):
        await mycases.mine(turn, "")
    elif label in ("human", "q_contact", "complaint"):
        await contact.begin(turn, text)
    elif label in MORE and not meaning.alternatives:
        turn.say(_opening(turn, label), *menu_buttons(turn))
    else:
        _offer(turn, meaning, text)


def _opening(turn: Turn, label: str) -> str:
    if label == "thanks":
        return turn.t(N_("Dạ, cảm ơn ông/bà. Cần thêm gì xin cứ nhắn."))
    if label == "unclear":
        return turn.t(N_("Dạ, chưa hiểu rõ ý. Ông/bà kể thêm, hoặc bấm một nút:"))
    return turn.t(GREETING)


def _offer(turn: Turn, meaning: Meaning, text: str) -> None:
    """Unsure: two or three likeliest meanings, never a silent guess."""
    t = turn.t
    turn.draft["_heard"] = text[:1000]
    buttons = []
    readings = [meaning, *(replace(meaning, label=one, also=()) for one in meaning.alternatives)]
    for kind in dict.fromkeys(kind for reading in readings for kind in kinds(reading)):
        if kind in KIND:
            label = t(N_("Báo: {kind}"), kind=t(KIND[kind]))
            buttons.append(command_button("ylanay", label, kind))
    if meaning.label.startswith("q_") or any(one.startswith("q_") for one in meaning.alternatives):
        buttons.append(command_button("gapcanbo", t(N_("💬 Hỏi cán bộ về chế độ"))))
    turn.say(t(N_("Dạ, có phải ông/bà muốn:")), *buttons[:3], *menu_buttons(turn))


async def this_one(turn: Turn, kind: str) -> None:
    """The offered meaning was right: what was typed before comes along."""
    heard = str(turn.draft.get("_heard", ""))
    await report.begin(turn, understand(heard) if heard else None, heard)
    turn.draft.setdefault("kinds", kind if kind in KIND else "other")


async def out_of_the_blue(turn: Turn, text: str) -> None:
    """A position or a telephone number that nobody asked for."""
    if text.startswith("geo:"):
        turn.say(
            turn.t(N_("Dạ, đã nhận vị trí. Có chuyện gì ở đó, ông/bà bấm chọn:")),
            command_button("sos", turn.t(N_("🆘 Đang nguy hiểm"))),
            command_button("baotin", turn.t(N_("📝 Báo khó khăn"))),
            command_button("menu", turn.t(N_("Trình đơn"))),
        )
        return
    await report.keep_phone(turn, text)


async def files_alone(turn: Turn) -> None:
    """A photograph without a word: it waits for what it belongs to."""
    t = turn.t
    offers = [
        command_button("them", t(N_("➕ Thêm vào {code}"), code=case["code"]), case["code"])
        for case in await mycases.open_ones(turn)
    ]
    turn.say(
        t(N_("Ảnh này để báo chuyện gì, ông/bà bấm chọn hoặc kể vài chữ:")),
        *offers[:3],
        command_button("sos", t(N_("🆘 Đang nguy hiểm"))),
        command_button("baotin", t(N_("📝 Báo khó khăn"))),
        command_button("menu", t(N_("Trình đơn"))),
    )


FORMS: tuple[Form, ...] = ()
COMMANDS = (
    Command("start", "begin", greet, N_("Bắt đầu"), shown=False, words=("bat dau",)),
    Command("menu", "home", menu, N_("Trình đơn"), words=("menu", "trinh don")),
    Command("ylanay", "this", this_one, N_("Chọn ý này"), shown=False),
)
