"""A list of many households: typed one after another, pasted, or as a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from handlers import cards, papers, villages
from handlers.answers import plain as plainly
from handlers.desk import Held, Turn
from handlers.dialogue import BadAnswer, Step, Values
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.lists import adding, book, filing, late, paste, reading, results, saying
from handlers.lists.book import About, Kept
from handlers.lists.line import Line
from handlers.lists.paste import Written
from handlers.lists.questions import (
    AROUND,
    DONE,
    FIX,
    FLOW,
    MANY,
    ONE,
    ONE_HOUSEHOLD,
    TEMPLATE,
    done,
)
from handlers.menu import life_first
from handlers.pastdays import happened_on
from handlers.permissions import Scope, act, role_for
from handlers.render import command_button
from handlers.understand import understand
from models.jobs import Job
from models.lists import LineState, ListState
from models.outbox import Lane
from models.people import Role

LISTERS = frozenset({Role.VILLAGE_HEAD, Role.OFFICER, Role.LEADER})
TOLD = "dake"  # argument of the button that makes a list of what was told in a report
SHOWN = 3  # lists sent before, shown over a new one
LONGEST = 20_000  # characters of one message: some 300 lines


async def begin(turn: Turn, argument: str) -> None:
    """/danhsach: a new list under those that were sent; «moi»: nothing but a new one."""
    if (code := book.code_in(argument)) is not None:
        await show(turn, code, argument)
        return
    if argument == TOLD:
        await start(turn, "\n".join(turn.draft.get("_households", ())))
        return
    fresh = plainly(argument) in {"moi", "new"}
    if turn.flow == FLOW.name and not fresh:
        turn.asks = True
        return
    lists = [] if fresh else await book.of_person(turn, turn.person_id, limit=SHOWN)
    if lists:
        await _own(turn, lists)
    await start(turn)


def is_sheet(turn: Turn) -> bool:
    """Whether what came is a spreadsheet, as far as its name and type tell."""
    return _lister(turn) is not None and any(
        one.kind == "document"
        and (str(one.name).lower().endswith((".xlsx", ".csv")) or str(one.mime) in SHEETS)
        for one in turn.said.media
    )


async def picks_up(turn: Turn, text: str) -> bool:
    """Lines that come without a list open: a new list, or corrections of the last one."""
    if _lister(turn) is None:
        return False
    if paste.looks_like_a_list(text) and ("\n" in text or not understand(text).danger):
        await start(turn, text)
        return True
    return await late.correction(turn, text)


def offer(turn: Turn, text: str) -> None:
    """A head tells of further households in the report of one: each needs a case of its own."""
    if _lister(turn) is None or turn.draft.get("danger") == "yes":
        return
    if not (paste.several(text) or paste.one_more(text)):
        return
    filed = bool(turn.draft.get("_case"))
    before = [
        one
        for one in turn.draft.get("_words", ())
        if paste.several(one) or (not filed and paste.is_line(one))
    ]
    kept = dict.fromkeys((*turn.draft.get("_households", ()), *before, text))
    turn.draft["_households"] = list(kept)
    turn.say(
        turn.t(
            N_("Dạ, tin này kể thêm hộ khác. **Mỗi hộ cần một hồ sơ riêng**: bấm nút dưới đây, "
               "những hộ vừa kể được đưa vào danh sách, không phải gõ lại.")
        ),
        command_button("danhsach", turn.t(N_("📋 Lập danh sách nhiều hộ")), TOLD),
    )  # fmt: skip
    turn.asks = True


def _lister(turn: Turn) -> Held | None:
    """The role under which somebody may send lists, for some village at least."""
    return next((held for held in turn.held if held.role in LISTERS), None)


async def _own(turn: Turn, lists: list[book.ListRow]) -> None:
    t = turn.t
    rows = [t(N_("**Danh sách ông/bà đã gửi**"))]
    for row in lists:
        counts = await book.counts(turn, row["id"])
        total = sum(count for state, count in counts.items() if state != LineState.REMOVED)
        rows.append(f"• {row['code']} – {row['village']} – {t(N_('{count} hộ'), count=total)}")
    turn.say(
        "\n".join(rows),
        *(command_button("danhsach", one["code"], one["code"]) for one in lists),
    )


async def start(turn: Turn, text: str = "") -> None:
    """Open a list; what was pasted or sent before comes along."""
    held = _lister(turn)
    if held is None or held.commune is None:
        turn.say(turn.t(N_("Dạ, việc này dành cho trưởng thôn, tổ trưởng và cán bộ xã.")))
        return
    names = list(held.villages) or await villages.listed(turn, held.commune)
    facts: dict[str, Any] = {"_commune": held.commune, "_villages": names}
    if turn.flow is None and turn.draft.get("_media"):
        facts["_media"] = turn.draft["_media"]
    turn.open(FLOW.name, uuid4(), **facts)
    if len(held.villages) == 1:
        turn.draft["village"] = held.villages[0]
    if text:
        await _take(turn, text)
    await _files(turn)


SHEETS = frozenset(
    {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
)


async def show(turn: Turn, code: str, argument: str) -> None:
    """What became of every household of a list, to who sent it and to the commune."""
    row = await book.by_code(turn, code)
    t = turn.t
    own = row is not None and row["reporter_id"] == turn.person_id
    place = Scope(row["commune"], row["village"]) if row else Scope(None)
    if row is None or not (own or role_for(turn, "list_show", place)):
        turn.say(t(N_("Dạ, không có danh sách {code} trong địa bàn của ông/bà."), code=code))
        return
    if not own:
        await act(turn, "list_show", place, list=code)
    number = argument.rsplit(maxsplit=1)[-1]
    text, pages = await results.became(turn, row, t, int(number) if number.isdecimal() else 1)
    page = min(int(number), pages) if number.isdecimal() else 1
    buttons = []
    if page < pages:
        buttons.append(command_button("danhsach", t(N_("Trang sau")), f"{code} {page + 1}"))
    turn.say(text, *buttons, command_button("menu", t(N_("Trình đơn"))))


async def hears(turn: Turn, question_id: str, text: str) -> bool:
    """Lines may come at any question: they are kept, and the question is asked again."""
    asked = question_id in {*AROUND, *ONE_HOUSEHOLD}
    if asked and "\n" not in text and not await _of_the_list(turn, question_id, text):
        return False
    if "\n" not in text:
        try:
            done(text)
        except BadAnswer:
            pass
        else:
            return False
    if numbers := paste.removals(text):
        await _remove(turn, numbers)
    else:
        await _take(turn, text)
    turn.asks = True
    return True


async def _of_the_list(turn: Turn, question_id: str, text: str) -> bool:
    """Asked for something else, somebody types a whole line, or mends one."""
    if question_id in {"one_head", *AROUND} and paste.is_line(text):
        return True
    if paste.removals(text) or paste.corrections(text):
        return True
    return question_id in AROUND and paste.mends(text) and "_count" in turn.draft


async def _take(turn: Turn, text: str) -> None:
    """Read lines, keep them, and answer line by line; danger goes out at once."""
    row = await _row(turn)
    await keep(turn, row, paste.corrections(text) or paste.lines(text))


async def keep(turn: Turn, row: book.ListRow, written: list[Written]) -> None:
    added = await adding.add(turn, row, written)
    danger = [one for one in added.touched if one.line.danger and one.state == LineState.GOOD]
    if danger:
        await filing.lock_village(turn, row)
        await filing.file_lines(turn, row, danger)
        child = any(one.line.child for one in danger)
        turn.lead = f"{turn.lead}\n\n{life_first(turn.t, child=child)}".strip()
        told = N_("🆘 {count} hộ đang nguy hiểm: đã báo cán bộ ngay, không đợi hết danh sách.")
        turn.lead += "\n" + turn.t(told, count=len(danger))
    turn.draft.pop("_told_wrong", None)
    counts = await book.counts(turn, row["id"])
    turn.draft["_count"] = counts.get(LineState.GOOD, 0) + counts.get(LineState.FILED, 0)
    turn.lead = f"{turn.lead}\n\n{saying.understood(turn.t, added, counts)}".strip()


async def _remove(turn: Turn, numbers: tuple[int, ...]) -> None:
    row = await _row(turn)
    count = await book.remove(turn, row["id"], numbers)
    turn.draft.pop("_told_wrong", None)
    counts = await book.counts(turn, row["id"])
    turn.draft["_count"] = counts.get(LineState.GOOD, 0) + counts.get(LineState.FILED, 0)
    turn.lead = "\n".join(
        (
            turn.t(N_("🗑 Đã bỏ {count} dòng."), count=count),
            saying.standing(turn.t, counts),
        )
    )


async def _row(turn: Turn) -> book.ListRow:
    """The list of the open draft, begun with the first thing there is to keep."""
    return await book.begin(turn, _draft_id(turn), _about(turn))


def _about(turn: Turn) -> About:
    draft = turn.draft
    when = draft.get("happened")
    return About(
        str(draft["_commune"]),
        str(draft.get("village") or ""),
        draft.get("cause"),
        happened_on(when, turn.today) if when else None,
    )


def _draft_id(turn: Turn) -> UUID:
    if turn.draft_id is None:
        raise LookupError("no list is open")
    return turn.draft_id


async def step(turn: Turn, current: Step) -> None:
    """Keep the list's place and time up to date; take photographs and spreadsheets in."""
    await _household_told(turn, current)
    if turn.draft.get("lines") == TEMPLATE:
        turn.draft.pop("lines")
        about_ = _about(turn)
        await papers.order(
            turn, turn.me, "list_template", commune=about_.commune, village=about_.village
        )
        turn.lead = turn.t(N_("📄 Đang lập bảng mẫu, sẽ gửi vào đây ngay."))
    if turn.draft.get("lines") == FIX:
        for name in ("lines", "_told_wrong"):
            turn.draft.pop(name)
    if current.answered == "cause":  # said back: words may have been taken for another one
        cause = turn.t(cards.CAUSE[str(current.values["cause"])])
        said = turn.t(N_("Do đâu: **{cause}**."), cause=cause)
        turn.lead = f"{turn.lead}\n{said}".strip()
    if current.answered in AROUND:
        row = await book.by_id(turn, _draft_id(turn))
        if current.answered == "happened":  # «hôm nay» means the same tomorrow
            turn.draft["happened"] = happened_on(turn.draft["happened"], turn.today).isoformat()
        if row is not None:
            await filing.moved(turn, row, _about(turn))
    await _files(turn)


