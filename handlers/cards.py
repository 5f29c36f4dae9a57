"""How a case reads: for the citizen, for staff, in one line of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from handlers.desk import HERE, Desk
from handlers.i18n import N_, Translate
from handlers.times import day, left, moment
from handlers.typed import as_typed
from handlers.vocabulary import CAUSES, CHECKS, EVENTS, KIND, MARK, STATUS, VULNERABLE
from models import phone, places
from models.benefits.emergency import emergency_support
from models.cases import OPEN, Check, Status

CAUSE = {choice.id: choice.label for choice in CAUSES}
GROUP = {choice.id: choice.label for choice in VULNERABLE}
POVERTY = {
    "poor": N_("hộ nghèo"),
    "near_poor": N_("hộ cận nghèo"),
    "neither": N_("không thuộc hộ nghèo, cận nghèo"),
    "unknown": N_("chưa rõ"),
}
WHOSE = {
    "own": N_("hộ của người báo tin"),
    "neighbour": N_("hàng xóm"),
    "other": N_("người khác"),
}


def commune_name(code: str, t: Translate) -> str:
    commune = places.COMMUNES.get(code)
    return commune.name if commune else t(N_("(chưa rõ xã)"))


def office(code: str, t: Translate) -> str:
    """``UBND xã Đông Sơn``: the name inside a sentence."""
    name = commune_name(code, t)
    return t(N_("UBND {commune}"), commune=name[:1].lower() + name[1:])


def is_question(case: Mapping[str, Any]) -> bool:
    """Whether somebody only asks an officer: it is answered, neither confirmed nor declined."""
    return bool((case.get("details") or {}).get("question"))


def status(case: Mapping[str, Any], t: Translate) -> str:
    if case["status"] in {Status.CONFIRMED, Status.DECLINED} and is_question(case):
        return t(N_("đã trả lời"))
    return t(STATUS[Status(case["status"])])


def kinds(case: Mapping[str, Any], t: Translate) -> str:
    if is_question(case):
        return t(N_("câu hỏi gửi cán bộ"))
    return ", ".join(t(KIND.get(kind, kind)) for kind in case["kinds"])


def due(case: Mapping[str, Any]) -> datetime:
    """The clock that runs now: taking while it is new, answering afterwards."""
    now: datetime = case["take_due_at" if case["status"] == Status.NEW else "answer_due_at"]
    return now


def line(case: Mapping[str, Any], desk: Desk, t: Translate) -> str:
    """One case in a list: no names, no numbers."""
    where = as_typed(case["village"] or "") or commune_name(case["commune"], t)
    if case["status"] not in OPEN:
        state = status(case, t)
    elif case["waiting_since"]:
        state = t(N_("⏸ chờ người dân trả lời"))
    else:
        at = due(case)
        state = f"⏰ {left(at, desk.now, t)}" if at < desk.now else left(at, desk.now, t)
    mark = MARK.get(case["urgency"], "") if case["status"] in OPEN else "▫️"
    return f"{mark} **{case['code']}** – {kinds(case, t)} – {where} – {state}"


def vulnerable(value: str, t: Translate) -> str:
    """``children=2,elderly=1`` in words."""
    parts = [part.partition("=") for part in value.split(",") if part]
    return ", ".join(
        f"{number or 1} {t(GROUP[name]).lower()}" for name, _, number in parts if name in GROUP
    )


def facts(case: Mapping[str, Any], t: Translate) -> list[str]:
    """The details of a report, a line each."""
    known = case["details"] or {}
    happened = known.get("happened")
    rows = [
        (N_("Nguyên nhân"), t(CAUSE[known["cause"]]) if known.get("cause") in CAUSE else ""),
        (N_("Xảy ra"), day(date.fromisoformat(happened), t) if happened else ""),
        (N_("Thôn, tổ dân phố"), as_typed(case["village"] or "")),
        (N_("Địa chỉ, mốc dễ tìm"), as_typed(str(known.get("address", "")))),
        (N_("Của ai"), t(WHOSE.get(known.get("whose", ""), ""))),
        (N_("Chủ hộ"), as_typed(str(known.get("head", "")))),
        (N_("Số người"), str(known.get("people", ""))),
        (N_("Trong đó"), vulnerable(str(known.get("vulnerable", "")), t)),
        (N_("Hộ"), t(POVERTY.get(known.get("poverty", ""), ""))),
        (N_("Điện thoại"), phone.shown(known["phone"]) if known.get("phone") else ""),
    ]
    rows += [
        (N_("Người đề nghị hưởng"), as_typed(str(known.get("name", "")))),
        (N_("Đề nghị"), "; ".join(known.get("request", ()))),
        (N_("Điều đã kể"), as_typed("; ".join(known.get("told", ())))),
    ]
    said = [f"«{as_typed(words)}»" for words in known.get("words", ())]
    return [f"{t(name)}: {value}" for name, value in rows if value] + (
        [t(N_("Lời kể:")) + " " + " ".join(said)] if said else []
    )


def support(case: Mapping[str, Any], t: Translate) -> list[str]:
    """What the household may be considered for, with the article; the officer decides."""
    details = case["details"] or {}
    poverty = details.get("poverty")
    found = emergency_support(
        case["kinds"],
        case["opened_at"].astimezone(HERE).date(),
        persons=details.get("people"),
        poverty=poverty if poverty in ("poor", "near_poor", "neither") else None,
        cause=details.get("cause"),
    )
    if not found:
        return []
    rows = [f"• {one.wording} – {one.article}" for one in found]
    return [t(N_("Có thể được xem xét (cán bộ quyết định):")), *rows]


def staff_card(case: Mapping[str, Any], desk: Desk, t: Translate, files: int = 0) -> str:
    """Everything an officer needs to act."""
    head = f"{MARK.get(case['urgency'], '')} **{case['code']}** – {status(case, t)}"
    rows = [head, f"**{kinds(case, t)}** – {commune_name(case['commune'], t)}"]
    if "emergency" in case["kinds"] or case["urgency"] == "sos":
        rows.append(t(N_("⚠️ Nguy hiểm tính mạng – người dân đã được nhắc gọi 112, 114, 115.")))
    if case["incomplete"]:
        rows.append(t(N_("(Chưa đầy đủ – người báo tin còn đang trả lời hoặc đã dừng.)")))
    rows += facts(case, t)
    if files:
        rows.append(t(N_("Ảnh, ghi âm kèm theo: {files}"), files=files))
    if word := check(case, t):
        rows.append(word)
    rows += support(case, t)
    if case["status"] in OPEN:
        rows += clocks(case, desk, t)
    return "\n".join(rows)


def check(case: Mapping[str, Any], t: Translate) -> str:
    """What the head of the village says, or that the answer is still awaited."""
    if case.get("check_due_at"):
        return t(N_("🏘 Đã hỏi trưởng thôn, chờ tới {at}"), at=moment(case["check_due_at"], t))
    if not case.get("check_answer"):
        return ""
    said = t(CHECKS[Check(case["check_answer"])])
    return t(N_("🏘 Trưởng thôn: **{said}** ({at})"), said=said, at=moment(case["check_at"], t))


def masked_card(case: Mapping[str, Any], desk: Desk, t: Translate) -> str:
    """What a head reads before taking the check up: nothing that says who it is.

    In danger to life the place is told, so that whoever is near can go.
    """
    hidden = {"head", "phone", "words"} | (set() if case["urgency"] == "sos" else {"address"})
    details = {
        name: value for name, value in (case["details"] or {}).items() if name not in hidden
    }
    return staff_card({**case, "details": details}, desk, t)


def clocks(case: Mapping[str, Any], desk: Desk, t: Translate) -> list[str]:
    """Both due times; while the citizen is asked something the second stands still."""
    rows = []
    if case["status"] == Status.NEW:
        said = N_("Tiếp nhận trước {at} ({left})")
        rows.append(_by(t(said, **_when(case["take_due_at"], desk, t)), case, "take", t))
    if case["waiting_since"]:
        since = moment(case["waiting_since"], t)
        rows.append(t(N_("⏸ Chờ người dân trả lời từ {at}; thời hạn tạm dừng"), at=since))
        return rows
    said = N_("Trả lời trước {at} ({left})")
    rows.append(_by(t(said, **_when(case["answer_due_at"], desk, t)), case, "answer", t))
    return rows


def _when(at: datetime, desk: Desk, t: Translate) -> dict[str, str]:
    return {"at": moment(at, t), "left": left(at, desk.now, t)}


def _by(told: str, case: Mapping[str, Any], clock: str, t: Translate) -> str:
    """Mark a due time that rests on a calendar not announced yet."""
    if case["clocks"][clock]["sure"]:
        return told
    early = t(N_("tạm tính, lịch nghỉ chưa công bố đủ"))
    return f"{told} – {early}"


def story(
    events: Sequence[Mapping[str, Any]], t: Translate, names: Mapping[UUID, str] | None = None
) -> str:
    """What happened so far, the oldest first; ``names`` are those of the staff who did it."""
    rows = []
    for one in events:
        body = one["body"] or {}
        said = [t(CHECKS[Check(body["answer"])])] if body.get("answer") else []
        said += [as_typed(body["text"])] if body.get("text") else []
        words = f": {'; '.join(said)}" if said else ""
        who = (names or {}).get(one["by_id"])
        what = t(EVENTS.get(one["what"], one["what"])) + (f" ({as_typed(who)})" if who else "")
        rows.append(f"• {moment(one['at'], t)} – {what}{words}")
    return "\n".join(rows)
