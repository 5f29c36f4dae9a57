"""A file is uploaded to Telegram once, and sent by Telegram's name for it from then on."""

import pytest

from bot.channels.telegram import uploaded
from bot.media import StoredFile
from handlers.messages import Outgoing
from tests.standins.telegram.client import Standin
from tests.standins.telegram.people import VOICE, picture

CHATS = ("71", "72", "73")
STORED = {
    "one": StoredFile(picture(), "image/jpeg", "photo"),
    "two": StoredFile(picture(60, 90), "image/jpeg", "photo"),
    "tall": StoredFile(picture(20, 900), "image/jpeg", "photo"),  # refused as a photograph
    "voice": StoredFile(VOICE, "audio/ogg", "voice"),
    "paper": StoredFile(b"%PDF-1.7", "application/pdf", "document", "Mau_01.pdf"),
}


@pytest.fixture
async def channel(make_channel, standin):
    for chat in CHATS:
        await standin.say(int(chat), "chào")
    return make_channel(stored=STORED)


async def to_all(channel, *media: str) -> None:
    for chat in CHATS:
        await channel.send(chat, Outgoing("Ngày 3/12", media=media), "k")


async def uploads(standin: Standin, method: str) -> list[bool]:
    """Whether each call carried a file."""
    return [bool(call["files"]) for call in await standin.calls(method)]


@pytest.mark.parametrize(
    ("file", "method", "kind"),
    [
        ("one", "sendPhoto", "photo"),
        ("voice", "sendVoice", "voice"),
        ("paper", "sendDocument", "document"),
    ],
)
async def test_the_second_recipient_gets_it_by_its_name(channel, standin, file, method, kind):
    await to_all(channel, file)
    first, *others = await standin.calls(method)
    [shown] = [one[kind] for one in await standin.answers(71) if kind in one]
    name = (shown[0] if kind == "photo" else shown)["file_id"]
    assert first["files"]
    assert [(one["files"], one["asked"][kind]) for one in others] == [([], name)] * 2
    for chat in CHATS:
        [shown] = [one[kind] for one in await standin.answers(int(chat)) if kind in one]
        assert (shown[0] if kind == "photo" else shown)["file_id"] == name


async def test_an_album_takes_along_only_what_is_new(channel, standin):
    await channel.send(CHATS[0], Outgoing("", media=("one",)), "k")
    await to_all(channel, "one", "two")
    assert [len(call["files"]) for call in await standin.calls("sendMediaGroup")] == [1, 0, 0]
    photos = [one["photo"] for one in await standin.answers(73) if "photo" in one]
    sizes = [(photo[0]["width"], photo[0]["height"]) for photo in photos]
    assert sizes == [(1280, 960), (60, 90)]


async def test_what_goes_as_a_document_is_uploaded_as_one_once(channel, standin):
    await to_all(channel, "tall")
    assert await uploads(standin, "sendPhoto") == [True]
    assert await uploads(standin, "sendDocument") == [True, False, False]


async def test_a_name_telegram_has_lost_is_uploaded_again(channel, standin):
    await to_all(channel, "one")
    await standin.faults(lost_files=True)
    await channel.send(CHATS[0], Outgoing("", media=("one",)), "k")
    await standin.faults(lost_files=False)
    await channel.send(CHATS[0], Outgoing("", media=("one",)), "k")
    assert await uploads(standin, "sendPhoto") == [True, False, False, False, True, False]
    assert len([one for one in await standin.answers(71) if "photo" in one]) == 3


async def test_somebody_gone_costs_no_upload(channel, standin):
    await channel.send(CHATS[0], Outgoing("", media=("one",)), "k")
    with pytest.raises(Exception, match="Chat not found"):
        await channel.send("999", Outgoing("", media=("one",)), "k")
    await channel.send(CHATS[1], Outgoing("", media=("one",)), "k")
    assert await uploads(standin, "sendPhoto") == [True, False, False]


async def test_not_more_names_are_kept_than_wanted(channel, standin, monkeypatch):
    monkeypatch.setattr(uploaded, "KEPT", 1)
    for file in ("one", "two", "one"):
        await channel.send(CHATS[0], Outgoing("", media=(file,)), "k")
    assert await uploads(standin, "sendPhoto") == [True, True, True]
