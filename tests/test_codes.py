"""Case codes: read however they are typed, and a slip of one character is always noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import codes

bodies = st.text(codes.ALPHABET, min_size=4, max_size=5)


def written(body):
    return f"{codes.PREFIX}-{body}-{codes.check(body)}"


@given(bodies, st.integers(0, 5), st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_noticed(body, place, char):
    whole = body + codes.check(body)
    place %= len(whole)
    wrong = whole[:place] + char + whole[place + 1 :]
    found = codes.read(f"QN-{wrong[:-1]}-{wrong[-1]}")
    assert found is not None
    assert (found.code is not None) == (wrong == whole)


@given(bodies, st.integers(0, 4))
def test_two_swapped_neighbours_are_noticed(body, place):
    whole = body + codes.check(body)
    place %= len(whole) - 1
    swapped = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
    found = codes.read(f"QN-{swapped[:-1]}-{swapped[-1]}")
    assert (found.code is not None) == (swapped == whole)


@pytest.mark.parametrize(
    "form",
    ["QN-{b}-{c}", "qn-{b}-{c}", "QN{b}{c}", "qn {b} {c}", "{b}{c}", "{b}-{c}", " qn.{b}.{c} "],
)
def test_every_spelling_is_read(form):
    code = codes.new()
    body, check = code[3:7], code[-1]
    typed = form.format(b=body, c=check)
    assert codes.read(typed).code == code
    assert codes.read(typed.lower()).code == code


def test_a_code_is_found_inside_a_sentence():
    code = codes.new()
    assert codes.find(f"cho hỏi hồ sơ {code.lower()} tới đâu rồi ạ").code == code


def test_a_number_behind_a_code_does_not_belong_to_it():
    code = codes.new()
    typed = f"QN {code[3:7]}{code[-1]} 5 triệu"
    assert codes.find(typed).code == code


@pytest.mark.parametrize("text", ["nhà tôi sập rồi", "0912345678", "QN", "qua nhà", ""])
def test_other_words_are_no_code(text):
    assert codes.find(text) is None


def test_letters_that_are_mistaken_for_others_do_not_occur():
    assert not set("01OIL") & set(codes.ALPHABET)
    assert codes.read("QN-O1LI-0").code is None, "looks like a code, and the check says no"
