"""Messages as the Bot API is asked for them, and as people see them."""

import io
import json

import pytest
from PIL import Image

from bot.channels.base import FetchFailed, SendFailed
from bot.channels.telegram import TelegramChannel, show
from bot.media import XLSX, StoredFile
from handlers.messages import Button, Media, Outgoing, Position
from tests.standins.telegram.client import TOKEN, Standin
from tests.standins.telegram.people import VOICE, picture

CHAT = 71
STORED = {
    "p": StoredFile(picture(), "image/jpeg", "photo"),
    "tall": StoredFile(
        picture(20, 900), "image/jpeg", "photo"
    ),  # Telegram refuses it as a photograph
    "v": StoredFile(VOICE, "audio/ogg", "voice"),
    "w": StoredFile(b"\x1aE\xdf\xa3 webm", "audio/webm", "voice"),
    "d": StoredFile(b"%PDF-1.7", "application/pdf", "document"),
    "x": StoredFile(b"PK", XLSX, "document", "Danh-sach_Phuoc-Thien.xlsx"),
}
YES_NO = (Button("danger:yes", "Có"), Button("danger:no", "Không"))


@pytest.fixture
async def channel(make_channel, standin):
    await standin.say(CHAT, "chào")
    return make_channel(stored=STORED)


async def shown(standin: Standin) -> list[dict]:
    return await standin.answers(CHAT)


async def test_text_is_escaped_and_bold_is_bold(channel, standin):
    sent = await channel.send(str(CHAT), Outgoing("**Mã <QN>** & </b> **hở"), "k")
    [message] = await shown(standin)
    assert message["text"] == "Mã <QN> & </b> **hở"
    assert message["entities"] == [{"type": "b", "offset": 0, "length": 7}]
    assert sent == str(message["message_id"])


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (["Có", "Không", "Chưa rõ"], [["Có", "Không", "Chưa rõ"]]),
        (["Có", "Không", "Chưa rõ", "Khác"], [["Có", "Không", "Chưa rõ"], ["Khác"]]),
        (["Nhà bị tốc mái", "Lũ, ngập lụt"], [["Nhà bị tốc mái", "Lũ, ngập lụt"]]),
        (["Có", "Nhà bị tốc mái", "Khác"], [["Có", "Nhà bị tốc mái"], ["Khác"]]),
        (["Có", "Nhà hư hỏng nặng không ở được", "Khác"],
         [["Có"], ["Nhà hư hỏng nặng không ở được"], ["Khác"]]),
    ],
)  # fmt: skip
async def test_buttons_are_laid_out_for_a_telephone(channel, standin, labels, rows):
    buttons = tuple(Button(f"t:{number}", label) for number, label in enumerate(labels))
    await channel.send(str(CHAT), Outgoing("Chọn", buttons), "k")
    [message] = await shown(standin)
    assert message["rows"] == rows
    assert [button["token"] for button in message["buttons"]] == [b.token for b in buttons]


async def test_buttons_without_words_still_get_a_message(channel, standin):
    await channel.send(str(CHAT), Outgoing("  ", YES_NO), "k")
    [message] = await shown(standin)
    assert message["text"] == "…"


async def test_files_position_and_code_come_before_the_words(channel, standin):
    message = Outgoing(
        "Xem trên",
        YES_NO,
        media=("p", "v", "d", "w"),
        position=Position(15.1, 108.8),
        qr="https://t.me/standin_bot?start=7K3M9",
    )
    sent = await channel.send(str(CHAT), message, "k")
    seen = await shown(standin)
    kinds = ("photo", "voice", "document", "location", "text")
    assert [kind for m in seen for kind in kinds if kind in m] == [
        "photo", "voice", "document", "document", "location", "photo", "text",
    ]  # fmt: skip
    assert seen[5]["caption"] == message.qr
    code = await standin.file(seen[5]["photo"][0]["file_id"])
    assert Image.open(io.BytesIO(code)).format == "PNG"
    assert await standin.file(seen[1]["voice"]["file_id"]) == VOICE
    assert sent == str(seen[-1]["message_id"])


async def test_a_file_alone_needs_no_words(channel, standin):
    await channel.send(str(CHAT), Outgoing("", media=("p",)), "k")
    assert [set(m) & {"photo", "text"} for m in await shown(standin)] == [{"photo"}]


async def test_many_photographs_become_albums_of_ten(channel, standin):
    await channel.send(str(CHAT), Outgoing("Ảnh", media=("p",) * 12), "k")
    groups = [m.get("media_group_id") for m in await shown(standin)]
    assert [groups.count(group) for group in dict.fromkeys(groups)] == [10, 2, 1]


