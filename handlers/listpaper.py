"""The commune's list of households as a document and a spreadsheet, ready to sign.

Who, how many, what happened, and what each household may be considered for on which article; what
is decided is the officer's.  Names are personal data: it is made for staff of that commune only.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import xlsxwriter
from docxtpl import DocxTemplate
from sqlalchemy import select

from handlers import cards, casebook
from handlers.desk import HERE, Chat, Desk
from handlers.i18n import N_, translator
from handlers.lists import book
from handlers.lists.saying import SHORT
from handlers.lists.template import plain
from handlers.papers import Made, NothingToMake, file_name
from handlers.times import money
from handlers.villages import key as village_key
from handlers.vocabulary import KIND, STATUS
from models import places
from models.benefits.emergency import Support, emergency_support
from models.cases import Case, Status
from models.lists import ListLine
from models.people import Role

TEMPLATE = Path(__file__).parent / "lists" / "bang-ke.docx"
DAYS = 30  # how far back a list of the whole commune goes
MOST = 2000
LEFT_OUT = (Status.WITHDRAWN.value, Status.DECLINED.value)
HEADINGS = (
    ("STT", 5), ("Mã hồ sơ", 13), ("Họ tên chủ hộ", 26), ("Thôn, tổ dân phố", 18), ("Số khẩu", 8),
    ("Hộ nghèo", 13), ("Thiệt hại", 32), ("Có thể được xem xét", 60), ("Tình trạng", 18),
    ("Ký nhận", 14),
)  # fmt: skip
GONE = N_("Dạ, không có hộ nào để lập bảng kê, hoặc ông/bà không còn phụ trách nơi này.")


@dataclass(frozen=True, slots=True)
class Household:
    number: int
    code: str
    head: str
    village: str
    people: int | None
    poverty: str
    kinds: tuple[str, ...]
    support: tuple[Support, ...]
    status: str

    @property
    def damage(self) -> str:
        return ", ".join(SHORT.get(kind) or KIND.get(kind, kind) for kind in self.kinds)

    @property
    def may_be_due(self) -> str:
        return "\n".join(f"{one.wording} – {one.article}" for one in self.support)


@dataclass(frozen=True, slots=True)
class Roll:
    """Everything a list holds, whatever it is written as."""

    commune: str
    where: str
    why: str
    made: date
    households: tuple[Household, ...]

    @property
    def people(self) -> int:
        return sum(one.people or 0 for one in self.households)

    def totals(self) -> list[tuple[str, str]]:
        """Name and figure of each total."""
        kinds = Counter(kind for one in self.households for kind in one.kinds)
        poor = Counter(one.poverty for one in self.households)
        rows = [("Số hộ", str(len(self.households))), ("Số khẩu", str(self.people))]
        rows += [
            (SHORT.get(kind) or KIND.get(kind, kind), f"{count} hộ")
            for kind, count in kinds.most_common()
        ]
        rows += [
            (POVERTY[name], f"{poor[name]} hộ") for name in ("poor", "near_poor") if poor[name]
        ]
        return rows

    def supports(self) -> list[tuple[str, int, int, int, str]]:
        """Each support: title, households, their people, the least sum in đồng, article."""
        found: dict[tuple[str, str, str], list[tuple[Household, Support]]] = {}
        for one in self.households:
            for support in one.support:
                key = (support.id, support.title, support.article)
                found.setdefault(key, []).append((one, support))
        return [
            (
                title,
                len(pairs),
                sum(one.people or 0 for one, _ in pairs),
                sum((support.amount_vnd or 0) for _, support in pairs if support.per == "hộ"),
                article,
            )
            for (_, title, article), pairs in found.items()
        ]


POVERTY = {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo"}
NOTE = (
    "Cột «Có thể được xem xét» do máy đối chiếu theo loại thiệt hại, chưa phải quyết định. "
    "Hộ chưa rõ số khẩu tính là 0."
)


async def make(desk: Desk, chat: Chat, facts: Mapping[str, Any]) -> Made:
    """Gather a list's or a commune's households; for the job that makes files."""
    commune = str(facts["commune"])
    entitled = await desk.staff(commune, {Role.OFFICER, Role.LEADER})
    roll = await _gather(desk, facts) if chat.id in {one.id for one in entitled} else None
    if roll is None or not roll.households:
        raise NothingToMake(GONE)
    t = translator(chat.locale)
    form = str(facts["format"])
    told = t(
        N_(
            "📄 Bảng kê {where}: {count} hộ, {people} khẩu. Có họ tên người dân: chỉ dùng trong "
            "cơ quan, không gửi vào nhóm chung."
        ),
        where=roll.where,
        count=len(roll.households),
        people=roll.people,
    )
    name = file_name(form, "Bang ke", roll.where, f"{roll.made:%Y-%m-%d}")
    return Made(lambda: (workbook if form == "xlsx" else document)(roll), name, told)


async def _gather(desk: Desk, facts: Mapping[str, Any]) -> Roll | None:
    commune = str(facts["commune"])
    query = (
        select(Case.__table__, ListLine.number)
        .outerjoin(ListLine, ListLine.id == Case.draft_id)
        .where(
            Case.commune == commune, Case.status.not_in(LEFT_OUT), Case.same_as.is_(None),
            Case.details.is_not(None),
        )
        .limit(MOST)
    )  # fmt: skip
    where, why = cards.commune_name(commune, str), f"{DAYS} ngày qua"
    if facts.get("list"):
        row = await book.by_id(desk, UUID(str(facts["list"])))
        if row is None or row["commune"] != commune:
            return None
        query = query.where(Case.list_id == row["id"]).order_by(ListLine.number)
        where = f"{row['village']} {row['code']}"
        day = f"{row['happened']:%d/%m/%Y}" if row["happened"] else ""
        why = f"{cards.CAUSE.get(row['cause'] or '', '')} {day}".strip()
    else:
        since = desk.now - timedelta(days=DAYS)
        query = query.where(Case.opened_at > since).order_by(Case.village, Case.id)
    cases = casebook.all_of(await desk.db.execute(query))
    if village := facts.get("village"):
        cases = [one for one in cases if village_key(one["village"] or "") == village_key(village)]
        where = f"{village}, {where}"
    households = tuple(_household(number, case) for number, case in enumerate(cases, 1))
    return Roll(commune, where, why, desk.today, households)


def _household(number: int, case: Mapping[str, Any]) -> Household:
    known = case["details"] or {}
    poverty = known.get("poverty")
    found = emergency_support(
        case["kinds"],
        case["opened_at"].astimezone(HERE).date(),
        persons=known.get("people"),
        poverty=poverty if poverty in {"poor", "near_poor", "neither"} else None,
        cause=known.get("cause"),
    )
    return Household(
        case.get("number") or number,
        case["code"],
        str(known.get("head", "")),
        case["village"] or "",
        known.get("people"),
        str(poverty or ""),
        tuple(case["kinds"]),
        found,
        STATUS[Status(case["status"])],
    )


def document(roll: Roll) -> bytes:
    """Fill in the Word template, which the commune may change in Word itself."""
    template = DocxTemplate(str(TEMPLATE))
    commune = places.COMMUNES.get(roll.commune)
    context = {
        "office": f"UBND {commune.name}".upper() if commune else "UBND",
        "where": roll.where,
        "why": roll.why,
        "day": f"ngày {roll.made:%d} tháng {roll.made:%m} năm {roll.made:%Y}",
        "households": [
            {
                "number": one.number, "code": one.code, "head": one.head, "village": one.village,
                "people": one.people or "", "poverty": POVERTY.get(one.poverty, ""),
                "damage": one.damage, "support": one.may_be_due,
            }
            for one in roll.households
        ],
        "totals": [{"name": name, "figure": figure} for name, figure in roll.totals()],
        "supports": [
            {
                "title": title, "households": households, "people": people,
                "sum": money(sum_) if sum_ else "", "article": article,
            }
            for title, households, people, sum_, article in roll.supports()
        ],
        "note": NOTE,
    }  # fmt: skip
    template.render(context, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def workbook(roll: Roll) -> bytes:
    """Write the same as a spreadsheet; every cell is text or a number, never a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as made:
        sheet = made.add_worksheet("Bảng kê")
        head = made.add_format(
            {"bold": True, "border": 1, "bg_color": "#DDEBF7", "text_wrap": True}
        )
        cell = made.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        title = made.add_format({"bold": True, "font_size": 13})
        sheet.write_string(0, 0, f"BẢNG KÊ HỘ BỊ THIỆT HẠI – {plain(roll.where)}", title)
        sheet.write_string(1, 0, plain(f"{roll.why} – lập ngày {roll.made:%d/%m/%Y}. {NOTE}"))
        for place, (heading, width) in enumerate(HEADINGS):
            sheet.set_column(place, place, width)
            sheet.write_string(3, place, heading, head)
        at = 4
        for one in roll.households:
            for place, value in enumerate(_cells(one)):
                if isinstance(value, int):
                    sheet.write_number(at, place, value, cell)
                else:
                    sheet.write_string(at, place, plain(value), cell)
            at += 1
        at += 1
        for name, figure in roll.totals():
            sheet.write_string(at, 2, plain(name), head)
            sheet.write_string(at, 3, plain(figure), cell)
            at += 1
        at += 1
        for place, heading in enumerate(("Khoản", "Điều", "Số hộ", "Số khẩu", "Tối thiểu (đồng)")):
            sheet.write_string(at, 2 + place, heading, head)
        for support, households, people, sum_, article in roll.supports():
            at += 1
            sheet.write_string(at, 2, plain(support), cell)
            sheet.write_string(at, 3, plain(article), cell)
            for place, figure_ in enumerate((households, people, sum_), 4):
                sheet.write_number(at, place, figure_, cell)
        for place, who in ((2, "NGƯỜI LẬP"), (4, "TRƯỞNG THÔN"), (7, "TM. UBND – CHỦ TỊCH")):
            sheet.write_string(at + 3, place, who, title)
        sheet.freeze_panes(4, 3)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)
    return out.getvalue()


def _cells(one: Household) -> Sequence[str | int]:
    return (
        one.number, one.code, one.head, one.village, one.people or "",
        POVERTY.get(one.poverty, ""), one.damage, one.may_be_due, one.status, "",
    )  # fmt: skip
