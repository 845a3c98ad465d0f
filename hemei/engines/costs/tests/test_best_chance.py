"""The best chance under constraints: no feasible share is better, whatever the plan, and it always comes to an end."""

from dataclasses import replace
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from math import log1p
from random import Random

import numpy as np
import pytest
from scipy.optimize import minimize  # type: ignore[import-untyped, unused-ignore]

from hemei.engines.costs import best_chance
from hemei.engines.costs.best_chance import max_chance
from hemei.engines.costs.bounds import bounds_of, unpayable
from hemei.engines.costs.plan import Cap, Case, Constraints, Home, Proposal
from hemei.engines.costs.reading import read_cases
from hemei.engines.costs.share import propose
from hemei.engines.costs.tests.plans import KEPT

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


@pytest.mark.parametrize("seed", range(1, 60, 5))
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


# -- its own measure, and other ways to the same


def test_it_is_known_to_forty_digits_and_adds_up_exactly() -> None:
    proposal = max_chance(STAIRWELL, F(420_000))
    assert sum(proposal.shares) == 420_000
    assert proposal.hazard is not None
    with localcontext(Context(prec=80)):
        for home, share in zip(STAIRWELL, proposal.shares, strict=True):
            assert home.mu is not None
            assert home.s is not None
            part = Decimal((proposal.hazard * home.s).numerator) / (proposal.hazard * home.s).denominator
            by_formula = home.mu + home.s * F((part / (1 - part)).ln())
            assert abs(by_formula - share) < F(1, 10**40)


def test_homes_of_one_spread_stay_equally_far_from_mu_exactly() -> None:
    homes = [Home(str(floor), floor, F(60), mu=F(1_000 * floor), s=F(700)) for floor in range(1, 8)]
    assert max_chance(homes, F(20_000)).shares == tuple(1_000 * floor - F(8_000, 7) for floor in range(1, 8))


def test_wishes_in_the_wrong_order_meet_in_the_middle_exactly() -> None:
    homes = [
        Home(str(floor), floor, F(60), mu=F(mu), s=F(900)) for floor, mu in ((1, 30_000), (2, 10_000), (3, 20_000))
    ]
    assert max_chance(homes, F(60_000), Constraints(monotone=True)).shares == (F(20_000),) * 3


def test_sharp_limits_in_the_wrong_order_leave_the_sum_to_the_others() -> None:
    """A pool whose one home surely refuses and whose other surely signs: its hazard stands still over ten thousand."""
    homes = [Home(str(floor), floor, F(60), mu=F(mu), s=F(1)) for floor, mu in ((1, 40_000), (2, 30_000), (3, 50_000))]
    low, _, high = max_chance(homes, F(115_000), Constraints(monotone=True)).shares
    assert abs(low - 32_500) < F(1, 10**30)
    assert abs(high - 50_000) < F(1, 10**30)
    low, middle, _ = max_chance(homes, F(100_000), Constraints(monotone=True)).shares
    with localcontext(Context(prec=60)):
        assert low == middle
        assert abs(low - (30_000 + (F(Decimal(2).ln()) - 10_000) / 3)) < F(1, 10**40)


def test_far_beyond_all_wishes_the_widest_spreads_still_stand_alike() -> None:
    """Their hazards differ from 1 / s in the fortieth digit only, and that is what decides."""
    wide = [Home(str(place), 2, F(60), mu=F(1_000 * place), s=F(5_000)) for place in range(5)]
    held = Home("held", 2, F(60), mu=F(0), s=F(38_000))
    bound = Home("bound", 2, F(60), mu=F(-5_000), s=F(5_000))
    caps = (Cap(home="held", most=F(0)), Cap(home="bound", least=F(188_000)))
    shares = max_chance([*wide, held, bound], F(2_400_000), Constraints(caps=caps)).shares
    beyond = {
        share - home.mu
        for home, share in zip([*wide, bound], (*shares[:5], shares[6]), strict=True)
        if home.mu is not None
    }
    assert shares[5] == 0
    assert beyond == {(F(2_400_000) - 5_000) / 6}


