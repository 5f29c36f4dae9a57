"""Photographs, voice notes, albums, and files that cannot be kept."""

import io

import pytest
from PIL import Image
from pillow_heif import from_pillow
from sqlalchemy import select

from bot.channels.base import FetchFailed
from handlers.messages import Media
from models.cases import MediaFile
from tests.conversations.stories import (
    FakeChannel,
    case_of,
    flow,
    officer,
    picture,
    reported,
    reporting,
)

PHOTO = Media("photo", "p1", "image/jpeg")


async def photo(who, ref="p1", **more):
    await who.says(media=(Media("photo", ref, "image/jpeg"),), **more)


async def fetched(town, who, **files):
    """Let the worker fetch what was sent."""
    real = town.app.channels.get(who.channel)
    town.app.channels[who.channel] = FakeChannel(**files)
    rows = await town.rows(
        select(MediaFile.id).where(MediaFile.stored_at.is_(None), MediaFile.ref.in_(files))
    )
    for row in rows:
        await town.app.worker().fetch(row.id.hex, tries=1)
    if real is not None:
        town.app.channels[who.channel] = real


async def settled(who, album):
    """The two seconds after the last photograph of an album."""
    chat = await who.town.one(select(MediaFile.conversation_id).limit(1))
    await who.says(message_id=f"album:{chat}:{album}:{who.town.next_id()}", event="album_settled")


@pytest.mark.parametrize("channel", ["webchat", "telegram"])
async def test_an_album_is_one_answer(town, channel):
    citizen = await reporting(town, channel=channel)
    for number in range(3):
        await photo(citizen, f"p{number}", album="a1")
        assert await citizen.hears() == ""
    await settled(citizen, "a1")
    [message] = await citizen.unread()
    assert "đã nhận 3 ảnh" in message.text and "Ở thôn" in message.text
    case = await case_of(citizen)
    assert len(await town.rows(select(MediaFile).where(MediaFile.case_id == case["id"]))) == 3


async def test_the_words_under_an_album_are_heard(town):
    citizen = town.person("84900")
    await photo(citizen, "p1", album="a1", text="nhà tôi sập rồi ở xã Đông Sơn")
    await photo(citizen, "p2", album="a1")
    await settled(citizen, "a1")
    assert "nguy hiểm tính mạng" in await citizen.hears()
    assert await flow(citizen) == "report"


@pytest.mark.parametrize("kind", ["photo", "voice", "video"])
async def test_a_photograph_or_voice_without_a_word_first(town, kind):
    citizen = town.person("84900")
    await citizen.says(media=(Media(kind, "x1"),))
    assert "đã nhận ảnh, ghi âm" in await citizen.hears()
    await citizen.play("""
        > [Báo khó khăn]
        Gia đình gặp chuyện gì?
        > nhà sập
        > không
        > [Đồng ý]
        > Đông Sơn
        ✅ Đã ghi nhận, mã hồ sơ
    """)
    case = await case_of(citizen)
    assert len(await town.rows(select(MediaFile).where(MediaFile.case_id == case["id"]))) == 1


async def test_a_photograph_reaches_the_officer_after_the_card(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.hears()
    await photo(citizen)
    await citizen.hears()
    await citizen.says("[Thêm vào]")
    await citizen.hears()
    await citizen.says("[Xong]")
    assert "đã thêm vào hồ sơ" in await citizen.hears()
    assert "Người báo tin bổ sung" in await clerk.hears()
    await fetched(town, citizen, p1=picture())
    [message] = await clerk.unread()
    assert message.media and "Ảnh, ghi âm của hồ sơ" in message.text


async def test_nothing_added_is_nothing_changed(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.hears()
    await citizen.says(f"/them {citizen.code}")
    await citizen.hears()
    await citizen.says("[Xong]")
    assert "chưa có gì mới" in await citizen.hears()
    assert await clerk.hears() == ""


@pytest.mark.parametrize("fetched_when", ["before", "while_it_waits", "after"])
async def test_a_photograph_of_the_help_reaches_the_citizen_once(town, fetched_when):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.hears()
    await clerk.says("[Nhận]")
    await clerk.hears()
    await clerk.says("[Xác nhận]")
    assert citizen.code in await clerk.hears()
    await photo(clerk, "p9")
    assert "đã nhận 1 ảnh" in await clerk.hears()
    await citizen.hears()
    if fetched_when == "before":
        await fetched(town, clerk, p9=picture())
    await clerk.says("Hỗ trợ 40 triệu đồng, Điều 12 NĐ 335/2026/NĐ-CP")
    if fetched_when == "while_it_waits":
        await fetched(town, clerk, p9=picture())
    assert not await citizen.unread()
    await town.decisions_are_told()
    if fetched_when == "after":
        await fetched(town, clerk, p9=picture())
    messages = await citizen.unread()
    assert sum(len(message.media) for message in messages) == 1
    assert any("đã **xác nhận** hồ sơ" in message.text for message in messages)


async def test_files_that_cannot_be_kept_are_said_to_be(town):
    citizen = await reporting(town)
    before = await flow(citizen)
    await citizen.says(media=(Media("video", "big", "video/mp4", 30_000_000),))
    await citizen.hears()
    await fetched(town, citizen, big=FetchFailed("too large", retry=False))
    assert "quá lớn nên chưa nhận được" in await citizen.hears()
    await photo(citizen, "broken")
    await citizen.hears()
    await fetched(town, citizen, broken=picture()[:200])
    assert "bị hỏng, mở không được" in await citizen.hears()
    await citizen.says(media=(Media("other", "odd"),))
    await citizen.hears()
    await fetched(town, citizen, odd=b"MZ\x90\x00 not a picture")
    assert "loại tệp này chưa nhận được" in await citizen.hears()
    assert await flow(citizen) == before


async def test_a_video_of_thirty_megabytes(town):
    citizen = await reporting(town)
    await citizen.says(media=(Media("video", "big", "video/mp4", 30_000_000),))
    await citizen.hears()
    head = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
    await fetched(town, citizen, big=head + bytes(30_000_000))
    assert "quá lớn nên chưa nhận được" in await citizen.hears()


async def test_a_heic_photograph_is_kept(town):
    data = io.BytesIO()
    from_pillow(Image.new("RGB", (64, 48), "navy")).save(data, quality=80)
    citizen = await reporting(town)
    await citizen.says(media=(Media("document", "h1", "image/heic"),))
    await citizen.hears()
    await fetched(town, citizen, h1=data.getvalue())
    assert await citizen.hears() == ""
    [row] = await town.rows(select(MediaFile.mime, MediaFile.stored_at, MediaFile.refused))
    assert row.mime == "image/jpeg" and row.stored_at and row.refused is None


async def test_a_photograph_answers_the_officer(town):
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.hears()
    await clerk.says(f"/hoi {citizen.code} Cho xin tấm ảnh mái nhà")
    await citizen.hears()
    await photo(citizen)
    assert "đã chuyển câu trả lời cho cán bộ" in await citizen.hears()
    assert "Người báo tin trả lời" in await clerk.hears()
    assert (await case_of(citizen))["waiting_since"] is None
