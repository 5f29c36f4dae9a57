"""Readers of what staff type when they make a broadcast."""

from __future__ import annotations

import re
from datetime import date, datetime

from handlers.answers import place
from handlers.broadcasts.letter import LONGEST
from handlers.desk import HERE
from handlers.dialogue import BadAnswer
from handlers.i18n import N_
from models.occasions import AROUND, calendar
from models.places import COMMUNES
from models.text import fold

LINK = re.compile(r"https://[^\s<>]{4,300}")
WHEN = re.compile(
    r"(\d{1,2})[:hg](\d{2})?\s*(?:ngày\s*)?(\d{1,2})/(\d{1,2})(?:/(\d{4}))?", re.IGNORECASE
)
NOW = "now"
ALL = "all"
NAME = 60  # letters of what a day is called


def paragraphs(text: str) -> str:
    """Text with its lines; spaces at their ends and rows of empty lines are dropped."""
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    said = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    if not any(char.isalnum() for char in said):
        raise BadAnswer(N_("Dạ, tin nhắn chưa có chữ. Xin gõ vài chữ, hoặc bấm một nút bên dưới."))
    if len(said) > LONGEST:
        raise BadAnswer(
            N_("Dạ, tin dài {length} chữ cái; xin rút còn {most} để gọn trong một tin trên máy."),
            length=len(said),
            most=LONGEST,
        )
    return said


def link(text: str) -> str:
    said = text.strip()
    if said == ALL or LINK.fullmatch(said):
        return said
    raise BadAnswer(N_("Dạ, xin gõ liên kết bắt đầu bằng https://, hoặc bấm Bỏ."))


def communes(text: str) -> str:
    """Several communes by name or code, stored as ``code,code``; ``all`` stands for every one.

    Raises:
        BadAnswer: names the one that cannot be read or may be several.
    """
    said = text.strip()
    if said == ALL or fold(said) in ("tat ca", "toan tinh"):
        return ALL
    found: list[str] = []
    for part in (one.strip() for one in re.split(r"[,;\n]", said)):
        if not part:
            continue
        try:
            code = place(part)
        except BadAnswer as problem:
            raise BadAnswer(
                N_("Dạ, chưa rõ xã «{name}». Xin gõ đủ tên, các xã cách nhau bằng dấu phẩy."),
                name=part[:60],
            ) from problem
        if code in COMMUNES and code not in found:
            found.append(code)
    if not found:
        raise BadAnswer(N_("Dạ, xin gõ tên các xã, cách nhau bằng dấu phẩy, hoặc bấm Tất cả."))
    return ",".join(found)


def when(text: str) -> str:
    """``08:30 28/11`` or ``08:30 28/11/2026``; ``now`` is when it is approved."""
    said = text.strip()
    if said == NOW or fold(said) in ("ngay", "gui ngay", "bay gio"):
        return NOW
    found = WHEN.fullmatch(said)
    if found is not None:
        hour, minute, day, month, year = (int(one) if one else None for one in found.groups())
        try:
            datetime(year or 2028, month or 0, day or 0, hour or 0, minute or 0, tzinfo=HERE)
        except ValueError:
            pass
        else:
            end = f"/{year}" if year else ""
            return f"{hour:02}:{minute or 0:02} {day}/{month}{end}"
    raise BadAnswer(N_("Dạ, xin gõ giờ và ngày, ví dụ: 08:30 28/11, hoặc bấm Ngay khi duyệt."))


def moment_of(read: str, today: date) -> datetime | None:
    """The time that was read, the next such day if no year was said; None for now."""
    found = WHEN.fullmatch(read)
    if found is None:
        return None
    hour, minute, day, month = (int(one or 0) for one in found.groups()[:4])
    for year in (int(found[5]),) if found[5] else range(today.year, today.year + 5):
        try:
            on = date(year, month, day)
        except ValueError:  # 29/2
            continue
        if found[5] or on >= today:
            return datetime(year, month, day, hour, minute, tzinfo=HERE)
    return None


def hour(text: str) -> str:
    """``8h30`` or ``08:30``, inside the hours in which people may be written to."""
    found = re.fullmatch(r"(\d{1,2})(?:[:hg.](\d{2})?)?", text.strip(), re.IGNORECASE)
    hours = calendar().hours
    said = f"{int(found[1]):02}:{found[2] or '00'}" if found else ""
    if not found or int(found[2] or 0) > 59 or not hours.since <= said < hours.to:
        raise BadAnswer(
            N_("Dạ, xin gõ giờ từ {since} đến {to}, ví dụ 08:30."),
            since=hours.since, to=hours.to,
        )  # fmt: skip
    return said


def days_before(text: str) -> str:
    """A number of days before the day."""
    found = re.search(r"\d{1,3}", text)
    if found is None or int(found[0]) > AROUND:
        raise BadAnswer(N_("Dạ, xin gõ số ngày, từ 0 đến {most}."), most=AROUND)
    return str(int(found[0]))


def month_day(text: str) -> str:
    """``15/12``; every solar year has it, or every lunar month may."""
    found = re.fullmatch(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})", text.strip())
    if found is not None:
        try:
            date(2023, int(found[2]), int(found[1]))
        except ValueError:
            pass
        else:
            return f"{int(found[1])}/{int(found[2])}"
    if found is not None and 1 <= int(found[1]) <= 29 and int(found[2]) == 2:
        return f"{int(found[1])}/2"  # 29/2 of the lunar year
    raise BadAnswer(N_("Dạ, xin gõ ngày và tháng, ví dụ 15/12."))


def name(text: str) -> str:
    said = " ".join(paragraphs(text).replace("**", "").split())
    if len(said) > NAME:
        raise BadAnswer(N_("Dạ, tên dài quá {most} chữ cái, xin gõ gọn hơn."), most=NAME)
    return said
