"""Communes by their names of today and of before, and by position."""

import unicodedata

import pytest

from models import places
from models.places import COMMUNES, find, inside_province, mentioned, nearest


def codes(text):
    return [match.commune.code for match in find(text)]


def test_there_are_96_communes():
    kinds = [one.kind for one in COMMUNES.values()]
    assert (kinds.count("xã"), kinds.count("phường"), kinds.count("đặc khu")) == (86, 9, 1)
    assert COMMUNES["21109"].short == "Đông Sơn"


@pytest.mark.parametrize("name", [one.name for one in COMMUNES.values()])
def test_a_name_of_today_comes_first_in_every_spelling(name):
    code = next(one.code for one in COMMUNES.values() if one.name == name)
    assert find(name)[0].commune.code == code
    assert find(unicodedata.normalize("NFD", name.upper()))[0].commune.code == code
    assert code in codes(places.spelling.fold(name))


@pytest.mark.parametrize("row", places.place_names.rows("former_communes.csv")[:-1])
def test_every_name_of_before_leads_to_its_commune(row):
    assert row["code"] in codes(row["former_name"])
    assert row["code"] in codes(f"{row['former_name']}, {row['former_district']}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đông Sơn", {"21109"}),
        ("cháu ở đông sơn", {"21109"}),
        ("chau o dong son", {"21109"}),
        ("Ba Tơ", {"21484"}),
        ("Ba Tô", {"21523"}),
        ("ba to", {"21484", "21523"}),
        ("son ha", {"21289", "21292"}),
        ("Sơn Hà", {"21289"}),
        ("Trà Giang", {"21244", "21127"}),
        ("Nguyễn Nghiêm", {"21457", "21025", "21439"}),
        ("Đăk Long", {"23368", "23504"}),
        ("Đăk Hà", {"23500", "23425"}),
        ("Đăk Bla", {"23302", "23332"}),
        ("Trà Bùi", {"21136", "21157"}),
        ("Trần Hưng Đạo", {"21025", "23302"}),
        ("Thắng Lợi", {"21409", "23293"}),
        ("binh thanh", {"21040", "21109"}),
        ("Bờ Y", {"23377"}),
        ("po y", {"23377"}),
        ("Đắk Pék", {"23341"}),
        ("dak pek", {"23341"}),
        ("Ngọc Tụ", {"23428"}),
        ("Kon Plong", {"23476"}),
        ("xã Trà Giang huyện Trà Bồng", {"21127"}),
        ("Trần Hưng Đạo, Kon Tum", {"23302"}),
        ("p. nghia lo", {"21028"}),
        ("nhà ở tổ 5 phường Nghĩa Lộ", {"21028"}),
        ("dong sonn", {"21109"}),
        ("dakto", {"23401"}),
        ("xax Ba Vif", {"21529"}),
        ("đảo Lý Sơn", {"21548"}),
        ("tỉnh Quảng Ngãi", set()),
        ("xin chào", set()),
        ("không biết", set()),
    ],
)
def test_find(text, expected):
    assert set(codes(text)) == expected


def test_a_district_of_before_offers_its_communes():
    found = find("huyện Sơn Hà cũ")
    assert len(found) == 5
    assert all(match.former == "huyện Sơn Hà cũ" for match in found)


def test_the_name_of_before_is_told():
    (match,) = find("xã Sơn Nham")
    assert match.commune.name == "Xã Sơn Hạ"
    assert match.former == "Xã Sơn Nham (huyện Sơn Hà cũ)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cháy nhà ở tổ 5 phường Nghĩa Lộ", {"21028"}),
        ("ghe chim ngoai cua Sa Huynh, 3 nguoi", {"21478"}),
        ("chay nha o thon 3 xa Binh Minh", {"21085"}),
        ("sdt can bo xa ba to", {"21484", "21523"}),
        ("tôi ở Tịnh Khê", {"21211"}),
        ("ba gia yeu lam roi", set()),
        ("ba xa toi om", set()),
        ("ba nam nay khong nhan duoc tien", set()),
        ("chúc bà con bình an", set()),
        ("cả nhà hòa bình đoàn kết", set()),
        ("bờ sông Vệ lở tới hè nhà", set()),
    ],
)
def test_mentioned(text, expected):
    assert {match.commune.code for match in mentioned(text)} == expected


def test_the_nearest_takes_the_size_of_a_commune_into_account():
    assert nearest(15.1186, 108.785)[0][0].name == "Phường Nghĩa Lộ"
    assert nearest(14.40, 108.02)[0][1] < 10


@pytest.mark.parametrize(
    ("lat", "lon", "inside"),
    [
        (15.12, 108.80, True),  # Quảng Ngãi town
        (14.35, 108.00, True),  # Kon Tum town
        (15.38, 109.12, True),  # Lý Sơn
        (14.60, 108.28, True),  # Măng Đen
        (15.57, 108.47, False),  # Tam Kỳ
        (13.98, 108.00, False),  # Pleiku
        (15.20, 109.60, False),  # open sea
        (21.03, 105.85, False),  # Hà Nội
    ],
)
def test_inside_province(lat, lon, inside):
    assert inside_province(lat, lon) is inside


def test_names_that_are_everyday_words_may_be_meant():
    def names(text):
        return {match.commune.short for match in places.perhaps(text)}

    assert names("nha e o ba to bi toc mai") == {"Ba Tơ", "Ba Tô"}
    assert names("nước đang lên nhanh lắm, đông sơn") == {"Đông Sơn"}
    assert names("tôi ở nhà") == names("dong son") == set()
