"""The best chance under constraints: no feasible share is better, whatever the plan, and it always comes to an end."""

from fractions import Fraction
from itertools import pairwise
from math import log1p
from random import Random

import pytest

from hemei.engines.costs import best_chance
from hemei.engines.costs.best_chance import max_chance
from hemei.engines.costs.bounds import bounds_of, unpayable
from hemei.engines.costs.plan import Cap, Constraints, Home

F = Fraction
MU = (-10_000, 10_000, 40_000, 65_000, 85_000, 100_000)
S = (5_000, 5_000, 8_000, 10_000, 12_000, 15_000)
STAIRWELL = [Home(f"{f}0{n}", f, F(60), mu=F(MU[f - 1]), s=F(S[f - 1])) for f in range(1, 7) for n in (1, 2)]
T11 = Constraints(monotone=True, caps=(Cap(floor=1, least=F(-12_000)), Cap(floor=2, least=F(0))))


def any_plan(seed: int) -> tuple[list[Home], Fraction, Constraints]:
    """A stairwell whose wishes follow no order at all, so that floors have to be pooled."""
    draw = Random(seed)
    homes, a_floor = draw.choice([(1, 1), (2, 2), (6, 2), (9, 3), (16, 2)])
    narrow = draw.choice([100, 2_000])
    wishes = [
        Home(
            str(number),
            1 + number // a_floor,
            F(60),
            mu=F(draw.randint(-10_000, 100_000)),
            s=F(draw.randint(narrow, 20_000)),
        )
        for number in range(homes)
    ]
    caps = [Cap(floor=1, least=F(-12_000))] if draw.random() < 0.5 else []
    if draw.random() < 0.5:
        caps.append(Cap(home=str(homes - 1), most=F(draw.randint(50_000, 120_000))))
    top = F(0) if draw.random() < 0.3 else None
    return wishes, F(draw.randint(10_000, 60_000) * homes), Constraints(draw.random() < 0.8, tuple(caps), top)


def worth(homes: list[Home], shares: tuple[Fraction, ...]) -> float:
    """The logarithm of the chance that all sign."""
    total = 0.0
    for home, share in zip(homes, shares, strict=True):
        assert home.mu is not None
        assert home.s is not None
        z = float((share - home.mu) / home.s)
        total -= log1p(2.718281828459045**z) if z < 30 else z
    return total


def keeps(homes: list[Home], shares: tuple[Fraction, ...], constraints: Constraints) -> bool:
    bounds = bounds_of(homes, constraints)
    for share, least, most in zip(shares, bounds.least, bounds.most, strict=True):
        if (least is not None and share < least) or (most is not None and share > most):
            return False
    floors: dict[int, list[Fraction]] = {}
    for home, share in zip(homes, shares, strict=True):
        floors.setdefault(home.floor, []).append(share)
    upward = [floors[floor] for floor in sorted(floors)]
    return not constraints.monotone or all(max(low) <= min(high) for low, high in pairwise(upward))


def test_the_worked_plan_with_compensation_capped_and_floors_in_order() -> None:
    shares = max_chance(STAIRWELL, F(420_000), T11).shares
    assert [round(share) for share in shares[::2]] == [-12_000, 0, 24_397, 48_090, 67_346, 82_167]
    assert shares[::2] == shares[1::2]


@pytest.mark.parametrize("seed", range(60))
def test_it_adds_up_keeps_to_everything_and_no_move_between_homes_is_better(seed: int) -> None:
    homes, net, constraints = any_plan(seed)
    proposal = max_chance(homes, net, constraints)
    if not proposal.shares:
        assert unpayable(bounds_of(homes, constraints), net) == proposal
        return
    assert sum(proposal.shares) == net
    assert keeps(homes, proposal.shares, constraints)
    best, draw = worth(homes, proposal.shares), Random(seed)
    for _ in range(200):
        moved = list(proposal.shares)
        by = F(draw.choice([1, 50, 2_000]))
        up = draw.sample(range(len(homes)), draw.randint(1, len(homes)))
        down = draw.sample(range(len(homes)), draw.randint(1, len(homes)))
        for place in up:
            moved[place] += by / len(up)
        for place in down:
            moved[place] -= by / len(down)
        if keeps(homes, tuple(moved), constraints):
            assert worth(homes, tuple(moved)) <= best + 1e-9


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_the_slower_way_finds_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    homes, net, constraints = any_plan(seed)
    constraints = constraints or Constraints(monotone=True)
    quick = max_chance(homes, net, constraints).shares
    monkeypatch.setattr(best_chance._Plan, "_settled", lambda *_: None)
    slow = max_chance(homes, net, constraints).shares
    assert len(slow) == len(quick)
    assert all(abs(one - other) < F(1, 10**30) for one, other in zip(quick, slow, strict=True))


@pytest.mark.parametrize(
    ("wishes", "net"),
    [
        (((70_000, 12_000), (-1, 70_000), (-1, 100)), 420_000),
        (tuple((10_000 - 3_000 * floor, 1) for floor in range(6)), 420),
        (tuple((1_000 * floor, F(1, 10**30)) for floor in range(4)), 4_200),
    ],
)
def test_wishes_that_no_plan_can_meet_come_to_an_end(wishes: tuple[tuple[int, int | Fraction], ...], net: int) -> None:
    homes = [Home(str(floor), floor, F(60), mu=F(mu), s=F(s)) for floor, (mu, s) in enumerate(wishes, 1)]
    shares = max_chance(homes, F(net), Constraints(monotone=True)).shares
    assert sum(shares) == net
    assert keeps(homes, shares, Constraints(monotone=True))
