"""What is Zalo's own: windows, buttons and numbers, files, receipts, people who take over."""

import base64
import io
import os
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select, update

from bot.channels.base import SendFailed
from bot.channels.zalo import show
from bot.media import StoredFile
from handlers.messages import Button, Outgoing
from models.cases import Case, MediaFile
from models.conversations import Conversation, Received
from models.outbox import Outbox
from models.people import Role
from models.zalo import PositionLink, ZaloEvent, ZaloUser
from tests.faults.reports import almost_sent
from tests.zalo_town import OnZalo, ZaloTown


@pytest.fixture
def town(zalo_town: ZaloTown) -> ZaloTown:
    return zalo_town


async def last(who: OnZalo) -> dict:
    return (await who.screen())[-1]


def picture(side: int = 60, *, noise: bool = False) -> bytes:
    out = io.BytesIO()
    made = Image.new("RGB", (side, side), (90, 120, 150))
    if noise:
        made = Image.frombytes("RGB", (side, side), os.urandom(3 * side * side))
    made.save(out, "JPEG", quality=95)
    return out.getvalue()


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def send(town: ZaloTown, who: OnZalo, message: Outgoing, key: str = "k") -> str:
    return await town.channel.send(who.address, message, key)


async def test_following_is_a_greeting_and_a_tap_says_its_label_again(town):
    citizen = town.person("b1")
    await citizen.does(follow=True)
    await citizen.hears()
    greeting = await last(citizen)
    assert "kênh tự động" in greeting["text"] and "**" not in greeting["text"]
    assert 1 <= len(greeting["taps"]) <= 5
    await citizen.presses("Báo khó khăn")
    assert (await citizen.hears()).startswith("▸ 📝 Báo khó khăn\n\n")


async def test_danger_is_answered_before_any_label_is_repeated(town):
    citizen = town.person("b1")
    await citizen.says("nhà tôi sập")
    await citizen.hears()
    await citizen.presses("Có")
    heard = await citizen.hears()
    assert heard.startswith("🆘")


async def test_many_choices_are_numbered_and_what_steers_stays_a_button(town):
    citizen = town.person("b1")
    await citizen.says("/baotin")
    await citizen.hears()
    asked = await last(citizen)
    assert "1. " in asked["text"] and "Gõ số để chọn" in asked["text"]
    assert any("Huỷ" in one["title"] for one in asked["taps"])
    await citizen.says("1")
    assert (await citizen.hears()).startswith("▸ ")


async def test_a_long_list_comes_in_pages_whose_numbers_go_on(town):
    citizen = town.person("b1")
    await citizen.says("chào")
    await citizen.hears()
    buttons = tuple(Button(f"c:xem:{number}", f"Hồ sơ {number}") for number in range(1, 29))
    await send(town, citizen, Outgoing("Chọn:", buttons))
    first = await last(citizen)
    assert "12. Hồ sơ 12" in first["text"] and "13." not in first["text"]
    await citizen.does(press="Xem thêm")
    second = await last(citizen)
    assert second["text"].count("\n") > 10 and "13. Hồ sơ 13" in second["text"]
    await citizen.does(press="Xem thêm")
    assert "28. Hồ sơ 28" in (await last(citizen))["text"]
    assert not any("Xem thêm" in one["title"] for one in (await last(citizen))["taps"])
    await citizen.says("27")
    body = await town.one(select(Received.body).order_by(Received.id.desc()).limit(1))
    assert body["button"] == "c:xem:27"


async def test_a_number_after_newer_buttons_is_a_number_again(town):
    citizen = town.person("b1")
    await citizen.says("/menu")
    await citizen.hears()
    await send(town, citizen, Outgoing("Có mấy người?", (Button("c:huy", "Huỷ"),)))
    await citizen.says("4")
    body = await town.one(select(Received.body).order_by(Received.id.desc()).limit(1))
    assert body == {"text": "4"}


@pytest.mark.parametrize("shape", ["button", "list"])
async def test_a_shape_that_is_refused_becomes_numbers(town, shape):
    citizen = town.person("b1")
    await citizen.says("chào")
    await citizen.hears()
    await town.oa.change(shapes=[shape])  # not the one that is set
    await send(
        town, citizen, Outgoing("Chọn:", (Button("c:hoso", "Hồ sơ"), Button("c:sos", "SOS")))
    )
    shown = await last(citizen)
    assert shown["taps"] == [] and "1. Hồ sơ\n2. SOS" in shown["text"]
    await citizen.says("1")
    assert "chưa có hồ sơ" in await citizen.hears()


