"""The least slack under constraints: exact, and leximin as linear programmes find it one after the other."""

from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog  # type: ignore[import-untyped, unused-ignore]

from hemei.engines.costs.bounds import Bounds, bounds_of
from hemei.engines.costs.leximin import least_slack
from hemei.engines.costs.plan import UNCONSTRAINED, Cap, Constraints, Home, Proposal, Scale
from hemei.engines.costs.slack import least_slack as plain_least_slack
from hemei.engines.costs.slack import weights

F = Fraction
LIMITS = (-10_000, 10_000, 40_000, 65_000, 85_000, 100_000)
SCALES = (5_000, 5_000, 8_000, 10_000, 12_000, 15_000)
STAIRWELL = [
    Home(f"{f}0{n}", f, F(60), limit=F(LIMITS[f - 1]), scale=F(SCALES[f - 1])) for f in range(1, 7) for n in (1, 2)
]
NET = F(420_000)


def any_plan(seed: int) -> tuple[list[Home], Fraction, Scale, Constraints]:
    draw = Random(seed)
    floors = draw.randint(1, 4)
    homes = [
        Home(
            str(number),
            draw.randint(1, floors),
            F(60),
            limit=F(draw.choice([0, draw.randint(-10, 30), draw.randint(5, 60)])),
            scale=F(draw.randint(1, 9), draw.choice([1, 3])),
        )
        for number in range(draw.randint(1, 6))
    ]
    caps = []
    for _ in range(draw.randint(0, 3)):
        floor, home = (draw.randint(1, floors), None) if draw.random() < 0.5 else (None, draw.choice(homes).id)
        least = F(draw.randint(-15, 20)) if draw.random() < 0.7 else None
        most = F(draw.randint(10, 60)) if draw.random() < 0.5 else None
        caps.append(Cap(floor, home, least, most))
    scale: Scale = draw.choice(["one", "given", "limit"])
    if scale == "limit" and not any(home.limit for home in homes):
        scale = "one"
    return homes, F(draw.randint(-20, 100)), scale, Constraints(draw.random() < 0.7, tuple(caps))


def by_linear_programmes(homes: list[Home], net: Fraction, scales: tuple[Fraction, ...], bounds: Bounds) -> list[float]:
    """Leximin the long way: the best least slack, then who cannot have more, and again for the others."""
    many = len(homes)
    limits = np.array([float(home.limit or 0) for home in homes])
    w = np.array([float(scale) for scale in scales])
    box = [
        (None if least is None else float(least), None if most is None else float(most))
        for least, most in zip(bounds.least, bounds.most, strict=True)
    ]
    order = [
        (low, high)
        for low in range(many)
        for high in range(many)
        if bounds.ordered and homes[low].floor < homes[high].floor
    ]
    slack_of: dict[int, float] = {place: 0.0 for place in range(many) if not w[place]}

    def best(aim: int | None, least_t: float | None) -> np.ndarray:
        """As much of t as there is, or with `least_t` for all open homes as little of the share `aim` as there is."""
        rows, right = [], []
        for low, high in order:
            row = np.zeros(many + 1)
            row[low], row[high] = 1, -1
            rows.append(row)
            right.append(0.0)
        for place in range(many):
            row = np.zeros(many + 1)
            row[place] = 1
            if place in slack_of:
                right.append(limits[place] - slack_of[place] * w[place] + (1e-9 if w[place] else 0))
            else:
                row[many] = w[place]
                right.append(limits[place])
            rows.append(row)
        cost = np.zeros(many + 1)
        cost[many if aim is None else aim] = -1 if aim is None else 1
        t_box = (None, None) if least_t is None else (least_t - 1e-9, least_t - 1e-9)
        once = np.append(np.ones(many), 0.0)
        found = linprog(cost, A_ub=rows, b_ub=right, A_eq=[once], b_eq=[float(net)], bounds=[*box, t_box])
        assert found.status == 0, found.message
        solution: np.ndarray = found.x
        return solution

    while len(slack_of) < many:
        t = best(None, None)[many]
        stuck = [
            place
            for place in range(many)
            if place not in slack_of and (limits[place] - best(place, t)[place]) / w[place] < t + 1e-6
        ]
        assert stuck
        slack_of |= dict.fromkeys(stuck, t)
    return [float(limits[place] - slack_of[place] * w[place]) for place in range(many)]


def slacks(homes: list[Home], shares: tuple[Fraction, ...], scales: tuple[Fraction, ...]) -> list[Fraction]:
    return sorted(
        ((home.limit or F(0)) - share) / scale
        for home, share, scale in zip(homes, shares, scales, strict=True)
        if scale
    )


def yuan(*amounts: int) -> tuple[Fraction, ...]:
    return tuple(F(amount) for amount in amounts)


