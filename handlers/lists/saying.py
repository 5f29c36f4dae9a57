"""What is said about lists: line by line to who sent them, as one card to the commune."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from handlers import cards
from handlers.i18n import N_, Translate
from handlers.lists import damage
from handlers.lists.adding import MOST, Added, Unread
from handlers.lists.book import Kept, ListRow
from handlers.lists.line import Line
from handlers.typed import as_typed
from handlers.vocabulary import KIND
from models import phone
from models.lists import LineState

SHOWN = 12  # good lines shown one by one; more are counted
WRONG_SHOWN = 15

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
        _happened(line, t),
        t(cards.POVERTY[line.poverty]) if line.poverty in {"poor", "near_poor"} else "",
        cards.vulnerable(line.vulnerable, t),
        phone.shown(line.phone) if line.phone else "",
        as_typed(line.address),
    ]
    told = " – ".join(part for part in parts if part)
    odd = "; ".join(t(ODD[name]) for name in line.odd if name in ODD)
    return f"{one.number}. {told}" + (f" ({odd})" if odd else "")


def _happened(line: Line, t: Translate) -> str:
    """The kinds of damage, and in its own words what has none: «ngập sâu»."""
    named = [one for one in line.kinds if one != "other"]
    own = damage.own_words(line.text)
    if not own:
        return kinds(line.kinds, t)
    return ", ".join(part for part in (kinds(named, t), as_typed(", ".join(own))) if part)


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
        if unsaid := [str(one.number) for one in good if one.line.people is None]:
            rows.append(t(N_("Chưa rõ số người: dòng {numbers}."), numbers=", ".join(unsaid)))
    if wrong:
        rows.append(t(N_("**{count} dòng cần sửa** (các dòng khác vẫn giữ):"), count=len(wrong)))
        rows += [wrong_line(one, t) for one in wrong[:WRONG_SHOWN]]
        if len(wrong) > WRONG_SHOWN:
            rows.append(
                t(N_("… và {count} dòng nữa. Sửa xong các dòng trên sẽ hiện tiếp."),
                  count=len(wrong) - WRONG_SHOWN)
            )  # fmt: skip
    rows += [_unread(one, t) for one in added.unread[:WRONG_SHOWN]]
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


def _unread(one: Unread, t: Translate) -> str:
    """A correction that changed nothing, and why."""
    why = "; ".join(t(WRONG[name]) for name in one.wrong if name in WRONG)
    told = N_("Dòng {number} giữ nguyên, chưa hiểu «{text}». Ví dụ: {number}: 4 khẩu")
    if why:
        told = N_("Dòng {number} giữ nguyên vì «{text}»: {why}.")
    return t(told, number=one.number, text=as_typed(one.text[:80]), why=why)


def not_sent(t: Translate, kept: Sequence[Kept]) -> str:
    """Before a list goes off: which of its lines would stay behind."""
    wrong = [one for one in kept if one.state == LineState.WRONG]
    good = sum(one.state in {LineState.GOOD, LineState.FILED} for one in kept)
    rows = [
        t(
            N_("⚠ **{wrong} dòng chưa gửi được** (vẫn giữ để sửa); {good} hộ đọc được. Gửi luôn?"),
            wrong=len(wrong),
            good=good,
        )
    ]
    rows += [wrong_line(one, t) for one in wrong[:WRONG_SHOWN]]
    return "\n".join(rows)


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
