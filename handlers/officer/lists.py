"""A whole list at once: taken, or confirmed with exceptions, by the commune."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from handlers import listwork, papers, sayings
from handlers.answers import plain, words
from handlers.desk import Turn
from handlers.dialogue import BadAnswer, Choice, Flow, Question, Values
from handlers.forms import Command, Form
from handlers.i18n import N_, translator
from handlers.lists import book
from handlers.lists.book import ListRow
from handlers.listwork import NOBODY
from handlers.messages import Outgoing
from handlers.permissions import WORKERS, Scope, act, role_for
from handlers.render import command_button
from handlers.typed import as_typed
from models import codes

WHOM = N_("Dạ, xin gõ số dòng hoặc mã hồ sơ cần trừ ra, ví dụ: 3, 7. Không trừ thì bấm nút.")


def exceptions(text: str) -> str:
    """Read whom a decision leaves out: numbers of lines and codes, stored as «3,QN-7K3M-9»."""
    if (
        text.strip() == NOBODY
        or sayings.nothing(text)
        or plain(text) in {"tat ca", "khong tru ai"}
    ):
        return NOBODY
    found = []
    for part in re.split(r"[,;]\s*|\s+(?:và|va)\s+|\s+(?=\d{1,3}\b)", text.strip()):
        code = codes.find(part)
        number = re.fullmatch(r"(?:trừ|tru|dòng|dong|hộ|ho|số|so|\s)*(\d{1,3})", part.lower())
        if code is not None and code.code:
            found.append(code.code)
        elif number:
            found.append(number[1])
        elif plain(part) not in {"tru", "dong", "so", "ho", "tru ho", "tru dong", ""}:
            raise BadAnswer(WHOM)
    if not found:
        raise BadAnswer(WHOM)
    return ",".join(dict.fromkeys(found))


FLOW = Flow(
    "confirm_list",
    (
        Question(
            "but",
            N_("Trừ hộ nào ra không? (gõ số dòng hoặc mã, ví dụ: 3, 7)"),
            exceptions,
            choices=lambda _: (Choice(NOBODY, N_("Không trừ hộ nào")),),
        ),
        Question(
            "text",
            N_("Quyết định gì, theo điều nào? (các hộ trong danh sách được báo như nhau)"),
            words,
        ),
    ),
)


async def _found(turn: Turn, argument: str, *, lock: bool = False) -> ListRow | None:
    """The list of a code, if it is of this person's commune."""
    code = book.code_in(argument)
    row = await book.by_code(turn, code, lock=lock) if code else None
    if row is None or role_for(turn, "confirm", Scope(row["commune"])) is None:
        turn.say(turn.t(N_("Dạ, không có danh sách này trong địa bàn của ông/bà.")))
        return None
    return row


async def take(turn: Turn, argument: str) -> None:
    """Take every case of a list that nobody has taken yet; its sender hears it once."""
    row = await _found(turn, argument, lock=True)
    if row is None:
        return
    cases = await listwork.open_cases(turn, row, NOBODY, new=True)
    t = turn.t
    if not cases:
        turn.say(t(N_("Dạ, danh sách {code} không còn hộ nào chờ nhận."), code=row["code"]))
        return
    taken = [case["code"] for case in cases]
    await act(turn, "take", Scope(row["commune"]), list=row["code"], cases=taken)
    for case in cases:
        await listwork.take(turn, case)
    chat = await turn.chat(row["conversation_id"])
    told = N_("👤 Cán bộ đã tiếp nhận {count} hộ của danh sách {code}.")
    text = translator(chat.locale)(told, count=len(cases), code=row["code"])
    turn.tell(chat, Outgoing(text))
    turn.say(
        t(
            N_("✋ Ông/bà đã nhận {count} hộ của danh sách {code}."),
            count=len(cases),
            code=row["code"],
        ),
        command_button("xacnhands", t(N_("✅ Xác nhận cả danh sách")), row["code"]),
        command_button("danhsach", t(N_("📋 Xem từng hộ")), row["code"]),
    )


async def confirm(turn: Turn, argument: str) -> None:
    row = await _found(turn, argument)
    if row is not None:
        turn.open(FLOW.name, uuid4(), _list=row["code"], _village=row["village"])


def about(turn: Turn, values: Values) -> str:
    return turn.t(
        N_("Danh sách **{code}** – {village}"),
        code=values["_list"],
        village=as_typed(str(values["_village"])),
    )