def test_with_compensation_bounded_the_slack_that_is_left_over_goes_to_the_next() -> None:
    constraints = Constraints(monotone=True, caps=(Cap(floor=1, least=F(-12_000)), Cap(floor=2, least=F(0))))
    proposal = least_slack(STAIRWELL, NET, "given", constraints)
    assert proposal.shares[::2] == proposal.shares[1::2] == yuan(-12_000, 2_200, 27_520, 49_400, 66_280, 76_600)
    assert proposal.t == F(2, 5)  # of the ground floor; everybody else has 1.56 of its scale
    assert slacks(STAIRWELL, proposal.shares, weights(STAIRWELL, "given"))[2:] == [F(39, 25)] * 10


def test_a_most_that_binds_is_carried_by_the_others() -> None:
    proposal = least_slack(STAIRWELL, NET, "given", Constraints(monotone=True, caps=(Cap(floor=6, most=F(75_000)),)))
    assert proposal.shares[-2:] == yuan(75_000, 75_000)
    assert len(set(slacks(STAIRWELL, proposal.shares, weights(STAIRWELL, "given"))[:-2])) == 1
    assert sum(proposal.shares) == NET


def test_a_home_that_would_pay_less_than_the_one_below_holds_it_down() -> None:
    homes = [Home("101", 1, F(60), limit=F(50)), Home("201", 2, F(60), limit=F(20)), Home("301", 3, F(60), limit=F(90))]
    proposal = least_slack(homes, F(100), "one", Constraints(monotone=True))
    assert (proposal.shares, proposal.t) == (yuan(10, 10, 80), F(10))


@pytest.mark.parametrize("scale", ["one", "limit", "given"])
def test_without_constraints_it_is_the_plain_formula(scale: Scale) -> None:
    assert least_slack(STAIRWELL, NET, scale, UNCONSTRAINED) == plain_least_slack(STAIRWELL, NET, scale)


@pytest.mark.parametrize(
    ("constraints", "short_by", "over_by"),
    [
        (Constraints(monotone=True, caps=(Cap(floor=6, most=F(50_000)),)), 40_000, 0),  # all would pay too little
        (Constraints(caps=(Cap(floor=1, least=F(1_000)),)), 0, 11_000),  # the ground floor would not pay that
        (Constraints(caps=(Cap(floor=3, least=F(30_000), most=F(20_000)),)), 0, 10_000),  # no share is both
        (Constraints(monotone=True, caps=(Cap(floor=2, least=F(5_000)), Cap(floor=4, most=F(1_000)))), 0, 4_000),
        (
            Constraints(caps=tuple(Cap(home=home.id, least=home.limit) for home in STAIRWELL)),
            0,
            160_000,
        ),  # all together
    ],
)
def test_what_cannot_be_kept_is_answered_with_a_sum(constraints: Constraints, short_by: int, over_by: int) -> None:
    proposal = least_slack(STAIRWELL, NET, "given", constraints)
    assert proposal == Proposal(short_by=F(short_by), over_by=F(over_by))


@pytest.mark.parametrize("seed", range(150))
def test_linear_programmes_find_the_same(seed: int) -> None:
    homes, net, scale, constraints = any_plan(seed)
    bounds = bounds_of(homes, constraints)
    proposal = least_slack(homes, net, scale, constraints)
    if not proposal.shares:
        assert (proposal.short_by > 0) != (proposal.over_by > 0)
        return
    assert sum(proposal.shares) == net
    for home, share, least, most in zip(homes, proposal.shares, bounds.least, bounds.most, strict=True):
        assert share <= (home.limit or 0)
        assert least is None or share >= least
        assert most is None or share <= most
    if constraints.monotone:
        floors = sorted({home.floor for home in homes})
        paid = [[share for home, share in zip(homes, proposal.shares, strict=True) if home.floor == f] for f in floors]
        assert all(max(low) <= min(high) for low, high in pairwise(paid))
    scales = weights(homes, scale)
    assert proposal.t == slacks(homes, proposal.shares, scales)[0]
    if all(scales):
        expected = by_linear_programmes(homes, net, scales, bounds)
        assert [float(share) for share in proposal.shares] == pytest.approx(expected, abs=1e-4)


def test_a_home_without_a_scale_pays_its_limit_unless_the_others_cannot_pay_less() -> None:
    homes = [Home("101", 1, F(60), limit=F(0)), Home("201", 2, F(60), limit=F(100))]
    plain = least_slack(homes, F(60), "limit", Constraints(monotone=True))
    assert (plain.shares, plain.t) == (yuan(0, 60), F(2, 5))
    tight = least_slack(homes, F(60), "limit", Constraints(caps=(Cap(home="201", least=F(80)),)))
    assert (tight.shares, tight.t) == (yuan(-20, 80), F(1, 5))