def test_whatever_is_wished_for_a_share_comes_out() -> None:
    spreads = [F(1, 10**20), F(10**12), F(1)]
    for net in (F(-(10**14)), F(0), F(10**14)):
        homes = [Home(str(place), place + 1, F(60), mu=F(place * 1_000), s=s) for place, s in enumerate(spreads)]
        assert sum(max_chance(homes, net).shares) == net


@pytest.mark.parametrize(
    ("constraints", "short_by", "over_by"),
    [
        (Constraints(monotone=True, caps=(Cap(floor=6, most=F(30_000)),)), 60_000, 0),
        (Constraints(monotone=True, caps=(Cap(floor=1, least=F(40_000)),)), 0, 60_000),
        (Constraints(caps=(Cap(floor=1, least=F(1)),), floor1_max=F(0)), 0, 1),
        (Constraints(monotone=True, caps=(Cap(home="201", least=F(9_000)), Cap(home="602", most=F(8_000)))), 0, 1_000),
    ],
)
def test_what_cannot_be_kept_is_answered_with_a_sum(constraints: Constraints, short_by: int, over_by: int) -> None:
    proposal = max_chance(STAIRWELL, F(420_000), constraints)
    assert proposal == Proposal(short_by=F(short_by), over_by=F(over_by))


def test_bounds_that_leave_no_choice_are_paid_and_have_no_hazard() -> None:
    shares = max_chance(STAIRWELL, F(120_000), Constraints(monotone=True, caps=(Cap(floor=6, most=F(10_000)),)))
    assert shares == Proposal(shares=(F(10_000),) * 12)


@pytest.mark.parametrize("case", read_cases(KEPT.read_text()).cases, ids=lambda case: case.id)
def test_no_other_method_has_the_better_chance(case: Case) -> None:
    """Of whatever sum: the homes are given mu and s, and the method of the case is measured by them."""
    shares = propose(case).shares
    draw = Random(case.id)
    homes = [replace(home, mu=F(draw.randint(-5, 90) * 1_000), s=F(draw.randint(2, 20) * 1_000)) for home in case.homes]
    best = max_chance(homes, case.cost.net).shares
    assert sum(best) == case.cost.net
    if shares:
        assert worth(homes, best) >= worth(homes, shares) - 1e-9


@pytest.mark.parametrize("seed", range(100, 130))
def test_a_general_solver_finds_nothing_better(seed: int) -> None:
    homes, net, constraints = any_plan(seed)
    proposal = max_chance(homes, net, constraints)
    if not proposal.shares or len(homes) > 16:
        return
    mu = np.array([float(home.mu or 0) for home in homes])
    s = np.array([float(home.s or 1) for home in homes])
    unit = float(max(s))
    bounds = bounds_of(homes, constraints)
    order = [
        (low, high)
        for low, below in enumerate(homes)
        for high, above in enumerate(homes)
        if constraints.monotone and above.floor == below.floor + 1
    ]
    rules = [{"type": "eq", "fun": lambda x: x.sum() - float(net) / unit}]
    if order:
        low, high = (np.array(side) for side in zip(*order, strict=True))
        rules.append({"type": "ineq", "fun": lambda x: x[high] - x[low]})
    found = minimize(
        lambda x: np.logaddexp(0, (x * unit - mu) / s).sum(),
        np.full(len(homes), float(net) / unit / len(homes)),
        jac=lambda x: unit / s / (1 + np.exp(-np.clip((x * unit - mu) / s, -500, 500))),
        bounds=[
            (None if least is None else float(least) / unit, None if most is None else float(most) / unit)
            for least, most in zip(bounds.least, bounds.most, strict=True)
        ],
        constraints=rules,
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-12},
    )
    ours = worth(homes, proposal.shares)
    kept = all(found.x[high] >= found.x[low] - 1e-9 for low, high in order)
    if kept and abs(found.x.sum() * unit - float(net)) < 1e-4:
        assert ours >= -found.fun - 1e-6
    if found.success:
        assert ours <= -found.fun + 1e-3 * (1 + abs(ours))
