"""Flags exactly as they are defined, also where a plan has a borderline."""

import pytest

from hemei.engines.costs.tests.plans import answer, cost, homes, plain, plan, small


def test_the_subsidy_is_cut_to_the_cent_before_anything_is_shared() -> None:
    told = plain(plan(cost=cost("123456.78")))
    assert (told["subsidy"], told["net"]) == ("49382.71", "74074.07")


def test_a_subsidy_at_its_cap_is_not_capped_and_a_tenth_of_a_cent_above_is() -> None:
    assert plain(plan(cost=cost("1.00", rate="0.5", cap="0.50")))["flags"] == []
    told = plain(plan(cost=cost("1.00", rate="0.501", cap="0.50")))
    assert (told["subsidy"], told["flags"]) == ("0.50", ["subsidy_capped"])
    assert plain(plan(cost=cost(rate="1", cap=None)))["flags"] == []


def test_a_capped_subsidy_and_an_empty_floor_are_told_of_a_plan_that_falls_short_too() -> None:
    case = plan(
        cost=cost("900000"), floors=7, homes=homes(limit=["1"] * 6), method={"name": "least_slack", "scale": "one"}
    )
    assert plain(case)["flags"] == ["empty_floor", "infeasible", "subsidy_capped"]


@pytest.mark.parametrize(("k", "short"), [(["0", "5"], True), (["-1", "9"], True), (["0.01", "0"], False)])
def test_only_floors_with_homes_count_in_the_sum_of_a_key(k: list[str], short: bool) -> None:
    """The top floor is empty: its coefficient carries nothing."""
    method = {"name": "key", "key": "table", "within": "equal", "k": k}
    told = plain(small(1, 1, floors=2, method=method))
    assert ("infeasible" in told["flags"]) is short
    assert told["short_by"] == ("100.00" if short else "0.00")


def test_nothing_to_share_is_shared_by_any_key() -> None:
    told = plain(small(1, 1, net="0.00", method={"name": "key", "key": "table", "within": "area", "k": ["-1"]}))
    assert told["shares"] == {"a": "0.00", "b": "0.00"}
    assert told["flags"] == []


def test_the_core_is_left_by_paying_more_than_the_need_not_by_paying_as_much() -> None:
    method = {"name": "key", "key": "table", "within": "equal", "k": ["1", "2"]}
    assert plain(small(1, 2, net="90.00", method=method, need=["30.00", "90.00"]))["flags"] == []
    told = plain(small(1, 2, net="90.00", method=method, need=["29.99", "90.00"]))
    assert (told["core_violations"], told["flags"]) == ([1], ["outside_core"])


def test_shares_before_rounding_are_asked_about_the_core() -> None:
    """Rounded, floor 1 pays 33.34 of its need of 33.33; before rounding, a third of a cent too much as well."""
    method = {"name": "key", "key": "table", "within": "equal", "k": ["1", "2"]}
    inside = plain(small(1, 2, net="100.00", method=method, need=["33.34", "100.00"]))
    outside = plain(small(1, 2, net="100.00", method=method, need=["33.33", "100.00"]))
    assert (inside["core_violations"], outside["core_violations"]) == ([], [1])
    assert outside["shares"]["a"] == "33.33"


def test_a_compensation_leaves_the_core_without_a_floor_that_pays_too_much() -> None:
    method = {"name": "key", "key": "table", "within": "equal", "k": ["-1", "2"]}
    told = plain(small(1, 2, method=method, need=["0", "100.00"]))
    assert told["core_violations"] == []
    assert told["flags"] == ["compensation", "outside_core"]
    assert "outside_core" not in plain(small(1, 2, method=method))["flags"]


def test_a_compensation_that_a_step_takes_away_is_still_outside_the_core() -> None:
    method = {"name": "key", "key": "table", "within": "equal", "k": ["-1", "20"]}
    case = small(1, 2, method=method, need=["0", "100.00"], rounding={"to": "step", "step": "100.00"})
    assert plain(case)["flags"] == ["compensation_rounded", "outside_core"]


def test_the_best_chance_of_equal_homes_meets_a_need_exactly_and_stays_inside() -> None:
    listed = [{"id": name, "floor": floor, "area": "50", "mu": "7", "s": "3"} for floor, name in ((1, "a"), (2, "b"))]
    case = small(1, 2, homes=listed, method={"name": "max_chance"}, need=["50.00", "100.00"])
    assert answer(case).core_violations == ()
    assert plain(case)["flags"] == []


def test_a_benefit_of_nothing_pays_nothing_and_one_cent_short_is_short() -> None:
    listed = [{"id": name, "floor": 1, "area": "50", "benefit": worth} for name, worth in (("a", "0.00"), ("b", "100"))]
    enough = small(1, homes=listed, method={"name": "proportional_benefit"})
    assert plain(enough)["shares"] == {"a": "0.00", "b": "100.00"}
    assert plain(enough | {"cost": cost("100.01", rate="0", cap=None)})["short_by"] == "0.01"


def test_where_everybody_loses_and_nothing_is_to_pay_there_is_nothing_to_compensate_from() -> None:
    listed = [{"id": "a", "floor": 1, "area": "50", "benefit": "-1.00"}]
    told = plain(small(1, net="0.00", homes=listed, method={"name": "proportional_benefit"}))
    assert (told["flags"], told["short_by"]) == (["infeasible"], "1.00")
