"""Broadcasts by command and button: writing one, having it approved, steering it while it runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import uuid4

from sqlalchemy import insert, select

from handlers import alertsums, papers
from handlers.broadcasts import card, letter, parts, running
from handlers.broadcasts.letter import EDITABLE, Row
from handlers.desk import Turn
from handlers.dialogue import Values
from handlers.forms import Command, Form
from handlers.i18n import N_, OFFERED, translator
from handlers.messages import Outgoing
from handlers.permissions import WORKERS, Scope, act, role_for
from handlers.render import command_button, fit
from handlers.typed import as_typed
from models import ledger
from models import phone as phones
from models.broadcasts import Broadcast, Fate, State
from models.outbox import Lane
from models.people import Role
from models.text import fold
from models.topics import COMMUNE

LISTED = 8
NAMED = 40  # people in one list
Do = Callable[[Turn, Row, str], Awaitable[None]]


async def guitin(turn: Turn, argument: str) -> None:
    """``/guitin``, ``/guitin 12``, ``/guitin 12 tam``."""
    number, _, rest = argument.strip().lstrip("#").partition(" ")
    if fold(number) in ("moi", "new"):
        await begin(turn)
        return
    if not number.isdecimal() or len(number) > 12:
        await listed(turn)
        return
    row = await letter.find(turn, int(number), lock=True)
    if row is None or role_for(turn, "broadcast_make", Scope(row["commune"])) is None:
        turn.say(turn.t(N_("Dạ, không có tin số {number} trong địa bàn của ông/bà. Xem: /guitin"),
                        number=number))  # fmt: skip
        return
    word, _, more = rest.strip().partition(" ")
    do = ACTIONS.get(fold(word).replace(" ", ""))
    if do is None:
        await parts.show(turn, row)
    elif (needed := word_state(word)) and State(row["state"]) not in needed:
        turn.lead = turn.t(N_("Dạ, lúc này tin không ở bước ấy nữa:"))
        await parts.show(turn, row)
    else:
        await do(turn, row, more.strip())


def word_state(word: str) -> tuple[State, ...]:
    """The states in which an action makes sense; empty: always."""
    if word in ("xem", "thu", "tinhhinh", "sua", "daxem"):
        return ()
    return tuple(state for state, words in card.ACTIONS.items() if word in words)


async def listed(turn: Turn) -> None:
    """What is being made, runs, or ended last."""
    table = letter.TABLE
    query = select(table).order_by(table.c.finished_at.desc().nulls_first(), table.c.id.desc())
    if not any(held.role == Role.PROVINCE for held in turn.held):
        query = query.where(table.c.commune.in_([held.commune for held in turn.held]))
    rows = [dict(row) for row in (await turn.db.execute(query.limit(LISTED))).mappings()]
    t = turn.t
    lines = [t(N_("**Tin gửi cho dân**")), *(card.head(row, t) for row in rows)]
    turn.say(
        "\n".join(lines),
        *(card.door(row, t) for row in rows),
        command_button("guitin", t(N_("✍ Soạn tin mới")), "moi"),
        command_button("lich", t(N_("📅 Lịch"))),
    )


async def begin(turn: Turn) -> None:
    """A new one: the province's for everybody, or a commune's for its own people."""
    province = any(held.role == Role.PROVINCE for held in turn.held)
    fixed = {} if province else {"_topic": COMMUNE}
    turn.open(parts.NEW.name, uuid4(), **fixed)


async def made(turn: Turn, values: Values) -> None:
    held = role_for(turn, "broadcast_make")
    commune = held.commune if held is not None else None
    await act(turn, "broadcast_make", Scope(commune))
    text = str(values["text"])
    found = await turn.db.execute(
        insert(Broadcast)
        .values(
            title=text.replace("**", "").splitlines()[0][:60],
            topic=str(values.get("topic") or values["_topic"]),
            commune=commune,
            content={"text": {"vi": text}, "buttons": ["meet"]},
            audience={},
            made_by=turn.person_id,
            made_at=turn.now,
        )
        .returning(letter.TABLE)
    )
    await parts.show(turn, dict(found.mappings().one()))


async def edit(turn: Turn, row: Row, part: str) -> None:
    t = turn.t
    if State(row["state"]) not in EDITABLE:
        turn.say(t(N_("Dạ, tin này đã được duyệt hoặc đã gửi, không sửa được nữa.")))
        return
    offered = {
        name: label
        for name, label in parts.PARTS.items()
        if row["commune"] is None or name not in parts.OF_PROVINCE
    }
    if part in offered:
        parts.begin(turn, row, part)
        return
    turn.say(
        t(N_("Sửa phần nào của #{id}?"), id=row["id"]),
        *(
            command_button("guitin", t(label), f"{row['id']} sua {name}")
            for name, label in offered.items()
        ),
        command_button("guitin", t(N_("↩ Xong")), str(row["id"])),
    )


async def hour(turn: Turn, row: Row, _: str) -> None:
    parts.begin(turn, row, "due")


def _reader_of(row: Row, turn: Turn) -> str | None:
    """The commune a reader may be from: places are filled in as for somebody there."""
    return turn.commune or next(iter(letter.communes_of(row) or ()), None)


async def preview(turn: Turn, row: Row, _: str) -> None:
    """As each channel shows it, in each language: split and numbered as it will be."""
    numbers = await letter.telephones(turn.db)
    where = _reader_of(row, turn)
    for channel, limits in turn.world.limits.items():
        for locale in OFFERED:
            if locale not in row["content"]["text"]:
                continue
            name = card.CHANNEL.get(channel, channel)
            turn.say(turn.t(N_("👁 {channel}, {locale}:"), channel=name, locale=locale))
            for part in fit(letter.message(row, locale, where, numbers), limits):
                turn.tell(turn.me, part)
    turn.say(turn.t(N_("Hết phần xem trước.")), *card.actions(row, turn.t))


async def try_out(turn: Turn, row: Row, _: str) -> None:
    """To oneself, exactly as a reader gets it."""
    numbers = await letter.telephones(turn.db)
    where = _reader_of(row, turn)
    turn.tell(turn.me, letter.message(row, turn.locale, where, numbers))
    turn.say(turn.t(N_("Đó là tin gửi thử, chỉ mình ông/bà nhận.")),
             *card.actions(row, turn.t))  # fmt: skip


async def propose(turn: Turn, row: Row, _: str) -> None:
    """Ask a second person."""
    await act(turn, "broadcast_make", Scope(row["commune"]), broadcast=row["id"], what="propose")
    row = await letter.change(turn, row, state=State.PROPOSED.value, proposed_by=turn.person_id)
    chats = await running.approvers(turn, row)
    for chat in chats:
        t = translator(chat.locale)
        head = t(N_("📤 **Chờ ông/bà duyệt**"))
        said = f"{head}\n{await card.card(turn, row, t)}"
        turn.tell(chat, Outgoing(said, card.actions(row, t)))
    told = N_("📤 Đã trình #{id}: {count} người có thể duyệt đã được báo.")
    if not chats:
        told = N_(
            "📤 Đã trình #{id}, nhưng chưa có người thứ hai nào trên kênh này để duyệt. Xin mời "
            "thêm: /moi"
        )
    turn.say(turn.t(told, id=row["id"], count=len(chats)))


async def approve(turn: Turn, row: Row, version: str) -> None:
    """The second person: of the very version that was read, and not one of its authors."""
    t = turn.t
    held = role_for(turn, "broadcast_approve", Scope(row["commune"]))
    if version and version != str(row["version"]):
        turn.lead = t(N_("Dạ, tin đã được sửa sau bản ông/bà xem. Đây là bản mới, xin xem lại:"))
        await parts.show(turn, row)
        return
    if held is not None and not card.may_approve(row, held.role, turn.person_id):
        turn.say(t(N_("Dạ, người soạn hoặc trình không tự duyệt được; cần một người khác duyệt.")))
        return
    await act(
        turn,
        "broadcast_approve",
        Scope(row["commune"]),
        broadcast=row["id"],
        version=row["version"],
        digest=letter.digest(row).hex(),
    )
    row = await letter.change(
        turn,
        row,
        state=State.APPROVED.value,
        approved_by=turn.person_id,
        approved_at=turn.now,
        digest=letter.digest(row),
    )
    row = await running.begin_or_wait(turn, row)
    done = t(N_("✅ Đã duyệt. Lời và người nhận không đổi được nữa."))
    turn.say(f"{done}\n{card.head(row, t)}", *card.actions(row, t))
    await _tell_others(turn, row, N_("✅ Đã được duyệt:"))


async def back(turn: Turn, row: Row, _: str) -> None:
    await act(turn, "broadcast_approve", Scope(row["commune"]), broadcast=row["id"], what="back")
    row = await letter.change(turn, row, state=State.DRAFT.value)
    turn.say(turn.t(N_("↩ Đã trả lại để sửa.")))
    await _tell_others(turn, row, N_("↩ Được trả lại để sửa:"))


async def reopen(turn: Turn, row: Row, _: str) -> None:
    """Take an approved or missed one back into writing: it needs a new approval."""
    await act(turn, "broadcast_make", Scope(row["commune"]), broadcast=row["id"], what="reopen")
    passed = row["due_at"] is not None and row["due_at"] <= turn.now
    row = await letter.change(
        turn,
        row,
        state=State.DRAFT.value,
        version=row["version"] + 1,
        approved_by=None,
        approved_at=None,
        digest=None,
        due_at=None if passed else row["due_at"],
    )
    await parts.show(turn, row)


def _steered(state: State, told: str) -> Do:
    async def do(turn: Turn, row: Row, _: str) -> None:
        scope = Scope(row["commune"])
        await act(turn, "broadcast_steer", scope, broadcast=row["id"], what=state.value)
        changed = await letter.change(turn, row, state=state.value)
        t = turn.t
        said, buttons = f"{t(told)}\n{card.head(changed, t)}", card.actions(changed, t)
        if (
            state is State.STOPPED
            and row["commune"] is None
            and await alertsums.called(turn, row["id"])
        ):
            said += "\n" + t(N_("Điểm danh đã mở ở xã nào thì vẫn chạy ở xã ấy."))
            buttons = (*buttons, alertsums.button(row, t))
        turn.say(said, *buttons)
        await _tell_others(turn, changed, told)

    return do


async def cancel(turn: Turn, row: Row, _: str) -> None:
    await act(turn, "broadcast_make", Scope(row["commune"]), broadcast=row["id"], what="cancel")
    row = await letter.change(turn, row, state=State.CANCELLED.value, finished_at=turn.now)
    done = turn.t(N_("✖ Đã huỷ, tin không được gửi."))
    turn.say(f"{done}\n{card.head(row, turn.t)}")
    await _tell_others(turn, row, N_("✖ Đã huỷ:"))


async def looked(turn: Turn, row: Row, _: str) -> None:
    """The second look at an alert that went out on one person's word."""
    t = turn.t
    if turn.person_id == row["made_by"] or not row["alert"]:
        turn.say(t(N_("Dạ, cần một người khác xem lại.")))
        return
    await act(turn, "broadcast_steer", Scope(row["commune"]), broadcast=row["id"], what="looked")
    row = await letter.change(turn, row, looked_by=turn.person_id)
    noted = t(N_("👁 Đã ghi: ông/bà đã xem lại."))
    turn.say(f"{noted}\n{card.head(row, t)}")
    await _tell_others(turn, row, N_("👁 Người thứ hai đã xem lại:"))


