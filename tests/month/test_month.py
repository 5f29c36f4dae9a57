"""A month of a commune: four hundred cases, four officers, Tết, six hours with everything down."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, time

import pytest
from sqlalchemy import select

from handlers.desk import HERE, unpacked
from models.cases import Case, CaseEvent, Rung
from models.clock_records import ClockRecord
from models.conversations import Conversation
from models.deadlines.calendar import for_commune, is_working_day
from models.outbox import Outbox
from tests.deadlines.when import at
from tests.month.commune import AWAY, DOWN, TWENTY, Month
from tests.month.retold import LEVELS, retell

CASES = 400
MORNING, EVENING = time(6, 30), time(21, 0)


def clock(moment):
    return moment.astimezone(HERE).time()


async def messages(town):
    """What was said about cases: to whom, when, about which."""
    rows = await town.rows(
        select(Outbox.created_at, Outbox.case_id, Outbox.body, Conversation.address)
        .join(Conversation, Conversation.id == Outbox.conversation_id)
        .where(Outbox.case_id.is_not(None))
        .order_by(Outbox.id)
    )
    return [(row.address, row.created_at, row.case_id, unpacked(row.body).text) for row in rows]


@pytest.fixture
async def month(town):
    played = Month(town, CASES)
    await played.play()
    return played


async def test_a_month_of_a_commune(month):
    town = month.town
    cases = {row.id: row for row in await town.rows(select(*Case.__table__.c).order_by(Case.id))}
    stories = defaultdict(list)
    for event in await town.rows(select(*CaseEvent.__table__.c).order_by(CaseEvent.id)):
        stories[event.case_id].append(event)
    said = await messages(town)
    assert len(cases) == CASES

    the_twenty_are_due_as_computed_by_hand(month, cases)
    told = {
        one: retell(case, stories[one], first_urgency(stories[one], case))
        for one, case in cases.items()
    }
    given = await every_rung_was_given_once_and_in_time(town, told)
    each_notice_was_one_message(said, given)
    nothing_rang_at_night_but_emergencies(said, given, cases, stories)
    nobody_away_was_rung(said)
    await every_clock_that_ended_is_recorded(town, told)


def first_urgency(story, case):
    for event in story:
        if event.what == "urgency":
            before = event.body["text"].partition(" →")[0]
            return next(level for word, level in LEVELS.items() if word in before)
    return case.urgency


def the_twenty_are_due_as_computed_by_hand(month, cases):
    by_code = {case.code: case for case in cases.values()}
    by_hand = sorted(TWENTY, key=lambda one: at(one["received"]))  # as they came in
    for code, hand in zip(month.twenty, by_hand, strict=True):
        case = by_code[code]
        first = case.clocks.get("history", [case.clocks])[0]  # before any change of urgency
        stored = [datetime.fromisoformat(first[clock]["at"]) for clock in ("take", "answer")]
        assert case.opened_at == at(hand["received"])
        assert stored == [at(hand["take"]), at(hand["answer"])], hand


async def every_rung_was_given_once_and_in_time(town, told):
    """The table of given notices is exactly what the stories of the cases call for."""
    rows = await town.rows(select(*Rung.__table__.c))
    given = {(row.case_id, row.round, row.rung): row.fired_at for row in rows}
    expected = {
        (case, *rung): minute for case, one in told.items() for rung, minute in one.given.items()
    }
    assert given == expected
    assert len(rows) == len(given) > 2 * CASES
    after = [minute for minute in given.values() if minute == DOWN[1]]
    assert after, "nothing came due while everything was down"
    assert not [minute for minute in given.values() if DOWN[0] <= minute < DOWN[1]]
    return given


def each_notice_was_one_message(said, given):
    """What came due together is one message a chat; citizens are told of each lateness once."""
    rung = {(case, minute) for (case, _, _), minute in given.items()}
    staff = Counter((who, case, when) for who, when, case, text in said if text.startswith("⏰"))
    assert staff and set(staff.values()) == {1}
    assert {(case, when) for _, case, when in staff} == rung
    excuses = Counter((case, when) for _, when, case, text in said if "đã quá hạn hứa" in text)
    late = {
        (case, minute) for (case, _, name), minute in given.items() if name.endswith("_citizen")
    }
    assert set(excuses) == late and set(excuses.values()) == {1}


def nothing_rang_at_night_but_emergencies(said, given, cases, stories):
    grave = {
        one
        for one, case in cases.items()
        if case.urgency == "sos" or "emergency" in case.kinds or was_grave(stories[one])
    }
    at_night = {
        case for (case, _, _), minute in given.items() if not MORNING <= clock(minute) <= EVENING
    }
    assert at_night and at_night <= grave
    calendar = for_commune()
    cards = [(when, case) for _, when, case, text in said if text.startswith("Hồ sơ mới")]
    for when, case in cards:
        if case not in grave:
            day = when.astimezone(HERE).date()
            assert is_working_day(day, calendar) and time(7) <= clock(when) <= time(17)
    assert any(not is_working_day(when.astimezone(HERE).date(), calendar) for when, _ in cards)


def was_grave(story):
    return any("Nguy hiểm" in event.body["text"] for event in story if event.what == "urgency")


def nobody_away_was_rung(said):
    name, since, until = AWAY
    heard = [
        text
        for who, when, _, text in said
        if who == name and since <= when < until and text.startswith(("⏰", "Hồ sơ mới"))
    ]
    assert not heard
    assert any(who == name and text.startswith("⏰") for who, _, _, text in said)


async def every_clock_that_ended_is_recorded(town, told):
    rows = await town.rows(select(*ClockRecord.__table__.c))
    recorded = {(row.case_id, row.clock, row.round): row.kept for row in rows}
    expected = {
        (case, *which): kept for case, one in told.items() for which, kept in one.ended.items()
    }
    assert recorded == expected
    assert Counter(recorded.values())[True] > CASES / 2 and Counter(recorded.values())[False] > 10
