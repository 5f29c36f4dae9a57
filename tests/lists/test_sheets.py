"""Spreadsheets read with suspicion: nothing crashes, and no good row is lost."""

import contextlib
import io
import random
import unicodedata
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.media import CSV, XLSX, MediaRefused, check
from bot.sheets import SheetRefused, rows
from handlers.households import Facts
from handlers.lists import sheet, template
from tests.lists.sheets import GOOD, HEADINGS, csv, part, xlsx


def read(data, mime=XLSX):
    return [one.line for one in sheet.lines(rows(data, mime))]


def heads(data, mime=XLSX):
    return [line.head for line in read(data, mime)]


def vietnamese_1258(text):
    """As old programs write it: base letters with their tone as a mark of its own."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = ""
    for char in unicodedata.normalize("NFC", text):
        apart = unicodedata.normalize("NFD", char)
        tone = "".join(one for one in apart if one in tones)
        base = unicodedata.normalize("NFC", "".join(one for one in apart if one not in tones))
        out += base + tone
    return out.encode("cp1258")


def test_one_good_row():
    [line] = read(xlsx(HEADINGS, GOOD))
    assert (line.head, line.people, line.kinds) == ("Nguyễn Văn An", 4, ("house_damaged",))
    assert (line.poverty, line.phone, line.wrong) == ("poor", "+84912345678", ())


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_way_of_writing_fields(sign, encoding):
    headings = [one.replace(",", "") for one in HEADINGS]
    [line] = read(csv(headings, GOOD, sign=sign, encoding=encoding), CSV)
    assert (line.head, line.people, line.poverty) == ("Nguyễn Văn An", 4, "poor")


def test_windows_1258():
    text = ";".join(HEADINGS) + "\r\n" + ";".join(map(str, GOOD)) + "\r\n"
    [line] = read(vietnamese_1258(text), CSV)
    assert (line.head, line.kinds, line.poverty) == ("Nguyễn Văn An", ("house_damaged",), "poor")


def test_a_telephone_that_became_a_number():
    [line] = read(xlsx(HEADINGS, (1, "Nguyễn Văn An", 4.0, "sập", "", 912345678.0)))
    assert (line.people, line.phone) == (4, "+84912345678")


def test_a_formula_is_no_text_and_works_nothing_out():
    made = xlsx(
        HEADINGS, GOOD, (2, '=HYPERLINK("http://x","Trần")', "=1+1", '=cmd|"/c calc"!A1', "", "")
    )
    assert heads(made) == ["Nguyễn Văn An"]


def test_hidden_sheets_rows_and_merged_cells():
    def change(book, sheet):
        hidden = book.create_sheet("cũ")
        for _ in range(20):
            hidden.append((1, "Người Đã Chuyển Đi", 4, "sập", "", ""))
        hidden.sheet_state = "hidden"
        sheet.row_dimensions[3].hidden = True
        sheet.merge_cells("D4:D5")

    made = xlsx(
        HEADINGS, GOOD, (2, "Lê Văn Giấu", 3, "sập", "", ""),
        (3, "Trần Thị Trên", 3, "sập", "", ""), (4, "Trần Thị Dưới", 3, None, "", ""),
        change=change,
    )  # fmt: skip
    assert heads(made) == ["Nguyễn Văn An", "Trần Thị Trên", "Trần Thị Dưới"]
    assert read(made)[2].kinds == ("house_destroyed",)


def test_a_day_and_an_error_in_a_cell():
    made = xlsx(HEADINGS, GOOD, (2, "Trần Văn Ngày", date(2026, 11, 4), "sập", "#REF!", ""))
    assert heads(made) == ["Nguyễn Văn An", "Trần Văn Ngày"]
    assert rows(made, XLSX)[2][2] == "04/11/2026"


def test_headings_below_a_title_and_columns_in_any_order():
    made = xlsx(
        ("UBND XÃ ĐÔNG SƠN",), ("DANH SÁCH THIỆT HẠI",), (),
        ("Thiệt hại", "Chủ hộ", "Nhân khẩu"), ("Sập nhà", "Trần Thị Bích", "5 khẩu"),
        ("Tổng cộng", "", "5"),
    )  # fmt: skip
    [line, total] = read(made)
    assert (line.head, line.people, line.kinds) == ("Trần Thị Bích", 5, ("house_destroyed",))
    assert total.wrong and not total.head


def test_without_headings_each_row_is_a_line():
    made = xlsx(("Nguyễn Văn An", "4 khẩu", "tốc mái"), ("Trần Thị Bích", 3, "sập"))
    assert [(line.head, line.people) for line in read(made)] == [
        ("Nguyễn Văn An", 4),
        ("Trần Thị Bích", 3),
    ]


def test_a_wrong_cell_spoils_neither_its_row_nor_others():
    made = xlsx(HEADINGS, (1, "Trần Văn Lạ", "nhiều lắm", "tốc mái", "???", "số lạ"), GOOD)
    odd, good = read(made)
    assert odd.wrong == () and set(odd.odd) == {"people", "poverty", "phone"}
    assert good.wrong == () == good.odd


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04", bytes(500), b""], ids=["head", "noughts", "nothing"]
)
def test_what_is_broken_is_refused(data):
    with pytest.raises(SheetRefused):
        rows(data, XLSX)


def test_an_entity_bomb_is_refused():
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{lol}]><worksheet>&l8;</worksheet>'
    with pytest.raises(SheetRefused) as refused:
        rows(part(xlsx(HEADINGS, GOOD), "xl/worksheets/sheet1.xml", bomb.encode()), XLSX)
    assert refused.value.reason == "broken"


def test_a_sheet_that_claims_a_million_rows_is_read_as_far_as_it_goes():
    made = xlsx(HEADINGS, GOOD, change=lambda _, sheet: sheet.cell(1_000_000, 2, "xa quá"))
    assert heads(made) == ["Nguyễn Văn An"]


def test_only_the_first_of_many_rows_count():
    many = [HEADINGS, *((n, f"Nguyễn Thị {n}", 4, "sập", "", "") for n in range(5000))]
    assert len(rows(xlsx(*many), XLSX)) == 3000


class TestTemplate:
    KNOWN = (
        Facts("Nguyễn Văn An", phone="+84912345678", people=4, poverty="poor"),
        Facts("=HYPERLINK(1)", address="+cmd"),
    )

    def test_untouched_it_holds_no_household(self):
        made = template.workbook("Phước Thiện", self.KNOWN)
        assert check(made, "document").mime == XLSX
        assert read(made) == []

    def test_filled_in_it_reads_back(self):
        book = openpyxl.load_workbook(io.BytesIO(template.workbook("Phước Thiện", self.KNOWN)))
        shown = book.worksheets[0]
        shown["D4"], shown["G4"] = "Nhà tốc mái, hư hỏng một phần", 2
        shown["B7"], shown["D7"] = "Trần Thị Bích", "Nhà sập, đổ, trôi, cháy hoàn toàn"
        out = io.BytesIO()
        book.save(out)
        known, new = read(out.getvalue())
        assert (known.head, known.people, known.kinds) == ("Nguyễn Văn An", 4, ("house_damaged",))
        assert (known.phone, known.vulnerable) == ("+84912345678", "children=2")
        assert (new.head, new.kinds) == ("Trần Thị Bích", ("house_destroyed",))

    def test_no_cell_is_a_formula_and_lists_are_offered(self):
        book = openpyxl.load_workbook(io.BytesIO(template.workbook("=1+1", self.KNOWN)))
        cells = [cell for one in book for row in one.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
        assert not [cell for cell in cells if str(cell.value or "")[:1] in {"=", "+", "-", "@"}]
        assert book["Lựa chọn"].sheet_state == "hidden"
        rules = book.worksheets[0].data_validations.dataValidation
        assert sum(rule.type == "list" for rule in rules) == 3


NAMES = st.sampled_from(["Nguyễn Văn An", "Trần Thị Bích", "Y Thuý", "Đinh Văn Xinh", "Lê Kỷ"])
CELL = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(-5, 10**13),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["=1+1", "nt", "#REF!", "tốc mái", "-", "nghèo"]),
)
ROW = st.lists(CELL, max_size=9)
SOMETIMES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


WHOLE = xlsx(HEADINGS, GOOD)


def clean(value):
    """What openpyxl refuses to write is nothing a file can hold."""
    if isinstance(value, str):
        return "".join(
            char for char in value if char >= " " and unicodedata.category(char) != "Cs"
        )
    return value


@SOMETIMES
@given(st.lists(st.one_of(ROW, st.just("good")), min_size=1, max_size=12), st.data())
def test_whatever_else_is_in_a_workbook_good_rows_are_kept(given_rows, data):
    expected, made = [], [HEADINGS]
    for row in given_rows:
        if row == "good":
            name = data.draw(NAMES)
            expected.append(name)
            made.append((len(made), name, 4, "sập nhà", "nghèo", ""))
        else:
            made.append([clean(cell) for cell in row])
    found = [line for line in read(xlsx(*made)) if line.text.endswith("sập nhà; nghèo")]
    assert [line.head for line in found] == expected
    assert all(line.wrong == () for line in found)


@SOMETIMES
@given(st.binary(max_size=400), st.sampled_from([";", ",", "\t"]), st.randoms())
def test_rubbish_between_the_lines_of_a_csv(rubbish, sign, chance: random.Random):
    headings = [one.replace(",", "") for one in HEADINGS]
    good = [sign.join(map(str, GOOD)).encode() for _ in range(3)]
    lines = [sign.join(headings).encode(), *good]
    at = chance.randrange(1, 5)
    # a file of Windows-1258 holds no UTF-8, so the rubbish is what UTF-8 can be
    lines.insert(at, rubbish.decode("utf-8", "ignore").replace('"', "").encode())
    found = [line.head for line in read(b"\n".join(lines), CSV)]
    assert found.count("Nguyễn Văn An") >= 3


@SOMETIMES
@given(st.data())
def test_a_damaged_file_is_refused_or_read_but_never_crashes(data):
    at = data.draw(st.integers(0, len(WHOLE) - 1))
    broken = bytearray(WHOLE)
    broken[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
    with contextlib.suppress(MediaRefused, SheetRefused):
        checked = check(bytes(broken), "document")
        sheet.lines(rows(checked.data, checked.mime))
