"""The template of a list: a workbook with a village's households, and lists to choose from."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from sqlalchemy import select

from handlers import households
from handlers.desk import Chat, Desk
from handlers.households import Facts
from handlers.i18n import N_, translator
from handlers.papers import Made, file_name
from handlers.villages import key as village_key
from handlers.vocabulary import KINDS
from models import names
from models import phone as phones
from models.cases import Case

EMPTY_ROWS = 100  # below the known households
KNOWN = 400
# The headings are what ``table.columns`` reads; they are not translated, nor are the choices.
HEADINGS = (
    ("STT", 5), ("Họ tên chủ hộ", 28), ("Số khẩu", 8), ("Thiệt hại", 38), ("Thiệt hại khác", 30),
    ("Hộ nghèo, cận nghèo", 16), ("Trẻ nhỏ", 8), ("Người già", 8), ("Khuyết tật", 9),
    ("Mang thai", 9), ("Điện thoại", 14), ("Địa chỉ, mốc", 26), ("Ghi chú", 30),
)  # fmt: skip
POVERTY = {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo", "neither": "Không"}
HOW = (
    "Mỗi dòng một hộ. Chỉ điền cột «Thiệt hại» (bấm ô để chọn) cho hộ bị nạn; hộ không bị gì để "
    "trống. Thêm hộ mới ở các dòng trống. Xong thì gửi lại tệp này vào khung chat."
)


def plain(text: str) -> str:
    """Text that no program takes for a formula, whatever file it ends up in."""
    text = " ".join(text.split())
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


async def make(desk: Desk, chat: Chat, facts: Mapping[str, Any]) -> Made:
    """Gather the known households of a village; for the job that makes files."""
    commune, village = str(facts["commune"]), str(facts["village"])
    known = await _known(desk, commune, village)
    t = translator(chat.locale)
    told = t(
        N_(
            "📄 Bảng mẫu của {village}, có sẵn {count} hộ đã biết. Điền cột «Thiệt hại» cho hộ bị "
            "nạn, lưu lại rồi gửi tệp vào đây."
        ),
        village=village,
        count=len(known),
    )
    name = file_name("xlsx", "Mau danh sach", village, f"{desk.today:%Y-%m-%d}")
    return Made(lambda: workbook(village, known), name, told)


async def _known(desk: Desk, commune: str, village: str) -> list[Facts]:
    """Households of the village's book, then those of earlier cases, each once."""
    kept = [one.facts for one in await households.of_village(desk, commune, village)]
    rows = await desk.db.execute(
        select(Case.details, Case.village)
        .where(Case.commune == commune, Case.village.is_not(None), Case.details.is_not(None))
        .order_by(Case.id.desc())
        .limit(2000)
    )
    seen = {names.read(one.head).key for one in kept}
    for row in rows:
        told = row.details or {}
        head = str(told.get("head", ""))
        key = names.read(head).key
        if not key or key in seen or village_key(row.village) != village_key(village):
            continue
        seen.add(key)
        poverty = told.get("poverty")
        kept.append(
            Facts(
                head,
                phone=told.get("phone"),
                people=told.get("people"),
                address=told.get("address"),
                poverty=poverty if poverty in POVERTY else None,
            )
        )
    return kept[:KNOWN]


def workbook(village: str, known: Sequence[Facts]) -> bytes:
    """Write the template; every cell is text or a number, never a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("Danh sách")
        choices = book.add_worksheet("Lựa chọn")
        choices.hide()
        labels = [choice.label for choice in KINDS]
        for place, label in enumerate(labels):
            choices.write_string(place, 0, label)
        bold = book.add_format(
            {"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True}
        )
        title = book.add_format({"bold": True, "font_size": 13})
        text = book.add_format({"num_format": "@"})
        sheet.write_string(0, 0, f"DANH SÁCH HỘ BỊ THIỆT HẠI – {plain(village)}", title)
        sheet.write_string(1, 0, HOW)
        for place, (heading, width) in enumerate(HEADINGS):
            sheet.set_column(place, place, width, text if heading == "Điện thoại" else None)
            sheet.write_string(2, place, heading, bold)
        for number, facts in enumerate(known, 1):
            _row(sheet, number, facts)
        last = 3 + len(known) + EMPTY_ROWS
        for number in range(len(known) + 1, len(known) + EMPTY_ROWS + 1):
            sheet.write_number(2 + number, 0, number)
        kinds = {"validate": "list", "source": f"='Lựa chọn'!$A$1:$A${len(labels)}",
                 "error_type": "information"}  # fmt: skip
        for place in (3, 4):
            sheet.data_validation(3, place, last, place, kinds)
        poor = {"validate": "list", "source": list(POVERTY.values()), "error_type": "information"}
        sheet.data_validation(3, 5, last, 5, poor)
        whole = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 60,
                 "error_type": "information"}  # fmt: skip
        for place in (2, 6, 7, 8, 9):
            sheet.data_validation(3, place, last, place, whole)
        sheet.freeze_panes(3, 2)
    return out.getvalue()


def _row(sheet: Any, number: int, facts: Facts) -> None:  # noqa: ANN401 - xlsxwriter has no types
    at = 2 + number
    sheet.write_number(at, 0, number)
    sheet.write_string(at, 1, plain(facts.head))
    if facts.people:
        sheet.write_number(at, 2, facts.people)
    if facts.poverty in POVERTY:
        sheet.write_string(at, 5, POVERTY[facts.poverty])
    if facts.phone:
        sheet.write_string(at, 10, phones.shown(facts.phone))
    if facts.address:
        sheet.write_string(at, 11, plain(facts.address))