@pytest.mark.parametrize("shape", ["button", "list"])
async def test_every_shape_is_taken_by_whoever_knows_it(town, shape):
    steps = show.steps(
        Outgoing("Chọn:\nmột trong hai", (Button("c:hoso", "Hồ sơ"),)), (), None, shape=shape
    )
    citizen = town.person("b1")
    await citizen.says("chào")
    await town.oa.change(shapes=[shape])
    await town.channel.client.say("b1", steps[0].body, first=True)
    assert [one["title"] for one in (await last(citizen))["taps"]] == ["Hồ sơ"]


async def test_a_silent_person_is_written_to_only_inside_the_window(town):
    citizen = town.person("b1")
    await citizen.says("chào")
    await citizen.hears()
    town.later(hours=47)
    await town.oa.change(clock=town.stamp())
    assert await send(town, citizen, Outgoing("trong 48 giờ"))
    town.later(hours=2)
    await town.oa.change(clock=town.stamp())
    with pytest.raises(SendFailed) as failed:
        await send(town, citizen, Outgoing("sau 48 giờ"))
    assert failed.value.mailbox and not failed.value.retry
    assert (await town.oa.state())["counts"].get("billed", 0) == 0


async def test_paid_messages_go_up_to_seven_days_and_no_further(town):
    object.__setattr__(town.channel._outbound._config, "paid", True)  # noqa: SLF001 - a setting
    citizen = town.person("b1")
    await citizen.says("chào")
    await citizen.hears()
    await town.oa.change(billing=True)
    town.later(days=6)
    await town.oa.change(clock=town.stamp())
    assert await send(town, citizen, Outgoing("sáu ngày"))
    assert (await town.oa.state())["counts"]["billed"] == 1
    await town.oa.change(billing=False)  # the account is empty: it waits, and somebody is told
    with pytest.raises(SendFailed) as failed:
        await send(town, citizen, Outgoing("hết tiền"))
    assert failed.value.mailbox
    town.later(days=2)
    with pytest.raises(SendFailed) as failed:
        await send(town, citizen, Outgoing("tám ngày"))
    assert failed.value.reason == "window closed"


@pytest.mark.parametrize("by", ["uid", "phone"])
async def test_a_template_knocks_once_and_the_answer_waits_for_the_reply(town, by):
    config = town.channel._outbound._config  # noqa: SLF001 - settings
    for name, value in {"template_id": "7895", "template_by": by,
                        "template_data": {"ma_ho_so": "{code}"}}.items():  # fmt: skip
        object.__setattr__(config, name, value)
    clerk = town.person("can-bo", "webchat")
    officer = await town.staff("can-bo-2", Role.OFFICER)
    citizen = await almost_sent(town, "b1", "zalo")
    await citizen.presses("Gửi")
    await citizen.hears()
    del clerk
    code = citizen.code
    town.later(days=3)
    await officer.says(f"/nhan {code}")
    await officer.says(f"/hoi {code} nhà còn ai không?")
    await town.deliver("b1")
    knocks = [one for one in (await town.oa.state())["calls"] if "template" in one]
    knocks += [one for one in await citizen.screen() if one["kind"] == "template"]
    assert len(knocks) == 1
    told = knocks[0].get("template", knocks[0])
    assert told["template_data"] == {"ma_ho_so": code}
    await officer.hears()
    await officer.play(f"""
        > {code}
        Chưa báo được qua Zalo
        Đã gửi mẫu tin Zalo mời người dân nhắn lại
    """)
    await citizen.says("xem")
    await town.deliver("b1")
    texts = [one["text"] for one in await citizen.screen() if one["kind"] == "text"]
    assert any("nhà còn ai không?" in text for text in texts[-3:])


async def test_a_refusal_230_is_the_mailbox_too(town):
    citizen = town.person("b1")
    await citizen.says("chào")
    await town.oa.change(by_user={"b1": -230})
    await town.deliver("b1")
    kept = await town.one(select(func.count()).select_from(Outbox).where(Outbox.mailbox))
    assert kept == 1
    await town.oa.change(by_user={})
    await citizen.says("xin chào")
    await town.deliver("b1")
    assert len(await citizen.screen()) == 2


