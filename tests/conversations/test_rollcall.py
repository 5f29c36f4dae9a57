"""«Gia đình mình có an toàn không?»: asked, answered, counted, walked, ended, reported."""

import pytest
from sqlalchemy import func, select

from models.audit import AuditEntry
from models.cases import Case
from models.outbox import Lane, Outbox
from models.people import Role
from models.rollcalls import RollAsk, RollCall, RollHousehold, Safety
from tests.conversations.stories import OPENING, REST, officer
from tests.people import DONG_SON, Somebody, Town

BOOK = """Nguyễn Thị Lành, 0912 345 001, già neo đơn, gần suối
Trần Văn Bé, 0912 345 002, con nhỏ
Lê Văn Sáu, khuyết tật, không có điện thoại"""


async def head_of(town: Town, *villages: str) -> Somebody:
    return await town.staff(
        "truong-thon", Role.VILLAGE_HEAD, DONG_SON, *(villages or ("Phước Thiện",))
    )


async def with_book(town: Town) -> Somebody:
    """A head whose list has three households."""
    head = await head_of(town)
    await head.says("/themho")
    await head.says("2")
    await head.says(BOOK)
    await head.says("/huy")
    await head.hears()
    return head


async def neighbour(town: Town, name: str, phone: str, channel: str = "webchat") -> Somebody:
    """Somebody of the village who reported their own house some time ago."""
    who = town.person(name, channel)
    await who.play(OPENING)
    await who.hears()
    await who.play(REST.replace("0912345678", phone).replace("Trần Văn Bình", f"Chủ {name}"))
    await who.hears()
    await who.says("[Gửi]")
    await who.hears()
    return who


async def started(head: Somebody, *, whom: str = "1", kind: str = "1") -> None:
    for said in ("/diemdanh moi", whom, kind, "[📣 Bắt đầu]"):
        await head.says(said)
        await head.hears()
    await head.town.minute()


async def figures(head: Somebody) -> str:
    await head.says("/diemdanh")
    return await head.hears()


@pytest.mark.parametrize("channel", ["webchat", "telegram"])
async def test_a_head_calls_the_roll_of_the_village(town, channel):
    head = await with_book(town)
    lanh = await neighbour(town, "lanh", "0912345001", channel)
    other = await neighbour(town, "khac", "0912345009", channel)
    await head.hears()
    await head.play("""
        > /diemdanh
        Hỏi những hộ nào?
        > [Mọi hộ biết được]
        Điểm danh thật hay thực tập?
        > [Thật]
        Phước Thiện: 4 hộ, trong đó 2 hộ có chat, còn lại phải tới nhà.
        Bắt đầu nhé?
        > [📣 Bắt đầu]
        Đã bắt đầu điểm danh
    """)
    await town.minute()
    heard = await head.hears()
    assert "**4 hộ**: ✅ 0 an toàn · 🆘 0 cần giúp · ❔ 0 chưa biết · 🔕 2 chưa trả lời" in heard
    assert "🚪 2 không nhắn được" in heard
    for who in (lanh, other):
        heard = await who.hears()
        assert "UBND xã Đông Sơn điểm danh: **Gia đình mình có an toàn không?**" in heard
    await lanh.play("""
        > [✅ An toàn]
        đã ghi gia đình mình an toàn lúc 09:12 thứ Hai 23/11/2026
    """)
    await other.says("chưa biết")
    assert "đã ghi **chưa biết**" in await other.hears()
    assert "✅ 1 an toàn · 🆘 0 cần giúp · ❔ 1 chưa biết · 🔕 0 chưa trả lời" in await figures(
        head
    )
    await town.minute()
    assert await lanh.hears() == ""  # asked once
    lanes = await town.rows(select(Outbox.lane).join(
        RollAsk, RollAsk.conversation_id == Outbox.conversation_id).where(
        Outbox.created_at == RollAsk.asked_at, Outbox.lane == int(Lane.CALL)))  # fmt: skip
    assert len(lanes) == 2


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("an toàn", "safe"), ("an toan roi a", "safe"), ("dạ có", "safe"), ("1", "safe"),
        ("ok", "safe"), ("nhà tôi không sao hết", "safe"), ("gia đình em bình an", "safe"),
        ("chưa biết", "unsure"), ("không rõ", "unsure"), ("3", "unsure"),
        ("cần giúp", "help"), ("2", "help"), ("không an toàn", "help"),
    ],
)  # fmt: skip
async def test_typed_answers_are_understood(town, typed, state):
    head = await head_of(town)
    who = await neighbour(town, "dan", "0912345009")
    await started(head)
    await who.hears()
    await who.says(typed)
    assert await town.one(select(RollHousehold.answer)) == state
    assert await who.hears()


