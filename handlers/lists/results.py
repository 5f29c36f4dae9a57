"""What became of a list: the receipt, the commune's one card, each household afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from handlers import cards
from handlers.desk import Chat, Desk, Turn
from handlers.i18n import N_, Translate, translator
from handlers.lists import book
from handlers.lists.book import Kept, ListRow
from handlers.lists.saying import SHOWN, totals
from handlers.messages import Button, Outgoing
from handlers.render import command_button
from handlers.times import day, moment
from handlers.typed import as_typed
from handlers.vocabulary import STATUS
from models.cases import Case, Status
from models.lists import LineState
from models.outbox import Lane
from models.people import Role

PAGE = 20  # households on one page of «what became of them»


async def filed(turn: Turn, row: ListRow, kept: Sequence[Kept]) -> tuple[str, tuple[Button, ...]]:
    """The receipt of a whole list."""
    t = turn.t
    new = [one for one in kept if one.state == LineState.FILED]
    same = [one for one in kept if one.state == LineState.SAME]
    wrong = [one for one in kept if one.state == LineState.WRONG]
    rows = []
    if new:
        rows.append(
            t(
                N_("✅ Đã ghi nhận **{count} hộ** của {village}, danh sách **{code}**, lúc {at}."),
                count=len(new),
                village=as_typed(row["village"]),
                code=row["code"],
                at=moment(turn.now, t),
            )
        )
        due = await turn.db.scalar(
            select(Case.answer_due_at)
            .where(Case.list_id == row["id"])
            .order_by(Case.answer_due_at)
            .limit(1)
        )
        rows.append(
            t(
                N_("{office} sẽ trả lời từng hộ, sớm nhất trước **{due}** (cam kết của UBND)."),
                office=cards.office(row["commune"], t),
                due=moment(due or turn.now, t),
            )
        )
        rows.append(totals([one.line for one in new], t))
    if same:
        rows.append(t(N_("{count} hộ đã có hồ sơ từ trước, không ghi lần nữa:"), count=len(same)))
        rows += [await _already(turn, one) for one in same[:SHOWN]]
    if wrong:
        rows.append(
            t(
                N_("{count} dòng còn sai vẫn được giữ; gõ lại theo số dòng lúc nào cũng được."),
                count=len(wrong),
            )
        )
    buttons = (
        command_button("danhsach", t(N_("📋 Xem từng hộ")), row["code"]),
        command_button("menu", t(N_("Trình đơn"))),
    )
    return "\n".join(rows), buttons


async def _already(turn: Turn, one: Kept) -> str:
    t = turn.t
    found = await turn.db.execute(
        select(Case.code, Case.status, Case.closed_at).where(Case.id == one.case_id)
    )
    case = found.one_or_none()
    if case is None:
        return f"{one.number}. {as_typed(one.line.head)}"
    state = t(STATUS[Status(case.status)])
    if case.status == Status.HELPED and case.closed_at:  # said before somebody goes again
        state = t(N_("⚠ đã được trợ giúp {at}"), at=day(case.closed_at.date(), t))
    return f"{one.number}. {as_typed(one.line.head)} – {case.code} – {state}"


async def tell_commune(desk: Desk, row: ListRow, kept: Sequence[Kept]) -> None:
    """One card for the whole list, to everybody who may take its cases."""
    chats = await desk.staff(row["commune"], {Role.OFFICER, Role.LEADER})
    shown = await book.evidence(desk, row["id"])
    for chat in chats:
        desk.tell(chat, card(row, kept, chat, shown), Lane.REPLY)
    if not chats:
        for chat in await desk.staff(None, {Role.PROVINCE}):
            t = translator(chat.locale)
            text = t(
                N_("⚠ {where} chưa có cán bộ trên kênh này, danh sách {code} chưa có ai nhận."),
                where=cards.commune_name(row["commune"], t),
                code=row["code"],
            )
            desk.tell(chat, Outgoing(text), Lane.REPLY)


def card(row: ListRow, kept: Sequence[Kept], chat: Chat, shown: tuple[str, ...] = ()) -> Outgoing:
    """A list as the commune sees it: figures, not names."""
    t = translator(chat.locale)
    lines = [one.line for one in kept if one.state == LineState.FILED]
    danger = sum(line.danger for line in lines)
    happened = day(row["happened"], t) if row["happened"] else ""
    cause = t(cards.CAUSE[row["cause"]]) if row["cause"] in cards.CAUSE else ""
    rows = [
        t(N_("📋 **Danh sách {code}** – {village}: **{count} hộ**"),
          code=row["code"], village=as_typed(row["village"]), count=len(lines)),
        " ".join(part for part in (cause, happened) if part),
        totals(lines, t),
        t(N_("Trong đó {count} hộ nghèo, cận nghèo."),
          count=sum(line.poverty in {"poor", "near_poor"} for line in lines)),
        t(N_("🆘 {count} hộ đang nguy hiểm, đã báo riêng."), count=danger) if danger else "",
        t(N_("Gửi lúc {at}. Mỗi hộ là một hồ sơ có thời hạn riêng."),
          at=moment(row["opened_at"], t)),
    ]  # fmt: skip
    return Outgoing(
        "\n".join(one for one in rows if one),
        (
            command_button("danhsach", t(N_("📋 Xem từng hộ")), row["code"]),
            command_button("nhands", t(N_("✋ Nhận cả danh sách")), row["code"]),
            command_button("xacnhands", t(N_("✅ Xác nhận cả danh sách")), row["code"]),
            command_button("bangke", t(N_("📄 Bảng kê (Word)")), f"{row['code']} docx"),
            command_button("bangke", t(N_("📊 Bảng kê (Excel)")), f"{row['code']} xlsx"),
        ),
        media=shown,
    )


async def became(desk: Desk, row: ListRow, t: Translate, page: int) -> tuple[str, int]:
    """What became of every household, a page of them; and how many pages there are."""
    kept = [one for one in await book.lines(desk, row["id"]) if one.state != LineState.REMOVED]
    pages = max(1, -(-len(kept) // PAGE))
    page = min(max(page, 1), pages)
    here = kept[(page - 1) * PAGE : page * PAGE]
    ids = [one.case_id for one in here if one.case_id is not None]
    found = await desk.db.execute(
        select(Case.id, Case.code, Case.status, Case.waiting_since, Case.closed_at).where(
            Case.id.in_(ids)
        )
    )
    cases = {case.id: case for case in found}
    rows = [
        t(N_("📋 **{code}** – {village}, gửi {at} (trang {page}/{pages})"),
          code=row["code"], village=as_typed(row["village"]), at=moment(row["opened_at"], t),
          page=page, pages=pages)
    ]  # fmt: skip
    for one in here:
        case = cases.get(one.case_id) if one.case_id else None
        if case is not None:
            state = t(STATUS[Status(case.status)])
            if case.waiting_since:
                state = t(N_("cán bộ đang chờ trả lời câu hỏi"))
            told = f"{case.code} – {state}"
        else:
            told = t(_WAITS.get(one.state, N_("chờ gửi")))
        rows.append(f"{one.number}. {as_typed(one.line.head or one.line.text[:40])} – {told}")
    return "\n".join(rows), pages


_WAITS = {LineState.WRONG: N_("✏ cần sửa"), LineState.GOOD: N_("chờ gửi")}
