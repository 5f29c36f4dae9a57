"""Fitting messages into what a channel takes."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.messages import Button, Limits, Outgoing
from handlers.render import fit, split

NARROW = Limits(text=300, buttons=5, per_second=1, per_chat=1)
BUTTONS = tuple(Button(f"c:{n}", f"Nút {n}") for n in range(9))


def test_more_choices_than_buttons_become_a_numbered_list():
    (message,) = fit(Outgoing("Chuyện gì?", BUTTONS), NARROW)
    assert message.buttons == ()
    assert "9. Nút 8" in message.text and "Gõ số để chọn" in message.text


def test_buttons_stand_under_the_last_part():
    parts = fit(Outgoing("dòng\n" * 200, BUTTONS[:3]), NARROW)
    assert len(parts) > 1
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]


def test_pictures_stand_before_the_first_part():
    parts = fit(Outgoing("dòng\n" * 200, media=("a", "b")), NARROW)
    assert parts[0].media == ("a", "b")
    assert not any(part.media for part in parts[1:])


@given(st.text(st.characters(exclude_characters="*"), max_size=3000), st.integers(20, 400))
def test_splitting_loses_nothing_and_fits(text, most):
    parts = split(text, most)
    assert all(len(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_bold_is_not_left_open():
    parts = split("**" + "chữ " * 200 + "**", 100)
    assert all(part.count("**") % 2 == 0 for part in parts)
    assert all(len(part) <= 100 for part in parts)
