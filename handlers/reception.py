"""What to do with a person who has no form open: greet, understand, offer."""

from __future__ import annotations

from dataclasses import replace

from handlers import aside, followup, owncase, safety, showing, staffwork
from handlers.answers import LONG
from handlers.benefits.known import about_somebody
from handlers.citizen import additions, catalogue, check, contact, report
from handlers.desk import Turn
from handlers.forms import Command
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.messages import Button
from handlers.officer import invite
from handlers.render import command_button
from handlers.understand import REPORT_LABELS, Meaning, kinds, understand
from handlers.vocabulary import KIND
from models import places

GREETING = N_(
    "Dạ, đây là kênh **tự động** của UBND các xã, phường tỉnh Quảng Ngãi: báo khó khăn đột xuất "
    "(nhà sập, thiếu đói, tai nạn, lũ…), hỏi **mình được trợ cấp gì**, theo dõi hồ sơ. Ông/bà "
    "**kể bằng lời** hoặc bấm nút. Luôn có thể gặp cán bộ.\n"
    "Nguy hiểm tính mạng: gọi ngay **112**."
)
CHECKED = {
    "q_elderly", "q_disability", "q_child", "q_orphan", "q_single_parent", "q_care", "q_amount",
}  # fmt: skip
MORE = {"greeting", "help", "smalltalk", "unclear", "thanks"}


async def greet(turn: Turn, argument: str) -> None:
    """/start, with or without the word of an invitation or of a commune's link."""
    word = argument.strip()
    if word.lower().startswith("i-") or is_invitation(word):
        await invite.accept(turn, word)
        return
    if word.startswith("c") and word[1:] in places.COMMUNES:
        await report.live_in(turn, word[1:])
    if turn.flow is not None:  # a second /start, a link opened again: nothing is thrown away
        turn.lead = turn.t(N_("Dạ, việc đang làm dở vẫn được giữ. Gõ Huỷ nếu muốn dừng."))
        turn.asks = True
        return
    turn.say(turn.t(GREETING), *menu_buttons(turn))


def is_invitation(text: str) -> bool:
    return invite.looks_like_code(text)


async def menu(turn: Turn, _: str) -> None:
    if turn.flow is not None:
        turn.lead = turn.t(N_("Dạ, việc đang làm dở vẫn được giữ. Gõ Huỷ nếu muốn dừng."))
        turn.asks = True
        return
    turn.say(turn.t(N_("Ông/bà cần việc gì, xin bấm chọn:")), *menu_buttons(turn))


async def go_on(turn: Turn, _: str) -> None:
    """Take up a form again that was given up or fell silent."""
    kept = turn.draft.get(aside.PUT_AWAY) if turn.flow is None else None
    if not aside.come_back(turn, kept):
        await menu(turn, "")


async def meant(turn: Turn, meaning: Meaning, text: str) -> None:
    """Something typed without a form open: start what was meant, or offer the likeliest."""
    if await additions.answers_question(turn, text) or await safety.heard(turn, meaning, text):
        return
    label = meaning.label
    if label in REPORT_LABELS and kinds(meaning) and meaning.sure:
        await report.begin(turn, meaning, text)
    elif await followup.written(turn, meaning, text):
        return
    elif label in ("q_status", "update_case", "correct_case", "cancel"):
        await showing.own_list(turn)
    elif label in ("human", "complaint"):
        await contact.begin(turn, "" if label == "human" else text)
    elif label in catalogue.ABOUT and not _perhaps_a_report(meaning):
        await _about_benefits(turn, meaning, text)
    elif label in MORE and not meaning.alternatives:
        turn.say(_opening(turn, label), *menu_buttons(turn))
    else:
        _offer(turn, meaning, text)


def _perhaps_a_report(meaning: Meaning) -> bool:
    return any(one in REPORT_LABELS for one in meaning.alternatives)


async def _about_benefits(turn: Turn, meaning: Meaning, text: str) -> None:
    """A question about benefits: the check when it tells of a person, else what there is."""
    turn.draft["_heard"] = text[:LONG]
    if meaning.label in CHECKED and about_somebody(meaning, text):
        await check.begin(turn, meaning, text)
        turn.asks = True
    else:
        await catalogue.show(turn, catalogue.ABOUT[meaning.label])


