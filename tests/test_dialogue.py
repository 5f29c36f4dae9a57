"""The laws of the dialogue engine, on a small flow and on every question of the service."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.answers import one_of, phone, place, several_of, words, yes_no
from handlers.counting import count, groups
from handlers.dialogue import (
    SKIPPED,
    BadAnswer,
    Choice,
    Flow,
    Question,
    back,
    forget,
    look,
    reply,
)
from handlers.pastdays import happened
from handlers.report_questions import FLOW as REPORT
from handlers.vocabulary import KINDS
from models.places import COMMUNES

FLOW = Flow(
    "trial",
    (
        Question("house", "?", yes_no),
        Question("people", "?", count(1, 60), when=lambda v: v["house"] == "yes"),
        Question("street", "?", words, optional=True),
        Question("sure", "?", one_of((Choice("yes", ""),))),
    ),
)


def talk(flow, *texts, answers=None):
    step = look(flow, answers or {})
    for text in texts:
        # every message goes through the database: JSON out, JSON in, keys in any order
        stored = json.loads(json.dumps(dict(sorted(step.answers.items()))))
        step = reply(flow, stored, text)
    return step


def test_questions_are_asked_in_their_order():
    assert talk(FLOW).question.id == "house"
    assert talk(FLOW, "có").question.id == "people"
    assert talk(FLOW, "có", "4", "Trần Phú").question.id == "sure"
    assert talk(FLOW, "có", "4", "Trần Phú", "yes").question is None


@given(
    said=st.lists(
        st.tuples(st.sampled_from(["say", "back", "forget"]), st.sampled_from([
            "có", "không", "4", "61", "Trần Phú", SKIPPED, "yes", "house", "people", "street",
        ])),
        max_size=12,
    )
)  # fmt: skip
def test_going_on_from_an_answer_is_the_same_as_starting_over(said):
    step = look(FLOW, {"_by": "x"})
    for what, text in said:
        if what == "say":
            step = reply(FLOW, step.answers, text)
        elif what == "back":
            step = back(FLOW, step.answers)
        else:
            step = forget(FLOW, step.answers, text)
        anew = look(replace(FLOW), step.answers)  # another flow to the memory of results
        assert (step.values, step.question) == (anew.values, anew.question)


def test_a_closed_branch_is_not_asked_and_not_told():
    step = talk(FLOW, "có", "4", "Trần Phú")
    step = reply(FLOW, forget(FLOW, step.answers, "house").answers, "không")
    assert step.question.id == "sure"
    assert "people" not in step.values
    assert step.answers["people"] == "4", "kept, in case they change their mind"


def test_back_opens_the_last_answer_and_keeps_the_rest():
    step = back(FLOW, talk(FLOW, "có", "4").answers)
    assert step.question.id == "people"
    assert step.values["house"] == "yes"


def test_back_reaches_a_skipped_question():
    step = back(FLOW, talk(FLOW, "có", "4", SKIPPED).answers)
    assert step.question.id == "street"


def test_back_at_the_first_question_stays_there():
    assert back(FLOW, {}).question.id == "house"


def test_an_old_button_answers_nothing():
    step = reply(FLOW, talk(FLOW, "có").answers, "no", to="house", picked="no")
    assert step.question.id == "people"
    assert step.values["house"] == "yes"
    assert step.answered is None


def test_a_needed_question_cannot_be_skipped():
    assert talk(FLOW, SKIPPED).problem is not None


def test_an_offer_is_kept_until_the_question_is_answered():
    flow = Flow("where", (Question("commune", "?", place),))
    step = reply(flow, {}, "ba to")
    assert [one[0] for one in step.answers["_offer"]] == [one.id for one in step.problem.offer]
    step = reply(flow, step.answers, "21484")
    assert "_offer" not in step.answers
    assert step.values["commune"] == "21484"


def test_deploy_adds_a_question_in_the_middle():
    before = talk(FLOW, "có", "4").answers
    first, *rest = FLOW.questions
    after = replace(FLOW, questions=(first, Question("roof", "?", yes_no), *rest))
    assert look(after, before).question.id == "roof"
    assert reply(after, before, "có").question.id == "street", "what was answered is kept"


def test_deploy_drops_renames_and_tightens():
    before = talk(FLOW, "có", "40", "Trần Phú").answers
    questions = [
        replace(FLOW.questions[0], id="home"),
        replace(FLOW.questions[1], read=count(1, 20), when=lambda v: v["home"] == "yes"),
        FLOW.questions[3],
    ]
    after = Flow("trial", tuple(questions), renamed={"house": "home"})
    assert look(after, before).question.id == "people", "no longer readable: asked again"


def test_ids_are_unique_and_not_reserved():
    with pytest.raises(ValueError, match="trial"):
        Flow("trial", (FLOW.questions[0], FLOW.questions[0]))
    with pytest.raises(ValueError, match="trial"):
        Flow("trial", (replace(FLOW.questions[0], id="_house"),))


READERS = {
    "yes_no": (yes_no, st.sampled_from(["có", "Không", "dạ", "chưa", "yes"])),
    "count": (count(1, 60), st.integers(1, 60).map(lambda n: f"nhà {n} người")),
    "words": (words, st.text(min_size=1, max_size=200)),
    "phone": (phone, st.from_regex(r"0[35789][0-9]{8}", fullmatch=True)),
    "place": (place, st.sampled_from(sorted(COMMUNES))),
    "several": (
        several_of(KINDS),
        st.lists(st.sampled_from([kind.id for kind in KINDS]), min_size=1).map(",".join),
    ),
    "groups": (
        groups,
        st.sampled_from(["2 trẻ nhỏ, 1 người già", "children,elderly", "none", "bầu"]),
    ),
    "happened": (happened, st.dates(date(2020, 1, 1)).map(lambda d: f"{d:%d/%m/%Y}")),
}


@pytest.mark.parametrize("name", READERS)
def test_what_is_stored_is_read_back_the_same(name):
    read, texts = READERS[name]

    @given(texts)
    def law(text):
        try:
            value = read(text)
        except BadAnswer:
            return  # refused: nothing is stored
        assert read(str(value)) == value

    law()


@given(st.text(max_size=300))
def test_no_reader_of_the_report_breaks_on_any_text(text):
    for question in REPORT.questions:
        try:
            value = question.read(text)
        except BadAnswer:
            continue
        assert question.read(str(value)) == value
