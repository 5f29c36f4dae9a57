"""Ringing: the notices of the ladder, to whom the roster says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from handlers import cards, casebook, communes, listrings, notify, roster
from handlers.desk import Chat, Desk
from handlers.i18n import N_, Translate, translator
from handlers.messages import Button, Outgoing
from handlers.render import command_button
from handlers.times import moment
from handlers.vocabulary import PROVINCE_WIDE
from models.cases import Status
from models.deadlines.ladder import Rung
from models.deadlines.ladder_file import USUAL
from models.outbox import Lane
from models.people import Role

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Staff:
    """Whom each step of the ladder means for one case, at this moment."""

    rules: str
    on_duty: Sequence[Chat]
    assigned: Sequence[Chat]
    leader: Sequence[Chat]
    province: Sequence[Chat]


async def staff(desk: Desk, case: Mapping[str, Any]) -> Staff:
    """Read the roster for a case; what no commune has is the province's own work."""
    province = await desk.staff(None, {Role.PROVINCE})
    if case["commune"] == PROVINCE_WIDE:
        return Staff(USUAL, province, province, province, province)
    there = await roster.of(desk, case["commune"])
    return Staff(
        there.rules,
        there.officers_on_duty(),
        there.in_charge(case["taken_by"]) or there.officers_on_duty(),
        there.leaders(),
        province,
    )


async def notice(desk: Desk, case: Mapping[str, Any], there: Staff, due: Sequence[Rung]) -> None:
    """Give the notices that have come due; after an outage one message says them all."""
    late = any(rung.late for rung in due) or cards.due(case) <= desk.now
    wanted = dict.fromkeys(who for rung in due for who in rung.to)
    first_time = "citizen" in wanted
    await casebook.event(
        desk, case["id"], "late" if first_time else "reminded", by=None, public=first_time
    )
    commune: dict[int, Chat] = {}
    for who in wanted:
        if who in ("on_duty", "assigned", "leader"):
            commune |= {chat.id: chat for chat in getattr(there, who)}
    lane = Lane.URGENT if case["urgency"] == "sos" else Lane.REMINDER
    of_list = await listrings.others(desk, case)
    for chat in commune.values():
        desk.tell(chat, _to_commune(desk, case, chat, of_list, late=late), lane, case["id"])
    above = [chat for chat in there.province if chat.id not in commune]
    if "province" in wanted or not commune:  # with nobody else to hear it, the province must
        for chat in above:
            desk.tell(chat, _to_province(case, chat, late=late), lane, case["id"])
    if not commune and not above:
        log.warning("nobody_to_ring", case=case["code"], commune=case["commune"])
    if first_time:
        await _excuse(desk, case, there)


def _to_commune(
    desk: Desk, case: Mapping[str, Any], chat: Chat, of_list: tuple[str, int], *, late: bool
) -> Outgoing:
    t = translator(chat.locale)
    head = N_("⏰ **Quá hạn**, người dân đang chờ:") if late else N_("⏰ Sắp tới hạn:")
    text = "\n".join((t(head), cards.line(case, desk, t)))
    code, count = of_list
    if count:
        text += "\n" + t(N_("và {count} hộ khác của danh sách {code}"), count=count, code=code)
        whole = command_button("danhsach", t(N_("📋 Cả danh sách")), code)
        return Outgoing(text, (whole, *_known(case, t), *notify.staff_buttons(case, chat)))
    return Outgoing(text, (*_known(case, t), *notify.staff_buttons(case, chat)))


def _known(case: Mapping[str, Any], t: Translate) -> tuple[Button, ...]:
    """A case that is taken can be acknowledged; a new one is acknowledged by taking it."""
    if case["status"] != Status.TAKEN or "answer" in case["clocks"].get("acknowledged", ()):
        return ()
    return (command_button("dabiet", t(N_("👌 Đã biết, đang làm")), case["code"]),)


def _to_province(case: Mapping[str, Any], chat: Chat, *, late: bool) -> Outgoing:
    t = translator(chat.locale)
    where = cards.commune_name(case["commune"], t)
    told = N_("⏰ Quá hạn tại {where}: {code}")
    if not late:
        told = N_("⏰ Sắp tới hạn tại {where}, nơi chưa có ai để nhắc: {code}")
    return Outgoing(t(told, where=where, code=case["code"]))


async def _excuse(desk: Desk, case: Mapping[str, Any], there: Staff) -> None:
    """Lateness is told honestly to the person who waits, with a number to call if there is one."""
    chat = await desk.chat(case["conversation_id"])
    t = translator(chat.locale)
    number = await communes.telephone(desk, case["commune"])
    rows = [N_("Xin lỗi ông/bà: hồ sơ **{code}** đã quá hạn hứa ({due}).")]
    if there.leader and case["commune"] != PROVINCE_WIDE:
        rows.append(N_("Lãnh đạo xã đã được báo."))
    elif there.province:
        rows.append(N_("Cấp tỉnh đã được báo."))
    if number:
        rows.append(N_("Cần hỏi ngay, xin gọi {office}: **{number}**."))
    rows.append(N_("Nguy hiểm tính mạng: gọi ngay 112."))
    values = {
        "code": case["code"],
        "due": moment(cards.due(case), t),
        "office": cards.office(case["commune"], t),
        "number": number,
    }
    text = " ".join(t(row, **values) for row in rows)
    shown = command_button("xem", t(N_("📂 Xem hồ sơ")), case["code"])
    desk.tell(chat, Outgoing(text, (shown,)), notify.lane(case), case["id"])
