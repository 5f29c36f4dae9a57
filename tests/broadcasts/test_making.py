"""Making a broadcast in chat: written, looked at, approved by a second person, sent, stopped."""

from sqlalchemy import select, update

from models.broadcasts import Broadcast, Fate, Recipient, State
from models.conversations import Conversation
from models.outbox import Outbox
from models.people import Role
from tests.broadcasts import crowd
from tests.people import DONG_SON, Town

WORDS = "{xa} mở đợt rà soát người khuyết tật từ 1/12."
LY_SON = "21548"


async def test_from_the_first_word_to_the_last_recipient(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    near, far = (
        (await crowd.citizens(town, "near"))[0],
        (await crowd.citizens(town, "far", commune=LY_SON))[0],
    )
    await lan.play(f"""
        > /guitin moi
        Tin về việc gì?
        > [Chế độ người khuyết tật]
        Xin gõ lời tin
        > {WORDS}
        📣 #1 [tên xã] mở đợt rà soát người khuyết tật từ 1/12. – bản nháp
        Của: tỉnh · Chủ đề: Chế độ người khuyết tật
        Gửi cho: toàn tỉnh
        Giờ gửi: ngay khi được duyệt
        Sẽ tới: 4 người (web 4)
        [tên xã] mở đợt rà soát
        chưa có bản tiếng Anh
        > [✏ Sửa]
        Sửa phần nào của #1?
        > [Xã nhận]
        Gửi cho xã nào?
        > Đông Sơn, Lý Sơn
        Gửi cho: Xã Đông Sơn, Đặc khu Lý Sơn
        Sẽ tới: 2 người (web 2)
        > /guitin 1 sua except
        Trừ xã nào?
        > lý sơn
        trừ Đặc khu Lý Sơn
        Sẽ tới: 1 người (web 1)
        > /guitin 1 sua link
        Liên kết nào?
        > http://example.org
        xin gõ liên kết bắt đầu bằng https://
        > https://quangngai.example/ra-soat
        🔗 https://quangngai.example/ra-soat
        > [👁 Xem trước]
        👁 web, vi:
        Xã Đông Sơn mở đợt rà soát
        👁 Telegram, vi:
        > [📲 Gửi thử cho tôi]
        mở đợt rà soát người khuyết tật từ 1/12.
        tin gửi thử, chỉ mình ông/bà nhận
        > [📤 Trình duyệt]
        Đã trình #1: 1 người có thể duyệt đã được báo
        > /guitin 1 duyet
        người soạn hoặc trình không tự duyệt được
        """)
    assert "Chờ ông/bà duyệt" in await minh.hears()
    await minh.play("""
        > [✅ Duyệt]
        ✅ Đã duyệt. Lời và người nhận không đổi được nữa.
        đang gửi
        """)
    await near.unread()
    await crowd.drain(town)
    [heard] = [one for one in await near.unread() if "rà soát" in one.text]
    assert "Xã Đông Sơn mở đợt" in heard.text and "🔗" in heard.text
    assert [one.label for one in heard.buttons] == ["👤 Hẹn cán bộ", "🔕 Ngừng nhận tin này"]
    assert await far.unread() == []
    assert await crowd.state(town, 1) == State.DONE
    assert await crowd.fates(town, 1) == {Fate.SENT: 1}
    await lan.play("""
        > /guitin 1 sua text
        không sửa được nữa
        > /guitin 1
        đã gửi xong
        """)


async def test_what_was_changed_after_it_was_read_is_read_again(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    await _written(lan)
    await lan.says("/guitin 1 trinh")
    await minh.unread()
    old = minh.token("✅ Duyệt")
    await lan.play("""
        > /guitin 1 sua english
        Lời tiếng Anh?
        > A word in English.
        Tin đã sửa, cần trình duyệt lại
        > [📤 Trình duyệt]
        Đã trình
        """)
    await minh.says("", button=old)
    assert "tin đã được sửa sau bản ông/bà xem" in await minh.hears()
    assert await crowd.state(town, 1) == State.PROPOSED


async def test_a_commune_writes_to_its_own_people_only(town: Town) -> None:
    officer = await town.staff("officer", Role.OFFICER)
    leader = await town.staff("leader", Role.LEADER)
    (near,) = await crowd.citizens(town, "near")
    (far,) = await crowd.citizens(town, "far", commune=LY_SON)
    await officer.play("""
        > /guitin moi
        Xin gõ lời tin
        > Sáng mai phát gạo tại nhà văn hoá thôn.
        Của: Xã Đông Sơn · Chủ đề: Tin của xã nơi ở
        > [✏ Sửa]
        Sửa phần nào
        > /guitin 1 sua communes
        Sửa phần nào
        > [📤 Trình duyệt]
        Đã trình
        """)
    assert "Chờ ông/bà duyệt" in await leader.hears()
    await leader.play("> [✅ Duyệt]\nĐã duyệt")
    await far.unread()
    await crowd.drain(town)
    assert "phát gạo" in await near.hears()
    assert await far.unread() == []


async def test_nobody_else_makes_or_sees_one(town: Town) -> None:
    lan = await crowd.province(town, "lan")
    await _written(lan)
    head = await town.staff("head", Role.VILLAGE_HEAD, DONG_SON, "Phước Thiện")
    officer = await town.staff("officer", Role.OFFICER)
    await head.play("> /guitin\nlệnh này dành cho cán bộ được mời")
    await officer.play("> /guitin 1\nkhông có tin số 1 trong địa bàn")


async def test_who_cannot_be_reached_is_counted_before_and_written_down_after(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    gone, stopped, late = await crowd.citizens(town, "gone", "stopped", "late")
    await gone.says("", event="blocked")
    await stopped.says("/tinnhan ngung disability")
    await _written(lan)
    await lan.play("""
        > /guitin 1 sua roles
        Gửi cho ai?
        > người dân
        Sẽ tới: 1 người (web 1)
        Không tới được: …
        """)
    await lan.says("/guitin 1 trinh")
    await minh.unread()
    await minh.presses("✅ Duyệt")
    await crowd.drain(town)
    assert await crowd.fates(town, 1) == {Fate.SENT: 1, Fate.BLOCKED: 1, Fate.OPTED_OUT: 1}
    assert "Lời tin" in await late.hears()
    await lan.play("""
        > /guitin 1 tannha
        Cần báo cách khác
        Xã Đông Sơn: 1 (đã chặn hoặc bỏ kênh 1)
        """)


async def test_a_commune_hears_whom_to_tell_in_another_way(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    officer = await town.staff("officer", Role.OFFICER)
    (gone,) = await crowd.citizens(town, "gone")
    await gone.says("", event="blocked")
    await _approved(lan, minh)
    await crowd.drain(town)
    assert "1 người dân của xã chưa nhận được tin «Lời tin.»" in await officer.hears()
    await officer.play("""
        > [Xem danh sách]
        Chưa nhận được «Lời tin.»
        • (chưa có tên), chưa có số – đã chặn hoặc bỏ kênh
        """)


async def test_paused_resumed_and_stopped(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    people = await crowd.citizens(town, "a", "b")
    await _approved(lan, minh)
    await minh.play("> [⏸ Tạm dừng]\nĐã tạm dừng")
    await crowd.drain(town)
    assert all([await one.unread() == [] for one in people])
    await minh.play("> [▶ Gửi tiếp]\nGửi tiếp")
    await minh.play("> [⏹ Dừng hẳn]\nĐã dừng hẳn")
    await crowd.drain(town)
    assert all([await one.unread() == [] for one in people])
    assert await crowd.state(town, 1) == State.STOPPED
    await minh.play("> /guitin 1 tiep\nlúc này tin không ở bước ấy nữa")


async def test_what_is_in_the_outbox_unsent_is_taken_back_by_a_pause(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    (reader,) = await crowd.citizens(town, "a")
    await _approved(lan, minh)
    bulk = crowd.bulk(town)
    while await bulk.expand():
        pass
    async with town.app.engine.connect() as db:
        row = dict((await db.execute(select(Broadcast.__table__))).mappings().one())
    channel = town.app.channels["webchat"]
    assert await bulk.claim(channel, row, town.now())  # its process dies before it is sent
    await minh.says("/guitin 1 tam")
    await bulk.keep_books()
    waiting = await town.rows(
        select(Recipient.outbox_id).where(Recipient.fate == Fate.WAITING.value)
    )
    assert len(waiting) == len(await town.rows(select(Recipient)))
    assert {one.outbox_id for one in waiting} == {None}
    await minh.says("/guitin 1 tiep")
    await crowd.drain(town)
    assert [one.text for one in await reader.unread()] == ["Lời tin."]


async def test_a_chat_that_blocks_meanwhile_is_written_down_as_that(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    (reader,) = await crowd.citizens(town, "a")
    await _approved(lan, minh)
    bulk = crowd.bulk(town)
    while await bulk.expand():
        pass
    async with town.app.engine.begin() as db:
        await db.execute(
            update(Conversation)
            .where(Conversation.address == "a")
            .values(gone_at=town.now(), gone_why="blocked")
        )
    await crowd.drain(town)
    assert (await crowd.fates(town, 1))[Fate.BLOCKED] == 1
    assert await reader.unread() == []


async def test_everybody_who_is_told_gets_it_once(town: Town) -> None:
    lan, minh = await crowd.province(town, "lan"), await crowd.province(town, "minh")
    await crowd.citizens(town, *(f"c{number}" for number in range(70)))  # more than one claim
    await _approved(lan, minh)
    await crowd.drain(town)
    await crowd.drain(town)
    told = await town.rows(
        select(Outbox.conversation_id).join(Recipient, Recipient.outbox_id == Outbox.id)
    )
    assert len(told) == len({one.conversation_id for one in told}) == 72


async def _written(who) -> None:
    await who.says("/guitin moi")
    await who.unread()
    await who.presses("Chế độ người khuyết tật")
    await who.says("Lời tin.")
    await who.unread()


async def _approved(maker, approver) -> None:
    await _written(maker)
    await maker.says("/guitin 1 trinh")
    await approver.unread()
    await approver.presses("✅ Duyệt")
    await approver.unread()
