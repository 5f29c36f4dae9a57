"""The web chat's server, spoken to as a page speaks to it."""

import asyncio
import io
import os
import signal

import asyncpg
import pytest
from PIL import Image
from sqlalchemy import insert, select

from bot import clock
from bot.channels.webchat.accounts import Accounts
from bot.channels.webchat.allowance import Allowance
from bot.channels.webchat.files import Files
from bot.channels.webchat.hub import LISTENER
from bot.channels.webchat.items import stretch
from bot.channels.webchat.server import A_MINUTE
from bot.media import MB
from handlers.messages import Media
from models.cases import MediaFile
from models.conversations import Conversation
from models.outbox import Outbox
from tests.people import CODE
from tests.webchat.browser import STORY
from tests.webchat.page import visiting


def photograph(size=(800, 600)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG")
    return out.getvalue()


def told(history) -> list[str]:
    return [item["text"] for item in history["items"]]


# --- pages ---------------------------------------------------------------------------------


async def test_every_file_of_the_page_is_served_and_kept_by_the_browser(visit):
    somebody = await visit()
    for path in ("/", "/chat"):
        status, headers, body = await somebody.get(path)
        assert status == 200 and headers["Cache-Control"] == "no-cache"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy
        assert "frame-ancestors 'self'" in policy and "connect-src 'self' ws://127" in policy
        names = {part.split('"')[0] for part in body.decode().split('"/static/')[1:]}
        assert any(name.startswith(("chat.js", "demo.js")) for name in names)
        for name in names:
            status, headers, body = await somebody.get(f"/static/{name}")
            assert status == 200 and body and "immutable" in headers["Cache-Control"], name
            assert headers["X-Content-Type-Options"] == "nosniff"
    status, headers, _ = await somebody.get("/static/chat.js")
    assert headers["Cache-Control"] == "no-cache"
    again = {"If-None-Match": headers["ETag"]}
    status, _, body = await somebody.get("/static/chat.js", headers=again)
    assert status == 304 and not body


@pytest.mark.parametrize("name", ["chat.html", "..%2fserver.py", "%2e%2e/server.py", "nothing.js"])
async def test_nothing_else_is_served(visit, name):
    status, headers, _ = await (await visit()).get(f"/static/{name}")
    assert status == 404 and headers["X-Content-Type-Options"] == "nosniff"
    assert "aiohttp" not in headers["Server"]


async def test_the_cookie_is_the_account_and_lasts(visit):
    newcomer = await visit()
    newcomer.web.cookie_jar.clear()
    _, headers, _ = await newcomer.get("/chat")
    cookie = headers["Set-Cookie"]
    # Lax: a link from another chat must find the old conversation
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Max-Age=31536000" in cookie
    _, headers, _ = await newcomer.get("/chat")
    assert headers["Set-Cookie"].split(";")[0] == cookie.split(";")[0]


# --- the socket ----------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["https://example.org", "null", "http://127.0.0.1:1"])
async def test_another_sites_page_gets_nothing(visit, origin):
    somebody = await visit()
    somebody.origin = origin
    with pytest.raises(Exception, match="403"):
        await somebody.connect()
    with pytest.raises(Exception, match="403"):
        await somebody.upload(photograph(), raise_for_status=True)


async def test_without_an_account_there_is_no_socket(visit):
    somebody = await visit()
    somebody.web.cookie_jar.clear()
    with pytest.raises(Exception, match="401"):
        await somebody.connect()


async def test_a_newcomer_is_greeted_once_and_sees_the_history_again(visit):
    newcomer = await visit()
    assert (await newcomer.connect())["items"] == []
    assert "tự động" in (await newcomer.answer("112"))["text"]
    assert (await newcomer.says("tôi là <b>An</b>'; DROP TABLE cases"))["type"] == "ack"
    again = await newcomer.connect()
    assert again["items"][1]["text"] == "tôi là <b>An</b>'; DROP TABLE cases"
    assert sum("tự động" in text for text in told(again)) == 1
    numbers = [item["seq"] for item in again["items"]]
    assert numbers == sorted(set(numbers)) and again["more"] is False
    other = await visit()
    assert (await other.connect())["items"] == []


async def test_the_same_message_again_is_acknowledged_and_nothing_more(visit):
    somebody = await visit()
    await somebody.connect()
    await somebody.answer("tự động")
    for _ in range(3):
        assert (await somebody.says("trình đơn", id="a" * 12))["type"] == "ack"
    texts = told(await somebody.connect())
    assert texts.count("trình đơn") == 1 and len(texts) == 3


async def test_two_tabs_show_the_same(visit):
    one = await visit()
    two = await visit()
    for cookie in one.web.cookie_jar:
        two.web.cookie_jar.update_cookies({cookie.key: cookie.value})
    await one.connect()
    await one.answer("tự động")
    await two.connect()
    message = await one.send("trình đơn")
    item = (await two.hears("item"))["item"]
    while "tự động" in item["text"]:  # the greeting may still be on its way to the second tab
        item = (await two.hears("item"))["item"]
    assert item["id"] == message and item["from"] == "me"
    assert (await two.answer("bấm chọn"))["buttons"]
    seen = [frame["item"]["seq"] for frame in two.frames if frame["type"] == "item"]
    assert len(seen) == len(set(seen))


BAD = [
    ({"id": "short"}, "không đọc được"),
    ({"id": "start-12345678"}, "không đọc được"),
    ({"id": "dấu-dấu-dấu"}, "không đọc được"),
    ({"text": 5}, "không đọc được"),
    ({"text": "x" * 20_001}, "quá dài"),
    ({"button": "ă"}, "không đọc được"),
    ({"button": ["c:sos"]}, "không đọc được"),
    ({"media": "abc"}, "không đọc được"),
    ({"media": [{"id": "0" * 32}]}, "không còn trên máy chủ"),
    ({"media": [{"kind": "photo"}]}, "không đọc được"),
    ({"position": {"lat": 91, "lon": 0}}, "không có trên bản đồ"),
    ({"position": {"lat": float("nan"), "lon": 0}}, "không có trên bản đồ"),
    ({"position": [15, 108]}, "không đọc được"),
]


async def test_what_cannot_be_taken_is_refused_in_vietnamese(visit):
    somebody = await visit()
    await somebody.connect()
    for frame, reason in BAD:
        answer = await somebody.says(**{"text": "a"} | frame)
        assert answer["type"] == "refused" and reason in answer["text"], frame
    for nonsense in (
        "",
        "[]",
        "{",
        '"a"',
        '{"type": []}',
        "[" * 50_000,
        '{"type":"hello","after":1e99}',
    ):
        await somebody.socket.send_str(nonsense)
    assert (await somebody.says("a\0b \ud83c ok"))["type"] == "ack"
    assert "ab ? ok" in told(await somebody.connect(-5))
    assert (await somebody.connect(2**80))["type"] == "history"


async def test_a_link_with_a_word_says_start_once(service, visit):
    newcomer = await visit(start="c21109")
    await newcomer.connect()
    await newcomer.answer("tự động")
    for _ in range(2):  # a reload, another reconnection
        history = await newcomer.connect()
    await asyncio.sleep(0.2)
    history = await newcomer.connect()
    texts = told(history)
    assert sum("tự động" in text for text in texts) == 1 and not any("/start" in t for t in texts)
    async with visiting(service.address) as other:
        other.query["start"] = "c21109"
        assert b'id="composer"' in (await other.get("/"))[2]  # the chat, not the demonstration


async def test_an_invitation_in_a_link_gives_the_role_once(visit):
    leader = await visit("leader")
    await leader.connect()
    await leader.says("/moi")
    await leader.presses("cán bộ xã")
    item = await leader.answer("Mã mời")
    code = item["text"].split("**")[-2]
    guest = await visit(start=code)
    await guest.connect()
    await asyncio.sleep(0.5)
    texts = " ".join(told(await guest.connect()))
    assert "cán bộ" in texts and "Đông Sơn" in texts and code not in texts


# --- limits --------------------------------------------------------------------------------


def test_an_allowance_fills_again():
    now = [0.0]
    bucket = Allowance(2, 0.5, lambda: now[0])
    for _ in range(2):
        assert bucket.wait("a") == 0
        bucket.take("a")
    assert bucket.wait("a") == 2 and bucket.wait("b") == 0
    now[0] = 2
    assert bucket.wait("a") == 0
    bucket.take("a", 5)  # on credit
    assert bucket.wait("a") == 10


async def test_too_many_messages_are_put_off_not_lost_and_emergencies_pass(visit):
    somebody = await visit()
    await somebody.connect()
    ids = [await somebody.send("", id=f"message-{n:04}") for n in range(A_MINUTE + 5)]
    put_off = await somebody.hears("later", 30)
    assert "112" in put_off["text"] and put_off["seconds"] >= 1 and put_off["id"] in ids
    sos = await somebody.says(button="c:sos", label="🆘 Khẩn cấp")
    while sos["type"] == "later" or sos["id"] in ids:
        sos = await somebody.hears_any("ack", "later")
    assert sos["type"] == "ack"
    await asyncio.sleep(put_off["seconds"] + 0.1)
    assert (await somebody.says("", id=put_off["id"]))["type"] == "ack"


# --- files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "size", "mime", "status", "words"),
    [
        (b"\xff\xd8\xff broken", 0, "image/jpeg", 415, "Ảnh bị hỏng"),
        (b"<html><script>alert(1)</script>", 0, "image/jpeg", 415, "chưa nhận được"),
        (b"<svg onload='alert(1)'/>", 0, "image/svg+xml", 415, "chưa nhận được"),
        (b"MZ program", 0, "application/pdf", 415, "chưa nhận được"),
        (b"", 0, "image/jpeg", 415, "Ảnh bị hỏng"),
        (b"\0\0\0\x20ftypisom", 21, "video/mp4", 413, "quá lớn"),
        (b"\0\0\0\x20ftypisom", 30, "video/mp4", 413, "quá lớn"),
    ],
    ids=["corrupt", "html", "svg", "program", "empty", "21 MB", "30 MB"],
)
async def test_an_upload_that_is_no_use_is_refused_at_once(  # noqa: PLR0913, PLR0917
    visit, start, size, mime, status, words
):
    somebody = await visit()
    got, answer = await somebody.upload(start + bytes(size * MB), mime)
    assert got == status and words in answer["error"]