async def standing(turn: Turn, row: Row, _: str) -> None:
    turn.say(await card.standing(turn, row, turn.t), *card.actions(row, turn.t))


async def picture(turn: Turn, row: Row, _: str) -> None:
    await papers.order(turn, turn.me, "broadcast_picture", broadcast=row["id"])
    turn.say(turn.t(N_("Dạ, đang vẽ biểu đồ, sẽ gửi tại đây.")))


async def elsewhere(turn: Turn, row: Row, _: str) -> None:
    """Who was not reached: how many in which commune, for them to be told in another way."""
    turn.say(await card.unreached(turn, row, turn.t), *card.actions(row, turn.t))


async def by_name(turn: Turn, argument: str) -> None:
    """``/baocachkhac 12``: people of the commune whom it did not reach, to call or visit."""
    number = argument.strip().lstrip("#")
    held = role_for(turn, "broadcast_make")
    row = await letter.find(turn, int(number)) if number.isdecimal() else None
    if row is None or held is None or held.commune is None:
        await listed(turn)
        return
    await act(turn, "broadcast_make", Scope(held.commune), broadcast=row["id"], what="unreached")
    t = turn.t
    lines = [t(N_("🏠 **Chưa nhận được** «{title}»:"), title=as_typed(row["title"]))]
    people = await ledger.unreached(turn.db, row["id"], held.commune, [*card.UNREACHED], NAMED)
    for fate, private in people:
        name = as_typed(str((private or {}).get("name") or t(N_("(chưa có tên)"))))
        called = (private or {}).get("phone")
        phone = phones.shown(str(called)) if called else t(N_("chưa có số"))
        lines.append(f"• {name}, {phone} – {t(card.FATE[Fate(fate)])}")
    if not people:
        lines.append(t(N_("Không còn ai.")))
    turn.say("\n".join(lines), command_button("guitin", t(N_("📣 Tin gửi cho dân"))))