async def _household_told(turn: Turn, current: Step) -> None:
    """Asked household by household: the fourth answer makes a line, and the next is asked for."""
    if turn.draft.get("lines") == ONE:
        turn.draft.pop("lines")
        turn.draft["_one"] = True
    told = turn.draft.get("one_head")
    if told == DONE:
        turn.draft["lines"] = DONE
    elif told == MANY:
        turn.draft.pop("one_head")
        turn.draft.pop("_one")
    elif current.answered == "one_poverty" or turn.draft.get("one_poverty"):
        values = [current.values.get(name) for name in ONE_HOUSEHOLD]
        head, people, kinds, poverty = values
        line = Line(
            text="; ".join(str(one) for one in values if one),
            head=str(head),
            people=int(str(people)) if people else None,
            kinds=tuple(str(kinds).split(",")),
            poverty=str(poverty) if poverty else None,
        )
        for name in ONE_HOUSEHOLD:
            turn.draft.pop(name, None)
        await keep(turn, await _row(turn), [Written(reading.judged(line))])


async def _files(turn: Turn) -> None:
    """A spreadsheet is read by a job as soon as it is fetched; a photograph is evidence."""
    sent = turn.draft.pop("_media", ())
    if not sent:
        return
    row = await _row(turn)
    for stored in await book.take_files(turn, row["id"], sent):
        turn.jobs.append(Job("read_sheet", stored.hex, int(Lane.REMINDER)))
    told = N_("📷 Đã nhận ảnh, đính kèm danh sách.")
    if any(one.kind == "document" for one in turn.said.media):
        told = N_("📎 Đã nhận tệp, đang đọc; xong sẽ báo từng dòng ở đây.")
    turn.lead = turn.t(told)
    turn.draft["_count"] = turn.draft.get("_count") or 1


