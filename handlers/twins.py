"""Reports of one household: found by a job, shown with the evidence, linked or kept apart.

A case that is linked follows the other: it leaves the queue, rings no more, and shares what is
decided; who reported it hears everything that the first reporter hears.  Undone, it is what it
was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import cards, casebook
from handlers.casebook import CaseRow
from handlers.desk import Chat, Desk, Turn, World
from handlers.i18n import N_, Translate, translator
from handlers.messages import Button, Outgoing
from handlers.render import command_button
from handlers.times import day
from handlers.typed import as_typed
from handlers.villages import key as village_key
from handlers.vocabulary import STATUS
from models import names
from models.cases import Case, Status
from models.likeness import LONGEST, Told, likeness
from models.outbox import Lane
from models.people import Role
from models.twins import Twin, TwinState

log = structlog.get_logger(__name__)

POOL = 3000  # newest cases of a commune that are compared
SHARED = 3  # households with one telephone: it is the village head's, and tells nothing
WENT_BACK = ("status", "taken_by", "taken_at", "answered_at", "closed_at")
_TIMES = ("taken_at", "answered_at", "closed_at")

REASONS = {
    "name": N_("cùng họ tên"),
    "name_swapped": N_("cùng họ tên, viết ngược"),
    "name_marks": N_("tên gần giống (khác dấu)"),
    "nick": N_("biệt danh trùng tên"),
    "given": N_("cùng tên gọi"),
    "middle_missing": N_("cùng họ và tên, thiếu chữ lót"),
    "middle": N_("cùng họ và tên, khác chữ lót"),
    "spelling": N_("họ tên gần giống"),
    "phone": N_("cùng số điện thoại"),
    "village": N_("cùng thôn"),
    "position": N_("vị trí sát nhau"),
    "people": N_("cùng số người"),
    "kinds": N_("cùng loại việc"),
    "days": N_("cùng đợt"),
    "address": N_("cùng địa chỉ"),
    "-phone": N_("khác số điện thoại"),
    "-village": N_("khác thôn"),
    "-position": N_("vị trí cách xa"),
    "-people": N_("khác số người"),
    "-kinds": N_("khác việc"),
    "-nick": N_("khác biệt danh"),
    "-days": N_("cách nhiều ngày"),
}


async def look(db: AsyncConnection, world: World, now: datetime, what: str) -> None:
    """Compare a case, or those of a list, with the others of the commune; tell its officers."""
    desk = Desk(db, now, world)
    of_list, _, name = what.rpartition(":")
    mine = Case.list_id == UUID(name) if of_list else Case.id == int(name)
    rows = await db.execute(select(Case.__table__).where(mine, Case.same_as.is_(None)))
    cases = casebook.all_of(rows)
    if not cases:
        return
    found = await _propose(desk, cases, await _pool(desk, cases[0]["commune"]))
    if found:
        await _tell(desk, cases[0], found)
    await desk.clear()
    log.info("twins_found", cases=len(cases), proposed=len(found))


async def _pool(desk: Desk, commune: str) -> list[CaseRow]:
    rows = await desk.db.execute(
        select(
            Case.id, Case.code, Case.list_id, Case.village, Case.kinds, Case.details,
            Case.opened_at, Case.status,
        )
        .where(
            Case.commune == commune,
            Case.opened_at > desk.now - LONGEST - timedelta(days=1),
            Case.details.is_not(None),
            Case.same_as.is_(None),
            Case.status != Status.WITHDRAWN.value,
        )
        .order_by(Case.id.desc())
        .limit(POOL)
    )  # fmt: skip
    return casebook.all_of(rows)


async def _propose(
    desk: Desk, cases: Sequence[CaseRow], pool: Sequence[CaseRow]
) -> list[Mapping[str, Any]]:
    """Write down the likely pairs that are new; gives them, the likeliest first."""
    phones = Counter(str((case["details"] or {}).get("phone")) for case in pool)
    shared = {number for number, count in phones.items() if count >= SHARED}
    by_sign: dict[str, list[tuple[CaseRow, Told]]] = defaultdict(list)
    for other in pool:
        told = told_of(other, shared)
        for sign in _signs(told):
            by_sign[sign].append((other, told))
    values = []
    for case in cases:
        told = told_of(case, shared)
        beside = {
            other["id"]: (other, seen) for sign in _signs(told) for other, seen in by_sign[sign]
        }
        for other, seen in beside.values():
            of_one_list = case["list_id"] is not None and case["list_id"] == other["list_id"]
            if other["id"] == case["id"] or of_one_list:
                continue
            like = likeness(told, seen)
            if like.proposed:
                late, early = sorted((case["id"], other["id"]), reverse=True)
                values.append(
                    {
                        "commune": case["commune"], "case_id": late, "other_id": early,
                        "score": like.score, "reasons": list(like.reasons),
                        "found_at": desk.now,
                    }
                )  # fmt: skip
    if not values:
        return []
    once = {(one["case_id"], one["other_id"]): one for one in values}
    made = await desk.db.execute(
        insert(Twin).on_conflict_do_nothing().returning(*Twin.__table__.c), list(once.values())
    )
    return sorted((dict(row) for row in made.mappings()), key=lambda row: -row["score"])


def told_of(case: Mapping[str, Any], shared: set[str] | frozenset[str] = frozenset()) -> Told:
    known = case["details"] or {}
    number, where = known.get("phone"), known.get("position")
    return Told(
        case["opened_at"],
        str(known.get("head", "")),
        village_key(case["village"] or ""),
        None if number in shared else number,
        (where[0], where[1]) if where else None,
        tuple(case["kinds"]),
        known.get("people"),
        str(known.get("address", "")),
    )


def _signs(told: Told) -> set[str]:
    """What two reports must share to be worth weighing: a word of the name, number, or place."""
    name = names.read(told.head)
    signs = {f"n:{word}" for word in (*name.words[-1:], *name.words[:1][: len(name.words) < 3])}
    signs |= {f"n:{word}" for word in name.nick.split()[-1:]}
    if len(name.words) > 2:  # the given name may have been written first
        signs.add(f"n:{name.words[0]}" if name.words[0] not in names.SURNAMES else "")
        signs.add(f"s:{name.words[0]} {name.words[1]} {told.village}")
    if told.phone:
        signs.add(f"p:{told.phone}")
    if told.position:
        signs.add(f"@:{told.position[0]:.2f},{told.position[1]:.2f}")
    return signs - {""}


async def _tell(desk: Desk, case: CaseRow, found: Sequence[Mapping[str, Any]]) -> None:
    """One message to the officers: the pair itself, or how many there are."""
    for chat in await desk.staff(case["commune"], {Role.OFFICER, Role.LEADER}):
        t = translator(chat.locale)
        if len(found) == 1:
            desk.tell(chat, await shown(desk, found[0], chat), Lane.REMINDER, case["id"])
            continue
        text = t(
            N_(
                "🔗 {count} cặp hồ sơ mới có thể là của cùng một hộ. Xem từng cặp để gộp hoặc "
                "tách."
            ),
            count=len(found),
        )
        button = command_button("trung", t(N_("🔗 Xem từng cặp")))
        desk.tell(chat, Outgoing(text, (button,)), Lane.REMINDER)


async def shown(desk: Desk, row: Mapping[str, Any], chat: Chat) -> Outgoing:
    """A pair with the evidence to decide on."""
    t = translator(chat.locale)
    late = await casebook.by_id(desk, row["case_id"])
    early = await casebook.by_id(desk, row["other_id"])
    reasons = [t(REASONS[one]) for one in row["reasons"] if one in REASONS]
    rows = [
        t(N_("🔗 **Có thể cùng một hộ** ({score}/100):"), score=row["score"]),
        _one(early, t),
        _one(late, t),
        t(N_("Vì: {reasons}."), reasons=", ".join(reasons)),
        *already(early, late, t=t),
    ]
    return Outgoing("\n".join(rows), buttons(row, t))


def buttons(row: Mapping[str, Any], t: Translate) -> tuple[Button, ...]:
    if row["state"] == TwinState.LINKED:
        return (command_button("tach", t(N_("↩ Tách lại")), str(row["id"])),)
    return (
        command_button("gop", t(N_("🔗 Cùng một hộ")), str(row["id"])),
        command_button("khac", t(N_("✂ Hai hộ khác nhau")), str(row["id"])),
        command_button("trung", t(N_("Cặp khác"))),
    )


def _one(case: CaseRow, t: Translate) -> str:
    known = case["details"] or {}
    parts = [
        as_typed(str(known.get("head", ""))),
        as_typed(case["village"] or ""),
        t(N_("{people} khẩu"), people=known["people"]) if known.get("people") else "",
        cards.kinds(case, t),
        as_typed(str(known.get("address", ""))),
        day(case["opened_at"].date(), t),
        t(STATUS[Status(case["status"])]),
    ]
    return f"• **{case['code']}** – " + " – ".join(part for part in parts if part)


def already(*cases: CaseRow, t: Translate) -> list[str]:
    """Help that was given already is said before somebody goes again."""
    return [
        t(
            N_("⚠ **Hộ này đã được trợ giúp** ({code}, {at}). Xem trước khi đi lại."),
            code=case["code"],
            at=day(case["closed_at"].date(), t),
        )
        for case in cases
        if case["status"] == Status.HELPED and case["closed_at"]
    ]


async def by_id(desk: Desk, twin_id: int) -> dict[str, Any] | None:
    rows = await desk.db.execute(
        select(Twin.__table__).where(Twin.id == twin_id).with_for_update()
    )
    row = rows.mappings().one_or_none()
    return dict(row) if row is not None else None


async def waiting(desk: Desk, commune: str) -> list[dict[str, Any]]:
    """The pairs of a commune to decide on, the likeliest first."""
    rows = await desk.db.execute(
        select(Twin.__table__)
        .where(Twin.commune == commune, Twin.state == TwinState.PROPOSED.value)
        .order_by(Twin.score.desc(), Twin.id)
        .limit(100)
    )
    return [dict(row) for row in rows.mappings()]


async def of_case(desk: Desk, case_id: int) -> list[dict[str, Any]]:
    rows = await desk.db.execute(
        select(Twin.__table__)
        .where(
            or_(Twin.case_id == case_id, Twin.other_id == case_id),
            Twin.state != TwinState.APART.value,
        )
        .order_by(Twin.score.desc())
    )
    return [dict(row) for row in rows.mappings()]


async def link(turn: Turn, row: Mapping[str, Any]) -> tuple[CaseRow, CaseRow] | None:
    """Have the later case follow the earlier one; None if one of them cannot any more.

    Danger to life leads, whichever came first.
    """
    early, late = [
        await casebook.by_id(turn, one, lock=True)
        for one in sorted((row["case_id"], row["other_id"]))
    ]
    leads, follows = early, late
    if late["urgency"] == "sos" and early["urgency"] != "sos":
        leads, follows = late, early
    if leads["same_as"] is not None:
        leads = await casebook.by_id(turn, leads["same_as"], lock=True)
    if follows["same_as"] is not None or leads["id"] == follows["id"]:
        return None
    before = {name: _packed(follows[name]) for name in WENT_BACK}
    mirrored = {name: leads[name] for name in WENT_BACK}
    await turn.db.execute(
        update(Case).where(Case.same_as == follows["id"]).values(same_as=leads["id"])
    )
    follows = await casebook.change(turn, follows, same_as=leads["id"], **mirrored)
    await casebook.event(turn, follows["id"], "linked", by=turn.person_id, other=leads["code"])
    await casebook.event(
        turn, leads["id"], "linked", by=turn.person_id, public=False, other=follows["code"]
    )
    await _decide(turn, row["id"], TwinState.LINKED, {"follows": follows["id"], **before})
    return leads, follows


async def keep_apart(turn: Turn, row: Mapping[str, Any]) -> None:
    await _decide(turn, row["id"], TwinState.APART, None)


async def unlink(turn: Turn, row: Mapping[str, Any]) -> CaseRow | None:
    """Undo a link: the case that followed is what it was, with its own clocks."""
    before = dict(row["before"] or {})
    if row["state"] != TwinState.LINKED or "follows" not in before:
        return None
    case = await casebook.by_id(turn, before.pop("follows"), lock=True)
    if case["same_as"] is None:
        return None
    case = await casebook.change(turn, case, same_as=None, **_opened(before))
    await casebook.event(turn, case["id"], "unlinked", by=turn.person_id)
    await _decide(turn, row["id"], TwinState.APART, None)
    return case


async def _decide(
    turn: Turn, twin_id: int, state: TwinState, before: dict[str, Any] | None
) -> None:
    await turn.db.execute(
        update(Twin)
        .where(Twin.id == twin_id)
        .values(state=state.value, decided_by=turn.person_id, decided_at=turn.now, before=before)
    )


def _packed(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _opened(before: Mapping[str, Any]) -> dict[str, Any]:
    opened: dict[str, Any] = {
        name: datetime.fromisoformat(value) if value and name in _TIMES else value
        for name, value in before.items()
    }
    if opened.get("taken_by"):
        opened["taken_by"] = UUID(opened["taken_by"])
    return opened
