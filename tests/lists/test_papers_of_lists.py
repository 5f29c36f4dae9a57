"""The commune's list as a document and a spreadsheet: what is in it, and for whom it is made."""

import io

import openpyxl
import pytest
from docx import Document
from sqlalchemy import select, update

from bot.media import DOCX, XLSX
from models.audit import AuditEntry
from models.cases import MediaFile
from models.people import Grant, Role
from tests.conversations.stories import officer
from tests.lists.chat import begun, cases, head, sent

LINES = """1. Nguyễn Văn <An> & con, 4 khẩu, sập hoàn toàn, nghèo
2. Trần Thị Bích, 3 khẩu, hết gạo, cận nghèo
3. Lê Quang Dũng, 5 khẩu, tốc mái"""


async def made(town):
    media_id = await town.one(select(MediaFile.id).where(MediaFile.making.is_not(None)))
    await town.app.worker().make(media_id.hex, tries=1)
    return media_id.hex


async def filed(town):
    clerk = await officer(town)
    who = await begun(town)
    await sent(town, who, LINES)
    await clerk.hears()
    return clerk, who


def words(data):
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


async def test_the_document_holds_every_household_and_the_totals(town):
    clerk, _ = await filed(town)
    await clerk.says("[Bảng kê (Word)]")
    assert "Đang lập bảng kê" in await clerk.hears()
    media_id = await made(town)
    [message] = await clerk.unread()
    assert message.media == (media_id,) and "3 hộ, 12 khẩu" in message.text
    file = await town.app.load_media(media_id)
    assert file.mime == DOCX and file.name.startswith("Bang-ke_Phuoc-Thien-DS-")
    text = words(file.data)
    first = (await cases(town))[0]["code"]
    for told in (
        "UBND XÃ ĐÔNG SƠN", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", first, "Nguyễn Văn <An> & con",
        "Trần Thị Bích", "Hộ cận nghèo", "sập, trôi, cháy hẳn", "Điều 12 NĐ 335/2026/NĐ-CP",
        "Số khẩu", "12", "40.000.000 đồng", "NGƯỜI LẬP", "ngày 23 tháng 11 năm 2026",
    ):  # fmt: skip
        assert told in text, told
    assert "{{" not in text and "{%" not in text


async def test_the_spreadsheet_holds_the_same_and_no_formula(town):
    clerk, _ = await filed(town)
    await clerk.says("[Bảng kê (Excel)]")
    file = await town.app.load_media(await made(town))
    assert file.mime == XLSX
    sheet = openpyxl.load_workbook(io.BytesIO(file.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[2] for row in rows[4:7]] == [
        "Nguyễn Văn <An> & con", "Trần Thị Bích", "Lê Quang Dũng",
    ]  # fmt: skip
    assert "Điều 12" in rows[4][7] and rows[5][5] == "Hộ cận nghèo"
    flat = [value for row in rows for value in row]
    assert "Số khẩu" in flat and "12" in flat and 40_000_000 in flat
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


@pytest.mark.parametrize("asked", ["/bangke Phước Thiện", "/bangke cả xã excel"])
async def test_a_village_or_the_whole_commune(town, asked):
    clerk, _ = await filed(town)
    await clerk.says(asked)
    await clerk.hears()
    await made(town)
    assert "3 hộ, 12 khẩu" in await clerk.hears()


async def test_without_anything_lists_are_offered(town):
    clerk, _ = await filed(town)
    await clerk.play("""
        > /bangke
        Lập bảng kê của danh sách nào
        > [Phước Thiện]
        Đang lập bảng kê
    """)


async def test_only_staff_of_the_commune_get_it(town):
    clerk, who = await filed(town)
    code = clerk.last[-1].buttons[0].token.rpartition(":")[2]
    stranger = await town.staff("xa-khac", Role.OFFICER, "21112")
    await stranger.says(f"/bangke {code}")
    assert "không có danh sách này" in await stranger.hears()
    await who.says(f"/bangke {code}")
    assert "dành cho cán bộ được mời" in await who.hears()
    beside = await head(town, "dong-nghiep")
    await beside.says(f"/bangke {code}")
    assert await town.rows(select(MediaFile).where(MediaFile.making.is_not(None))) == []


async def test_a_role_that_was_revoked_meanwhile_gets_nothing(town):
    clerk, _ = await filed(town)
    await clerk.says("/bangke cả xã")
    async with town.app.engine.begin() as db:
        await db.execute(
            update(Grant)
            .where(Grant.person_id == await clerk.person_id())
            .values(revoked_at=town.time)
        )
    await clerk.hears()
    await made(town)
    [message] = await clerk.unread()
    assert "không có hộ nào để lập bảng kê" in message.text and not message.media


async def test_making_one_is_in_the_log(town):
    clerk, _ = await filed(town)
    await clerk.says("/bangke cả xã")
    [entry] = await town.rows(select(AuditEntry).where(AuditEntry.action == "document"))
    assert entry.commune == "21109" and "Nguyễn" not in str(entry.facts)
