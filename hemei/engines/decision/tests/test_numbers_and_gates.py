"""From units and heads to the numbers of the tests, to the gates, to the outcome."""

from typing import Any

import pytest

from hemei.engines.decision.tests.ballots import (
    WINDOW2,
    a_test,
    cast,
    deliver,
    flags,
    homes,
    linked,
    numbers,
    raw,
    sale,
    unit,
    verdict,
)

AGREED = tuple(cast(f"{number:02}") for number in range(1, 8))


def one(count: str, base: str, cmp: str, threshold: str, *acts: Any, units: Any = None, **more: Any) -> list[Any]:
    """The numbers of this test alone."""
    return numbers(
        verdict(*acts, units=units, under={"tests": [a_test("t", count, base, cmp, threshold, **more)]}), "t"
    )


# -- tests


@pytest.mark.parametrize(("cmp", "passed"), [(">=", True), (">", False), ("<=", True), ("<", False)])
def test_exactly_the_threshold_is_reached_and_not_exceeded(cmp: str, passed: bool) -> None:
    acts = (cast("01"), cast("02"), cast("03"))
    assert one("for", "all", cmp, "1/3", *acts) == ["3", "9", passed]


def test_areas_are_compared_exactly_and_never_rounded() -> None:
    units = [unit("01", area="66.67"), unit("02", area="33.33")]
    assert one("for", "all", ">=", "2/3", cast("01"), units=units, measure="area") == ["66.67", "100", True]
    units = [unit("01", area="66.66"), unit("02", area="33.34")]
    assert one("for", "all", ">=", "2/3", cast("01"), units=units, measure="area") == ["66.66", "100", False]


@pytest.mark.parametrize(
    ("areas", "written"),
    [
        (["1/3", "1/3"], ["1/3", "2/3", True]),
        (["400.00", "800/2"], ["400", "800", True]),
        (["0.1", "1/7"], ["0.1", "17/70", False]),
        (["1/8", "0"], ["0.125", "0.125", True]),
    ],
)
def test_numbers_are_written_in_lowest_terms(areas: list[str], written: list[Any]) -> None:
    units = [unit("01", area=areas[0]), unit("02", area=areas[1])]
    assert one("for", "all", ">=", "1/2", cast("01"), units=units, measure="area") == written


def test_of_nothing_is_nothing_and_fails() -> None:
    assert one("for", "cast", ">=", "0", cast("01", "abstain")) == ["0", "0", False]
    assert one("against", "cast", "<=", "1", cast("01", "abstain")) == ["0", "0", False]
    assert one("participating", "cast", ">=", "0", cast("01", "abstain")) == ["0", "0", False]


def test_votes_cast_are_for_and_against() -> None:
    acts = (cast("01"), cast("02", "against"), cast("03", "abstain"), cast("04", "spoiled"))
    assert one("for", "cast", ">", "1/2", *acts) == ["1", "2", False]
    assert one("for", "participating", ">", "0", *acts) == ["1", "3", True]


def test_the_original_owners_vote_is_reduced_where_it_dominates() -> None:
    units = [unit("01", "DEV", share="60", original_owner=True), unit("02", share="20"), unit("03", share="20")]
    acts = (cast("01", "against", by="DEV"), cast("02"), cast("03"))

    def against(at_least: str, min_lots: int, shares: Any = units) -> list[Any]:
        reduced = {"at_least": at_least, "factor": "1/3", "min_lots": min_lots}
        tests = [a_test("t", "against", "cast", "<=", "1/4", measure="share")]
        return numbers(verdict(*acts, units=shares, under={"tests": tests, "original_owner": reduced}), "t")

    assert against("1/2", 3) == ["20", "60", False]
    assert against("3/5", 3) == ["20", "60", False]
    assert against("61/100", 3) == ["60", "100", False]
    assert against("1/2", 4) == ["60", "100", False]


def test_a_majority_owner_is_cut_to_the_sum_of_the_others() -> None:
    units = [unit("01", "BIG", share="50"), unit("02", "BIG", share="20"), unit("03", share="30")]
    tests = [a_test("t", "for", "all", ">", "1/2", measure="share")]
    acts = (cast("01", by="BIG"), cast("02", by="BIG"))
    assert numbers(verdict(*acts, units=units, under={"tests": tests}), "t") == ["70", "100", True]
    under = {"tests": tests, "majority_owner_cut": True}
    assert numbers(verdict(*acts, units=units, under=under), "t") == ["30", "60", False]
    half = [unit("01", "BIG", share="50"), unit("03", share="50")]
    assert numbers(verdict(acts[0], units=half, under=under), "t") == ["50", "100", False]


def test_a_cap_makes_the_need_the_lesser_and_at_least_adds_one() -> None:
    acts = (cast("01"), cast("02"))
    assert one("for", "all", ">=", "1/2", *acts) == ["2", "9", False]
    assert one("for", "all", ">=", "1/2", *acts, cap="2") == ["2", "9", True]
    assert one("for", "all", ">=", "1/9", *acts, at_least="3") == ["2", "9", False]
    assert one("for", "all", ">=", "1/9", *acts, at_least="2") == ["2", "9", True]


