"""Decides what a message is: a button, a command, a case code, an answer, or something new."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import structlog
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from handlers import answers, casebook, dialogue, reception, showing
from handlers.citizen import contact, mycases, report, start
from handlers.desk import Turn
from handlers.dialogue import SKIPPED, BadAnswer, Choice, Question, Step
from handlers.forms import Command, Form
from handlers.i18n import N_, translator
from handlers.menu import life_first, menu_buttons
from handlers.officer import decide, invite, queue
from handlers.permissions import NotAllowed
from handlers.render import command_button, question_buttons
from handlers.report_questions import FLOW as REPORT
from handlers.understand import Meaning, understand
from models import codes
from models.cases import MediaFile
from models.conversations import Conversation
from models.jobs import Job
from models.outbox import Lane
from models.text import fold

log = structlog.get_logger(__name__)

LONGEST = 4000  # characters of one message; nothing typed by hand is longer


async def help_(turn: Turn, _: str) -> None:
    """/trogiup: what this person can do, by role."""
    t = turn.t
    roles = showing.describe(turn)
    rows = [t(N_("**Các lệnh**")) + (f"\n{roles}" if roles else "")]
    for command in COMMANDS:
        if command.shown and _open_to(turn, command):
            rows.append(f"/{command.name} – {t(command.about)}")
    if turn.held:
        rows.append(
            t(N_("Mã hồ sơ gõ kiểu nào cũng được: qn7k3m9, QN 7K3M 9. Mỗi lệnh có tên tiếng Anh."))
        )
    else:
        rows.append(t(N_("Không cần nhớ lệnh: cứ kể bằng lời, gửi ảnh, ghi âm hoặc bấm nút.")))
    turn.say("\n".join(rows), *menu_buttons(turn))


FORMS: dict[str, Form] = {
    form.flow.name: form
    for module in (start, report, mycases, contact, decide, invite)
    for form in module.FORMS
}
COMMANDS: tuple[Command, ...] = tuple(
    command
    for module in (reception, start, report, mycases, contact, queue, decide, invite)
    for command in module.COMMANDS
) + (Command("trogiup", "help", help_, N_("Trợ giúp: các lệnh"), words=("tro giup", "help")),)
BY_NAME = {name: command for command in COMMANDS for name in (command.name, command.alias)}
BY_WORD = {word: command for command in COMMANDS for word in command.words}

BACK = ("quay lai", "tro lai", "lui lai", "back")
SKIP = ("bo qua", "khong biet", "skip", "qua")
CANCEL = ("huy", "huy bo", "thoi", "cancel", "dung lai")


async def route(turn: Turn) -> None:
    """Apply one message.  What a person may not do is answered, not done."""
    try:
        await _route(turn)
    except NotAllowed as refusal:
        turn.say(turn.t(str(refusal)), command_button("menu", turn.t(N_("Trình đơn"))))
    if turn.asks:
        ask(turn)


async def _route(turn: Turn) -> None:
    said = turn.said
    if said.event in ("blocked", "unblocked"):
        gone = turn.now if said.event == "blocked" else None
        await turn.db.execute(
            update(Conversation)
            .where(Conversation.id == turn.chat_id)
            .values(gone_at=gone, gone_why="blocked" if gone else None)
        )
        return
    if said.edits is not None:
        await _edited(turn)
        return
    if said.button is not None:
        await _pressed(turn, said.button)
        return
    if said.event == "unreadable" or any(one.kind == "sticker" for one in said.media):
        await _not_words(turn)
        return
    if said.event == "album_settled" or (said.media and not said.text.strip()):
        await _files(turn)
        return
    if said.contact is not None:
        await _answer(turn, said.contact.phone)
        return
    if said.position is not None:
        turn.draft["_position"] = [said.position.lat, said.position.lon]
        await _answer(turn, f"geo:{said.position.lat},{said.position.lon}")
        return
    await _typed(turn, said.text.strip())


async def _typed(turn: Turn, text: str) -> None:
    if len(text) > LONGEST:
        turn.lead = turn.t(
            N_(
                "Dạ, tin nhắn quá dài ({length} chữ cái). Xin chia thành từng đoạn dưới 2.000 chữ."
            ),
            length=len(text),
        )
        await _show_open(turn)
        return
    if text.startswith("/"):
        await _slash(turn, text[1:])
        return
    folded = fold(text).strip(" .!?")
    if (command := BY_WORD.get(folded)) is not None and _open_to(turn, command):
        await command.run(turn, "")
        return
    if turn.flow is not None and await _steer(turn, folded):
        return
    found = codes.find(text)
    if found is not None and (turn.flow is None or len(text) < len(found.typed) + 6):
        await showing.show_or_explain(turn, found)
        return
    meaning = understand(text)
    reporting = turn.flow == REPORT.name
    if meaning.danger and (reporting or turn.flow is None or not turn.held):
        turn.lead = life_first(turn.t, child=meaning.child)
    if meaning.danger and reporting:
        report.remember(turn, text, meaning)
        await proceed(turn, dialogue.look(REPORT, turn.draft))
    elif turn.flow is not None:
        await _answer(turn, text, meaning)
    else:
        await reception.meant(turn, meaning, text)


async def _slash(turn: Turn, text: str) -> None:
    """``/nhan QN-7K3M-9``; Telegram adds ``@botname`` in places."""
    name, _, argument = text.partition(" ")
    name = fold(name.partition("@")[0]).replace("_", "").replace("-", "")
    command = BY_NAME.get(name)
    if command is None:
        turn.say(
            turn.t(N_("Dạ, không có lệnh /{name}. Gõ /trogiup để xem các lệnh."), name=name[:20]),
            command_button("trogiup", turn.t(N_("Trợ giúp"))),
        )
        turn.asks = turn.flow is not None
        return
    await _run(turn, command, argument.strip())


def _open_to(turn: Turn, command: Command) -> bool:
    return command.roles is None or any(held.role in command.roles for held in turn.held)


async def _run(turn: Turn, command: Command, argument: str) -> None:
    if not _open_to(turn, command):
        raise NotAllowed(N_("Dạ, lệnh này dành cho cán bộ được mời. Gõ /trogiup để xem các lệnh."))
    await command.run(turn, argument)


async def _pressed(turn: Turn, token: str) -> None:
    kind, _, rest = token.partition(":")
    if kind == "c":
        name, _, argument = rest.partition(":")
        command = BY_NAME.get(name)
        if name in _STEERING:
            await _steer(turn, _STEERING[name][0])
        elif command is None:
            await _show_open(turn)
        else:
            await _run(turn, command, argument)
        return
    tag, _, rest = rest.partition(":")
    question_id, _, choice = rest.partition(":")
    if kind != "a" or turn.flow is None or tag != _tag(turn.draft_id):
        turn.lead = turn.t(N_("Dạ, nút này thuộc câu hỏi cũ nên không đổi gì."))
        await _show_open(turn)
        return
    await _take(turn, choice, to=question_id, picked=choice)


_STEERING = {"quaylai": BACK, "boqua": SKIP, "huy": CANCEL}


async def _steer(turn: Turn, folded: str) -> bool:
    """Back, skip, cancel; False if the words are none of them here."""
    if turn.flow is None:
        if folded in CANCEL:
            turn.say(turn.t(N_("Dạ, không có việc gì đang làm dở.")), *menu_buttons(turn))
            return True
        return False
    form = FORMS[turn.flow]
    if folded in BACK:
        turn.draft = dict(dialogue.back(form.flow, turn.draft).answers)
        turn.asks = True
        return True
    if folded in SKIP:
        question = dialogue.look(form.flow, turn.draft).question
        if question is None or not question.optional:
            turn.lead = turn.t(N_("Dạ, câu này cần có để cán bộ giúp được."))
            turn.asks = True
            return folded in ("bo qua", "skip")
        await _take(turn, SKIPPED)
        return True
    if folded in CANCEL:
        values = dialogue.look(form.flow, turn.draft).values
        turn.close()
        await form.cancelled(turn, values)
        if not turn.tray:
            turn.say(turn.t(N_("Dạ, đã huỷ.")), *menu_buttons(turn))
        return True
    return False


async def _answer(turn: Turn, text: str, meaning: Meaning | None = None) -> None:
    """Something said while a form may be open."""
    if turn.flow is None:
        await reception.out_of_the_blue(turn, text)
        return
    form = FORMS[turn.flow]
    question = dialogue.look(form.flow, turn.draft).question
    picked = None
    if question is not None:
        pick = answers.choose_several if question.many else answers.choose
        picked = pick(offered(turn, question), text, turn.t)
    await _take(turn, text, picked=picked, meaning=meaning)


async def _take(
    turn: Turn,
    text: str,
    *,
    to: str | None = None,
    picked: str | None = None,
    meaning: Meaning | None = None,
) -> None:
    """Give an answer to the open form and do what follows from it."""
    form = FORMS[turn.flow or ""]
    before = dict(turn.draft)
    step = dialogue.reply(form.flow, turn.draft, text, to, picked)
    if to is not None and step.answered is None and step.problem is None:
        turn.lead = turn.t(N_("Dạ, câu này đã trả lời rồi. Muốn sửa, xin bấm «Quay lại»."))
    if step.answered is not None:
        try:
            form.verify(turn, step)
        except BadAnswer as problem:
            step = dialogue.look(form.flow, before)
            step = Step(step.answers, step.values, step.question, problem)
    turn.draft = dict(step.answers)
    if step.problem is not None:
        await _unread(turn, step, text, meaning)
        return
    if step.answered is not None and turn.said.event == "message":
        turn.draft["_by"] = {**turn.draft.get("_by", {}), step.answered: turn.said.message_id}
    await proceed(turn, step)


async def proceed(turn: Turn, step: Step) -> None:
    """Let the form work with what is known now, then ask on or finish."""
    form = FORMS[turn.flow or ""]
    await form.step(turn, step)
    if turn.flow != form.flow.name:
        return  # the step closed the form or opened another
    step = dialogue.look(form.flow, turn.draft)
    if step.question is None:
        await form.finish(turn, step.values)
        if turn.flow == form.flow.name and not turn.asks:
            turn.close()
    else:
        turn.asks = True


async def _unread(turn: Turn, step: Step, text: str, meaning: Meaning | None) -> None:
    """What could not be read as an answer is not lost: words of some length are kept."""
    assert step.problem is not None  # noqa: S101 - the caller saw it
    t = turn.t
    turn.lead = "\n\n".join(
        part for part in (turn.lead, t(str(step.problem), **step.problem.values)) if part
    )
    told = meaning is not None and turn.flow == REPORT.name and len(text.split()) >= 4
    if told and meaning is not None:
        report.remember(turn, text, meaning)
        if not step.problem.offer:
            turn.lead = t(N_("Dạ, đã ghi thêm lời kể này vào tin báo."))
        await proceed(turn, dialogue.look(REPORT, turn.draft))
    turn.asks = turn.flow is not None


def offered(turn: Turn, question: Question) -> tuple[Choice, ...]:
    """The choices a number or label can mean now: those of the last offer, or the question's."""
    if turn.draft.get("_offer"):
        return tuple(Choice(*one) for one in turn.draft["_offer"])
    return question.choices(dialogue.look(FORMS[turn.flow or ""].flow, turn.draft).values)


