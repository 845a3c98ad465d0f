"""What holds of every case, whatever the rule."""

import json
import os
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hemei.engines.decision.acts import Act, Cast, Choice, Deliver, Objection, RollCorrection
from hemei.engines.decision.case import Case, LinkedBallots
from hemei.engines.decision.positions import known_acts
from hemei.engines.decision.reading import read_cases
from hemei.engines.decision.roll import Owner
from hemei.engines.decision.rule import Comparison, Rule, Test
from hemei.engines.decision.tally import judge, standing, tally
from hemei.engines.decision.tests.any_case import any_files
from hemei.engines.decision.tests.ballots import a_test, cast, deliver, verdict
from hemei.engines.decision.verdict import Status, Verdict

STRANGER = "somebody else"
BEST_LAST = ("no_quorum", "rejected", "blocked", "pending", "passed")

LONG = bool(os.environ.get("HEMEI_TEST_LONG"))
quick = settings(max_examples=2_000 if LONG else 40, deadline=None)


def cases_of(file: dict[str, Any]) -> list[Case]:
    """All cases of a file, linked ballots one by one."""
    found: list[Case] = []
    for case in read_cases(json.dumps(file, ensure_ascii=False)).cases:
        found += case.ballots if isinstance(case, LinkedBallots) else [case]
    return found


cases = any_files.flatmap(lambda file: st.sampled_from(cases_of(file)))
chances = st.integers(0, 2**32).map(Random)


def without_flags(verdict: Verdict) -> Verdict:
    return replace(verdict, flags=())


# -- order


@given(cases, chances)
@quick
def test_the_order_of_the_file_counts_for_acts_of_the_same_time_and_for_nothing_else(
    case: Case, chance: Random
) -> None:
    stable = sorted(case.acts, key=lambda act: act.at)
    assert tally(replace(case, acts=tuple(stable))) == tally(case)
    times = list({act.at for act in case.acts})
    chance.shuffle(times)
    shuffled = [act for at in times for act in case.acts if act.at == at]
    assert tally(replace(case, acts=tuple(shuffled))) == tally(case)


@given(cases)
@quick
def test_of_two_own_acts_of_the_same_time_the_later_in_the_file_counts(case: Case) -> None:
    (unit, *_others), at = case.units, case.window.open
    owner = unit.owners[0].id
    rule = replace(case.rule, joint="presumed_unless_contradicted")
    first, last = (Cast(at, unit.id, owner, choice) for choice in ("for", "against"))
    for acts, choice in (((first, last), "against"), ((last, first), "for")):
        alone = replace(case, rule=rule, acts=acts, evaluate_at=None)
        assert tally(alone).status[unit.id] == choice


@given(cases, chances)
@quick
def test_the_order_of_the_roll_changes_nothing(case: Case, chance: Random) -> None:
    units = list(case.units)
    chance.shuffle(units)
    shuffled = tally(replace(case, units=tuple(units)))
    assert shuffled == tally(case)


# -- acts that are none


def put_in(case: Case, act: Act, chance: Random) -> Case:
    acts = list(case.acts)
    acts.insert(chance.randint(0, len(acts)), act)
    return replace(case, acts=tuple(acts))


@given(cases, chances, st.integers(-2, 400))
@quick
def test_an_irrelevant_act_changes_nothing_but_its_flag(case: Case, chance: Random, hours: int) -> None:
    at = case.window.open + timedelta(hours=hours)
    unit = chance.choice(case.units)
    late = max(case.window.close, case.window2.close if case.window2 else case.window.close)
    acts: list[Act] = [
        Cast(at, unit.id, STRANGER, "against"),
        Cast(at, unit.id, STRANGER, "against", for_owner=unit.owners[0].id),
        Cast(late, unit.id, unit.owners[0].id, "against"),
        RollCorrection(at, unit.id, area=Fraction(10_000)),
        Deliver(at, unit.id, proof=False),
        Objection(late + timedelta(days=5000), "irrelevant", unit.id),
    ]
    before = tally(case)
    for act in acts:
        after = tally(put_in(case, act, chance))
        assert without_flags(after) == without_flags(before)
        raised = set(after.flags) - set(before.flags)
        assert set(before.flags) <= set(after.flags)
        assert raised <= {
            (flag, unit.id) for flag in ("not_an_owner", "proxy_invalid", "early_cast", "late_cast", "roll_correction")
        }


# -- co-owners who act alike


@given(cases, chances, st.integers(2, 4))
@quick
def test_co_owners_who_act_alike_count_as_one_owner_did(case: Case, chance: Random, many: int) -> None:
    """In a unit whose owner owns nothing else; whichever joint rule holds, one of them being the representative."""
    home = chance.choice(case.units)
    others = tuple([act for act in case.acts if getattr(act, "unit", None) != home.id])
    names = [f"co-owner {number}" for number in range(many)]
    owners = tuple([Owner(name, rep=name == names[0], share=Fraction(1, many)) for name in names])
    choices: tuple[Choice, ...] = ("for", "against", "abstain", "spoiled")
    hours = (case.window.close - case.window.open) // timedelta(hours=1)
    said = [(chance.randint(-1, hours), chance.choice(choices)) for _ in range(chance.randint(0, 3))]

    def owned_by(those: tuple[Owner, ...]) -> Case:
        units = tuple([replace(unit, owners=those, head=None) if unit is home else unit for unit in case.units])
        own = [
            Cast(case.window.open + timedelta(hours=hour), home.id, owner.id, choice)
            for hour, choice in said
            for owner in those
        ]
        return replace(case, units=units, acts=(*others, *own))

    assert tally(owned_by(owners)) == tally(owned_by(owners[:1]))


