"""What a leader decides for the commune in chat."""

from models.people import Role
from tests.conversations.stories import case_of, officer, reported


async def leader(town):
    return await town.staff("lanh-dao", Role.LEADER)


async def test_the_office_gives_its_telephone_number(town):
    await (await leader(town)).play("""
        > /sodienthoai
        UBND chưa cho số điện thoại nào
        > /sodienthoai 12
        số này chưa phải số điện thoại Việt Nam
        > /sodienthoai (0255) 382-2222
        Đã lưu số của UBND: 0255 382 2222
        > /phone
        Số của UBND: 0255 382 2222
        > [Bỏ số này]
        Đã bỏ số điện thoại của UBND
    """)


async def test_only_the_leader_decides_for_the_commune(town):
    clerk = await officer(town)
    await clerk.says("/sodienthoai 0255 382 2222")
    assert "lệnh này dành cho cán bộ được mời" in await clerk.hears()


async def test_who_waits_too_long_reads_the_number_of_the_office(town):
    boss, citizen = await leader(town), await reported(town)
    await boss.says("/sodienthoai 0255 382 2222")
    town.time = (await case_of(citizen))["answer_due_at"]
    town.later(hours=1)
    await town.minute()
    heard = await citizen.hears()
    assert "đã quá hạn hứa" in heard and "xin gọi UBND xã Đông Sơn: **0255 382 2222**" in heard
    await citizen.says(citizen.code)
    assert "Cần hỏi ngay, xin gọi UBND: **0255 382 2222**" in await citizen.hears()
