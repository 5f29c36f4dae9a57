"""Cards and the catalogue, and the lists of difficult places."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.citizen.catalogue import LIFE
from models.benefits import places
from models.benefits.cards import card, catalogue
from models.benefits.check import law
from models.benefits.places import in_difficult_area
from models.benefits.schema import Area

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("name", sorted(law().benefits))
@pytest.mark.parametrize("day", [date(2021, 7, 1), date(2025, 8, 1), TODAY])
def test_every_benefit_has_a_card(name, day):
    told = card(name, day)
    assert told is not None
    assert told.title and told.where and told.limit
    assert told.closed or (told.who and told.how_much and told.article)


def test_the_card_of_the_social_pension():
    told = card("social_pension", TODAY)
    assert told is not None
    assert told.who[0] == ("từ đủ 75 tuổi; hoặc từ đủ 70 tuổi và thuộc hộ nghèo hoặc hộ cận nghèo")
    assert told.how_much[0] == "mức trợ cấp hưu trí xã hội: 540.000 đồng/tháng"
    assert told.limit == "07 ngày làm việc kể từ ngày nhận được hồ sơ"
    assert told.before_month_end


def test_no_card_outside_the_days_covered():
    assert card("tcxh_k1", date(2021, 6, 30)) is None


def test_every_benefit_is_in_the_catalogue_under_a_known_situation():
    assert {life for benefit in law().benefits.values() for life in benefit.life} == set(LIFE)
    elderly = [benefit.id for benefit in catalogue("nguoi_cao_tuoi", TODAY)]
    assert elderly == ["social_pension", "tcxh_k5_taken_in", "tcxh_k5a"]
    assert "tcxh_k5_80" in [b.id for b in catalogue("nguoi_cao_tuoi", date(2025, 6, 30))]


def test_a_place_on_no_complete_list_must_be_asked_about(monkeypatch):
    assert in_difficult_area("21484", None, TODAY) is None
    newest, *older = law().areas
    area = Area(since=date(2026, 1, 1), commune="21484", village="Thôn A", source=newest.source)
    listed = replace(law(), areas=(newest.model_copy(update={"areas": (area,)}), *older))
    monkeypatch.setattr(places, "law", lambda: listed)
    assert in_difficult_area("21484", "Thôn A", TODAY) is True
    assert in_difficult_area("21484", "Thôn B", TODAY) is None
    whole = newest.model_copy(update={"areas": (area,), "complete": True})
    monkeypatch.setattr(places, "law", lambda: replace(law(), areas=(whole,)))
    assert in_difficult_area("21484", "Thôn B", TODAY) is False
    assert in_difficult_area("21484", "Thôn A", date(2025, 1, 1)) is None
