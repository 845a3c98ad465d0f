"""Uncertain limits: the proposal with the best chance that all sign, also in order of floors and within bounds.

Maximises the sum of log(1 - F((x - mu) / s)), F logistic, over shares that add up to the net cost. It is strictly
concave: one best proposal, and like homes pay alike. Unbound, x = mu + s ln(lambda s / (1 - lambda s)).

Floats find who is pooled with whom and who stands at a bound; Newton's method in Decimal settles the shares to 40
digits and more; then the conditions of Karush, Kuhn and Tucker are checked in Decimal, order, bounds and sum in exact
rationals. Should a check fail, the same search is run in Decimal; should that not find it either, the slower one of
`halving`, which always comes to an end, but leaves open what no digit tells apart.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from fractions import Fraction
from itertools import pairwise
from typing import Final

from hemei.engines.costs.bounds import Bound, Bounds, bounds_of, together, unpayable
from hemei.engines.costs.halving import between, mixed
from hemei.engines.costs.hazards import Arithmetic, Hazard, Level, Like, Number, Pool, Search
from hemei.engines.costs.plan import UNCONSTRAINED, ZERO, Constraints, Home, Proposal

DIGITS: Final = 55
"""Digits of the Decimals behind 40 digits of a yuan; more where the sums are large or the spreads differ widely."""
GUARD: Final = 10
"""Digits at the end that may be lost on the way."""
CHECKED: Final = 30
"""Digits to which the conditions of the best proposal must hold."""
SHOWN: Final = 60
"""Decimals to which the hazard is given; it may be as small as one likes."""
STEPS: Final = 30
"""Newton's method doubles the digits with each step: six are needed, or it will not come home."""
LARGEST_POWER: Final = 709.0
"""exp of more is no float."""
WIDE: Final = 10**100
"""Where the sums are so many spreads wide, floats cannot hold them."""


def max_chance(homes: Sequence[Home], net: Fraction, constraints: Constraints = UNCONSTRAINED) -> Proposal:
    """Exact shares of `net` with the best chance that all sign, and their hazard lambda (1 / yuan).

    Every home states mu and s. The shares add up to `net` exactly, keep to the constraints exactly, and are the best
    ones to 40 digits. Bounds that cannot be kept: no proposal, `short_by` or `over_by`. The hazard is None where every
    home stands at a bound, for then no single one is right.
    """
    bounds = bounds_of(homes, constraints)
    if refusal := unpayable(bounds, net):
        return refusal
    for only in (bounds.least, bounds.most):
        if together(only) == net:  # nothing to choose
            return Proposal(shares=tuple(bound for bound in only if bound is not None))
    return _Plan(homes, net, bounds).best()


@dataclass(frozen=True, slots=True)
class _Kind:
    """Homes that are alike in all that counts here, by their places."""

    floor: int
    places: tuple[int, ...]
    mu: Fraction
    s: Fraction
    least: Bound
    most: Bound


