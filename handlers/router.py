"""Decides what a message is: a button, a command, a case code, an answer, or something new."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from handlers import (
    allclear,
    aside,
    asking,
    attached,
    codewords,
    edits,
    filling,
    groups,
    reception,
    safety,
    showing,
)
from handlers.asking import ask
from handlers.attached import keep_media
from handlers.citizen import additions, report
from handlers.desk import Turn
from handlers.forms import LONGEST, Command
from handlers.i18n import N_
from handlers.menu import life_first
from handlers.officer import group_chats
from handlers.patience import nudge_at
from handlers.permissions import NotAllowed
from handlers.registry import BY_NAME, BY_WORD, FORMS, menus, nearest, open_to
from handlers.render import command_button
from handlers.report_filing import danger_again
from handlers.report_memory import remember
from handlers.report_questions import FLOW as REPORT
from handlers.typed import clean
from handlers.understand import Meaning, understand
from handlers.village import lists
from models import codes
from models.conversations import Conversation
from models.text import fold

__all__ = ["FORMS", "ask", "keep_media", "menus", "nudge_at", "route", "spent"]

KEPT = 2000  # of what is longer, when life is at risk
LATE = timedelta(seconds=2)  # an older message than this is not an answer to a newer question


async def route(turn: Turn) -> None:
    """Apply one message.  What a person may not do is answered, not done."""
    if turn.flow is not None and turn.flow not in FORMS:
        turn.close()  # a form that a newer version no longer has
    under = aside.below(turn)
    try:
        await _route(turn)
        aside.come_back(turn, under)
        if turn.asks and turn.flow is not None and asking.look(turn).question is None:
            await filling.proceed(turn, asking.look(turn))  # nothing is left to ask
    except NotAllowed as refusal:
        if turn.flow is not None and asking.look(turn).question is None:
            turn.close()  # complete, and not allowed any more
        turn.say(turn.t(str(refusal)), command_button("menu", turn.t(N_("Trình đơn"))))
        aside.come_back(turn, under)
    if turn.flow is not None and turn.said.event == "message" and turn.said.edits is None:
        turn.draft["_at"] = max(turn.said.sent_at.isoformat(), str(turn.draft.get("_at", "")))
    if turn.asks:
        ask(turn)
    elif turn.lead:
        turn.say("")


async def _route(turn: Turn) -> None:
    said = turn.said
    if said.group is not None:
        await _in_group(turn, said.group)
    elif said.event in ("blocked", "unblocked"):
        await _gone(turn)
    elif said.edits is not None:
        await edits.edited(turn)
    elif said.button is not None:
        await _pressed(turn, said.button)
    elif said.event == "album_settled":
        await _files(turn, await attached.caption(turn))
    elif said.event == "unreadable" or any(one.kind == "sticker" for one in said.media):
        _not_words(turn)
    elif said.media:
        await _files(turn, said.text)
    elif said.contact is not None:
        await attached.telephone(turn)
    elif said.position is not None:
        await attached.position(turn)
    else:
        await _typed(turn, clean(said.text))


async def _in_group(turn: Turn, group: str) -> None:
    """A group takes cases and is linked; nothing else that happens there is answered."""
    if turn.said.event == "moved":
        await groups.moved(turn, turn.said.text)
    elif turn.said.event == "blocked":
        await groups.left(turn)
    elif turn.said.button is not None and turn.said.button.startswith("c:nhan:"):
        await _pressed(turn, turn.said.button)
    elif turn.said.text:
        await group_chats.link(turn, group)


async def _gone(turn: Turn) -> None:
    gone = turn.now if turn.said.event == "blocked" else None
    await turn.db.execute(
        update(Conversation)
        .where(Conversation.id == turn.chat_id)
        .values(gone_at=gone, gone_why="blocked" if gone else None)
    )


async def _files(turn: Turn, words: str) -> None:
    if turn.flow is None and turn.held and lists.is_sheet(turn):
        await lists.start(turn, clean(words))
    elif text := clean(words):
        await _typed(turn, text)
    else:
        await attached.files(turn)


def _not_words(turn: Turn) -> None:
    turn.lead = turn.t(
        N_("Dạ, chưa hiểu được hình dán hoặc loại tin này. Xin gõ chữ, gửi ảnh hoặc ghi âm.")
    )
    asking.show_open(turn)


async def _typed(turn: Turn, text: str) -> None:
    if len(text) > _longest(turn):
        await _too_long(turn, text)
    elif text.startswith("/"):
        await _slash(turn, text[1:])
    elif not (turn.flow is None and turn.held and await lists.picks_up(turn, text)):
        reporting = turn.flow == REPORT.name
        await _said(turn, text)
        if reporting and turn.flow == REPORT.name and turn.held:
            lists.offer(turn, text)


def _longest(turn: Turn) -> int:
    if turn.flow is not None:
        return FORMS[turn.flow].longest
    return lists.LONGEST if turn.held else LONGEST


async def _said(turn: Turn, text: str) -> None:
    folded = fold(text).strip(" .!?")
    if (meant := _command(turn, text, folded)) is not None:
        await _run(turn, *meant)
        return
    if await allclear.heard(turn, text) or await filling.steer(turn, folded, text):
        return
    if reception.is_invitation(text):
        await _run(turn, BY_NAME["start"], text)
        return
    found = codes.find(text)
    if found is not None and (turn.flow is None or len(text) < len(found.typed) + 6):
        await showing.show_or_explain(turn, found)
        turn.asks = turn.flow is not None
        return
    plain = not _late(turn) and filling.plainly(turn, text)
    await _words(turn, text, None if plain else understand(text))


async def _words(turn: Turn, text: str, meaning: Meaning | None) -> None:
    """Free words: danger first, then the open form, then whatever they mean."""
    if meaning is None:
        await filling.answer(turn, text)
    elif meaning.danger and not (turn.held and turn.flow not in (None, REPORT.name)):
        await _endangered(turn, text, meaning)
    elif turn.flow is None:
        await reception.meant(turn, meaning, text)
    elif meaning.label == "safe" and await safety.heard(turn, meaning, text):
        turn.asks = True
    elif spent(turn) and meaning.label not in ("unclear", "not_a_report"):
        turn.close()
        await reception.meant(turn, meaning, text)
    elif _late(turn):
        await _too_late(turn, text, meaning)
    else:
        await filling.answer(turn, text, meaning)


async def _endangered(turn: Turn, text: str, meaning: Meaning) -> None:
    """The numbers to call, then staff: through an officer's question that waits, through a report.

    What only sounds like danger and answers such a question is with an officer already.
    """
    turn.lead = life_first(turn.t, child=meaning.child)
    before = aside.standing(turn)
    answered = await additions.answers_in_danger(turn, text, sure=meaning.by_rule)
    if turn.flow == REPORT.name:
        await danger_again(turn)
        remember(turn, text, meaning)
        turn.draft.pop("confirm", None)
        await filling.proceed(turn, asking.look(turn))
    elif answered and not meaning.by_rule:
        turn.asks = turn.flow is not None
    else:
        await report.begin(turn, meaning, text)
        aside.keep(turn, before)


def spent(turn: Turn) -> bool:
    """Whether the open form has said everything and only waits for what is wanted next."""
    form = FORMS.get(turn.flow or "")
    return form is not None and form.said_all(asking.look(turn).values)


def _late(turn: Turn) -> bool:
    """Whether it was sent before something that has been answered already."""
    newest = turn.draft.get("_at")
    return bool(newest) and turn.said.sent_at < datetime.fromisoformat(str(newest)) - LATE


async def _too_late(turn: Turn, text: str, meaning: Meaning) -> None:
    """A message that was held up on its way answers nothing by itself; its words are kept."""
    turn.lead = turn.t(
        N_("Dạ, tin «{text}» tới trễ nên chưa tính là câu trả lời."), text=text[:80]
    )
    if turn.flow == REPORT.name:
        remember(turn, text, meaning)
        turn.lead = turn.t(N_("Dạ, tin «{text}» tới trễ, đã ghi vào lời kể."), text=text[:80])
        await filling.proceed(turn, asking.look(turn))
    turn.asks = turn.flow is not None


async def _too_long(turn: Turn, text: str) -> None:
    """Nothing is taken from it but danger: that is told on as far as it fits."""
    told = turn.t(
        N_("Dạ, tin nhắn quá dài ({length} chữ). Xin chia thành từng đoạn dưới 2.000 chữ."),
        length=len(text),
    )
    meaning = understand(text)
    if meaning.danger and turn.flow in (None, REPORT.name):
        await _words(turn, text[:KEPT], meaning)
        turn.lead = f"{turn.lead}\n\n{told}".strip()
        return
    turn.lead = told
    asking.show_open(turn)


async def _slash(turn: Turn, text: str) -> None:
    """``/nhan QN-7K3M-9``; Telegram adds ``@botname`` in places."""
    name, _, argument = text.replace("\n", " ").partition(" ")
    name = fold(name.partition("@")[0]).replace("_", "").replace("-", "")
    command = BY_NAME.get(name)
    if command is None:
        word = filling.STEERING.get(name, name)
        if word in (*filling.BACK, *filling.SKIP, *filling.CANCEL):
            if not await filling.steer(turn, word):
                asking.show_open(turn)
            return
        _no_such_command(turn, name)
        return
    await _run(turn, command, argument.strip())


def _no_such_command(turn: Turn, name: str) -> None:
    t = turn.t
    near = nearest(turn, name)
    told = t(N_("Dạ, không có lệnh /{name}. Gõ /trogiup để xem các lệnh."), name=name[:20])
    if near:
        told = t(N_("Dạ, không có lệnh /{name}. Có phải ông/bà muốn:"), name=name[:20])
        told += "".join(f"\n/{one.name} – {t(one.about)}" for one in near)
    turn.say(
        told,
        *(command_button(one.name, f"/{one.name}") for one in near),
        command_button("trogiup", t(N_("Trợ giúp"))),
    )
    turn.asks = turn.flow is not None


def _command(turn: Turn, text: str, folded: str) -> tuple[Command, str] | None:
    """A command in plain words: everybody's, or of staff («nhận QN-7K3M-9», «hàng đợi»).

    Those of staff only alone or before a case code, so that an answer in words is not taken for
    one; while a form is open only before a code.
    """
    answers = filling.is_figure(turn, folded) or filling.is_choice(turn, text)
    by_word = None if answers else BY_WORD.get(folded)
    if by_word is not None and open_to(turn, by_word):
        return by_word, ""
    if not turn.held:
        return None
    words = text.replace("\n", " ").split(" ")
    for count in range(min(4, len(words)), 0, -1):
        command = BY_NAME.get(fold("".join(words[:count])))
        if command is None or command.roles is None or not open_to(turn, command):
            continue
        rest = " ".join(words[count:]).strip()
        found, after = codewords.split(rest)
        if (found is not None and after != rest) or (not rest and turn.flow is None):
            return command, rest
    return None


async def _run(turn: Turn, command: Command, argument: str) -> None:
    """Run a command.  A form that was open stays: under a new one, or asked again."""
    before = aside.standing(turn)
    if not open_to(turn, command):
        turn.asks = turn.flow is not None
        raise NotAllowed(N_("Dạ, lệnh này dành cho cán bộ được mời. Gõ /trogiup để xem các lệnh."))
    turn.asks = before is not None and command.name != "sua"
    await command.run(turn, argument)
    aside.keep(turn, before)


async def _pressed(turn: Turn, token: str) -> None:
    kind, _, rest = token.partition(":")
    name, _, argument = rest.partition(":")
    if kind == "c" and name in filling.STEERING:
        await _steered(turn, filling.STEERING[name], argument)
    elif kind == "c" and name == "chovieclam" and turn.flow is not None:
        await filling.answer(turn, str(turn.draft.pop("_heard", "")))
    elif kind == "c" and name in BY_NAME:
        await _run(turn, BY_NAME[name], argument)
    elif kind == "a" and turn.flow is not None and name == asking.tag(turn.draft_id):
        question_id, _, choice = argument.partition(":")
        await filling.take(turn, choice, to=question_id, picked=choice)
    else:
        _old_button(turn)


async def _steered(turn: Turn, word: str, of: str) -> None:
    """«Bỏ qua», «Quay lại», «Huỷ» under a question that is not open any more change nothing."""
    draft, _, question_id = of.partition(".")
    question = asking.look(turn).question if turn.flow is not None else None
    here = question is not None and question_id in ("", question.id)
    if of and not (here and draft == asking.tag(turn.draft_id)):
        _old_button(turn)
    elif not await filling.steer(turn, word):
        asking.show_open(turn)


def _old_button(turn: Turn) -> None:
    turn.lead = turn.t(N_("Dạ, nút này thuộc câu hỏi cũ nên không đổi gì."))
    asking.show_open(turn)
