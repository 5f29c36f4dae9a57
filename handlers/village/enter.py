"""Entering households into a village's list, correcting one, taking one out."""

from __future__ import annotations

from uuid import uuid4

from handlers import household_lines, households
from handlers.answers import one_of, plain
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Choice, Flow, Question, Values
from handlers.forms import Command, Form
from handlers.households import BASES, Facts, Known, Origin
from handlers.i18n import N_
from handlers.keeping import add_button, line, mine, short, villages_of
from handlers.permissions import KEEPERS, Scope, act
from handlers.render import command_button
from handlers.typed import as_typed
from handlers.villages import key as village_key
from models.people import Role

MOST_SHOWN = 20  # lines told in one answer
DONE = "done"
SURE = "chac"


async def add(turn: Turn, argument: str) -> None:
    """``/themho``: lines of households for one village, on one ground."""
    lists = await villages_of(turn)
    wanted = [one for one in lists if village_key(one[1]) == village_key(argument)]
    head_only = all(held.role == Role.VILLAGE_HEAD for held in turn.held)
    only = wanted or (lists if head_only and len(lists) == 1 else [])
    communes = {held.commune for held in turn.held if held.role in KEEPERS and held.commune}
    if not communes:
        turn.say(turn.t(N_("Dạ, việc này dành cho trưởng thôn và cán bộ xã.")))
        return
    facts = {"village": only[0][1]} if only else {}
    turn.open(
        "households",
        uuid4(),
        _commune=only[0][0] if only else min(communes),
        _villages=[name for _, name in lists],
        **facts,
    )


async def added(turn: Turn, values: Values) -> None:
    """Keep every good line; the wrong ones are told, with how to write them."""
    t = turn.t
    commune, village = str(values["_commune"]), str(values["village"])
    if values["lines"] == DONE:
        turn.say(
            t(N_("Dạ, danh sách đã lưu.")),
            command_button("houutien", t(N_("📋 Xem danh sách")), short(village)),
        )
        return
    lines = household_lines.read(str(values["lines"]))
    origin = Origin(values["basis"], "pasted" if len(lines) > 1 else "typed")
    done: dict[str, int] = {"added": 0, "changed": 0, "same": 0}
    rows = []
    for one in lines:
        if one.facts is None:
            continue
        _, outcome = await households.keep(turn, commune, village, one.facts, origin)
        done[outcome] += 1
        known = Known(0, village, one.facts)
        note = "" if one.facts.groups else t(N_(" (chưa nêu lý do ưu tiên)"))
        rows.append(f"✔ {line(turn, known)}{note}")
    await act(turn, "households", Scope(commune, village), case_code=None, **done)
    wrong = [one for one in lines if one.facts is None]
    summary = t(
        N_(
            "**{village}**: thêm {added}, cập nhật {changed}, đã có sẵn {same}, chưa hiểu {wrong}."
        ),
        village=as_typed(village),
        wrong=len(wrong),
        **done,
    )
    bad = [
        t(
            N_("✖ dòng {number} «{text}»: {problem}"),
            number=one.number,
            text=as_typed(one.text[:60]),
            problem=t(one.problem),
        )
        for one in wrong[:MOST_SHOWN]
    ]
    turn.lead = "\n".join([summary, *rows[:MOST_SHOWN], *bad])
    keep = {name: values[name] for name in ("_commune", "_villages", "village", "basis")}
    turn.open("households", uuid4(), **keep)


def lines_of(text: str) -> str:
    """Keep the lines as they were typed."""
    said = text.strip()
    if plain(said) in (DONE, "xong", "xong roi", "het", "het roi"):
        return DONE
    if not any(char.isalpha() for char in said):
        raise BadAnswer(N_("Dạ, xin gõ mỗi hộ một dòng, bắt đầu bằng họ tên chủ hộ."))
    return said


def a_village(text: str) -> str:
    said = " ".join(text.split())
    if not any(char.isalnum() for char in said) or len(said) > 60:
        raise BadAnswer(N_("Dạ, xin gõ tên thôn, tổ dân phố."))
    return said


def _named(values: Values) -> tuple[Choice, ...]:
    return tuple(Choice(name, name) for name in values.get("_villages", ()))


async def fix(turn: Turn, argument: str) -> None:
    """``/suaho h12``: the line is written anew."""
    found = await mine(turn, argument, "opened")
    if found is None:
        return
    known, commune = found
    turn.open(
        "fix_household",
        uuid4(),
        _household=known.id,
        _commune=commune,
        _village=known.village,
        _line=line(turn, known),
    )


async def fixed(turn: Turn, values: Values) -> None:
    found = await mine(turn, str(values["_household"]), "corrected")
    if found is None:
        return
    facts = _one_line(str(values["line"]))
    await households.correct(turn, found[0].id, facts)
    turn.say(turn.t(N_("✔ Đã sửa: {line}"), line=line(turn, Known(0, "", facts))))


def _one_line(text: str) -> Facts:
    [one] = household_lines.read(" ".join(text.split()))
    if one.facts is None:
        raise BadAnswer(one.problem)
    return one.facts


def one_line(text: str) -> str:
    said = " ".join(text.split())
    if not any(char.isalpha() for char in said):
        raise BadAnswer(N_("Dạ, xin gõ mỗi hộ một dòng, bắt đầu bằng họ tên chủ hộ."))
    _one_line(said)
    return said


async def take_out(turn: Turn, argument: str) -> None:
    """``/boho h12``, and once more to be sure."""
    word, _, sure = argument.strip().partition(" ")
    found = await mine(turn, word, "removed" if sure == SURE else "asked to remove")
    if found is None:
        return
    t, known = turn.t, found[0]
    if sure != SURE:
        turn.say(
            t(
                N_("Bỏ hộ {head} khỏi danh sách? Thông tin sẽ bị xoá."),
                head=as_typed(known.facts.head),
            ),
            command_button("boho", t(N_("Đúng, bỏ")), f"h{known.id} {SURE}"),
            command_button("houutien", t(N_("Không")), f"h{known.id}"),
        )
        return
    await households.take_out(turn, known.id)
    turn.say(t(N_("🗑 Đã bỏ và xoá thông tin của hộ này.")), add_button(turn, known.village))


ADD = Form(
    Flow(
        "households",
        (
            Question("village", N_("Hộ ở thôn, tổ dân phố nào?"), a_village, choices=_named),
            Question(
                "basis",
                N_("Ghi vào danh sách theo căn cứ nào?"),
                one_of(BASES),
                choices=lambda _: BASES,
            ),
            Question(
                "lines",
                N_(
                    "Gõ hoặc dán mỗi hộ một dòng: họ tên, điện thoại, số khẩu, lý do. Ví dụ:\n"
                    "Nguyễn Thị Lành, 0912 345 678, 1 khẩu, già neo đơn, gần suối"
                ),
                lines_of,
                choices=lambda _: (Choice(DONE, N_("Xong")),),
            ),
        ),
    ),
    added,
)
FIX = Form(
    Flow("fix_household", (Question("line", N_("Gõ lại cả dòng cho đúng:"), one_line),)),
    fixed,
    said=lambda _, values: as_typed(str(values.get("_line", ""))),
)
FORMS = (ADD, FIX)
COMMANDS = (
    Command("themho", "addhousehold", add, N_("Thêm hộ cần ưu tiên"), KEEPERS),
    Command("suaho", "fixhousehold", fix, N_("Sửa một hộ"), KEEPERS, shown=False),
    Command("boho", "drophousehold", take_out, N_("Bỏ một hộ"), KEEPERS, shown=False),
)
