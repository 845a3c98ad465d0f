"""Rounded once, at the end: to the cent by largest remainder, or up to a step."""

from fractions import Fraction

import pytest

from hemei.engines.costs.answer import decimals, money
from hemei.engines.costs.rounding import half_up, to_cent, up_to_step
from hemei.engines.costs.tests.plans import answer, plain, small, yuan


def test_missing_cents_go_to_the_largest_remainders_and_equal_ones_by_id_as_plain_strings() -> None:
    third = Fraction(1, 3)
    assert to_cent(["2", "10", "1"], [third] * 3, Fraction(1)) == yuan("0.33", "0.33", "0.34")
    assert to_cent(["2", "10", "a"], [Fraction(1, 200)] * 3, Fraction(1, 50)) == yuan("0.01", "0.01", "0.00")


def test_a_compensation_is_cut_towards_minus_infinity() -> None:
    shares = [Fraction(-10, 3), Fraction(40, 3)]
    assert to_cent(["a", "b"], shares, Fraction(10)) == yuan("-3.33", "13.33")
    assert to_cent(["b", "a"], [Fraction(-1, 200), Fraction(1, 200)], Fraction(0)) == yuan("-0.01", "0.01")


def test_a_home_that_pays_nothing_gets_no_cent() -> None:
    shares = plain(small(1, 2, 2, 2))["shares"]
    assert shares == {"a": "0.00", "b": "33.34", "c": "33.33", "d": "33.33"}


@pytest.mark.parametrize(
    ("share", "up"),
    [("-3333.33", "-3300"), ("0", "0"), ("0.01", "100"), ("100", "100"), ("-99.99", "0"), ("-100", "-100")],
)
def test_a_step_is_the_next_multiple_towards_plus_infinity(share: str, up: str) -> None:
    assert up_to_step(Fraction(share), Fraction(100)) == Fraction(up)


def test_half_a_cent_is_rounded_up() -> None:
    assert [half_up(Fraction(number, 1000)) for number in (0, 4, 5, 14, 15, 25)] == yuan_list(0, 0, 1, 1, 2, 3)


def yuan_list(*cents: int) -> list[Fraction]:
    return [Fraction(cent, 100) for cent in cents]


def test_nothing_is_written_as_minus_nought() -> None:
    assert money(Fraction(-1, 1000)) == "0.00"
    assert money(Fraction(-1, 100)) == "-0.01"
    assert money(Fraction(-2133207, 100)) == "-21332.07"
    assert decimals(Fraction(16, 11), 4) == "1.4545"
    assert decimals(Fraction(18789, 10**9), 9) == "0.000018789"


def test_a_compensation_that_a_step_takes_away_altogether_is_flagged_as_made_smaller() -> None:
    method = {"name": "key", "key": "table", "within": "equal", "k": ["-0.5", "1.5"]}
    told = plain(small(1, 2, method=method, rounding={"to": "step", "step": "100.00"}))
    assert told["shares"] == {"a": "0.00", "b": "200.00"}
    assert told["flags"] == ["compensation_rounded"]
    exact_step = plain(small(1, 2, method=method, rounding={"to": "step", "step": "50.00"}))
    assert exact_step["flags"] == ["compensation"]
    to_the_cent = plain(small(1, 2, method={**method, "k": ["-0.5", "1.7"]}))
    assert to_the_cent["flags"] == ["compensation"]


def test_equal_homes_stay_equal_with_a_step_and_the_rest_is_reserve() -> None:
    told = answer(small(2, 2, 2, rounding={"to": "step", "step": "10.00"}))
    assert set(told.shares.values()) == {Fraction(40)}
    assert (told.total, told.reserve) == yuan("120", "20")


def test_equal_homes_at_a_whole_step_are_not_raised_by_a_step_of_the_best_chance() -> None:
    """Each pays a third of 300 exactly; a digit too much at the end of a logarithm would make that 200."""
    homes = [{"id": name, "floor": 1, "area": "50", "mu": "12.34", "s": "7.89"} for name in "abc"]
    case = small(1, net="300.00", homes=homes, method={"name": "max_chance"}, rounding={"to": "step", "step": "100.00"})
    assert set(plain(case)["shares"].values()) == {"100.00"}