async def test_an_account_cannot_fill_the_disk(visit):
    somebody = await visit()
    video = b"\0\0\0\x20ftypisom" + bytes(19 * MB)
    for _ in range(30):
        status, answer = await somebody.upload(video, "video/mp4")
        if status != 200:
            break
    assert status == 429 and "một giờ" in answer["error"]
    assert (await (await visit()).upload(photograph()))[0] == 200


async def test_a_photograph_is_shown_to_its_sender_and_to_nobody_else(visit):
    somebody, stranger = await visit(), await visit()
    status, file = await somebody.upload(photograph())
    assert status == 200 and file["kind"] == "photo"
    await somebody.connect()
    assert (await stranger.connect())["items"] == []
    assert (await stranger.says(media=[file]))["type"] == "refused"
    assert (await somebody.says(media=[file]))["type"] == "ack"
    [item] = [one for one in (await somebody.connect())["items"] if one["media"]]
    assert item["media"][0]["id"] == file["id"]  # the page goes on showing what it has
    path = f"/chat/media/{file['id']}"
    sent, body = photograph(), photograph()
    while body == sent:  # as it came, until it is made small and stored
        status, headers, body = await somebody.get(path)
        assert status == 200 and headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"].startswith("private")
    status, headers, part = await somebody.get(path, headers={"Range": "bytes=10-19"})
    assert status == 206 and part == body[10:20]
    assert headers["Content-Range"] == f"bytes 10-19/{len(body)}"
    assert (await somebody.get(path, headers={"Range": "bytes=99999999-"}))[0] == 416
    assert (await stranger.get(path))[0] == 404
    assert (await somebody.get(path.split(".", maxsplit=1)[0]))[0] == 404


