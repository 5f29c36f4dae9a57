"""Corrections that come after a list was sent: of a line that waits, or of one that is a case."""

from __future__ import annotations

from handlers import casebook
from handlers.desk import Turn
from handlers.i18n import N_
from handlers.lists import adding, book, filing, paste, saying
from handlers.lists.book import Kept
from handlers.lists.merging import alike
from handlers.permissions import Scope, act
from handlers.render import command_button
from handlers.typed import as_typed
from models.lists import LineState, ListState


async def correction(turn: Turn, text: str) -> bool:
    """«7: Nguyễn Văn B, 3 khẩu, sập» after the list was filed: that line is filed as well."""
    written = paste.corrections(text) or [one for one in paste.lines(text) if one.number]
    lists = await book.of_person(turn, turn.person_id, limit=1) if written else []
    if not lists or lists[0]["state"] not in {ListState.FILED, ListState.FILING}:
        return False
    row = await book.by_id(turn, lists[0]["id"], lock=True)
    if row is None:
        return False
    kept = {one.number: one for one in await book.lines(turn, row["id"])}
    meant = [kept.get(one.corrects or one.number or 0) for one in written]
    states = {one.state if one else None for one in meant}
    mends = paste.mends(text) and "\n" not in text
    if states <= {LineState.WRONG} or (mends and states == {LineState.GOOD}):
        added = await adding.add(turn, row, written)
        await act(turn, "list", Scope(row["commune"], row["village"]), list=row["code"])
        await filing.start(turn, row)
        turn.say(saying.understood(turn.t, added, await book.counts(turn, row["id"])))
        return True
    one, said = meant[0], written[0]
    if not mends or one is None or one.case_id is None:
        return False
    if said.corrects is None and said.line.head and not alike(one.line, said.line):
        return False  # a household of another list
    return await _of_a_case(turn, one, text)


async def _of_a_case(turn: Turn, one: Kept, text: str) -> bool:
    """A line that was sent is a case: what was to be corrected can be added to it."""
    case = await casebook.by_id(turn, one.case_id or 0)
    if case["reporter_id"] != turn.person_id:  # the same household, told of by somebody else
        return False
    t = turn.t
    told = N_("Dạ, dòng {number} ({head}) đã gửi thành hồ sơ **{code}**. Thêm «{text}» vào đó?")
    turn.draft["_heard"] = text
    turn.say(
        t(
            told,
            number=one.number,
            head=as_typed(one.line.head),
            code=case["code"],
            text=as_typed(text[:80]),
        ),
        command_button("traloi", t(N_("📎 Thêm vào {code}"), code=case["code"]), case["code"]),
        command_button("menu", t(N_("Trình đơn"))),
    )
    return True