async def test_a_refused_photograph_goes_as_a_document(channel, standin):
    await channel.send(str(CHAT), Outgoing("Ảnh", media=("tall",)), "k")
    first, last = await shown(standin)
    assert first["document"]["file_name"] == "photo.jpg" and last["text"] == "Ảnh"


async def test_a_document_goes_under_its_own_name(channel, standin):
    await channel.send(str(CHAT), Outgoing("Danh sách", media=("x",)), "k")
    first, _ = await shown(standin)
    assert first["document"]["file_name"] == "Danh-sach_Phuoc-Thien.xlsx"


async def test_a_refused_album_goes_as_documents(channel, standin):
    await channel.send(str(CHAT), Outgoing("Ảnh", media=("p", "tall", "p")), "k")
    assert [m.get("document", {}).get("file_name") for m in await shown(standin)] == [
        *["photo.jpg"] * 3,
        None,
    ]


async def test_a_file_deleted_meanwhile_does_not_hold_the_words(channel, standin):
    await channel.send(str(CHAT), Outgoing("Còn đây", media=("gone",)), "k")
    assert [m["text"] for m in await shown(standin)] == ["Còn đây"]


async def test_a_number_is_asked_for_below_the_buttons_and_the_key_goes_away(channel, standin):
    await channel.send(str(CHAT), Outgoing("Số điện thoại?", YES_NO, wants="contact"), "k")
    first, second = await shown(standin)
    assert first["buttons"] and "số điện thoại" in second["text"]
    keyboard = (await standin.chat(CHAT))["keyboard"]
    assert keyboard["keyboard"] == [
        [{"text": "📱 Gửi số điện thoại của tôi", "request_contact": True}]
    ]
    assert keyboard["one_time_keyboard"] and keyboard["resize_keyboard"]
    await channel.send(str(CHAT), Outgoing("Cảm ơn"), "k")
    assert (await standin.chat(CHAT))["keyboard"] is None


async def test_a_position_is_asked_for_on_the_message_itself(channel, standin):
    await channel.send(str(CHAT), Outgoing("Ở đâu?", wants="position", locale="vi"), "k")
    [message] = await shown(standin)
    assert message["text"] == "Ở đâu?"
    [[key]] = (await standin.chat(CHAT))["keyboard"]["keyboard"]
    assert key["request_location"] is True


async def test_four_thousand_emoji_arrive_whole(channel, standin):
    await channel.send(str(CHAT), Outgoing("🌊" * 4000, YES_NO), "k")
    seen = await shown(standin)
    assert "".join(m["text"] for m in seen) == "🌊" * 4000
    assert [bool(m.get("buttons")) for m in seen] == [False] * (len(seen) - 1) + [True]


