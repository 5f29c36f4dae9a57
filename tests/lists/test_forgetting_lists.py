"""What no case holds of a list is emptied: wrong lines, spreadsheets, documents made here."""

from sqlalchemy import select

from models.cases import MediaFile
from models.lists import ListLine
from tests.conversations.stories import officer, picture
from tests.lists.chat import begun, work
from tests.lists.sheets import GOOD, HEADINGS, xlsx
from tests.lists.test_files_in_chat import sends


async def test_a_month_later_only_what_became_a_case_is_left(town):
    clerk = await officer(town)
    who = await begun(town)
    await sends(who, xlsx(HEADINGS, GOOD, (2, "", 3, "sập", "", "")))
    await sends(who, picture(), "to-giay.jpg", kind="photo")
    await work(town)
    await who.says("xong")
    await who.says("gửi")  # the wrong line stays behind
    await work(town)
    await clerk.says("/bangke cả xã")
    made = await town.one(select(MediaFile.id).where(MediaFile.making.is_not(None)))
    await town.app.worker().make(made.hex, tries=1)
    town.later(days=29)
    await town.app.worker().night()
    kept = select(MediaFile.kind).where(MediaFile.stored_at.is_not(None)).order_by(MediaFile.kind)
    assert [row.kind for row in await town.rows(kept)] == ["document", "document", "photo"]
    town.later(days=3)
    await town.app.worker().night()
    assert [row.kind for row in await town.rows(kept)] == ["photo"]
    lines = await town.rows(select(ListLine.body).order_by(ListLine.number))
    assert [row.body is None for row in lines] == [False, True]