class _Plan:
    """One programme. Inside, sums are less the even share and in units of the widest spread, so that they add to 0."""

    def __init__(self, homes: Sequence[Home], net: Fraction, bounds: Bounds) -> None:
        self.net = net
        self.ordered = bounds.ordered
        self.kinds = _kinds(homes, bounds)
        self.origin = net / len(homes)
        self.unit = max(kind.s for kind in self.kinds)
        sums = [kind.mu for kind in self.kinds]
        sums += [bound for kind in self.kinds for bound in (kind.least, kind.most) if bound is not None]
        self.largest = max(self.unit, *(abs(amount - self.origin) for amount in sums))
        self.spreads_wide = self.largest / min(kind.s for kind in self.kinds)
        self.digits = DIGITS + len(str(int(self.spreads_wide))) + len(str(int(self.largest)))

    def best(self) -> Proposal:
        if self.spreads_wide < WIDE:
            rough = self._search(FLOATS).found()
            if rough is not None and (proposal := self._settled(rough, self.digits)):
                return proposal
        with localcontext(_context(self.digits)):
            fine = self._search(_decimals(self.digits)).found()
        if fine is not None and (proposal := self._settled(fine, self.digits)):
            return proposal
        return self._by_halving()

    def _by_halving(self) -> Proposal:
        """Where floats do not find it: order, bounds and sum exactly kept, the chance the best to many digits."""
        with localcontext(_context(self.digits)):
            likes = self._search(_decimals(self.digits)).likes
            below, above, rate = between(likes, ordered=self.ordered, digits=self.digits)
        counts = [len(kind.places) for kind in self.kinds]
        amounts = mixed(self._kept(below), self._kept(above), counts, self.net)
        if not self._keeps(amounts):
            raise ArithmeticError(f"no best proposal found with {self.digits} digits")
        shares = [ZERO] * sum(counts)
        for kind, amount in zip(self.kinds, amounts, strict=True):
            for place in kind.places:
                shares[place] = amount
        return Proposal(shares=tuple(shares), hazard=Fraction(int(rate.scaleb(SHOWN)), 10**SHOWN) / self.unit)

    def _kept(self, values: Sequence[Decimal]) -> list[Fraction]:
        """By kind, in yuan, exactly within bounds and in order."""
        amounts = [self.origin + self.unit * Fraction(value) for value in values]
        highest: Bound = None  # paid on the floors below
        for floor in sorted({kind.floor for kind in self.kinds}):
            here = [place for place, kind in enumerate(self.kinds) if kind.floor == floor]
            for place in here:
                least, most = self.kinds[place].least, self.kinds[place].most
                if highest is not None:
                    amounts[place] = max(amounts[place], highest)
                if least is not None:
                    amounts[place] = max(amounts[place], least)
                if most is not None:
                    amounts[place] = min(amounts[place], most)
            if self.ordered:
                highest = max(amounts[place] for place in here)
        return amounts

    def _search(self, arithmetic: Arithmetic[Number]) -> Search[Number]:
        def number(amount: Fraction) -> Number:
            return arithmetic.number(amount)

        likes = [
            Like(
                floor=kind.floor,
                count=len(kind.places),
                mu=number((kind.mu - self.origin) / self.unit),
                s=number(kind.s / self.unit),
                per_s=self.unit / kind.s,
                least=-arithmetic.infinity if kind.least is None else number((kind.least - self.origin) / self.unit),
                most=arithmetic.infinity if kind.most is None else number((kind.most - self.origin) / self.unit),
            )
            for kind in self.kinds
        ]
        return Search(arithmetic, likes, ordered=self.ordered)

    def _settled(self, rough: Level[float] | Level[Decimal], digits: int) -> Proposal | None:
        """The proposal whose pools and bounds are those of `rough`; None if it turns out not to be the best one."""
        with localcontext(_context(digits)):
            search = self._search(_decimals(digits))
            level = _newton(search, rough)
            if level is None or not all(_stands(search, pool, level.hazard) for pool in level.pools):
                return None
            free = any(not pool.bound for pool in level.pools)
            hazard = Fraction(int(level.hazard.rate.scaleb(SHOWN)), 10**SHOWN) / self.unit if free else None
            amounts = self._amounts(search, level)
        exact = self._exact(level.pools, amounts)
        if exact is None:
            return None
        shares = [ZERO] * sum(len(kind.places) for kind in self.kinds)
        for kind, amount in zip(self.kinds, exact, strict=True):
            for place in kind.places:
                shares[place] = amount
        return Proposal(shares=tuple(shares), hazard=hazard)

    def _amounts(self, search: Search[Decimal], level: Level[Decimal]) -> list[Fraction]:
        """By pool, in yuan. Bounds are exact, and so is what spreads of one width have in common."""
        amounts: list[Fraction] = []
        for pool in level.pools:
            kinds = [self.kinds[place] for place in pool.members]
            if pool.bound:
                most = min((kind.most for kind in kinds if kind.most is not None), default=None)
                at_most = most is not None and pool.value >= min(search.likes[place].most for place in pool.members)
                least = max((kind.least for kind in kinds if kind.least is not None), default=None)
                bound = most if at_most else least
                assert bound is not None, "a pool at a bound has one"
                amounts.append(bound)
            elif len(kinds) == 1:
                z, _ = search.alone(pool.members[0], level.hazard)
                amounts.append(kinds[0].mu + kinds[0].s * Fraction(z))
            else:
                amounts.append(self.origin + self.unit * Fraction(pool.value))
        return amounts

    def _exact(self, pools: Sequence[Pool[Decimal]], amounts: Sequence[Fraction]) -> list[Fraction] | None:
        """By kind, in yuan: exactly in order, within bounds and adding up.

        What is left over is spread evenly over the unbound. None if all that takes more than the last digits.
        """
        fine = self.largest / 10 ** (self.digits - GUARD)
        amount_of = [ZERO] * len(self.kinds)
        bound = [False] * len(self.kinds)
        for pool, amount in zip(pools, amounts, strict=True):
            for place in pool.members:
                amount_of[place], bound[place] = amount, pool.bound
        for place, kind in enumerate(self.kinds):
            for limit in (kind.least, kind.most):
                if limit is not None and abs(amount_of[place] - limit) <= fine:
                    amount_of[place], bound[place] = limit, True
        if self.ordered:
            _align(amount_of, bound, fine)

        left = self.net - self._sum(amount_of)
        unbound = sum(len(kind.places) for kind, held in zip(self.kinds, bound, strict=True) if not held)
        if abs(left) > fine * sum(len(kind.places) for kind in self.kinds):
            return None
        if unbound:
            amount_of = [
                amount if held else amount + left / unbound for amount, held in zip(amount_of, bound, strict=True)
            ]
        return amount_of if self._keeps(amount_of) else None

    def _keeps(self, amounts: Sequence[Fraction]) -> bool:
        """Sum, bounds and order, exactly."""
        floors: dict[int, list[Fraction]] = {}
        for kind, amount in zip(self.kinds, amounts, strict=True):
            if kind.least is not None and amount < kind.least:
                return False
            if kind.most is not None and amount > kind.most:
                return False
            floors.setdefault(kind.floor, []).append(amount)
        upward = [floors[floor] for floor in sorted(floors)] if self.ordered else []
        return self._sum(amounts) == self.net and all(max(low) <= min(high) for low, high in pairwise(upward))

    def _sum(self, amounts: Sequence[Fraction]) -> Fraction:
        return sum((len(kind.places) * amount for kind, amount in zip(self.kinds, amounts, strict=True)), ZERO)


