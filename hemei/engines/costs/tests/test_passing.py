"""The chance that heads and area are both reached: against every subset of homes, or by fixed draws."""

from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemei.engines.costs.chances import EXACT, chances
from hemei.engines.costs.passing import TRIALS, passing

HALF = Decimal("0.5")
AREAS = st.sampled_from([Fraction(written) for written in ("62.30", "60.35", "1/3", "48.7", "100")])
HOMES = st.lists(st.tuples(st.integers(0, 100).map(lambda percent: Decimal(percent) / 100), AREAS), max_size=7)


@given(HOMES, st.integers(0, 8), st.fractions(0, 400))
def test_it_is_the_sum_over_all_ways_to_sign(homes: list[tuple[Decimal, Fraction]], heads: int, area: Fraction) -> None:
    each, areas = [chance for chance, _ in homes], [area for _, area in homes]
    expected = Fraction(0)
    for signed in product((True, False), repeat=len(homes)):
        if sum(signed) >= heads and sum((a for a, yes in zip(areas, signed, strict=True) if yes), Fraction(0)) >= area:
            way = Fraction(1)
            for chance, yes in zip(each, signed, strict=True):
                way *= Fraction(chance) if yes else 1 - Fraction(chance)
            expected += way
    told = passing(each, areas, heads, area)
    assert told.trials is None
    assert abs(told.chance - expected) < Fraction(1, 10**40)


def test_where_all_areas_are_alike_area_asks_no_more_than_heads() -> None:
    each = [EXACT.divide(Decimal(number), Decimal(13)) for number in range(1, 13)]
    told = passing(each, [Fraction("62.3")] * 12, 9, Fraction(3, 4) * 12 * Fraction("62.3"))
    assert abs(told.chance - chances(each, 9).heads) < Fraction(1, 10**40)


def test_one_large_home_decides_by_area() -> None:
    """Two of three heads are there without it; three quarters of the area are not."""
    areas = [Fraction(100), Fraction(20), Fraction(20)]
    assert passing([HALF] * 3, areas, 2, Fraction(0)).chance == Fraction(1, 2)
    assert passing([HALF] * 3, areas, 2, Fraction(105)).chance == Fraction(3, 8)
    assert passing([HALF] * 3, areas, 2, Fraction(120)).chance == Fraction(3, 8)
    assert passing([HALF] * 3, areas, 2, Fraction("120.01")).chance == Fraction(1, 8)


def test_nobody_to_sign() -> None:
    assert passing([], [], 0, Fraction(0)).chance == 1
    assert passing([], [], 1, Fraction(0)).chance == 0


def test_too_many_sums_are_simulated_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    areas = [Fraction(3000 + 37 * home * home, 100) for home in range(12)]
    each = [Decimal(60 + 3 * home) / 100 for home in range(12)]
    need = Fraction(3, 4) * sum(areas, Fraction(0))
    exact = passing(each, areas, 9, need)
    monkeypatch.setattr(import_module("hemei.engines.costs.passing"), "STATES_MAX", 50)
    told = passing(each, areas, 9, need)
    assert told.trials == TRIALS
    assert told == passing(each, areas, 9, need)
    assert abs(told.chance - exact.chance) < Fraction(1, 25)


def test_sixty_homes_of_sixty_areas_are_simulated() -> None:
    areas = [Fraction(4000 + 97 * home * home, 100) for home in range(60)]
    assert passing([Decimal("0.8")] * 60, areas, 45, Fraction(3, 4) * sum(areas, Fraction(0))).trials == TRIALS
