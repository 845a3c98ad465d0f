"""The chance that all sign, or at least so many: against every subset of homes."""

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from hemei.engines.costs.chances import EXACT, chances, signs
from hemei.engines.costs.tests.plans import LIMITS, SCALES, homes, plain, plan, small

EACH = st.lists(st.integers(0, 100).map(lambda percent: EXACT.divide(EXACT.create_decimal(percent), 100)), max_size=7)


@given(EACH, st.integers(0, 9))
def test_at_least_so_many_is_the_sum_over_all_ways_to_sign(each: list[object], heads: int) -> None:
    exact = [Fraction(str(chance)) for chance in each]
    enough = Fraction(0)
    for signed in product((True, False), repeat=len(exact)):
        if sum(signed) >= heads:
            way = Fraction(1)
            for chance, yes in zip(exact, signed, strict=True):
                way *= chance if yes else 1 - chance
            enough += way
    told = chances(each, heads)  # type: ignore[arg-type]
    assert abs(told.heads - enough) < Fraction(1, 10**40)


def test_at_its_place_a_home_signs_as_likely_as_not() -> None:
    assert signs(Fraction(5), Fraction(5), Fraction(1, 7)) * 2 == 1


def test_far_from_its_place_a_home_is_certain_and_nothing_overflows() -> None:
    assert signs(Fraction(10**15), Fraction(0), Fraction(1, 10**30)) == 0
    assert signs(Fraction(-(10**15)), Fraction(0), Fraction(1, 10**30)) == 1


def test_none_is_needed_always_and_more_than_there_are_never() -> None:
    told = plain(plan(homes=homes(mu=LIMITS, s=SCALES), chance={"heads": 0}))["chance"]
    assert told["heads"] == "1.000000"
    assert plain(plan(homes=homes(mu=LIMITS, s=SCALES), chance={"heads": 13}))["chance"]["heads"] == "0.000000"
    all_of_them = plain(plan(homes=homes(mu=LIMITS, s=SCALES), chance={"heads": 12}))["chance"]
    assert all_of_them["heads"] == all_of_them["all"]


def test_a_late_home_is_not_asked_and_shares_count_as_rounded() -> None:
    listed = [{"id": name, "floor": 2, "area": "50", "mu": "0", "s": "10"} for name in "abc"]
    case = small(2, net="30.00", homes=listed, chance={"heads": 1}, rounding={"to": "step", "step": "20.00"})
    alone = signs(Fraction(20), Fraction(0), Fraction(10))
    told = plain(case | {"late": {"home": "b", "years": "0", "life": "15"}})["chance"]
    assert told == {"all": f"{alone * alone:.6f}", "heads": f"{1 - (1 - alone) * (1 - alone):.6f}"}