async def test_the_officer_sees_the_photograph_and_hears_the_voice(visit):
    citizen, officer, stranger = await visit(), await visit("officer"), await visit()
    for one in (citizen, officer):
        await one.connect()
    await citizen.says("nhà tôi sập rồi")
    for line in STORY:
        pressed = line.strip("[]")
        await (citizen.presses(pressed) if pressed != line else citizen.says(line))
    _, photo = await citizen.upload(photograph())
    _, voice = await citizen.upload(
        b"\x1aE\xdf\xa3\x9fB\x86\x81\x01webm" + bytes(400), "audio/webm"
    )
    assert voice["kind"] == "voice"
    await citizen.says(media=[photo, voice])
    await citizen.presses("Xong")
    await citizen.presses("✅ Gửi")
    await citizen.answer("Đã ghi nhận hồ sơ")
    card = (await officer.answer("Trần Văn Bình"))["text"]
    code = CODE.search(card)[0]
    kinds: dict[str, str] = {}
    async with asyncio.timeout(10):
        while set(kinds.values()) != {"photo", "voice"}:
            await officer.says(f"/xem {code}")
            items = [frame["item"] for frame in officer.frames if frame["type"] == "item"]
            kinds = {media["id"]: media["kind"] for item in items for media in item["media"]}
    for name, kind in kinds.items():
        status, headers, _ = await officer.get(f"/chat/media/{name}")
        assert status == 200
        assert headers["Content-Type"].partition("/")[0] == (
            "image" if kind == "photo" else "video"
        )
        for other in (citizen, stranger):
            assert (await other.get(f"/chat/media/{name}"))[0] == 404


