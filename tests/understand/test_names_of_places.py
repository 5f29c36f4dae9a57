"""Whoever tells where they live is in no danger by the name of it."""

import pytest

from handlers.understand import might_be_danger, understand
from models import place_names, places
from models.text import fold

NAMES = sorted(
    {commune.short for commune in places.COMMUNES.values()}
    | {
        place_names.KIND.sub("", row[column])
        for row in place_names.rows("former_communes.csv")
        for column in ("former_name", "former_district")
        if row[column]
    }
)


@pytest.mark.parametrize("name", NAMES)
def test_a_place_is_no_emergency(name):
    for said in (name, name.lower(), f"xã {name}", f"xa {fold(name)}", f"tôi ở xã {name} cũ"):
        assert not understand(said).danger, said


@pytest.mark.parametrize(
    "said",
    [
        "Ia Chim ghe chìm 3 người",
        "nha o ia chim, tau chim ngoai song, cuu voi",
        "con bé ở Bình Hiệp bị hiếp",
        "thang binh hiep dam con toi",
        "bé gái xã Nghĩa Hiệp bị xâm hại",
    ],
)
def test_danger_in_such_a_place_is_heard(said):
    assert understand(said).danger
    assert might_be_danger(said)