def _tag(draft_id: UUID | None) -> str:
    return draft_id.hex[:6] if draft_id else ""


def ask(turn: Turn) -> None:
    """Show the open question of the open form."""
    turn.asks = False
    if turn.flow is None:
        return
    form = FORMS[turn.flow]
    step = dialogue.look(form.flow, turn.draft)
    question = step.question
    if question is None:
        return
    t = turn.t
    choices = offered(turn, question)
    buttons = list(
        question_buttons(
            _tag(turn.draft_id), question.id, tuple((one.id, t(one.label)) for one in choices)
        )
    )
    if question.optional and SKIPPED not in [choice.id for choice in choices]:
        buttons.append(command_button("boqua", t(N_("Bỏ qua"))))
    if any(one.id in step.answers for one in form.flow.questions):
        buttons.append(command_button("quaylai", t(N_("↩ Quay lại"))))
    if not turn.held:
        buttons.append(command_button("gapcanbo", t(N_("Gặp cán bộ"))))
    buttons.append(command_button("huy", t(N_("✖ Huỷ"))))
    before = form.said(turn, step.values) if form.said else ""
    text = "\n\n".join(part for part in (before, t(question.ask)) if part)
    urgent = step.values.get("danger") == "yes"
    turn.say(text, *buttons, wants=question.wants, lane=Lane.URGENT if urgent else Lane.REPLY)