async def test_help_opens_an_emergency_once(town):
    head, clerk = await with_book(town), await officer(town)
    who = await neighbour(town, "lanh", "0912345001")
    await started(head)
    await who.hears()
    await clerk.hears()
    await who.says("[🆘 Cần giúp]")
    heard = await who.hears()
    assert "gọi ngay 112" in heard and "Đã báo khẩn tới cán bộ" in heard
    code = who.code
    assert "🔴" in await clerk.hears()
    assert code in await head.hears()  # the head is asked, and is near
    [row] = await town.rows(select(Case).where(Case.code == code))
    assert (row.urgency, row.village, row.commune) == ("sos", "Phước Thiện", DONG_SON)
    await who.says("/huy")
    await who.hears()
    await who.says("/cangiup")
    assert f"đã có hồ sơ khẩn **{code}**" in await who.hears()
    assert await town.one(select(func.count()).select_from(Case)) == 2  # with the one of before
    [unit] = await town.rows(select(RollHousehold).where(RollHousehold.answer == "help"))
    assert unit.case_id == row.id
    await head.says("/dixem help")
    heard = await head.hears()
    assert "Cần giúp: 1 hộ" in heard and "Nguyễn Thị Lành" in heard


async def test_danger_told_in_words_counts_as_help(town):
    head = await head_of(town)
    who = await neighbour(town, "dan", "0912345009")
    await started(head)
    await who.hears()
    await who.says("nước ngập tới mái nhà rồi cứu với")
    assert "112" in await who.hears()
    [unit] = await town.rows(select(RollHousehold.answer, RollHousehold.case_id))
    assert unit.answer == "help" and unit.case_id


async def test_silence_becomes_a_list_of_doors_that_is_ticked_off(town):
    head = await with_book(town)
    lanh = await neighbour(town, "lanh", "0912345001")
    await started(head, whom="2")
    await head.hears()
    await lanh.says("an toàn")
    town.later(minutes=46)
    await town.minute()
    heard = await head.hears()
    assert "2 hộ chưa rõ có an toàn không" in heard
    first, second = heard.index("Lê Văn Sáu"), heard.index("Trần Văn Bé")
    assert first < second and "Nguyễn Thị Lành" not in heard  # by risk; who answered is not there
    await town.minute()
    assert await head.hears() == ""
    await head.play("""
        > /dixem
        Cần tới: 2 hộ, cần trước đứng đầu
        2. Lê Văn Sáu, người khuyết tật, không có điện thoại – Phước Thiện
        3. Trần Văn Bé
        > [2]
        Lê Văn Sáu
        > [✅ An toàn]
        ✔ Hộ 2: ✅ an toàn.
        Cần tới: 1 hộ
        > /dixem 3 chưa gặp
        ✔ Hộ 3: ❔ chưa biết.
        Cần tới: 1 hộ
        > /dixem 3 cần giúp
        Đã lưu hồ sơ khẩn QN-
    """)
    assert "✅ 2 an toàn · 🆘 1 cần giúp" in await figures(head)
    [case] = await town.rows(select(Case).where(Case.urgency == "sos"))
    assert case.details["head"] == "Trần Văn Bé" and case.details["phone"] == "+84912345002"
    await head.says("/dixem 3 cần giúp")
    assert await town.one(select(func.count()).where(Case.urgency == "sos")) == 1
    await head.says("/dixem")
    assert "Không còn hộ nào phải tới" in await head.hears()


