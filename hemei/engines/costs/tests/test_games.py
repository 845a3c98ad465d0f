"""The airport game: formulas against their definitions on small games."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, permutations
from math import factorial

from hypothesis import given
from hypothesis import strategies as st

from hemei.engines.costs.games import core_violations, nucleolus, nucleolus_of_needs, shapley
from hemei.engines.costs.plan import Home

SMALL_NEEDS = st.lists(st.integers(0, 12), min_size=1, max_size=5).map(sorted)
NEEDS = st.lists(st.integers(0, 10**8), min_size=1, max_size=30).map(
    lambda cents: [Fraction(cent, 100) for cent in sorted(cents)]
)


def one_a_floor(needs: Sequence[object]) -> list[Home]:
    return [Home(str(floor), floor, Fraction(50)) for floor in range(1, len(needs) + 1)]


def littlechild(needs: Sequence[Fraction]) -> list[Fraction]:
    """Word by word: r = least over j > i of (c_j - c_i + r) / (j - i + 1), for j = n divided by n - i."""
    c, n = [Fraction(0), *needs], len(needs)
    i, r = 0, Fraction(0)
    paid: list[Fraction] = []
    while i < n:
        steps = {j: (c[j] - c[i] + r) / (n - i if j == n else j - i + 1) for j in range(i + 1, n + 1)}
        r = min(steps.values())
        j = max(j for j, step in steps.items() if step == r)
        paid += [r] * (j - i)
        i = j
    return paid


def excesses(needs: Sequence[Fraction], shares: Sequence[Fraction]) -> list[Fraction]:
    """What each coalition pays beyond what it would cost alone, the most aggrieved first."""
    players = range(len(needs))
    sizes = range(1, len(needs))  # neither nobody nor everybody
    coalitions = [who for size in sizes for who in combinations(players, size)]
    beyond = [sum(shares[one] for one in who) - max(needs[one] for one in who) for who in coalitions]
    return sorted(beyond, reverse=True)


@given(SMALL_NEEDS)
def test_shapley_is_the_mean_over_all_orders_of_what_each_home_adds(needs: list[int]) -> None:
    added = [Fraction(0)] * len(needs)
    for order in permutations(range(len(needs))):
        reached = 0
        for one in order:
            added[one] += max(needs[one] - reached, 0)
            reached = max(reached, needs[one])
    mean = tuple(one / factorial(len(needs)) for one in added)
    assert shapley(one_a_floor(needs), [Fraction(need) for need in needs]).shares == mean


@given(NEEDS)
def test_the_nucleolus_is_what_littlechild_says(needs: list[Fraction]) -> None:
    assert list(nucleolus_of_needs(needs)) == littlechild(needs)


@given(SMALL_NEEDS)
def test_needs_that_stand_on_a_line_or_together_are_taken_at_once(needs: list[int]) -> None:
    doubled = sorted(Fraction(need) for need in needs * 2)
    assert list(nucleolus_of_needs(doubled)) == littlechild(doubled)


@given(SMALL_NEEDS, st.data())
def test_no_other_division_treats_the_most_aggrieved_better_than_the_nucleolus(
    needs: list[int], data: st.DataObject
) -> None:
    exact = [Fraction(need) for need in needs]
    best = nucleolus_of_needs(exact)
    given_away = data.draw(st.lists(st.integers(-3, 3), min_size=len(needs) - 1, max_size=len(needs) - 1))
    moved = [Fraction(one, 4) for one in given_away] + [-Fraction(sum(given_away), 4)]
    other = [share + move for share, move in zip(best, moved, strict=True)]
    if min(other) >= 0:
        assert excesses(exact, best) <= excesses(exact, other)


@given(NEEDS)
def test_shapley_and_nucleolus_pay_the_whole_need_and_lie_in_the_core(needs: list[Fraction]) -> None:
    homes = one_a_floor(needs)
    for proposal in (shapley(homes, needs), nucleolus(homes, needs)):
        assert sum(proposal.shares) == needs[-1]
        assert min(proposal.shares) >= 0
        assert core_violations(homes, needs, proposal.shares) == ()


def test_homes_are_answered_in_their_own_order_not_in_that_of_the_floors() -> None:
    homes = [Home("up", 3, Fraction(50)), Home("down", 1, Fraction(50)), Home("up too", 3, Fraction(50))]
    needs = [Fraction(3), Fraction(3), Fraction(9)]
    assert shapley(homes, needs).shares == (Fraction(4), Fraction(1), Fraction(4))
    assert nucleolus(homes, needs).shares[0] == nucleolus(homes, needs).shares[2] > nucleolus(homes, needs).shares[1]


def test_the_step_of_an_empty_floor_is_carried_by_the_floors_above() -> None:
    homes = [Home("a", 1, Fraction(50)), Home("b", 3, Fraction(50))]
    assert shapley(homes, [Fraction(2), Fraction(6), Fraction(9)]).shares == (Fraction(1), Fraction(8))


def test_a_violation_is_more_than_the_need_and_empty_floors_are_asked_too() -> None:
    homes = [Home("a", 1, Fraction(50)), Home("b", 3, Fraction(50))]
    need = [Fraction(4), Fraction(4), Fraction(10)]
    assert core_violations(homes, need, [Fraction(4), Fraction(6)]) == ()
    assert core_violations(homes, need, [Fraction(4) + Fraction(1, 10**9), Fraction(6) - Fraction(1, 10**9)]) == (1, 2)