async def test_receipts_are_noted_even_before_their_message_is_known(town):
    citizen = town.person("b1")
    await citizen.says("chào")
    await citizen.hears()
    shown = await last(citizen)
    town.later(minutes=1)
    from_oa = {"recipient": {"id": "b1"}, "sender": {"id": "388613280878808645"}}
    for name, message in (
        ("user_received_message", {"msg_id": shown["id"]}),
        ("user_seen_message", {"msg_ids": ["unknown", shown["id"]]}),
    ):
        event = {"event_name": name, "message": message, **from_oa}
        assert (await town.oa.say("b1", at=town.stamp(), event=event))["status"] == 200
    await town.work("b1#receipts")
    [row] = await town.rows(
        select(Outbox.delivered_at, Outbox.seen_at).where(Outbox.platform_id == shown["id"])
    )
    assert row.delivered_at == row.seen_at == town.time


async def test_somebody_in_the_oas_own_tool_takes_over_and_gives_back(town):
    citizen = town.person("b1")
    await citizen.says("nhà tôi tốc mái rồi")
    await citizen.hears()
    await citizen.does(human="Chào bà, tôi là cán bộ xã đây")
    await citizen.says("dạ chào cán bộ")
    assert await citizen.hears() == ""
    await citizen.says("nước cuốn trôi con tôi rồi cứu với")
    assert (await citizen.hears()).startswith("🆘")
    await citizen.presses("Không")  # a button is meant for the service
    assert await citizen.hears() != ""
    await citizen.does(human="bot")
    await citizen.says("dong son")
    assert await citizen.hears() != ""
    await citizen.does(human="tôi hỏi thêm")
    town.later(minutes=31)
    await citizen.says("0")
    assert await citizen.hears() != ""


async def test_staff_give_a_chat_back_by_command(town):
    officer = await town.staff("can-bo", Role.OFFICER)
    citizen = await almost_sent(town, "b1", "zalo")
    await citizen.presses("Gửi")
    await citizen.hears()
    await citizen.does(human="tôi nghe")
    await officer.hears()
    await officer.play(f"""
        > botlai {citizen.code}
        trả lời lại người dân
    """)
    assert await town.one(
        select(Conversation.paused_until).where(Conversation.address == "b1")
    ) is None  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["nhận {code}", "nhan {code}", "NHẬN {code}", "/nhận {code}", "take {code}"]
)
async def test_officers_type_commands_with_or_without_slash_and_marks(town, typed):
    officer = await town.staff("can-bo", Role.OFFICER)
    citizen = await almost_sent(town, "b1", "zalo")
    await citizen.presses("Gửi")
    await citizen.hears()
    await officer.hears()
    await officer.says(typed.format(code=citizen.code))
    assert "đã nhận hồ sơ này" in await officer.hears()


async def test_an_answer_in_words_is_no_command(town):
    officer = await town.staff("can-bo", Role.OFFICER)
    citizen = await almost_sent(town, "b1", "zalo")
    await citizen.presses("Gửi")
    await citizen.hears()
    await officer.says(f"hoi {citizen.code}")
    assert "Hỏi người báo tin điều gì" in await officer.hears()
    await officer.says("nhận gạo chưa bà?")
    await officer.hears()
    assert "nhận gạo chưa bà?" in await citizen.hears()


async def test_staff_are_asked_to_write_before_their_window_closes(town):
    officer = await town.staff("can-bo", Role.OFFICER)
    citizen = town.person("b1")
    await citizen.says("chào")
    await citizen.hears()
    town.later(hours=41)
    await town.oa.change(clock=town.stamp())
    await town.channel.minute()
    await town.channel.minute()
    heard = [message.text for message in await officer.unread()]
    assert len(heard) == 1 and "lâu chưa thấy tin" in heard[0]
    assert await citizen.hears() == ""


async def test_a_photograph_comes_in_by_its_address_which_is_not_written_down(town):
    citizen = await almost_sent(town, "b1", "zalo")
    await citizen.does(image=coded(picture()), text="nhà tôi đây")
    row = (await town.rows(select(MediaFile.id, MediaFile.ref).order_by(MediaFile.ref)))[-1]
    assert "http" not in row.ref
    await town.app.worker().fetch(row.id.hex, tries=1)
    assert await town.one(select(MediaFile.stored_at).where(MediaFile.id == row.id)) is not None