async def test_somebody_out_of_reach_is_a_door_to_knock_on(town):
    head = await head_of(town)
    gone = await neighbour(town, "dan", "0912345009")
    await started(head)
    assert "🔕 1 chưa trả lời · 🚪 0 không nhắn được" in await figures(head)
    await gone.says("", event="blocked")
    assert "🔕 0 chưa trả lời · 🚪 1 không nhắn được" in await figures(head)


async def test_unasked_words_count(town):
    head = await head_of(town)
    early = await neighbour(town, "som", "0912345009")
    await early.says("tôi an toàn")
    assert "mừng gia đình mình an toàn" in await early.hears()
    await started(head)
    assert await early.hears() == ""  # said an hour ago at most: not asked again
    assert "✅ 1 an toàn" in await figures(head)
    late = await neighbour(town, "muon", "0912345010")  # nobody knew of them when it began
    await late.says("gia đình tôi bình an")
    assert "Trưởng thôn và UBND xã thấy được" in await late.hears()
    await late.says("tôi an toàn")
    await late.hears()
    assert "**2 hộ**: ✅ 2 an toàn" in await figures(head)


async def test_one_answers_for_another_household(town):
    head = await with_book(town)
    who = await neighbour(town, "lanh", "0912345001")
    await started(head)
    await who.hears()
    await who.play("""
        > [✅ An toàn]
        > [🏠 Báo cho hộ khác]
        Họ tên chủ hộ
        > ông Lê Văn Sáu
        Gia đình đó thế nào?
        > [✅ An toàn]
        Dạ, đã ghi hộ ông Lê Văn Sáu: ✅ An toàn.
        > [🏠 Báo cho hộ khác]
        > Phan Thị Mới
        > [Chưa biết]
        Dạ, đã ghi hộ Phan Thị Mới
    """)
    assert "**4 hộ**: ✅ 2 an toàn · 🆘 0 cần giúp · ❔ 1 chưa biết" in await figures(head)
    await head.says("/dixem")
    assert "Phan Thị Mới" in await head.hears()


async def test_a_neighbour_does_not_outweigh_who_was_asked(town):
    head = await with_book(town)
    first = await neighbour(town, "lanh", "0912345001")
    second = await neighbour(town, "khac", "0912345009")
    await started(head)
    await first.says("cần giúp")
    await first.says("/huy")
    await second.says("/hokhac")
    await second.says("Nguyễn Thị Lành")
    await second.says("an toàn")
    states = await town.rows(select(RollHousehold.answer).order_by(RollHousehold.number))
    assert states[0].answer == "help"
    await first.says("an toàn")  # who called for help may take it back
    states = await town.rows(select(RollHousehold.answer).order_by(RollHousehold.number))
    assert states[0].answer == "safe"
    assert "vẫn mở; không cần nữa thì bấm rút" in await first.hears()


async def test_a_practice_run_opens_nothing_unless_it_is_real(town):
    head = await head_of(town)
    who = await neighbour(town, "dan", "0912345009")
    await started(head, kind="2")
    assert "🧪 **THỰC TẬP**" in await figures(head)
    assert "THỰC TẬP – không có thiên tai thật" in await who.hears()
    await who.play("""
        > [🆘 Cần giúp]
        Đây là thực tập: đã ghi «cần giúp», chưa báo ai
        > [🧪 Chỉ thực tập]
        Không có hồ sơ nào được mở
    """)
    assert await town.one(select(func.count()).where(Case.urgency == "sos")) == 0
    await head.says("/dixem 1 cần giúp")
    assert "không mở hồ sơ" in await head.hears()
    assert await town.one(select(func.count()).where(Case.urgency == "sos")) == 0
    await who.says("[🆘 Cần giúp THẬT]")
    assert "gọi ngay 112" in await who.hears()
    await who.says("đông sơn")
    assert await town.one(select(func.count()).where(Case.urgency == "sos")) == 1


