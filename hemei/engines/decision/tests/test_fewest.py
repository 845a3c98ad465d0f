"""The cheapest choice is the cheapest of all choices."""

from itertools import product
from random import Random

import pytest

from hemei.engines.decision import fewest as module
from hemei.engines.decision.fewest import IMPOSSIBLE, Bounds, Effort, Option, fewest

Problem = tuple[list[list[Option]], list[int]]


def any_problem(chance: Random) -> Problem:
    many, least, most = chance.randint(1, 4), chance.choice((0, -2, -5)), chance.choice((1, 3, 20))
    groups = [
        [
            (chance.choice((0, 1, 1, 1, 2)), tuple(chance.randint(least, most) for _ in range(many)))
            for _ in range(chance.choice((1, 1, 1, 2, 3)))
        ]
        for _ in range(chance.randint(0, 6))
    ]
    return groups, [chance.randint(-3, 3 * most) for _ in range(many)]


def by_trial(groups: list[list[Option]], needs: list[int]) -> int | None:
    nothing: Option = (0, (0,) * len(needs))
    costs = [
        sum(cost for cost, _ in choice)
        for choice in product(*([nothing, *options] for options in groups))
        if all(sum(gain[place] for _, gain in choice) >= need for place, need in enumerate(needs))
    ]
    return min(costs, default=None)


@pytest.mark.parametrize("plain", [module.PLAIN, 0], ids=["searched", "with joint multipliers"])
def test_it_agrees_with_trying_every_choice(plain: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PLAIN", plain)
    chance = Random(1)
    for _ in range(400):
        groups, needs = any_problem(chance)
        best = by_trial(groups, needs)
        assert fewest(groups, needs) == Bounds(best, best)
        below = chance.randint(0, 5)
        wanted = best if best is not None and best < below else None
        assert fewest(groups, needs, below=below) == Bounds(wanted, wanted)


def test_many_items_of_two_unlike_measures_are_settled() -> None:
    """No order fits both, so items are searched: the multipliers prove that one less is not enough."""
    chance = Random(3)
    items = [[(1, (chance.randint(4_000, 15_000), chance.randint(100, 999)))] for _ in range(2_000)]
    needs = [sum(group[0][1][place] for group in items) * 7 // 10 for place in (0, 1)]
    found = fewest(items, needs)
    assert found.exact
    assert found.most is not None
    assert 1_000 < found.most < 1_400


def test_nothing_is_known_where_no_effort_is_left() -> None:
    assert fewest([[(1, (1,))]], [1], effort=Effort(0)) == Bounds(0, None)


def test_what_is_out_of_reach_is_impossible() -> None:
    assert fewest([[(1, (1,))], [(1, (2,))]], [4]) == IMPOSSIBLE