async def test_photographs_within_seconds_are_one_album(town):
    citizen = await almost_sent(town, "b1", "zalo")
    for number in range(3):
        await citizen.does(image=coded(picture()))
        town.later(seconds=1.2)
        assert number < 3 and await citizen.hears() == ""
    town.later(seconds=10)
    await citizen.does(image=coded(picture()))
    bodies = [row.body for row in await town.rows(select(Received.body).order_by(Received.id))]
    albums = [one["album"] for one in bodies if one and "album" in one]
    assert len(albums) == 4 and len(set(albums)) == 2


@pytest.mark.parametrize(
    "address",
    ["http://photo.zdn.vn/a.jpg", "https://zdn.vn.evil.example/a", "https://evil.example/a.jpg",
     "https://photo.zdn.vn:8443/a", "https://me@photo.zdn.vn/a", "file:///etc/passwd",
     "https://169.254.169.254/", "", "https://"],
)  # fmt: skip
def test_nothing_is_fetched_from_anywhere_else(town, address):
    files = town.channel._files  # noqa: SLF001 - the rule itself
    files._hosts = ("*.zdn.vn", "*.zadn.vn", "*.zalo.me")  # noqa: SLF001
    assert not files.allowed(address)
    assert files.allowed("https://photo-stal-1.zdn.vn/sample.jpg")


async def test_a_redirection_to_somewhere_else_is_not_followed(town):
    citizen = town.person("b1")
    payload = {"url": f"{town.oa.base}/files/elsewhere"}
    message = {"msg_id": "m1", "attachments": [{"type": "image", "payload": payload}]}
    event = {"event_name": "user_send_image", "message": message}
    await town.oa.say("b1", at=town.stamp(), event=event)
    await town.work("b1")
    media_id = await town.one(select(MediaFile.id))
    await town.app.worker().fetch(media_id.hex, tries=1)
    assert await town.one(select(MediaFile.refused)) == "not_to_be_had"
    assert "chưa tải về được" in await citizen.hears()


async def test_a_large_picture_is_made_small_and_uploaded_once(town):
    citizen = town.person("b1")
    await citizen.says("chào")
    await citizen.hears()
    large = StoredFile(picture(1400, noise=True), "image/jpeg", "photo")
    assert len(large.data) > 1_000_000

    async def load(_: str) -> StoredFile:
        return large

    town.channel._outbound._load = load  # noqa: SLF001 - where stored files come from
    for _ in range(2):
        await send(town, citizen, Outgoing("Ảnh", media=("a" * 32,)))
    state = await town.oa.state()
    assert state["counts"]["uploads"] == 1
    [upload] = state["uploads"].values()
    assert upload["size"] <= 1_000_000 and upload["name"].isascii()
    await town.oa.change(uploads_die=True)
    await send(town, citizen, Outgoing("Ảnh", media=("a" * 32,)))
    assert (await town.oa.state())["counts"]["uploads"] == 2
    assert [one["kind"] for one in await citizen.screen()][-6:] == ["image", "text"] * 3


async def test_what_zalo_does_not_carry_is_named_and_the_words_arrive(town):
    citizen = town.person("b1")
    await citizen.says("chào")
    await citizen.hears()

    async def load(name: str) -> StoredFile:
        if name.startswith("p"):
            return StoredFile(b"%PDF-1.7 x", "application/pdf", "document", "Quyết định.pdf")
        return StoredFile(b"OggS", "audio/ogg", "voice")

    town.channel._outbound._load = load  # noqa: SLF001
    await send(town, citizen, Outgoing("Đây ạ", media=("v", "p"), qr="https://x.vn/?start=a"))
    kinds = [one["kind"] for one in await citizen.screen()][-3:]
    assert kinds == ["file", "image", "text"]
    assert "Có 1 ghi âm, video" in (await last(citizen))["text"]


async def test_the_telephone_is_asked_for_with_zalos_own_form(town):
    citizen = town.person("b1")
    await citizen.says("chào")
    await citizen.hears()
    sent = await send(town, citizen, Outgoing("Số?", (Button("c:huy", "Huỷ"),), wants="contact"))
    text, form = (await citizen.screen())[-2:]
    assert (text["id"], form["kind"]) == (sent, "form")
    await town.oa.change(cards=False)  # it is refused: the question stands all the same
    assert await send(town, citizen, Outgoing("Số?", wants="contact"), "k2")