def test_excluded_kinds_are_in_neither_number_and_a_unit_without_a_vote_in_no_test() -> None:
    units = [*homes(3), unit("G", kind="garage"), unit("P", votable=False)]
    acts = (cast("01"), cast("G"), cast("P"))
    assert one("for", "all", ">=", "0", *acts, units=units, exclude_kinds=["garage"]) == ["1", "3", True]
    assert one("for", "all", ">=", "0", *acts, units=units) == ["2", "4", True]


def test_a_test_by_channel_counts_only_what_came_that_way() -> None:
    couple = [unit("01", "WIFE", "HUSBAND"), *homes(4)[1:]]
    acts = (
        cast("01", by="WIFE", channel="paper"),
        cast("01", by="HUSBAND", channel="in person"),
        cast("02", channel="in person"),
        cast("03", channel="paper"),
        cast("04"),
    )
    assert one("for", "all", ">=", "0", *acts, units=couple, channel="in person") == ["2", "4", True]
    area = one("participating", "all", ">=", "0", *acts, units=couple, channel="in person", measure="area")
    assert area == ["120", "240", True]


def test_silence_comes_by_no_channel() -> None:
    tests = [a_test("t", "participating", "all", ">=", "0", channel="in person")]
    under = {"tests": tests, "nonresponse": "abstain_if_delivered"}
    assert numbers(verdict(deliver("01"), under=under), "t") == ["0", "9", True]


# -- outcome and gates


def test_a_failed_participation_comes_before_a_failed_approval() -> None:
    assert verdict(cast("01", "against")).outcome == "no_quorum"
    assert verdict(*(cast(f"{number:02}", "against") for number in range(1, 8))).outcome == "rejected"
    assert verdict(*AGREED).outcome == "passed"


def objection(at: str, **more: Any) -> dict[str, Any]:
    return {"type": "objection", "id": "ob", "unit": "09", "ground": "light", "at": at, **more}


NOTICE = {"posted": "2025-03-17", "days": 10}
AFTER = "2025-05-01T00:00"


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        ("2025-03-16T23:59:59", "passed"),
        ("2025-03-17T00:00", "blocked"),
        ("2025-03-27T23:59:59", "blocked"),
        ("2025-03-28T00:00", "passed"),
    ],
)
def test_an_objection_counts_from_the_day_of_posting_to_the_end_of_the_last_day(at: str, outcome: str) -> None:
    assert verdict(*AGREED, objection(at), notice=NOTICE, evaluate_at=AFTER).outcome == outcome
    assert verdict(*AGREED, objection(at), notice=NOTICE).outcome == outcome


def test_an_objection_without_a_notice_blocks_nothing() -> None:
    assert verdict(*AGREED, objection("2025-03-17T10:00")).outcome == "passed"


def test_any_way_of_closing_an_objection_ends_it_from_then_on() -> None:
    closed = {"type": "objection_closed", "ref": "ob", "how": "withdrawn", "at": "2025-04-01T10:00"}
    acts = (*AGREED, objection("2025-03-20T10:00"), closed)
    assert verdict(*acts, notice=NOTICE, evaluate_at="2025-04-01T09:59").outcome == "blocked"
    assert verdict(*acts, notice=NOTICE, evaluate_at="2025-04-01T10:00").outcome == "passed"
    assert verdict(*acts, notice=NOTICE).outcome == "passed"


@pytest.mark.parametrize(
    ("non_working", "over_at"),
    [
        ([], "2025-03-28T00:00"),
        (["2025-03-26"], "2025-03-28T00:00"),
        (["2025-03-27"], "2025-03-29T00:00"),
        (["2025-03-28", "2025-03-27", "2025-03-29", "2025-03-31"], "2025-03-31T00:00"),
    ],
)
def test_a_notice_ends_with_its_last_day_or_the_next_working_one(non_working: list[str], over_at: str) -> None:
    notice = {**NOTICE, "non_working_days": non_working}
    before = f"{int(over_at[8:10]) - 1:02}T23:59:59"
    assert verdict(*AGREED, notice=notice, evaluate_at=f"2025-03-{before}").outcome == "pending"
    assert verdict(*AGREED, notice=notice, evaluate_at=over_at).outcome == "passed"


def test_a_notice_of_working_days_counts_only_those() -> None:
    notice = {**NOTICE, "days": 3, "non_working_days": ["2025-03-18", "2025-03-20"], "counting": "working"}
    assert verdict(*AGREED, notice=notice, evaluate_at="2025-03-22T23:59").outcome == "pending"
    assert verdict(*AGREED, notice=notice, evaluate_at="2025-03-23T00:00").outcome == "passed"