def _align(amounts: list[Fraction], bound: list[bool], fine: Fraction) -> None:
    """What differs by nothing but the last digits is made the same; what stands at a bound leads."""
    order = sorted(range(len(amounts)), key=amounts.__getitem__)
    start = 0
    for end in range(1, len(order) + 1):
        if end < len(order) and amounts[order[end]] - amounts[order[end - 1]] <= fine:
            continue
        together = order[start:end]
        leader = next((place for place in together if bound[place]), together[0])
        for place in together:
            amounts[place], bound[place] = amounts[leader], bound[leader]
        start = end


def _kinds(homes: Sequence[Home], bounds: Bounds) -> list[_Kind]:
    alike: dict[tuple[int, Fraction, Fraction, Bound, Bound], list[int]] = {}
    for place, (home, least, most) in enumerate(zip(homes, bounds.least, bounds.most, strict=True)):
        assert home.mu is not None, "the method asks for it"
        assert home.s is not None, "the method asks for it"
        floor = home.floor if bounds.ordered else 0
        alike.setdefault((floor, home.mu, home.s, least, most), []).append(place)
    return [_Kind(floor, tuple(places), mu, s, *limits) for (floor, mu, s, *limits), places in alike.items()]


def _newton(search: Search[Decimal], rough: Level[float] | Level[Decimal]) -> Level[Decimal] | None:
    """The same pools and bounds as in `rough`, to the last digits: all free shares step together.

    Lambda is read off the pool that moves most with it, so that every other share follows from that one.
    """
    pools = [
        Pool(pool.members, _held(search, pool) if pool.bound else Decimal(pool.value), Decimal(0), bound=pool.bound)
        for pool in rough.pools
    ]
    free = [place for place, pool in enumerate(pools) if not pool.bound]
    if not free:
        hazard = search.hazard(rough.hazard.members, Decimal(rough.hazard.value))
        return Level(hazard, tuple(pools), Decimal(0), Decimal(0), Decimal(0))
    leading = max(free, key=lambda place: rough.pools[place].slope)
    for _ in range(STEPS):
        hazard = search.hazard(pools[leading].members, pools[leading].value)
        moved = [_stepped(search, pool, hazard, leads=place == leading) for place, pool in enumerate(pools)]
        total = slope = size = shift = Decimal(0)
        for pool, before in zip(moved, pools, strict=True):
            if not pool.value.is_finite() or not pool.slope.is_finite():
                return None
            homes = sum(search.likes[place].count for place in pool.members)
            total += homes * pool.value
            slope += homes * pool.slope
            size += homes * (1 + abs(pool.value))
            shift = max(shift, abs(pool.value - before.value) / (1 + abs(pool.value)))
        step = -total / slope
        pools = [replace(pool, value=pool.value + pool.slope * step) for pool in moved]
        if max(abs(step) / (1 + abs(pools[leading].value)), shift) <= search.arithmetic.fine:
            return Level(search.hazard(pools[leading].members, pools[leading].value), tuple(pools), total, slope, size)
    return None