async def test_a_page_tells_the_position_once_and_names_nobody(town):
    object.__setattr__(town.channel._positions, "_public", town.base)  # noqa: SLF001 - a setting
    citizen = town.person("b1")
    await citizen.says("nhà tôi tốc mái rồi")
    for said in ("khong", "[Đồng ý]"):
        await citizen.hears()
        await citizen.says(said)
    await citizen.hears()
    [url] = [one["payload"]["url"] for one in (await last(citizen))["taps"]
             if one["type"] == "oa.open.url"]  # fmt: skip
    assert "b1" not in url and "vi-tri" in url
    http = town.channel.client.http
    async with http.get(url) as answer:
        page = await answer.text()
        assert answer.status == 200 and "112" in page
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    async with http.get(f"{town.base}/vi-tri/{'A' * 40}") as answer:
        assert answer.status == 404
    for wrong in (b"{}", b'{"lat": 99, "lon": 1}', b'{"lat": "NaN", "lon": 1}', b"x"):
        async with http.post(url, data=wrong) as answer:
            assert answer.status == 400
    for status in (200, 410):
        async with http.post(url, data=b'{"lat": 15.12, "lon": 108.81}') as answer:
            assert answer.status == status
    assert "theo vị trí" in await citizen.hears()
    used = select(func.count()).select_from(PositionLink).where(PositionLink.used_at.is_not(None))
    assert await town.one(used) == 1
    town.later(days=2)
    await town.channel._positions.sweep()  # noqa: SLF001
    assert await town.one(select(func.count()).select_from(PositionLink)) == 0


async def test_unfollowing_does_not_stop_the_answer_to_a_case(town):
    citizen = town.person("b1")
    await citizen.says("chào")
    await citizen.hears()
    await citizen.does(follow=False)
    assert await town.one(select(ZaloUser.follows)) is False
    assert await send(town, citizen, Outgoing("vẫn trả lời được"))


async def test_late_events_are_taken_in_by_the_time_they_were_sent(town):
    citizen = town.person("b1")
    await citizen.says("chào")
    await citizen.hears()
    now = town.stamp()
    for text, at in (("hai", now + 2000), ("ba", now + 3000), ("một", now + 1000)):
        await town.oa.say("b1", text, timestamp=at, at=now + 5000)
    town.later(seconds=5)
    await town.work("b1")
    bodies = await town.rows(select(Received.body).order_by(Received.id))
    assert [row.body["text"] for row in bodies][-3:] == ["một", "hai", "ba"]


async def test_an_event_that_comes_twice_is_one(town):
    await town.oa.change(double=1.0, echo=True)
    citizen = town.person("b1")
    await citizen.says("chào")
    await citizen.hears()
    assert await town.one(select(func.count()).select_from(Received)) == 1
    assert await town.one(
        select(func.count()).select_from(ZaloEvent).where(ZaloEvent.user_id == "b1")
    ) == 1  # fmt: skip


async def test_an_event_we_cannot_handle_does_not_hold_up_the_next(town, monkeypatch):
    citizen = town.person("b1")
    await town.oa.say("b1", "một", at=town.stamp())
    async with town.app.engine.begin() as db:
        await db.execute(update(ZaloEvent).values(tries=4))

    async def broken(_: object) -> None:
        raise ValueError("ours")

    monkeypatch.setattr(town.channel._inbox, "_said", broken)  # noqa: SLF001
    with pytest.raises(Exception, match="event failed"):
        await town.work("b1")
    monkeypatch.undo()
    await citizen.says("hai")
    assert await citizen.hears() != ""


async def test_events_without_a_job_are_woken(town):
    await town.oa.say("b1", "một", at=town.stamp())
    async with town.app.engine.begin() as db:
        await db.exec_driver_sql("DELETE FROM pgqueuer")
        await db.execute(update(ZaloEvent).values(received_at=town.time - timedelta(minutes=5)))
    await town.channel._inbox.wake_forgotten()  # noqa: SLF001
    await town.channel._inbox.wake_forgotten()  # noqa: SLF001
    async with town.app.engine.connect() as db:
        jobs = (await db.exec_driver_sql("SELECT entrypoint FROM pgqueuer")).all()
    assert jobs == [("zalo_event",)]


async def test_a_whole_report_leaves_nothing_behind(town):
    citizen = await almost_sent(town, "b1", "zalo")
    await citizen.presses("Gửi")
    await citizen.hears()
    assert await town.one(select(func.count()).select_from(Case)) == 1
    open_ = select(func.count()).select_from(ZaloEvent).where(ZaloEvent.done_at.is_(None))
    assert await town.one(open_) == 0
    assert not [name for name in (await town.oa.state())["counts"] if name.startswith("error")]