def test_an_open_vote_is_pending_and_the_order_of_outcomes_holds_meanwhile() -> None:
    assert verdict(*AGREED, evaluate_at="2025-03-15T23:59").outcome == "pending"
    assert verdict(*AGREED, evaluate_at="2025-03-16T00:00").outcome == "passed"
    assert verdict(*AGREED[:2], evaluate_at="2025-03-15T23:59").outcome == "no_quorum"
    early = objection("2025-03-10T10:00")
    posted = {"posted": "2025-03-10", "days": 3}
    assert verdict(*AGREED, early, notice=posted, evaluate_at="2025-03-12T10:00").outcome == "blocked"


def test_missing_evidence_leaves_it_pending_where_it_would_be_passed() -> None:
    papers = [{"id": "structure review", "complete": False}, {"id": "design", "complete": True}]
    given = verdict(*AGREED, evidence=papers)
    assert (given.outcome, given.gates.missing_evidence) == ("pending", ("structure review",))
    assert verdict(*AGREED[:2], evidence=papers).outcome == "no_quorum"


# -- the second round

FALLBACK: dict[str, Any] = {
    "tests": [a_test("main", "for", "all", ">", "1/2")],
    "fallback": {
        "trigger": [a_test("third", "for", "all", ">=", "1/3", kind="trigger")],
        "tests": [a_test("second", "for", "cast", ">", "1/2")],
    },
}
IN_SECOND: dict[str, Any] = {"round": 2, "at": "2025-03-16T11:00"}
THREE = tuple(cast(f"{number:02}") for number in (1, 2, 3))


def test_a_second_round_is_tallied_alone_where_the_triggers_hold() -> None:
    acts = (*THREE, cast("04", **IN_SECOND), cast("05", **IN_SECOND), cast("01", "against", **IN_SECOND))
    given = verdict(*acts, under=FALLBACK, window2=WINDOW2)
    assert (given.outcome, numbers(given, "third"), numbers(given, "second")) == (
        "passed",
        ["3", "9", True],
        ["2", "3", True],
    )
    assert given.status["01"] == "for"


def test_a_second_round_is_looked_at_only_where_it_is_due() -> None:
    assert verdict(*THREE, under=FALLBACK).second_tests is None
    assert verdict(*AGREED, under=FALLBACK, window2=WINDOW2).second_tests is None
    short = verdict(*THREE[:2], under=FALLBACK, window2=WINDOW2)
    assert short.second_tests is not None
    assert ([result.test.id for result in short.second_tests], short.outcome) == (["third"], "rejected")


def test_while_the_second_vote_is_open_it_is_pending() -> None:
    acts = (*THREE, cast("04", **IN_SECOND))
    more = {"under": FALLBACK, "window2": WINDOW2}
    assert verdict(*acts, evaluate_at="2025-03-16T11:59", **more).outcome == "pending"
    assert verdict(*acts, evaluate_at="2025-03-16T12:00", **more).outcome == "passed"
    assert verdict(*THREE, evaluate_at="2025-03-16T11:59", **more).outcome == "rejected"


def test_sales_carry_over_into_the_second_round_and_one_after_closing_counts_there_alone() -> None:
    acts = (*THREE, sale("01", at="2025-03-16T10:30"), cast("01", by="BUYER", **IN_SECOND), cast("01", **IN_SECOND))
    given = verdict(*acts, under={**FALLBACK, "transfer": "lapses"}, window2=WINDOW2)
    assert (given.status["01"], numbers(given, "second")) == ("for", ["1", "1", True])
    assert flags(given) == [["not_an_owner", "01"], ["transfer", "01"]]


def test_silence_in_the_second_round_is_read_by_the_same_rule() -> None:
    under = {**FALLBACK, "nonresponse": "abstain_if_delivered"}
    under["fallback"] = {**FALLBACK["fallback"], "tests": [a_test("second", "participating", "all", ">", "0")]}
    given = verdict(*THREE, deliver("05", at="2025-03-16T11:00"), under=under, window2=WINDOW2)
    assert (given.deemed, numbers(given, "second")) == ({}, ["1", "9", True])


# -- linked ballots


@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        (raw(*AGREED, id="B2"), "passed"),
        (raw(*AGREED, id="B2", evaluate_at="2025-03-15T00:00"), "pending"),
        (raw(*AGREED, objection("2025-03-20T10:00"), id="B2", notice=NOTICE), "blocked"),
        (raw(id="B2"), "no_quorum"),
        (raw(*(cast(f"{number:02}", "against") for number in range(1, 8)), id="B2"), "rejected"),
    ],
)
def test_linked_ballots_take_the_worst(second: Any, outcome: str) -> None:
    given = linked(raw(*AGREED), second)
    assert (given.outcome, [ballot.id for ballot in given.ballots]) == (outcome, ["B", "B2"])
    assert (given.tests, given.status, given.deemed, given.flags) == ((), {}, {}, ())
    assert linked(raw(id="B3"), second).outcome == ("rejected" if outcome == "rejected" else "no_quorum")