def verify(turn: Turn, current: Step) -> None:
    """Refuse a village of somebody else, and a day that has not come yet."""
    if current.answered == "village":
        place = Scope(str(current.values["_commune"]), str(current.values["village"]))
        if role_for(turn, "list", place) is None:
            raise BadAnswer(N_("Dạ, thôn này không thuộc phần ông/bà phụ trách. Xin chọn lại."))
    value = str(current.values.get("happened", ""))
    if current.answered == "happened" and value and happened_on(value, turn.today) > turn.today:
        raise BadAnswer(N_("Dạ, ngày này chưa tới. Xin gõ lại ngày xảy ra."))


async def finish(turn: Turn, values: Values) -> None:
    """The list is complete: its good lines are filed by a job, batch by batch."""
    del values
    row = await _row(turn)
    counts = await book.counts(turn, row["id"])
    good = counts.get(LineState.GOOD, 0) + counts.get(LineState.FILED, 0)
    if not good and not counts.get(LineState.SAME):
        turn.draft.pop("lines", None)
        turn.lead = turn.t(N_("Dạ, danh sách chưa có hộ nào đọc được."))
        turn.asks = True
        return
    if counts.get(LineState.WRONG) and not turn.draft.get("_told_wrong"):
        _not_yet(turn, await book.lines(turn, row["id"]))
        return
    await act(turn, "list", Scope(row["commune"], row["village"]), list=row["code"], lines=good)
    await filing.start(turn, row)
    turn.say(
        turn.t(N_("⏳ Đang ghi {count} hộ (danh sách {code})…"), count=good, code=row["code"])
    )