async def confirmed(turn: Turn, values: Values) -> None:
    """Confirm every open case of a list but the exceptions; a moment to take it back."""
    row = await _found(turn, str(values["_list"]), lock=True)
    if row is None:
        return
    but = str(values["but"])
    cases = await listwork.open_cases(turn, row, but)
    t = turn.t
    if not cases:
        turn.say(t(N_("Dạ, danh sách {code} không còn hộ nào chờ xác nhận."), code=row["code"]))
        return
    if row["deciding"] is not None:
        turn.say(t(N_("Dạ, danh sách {code} đang được xác nhận rồi."), code=row["code"]))
        return
    chosen = [case["code"] for case in cases]
    await act(turn, "confirm", Scope(row["commune"]), list=row["code"], cases=chosen, but=but)
    await listwork.start(turn, row, but, str(values["text"]))
    turn.say(
        t(
            N_("⏳ Đang xác nhận {count} hộ của danh sách {code}…"),
            count=len(cases),
            code=row["code"],
        )
    )


async def take_back(turn: Turn, argument: str) -> None:
    """Undo a confirmation of a whole list while nobody has read it."""
    t = turn.t
    batch = re.fullmatch(r"[0-9a-f]{32}", argument.strip())
    back = await listwork.take_back(turn, UUID(batch[0])) if batch else []
    if not back:
        turn.say(t(N_("Dạ, quyết định này đã được báo cho người dân, không rút lại được nữa.")))
        return
    taken = [case["code"] for case in back]
    await act(turn, "take_back", Scope(back[0]["commune"]), cases=taken)
    turn.say(t(N_("⏪ Đã rút lại: {count} hộ trở về đang giải quyết."), count=len(back)))


async def paper(turn: Turn, argument: str) -> None:
    """``/bangke DS-7K3M-9 excel``, ``/bangke Phước Thiện``: the list as a document to sign."""
    t = turn.t
    form = "xlsx" if re.search(r"\b(?:xlsx|excel)\b", argument.lower()) else "docx"
    if not argument.strip():
        await _which_paper(turn)
        return
    facts: dict[str, str] = {"format": form}
    if book.code_in(argument):
        row = await _found(turn, argument)
        if row is None:
            return
        facts |= {"commune": row["commune"], "list": row["id"].hex}
    else:
        held = next((one for one in turn.held if one.role in WORKERS and one.commune), None)
        if held is None or held.commune is None:
            turn.say(t(N_("Dạ, bảng kê có họ tên nên chỉ cán bộ của xã lập được.")))
            return
        facts["commune"] = held.commune
        words_ = re.sub(r"\b(?:xlsx|excel|docx|word)\b", "", argument, flags=re.IGNORECASE).strip()
        if plain(words_) not in {"", "ca xa", "xa", "phuong"}:
            facts["village"] = words_
    await act(
        turn, "document", Scope(facts["commune"], facts.get("village")), list=facts.get("list", "")
    )
    await papers.order(turn, turn.me, "list_paper", **facts)
    turn.say(t(N_("📄 Đang lập bảng kê, sẽ gửi vào đây ngay.")))


async def _which_paper(turn: Turn) -> None:
    held = next((one for one in turn.held if one.role in WORKERS and one.commune), None)
    lists = await book.of_commune(turn, held.commune, 5) if held and held.commune else []
    t = turn.t
    turn.say(
        t(N_("Lập bảng kê của danh sách nào, hay cả xã 30 ngày qua? Gõ tên thôn cũng được.")),
        *(
            command_button("bangke", f"{one['code']} – {one['village']}", f"{one['code']} docx")
            for one in lists
        ),
        command_button("bangke", t(N_("Cả xã (Word)")), "cả xã docx"),
        command_button("bangke", t(N_("Cả xã (Excel)")), "cả xã excel"),
    )


FORMS = (Form(FLOW, confirmed, said=about),)
COMMANDS = (
    Command("nhands", "takelist", take, N_("Nhận cả danh sách hộ"), WORKERS, shown=False),
    Command("xacnhands", "confirmlist", confirm, N_("Xác nhận cả danh sách, trừ vài hộ"), WORKERS),
    Command("bangke", "listpaper", paper, N_("Bảng kê hộ để ký (Word, Excel)"), WORKERS),
    Command("rutlaids", "undolist", take_back, N_("Rút lại"), WORKERS, shown=False),
)