async def test_it_is_ended_and_reported(town):
    head, clerk = await with_book(town), await officer(town)
    who = await neighbour(town, "lanh", "0912345001")
    await started(head)
    await who.says("cần giúp")
    await head.hears()
    await clerk.hears()
    await head.says("/diemdanh")
    await head.hears()
    await head.play("""
        > [⏹ Kết thúc]
        Kết thúc điểm danh này?
        > [Đúng, kết thúc]
        Đã kết thúc lúc 09:12
        Hộ cần giúp đã thành hồ sơ: QN-
    """)
    assert "Đã kết thúc" in await clerk.hears()
    await who.says("/huy")
    await who.says("an toàn")  # afterwards: nothing is open
    did = await town.rows(
        select(AuditEntry.facts).where(AuditEntry.action == "rollcall").order_by(AuditEntry.id)
    )
    assert {"started", "ended"} <= {row.facts["did"] for row in did}


async def test_one_that_nobody_ends_ends_by_itself(town):
    head = await with_book(town)
    await started(head)
    await head.hears()
    town.later(hours=25)
    await town.minute()
    assert "Đã kết thúc lúc" in await head.hears()
    assert await town.one(select(RollCall.ended_at))
    await head.says("/diemdanh")
    assert "Hỏi những hộ nào?" in await head.hears()


async def test_an_officer_calls_several_villages_and_the_province_reads_figures(town):
    head = await with_book(town)
    clerk = await officer(town)
    province = await town.staff("tinh", Role.PROVINCE, None)
    await clerk.play("""
        > /themho Phú Nhiêu
        > Phú Nhiêu
        > 2
        > Phạm Thị Chín, mang thai
        > /huy
    """)
    await clerk.hears()
    await clerk.play("""
        > /diemdanh
        Điểm danh ở đâu?
        > Phú Nhiêu, phước thiện
        > [Chỉ hộ cần ưu tiên]
        > [Thật]
        4 hộ, trong đó 0 hộ có chat
        > [📣 Bắt đầu]
    """)
    await town.minute()
    heard = await clerk.hears()
    assert "Phú Nhiêu (1): 🚪1" in heard and "Phước Thiện (3): 🚪3" in heard
    own = await head.hears()
    assert "**3 hộ**" in own  # a head reads of the own village only
    await province.says("/diemdanh")
    heard = await province.hears()
    assert "**4 hộ**" in heard and "Lê Văn Sáu" not in heard
    await province.says("/dixem")
    assert "dành cho cán bộ được mời" in await province.hears()
    stranger = await town.staff("xa-khac", Role.OFFICER, "21034")
    await stranger.says("/dixem r1")
    assert "không có cuộc điểm danh nào" in await stranger.hears()
    await head.says("/diemdanh r1 ketthuc chac")  # what others began is not theirs to end
    assert "không thuộc vai trò" in await head.hears()


async def test_a_citizen_who_is_not_asked_reads_no_figures(town):
    who = town.person("84900")
    await who.says("/diemdanh")
    assert "dành cho cán bộ được mời" in await who.hears()
    await who.says("ok")
    assert "Gia đình" not in await who.hears()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("hông sao đâu", Safety.SAFE),
        ("vẫn bình thường", Safety.SAFE),
        ("👍", Safety.SAFE),
        ("chưa an toàn", Safety.HELP),
        ("mẹ tôi chưa an toàn", Safety.HELP),
        ("không biết mẹ tôi có an toàn không", Safety.UNSURE),
    ],
)
async def test_answers_in_peoples_own_words(town, typed, answer):
    head = await head_of(town)
    who = await neighbour(town, "84900", "0912345678")
    await started(head)
    await who.says(typed)
    heard = await who.hears()
    told = {Safety.SAFE: "gia đình mình an toàn", Safety.UNSURE: "đã ghi **chưa biết**"}
    assert told.get(answer, "gọi ngay 112") in heard
    assert await town.one(select(RollHousehold.answer)) == answer
