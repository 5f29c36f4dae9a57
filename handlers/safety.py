"""What people answer to a roll-call: by button, in words, unasked, and for another household."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from handlers import casebook, owncase, rollcalls, sayings
from handlers.casebook import CaseRow
from handlers.citizen import report
from handlers.desk import Turn
from handlers.forms import Command
from handlers.i18n import N_
from handlers.menu import life_first
from handlers.messages import Button
from handlers.render import command_button
from handlers.report_questions import FLOW as REPORT
from handlers.rollcalls import Row, Word
from handlers.times import moment
from handlers.understand import Meaning
from handlers.villages import key as village_key
from models.cases import OPEN
from models.hot import opened
from models.rollcalls import How, Safety, SafeWord

REALLY, PRACTISED = "that", "tap"
_OUTRIGHT = re.compile(r"an toan|binh an|binh yen")
_SHORT = {"co", "ok", "oke", "1", "2", "3", "da co", "da ok"}
LABELS = {
    Safety.SAFE: N_("✅ An toàn"),
    Safety.HELP: N_("🆘 Cần giúp"),
    Safety.UNSURE: N_("❔ Chưa biết"),
}
_WHO = r"(?:gia dinh|ca|nha|toi|tui|em|minh|con|chau|chung toi|moi nguoi|deu|van|da|duoc)"
_ADDED = r"(?: (?:roi|ca|het|a|ca nha|nha|nhe|an toan))*"
_ALL_WELL = "an toan|binh an|binh yen|binh thuong|yen tam|khoe|on|khong sao|co|ok|oke|1"
_SPOKEN = (
    (Safety.HELP, "can (?:giup|cuu|ho tro)|giup (?:toi|voi|em)|nguy hiem|2"),
    (Safety.UNSURE, "(?:chua|khong) (?:biet|ro)|3"),
    (Safety.SAFE, _ALL_WELL),
)
_NOT_SAFE = re.compile(
    r"\b(?:khong|chua|mat|het)(?: (?:duoc|thay|cam thay|con|he|phai|co|that|nao))* "
    r"(?:an toan|binh an|binh yen|on(?! dinh))\b(?!.*\b(?:khong|chua)\b)"
)
_NOT_SURE = re.compile(
    r"\b(?:khong|chua) (?:biet|ro|chac|lien lac)\b.*\b(?:an toan|sao|on|the nao)\b"
)


async def safe(turn: Turn, argument: str) -> None:
    """«Tôi an toàn», asked or not."""
    await _say(turn, Safety.SAFE, argument)


async def unsure(turn: Turn, argument: str) -> None:
    await _say(turn, Safety.UNSURE, argument)


async def need_help(turn: Turn, argument: str) -> None:
    """«Cần giúp»: an emergency, unless it is a practice run."""
    await _say(turn, Safety.HELP, argument)


async def heard(turn: Turn, meaning: Meaning, text: str) -> bool:
    """Whether typed words answer a roll-call, or say unasked that all are safe.

    Under a form they only do while a household is asked and has not answered.
    """
    spoken, said = _spoken(text)
    if spoken is None and meaning.label != "safe":
        return False
    answer = spoken or Safety.SAFE
    asked = await rollcalls.asked(turn, turn.person_id)
    says_it = (
        (meaning.label == "safe" and spoken is not Safety.UNSURE)
        or (spoken is Safety.SAFE and _OUTRIGHT.search(said))
        or (spoken is Safety.HELP and _NOT_SAFE.search(said))
    )
    waits = any(row["answer"] is None for row in asked)
    if turn.flow is not None and not waits:
        return False
    if not says_it and (not asked or (said in _SHORT and not waits)):
        return False  # «ok», «2» without a question mean something else
    await _record(turn, answer, asked)
    return True


def _spoken(text: str) -> tuple[Safety | None, str]:
    """Which answer the words are, and the words; «chưa an toàn» is none of «an toàn»."""
    said = sayings.folded(text)
    if _NOT_SURE.search(said):
        return Safety.UNSURE, said
    if _NOT_SAFE.search(said):
        return Safety.HELP, said
    for reading in (said, sayings.bare(text)):
        for answer, pattern in _SPOKEN:
            if re.fullmatch(rf"(?:{_WHO} )*(?:{pattern}){_ADDED}", reading):
                return answer, said
    return None, said


async def _say(turn: Turn, said: Safety, argument: str) -> None:
    word, _, rest = argument.strip().partition(" ")
    named = int(word[1:]) if word[:1] == "r" and word[1:].isdecimal() else None
    asked = await rollcalls.asked(turn, turn.person_id, named)
    if asked and asked[0]["practice"] and said is Safety.HELP and rest == REALLY:
        await _emergency(turn, None)
        return
    await _record(turn, said, asked, settled=rest == PRACTISED)


async def _record(turn: Turn, said: Safety, asked: list[Row], *, settled: bool = False) -> None:
    """Write an answer down and say what follows from it."""
    if said is Safety.HELP:
        await _help(turn, asked, settled=settled)
        return
    how = How.ASKED if asked else How.UNASKED
    if not asked:
        asked = await _unasked(turn) if said is Safety.SAFE else []
    t = turn.t
    word = Word(said, how, turn.person_id)
    taken = [await rollcalls.answer(turn, row["unit_id"], word) for row in asked]
    if asked and not any(taken):
        turn.say(
            t(
                N_(
                    "Dạ, người khác trong nhà đã báo **cần giúp** nên chưa đổi. Nếu đã ổn, xin "
                    "nói với trưởng thôn hoặc cán bộ."
                )
            ),
            command_button("gapcanbo", t(N_("👤 Gặp cán bộ"))),
        )
        return
    practice = bool(asked) and asked[0]["practice"]
    drill = t(N_("🧪 (Thực tập) ")) if practice else ""
    if said is Safety.UNSURE:
        turn.say(
            drill
            + t(
                N_(
                    "Dạ, đã ghi **chưa biết**. Trưởng thôn sẽ hỏi thăm. Khi biết, xin bấm lại; "
                    "nguy hiểm tính mạng thì gọi ngay 112."
                )
            ),
            *_again(turn, asked),
        )
        return
    at = moment(turn.now, t)
    told = N_(
        "✅ Dạ, đã ghi **gia đình mình an toàn** lúc {at}. Trưởng thôn và UBND xã thấy được."
    )
    if not asked:
        told = N_(
            "✅ Dạ, mừng gia đình mình an toàn. Đã ghi lúc {at}; xã điểm danh thì được tính ngay."
        )
    rows = [drill + t(told, at=at)]
    buttons = list(_again(turn, asked))
    if asked and not practice:
        buttons.insert(0, command_button("hokhac", t(N_("🏠 Báo cho hộ khác"))))
    for case in await owncase.open_ones(turn):
        if case["urgency"] == "sos":
            open_ = N_("Hồ sơ khẩn {code} của ông/bà vẫn mở; không cần nữa thì bấm rút.")
            rows.append(t(open_, code=case["code"]))
            buttons.append(command_button("rut", t(N_("Rút hồ sơ")), case["code"]))
    turn.say("\n".join(rows), *buttons)


def _again(turn: Turn, asked: list[Row]) -> tuple[Button, ...]:
    """Things change in a storm: the other answers stay within reach."""
    name = f"r{asked[0]['rollcall_id']}" if asked else ""
    return (command_button("cangiup", turn.t(LABELS[Safety.HELP]), name),)


async def _unasked(turn: Turn) -> list[Row]:
    """«Tôi an toàn» of somebody who was not asked: counted in the roll-call of their village."""
    await turn.db.execute(
        insert(SafeWord)
        .values(person_id=turn.person_id, at=turn.now)
        .on_conflict_do_update(index_elements=["person_id"], set_={"at": turn.now})
    )
    private = opened(turn.private) or {}
    village = private.get("village")
    if turn.commune is None or village is None:
        return []
    running = await turn.db.execute(
        select(rollcalls.CALLS)
        .where(
            rollcalls.RUNNING,
            rollcalls.CALLS.c.commune == turn.commune,
            ~rollcalls.CALLS.c.practice,
            ~rollcalls.CALLS.c.at_risk_only,
            rollcalls.CALLS.c.made_at.is_not(None),
        )
        .with_for_update()
    )
    found = []
    for call in running.mappings():
        called = {village_key(one) for one in call["villages"]}
        if called and village_key(village) not in called:
            continue
        unit = {"village": village, "private": {"head": str(private.get("name") or "")}}
        found.append(await rollcalls.add(turn, dict(call), unit, turn.chat_id))
    return found


async def _help(turn: Turn, asked: list[Row], *, settled: bool) -> None:
    t = turn.t
    if asked and asked[0]["practice"]:
        for row in asked:
            word = Word(Safety.HELP, How.ASKED, turn.person_id)
            await rollcalls.answer(turn, row["unit_id"], word)
        name = f"r{asked[0]['rollcall_id']}"
        if settled:
            turn.say(t(N_("🧪 Dạ, cảm ơn ông/bà đã thực tập. Không có hồ sơ nào được mở.")))
            return
        turn.say(
            t(
                N_(
                    "🧪 Đây là **thực tập**: đã ghi «cần giúp», chưa báo ai. Ông/bà có đang cần "
                    "giúp **thật** không? Nguy hiểm tính mạng: gọi ngay 112."
                )
            ),
            command_button("cangiup", t(N_("🆘 Cần giúp THẬT")), f"{name} {REALLY}"),
            command_button("cangiup", t(N_("🧪 Chỉ thực tập")), f"{name} {PRACTISED}"),
        )
        return
    first: Row | None = asked[0] if asked else None
    case: CaseRow | None = None
    if first is not None and first["case_id"]:
        case = await casebook.by_id(turn, first["case_id"])
    if case is not None and case["status"] in OPEN:
        turn.lead = life_first(t)
        turn.say(
            t(
                N_("Dạ, nhà mình đã có hồ sơ khẩn **{code}**, cán bộ đang giải quyết."),
                code=case["code"],
            ),
            command_button("them", t(N_("📎 Bổ sung")), case["code"]),
            command_button("xem", t(N_("📂 Xem hồ sơ")), case["code"]),
        )
        return
    await _emergency(turn, first)


async def _emergency(turn: Turn, row: Row | None) -> None:
    """Open the shortest report with what the roll-call knows; it is filed at once."""
    if turn.flow == REPORT.name:
        await report.sos(turn, "")
    else:
        turn.lead = life_first(turn.t)
        known = {"kinds": "emergency", "danger": "yes"}
        if row is not None:
            known |= {"commune": row["commune"], "village": row["village"]}
            facts = row["private"] or {}
            known |= {name: str(facts[name]) for name in ("address",) if facts.get(name)}
        await report.begin(turn, known=known)
    code = turn.draft.get("_case")
    if row is not None and code:
        case = await casebook.by_code(turn, str(code))
        word = Word(Safety.HELP, How.ASKED, turn.person_id, case["id"] if case else None)
        await rollcalls.answer(turn, row["unit_id"], word)
    turn.asks = True


COMMANDS = (
    Command(
        "antoan", "safe", safe, N_("Báo gia đình tôi an toàn"),
        words=("toi an toan", "gia dinh toi an toan", "nha toi an toan", "ca nha an toan"),
    ),
    Command("cangiup", "needhelp", need_help, N_("Gia đình tôi cần giúp"), shown=False),
    Command("chuabiet", "notsure", unsure, N_("Chưa biết có an toàn không"), shown=False),
)  # fmt: skip