def _not_yet(turn: Turn, kept: list[Kept]) -> None:
    """Wrong lines would stay behind: said once before the rest goes off."""
    for name in ("lines", "one_head", "_one"):
        turn.draft.pop(name, None)
    turn.draft["_told_wrong"] = True
    turn.lead = saying.not_sent(turn.t, kept)
    turn.asks = True


async def abandoned(turn: Turn, values: Values) -> None:
    """Silence: what can be read is filed as it stands; wrong lines stay to be corrected."""
    if any(name not in values for name in ("village", "cause", "happened")):
        return
    row = await book.by_id(turn, _draft_id(turn), lock=True)
    if row is None or row["state"] != ListState.OPEN:
        return
    counts = await book.counts(turn, row["id"])
    if counts.get(LineState.GOOD):
        await filing.start(turn, row)
        turn.lead = turn.t(
            N_("Dạ, {count} hộ đọc được trong danh sách {code} đang được ghi như đã gửi."),
            count=counts[LineState.GOOD],
            code=row["code"],
        )


async def cancelled(turn: Turn, values: Mapping[str, Any]) -> None:
    del values
    row = await book.by_id(turn, _draft_id(turn)) if turn.draft_id else None
    if row is not None and row["state"] == ListState.OPEN:
        await book.change(turn, row["id"], state=ListState.DROPPED.value)


FORMS = (
    Form(
        FLOW,
        finish,
        step=step,
        verify=verify,
        cancelled=cancelled,
        abandoned=abandoned,
        hears=hears,
        longest=LONGEST,
    ),
)
COMMANDS = (
    Command(
        "danhsach",
        "list",
        begin,
        N_("Danh sách nhiều hộ bị thiệt hại"),
        LISTERS,
        ("danh sach", "gui danh sach"),
    ),
)