# -- one more for


def more_for_can_only_help(rule: Rule) -> bool:
    """Rules under which one more "for" must never turn passed into anything else.

    Every test asks for enough who agree or take part, or for few against and no number of them; who takes part is not
    asked of the votes cast alone, which an abstainer who agrees makes more. And where silence follows the majority, no
    test counts votes against: an abstainer who agrees may leave "against" in the lead, which the silent then join.
    """
    against_counts = any(test.count == "against" or test.base == "cast" for test in rule.all_tests)
    return not (rule.nonresponse == "follows_majority_if_delivered" and against_counts) and all(
        (test.cmp in {"<=", "<"} and test.at_least is None)
        if test.count == "against"
        else test.cmp in {">=", ">"} and not (test.count == "participating" and test.base == "cast")
        for test in rule.all_tests
    )


def helped_by_for(test: Test) -> Test:
    """The test, asked the way in which more "for" can only help."""
    few = test.count == "against"
    cmp: Comparison = ("<" if "=" not in test.cmp else "<=") if few else (">" if "=" not in test.cmp else ">=")
    base = "all" if test.count == "participating" else test.base
    return replace(test, cmp=cmp, base=base, at_least=None if few else test.at_least)


def opened(case: Case) -> Case:
    """The case without what stands between its numbers and "passed", and without a second round."""
    tests = tuple([helped_by_for(test) for test in case.rule.tests])
    rule = replace(case.rule, tests=tests, fallback=None)
    if not more_for_can_only_help(rule):
        rule = replace(rule, nonresponse="abstain_if_delivered")
    return replace(case, rule=rule, notice=None, evidence=(), evaluate_at=None)


STATUSES: tuple[Status, ...] = ("for", "for", "for", "for", "against", "abstain", "spoiled", "none", "unresolved")


@given(cases, chances)
@settings(quick, suppress_health_check=[HealthCheck.filter_too_much])
def test_one_more_for_never_turns_passed_into_anything_else(case: Case, chance: Random) -> None:
    case = opened(case)
    assert more_for_can_only_help(case.rule)
    stands = standing(case)
    before = {unit.id: chance.choice(STATUSES) for unit in case.units}
    assume(judge(stands, before).outcome == "passed")
    for unit, status in before.items():
        if status != "for":
            assert judge(stands, {**before, unit: "for"}).outcome == "passed"


@given(cases, chances)
@quick
def test_more_for_never_brings_a_worse_outcome_where_it_can_only_help(case: Case, chance: Random) -> None:
    """From nobody to everybody: no_quorum, rejected, passed, in this order and never back."""
    case = opened(case)
    tests = tuple([replace(test, base="all", count="for", cmp=">=") for test in case.rule.tests])
    stands = standing(replace(case, rule=replace(case.rule, tests=tests)))
    units = [unit.id for unit in case.units]
    chance.shuffle(units)
    reached = 0
    for many in range(len(units) + 1):
        statuses: dict[str, Status] = dict.fromkeys(units, "none")
        outcome = judge(stands, {**statuses, **dict.fromkeys(units[:many], "for")}).outcome
        assert BEST_LAST.index(outcome) >= reached
        reached = BEST_LAST.index(outcome)


def outcomes(under: dict[str, Any], *acts: dict[str, Any]) -> tuple[str, str]:
    """Without and with the last act, which is a "for"."""
    return verdict(*acts[:-1], under=under).outcome, verdict(*acts, under=under).outcome


def test_one_more_for_may_do_harm_where_taking_part_is_asked_of_the_votes_cast() -> None:
    under = {"tests": [a_test("t", "participating", "cast", ">", "1")]}
    assert outcomes(under, cast("01"), cast("02", "abstain"), cast("02")) == ("passed", "no_quorum")


def test_one_more_for_may_do_harm_where_silence_joins_a_majority_against() -> None:
    acts = [cast("01", "against"), cast("02", "against"), cast("03", "abstain"), cast("04", "abstain")]
    acts += [deliver(f"{number:02}") for number in range(5, 10)]
    under = {
        "nonresponse": "follows_majority_if_delivered",
        "tests": [a_test("t", "against", "participating", "<=", "1/2")],
    }
    assert outcomes(under, *acts, cast("03")) == ("passed", "rejected")


def test_one_more_for_does_harm_where_few_are_asked_to_agree() -> None:
    under = {"tests": [a_test("t", "for", "all", "<", "1/9")]}
    assert outcomes(under, cast("01")) == ("passed", "rejected")


# -- known acts


@given(cases)
@quick
def test_what_is_known_later_never_unknows_what_was_known(case: Case) -> None:
    everything = known_acts(replace(case, evaluate_at=None))
    known = known_acts(case)
    assert everything[: len(known)] == known
