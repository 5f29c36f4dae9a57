"""A broadcast as staff see it: its words, its audience, who can be reached, what can be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handlers.broadcasts import letter
from handlers.broadcasts.letter import Row
from handlers.cards import commune_name
from handlers.desk import Desk
from handlers.i18n import N_, Translate
from handlers.messages import Button
from handlers.render import command_button
from handlers.times import moment
from handlers.typed import as_typed
from handlers.vocabulary import ROLE
from models import audiences, ledger
from models.audiences import CITIZEN
from models.broadcasts import Fate, State
from models.people import Role
from models.topics import areas

STATE = {
    State.DRAFT: N_("bản nháp"),
    State.PROPOSED: N_("chờ người thứ hai duyệt"),
    State.APPROVED: N_("đã duyệt, chờ giờ gửi"),
    State.RUNNING: N_("đang gửi"),
    State.PAUSED: N_("tạm dừng"),
    State.DONE: N_("đã gửi xong"),
    State.STOPPED: N_("đã dừng hẳn"),
    State.CANCELLED: N_("đã huỷ"),
    State.MISSED: N_("lỡ giờ, chưa gửi"),
}
FATE = {
    Fate.WAITING: N_("chờ gửi"),
    Fate.QUEUED: N_("đang đi"),
    Fate.SENT: N_("đã gửi"),
    Fate.DELIVERED: N_("đã tới máy"),
    Fate.SEEN: N_("đã xem"),
    Fate.MAILBOX: N_("chờ người dân nhắn lại (Zalo)"),
    Fate.BLOCKED: N_("đã chặn hoặc bỏ kênh"),
    Fate.FAILED: N_("lỗi"),
    Fate.OPTED_OUT: N_("đã ngừng nhận chủ đề này"),
    Fate.STOPPED: N_("chưa gửi khi dừng"),
}
CHANNEL = {"telegram": "Telegram", "zalo": "Zalo", "webchat": "web"}
LOCALES = {"vi": N_("tiếng Việt"), "en": N_("tiếng Anh")}
PEOPLE = {CITIZEN: N_("người dân"), **{role.value: label for role, label in ROLE.items()}}
TITLE = 24  # letters of a title on a button
NAMED = 6  # communes named one by one in a card; more are counted
ACTIONS = {
    State.DRAFT: ("xem", "thu", "sua", "gio", "trinh", "huy"),
    State.PROPOSED: ("xem", "duyet", "tralai", "huy"),
    State.APPROVED: ("xem", "gio", "nhap", "huy"),
    State.RUNNING: ("tam", "dung", "tinhhinh"),
    State.PAUSED: ("tiep", "dung", "tinhhinh"),
    State.DONE: ("tinhhinh", "hinh", "tannha"),
    State.STOPPED: ("tinhhinh", "hinh", "tannha"),
    State.MISSED: ("nhap", "huy"),
}
LABELS = {
    "xem": N_("👁 Xem trước"),
    "thu": N_("📲 Gửi thử cho tôi"),
    "sua": N_("✏ Sửa"),
    "gio": N_("🕒 Giờ gửi"),
    "trinh": N_("📤 Trình duyệt"),
    "duyet": N_("✅ Duyệt"),
    "tralai": N_("↩ Trả lại"),
    "nhap": N_("✏ Mở lại để sửa"),
    "huy": N_("✖ Huỷ tin này"),
    "tam": N_("⏸ Tạm dừng"),
    "tiep": N_("▶ Gửi tiếp"),
    "dung": N_("⏹ Dừng hẳn"),
    "tinhhinh": N_("📊 Tình hình"),
    "hinh": N_("🖼 Biểu đồ"),
    "tannha": N_("🏠 Cần báo cách khác"),
    "daxem": N_("👁 Đã xem lại, đúng"),
}


def head(row: Row, t: Translate) -> str:
    mark = "🚨" if row["alert"] else "📣"
    state = t(STATE[State(row["state"])])
    return f"{mark} **#{row['id']} {letter.in_words(as_typed(row['title']), t)}** – {state}"


def door(row: Row, t: Translate) -> Button:
    """The button that opens a broadcast."""
    title = letter.in_words(str(row["title"]).replace("**", ""), t)
    short = title if len(title) <= TITLE else title[:TITLE].rsplit(" ", 1)[0] + "…"
    return command_button("guitin", f"#{row['id']} {short}", str(row["id"]))


def actions(row: Row, t: Translate) -> tuple[Button, ...]:
    state = State(row["state"])
    return tuple(
        command_button(
            "guitin",
            t(LABELS[one]),
            f"{row['id']} {one} {row['version']}" if one == "duyet" else f"{row['id']} {one}",
        )
        for one in ACTIONS.get(state, ())
    )


def second_look(row: Row, t: Translate) -> tuple[Button, ...]:
    """What whoever looks at an alert after it went out can do."""
    looked = command_button("guitin", t(LABELS["daxem"]), f"{row['id']} daxem")
    return (looked, *actions(row, t))


async def card(desk: Desk, row: Row, t: Translate) -> str:
    """Everything somebody must know before it goes out."""
    owner = commune_name(row["commune"], t) if row["commune"] else t(N_("tỉnh"))
    due = moment(row["due_at"], t) if row["due_at"] else t(N_("ngay khi được duyệt"))
    lines = [
        head(row, t),
        t(N_("Của: {owner} · Chủ đề: {topic}"), owner=owner, topic=letter.about(row, "vi")),
        t(N_("Gửi cho: {audience}"), audience="; ".join(audience(row, t))),
        t(N_("Giờ gửi: {due}"), due=due),
        *await reach(desk, row, t),
        "—",
        letter.in_words(row["content"]["text"].get("vi", ""), t),
    ]
    if row["content"].get("link"):
        lines.append(f"🔗 {row['content']['link']}")
    if row["content"].get("media"):
        lines.append(t(N_("(kèm {count} ảnh)"), count=len(row["content"]["media"])))
    if not row["content"]["text"].get("en"):
        lines.append(t(N_("(chưa có bản tiếng Anh: ai dùng tiếng Anh nhận bản tiếng Việt)")))
    return "\n".join(lines)


def audience(row: Row, t: Translate) -> Iterator[str]:
    """The audience in words."""
    kept = row["audience"]
    communes = letter.communes_of(row)
    if communes is None:
        yield t(N_("toàn tỉnh"))
    elif len(communes) <= NAMED:
        yield ", ".join(commune_name(one, t) for one in communes) or t(N_("không xã nào"))
    else:
        yield t(N_("{count} xã, phường"), count=len(communes))
    for area in kept.get("areas") or ():
        found = areas()[area]
        incomplete = "" if found.complete else t(N_(" (danh sách chưa đủ)"))
        yield f"{found.vi}{incomplete}"
    if roles := kept.get("roles"):
        yield ", ".join(t(PEOPLE[role]) for role in roles)
    if locales := kept.get("locales"):
        yield ", ".join(t(LOCALES[one]) for one in locales)
    if kept.get("subscribers"):
        yield t(N_("chỉ người đã đăng ký chủ đề"))
    if excluded := kept.get("except"):
        yield t(N_("trừ {names}"), names=", ".join(commune_name(one, t) for one in excluded))


async def reach(desk: Desk, row: Row, t: Translate) -> list[str]:
    """How many will be reached by channel, how many will not and why."""
    rows = await desk.db.execute(audiences.count(letter.audience_of(row)))
    waiting: dict[str, int] = {}
    others: dict[str, int] = {}
    for one in rows:
        into, key = (waiting, one.channel) if one.fate == Fate.WAITING else (others, one.fate)
        into[key] = into.get(key, 0) + one.chats
    by_channel = ", ".join(f"{CHANNEL.get(name, name)} {many}" for name, many in waiting.items())
    lines = [
        t(
            N_("Sẽ tới: **{total}** người{channels}"),
            total=sum(waiting.values()),
            channels=f" ({by_channel})" if by_channel else "",
        )
    ]
    if others:
        lines.append(t(N_("Không tới được: {why}"), why=_fates(others, t)))
    return lines


def _fates(counted: Mapping[str, int], t: Translate) -> str:
    return ", ".join(f"{t(FATE[Fate(fate)])} {many}" for fate, many in counted.items())


async def standing(desk: Desk, row: Row, t: Translate) -> str:
    """How far it is, or how it ended."""
    await ledger.settle(desk.db, desk.now, row["id"])
    totals: dict[str, int] = {}
    for (_, _, fate), many in (await ledger.counts(desk.db, row["id"])).items():
        totals[fate] = totals.get(fate, 0) + many
    everybody = sum(totals.values())
    reached = sum(totals.get(one.value, 0) for one in (Fate.SENT, Fate.DELIVERED, Fate.SEEN))
    moving = sum(totals.get(one.value, 0) for one in (Fate.WAITING, Fate.QUEUED))
    bar = _bar(everybody - moving, everybody)
    lines = [
        head(row, t),
        t(
            N_("{bar} đã gửi **{reached}** / {everybody}"),
            bar=bar, reached=reached, everybody=everybody,
        ),
    ]  # fmt: skip
    lines += [
        f"• {t(FATE[fate])}: {totals[fate.value]}"
        for fate in Fate
        if totals.get(fate.value) and fate != Fate.SENT
    ]
    if row["state"] == State.RUNNING and row["expanded_at"] is None:
        lines.append(t(N_("(đang lập danh sách người nhận)")))
    return "\n".join(lines)


def _bar(done: int, all_of_them: int) -> str:
    full = 10 * done // all_of_them if all_of_them else 0
    return "▓" * full + "░" * (10 - full)


def may_approve(row: Row, held_role: str, person: object) -> bool:
    """Four eyes: whoever wrote or proposed it does not approve it."""
    return person not in (row["made_by"], row["proposed_by"]) and held_role in (
        Role.LEADER,
        Role.PROVINCE,
    )


async def unreached(desk: Desk, row: Row, t: Translate) -> str:
    """Those who must be told in another way, by commune and why."""
    await ledger.settle(desk.db, desk.now, row["id"])
    left: dict[str, dict[str, int]] = {}
    for (_, commune, fate), many in (await ledger.counts(desk.db, row["id"])).items():
        if fate in UNREACHED:
            why = left.setdefault(commune or "", {})
            why[fate] = why.get(fate, 0) + many
    if not left:
        return t(N_("Mọi người nhận đều đã được gửi tin."))
    lines = [t(N_("🏠 **Cần báo cách khác** (gọi điện, loa, trưởng thôn):"))]
    ranked = sorted(left.items(), key=lambda one: -sum(one[1].values()))
    for commune, why in ranked[:LINES]:
        lines.append(f"• {commune_name(commune, t)}: {sum(why.values())} ({_fates(why, t)})")
    if len(ranked) > LINES:
        lines.append(t(N_("… và {count} xã nữa"), count=len(ranked) - LINES))
    return "\n".join(lines)


LINES = 25
UNREACHED = {Fate.BLOCKED, Fate.FAILED, Fate.MAILBOX, Fate.STOPPED}