async def _show_open(turn: Turn) -> None:
    if turn.flow is not None:
        turn.asks = True
    else:
        turn.say(turn.t(N_("Ông/bà cần việc gì, xin bấm chọn:")), *menu_buttons(turn))


async def _not_words(turn: Turn) -> None:
    turn.lead = turn.t(
        N_("Dạ, chưa hiểu được hình dán hoặc loại tin này. Xin gõ chữ, gửi ảnh hoặc ghi âm.")
    )
    await _show_open(turn)


async def _files(turn: Turn) -> None:
    """Photographs, voice notes: they belong to the open form, else they begin something."""
    count = len(turn.draft.get("_media", ()))
    turn.lead = turn.t(N_("Dạ, đã nhận {count} ảnh hoặc ghi âm."), count=count)
    if turn.flow is not None:
        await proceed(turn, dialogue.look(FORMS[turn.flow].flow, turn.draft))
    else:
        await reception.files_alone(turn)


async def keep_media(turn: Turn) -> None:
    """Note the files a message names, and have them fetched after the commit."""
    ids = list(turn.draft.get("_media", ()))
    for media in turn.said.media:
        if media.kind == "sticker":
            continue
        made = await turn.db.execute(
            insert(MediaFile)
            .values(
                id=uuid4(),
                conversation_id=turn.chat_id,
                kind=media.kind,
                ref=media.ref,
                mime=media.mime,
                received_at=turn.now,
            )
            .on_conflict_do_update(
                index_elements=["conversation_id", "ref"], set_={"received_at": turn.now}
            )
            .returning(MediaFile.id, MediaFile.stored_at)
        )
        row = made.one()
        if row.id.hex not in ids:
            ids.append(row.id.hex)
        if row.stored_at is None:
            turn.jobs.append(Job("fetch_media", row.id.hex, int(Lane.REPLY)))
    if ids:
        turn.draft["_media"] = ids


