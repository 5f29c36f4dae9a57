"""Laws the law engine keeps, whoever asks and on whatever day."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from models.benefits.check import law
from models.benefits.decide import decide
from models.benefits.engine import Outcome, assess, version_on
from models.benefits.facts import Case, Person, facts_of
from models.benefits.questions import next_change, questions
from models.benefits.truth import Truth, all_of, any_of, negate
from tests.benefits.households import event, home, household, rng_of, whole_person

SETTLED = {Truth.YES, Truth.NO, Truth.OFFICER}
seeds = st.integers(0, 2**32)
truths = st.lists(st.sampled_from(Truth), min_size=1, max_size=5)


def raw_outcomes(case: Case) -> dict[tuple[str, str], Outcome]:
    """Every benefit of every person by itself, before what is paid together is settled."""
    return {
        (person.id, name): assess(law(), benefit, person.id, facts_of(case, person), case.day)
        for person in case.people
        for name, benefit in law().benefits.items()
        if benefit.topic != "card"
    }


def fewer(rng: random.Random, case: Case, share: float) -> Case:
    """The same household with some facts not told."""
    people = tuple(
        replace(person, facts={k: v for k, v in person.facts.items() if rng.random() < share})
        for person in case.people
    )
    shared = {k: v for k, v in case.facts.items() if rng.random() < share}
    return replace(case, people=people, facts=shared)


@settings(max_examples=300, deadline=None)
@given(seed=seeds, share=st.floats(0, 1), happened=st.booleans())
def test_what_is_settled_stays_settled_when_more_is_told(seed, share, happened):
    rng = rng_of(seed)
    whole = household(rng)
    if happened:
        whole = replace(whole, facts={**whole.facts, **event(rng)})
    part = fewer(rng, whole, share)
    before, after = raw_outcomes(part), raw_outcomes(whole)
    for key, outcome in before.items():
        if outcome.verdict in SETTLED:
            assert after[key].verdict is outcome.verdict, key
        if outcome.verdict is Truth.YES and outcome.amount is not None:
            assert after[key].amount is not None
            grows = outcome.amount.rate or (outcome.payment and outcome.payment.floor_of)
            assert after[key].amount.vnd == outcome.amount.vnd or grows
        if fixed(key[1], whole) and outcome.highest and after[key].verdict is Truth.YES:
            assert outcome.lowest <= after[key].amount.vnd <= outcome.highest


def fixed(benefit: str, case: Case) -> bool:
    """Whether no count and no receipt enters the amount."""
    version = version_on(law().benefits[benefit], case.day)
    return version is not None and not any(pay.times or pay.floor_of for pay in version.pays)


@settings(max_examples=200, deadline=None)
@given(seed=seeds, share=st.floats(0, 1))
def test_unknown_is_never_a_no_and_always_says_what_is_missing(seed, share):
    rng = rng_of(seed)
    part = fewer(rng, household(rng), share)
    for (person, _), outcome in raw_outcomes(part).items():
        facts = facts_of(part, part.person(person))
        if outcome.verdict is Truth.UNKNOWN:
            assert outcome.missing
        if outcome.verdict is Truth.NO:
            assert outcome.reasons
        for reason in outcome.reasons:
            assert reason.article or outcome.verdict is Truth.NO
            assert reason.fact is None or reason.fact in facts


@settings(max_examples=100, deadline=None)
@given(seed=seeds)
def test_a_whole_story_leaves_no_question(seed):
    case = household(rng_of(seed))
    assert questions(case) == []


@settings(max_examples=100, deadline=None)
@given(seed=seeds)
def test_a_person_is_paid_one_benefit_or_two_when_a_poor_single_parent(seed):
    case = household(rng_of(seed))
    for person in case.people:
        paid = [
            outcome.benefit
            for outcome in decide(case).counted()
            if outcome.person == person.id
            and law().benefits[outcome.benefit].group in {"personal", "single_parent"}
        ]
        assert len(paid) <= (2 if "tcxh_k4" in paid else 1)


@settings(max_examples=100, deadline=None)
@given(seed=seeds)
def test_choosing_what_is_paid_together_never_costs_the_household_money(seed):
    case = household(rng_of(seed))
    decision = decide(case)
    for person in case.people:
        own = [
            outcome
            for outcome in decision.outcomes
            if outcome.person == person.id
            and outcome.verdict is Truth.YES
            and law().benefits[outcome.benefit].group in {"personal", "single_parent"}
        ]
        best = max((o.amount.vnd or 0 for o in own if o.amount), default=0)
        paid = sum(o.amount.vnd or 0 for o in own if o.amount and o.counted)
        assert paid >= best


@settings(max_examples=40, deadline=None)
@given(seed=seeds)
def test_nothing_changes_before_the_next_change(seed):
    rng = rng_of(seed)
    case = Case(household(rng).day, (), home(rng))
    case = replace(case, people=(Person("p", whole_person(rng, case.day)),))
    change = next_change(case)
    if change is None:
        return
    before = {(o.benefit, o.verdict, o.amount and o.amount.vnd) for o in decide(case).counted()}
    eve = replace(case, day=max(case.day, change.day.replace(day=1)))
    if case.day <= eve.day < change.day:
        after = {(o.benefit, o.verdict, o.amount and o.amount.vnd) for o in decide(eve).counted()}
        assert before == after


@given(truths, st.data())
def test_four_valued_logic_only_learns(values, data):
    place = data.draw(st.integers(0, len(values) - 1))
    learned = list(values)
    if learned[place] is Truth.UNKNOWN:
        learned[place] = data.draw(st.sampled_from(Truth))
    for join in (all_of, any_of):
        if join(values) is not Truth.UNKNOWN:
            assert join(learned) is join(values)
    assert negate(all_of(values)) is any_of([negate(value) for value in values])