async def _tell_others(turn: Turn, row: Row, told: str) -> None:
    """The other people concerned hear what was done with it."""
    for chat in await running.watchers(turn, row):
        if chat.person_id != turn.person_id:
            t = translator(chat.locale)
            said = f"{t(told)}\n{card.head(row, t)}"
            turn.tell(chat, Outgoing(said, card.actions(row, t)), Lane.REMINDER)


ACTIONS: dict[str, Do] = {
    "xem": preview,
    "thu": try_out,
    "sua": edit,
    "gio": hour,
    "trinh": propose,
    "duyet": approve,
    "tralai": back,
    "nhap": reopen,
    "huy": cancel,
    "tam": _steered(State.PAUSED, N_("⏸ Đã tạm dừng.")),
    "tiep": _steered(State.RUNNING, N_("▶ Gửi tiếp.")),
    "dung": _steered(State.STOPPED, N_("⏹ Đã dừng hẳn, ai chưa nhận thì không nhận nữa.")),
    "tinhhinh": standing,
    "hinh": picture,
    "tannha": elsewhere,
    "daxem": looked,
}
FORMS = (parts.PART_FORM, Form(parts.NEW, made))
COMMANDS = (
    Command(
        "guitin",
        "broadcast",
        guitin,
        N_("Gửi tin cho nhiều người: soạn, duyệt, theo dõi"),
        WORKERS,
        ("gui tin",),
    ),
    Command(
        "baocachkhac",
        "tellotherwise",
        by_name,
        N_("Ai chưa nhận được một tin"),
        WORKERS,
        shown=False,
    ),
)
