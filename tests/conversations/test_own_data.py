"""What is held about a person: seen, taken along, erased; and what goes by itself in time."""

import io

import openpyxl
import pytest
from sqlalchemy import select, text

from bot.jobs import Worker
from models.base import Base
from models.cases import Case, CaseEvent, MediaFile
from models.conversations import Conversation, Received
from models.people import Consent, Person
from models.vault import Sealed
from tests.conversations.stories import case_of, officer, reported, reporting
from tests.people import Town


async def make_files(town: Town) -> None:
    """Build what was ordered, as the worker would."""
    for row in await town.rows(select(MediaFile.id).where(MediaFile.making.is_not(None))):
        await town.app.worker().make(row.id.hex, tries=1)


async def drop_files(town: Town) -> None:
    worker: Worker = town.app.worker()
    for row in await town.rows(
        text("SELECT payload FROM pgqueuer WHERE entrypoint = 'drop_file' AND status = 'queued'")
    ):
        await worker.fetch.store.delete(bytes(row.payload).decode())


async def photograph(town: Town, code: str) -> str:
    """A stored photograph of a case."""
    case = await town.one(select(Case.id).where(Case.code == code))
    chat = await town.one(select(Case.conversation_id).where(Case.code == code))
    media_id = "0" * 31 + "1"
    await town.app.store.put(media_id, b"picture")
    async with town.app.engine.begin() as db:
        await db.execute(
            MediaFile.__table__.insert().values(
                id=media_id,
                conversation_id=chat,
                case_id=case,
                kind="photo",
                ref="x",
                received_at=town.now(),
                stored_at=town.now(),
            )
        )
    return media_id


async def held(town: Town, case_id: int) -> list[str]:
    """Sealed columns that still hold something of a case, over all tables there are."""
    found = []
    for table in Base.metadata.sorted_tables:
        owner = table.c.id if table is Case.__table__ else table.c.get("case_id")
        for column in table.columns:
            if owner is not None and isinstance(column.type, Sealed):
                rows = await town.rows(select(column).where(owner == case_id))
                found += [f"{table.name}.{column.name}" for row in rows if row[0]]
    return found


async def test_a_copy_to_take_along(town):
    citizen = await reported(town)
    code = citizen.code
    await citizen.play("""
        > /riengtu
        Thông tin đang lưu
        Đông Sơn
        Hồ sơ đã báo: 1
        > [Lấy bản sao]
        đang được lập
        > /bansao
        đang được lập
    """)
    await citizen.hears()
    await make_files(town)
    [message] = await citizen.unread()
    assert "bản sao" in message.text
    file = await town.app.load_media(message.media[0])
    book = openpyxl.load_workbook(io.BytesIO(file.data))
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value]
    assert len(book.sheetnames) == 5
    assert any(code in cell for cell in cells)
    assert any("0912345678" in cell for cell in cells)
    assert any("nhà tôi sập rồi" in cell for cell in cells)


async def test_what_looks_like_a_formula_stays_text(town):
    citizen = await reported(town)
    await citizen.says("=HYPERLINK(0)")
    await citizen.says("/bansao")
    await citizen.hears()
    await make_files(town)
    [message] = await citizen.unread()
    file = await town.app.load_media(message.media[0])
    cells = [
        cell
        for sheet in openpyxl.load_workbook(io.BytesIO(file.data))
        for row in sheet
        for cell in row
        if str(cell.value).startswith("=HYPERLINK")
    ]
    assert [cell.data_type for cell in cells] == ["s"]


async def test_erasing_asks_first_and_spares_an_open_case(town):
    citizen = await reported(town)
    case = await case_of(citizen)
    await citizen.play("""
        > /xoadulieu
        không lấy lại được
        > [Không, giữ lại]
        Hồ sơ đã báo: 1
        > [Xoá thông tin của tôi]
        không lấy lại được
        > [Đúng, xoá hết]
        đã xoá
        Còn 1 hồ sơ đang giải quyết
    """)
    person = (
        await town.rows(
            select(Person.private, Person.phone_hash, Person.commune).where(
                Person.id == await citizen.person_id()
            )
        )
    )[0]
    assert tuple(person) == (None, None, None)
    assert await town.one(select(Case.details).where(Case.id == case["id"]))
    assert await town.one(select(Consent.id).where(Consent.withdrawn_at.is_(None))) is None
    said = await town.rows(
        select(Received.body)
        .join(Conversation, Conversation.id == Received.conversation_id)
        .where(Conversation.address == citizen.address)
    )
    assert [row.body for row in said if row.body and "sập" in str(row.body)] == []


async def test_an_erased_persons_case_goes_when_it_is_done(town):
    citizen = await reported(town)
    code = citizen.code
    case = await case_of(citizen)
    media_id = await photograph(town, code)
    await citizen.play("""
        > /xoadulieu chac
        Còn 1 hồ sơ
    """)
    staff = await officer(town)
    await citizen.says(f"/rut {code} chac")
    await town.run_jobs()
    await town.app.worker().night()
    await drop_files(town)
    assert await held(town, case["id"]) == []
    with pytest.raises(FileNotFoundError):
        await town.app.store.get(media_id)
    row = await case_of(citizen, code)
    assert row["emptied_at"] == town.now()
    assert (row["kinds"], row["commune"]) == (case["kinds"], case["commune"])
    await citizen.says(f"/xem {code}")
    assert code in await citizen.hears()  # what is left can still be shown
    await staff.says(f"/xem {code}")
    assert code in await staff.hears()


async def test_done_cases_are_emptied_after_their_time_and_open_ones_never(town):
    done, still = await reported(town, "84901"), await reported(town, "84902")
    await done.says(f"/rut {done.code} chac")
    first, second = await case_of(done), await case_of(still)
    town.later(days=729)
    await town.app.worker().night()
    assert await town.one(select(Case.details).where(Case.id == first["id"]))
    town.later(days=2)
    await town.run_jobs()
    await town.app.worker().night()
    assert await held(town, first["id"]) == []
    assert await town.one(select(Case.details).where(Case.id == second["id"]))
    assert await town.rows(select(CaseEvent.what).where(CaseEvent.case_id == first["id"]))


async def test_a_report_after_erasing_is_kept_like_any_other(town):
    citizen = await reporting(town)
    await citizen.says("/xoadulieu chac")
    town.later(hours=1)
    await citizen.hears()
    again = await reported(town)
    code = again.code
    await again.says(f"/rut {code} chac")
    town.later(days=1)
    await town.app.worker().night()
    assert await town.one(select(Case.details).where(Case.code == code))