async def test_a_document_is_handed_over_never_opened(visit):
    somebody = await visit()
    _, file = await somebody.upload(b"%PDF-1.4 <script>alert(1)</script>", "text/html")
    _, headers, _ = await somebody.get(f"/chat/media/{file['id']}")
    assert headers["Content-Disposition"] == "attachment"
    assert headers["Content-Type"] == "application/pdf"


async def test_a_qr_code_is_drawn_for_people_of_the_page(visit):
    somebody = await visit()
    status, headers, body = await somebody.get("/chat/qr?text=https%3A//t.me/bot%3Fstart%3Di-1")
    assert status == 200 and body.startswith(b"\x89PNG") and headers["Content-Type"] == "image/png"
    assert (await somebody.get("/chat/qr?text=javascript%3Aalert(1)"))[0] == 400
    somebody.web.cookie_jar.clear()
    assert (await somebody.get("/chat/qr?text=https%3A//t.me/bot"))[0] == 401


async def test_uploads_are_swept_when_stored_or_forgotten(town, tmp_path):
    accounts = Accounts(b"key", public=True, demo=True, secure=False)
    files = Files(town.app.engine, town.app.store, accounts)
    named, young, old = "a" * 32, "b" * 32, "c" * 32
    for one in (named, young, old):
        await files.uploads.put(one, photograph())
    await town.person("ai-do").says("", media=(Media("photo", named),))
    fetch = town.app.worker().fetch
    [row] = await town.rows(select(MediaFile.id))
    await fetch(row.id.hex, 1)
    [path] = tmp_path.rglob(old)
    os.utime(path, (0, 0))
    assert await files.sweep() == 2
    assert set(await files.uploads.ages(clock.now())) == {young}
    assert await town.app.store.get(row.id.hex)


async def test_a_long_history_comes_in_pieces_and_whole(town):
    somebody = town.person("ai-do")
    await somebody.says("trình đơn")
    chat = await town.one(select(Conversation.id))
    async with town.app.engine.begin() as db:
        await db.execute(
            insert(Outbox),
            [
                {
                    "conversation_id": chat,
                    "lane": 30,
                    "body": {"text": str(n)},
                    "created_at": town.now(),
                    "done_at": town.now(),
                }
                for n in range(700)
            ],
        )

    def sign(_, media_id):
        return media_id

    newest, older = await stretch(town.app.engine, "ai-do", 0, sign)
    assert older and [item["text"] for item in newest] == [str(n) for n in range(400, 700)]
    after, found, more = 1, [], True
    while more:
        piece, more = await stretch(town.app.engine, "ai-do", after, sign)
        found += [item for item in piece if item["seq"] > after]
        after = piece[-1]["seq"]
    assert [item["text"] for item in found[-700:]] == [str(n) for n in range(700)]


# --- trouble -------------------------------------------------------------------------------


async def test_pages_are_woken_after_the_listening_connection_died(visit, server):
    officer, citizen = await visit(), await visit()
    await officer.connect()
    await officer.answer("tự động")
    twin = await visit()
    twin.web.cookie_jar.update_cookies({c.key: c.value for c in officer.web.cookie_jar})
    await twin.connect()
    database = server.replace("/postgres?", "/webchat_tests?")
    admin = await asyncpg.connect(database)
    killed = await admin.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = 'webchat_tests' AND application_name = $1",
        LISTENER,
    )
    await admin.close()
    assert len(killed) == 1
    await citizen.connect()
    await twin.says("trình đơn")
    assert (await officer.answer("bấm chọn"))["buttons"]


async def test_nothing_is_acknowledged_while_the_database_is_away(visit, line):
    somebody = await visit()
    await somebody.connect()
    await somebody.answer("tự động")
    await line.cut()
    try:
        message = await somebody.send("nước lên tới nóc", id="kept-by-the-page")
        closed = await somebody.socket.receive()
        while closed.type == 1:  # «typing» may be said, «ack» may not
            assert '"ack"' not in closed.data and '"refused"' not in closed.data
            closed = await somebody.socket.receive()
        assert somebody.socket.close_code == 1013
        assert (await somebody.get("/healthz"))[0] == 503
    finally:
        await line.mend()
    async with asyncio.timeout(20):
        while (await somebody.get("/healthz"))[0] != 200:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
    await somebody.connect()
    assert (await somebody.says("nước lên tới nóc", id=message))["type"] == "ack"
    assert told(await somebody.connect()).count("nước lên tới nóc") == 1


async def test_it_stops_at_once_with_pages_open_and_starts_on_its_port(visit, service):
    somebody = await visit()
    await somebody.connect()
    port = service.address
    assert not port.endswith(":0/")
    assert await service.kill(signal.SIGTERM) < 5
    assert (await somebody.socket.receive()).type is not None
    await service.start()
    assert service.address == port
    assert (await somebody.connect())["items"]