async def test_a_text_at_the_limit_full_of_marks_arrives_whole(channel, standin):
    await channel.send(str(CHAT), Outgoing("<&>" * (show.TEXT // 3)), "k")
    [message] = await shown(standin)
    assert message["text"] == "<&>" * (show.TEXT // 3)


async def test_a_role_gets_its_menu(channel, standin):
    await channel.send(str(CHAT), Outgoing("Chào cán bộ", menu="officer"), "k")
    assert (await standin.chat(CHAT))["commands"] == [
        {"command": "hangdoi", "description": "Hàng đợi của xã"}
    ]
    await channel.send(str(CHAT), Outgoing("Thôi vai trò", menu="nobody"), "k")
    assert (await standin.chat(CHAT))["commands"] is None


async def test_a_server_without_menus_is_survived(channel, standin):
    await standin.faults(missing=["setMyCommands"])
    assert await channel.send(str(CHAT), Outgoing("Chào", menu="officer"), "k")


async def failure(channel: TelegramChannel, chat: int = CHAT, **message: object) -> SendFailed:
    with pytest.raises(SendFailed) as raised:
        await channel.send(str(chat), Outgoing(**{"text": "x", **message}), "k")
    return raised.value


async def test_a_flooded_chat_waits_as_long_as_told(channel, standin):
    await standin.faults(flood_chats={str(CHAT): {"retry_after": 17, "times": 1}})
    failed = await failure(channel)
    assert (failed.retry, failed.retry_after, failed.gone) == (True, 17.0, False)
    assert await channel.send(str(CHAT), Outgoing("x"), "k")


async def test_whoever_blocked_the_bot_is_gone(channel, standin):
    await standin.say(CHAT, block=True)
    failed = await failure(channel)
    assert (failed.retry, failed.gone) == (False, True)
    assert failed.reason == "Forbidden: Forbidden: bot was blocked by the user"


async def test_a_chat_that_never_was_is_gone(channel):
    failed = await failure(channel, chat=999)
    assert (failed.retry, failed.gone) == (False, True)


async def test_a_message_telegram_cannot_read_is_not_tried_again(channel):
    failed = await failure(channel, buttons=(Button("x" * 65, "Có"),))
    assert (failed.retry, failed.gone) == (False, False)


async def test_a_broken_server_is_tried_again(channel, standin):
    await standin.faults(errors=1)
    failed = await failure(channel)
    assert (failed.retry, failed.gone) == (True, False)


async def test_a_server_that_is_away_is_tried_again(make_channel):
    channel = make_channel()
    channel._client._base_url = "http://127.0.0.1:9/bot1:x"  # noqa: SLF001 - nobody listens there
    assert (await failure(channel)).retry


async def test_a_wrong_token_leaves_messages_for_later(standin, make_channel):
    channel = make_channel()
    channel._client._base_url = f"{standin.base}/bot1:wrong"  # noqa: SLF001
    failed = await failure(channel)
    assert (failed.retry, failed.gone) == (True, False)
    assert "wrong" not in failed.reason


async def test_a_later_part_is_tried_again_without_the_first(channel, standin):
    await standin.faults(flood_methods={"sendmessage": {"retry_after": 1, "times": 1}})
    await channel.send(str(CHAT), Outgoing("Xem ảnh", media=("p",)), "k")
    assert len(await standin.calls("sendPhoto")) == 1
    assert [set(m) & {"photo", "text"} for m in await shown(standin)] == [{"photo"}, {"text"}]


async def test_a_later_part_is_not_waited_for_long(channel, standin):
    await standin.faults(flood_methods={"sendmessage": {"retry_after": 40, "times": 1}})
    failed = await failure(channel, media=("p",))
    assert (failed.retry, failed.retry_after) == (True, 40.0)


async def test_a_file_is_fetched(channel, standin):
    data = picture(640, 480)
    await standin.say(CHAT, photo=True)
    [update] = [m for m in (await standin.chat(CHAT))["messages"] if "photo" in m]
    ref = update["photo"][0]["file_id"]
    assert await channel.fetch(Media("photo", ref)) == picture(90, 60) != data


@pytest.mark.parametrize("told", [True, False])
async def test_thirty_megabytes_are_refused_before_they_are_fetched(channel, standin, told):
    size = 30 * 1024 * 1024
    await standin.say(CHAT, video={"size": size})
    ref = (await standin.chat(CHAT))["messages"][-1]["video"]["file_id"]
    with pytest.raises(FetchFailed) as failed:
        await channel.fetch(Media("video", ref, size=size if told else None))
    assert (failed.value.reason, failed.value.retry) == ("too_large", False)


@pytest.mark.parametrize(("errors", "ref", "retry"), [(1, None, True), (0, "unknown", False)])
async def test_a_file_that_cannot_be_had(channel, standin, errors, ref, retry):
    await standin.say(CHAT, voice=True)
    known = (await standin.chat(CHAT))["messages"][-1]["voice"]["file_id"]
    await standin.faults(errors=errors)
    with pytest.raises(FetchFailed) as failed:
        await channel.fetch(Media("voice", ref or known))
    assert failed.value.retry is retry


async def test_the_bot_knows_its_name(channel, standin):
    await standin.faults(missing=["getMe"])
    assert await channel.username() is None
    await standin.faults(missing=[])
    assert await channel.username() == "standin_bot"


async def test_nothing_of_a_message_reaches_the_log(channel, standin, caplog, capsys):
    await standin.faults(errors=1)
    caplog.set_level("DEBUG")
    await failure(channel, text="bí mật 0905123456")
    seen = caplog.text + "".join(capsys.readouterr())
    assert "bí mật" not in seen and TOKEN not in seen and json.dumps("bí mật")[1:-1] not in seen


async def test_a_newer_version_is_shown_in_the_place_of_the_older(channel, standin):
    first = await channel.send(str(CHAT), Outgoing("Đã gửi 10 / 100", YES_NO), "k1")
    again = Outgoing("Đã gửi **60** / 100", replaces=first)
    assert await channel.send(str(CHAT), again, "k2") == first
    assert await channel.send(str(CHAT), again, "k3") == first  # not modified: nothing to do
    [message] = await shown(standin)
    assert message["text"] == "Đã gửi 60 / 100"
    assert message["buttons"] == []


async def test_a_version_that_cannot_be_replaced_is_a_message_of_its_own(channel, standin):
    deleted = Outgoing("Xong", replaces="999999999")
    sent = await channel.send(str(CHAT), deleted, "k1")
    pictured = await channel.send(str(CHAT), Outgoing("Hình", media=("p",), replaces=sent), "k2")
    assert [m.get("text") or "photo" for m in await shown(standin)] == ["Xong", "photo", "Hình"]
    assert pictured != sent
