"""What each home pays at a common hazard: the search behind the proposal with the best chance that all sign.

The highest share that a home accepts is logistic (mu, s): at x it signs with the chance 1 - F(z), z = (x - mu) / s,
F(z) = 1 / (1 + exp(-z)). Its hazard h(x) = F(z) / s is what one yuan more takes from the logarithm of that chance.
Whoever shares a sum so that the product of the chances is largest charges every home up to the same hazard, lambda.
Where the order of the floors forbids it, the homes that stand in each other's way are pooled at the share at which
their mean hazard is lambda; bounds cut off what lies beyond them (isotonic regression of convex functions by pooling
adjacent violators: Best, Chakravarti and Ubhaya, SIAM Journal on Optimization 10, 2000).

At one lambda the homes of a floor keep the order in which they would stand alone, so the order of the floors may be
read as a complete order of the homes, and pooling neighbours is exact.

A hazard comes so close to 1 / s that its distance from there is all that counts. Lambda is therefore never a plain
number: it is the mean hazard of some homes at some share, held as an exact sum of the 1 / s that are nearly reached,
and a small rest.

The same lines run in floats, to search, and in Decimal, to settle. Whoever calls shifts and scales the sums so that
the shares add up to 0 and the widest spread is 1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Final, Generic, TypeVar

Number = TypeVar("Number", float, Decimal)

FAR: Final = 1000
"""A step so many times as long as what it starts from follows a slope that will not last."""
FINEST: Final = 2**600
"""Parts of the highest hazard of the widest spread in which sums of 1 / s are counted."""
SMALL: Final = 300
"""exp(-SMALL) and what is added to it are far from the smallest float."""
STEEPEST: Final = 100_000
"""A slope of more than exp(STEEPEST) is none to follow."""
TRIES: Final = 500
"""Steps after which a search gives up: bisection alone comes down to the last digit in fewer."""


@dataclass(frozen=True, slots=True)
class Arithmetic(Generic[Number]):
    """Numbers of one kind. fine: what counts as nothing beside 1."""

    number: Callable[[Fraction], Number]
    ratio: Callable[[int, int], Number]
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
    per_s: Fraction
    """1 / s, exactly."""
    least: Number
    most: Number


@dataclass(frozen=True, slots=True)
class Mass(Generic[Number]):
    """Hazards of some homes at one share, added up: top / `Search.whole` + small x exp(scale).

    top: the 1 / s of the homes that are nearer to it than to 0. small: the rest, of either sign. rise: how the sum
    rises with the share, x exp(scale) too.
    """

    homes: int
    top: int
    small: Number
    rise: Number
    scale: Number


@dataclass(frozen=True, slots=True)
class Hazard(Generic[Number]):
    """lambda: the mean hazard of the likes at the places `members`, were they to pay `value`."""

    members: tuple[int, ...]
    value: Number
    mass: Mass[Number]
    rate: Number
    """lambda as a plain number."""


@dataclass(frozen=True, slots=True)
class Pool(Generic[Number]):
    """Likes that pay the same, by their places. slope: how that share rises with the value behind lambda."""

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
    slope: Number
    """How the total rises with the value behind lambda."""
    size: Number
    """The sum of all magnitudes: what `total` is small or large beside."""


def _whole(amounts: Sequence[Fraction]) -> int:
    """Of how many parts all of these are whole numbers, exactly or to FINEST parts."""
    whole = 1
    for amount in amounts:
        whole = lcm(whole, amount.denominator)
        if whole > FINEST:
            return FINEST
    return whole


class Search(Generic[Number]):
    """The hazard at which the shares of `likes` add up to 0; ordered: no home pays less than one on a lower floor."""

    arithmetic: Arithmetic[Number]
    likes: Sequence[Like[Number]]
    ordered: bool
    whole: int
    tops: list[int]
    kinds: list[tuple[Number, Number, int, int]]
    zero: Number
    infinity: Number

    def __init__(self, arithmetic: Arithmetic[Number], likes: Sequence[Like[Number]], *, ordered: bool) -> None:
        self.arithmetic = arithmetic
        self.likes = likes
        self.ordered = ordered
        self.whole = _whole([like.per_s for like in likes])
        self.tops = [round(like.per_s * self.whole) for like in likes]
        self.kinds = [(like.mu, like.s, like.count, top) for like, top in zip(likes, self.tops, strict=True)]
        self.zero = arithmetic.number(Fraction(0))
        self.infinity = arithmetic.infinity

    def found(self) -> Level[Number] | None:
        """Newton's method kept inside a bracket; None where these numbers are too coarse to come near enough."""
        first, value = self._first()
        members, step = first, max(self.likes[first[0]].s, 100 * self.arithmetic.fine * abs(value))
        below: Level[Number] | None = None
        above: Level[Number] | None = None
        for tried in range(TRIES):
            level = self.at(self.hazard(members, value))
            if self._is_home(level):
                return level
            if level.total < 0:
                below = level
            else:
                above = level
            if tried % 4 < 2 and (then := self._by_slope(level, below, above)) is not None:
                value = then
            elif below is None or above is None:
                value, step = (value + step if above is None else value - step), step * 2
            else:
                finer, plain = self._half_jump(below, above), self._half(first, below, above)
                halved = (finer or plain) if tried % 2 else (plain or finer)
                if halved is None:
                    return None
                members, value = halved
        return None

    def hazard(self, members: tuple[int, ...], value: Number) -> Hazard[Number]:
        mass = self.mass(members, value)
        small = mass.small * self.arithmetic.exp(mass.scale)
        return Hazard(members, value, mass, (self.arithmetic.ratio(mass.top, self.whole) + small) / mass.homes)

    def at(self, hazard: Hazard[Number]) -> Level[Number]:
        """Who pays what at this hazard."""
        singles = [self._single(place, hazard) for place in range(len(self.likes))]
        pools = self._in_order(singles, hazard) if self.ordered else singles
        total = slope = size = self.zero
        for pool in pools:
            homes = self._homes(pool.members)
            total += homes * pool.value
            slope += homes * pool.slope
            size += homes * (1 + abs(pool.value))
        return Level(hazard, tuple(pools), total, slope, size)

    def mass(self, members: Sequence[int], value: Number) -> Mass[Number]:
        """The hazards of `members` at the share `value`, added up."""
        exp, kinds = self.arithmetic.exp, self.kinds
        zs = [(value - kinds[place][0]) / kinds[place][1] for place in members]
        scale = -min(map(abs, zs))
        if scale > -SMALL:
            scale = self.zero
        homes = top = 0
        small = rise = self.zero
        for place, z in zip(members, zs, strict=True):
            _mu, s, count, per_s = kinds[place]
            away = -abs(z)
            part = exp(away)
            rest = count * (exp(away - scale) if scale else part) / ((1 + part) * s)
            homes += count
            if z > 0:
                top += count * per_s
                small -= rest
            else:
                small += rest
            rise += rest / ((1 + part) * s)
        return Mass(homes, top, small, rise, scale)

    def alone(self, place: int, hazard: Hazard[Number]) -> tuple[Number, Number]:
        """z of a home that nothing binds, and how it rises with the value behind lambda.

        z = ln(lambda s) - ln(1 - lambda s); plus infinity where lambda is not below 1 / s.
        """
        mass, like = hazard.mass, self.likes[place]
        left = self.tops[place] * mass.homes - mass.top
        small, rise = mass.small / mass.homes, mass.rise / mass.homes
        scale, slope = self.zero, like.s * rise
        if mass.top:
            part = like.s * hazard.rate
        else:
            part, scale = like.s * small, mass.scale
        if left:
            shrunk = self.arithmetic.exp(mass.scale)
            rest = like.s * (self.arithmetic.ratio(left, self.whole * mass.homes) - small * shrunk)
            slope *= shrunk if mass.top else 1
        else:  # 1 - lambda s is nothing but what the small rest leaves
            rest, scale = -like.s * small, -mass.scale
        if rest <= 0:
            return self.infinity, self.zero
        if part <= 0:
            return -self.infinity, self.zero
        return self.arithmetic.log(part / rest) + scale, slope / (part * rest)

    def over(self, members: Sequence[int], value: Number, hazard: Hazard[Number]) -> tuple[Number, Number]:
        """How far the mean hazard of `members` at `value` is above lambda, and how that rises with the value.

        In a measure of its own: a difference, or where both sides have one sign that of their logarithms, which is
        straighter.
        """
        own, other = self.mass(members, value), hazard.mass
        exp, log = self.arithmetic.exp, self.arithmetic.log
        left = own.top * other.homes - other.top * own.homes
        small, wanted = own.small / own.homes, other.small / other.homes
        rise = own.rise / own.homes
        if left:
            shrunk = exp(own.scale)
            difference = self.arithmetic.ratio(left, self.whole * own.homes * other.homes)
            return difference + small * shrunk - wanted * exp(other.scale), rise * shrunk
        if small > 0 and wanted > 0:
            return log(small) + own.scale - log(wanted) - other.scale, rise / small
        if small < 0 and wanted < 0:
            return log(-wanted) + other.scale - log(-small) - own.scale, rise / -small
        scale = max(own.scale, other.scale)
        shrunk = exp(own.scale - scale)
        return small * shrunk - wanted * exp(other.scale - scale), rise * shrunk

    def moves(self, members: Sequence[int], value: Number, hazard: Hazard[Number]) -> Number:
        """How the share of a pool that pays `value` rises with the value behind lambda."""
        own, other = self.mass(members, value), hazard.mass
        apart = other.scale - own.scale
        if own.rise <= 0 or apart > STEEPEST:
            return self.infinity
        return other.rise * own.homes / (own.rise * other.homes) * self.arithmetic.exp(apart)

    def _homes(self, members: Sequence[int]) -> int:
        return sum(self.likes[place].count for place in members)

    def _single(self, place: int, hazard: Hazard[Number]) -> Pool[Number]:
        like = self.likes[place]
        z, slope = self.alone(place, hazard)
        return self._bound((place,), like.mu + like.s * z, like.s * slope)

    def _bound(self, members: tuple[int, ...], value: Number, slope: Number) -> Pool[Number]:
        least = max(self.likes[place].least for place in members)
        most = min(self.likes[place].most for place in members)
        if value >= most:
            return Pool(members, most, self.zero, bound=most < self.infinity)
        if value <= least:
            return Pool(members, least, self.zero, bound=least > -self.infinity)
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
        """Two pools as one. What it pays lies between what they paid, or a bound has cut it off there."""
        members = below.members + above.members
        value = self._root(members, hazard, above.value, below.value)
        if not abs(value) < self.infinity:
            return self._bound(members, value, self.zero)
        return self._bound(members, value, self.moves(members, value, hazard))

    def _root(self, members: Sequence[int], hazard: Hazard[Number], lower: Number, upper: Number) -> Number:
        """The share from `lower` to `upper` at which the mean hazard of `members` is lambda, or the nearer end."""
        if not self._reach(members, hazard):
            return upper
        near = self.arithmetic.fine / 100
        value = self.likes[members[0]].mu
        for end in (upper, lower):
            if abs(end) < self.infinity:
                over, _ = self.over(members, end, hazard)
                if over == 0 or (over > 0) == (end == lower):
                    return end
                value = end
        step, before = self.zero + 1, self.infinity
        for _ in range(TRIES):
            over, rise = self.over(members, value, hazard)
            if over < 0:
                lower = value
            elif over > 0:
                upper = value
            else:
                return value
            then = value - over / rise if rise > 0 else self.infinity
            if not lower < then < upper or 2 * abs(then - value) > before:  # it leaves, or does not come nearer
                then = self._onward(lower, upper, step)
                step *= 2
            before = abs(then - value)
            if before <= near * (1 + abs(value)) or not before < self.infinity:
                return then
            value = then
        return value

    def _onward(self, lower: Number, upper: Number, step: Number) -> Number:
        """Where to look between two ends that need not be known yet."""
        if upper == self.infinity:
            return lower + step
        if lower == -self.infinity:
            return upper - step
        return (lower + upper) / 2

    def _reach(self, members: Sequence[int], hazard: Hazard[Number]) -> bool:
        """Does the mean hazard of `members` come to lambda at any share?"""
        mass, homes = hazard.mass, self._homes(members)
        left = sum(self.likes[place].count * self.tops[place] for place in members) * mass.homes - mass.top * homes
        if not left:
            return mass.small < 0
        return self.arithmetic.ratio(left, self.whole * homes) > mass.small * self.arithmetic.exp(mass.scale)

    def _first(self) -> tuple[tuple[int, ...], Number]:
        """Where the search starts: everybody as many spreads from mu as the whole sum is, at the widest spread.

        As a share of the narrowest, whose hazard can be as high as any.
        """
        away = spread = self.zero
        for like in self.likes:
            away -= like.count * like.mu
            spread += like.count * like.s
        places = range(len(self.likes))
        widest = max(places, key=lambda place: self.likes[place].s)
        narrowest = min(places, key=lambda place: self.likes[place].s)
        z, _ = self.alone(
            narrowest,
            self.hazard((widest,), self.likes[widest].mu + self.likes[widest].s * min(away / spread, self.zero)),
        )
        return (narrowest,), self.likes[narrowest].mu + self.likes[narrowest].s * z

    def _is_home(self, level: Level[Number]) -> bool:
        if not abs(level.total) < self.infinity:
            return False
        play = min(level.slope, self.zero + self._homes(range(len(self.likes)))) * abs(level.hazard.value)
        return abs(level.total) <= self.arithmetic.fine * (level.size + play)

    def _by_slope(
        self, level: Level[Number], below: Level[Number] | None, above: Level[Number] | None
    ) -> Number | None:
        """Newton's next value for the same homes, if it lies between what is known."""
        if not (0 < level.slope < self.infinity and abs(level.total) < self.infinity):
            return None
        then = level.hazard.value - level.total / level.slope
        if abs(then - level.hazard.value) > FAR * (1 + abs(level.hazard.value)):
            return None
        for known, beyond in ((below, False), (above, True)):
            if known is not None:
                end = known.hazard.value
                if known.hazard.members != level.hazard.members:
                    end = self._virtual(level.hazard.members, known.hazard)
                if then == end or (then > end) == beyond:
                    return None
        return then

    def _half(
        self, members: tuple[int, ...], below: Level[Number], above: Level[Number]
    ) -> tuple[tuple[int, ...], Number] | None:
        """Half way between two hazards, in what `members` would pay; None if these numbers know nothing between."""
        half = self._middle(self._virtual(members, below.hazard), self._virtual(members, above.hazard))
        return None if half is None else (members, half)

    def _half_jump(self, below: Level[Number], above: Level[Number]) -> tuple[tuple[int, ...], Number] | None:
        """Half way between two hazards, in what those homes pay for whom it is furthest: a finer scale to search on."""
        lower = {place: pool for pool in below.pools for place in pool.members}
        upper = {place: pool for pool in above.pools for place in pool.members}
        place = max(lower, key=lambda place: upper[place].value - lower[place].value)
        best: tuple[tuple[int, ...], Number] | None = None
        widest = self.zero
        for pool in (lower[place], upper[place]):
            for members in (pool.members, pool.members[pool.members.index(place) :]):
                low = max(self._virtual(members, below.hazard), *(self.likes[one].least for one in members))
                high = min(self._virtual(members, above.hazard), *(self.likes[one].most for one in members))
                half = self._middle(low, high)
                if half is not None and half - low > widest:
                    best, widest = (members, half), half - low
        return best

    def _middle(self, low: Number, high: Number) -> Number | None:
        """Between two shares, the higher of which may have no end; None if there is nothing between."""
        if not abs(low) < self.infinity:
            return None
        if high == self.infinity:
            return 2 * abs(low) + low + 1000
        half = low + (high - low) / 2
        return half if low < half < high else None

    def _virtual(self, members: tuple[int, ...], hazard: Hazard[Number]) -> Number:
        """What `members` would pay at this hazard, if nothing but each other stood in their way."""
        if members == hazard.members:
            return hazard.value
        if len(members) == 1:
            like = self.likes[members[0]]
            return like.mu + like.s * self.alone(members[0], hazard)[0]
        return self._root(members, hazard, -self.infinity, self.infinity)
