"""What each home pays at a common hazard: the search behind the proposal with the best chance that all sign.

The highest share that a home accepts is logistic (mu, s): at x it signs with the chance 1 - F(z), z = (x - mu) / s,
F(z) = 1 / (1 + exp(-z)). Its hazard h(x) = F(z) / s is what one yuan more takes from the logarithm of that chance.
Whoever shares a sum so that the product of the chances is largest charges every home up to the same hazard, lambda.
Where the order of the floors forbids it, the homes that stand in each other's way are pooled at the share at which
their mean hazard is lambda; bounds cut off what lies beyond them (isotonic regression of convex functions by pooling
adjacent violators: Best, Chakravarti and Ubhaya, SIAM Journal on Optimization 10, 2000).

At one lambda the homes of a floor keep the order in which they would stand alone, so the order of the floors may be
read as a complete order of the homes, and pooling neighbours is exact.

The same lines run in floats, to search, and in Decimal, to settle. Whoever calls shifts and scales the sums so that
the shares add up to 0 and the widest spread is 1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Generic, TypeVar

Number = TypeVar("Number", float, Decimal)

TRIES: Final = 400
"""Steps after which a search gives up: bisection alone comes down to the last digit in fewer."""
NARROW: Final = Fraction(1, 10**5)
"""So near together, and still far from the sum: the hazard stands so close to the most it can be that its distance
from there has to be searched for instead."""


@dataclass(frozen=True, slots=True)
class Arithmetic(Generic[Number]):
    """Numbers of one kind. fine: what counts as nothing beside 1."""

    number: Callable[[Fraction], Number]
    exp: Callable[[Number], Number]
    log: Callable[[Number], Number]
    infinity: Number
    fine: Number


@dataclass(frozen=True, slots=True)
class Like(Generic[Number]):
    """Homes of one floor that differ in nothing. least, most: minus and plus infinity where nothing binds."""

    floor: int
    count: int
    mu: Number
    s: Number
    log_s: Number
    per_s: Fraction
    """1 / s, exactly."""
    least: Number
    most: Number


@dataclass(frozen=True, slots=True)
class Hazard(Generic[Number]):
    """lambda = exp(theta), or below a `base` that it comes close to: base - exp(-theta). It rises with theta."""

    base: Fraction | None
    theta: Number
    power: Number
    """exp(theta), with a base exp(-theta)."""
    rate: Number
    """lambda itself."""


@dataclass(frozen=True, slots=True)
class Pool(Generic[Number]):
    """Likes that pay the same, by their places; `slope`: how that share rises with theta, 0 at a bound."""

    members: tuple[int, ...]
    value: Number
    slope: Number
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Level(Generic[Number]):
    """Who pays what at one hazard, from the lowest floor up."""

    hazard: Hazard[Number]
    pools: tuple[Pool[Number], ...]
    total: Number
    size: Number
    """The sum of all magnitudes: what `total` is small or large beside."""


class Search(Generic[Number]):
    """The hazard at which the shares of `likes` add up to 0; ordered: no home pays less than one on a lower floor."""

    arithmetic: Arithmetic[Number]
    likes: Sequence[Like[Number]]
    ordered: bool
    zero: Number

    def __init__(self, arithmetic: Arithmetic[Number], likes: Sequence[Like[Number]], *, ordered: bool) -> None:
        self.arithmetic = arithmetic
        self.likes = likes
        self.ordered = ordered
        self.zero = arithmetic.number(Fraction(0))

    def found(self) -> Level[Number] | None:
        """Newton's method kept inside a bracket; None where these numbers are too coarse to come near enough."""
        fine, infinity = self.arithmetic.fine, self.arithmetic.infinity
        narrow = self.arithmetic.number(NARROW)
        base: Fraction | None = None
        theta, step = self._first(), self.zero + 1
        below: Level[Number] | None = None
        above: Level[Number] | None = None
        for tried in range(TRIES):
            level = self.at(self.hazard(base, theta))
            if abs(level.total) < infinity and abs(level.total) <= fine * level.size:
                return level
            if level.total < 0:
                below = level
            else:
                above = level
            if below and above and base is None:
                gap = above.hazard.theta - below.hazard.theta
                if gap <= narrow * (1 + abs(theta)):
                    base = self._base(below, above)
                    theta, step = self._distance(base, below), self.zero + 1
                    below = above = None
                    continue
            trusting = tried % 4 != 3  # a step now and then that needs no slope
            then = self._next(level, below, above, step, trusting=trusting)
            if then == theta:
                return None
            theta, step = then, step * 2
        return None

    def hazard(self, base: Fraction | None, theta: Number) -> Hazard[Number]:
        if base is None:
            power = self.arithmetic.exp(theta)
            return Hazard(base, theta, power, power)
        power = self.arithmetic.exp(-theta)
        return Hazard(base, theta, power, self.arithmetic.number(base) - power)

    def at(self, hazard: Hazard[Number]) -> Level[Number]:
        """Who pays what at this hazard."""
        singles = [self._single(place, hazard) for place in range(len(self.likes))]
        pools = self._in_order(singles, hazard) if self.ordered else singles
        total = size = self.zero
        for pool in pools:
            homes = sum(self.likes[place].count for place in pool.members)
            total += homes * pool.value
            size += homes * (1 + abs(pool.value))
        return Level(hazard, tuple(pools), total, size)

    def alone(self, place: int, hazard: Hazard[Number]) -> tuple[Number, Number]:
        """z of a home that nothing binds, and how it rises with theta: z = ln(lambda s) - ln(1 - lambda s)."""
        like, log = self.likes[place], self.arithmetic.log
        if hazard.base is None:
            rest = 1 - like.s * hazard.power
            if rest <= 0:
                return self.arithmetic.infinity, self.zero
            return hazard.theta + like.log_s - log(rest), 1 / rest
        part = like.s * hazard.rate
        if like.per_s == hazard.base:
            return log(part) - like.log_s + hazard.theta, 1 / part
        rest = like.s * (self.arithmetic.number(like.per_s - hazard.base) + hazard.power)
        if rest <= 0:
            return self.arithmetic.infinity, self.zero
        return log(part) - log(rest), like.s * hazard.power / (part * rest)

    def level_of(self, members: Sequence[int], hazard: Hazard[Number]) -> tuple[Number, Number] | None:
        """What the hazards of a pool have to come to, and how that moves with theta; None: more than they ever come to.

        As a logarithm: of the sum of F(z) / s; with a base, of the sum of (1 - F(z)) / s, which is left when the mean
        hazard is lambda, and whose fall with theta is given as a rise.
        """
        homes = sum(self.likes[place].count for place in members)
        log, number = self.arithmetic.log, self.arithmetic.number
        if hazard.base is None:
            most = sum((self.likes[place].count * self.likes[place].per_s for place in members), Fraction(0))
            wanted = homes * hazard.power
            return None if wanted >= number(most) else (log(self.zero + homes) + hazard.theta, self.zero + 1)
        spare = sum(
            (self.likes[place].count * (self.likes[place].per_s - hazard.base) for place in members), Fraction(0)
        )
        if not spare:
            return log(self.zero + homes) - hazard.theta, self.zero + 1
        wanted = homes * hazard.power
        left = number(spare) + wanted
        return None if left <= 0 else (log(left), wanted / left)

    def over(
        self, members: Sequence[int], value: Number, hazard: Hazard[Number], level: Number
    ) -> tuple[Number, Number]:
        """By how much the hazards of a pool that pays `value` are above `level`, and how that rises with the value."""
        exp = self.arithmetic.exp
        low = hazard.base is None
        ys = [(value - self.likes[place].mu) / self.likes[place].s for place in members]
        if not low:
            ys = [-y for y in ys]
        shift = min(self.zero, max(ys))  # taken out of every term, so that none is lost below the smallest number
        total = rise = self.zero
        for place, y in zip(members, ys, strict=True):
            like = self.likes[place]
            if y < 0:
                part = exp(y)
                rest = 1 / (1 + part)
                term = rest * (part if shift == 0 else exp(y - shift))
            else:
                part = exp(-y)
                term = 1 / (1 + part)
                rest = part * term
            term = like.count * term / like.s
            total += term
            rise += term * rest / like.s
        above = shift + self.arithmetic.log(total) - level
        return (above if low else -above), rise / total

    def _single(self, place: int, hazard: Hazard[Number]) -> Pool[Number]:
        like = self.likes[place]
        z, slope = self.alone(place, hazard)
        return self._bound((place,), like.mu + like.s * z, like.s * slope, like.least, like.most)

    def _bound(
        self, members: tuple[int, ...], value: Number, slope: Number, least: Number, most: Number
    ) -> Pool[Number]:
        if value >= most:
            return Pool(members, most, self.zero, bound=most < self.arithmetic.infinity)
        if value <= least:
            return Pool(members, least, self.zero, bound=True)
        return Pool(members, value, slope)

    def _in_order(self, singles: Sequence[Pool[Number]], hazard: Hazard[Number]) -> list[Pool[Number]]:
        """Neighbours that stand the wrong way round are pooled, until none do."""
        pools: list[Pool[Number]] = []
        for single in sorted(singles, key=lambda pool: (self.likes[pool.members[0]].floor, pool.value)):
            pool = single
            while pools and pools[-1].value > pool.value:
                pool = self._pooled(pools.pop(), pool, hazard)
            pools.append(pool)
        return pools

    def _pooled(self, below: Pool[Number], above: Pool[Number], hazard: Hazard[Number]) -> Pool[Number]:
        """Two pools as one. What it pays lies between what they paid."""
        members = below.members + above.members
        least = max(self.likes[place].least for place in members)
        most = min(self.likes[place].most for place in members)
        level = self.level_of(members, hazard)
        if level is None:
            return self._bound(members, self.arithmetic.infinity, self.zero, least, most)
        wanted, moves = level
        value, rise = self._root(members, hazard, wanted, above.value, below.value)
        return self._bound(members, value, moves / rise if rise > 0 else self.zero, least, most)

    def _root(
        self, members: Sequence[int], hazard: Hazard[Number], wanted: Number, lower: Number, upper: Number
    ) -> tuple[Number, Number]:
        """The share between `lower` and `upper` at which the pool's hazards come to `wanted`, and their rise there."""
        near = self.arithmetic.fine / 100
        value, step, rise = lower, self.zero + 1, self.zero
        for tried in range(TRIES):
            over, rise = self.over(members, value, hazard, wanted)
            if over < 0:
                lower = value
            else:
                upper = value
            then = value - over / rise if rise > 0 and tried % 8 != 7 else self.arithmetic.infinity
            if not lower < then < upper:
                then = (lower + upper) / 2 if upper < self.arithmetic.infinity else lower + step
                step *= 2
            if abs(then - value) <= near * (1 + abs(value)):
                return then, rise
            value = then
        return value, rise

    def _first(self) -> Number:
        """Where the search starts: everybody as many spreads from mu as the whole sum is."""
        away = spread = self.zero
        for like in self.likes:
            away -= like.count * like.mu
            spread += like.count * like.s
        z = away / spread
        exp, log = self.arithmetic.exp, self.arithmetic.log
        start = z - log(1 + exp(z)) if z < 0 else -log(1 + exp(-z))
        return start - self.zero - 1 / (self.zero + 1000)  # a little below the hazard at which the widest gives way

    def _next(
        self,
        level: Level[Number],
        below: Level[Number] | None,
        above: Level[Number] | None,
        step: Number,
        *,
        trusting: bool,
    ) -> Number:
        """The next theta: by the slope where it stays between what is known, else half way or `step` further."""
        theta = level.hazard.theta
        lower = self._lowest(level.hazard.base) if below is None else below.hazard.theta
        upper = self._highest(level.hazard.base) if above is None else above.hazard.theta
        if trusting and abs(level.total) < self.arithmetic.infinity:
            slope = self.zero
            for pool in level.pools:
                slope += sum(self.likes[place].count for place in pool.members) * pool.slope
            if slope > 0 and lower < (then := theta - level.total / slope) < upper:
                return then
        if above is None and theta + step < upper:
            return theta + step
        if below is None and lower < theta - step:
            return theta - step
        return (lower + upper) / 2

    def _lowest(self, base: Fraction | None) -> Number:
        return -self.arithmetic.infinity if base is None else -self.arithmetic.log(self.arithmetic.number(base))

    def _highest(self, base: Fraction | None) -> Number:
        """Without a base the hazard at which even the narrowest spread gives way."""
        return self.arithmetic.infinity if base is not None else -min(like.log_s for like in self.likes)

    def _base(self, below: Level[Number], above: Level[Number]) -> Fraction:
        """The highest hazard of the pool that jumps most: the mean of 1 / s."""
        then = {place: pool.value for pool in above.pools for place in pool.members}
        pool = max(below.pools, key=lambda pool: max(then[place] - pool.value for place in pool.members))
        homes = sum(self.likes[place].count for place in pool.members)
        return sum((self.likes[place].count * self.likes[place].per_s for place in pool.members), Fraction(0)) / homes

    def _distance(self, base: Fraction, below: Level[Number]) -> Number:
        """theta over `base` for the hazard found so far."""
        highest = self.arithmetic.number(base)
        left = highest - below.hazard.rate
        return -self.arithmetic.log(left if left > 0 else highest * self.arithmetic.fine)
