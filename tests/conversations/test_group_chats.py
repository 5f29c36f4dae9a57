"""A commune's Telegram group: cards without names and numbers, taken with a button."""

import asyncio

import pytest
from sqlalchemy import func, select

from models.audit import AuditEntry
from models.conversations import Conversation
from models.offices import StaffGroup
from models.people import Person, Role
from tests.conversations.stories import case_of, reported, story_of
from tests.people import Somebody

GROUP = "-100222"


async def office(town):
    """Two officers and a leader on Telegram, and the office's group, which is linked."""
    first = await town.staff("101", Role.OFFICER, channel="telegram")
    second = await town.staff("102", Role.OFFICER, channel="telegram")
    leader = await town.staff("103", Role.LEADER, channel="telegram")
    await leader.says("/nhom", group=GROUP)
    group = Somebody(town, GROUP, "telegram")
    assert "Nhóm này nhận thẻ hồ sơ mới của Xã Đông Sơn" in await group.hears()
    return first, second, leader, group


async def test_a_masked_card_is_taken_in_the_group_and_opens_in_private(town):
    first, second, leader, group = await office(town)
    citizen = await reported(town)
    (card,) = await group.unread()
    for secret in ("Bình", "0912", "chợ", "Trần"):
        assert secret not in card.text
    assert citizen.code in card.text and "Nhà sập" in card.text and "Phước Thiện" in card.text
    assert [button.label for button in card.buttons] == ["✋ Nhận"] and not card.media
    await first.hears()
    await first.says("", button=card.buttons[0].token, group=GROUP)
    private = await first.hears()
    assert "Ông/bà đã nhận hồ sơ này" in private and "0912 345 678" in private
    (after,) = await group.unread()
    assert "Đã có cán bộ nhận" in after.text and not after.buttons
    assert after.text.count(citizen.code) == 1 and "Bình" not in after.text
    await second.hears()
    await second.says("", button=card.buttons[0].token, group=GROUP)
    assert "cán bộ đang giải quyết" in await second.hears()
    assert await group.hears() == "" and await leader.hears() is not None
    assert (await case_of(citizen))["taken_by"] == await first.person_id()


async def test_two_press_at_once_in_the_group(town):
    first, second, _, group = await office(town)
    citizen = await reported(town)
    (card,) = await group.unread()
    token = card.buttons[0].token
    await asyncio.gather(
        first.says("", button=token, group=GROUP), second.says("", button=token, group=GROUP)
    )
    assert (await story_of(town, citizen.code)).count("taken") == 1
    assert len(await group.unread()) == 1


async def test_only_people_with_a_role_there_take(town):
    _, _, _, group = await office(town)
    citizen = await reported(town)
    (card,) = await group.unread()
    token = card.buttons[0].token
    people = await town.one(select(func.count()).select_from(Person))
    stranger = town.person("999", "telegram")  # never wrote to the service
    await stranger.says("", button=token, group=GROUP)
    assert await stranger.hears() == ""
    assert await town.one(select(func.count()).select_from(Person)) == people
    elsewhere = await town.staff("104", Role.OFFICER, "21115", channel="telegram")
    await elsewhere.says("", button=token, group=GROUP)
    assert "không có trong danh sách của xã" in await elsewhere.hears()
    neighbour = town.person("105", "telegram")
    await neighbour.says("/menu")
    await neighbour.hears()
    await neighbour.says("", button=token, group=GROUP)
    assert "dành cho cán bộ được mời" in await neighbour.hears()
    assert (await case_of(citizen))["status"] == "new"
    assert await group.hears() == ""


async def test_only_a_leader_links_a_group_and_only_one_commune_has_it(town):
    clerk = await town.staff("101", Role.OFFICER, channel="telegram")
    await clerk.says("/nhom", group=GROUP)
    assert await town.one(select(StaffGroup.id)) is None
    leader = await town.staff("103", Role.LEADER, channel="telegram")
    await asyncio.gather(*(leader.says("/nhom", group=GROUP) for _ in range(2)))
    assert await town.one(select(func.count()).select_from(StaffGroup)) == 1
    other = await town.staff("106", Role.LEADER, "21115", channel="telegram")
    await other.says("/nhom", group=GROUP)
    assert "đã liên kết với xã khác" in await other.hears()
    rows = await town.rows(select(AuditEntry.facts).where(AuditEntry.action == "settings"))
    assert [row.facts["setting"] for row in rows] == ["group"]


async def test_a_leader_takes_the_group_off_again(town):
    _, _, leader, group = await office(town)
    await leader.hears()
    await leader.play("""
        > /nhom
        Nhóm Telegram của xã
        liên kết từ 09:12
        > [Bỏ nhóm]
        Chưa có nhóm nào
    """)
    assert "không còn nhận thẻ" in await group.hears()
    await reported(town)
    assert await group.hears() == ""


@pytest.mark.parametrize("event", ["blocked", "moved"])
async def test_a_group_that_puts_the_service_out_or_grows(town, event):
    _, _, leader, group = await office(town)
    new = Somebody(town, "-100333", "telegram")
    await town.person(GROUP, "telegram").says(
        "-100333" if event == "moved" else "", event=event, group=GROUP
    )
    await reported(town)
    assert await group.hears() == ""
    heard = await new.hears()
    assert ("chưa ai nhận" in heard) == (event == "moved")
    linked = await town.one(
        select(func.count()).select_from(StaffGroup).where(StaffGroup.unlinked_at.is_(None))
    )
    assert linked == (event == "moved")
    await leader.hears()
    await leader.says("/nhom", group=GROUP)  # and again, where it was put out
    assert "Nhóm này nhận thẻ" in await Somebody(town, GROUP, "telegram").hears()


async def test_an_event_in_a_group_nobody_linked_leaves_nothing_behind(town):
    before = await town.one(select(func.count()).select_from(Conversation))
    await town.person("-100777", "telegram").says("", event="blocked", group="-100777")
    assert await town.one(select(func.count()).select_from(Conversation)) == before


async def test_a_withdrawn_case_asks_nobody_any_more(town):
    _, _, _, group = await office(town)
    citizen = await reported(town)
    assert "chưa ai nhận" in await group.hears()
    await citizen.says(f"/rut {citizen.code} chac")
    assert "đã rút" in await group.hears()