def _stepped(search: Search[Decimal], pool: Pool[Decimal], hazard: Hazard[Decimal], *, leads: bool) -> Pool[Decimal]:
    """The pool at this hazard: where one home stands, or one step of Newton's method nearer to where several do."""
    if pool.bound:
        return pool
    if leads:
        return replace(pool, slope=Decimal(1))
    if len(pool.members) == 1:
        like = search.likes[pool.members[0]]
        z, slope = search.alone(pool.members[0], hazard)
        return replace(pool, value=like.mu + like.s * z, slope=like.s * slope)
    over, rise = search.over(pool.members, pool.value, hazard)
    step = over / rise if rise else Decimal("Infinity") if over else Decimal(0)
    return replace(pool, value=pool.value - step, slope=search.moves(pool.members, pool.value, hazard))


def _held(search: Search[Decimal], pool: Pool[float] | Pool[Decimal]) -> Decimal:
    """The bound at which a pool stands: the nearer of its two."""
    least = max(search.likes[place].least for place in pool.members)
    most = min(search.likes[place].most for place in pool.members)
    value = Decimal(pool.value)
    return most if most - value <= value - least else least


def _stands(search: Search[Decimal], pool: Pool[Decimal], hazard: Hazard[Decimal]) -> bool:
    """Karush, Kuhn and Tucker: nobody in the pool, and no part of it that may move alone, is better placed elsewhere.

    A part that moves up takes with it everybody of the pool on higher floors, and may hold nobody who pays the most
    already; one that moves down, the other way round. That order and bounds have multipliers of the right sign is the
    same as that its hazards less lambda add up to 0 or more, and to 0 or less.
    """
    floors: dict[int, list[tuple[_Excess, Like[Decimal]]]] = {}
    for place in pool.members:
        floors.setdefault(search.likes[place].floor, []).append(
            (_excess(search, place, pool.value, hazard), search.likes[place])
        )
    for upward in (True, False):
        sign = 1 if upward else -1
        carried = _Excess(0, Decimal(0), Decimal(0))
        for floor in sorted(floors, reverse=upward):
            free = [
                excess.times(sign)
                for excess, like in floors[floor]
                if (pool.value < like.most if upward else pool.value > like.least)
            ]
            worst = carried
            for excess in free:
                if excess.sign(search) < 0:
                    worst = worst.plus(excess)
            if worst.sign(search) < 0:
                return False
            if len(free) < len(floors[floor]):
                break
            for excess in free:
                carried = carried.plus(excess)
    return True


@dataclass(frozen=True, slots=True)
class _Excess:
    """Hazards less lambda: an exact sum of some 1 / s (in units of the search), and the small rest."""

    top: int
    small: Decimal
    magnitude: Decimal
    """Of all that was added to `small`."""

    def plus(self, other: "_Excess") -> "_Excess":
        return _Excess(self.top + other.top, self.small + other.small, self.magnitude + other.magnitude)

    def times(self, sign: int) -> "_Excess":
        return _Excess(sign * self.top, sign * self.small, self.magnitude)

    def sign(self, search: Search[Decimal]) -> int:
        """0 where nothing is left but the last digits."""
        top = search.arithmetic.ratio(self.top, search.whole)
        value = top + self.small
        if abs(value) <= Decimal(10) ** -CHECKED * (abs(top) + self.magnitude):
            return 0
        return 1 if value > 0 else -1


def _excess(search: Search[Decimal], place: int, value: Decimal, hazard: Hazard[Decimal]) -> _Excess:
    """By how much the hazards of the homes at `place` are above lambda, x the homes that lambda is the mean of."""
    own, other = search.mass((place,), value), hazard.mass
    small = own.small * own.scale.exp() * other.homes
    wanted = other.small * other.scale.exp() * own.homes
    return _Excess(own.top * other.homes - other.top * own.homes, small - wanted, abs(small) + abs(wanted))


def _context(digits: int) -> Context:
    return Context(
        prec=digits,
        rounding=ROUND_HALF_EVEN,
        Emin=MIN_EMIN,
        Emax=MAX_EMAX,
        traps=[InvalidOperation, DivisionByZero, Overflow],
    )


def _decimals(digits: int) -> Arithmetic[Decimal]:
    return Arithmetic(
        number=lambda exact: Decimal(exact.numerator) / exact.denominator,
        ratio=lambda part, whole: Decimal(part) / whole,
        exp=Decimal.exp,
        log=Decimal.ln,
        infinity=Decimal("Infinity"),
        fine=Decimal(10) ** (GUARD - digits),
    )


def _float_exp(power: float) -> float:
    return math.exp(power) if power < LARGEST_POWER else math.inf


def _float_ratio(part: int, whole: int) -> float:
    return part / whole


FLOATS: Final = Arithmetic(
    number=float, ratio=_float_ratio, exp=_float_exp, log=math.log, infinity=math.inf, fine=1e-12
)
