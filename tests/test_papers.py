"""Files made here: ordered once, made once, told once, whatever crashes in between."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from bot.media_jobs import NotYet
from bot.paper_jobs import TRIES
from handlers import papers
from handlers.desk import Desk
from handlers.papers import Made, NothingToMake, file_name
from models.cases import MediaFile
from models.conversations import Conversation
from tests.conversations.stories import picture


async def ordered(somebody, maker, **facts):
    """Order a file as a conversation would; give the id of what is waiting."""
    town = somebody.town
    chat_id = await town.one(
        select(Conversation.id).where(Conversation.address == somebody.address)
    )
    async with town.app.engine.begin() as db:
        desk = Desk(db, town.now(), town.app.world)
        await papers.order(desk, await desk.chat(chat_id), maker, **facts)
        await desk.clear()
    return [row.id.hex for row in await town.rows(waiting())]


def waiting():
    return select(MediaFile.id).where(MediaFile.making.is_not(None)).order_by(MediaFile.id)


def making(town, **makers):
    return replace(town.app.worker().make, makers=makers)


async def greeting(_desk, _chat, facts):
    return Made(f"a;{facts['who']}\n".encode, "Chao_2026.csv", "Đây ạ")


@pytest.fixture
async def reader(town):
    somebody = town.person("nguoi-doc")
    await somebody.says("/menu")
    await somebody.hears()
    return somebody


async def test_a_file_is_made_once_and_told_once(town, reader):
    [media_id] = await ordered(reader, "greeting", who="Bình")
    make = making(town, greeting=greeting)
    await asyncio.gather(*(make(media_id, tries=1) for _ in range(3)))
    [message] = await reader.unread()
    assert (message.text, message.media) == ("Đây ạ", (media_id,))
    file = await town.app.load_media(media_id)
    assert file.data == "a;Bình\n".encode()
    assert (file.mime, file.kind, file.name) == ("text/csv", "document", "Chao_2026.csv")
    assert await town.rows(waiting()) == []


async def test_an_order_is_committed_with_its_job(town, reader):
    [media_id] = await ordered(reader, "greeting", who="Bình")
    jobs = await town.rows(
        text(
            "SELECT convert_from(payload, 'UTF8') AS id FROM pgqueuer WHERE entrypoint='make_file'"
        )
    )
    assert [row.id for row in jobs] == [media_id]
    sealed = await town.one(text("SELECT making FROM media WHERE making IS NOT NULL"))
    assert "Bình".encode() not in sealed


async def test_the_same_order_twice_is_one(reader):
    await ordered(reader, "greeting", once="danh-sach-7", who="Bình")
    assert len(await ordered(reader, "greeting", once="danh-sach-7", who="Bình")) == 1


async def test_killed_between_storing_and_telling(town, reader):
    [media_id] = await ordered(reader, "greeting", who="Bình")
    await town.app.store.put(media_id, b"half of an earlier attempt")
    await making(town, greeting=greeting)(media_id, tries=1)
    assert len(await reader.unread()) == 1
    assert (await town.app.load_media(media_id)).data == "a;Bình\n".encode()


async def test_a_picture_is_shown_as_a_picture(town, reader):
    async def drawing(_desk, _chat, _facts):
        return Made(lambda: picture("PNG"), "Bieu-do.png", "Biểu đồ")

    [media_id] = await ordered(reader, "drawing")
    await making(town, drawing=drawing)(media_id, tries=1)
    assert (await town.app.load_media(media_id)).kind == "photo"


async def test_what_cannot_be_made_is_tried_again_and_then_said(town, reader):
    async def broken(_desk, _chat, _facts):
        raise ZeroDivisionError

    [media_id] = await ordered(reader, "broken")
    make = making(town, broken=broken)
    with pytest.raises(NotYet):
        await make(media_id, tries=1)
    assert await reader.hears() == ""
    await make(media_id, tries=TRIES)
    assert "chưa lập được tệp" in await reader.hears()
    await make(media_id, tries=TRIES)
    assert await reader.hears() == ""


async def test_what_is_gone_meanwhile_is_said(town, reader):
    async def gone(_desk, _chat, _facts):
        raise NothingToMake("Dạ, danh sách này không còn.")

    [media_id] = await ordered(reader, "gone")
    await making(town, gone=gone)(media_id, tries=1)
    assert await reader.hears() == "Dạ, danh sách này không còn."


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("Danh sách hộ", "Thôn Phước Thiện", "2026-11-25"),
         "Danh-sach-ho_Thon-Phuoc-Thien_2026-11-25.docx"),
        (("../../Đăk Hà", ""), "Dak-Ha.docx"),
    ],
)  # fmt: skip
def test_names_that_every_platform_takes(words, name):
    assert file_name("docx", *words) == name