async def _edited(turn: Turn) -> None:
    """An edited message: the original stays, the new words are kept beside it.

    If the message answered a question of the form still open, the answer follows the edit.
    """
    by = turn.draft.get("_by", {})
    question_id = next((one for one, message in by.items() if message == turn.said.edits), None)
    if turn.flow is not None and question_id is not None:
        form = FORMS[turn.flow]
        answered = dialogue.forget(form.flow, turn.draft, question_id)
        step = dialogue.reply(form.flow, answered.answers, turn.said.text, question_id)
        if step.problem is None and step.answered == question_id:
            turn.draft = dict(step.answers)
            turn.lead = turn.t(N_("Dạ, đã sửa câu trả lời theo tin nhắn vừa sửa."))
            await proceed(turn, step)
            return
    # which case the old words went into is not known: every open one keeps the new ones
    for case in await mycases.open_ones(turn):
        await casebook.event(turn, case["id"], "edited", by=turn.person_id, text=turn.said.text)
        turn.say(
            turn.t(
                N_("Dạ, đã lưu bản sửa vào hồ sơ {code}; bản gốc vẫn được giữ."), code=case["code"]
            )
        )


def nudge_at(turn: Turn) -> datetime | None:
    """When silence in the open form gets a reminder."""
    if turn.flow is None:
        return None
    form = FORMS[turn.flow]
    return turn.now + form.patience(dialogue.look(form.flow, turn.draft).values)


def menus(role: str, locale: str) -> list[tuple[str, str]]:
    """The command menu of a role: name and what it does, in a language."""
    t = translator(locale)
    return [
        (command.name, t(command.about))
        for command in COMMANDS
        if command.shown and (command.roles is None or role in command.roles)
    ]
