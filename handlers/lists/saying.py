"""What is said about lists: line by line to who sent them, as one card to the commune."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from handlers import cards
from handlers.desk import Chat, Desk, Turn
from handlers.i18n import N_, Translate, translator
from handlers.lists import book
from handlers.lists.adding import MOST, Added
from handlers.lists.book import Kept, ListRow
from handlers.lists.line import Line
from handlers.messages import Button, Outgoing
from handlers.render import command_button
from handlers.times import day, moment
from handlers.typed import as_typed
from handlers.vocabulary import KIND, STATUS
from models import phone
from models.cases import Case, Status
from models.lists import LineState
from models.outbox import Lane
from models.people import Role

SHOWN = 12  # good lines shown one by one; more are counted
WRONG_SHOWN = 15
PAGE = 20  # households on one page of «what became of them»

SHORT = {
    "house_destroyed": N_("sập, trôi, cháy hẳn"),
    "house_damaged_unlivable": N_("hư nặng, không ở được"),
    "house_damaged": N_("tốc mái, hư một phần"),
    "evacuation": N_("phải di dời"),
    "hunger": N_("thiếu đói"),
    "death_missing": N_("có người chết, mất tích"),
    "injury": N_("có người bị thương"),
    "child_alone": N_("trẻ không ai chăm sóc"),
    "violence": N_("bị bạo lực"),
    "livelihood": N_("mất mùa, mất vật nuôi, ghe xe"),
    "other": N_("việc khác"),
    "emergency": N_("🆘 đang nguy hiểm"),
}
WRONG = {
    "no_name": N_("thiếu họ tên chủ hộ"),
    "no_damage": N_("chưa rõ thiệt hại gì"),
    "two_names": N_("có hai hộ trong một dòng, xin tách thành hai dòng"),
    "same_name": N_(
        "trùng tên với một dòng khác mà khác số liệu; nếu là hai hộ, xin thêm biệt danh hoặc số "
        "điện thoại"
    ),
    "people": N_("số khẩu không hợp lý"),
}
ODD = {
    "phone": N_("số điện thoại chưa đúng, đã bỏ qua"),
    "id_card": N_("đã bỏ số giấy tờ tuỳ thân, không cần gửi"),
    "people": N_("ô số khẩu chưa đọc được, đã bỏ qua"),
    "poverty": N_("ô hộ nghèo chưa đọc được, đã bỏ qua"),
}


def kinds(found: Sequence[str], t: Translate) -> str:
    return ", ".join(t(SHORT.get(one) or KIND.get(one, one)) for one in found)


def one_line(one: Kept, t: Translate) -> str:
    """A line as it was understood."""
    line = one.line
    parts = [
        as_typed(line.head),
        t(N_("{people} khẩu"), people=line.people) if line.people else "",
        kinds(line.kinds, t),
        t(cards.POVERTY[line.poverty]) if line.poverty in {"poor", "near_poor"} else "",
        cards.vulnerable(line.vulnerable, t),
        phone.shown(line.phone) if line.phone else "",
        as_typed(line.address),
    ]
    told = " – ".join(part for part in parts if part)
    odd = "; ".join(t(ODD[name]) for name in line.odd if name in ODD)
    return f"{one.number}. {told}" + (f" ({odd})" if odd else "")


def wrong_line(one: Kept, t: Translate) -> str:
    """What is wrong with a line, and how to write it."""
    why = "; ".join(t(WRONG.get(name, name)) for name in one.line.wrong)
    return t(
        N_("✏ Dòng **{number}** «{text}»: {why}.\n   Gõ: {example}"),
        number=one.number,
        text=as_typed(one.line.text[:80]),
        why=why,
        example=as_typed(example(one, t)),
    )


def example(one: Kept, t: Translate) -> str:
    """The line as it might be written right."""
    line = one.line
    head = line.head or t(N_("Nguyễn Văn A"))
    parts = [
        head + (t(N_(" (biệt danh)")) if "same_name" in line.wrong else ""),
        t(N_("{people} khẩu"), people=line.people if line.people and line.people <= 30 else 4),
        kinds([one for one in line.kinds if one != "emergency"][:1], t) or t(N_("tốc mái")),
    ]
    return f"{one.number}: " + ", ".join(parts)


def understood(t: Translate, added: Added, counts: Mapping[str, int]) -> str:
    """Answer to lines that have just come in."""
    touched = added.touched
    good = [one for one in touched if one.state == LineState.GOOD]
    wrong = [one for one in touched if one.state == LineState.WRONG]
    rows = []
    if good:
        rows.append(t(N_("✅ **Đọc được {count} hộ:**"), count=len(good)))
        rows += [one_line(one, t) for one in good[:SHOWN]]
        if len(good) > SHOWN:
            rows.append(t(N_("… và {count} hộ nữa."), count=len(good) - SHOWN))
            rows.append(totals([one.line for one in good], t))
    if wrong:
        rows.append(t(N_("**{count} dòng cần sửa** (các dòng khác vẫn giữ):"), count=len(wrong)))
        rows += [wrong_line(one, t) for one in wrong[:WRONG_SHOWN]]
        if len(wrong) > WRONG_SHOWN:
            rows.append(
                t(N_("… và {count} dòng nữa. Sửa xong các dòng trên sẽ hiện tiếp."),
                  count=len(wrong) - WRONG_SHOWN)
            )  # fmt: skip
    if added.again:
        rows.append(t(N_("{count} dòng đã có từ trước, không thêm lần nữa."), count=added.again))
    if added.too_many:
        rows.append(
            t(
                N_("{count} dòng sau chưa nhận: mỗi danh sách tối đa {most} hộ. Xin gửi xong rồi "
                   "lập danh sách mới cho phần còn lại."),
                count=added.too_many,
                most=MOST,
            )
        )  # fmt: skip
    if not rows:
        rows.append(
            t(N_("Dạ, chưa thấy hộ nào trong tin này. Mỗi dòng một hộ, ví dụ: "
                 "Nguyễn Văn A, 4 khẩu, tốc mái, hộ nghèo"))
        )  # fmt: skip
    rows.append(standing(t, counts))
    return "\n".join(row for row in rows if row)


def standing(t: Translate, counts: Mapping[str, int]) -> str:
    good = sum(counts.get(one, 0) for one in (LineState.GOOD, LineState.FILED))
    wrong = counts.get(LineState.WRONG, 0)
    if wrong:
        return t(N_("Cả danh sách: **{good} hộ đọc được**, {wrong} dòng cần sửa."),
                 good=good, wrong=wrong)  # fmt: skip
    return t(N_("Cả danh sách: **{good} hộ**."), good=good)


def totals(lines: Sequence[Line], t: Translate) -> str:
    """How many households by what happened, and the people in them."""
    by_kind = Counter(one for line in lines for one in line.kinds)
    parts = [f"{kinds((kind,), t)}: {count}" for kind, count in by_kind.most_common()]
    people = sum(line.people or 0 for line in lines)
    return " · ".join((t(N_("{people} khẩu"), people=people), *parts))


def progress(t: Translate, row: ListRow, counts: Mapping[str, int]) -> str:
    done = counts.get(LineState.FILED, 0) + counts.get(LineState.SAME, 0)
    return t(
        N_("⏳ Danh sách {code}: đã ghi {done}/{all} hộ…"),
        code=row["code"],
        done=done,
        all=done + counts.get(LineState.GOOD, 0),
    )


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
