"""Spreadsheets and photographs of a list in the chat, and the template the service sends."""

import pytest
from sqlalchemy import select

from bot.media import XLSX
from handlers.messages import Media
from models.cases import MediaFile
from models.lists import HouseholdList
from tests.conversations.stories import FakeChannel, officer, picture
from tests.lists.chat import begun, cases, head, states, work
from tests.lists.sheets import GOOD, HEADINGS, csv, xlsx

ROWS = (
    HEADINGS,
    GOOD,
    (2, "Trần Thị Bích", 3, "sập hoàn toàn", "", ""),
    (3, "", 5, "sập", "", ""),
    (4, "Lê Văn Cứu", 3, "đang kẹt trong nhà, nước lên tới mái, cứu với", "", ""),
)


async def sends(who, data, name="danh-sach.xlsx", kind="document", **more):
    """Send a file, and let the worker fetch it."""
    town = who.town
    ref = f"file-{town.next_id()}"
    mime = XLSX if name.endswith("xlsx") else "text/csv" if name.endswith("csv") else None
    await who.says(media=(Media(kind, ref, mime, len(data), name),), **more)
    town.app.channels[who.channel] = FakeChannel(**{ref: data})
    media_id = await town.one(select(MediaFile.id).where(MediaFile.ref == ref))
    await town.app.worker().fetch(media_id.hex, tries=1)


@pytest.mark.parametrize("channel", ["webchat", "telegram", "zalo"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
async def test_a_spreadsheet_in_an_open_list(town, channel, kind):
    clerk = await officer(town)
    who = await begun(town, channel=channel)
    if kind == "csv":
        rows = [[str(cell).replace(",", "") for cell in row] for row in ROWS]
        await sends(who, csv(*rows, sign=","), "ds.csv")
    else:
        await sends(who, xlsx(*ROWS))
    assert "Đã nhận tệp, đang đọc" in await who.hears()
    await work(town)
    [answer] = await who.unread()
    text = answer.text.replace("**", "")
    assert text.startswith("🆘 Đang nguy hiểm tính mạng, xin gọi ngay 112")
    assert "1. Nguyễn Văn An – 4 khẩu – tốc mái, hư một phần – hộ nghèo – 0912 345 678" in text
    assert "Dòng 3" in text and "thiếu họ tên chủ hộ" in text
    assert "Lê Văn Cứu" in await clerk.hears()
    await who.says("[Xong, gửi danh sách]")
    await who.unread()
    await who.says("[Gửi các hộ đọc được]")
    await work(town)
    assert len(await cases(town)) == 3
    assert "Đã ghi nhận **3 hộ**" in await who.hears()


async def test_a_spreadsheet_without_a_list_open_begins_one(town):
    who = await head(town)
    await sends(who, xlsx(*ROWS[:3]))
    await who.play("""
        > [Bão]
        > [Hôm nay]
        Xin gửi các hộ
    """)
    await work(town)
    assert "Đọc được 2 hộ" in await who.hears()
    await who.says("xong")
    await work(town)
    assert len(await cases(town)) == 2


async def test_the_same_spreadsheet_is_read_once(town):
    who = await begun(town)
    await sends(who, xlsx(*ROWS[:3]))
    await work(town)
    await who.hears()
    media_id = await town.one(select(MediaFile.id).where(MediaFile.list_id.is_not(None)))
    for _ in range(2):
        await town.app.worker().lists.read(media_id.hex)
    assert await who.hears() == ""
    await sends(who, xlsx(*ROWS[:3]))
    await work(town)
    assert "2 dòng đã có từ trước" in await who.hears()
    assert len(await states(town)) == 2


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (xlsx(HEADINGS), "chưa thấy hộ nào có ghi thiệt hại"),
        (b"%PDF-1.7 danh sach", "Đã nhận tệp"),
        (b"PK\x03\x04 hong", "loại tệp này chưa nhận được"),
    ],
    ids=["empty", "pdf", "broken"],
)
async def test_files_that_are_no_list(town, data, answer):
    who = await begun(town)
    await sends(who, data)
    await work(town)
    assert answer in await who.hears()
    await who.says("xong")
    assert "danh sách chưa có hộ nào đọc được" in await who.hears()
    assert await cases(town) == []


async def test_a_photograph_of_the_paper_goes_with_the_list(town):
    clerk = await officer(town)
    who = await begun(town)
    await who.says("1. Nguyễn Văn An, 4 khẩu, tốc mái")
    await sends(who, picture(), "anh.jpg", kind="photo")
    assert "Đã nhận ảnh, đính kèm danh sách" in await who.hears()
    await who.says("xong")
    await work(town)
    [card] = await clerk.unread()
    stored = await town.one(select(MediaFile.id).where(MediaFile.list_id.is_not(None)))
    assert card.media == (stored.hex,)


async def test_the_template_comes_as_a_file_and_comes_back_filled_in(town):
    who = await begun(town)
    await who.says("1. Nguyễn Văn An, 4 khẩu, tốc mái, nghèo")
    await who.says("[Bảng mẫu Excel]")
    assert "Đang lập bảng mẫu" in await who.hears()
    media_id = await town.one(select(MediaFile.id).where(MediaFile.making.is_not(None)))
    await town.app.worker().make(media_id.hex, tries=1)
    [message] = await who.unread()
    assert message.media == (media_id.hex,) and "có sẵn 0 hộ" in message.text
    file = await town.app.load_media(media_id.hex)
    assert (file.mime, file.name) == (XLSX, "Mau-danh-sach_Phuoc-Thien_2026-11-23.xlsx")
    await who.says("xong")
    await work(town)
    await who.says("/danhsach moi")
    await who.play("""
        > [Lũ]
        > [Hôm nay]
        > [Bảng mẫu Excel]
    """)
    media_id = await town.one(select(MediaFile.id).where(MediaFile.making.is_not(None)))
    await town.app.worker().make(media_id.hex, tries=1)
    assert "có sẵn 1 hộ" in await who.hears()


async def test_progress_is_shown_and_five_hundred_households_are_filed(town):
    who = await begun(town)
    first = "An Bình Cúc Dung Em Hà Hoa Huệ Kim Lan"
    last = "Liên Loan Mai Mận Minh Nga Ngọc Nở Oanh Quý"
    given = [f"{one} {two}" for one in first.split() for two in last.split()]
    rows = [(n, f"Trần Thị {name}", 4, "sập", "", "") for n, name in enumerate(given, 1)]
    rows += [(n, f"Lê Văn {name}", 4, "sập", "", "") for n, name in enumerate(given, 101)]
    await sends(who, xlsx(HEADINGS, *rows))
    await work(town)
    await who.says("xong")
    await who.hears()
    assert await work(town) >= 8
    heard = await who.hears()
    assert "đã ghi 100/200 hộ" in heard and "Đã ghi nhận **200 hộ**" in heard
    assert await town.one(select(HouseholdList.state)) == "filed"
    assert len(await cases(town)) == 200
