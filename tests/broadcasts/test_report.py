"""How a broadcast ended: progress in one message, a picture, what followed from it."""

import io

from PIL import Image
from sqlalchemy import select

from handlers.broadcasts import picture
from handlers.desk import Desk
from handlers.i18n import translator
from models.broadcasts import Fate
from models.outbox import Outbox
from tests.broadcasts import crowd
from tests.broadcasts.test_topics import sent
from tests.people import Town

NAMES = {fate.value: fate.value for fate in Fate}


def test_the_picture_shows_every_outcome_by_channel_and_commune() -> None:
    communes = [(f"Xã số {n}", {"sent": 10 * n, "blocked": n}) for n in range(1, 9)]
    channels = [("Telegram", {"sent": 300, "blocked": 36}), ("Zalo", {"mailbox": 24, "seen": 20})]
    made = picture.draw("#12 Ngày Quốc tế Người khuyết tật", NAMES, channels, communes,
                        translator("vi"))  # fmt: skip
    with Image.open(io.BytesIO(made)) as image:
        assert image.format == "PNG" and image.width == 880 and image.height > 500
        colours = {one for _, one in image.convert("RGB").getcolors(1 << 20)}
    assert {(0, 158, 115), (213, 94, 0), (240, 228, 66), (0, 114, 178)} <= colours


async def test_progress_is_one_message_and_the_end_comes_with_a_picture(town: Town) -> None:
    lan, _, (one, two) = await sent(town, "one", "two")
    bulk = crowd.bulk(town)
    while await bulk.expand():
        pass
    town.later(seconds=30)
    await bulk.keep_books()
    assert "đã gửi 0 / 4" in (await lan.hears()).replace("**", "")
    await crowd.drain(town)
    heard = (await lan.hears()).replace("**", "")
    assert "đã gửi xong" in heard and "đã gửi 4 / 4" in heard
    keys = await town.rows(select(Outbox.updates).where(Outbox.updates.is_not(None)))
    assert {row.updates for row in keys} == {"broadcast-1"}
    await one.unread()
    await one.presses("🔕 Ngừng nhận tin này")
    await two.unread()
    await two.presses("🔎 Kiểm tra chế độ")
    async with town.app.engine.begin() as db:
        desk = Desk(db, town.now(), town.app.world)
        chat = await desk.chat(1)
        made = await picture.maker(desk, chat, {"broadcast": 1})
    assert "• Ngừng nhận vì tin này: 1" in made.text
    assert "• Bấm kiểm tra chế độ: 1" in made.text
    assert made.build().startswith(b"\x89PNG")