def _opening(turn: Turn, label: str) -> str:
    if label == "thanks":
        return turn.t(N_("Dạ, cảm ơn ông/bà. Cần thêm gì xin cứ nhắn."))
    if label == "unclear":
        return turn.t(N_("Dạ, chưa hiểu rõ ý. Ông/bà kể thêm, hoặc bấm một nút:"))
    return turn.t(GREETING)


def _offer(turn: Turn, meaning: Meaning, text: str) -> None:
    """Unsure: two or three likeliest meanings, never a silent guess."""
    t = turn.t
    turn.draft["_heard"] = text[:LONG]
    buttons = []
    readings = [meaning, *(replace(meaning, label=one, also=()) for one in meaning.alternatives)]
    for kind in dict.fromkeys(kind for reading in readings for kind in kinds(reading)):
        if kind in KIND:
            label = t(N_("Báo: {kind}"), kind=t(KIND[kind]))
            buttons.append(command_button("ylanay", label, kind))
    for label in dict.fromkeys(reading.label for reading in readings):
        if label in catalogue.ABOUT:
            about = t(catalogue.name_of(label))
            buttons.append(command_button("chedo", about, catalogue.ABOUT[label]))
    asked = t(N_("Dạ, có phải ông/bà muốn:")) if buttons else _opening(turn, "unclear")
    turn.say(asked, *buttons[:3], *menu_buttons(turn))


async def this_one(turn: Turn, kind: str) -> None:
    """The offered meaning was right: what was typed before comes along."""
    if turn.flow is not None:
        turn.lead = turn.t(N_("Dạ, nút này thuộc câu hỏi cũ nên không đổi gì."))
        turn.asks = True
        return
    heard = str(turn.draft.get("_heard", ""))
    known = {"kinds": kind if kind in KIND else "other"}
    await report.begin(turn, understand(heard) if heard else None, heard, known=known)


async def position_alone(turn: Turn, *, near: bool) -> None:
    """A position that nobody asked for."""
    t = turn.t
    told = N_("Dạ, đã nhận vị trí. Có chuyện gì ở đó, ông/bà bấm chọn:")
    if not near:
        told = N_("Dạ, vị trí này nằm ngoài tỉnh Quảng Ngãi nên chưa lưu. Ông/bà cần việc gì:")
    additions_ = [_add_to(turn, case["code"]) for case in await owncase.open_ones(turn)]
    turn.say(t(told), *additions_[:3], *_beginnings(turn))


async def phone_alone(turn: Turn, phone: str) -> None:
    await report.keep_phone(turn, phone)


async def files_alone(turn: Turn) -> None:
    """A photograph without a word: the answer to an officer, or it waits for where it belongs."""
    if await additions.answers_question(turn, ""):
        return
    if deeds := await staffwork.for_files(turn):
        turn.say(turn.t(N_("Đã nhận ảnh, giấy tờ. Kèm vào việc nào?")), *deeds)
        return
    offers = [_add_to(turn, case["code"]) for case in await owncase.open_ones(turn)]
    turn.say(
        turn.t(N_("Dạ, đã nhận ảnh, ghi âm. Để báo chuyện gì, ông/bà bấm chọn hoặc kể vài chữ:")),
        *offers[:3],
        *_beginnings(turn),
    )


def _add_to(turn: Turn, code: str) -> Button:
    return command_button("them", turn.t(N_("📎 Thêm vào {code}"), code=code), code)


def _beginnings(turn: Turn) -> tuple[Button, ...]:
    t = turn.t
    return (
        command_button("sos", t(N_("🆘 Đang nguy hiểm"))),
        command_button("baotin", t(N_("📝 Báo khó khăn"))),
        command_button("menu", t(N_("Trình đơn"))),
    )


COMMANDS = (
    Command("start", "begin", greet, N_("Bắt đầu"), shown=False, words=("bat dau",)),
    Command("menu", "home", menu, N_("Trình đơn"), words=("menu", "trinh don")),
    Command("lamtiep", "resume", go_on, N_("Làm tiếp việc dở"), shown=False, words=("lam tiep",)),
    Command("ylanay", "this", this_one, N_("Chọn ý này"), shown=False),
)
