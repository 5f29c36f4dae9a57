"""The book of a village's households: one entry each however spelled, nothing in the clear."""

import pytest
from sqlalchemy import LargeBinary, select, type_coerce

from handlers.desk import Turn
from handlers.households import GROUP, Facts, Known, Origin, groups_in, keep, of_village, same_name
from handlers.messages import Incoming
from models import vault, village_rules
from models.households import Household
from models.people import Role
from tests.people import DONG_SON, Town

PLACE = "thôn Phước Thiện"
TYPED = Origin("duty", "typed")


@pytest.mark.parametrize(
    ("words", "groups"),
    [
        ("già neo đơn, gần suối", ("elderly_alone", "stream")),
        ("KHUYET TAT; nha tam", ("disabled", "weak_house")),
        ("gia đình 4 người", ()),
        ("có bầu, con nhỏ", ("pregnant", "small_children")),
        ("cụ bà ở một mình, chân đồi", ("elderly_alone", "slope")),
        ("không có điện thoại", ("no_phone",)),
        ("không bị khuyết tật", ()),
        ("liệt, thở oxy", ("disabled", "illness")),
        ("", ()),
    ],
)
def test_groups_are_read_from_words_of_a_list(words, groups):
    assert groups_in(words) == groups


def test_every_group_has_a_label_and_a_weight():
    assert set(GROUP) == {group.id for group in village_rules.at_risk().groups}
    assert _weight("elderly_alone", "slope") > _weight("small_children") > _weight()


def _weight(*groups: str) -> int:
    return Known(1, PLACE, Facts("A", groups=groups)).weight


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Nguyễn Văn An", "ông NGUYEN VAN AN", True),
        ("Bà Trần Thị Bé (Tư)", "Trần Thị Bé", True),
        ("Trần Thị Bé", "Trần Thị Bê", True),  # marks are left out too often to part by them
        ("Nguyễn Văn An", "Nguyễn Văn Ân Em", False),
    ],
)
def test_names_are_compared_without_marks_and_titles(one, other, same):
    assert same_name(one, other) is same


async def head_at(town: Town, db) -> Turn:
    head = await town.staff("truong-thon", Role.VILLAGE_HEAD, DONG_SON, "Phước Thiện")
    return Turn(
        db, town.time, town.app.world, said=Incoming("webchat", head.address, "x", town.time),
        chat_id=1, person_id=await head.person_id(), locale="vi", commune=None, flow=None,
        draft={}, draft_id=None, held=(),
    )  # fmt: skip


async def test_written_again_it_is_brought_up_to_date(town):
    async with town.app.engine.begin() as db:
        turn = await head_at(town, db)
        first = Facts("Nguyễn Thị Lành", people=1, groups=("elderly_alone",))
        again = Facts("bà nguyen thi lanh", phone="+84912345678", groups=("stream",))
        namesake = Facts("Nguyễn Thị Lành", phone="+84987654321")

        async def enter(facts: Facts, place: str = PLACE) -> tuple[int, str]:
            return await keep(turn, DONG_SON, place, facts, TYPED)

        number, done = await enter(first)
        assert done == "added"
        assert await enter(first) == (number, "same")
        assert await enter(again, "TDP Phuoc Thien") == (number, "changed")
        other, done = await enter(namesake)
        assert done == "added" and other != number
        known = await of_village(turn, DONG_SON, "phước thiện")
    assert [one.id for one in known] == [number, other]
    assert known[0].facts == Facts(
        "Nguyễn Thị Lành", "+84912345678", 1, groups=("elderly_alone", "stream")
    )


async def test_nothing_about_the_household_lies_in_the_clear(town):
    async with town.app.engine.begin() as db:
        turn = await head_at(town, db)
        facts = Facts("Nguyễn Thị Lành", "+84912345678", 2, "gần cầu", groups=("pregnant",))
        await keep(turn, DONG_SON, PLACE, facts, TYPED)
    table = Household.__table__
    raw = [type_coerce(column, LargeBinary) if column is table.c.private else column
           for column in table.columns]  # fmt: skip
    [row] = await town.rows(select(*raw))
    shown = repr(tuple(row))
    for secret in ("Lành", "912345678", "gần cầu", "pregnant"):
        assert secret not in shown
    assert row.phone_hash == vault.current().fingerprint("+84912345678")
