"""A person's own data as a spreadsheet to take along: sheets to read, rows to process."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import xlsxwriter
from sqlalchemy import select

from handlers import cards, casebook
from handlers.desk import Chat, Desk
from handlers.i18n import N_, Translate, translator
from handlers.papers import Made, file_name
from handlers.times import day, moment
from models.conversations import Conversation, Received
from models.people import Consent, Grant, Person
from models.watches import Watch

Sheet = tuple[str, Sequence[Sequence[str]]]  # title, rows of text

MOST_CASES = 1000


async def own_data(desk: Desk, chat: Chat, _: Mapping[str, Any]) -> Made:
    """Gather everything that is held about the person of a chat."""
    t = translator(chat.locale)
    sheets = [
        await _person(desk, chat, t),
        await _consents(desk, chat, t),
        await _cases(desk, chat, t),
        await _watches(desk, chat, t),
        await _messages(desk, chat, t),
    ]
    return Made(
        partial(_workbook, sheets),
        file_name("xlsx", "thong tin cua toi", f"{desk.now:%Y-%m-%d}"),
        t(N_("Dạ, đây là bản sao mọi thông tin đang lưu về ông/bà.")),
    )


async def _person(desk: Desk, chat: Chat, t: Translate) -> Sheet:
    row = (
        await desk.db.execute(
            select(Person.created_at, Person.locale, Person.commune, Person.private).where(
                Person.id == chat.person_id
            )
        )
    ).one()
    private = row.private or {}
    roles = await desk.db.scalars(
        select(Grant.role).where(Grant.person_id == chat.person_id, Grant.revoked_at.is_(None))
    )
    rows = [
        (t(N_("Liên hệ lần đầu")), moment(row.created_at, t)),
        (t(N_("Ngôn ngữ")), row.locale),
        (t(N_("Xã, phường")), cards.commune_name(row.commune or "", t)),
        (t(N_("Họ tên")), str(private.get("name", ""))),
        (t(N_("Điện thoại")), str(private.get("phone", ""))),
        (t(N_("Vai trò")), ", ".join(roles)),
    ]
    return t(N_("Về tôi")), rows


async def _consents(desk: Desk, chat: Chat, t: Translate) -> Sheet:
    found = await desk.db.execute(
        select(Consent).where(Consent.person_id == chat.person_id).order_by(Consent.id)
    )
    rows = [(t(N_("Việc")), t(N_("Bản lời")), t(N_("Đồng ý lúc")), t(N_("Rút lúc")))]
    rows += [
        (
            one.purpose,
            one.wording,
            moment(one.given_at, t),
            moment(one.withdrawn_at, t) if one.withdrawn_at else "",
        )
        for one in found
    ]
    return t(N_("Đồng ý")), rows


async def _watches(desk: Desk, chat: Chat, t: Translate) -> Sheet:
    """The answers of checks that are kept for reminders."""
    found = await desk.db.execute(
        select(Watch).where(Watch.person_id == chat.person_id).order_by(Watch.id)
    )
    rows = [(t(N_("Lưu lúc")), t(N_("Nhắc ngày")), t(N_("Điều đã kể")))]
    for one in found:
        told = (f"{key}: {value}" for key, value in one.body["answers"].items() if key[0] != "_")
        due = day(one.due_on, t) if one.due_on else ""
        rows.append((moment(one.created_at, t), due, "\n".join(told)))
    return t(N_("Nhắc trợ cấp")), rows


async def _cases(desk: Desk, chat: Chat, t: Translate) -> Sheet:
    rows = [(t(N_("Mã hồ sơ")), t(N_("Việc")), t(N_("Điều đã kể")), t(N_("Diễn biến")))]
    for case in await casebook.of_reporter(desk, chat.person_id, MOST_CASES):
        events = await casebook.events(desk, case["id"], public_only=True)
        rows.append(
            (
                case["code"],
                f"{cards.kinds(case, t)} – {cards.commune_name(case['commune'], t)}",
                "\n".join(cards.facts(case, t)),
                cards.story(events, t),
            )
        )
    return t(N_("Hồ sơ")), rows


async def _messages(desk: Desk, chat: Chat, t: Translate) -> Sheet:
    found = await desk.db.execute(
        select(Received.received_at, Received.body)
        .join(Conversation, Conversation.id == Received.conversation_id)
        .where(Conversation.person_id == chat.person_id, Received.body.is_not(None))
        .order_by(Received.id)
    )
    rows = [(t(N_("Lúc")), t(N_("Tin nhắn")))]
    rows += [(moment(one.received_at, t), str((one.body or {}).get("text", ""))) for one in found]
    return t(N_("Tin nhắn còn giữ")), rows


def _workbook(sheets: Sequence[Sheet]) -> bytes:
    out = io.BytesIO()
    # what people typed is text, whatever it begins with
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **plain}) as book:
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        for title, rows in sheets:
            sheet = book.add_worksheet(title[:31])
            sheet.set_column(0, 3, 40, wrap)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write_string(number, column, value.replace("**", ""))
    return out.getvalue()
