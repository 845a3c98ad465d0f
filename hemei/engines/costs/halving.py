"""The best chance where floats are too coarse to find who stands with whom: slower, and always done.

For any hazard lambda the shares are known: each home alone, or pooled with those that stand in its way, or at a bound.
They rise with lambda. Two hazards with the sum between them are drawn together in Decimal, and the answer lies on the
straight line between both sets of shares. Both keep to order and bounds, and so does every point between them; the
sum is met exactly. Where homes stand so far beyond mu that no digit tells one hazard from the next, every point of
that line is as good as another to the last digit.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from hemei.engines.costs.hazards import Like

INFINITE: Final = Decimal("Infinity")
ZERO: Final = Decimal(0)
STEPS: Final = 150
"""So many hazards are tried at most; between the last two the answer is as good as these digits allow."""
ROOT_STEPS: Final = 80
WIDEST: Final = 4000
"""Beyond so many spreads a hazard is 0 or 1 / s to more digits than are reckoned with."""


def between(
    likes: Sequence[Like[Decimal]], *, ordered: bool, digits: int
) -> tuple[list[Decimal], list[Decimal], Decimal]:
    """Shares by kind whose sum is at most 0, others whose sum is at least 0, nearly the same, and their hazard.

    Stands in a context of `digits` digits. Some shares within the bounds add up to 0.
    """
    stands = _Stands(likes, ordered=ordered, fine=Decimal(1).scaleb(10 - digits))
    middle = stands.rate_at(ZERO).ln()
    low, high = stands.low(middle), stands.high(middle)
    tried, below, above = 0, stands.at(low), stands.at(high)
    under, over = stands.total(below), stands.total(above)
    while tried < STEPS and not stands.alike(below, above) and high - low > stands.fine * (1 + abs(low)):
        tried += 1
        at = _within(low, high, under, over, tried)
        shares = stands.at(at)
        total = stands.total(shares)
        if total <= 0:
            low, below, under = at, shares, total
        if total >= 0:
            high, above, over = at, shares, total
    # a step to either side, so that the sum lies between both sets of shares also when every digit counts
    aside = stands.fine * (1 + abs(low))
    return stands.at(low - aside), stands.at(high + aside), ((low + high) / 2).exp()


def _within(low: Decimal, high: Decimal, under: Decimal, over: Decimal, tried: int) -> Decimal:
    """Where to look next: on the chord, shifted towards the farther end so that both ends move; at times the middle."""
    half = (low + high) / 2
    if tried % 4 == 0 or over == under:
        return half
    chord = low - under * (high - low) / (over - under)
    shift = min((high - low) ** 2 / 4, abs(half - chord)) if high - low < 1 else abs(half - chord) / 8
    at = chord + shift if half > chord else chord - shift
    return at if low < at < high else half


class _Stands:
    """Who pays what at a hazard."""

    def __init__(self, likes: Sequence[Like[Decimal]], *, ordered: bool, fine: Decimal) -> None:
        self.likes, self.ordered, self.fine = likes, ordered, fine

    def rate_at(self, share: Decimal) -> Decimal:
        """The mean hazard if everybody paid `share`."""
        homes = sum(like.count for like in self.likes)
        return self._mass(range(len(self.likes)), share)[0] / homes

    def low(self, start: Decimal) -> Decimal:
        """The logarithm of a hazard at which too little comes in."""
        step = Decimal(1)
        while self.total(self.at(start)) > 0:
            start, step = start - step, step * 2
        return start

    def high(self, start: Decimal) -> Decimal:
        step = Decimal(1)
        while self.total(self.at(start)) < 0:
            start, step = start + step, step * 2
        return start

    def total(self, shares: Sequence[Decimal]) -> Decimal:
        return sum((like.count * share for like, share in zip(self.likes, shares, strict=True)), ZERO)

    def alike(self, below: Sequence[Decimal], above: Sequence[Decimal]) -> bool:
        return all(abs(high - low) <= self.fine * (1 + abs(low)) for low, high in zip(below, above, strict=True))

    def at(self, logarithm: Decimal) -> list[Decimal]:
        """Shares by kind at the hazard with this logarithm; what would have no end is as much as brings the sum in."""
        rate = logarithm.exp()
        alone = [self._alone(like, rate) for like in self.likes]
        order = sorted(range(len(alone)), key=lambda place: (self.likes[place].floor, alone[place]))
        pools: list[tuple[list[int], Decimal]] = []
        for place in order:
            members, value = [place], alone[place]
            while self.ordered and pools and pools[-1][1] > value:
                members = pools.pop()[0] + members
                value = self._bound(members, self._root(members, rate))
            pools.append((members, value))
        shares = [ZERO] * len(alone)
        for members, value in pools:
            for place in members:
                shares[place] = value
        return self._ended(shares)

    def _ended(self, shares: list[Decimal]) -> list[Decimal]:
        """What would have no end, up or down, is as much as brings the sum to the other side of 0."""
        ended = shares
        for endless, beyond in ((INFINITE, max), (-INFINITE, min)):
            places = [place for place, share in enumerate(ended) if share == endless]
            if places:
                known = [share for share in ended if abs(share) != INFINITE]
                rest = sum(
                    (
                        like.count * share
                        for like, share in zip(self.likes, ended, strict=True)
                        if abs(share) != INFINITE
                    ),
                    ZERO,
                )
                enough = beyond([-rest / sum(self.likes[place].count for place in places), *known])
                enough += Decimal(1).copy_sign(endless)
                ended = [enough if place in places else share for place, share in enumerate(ended)]
        return ended

    def _alone(self, like: Like[Decimal], rate: Decimal) -> Decimal:
        part = like.s * rate
        if not 0 < part < 1:
            value = INFINITE if part else -INFINITE
        else:
            value = like.mu + like.s * (part.ln() - (1 - part).ln())
        return min(max(value, like.least), like.most)

    def _bound(self, members: Sequence[int], value: Decimal) -> Decimal:
        least = max(self.likes[place].least for place in members)
        return min(max(value, least), *(self.likes[place].most for place in members))

    def _mass(self, members: Sequence[int], value: Decimal) -> tuple[Decimal, Decimal]:
        """The hazards of `members` at a share, added up, and how that sum rises with the share."""
        mass = rise = ZERO
        for place in members:
            like = self.likes[place]
            z = max(min((value - like.mu) / like.s, Decimal(WIDEST)), Decimal(-WIDEST))
            chance = 1 / (1 + (-z).exp())
            hazard = like.count * chance / like.s
            mass += hazard
            rise += hazard * (1 - chance) / like.s
        return mass, rise

    def _root(self, members: Sequence[int], rate: Decimal) -> Decimal:
        """The share at which the mean hazard of `members` is `rate`; plus infinity where it never comes to that."""
        wanted = rate * sum(self.likes[place].count for place in members)
        if sum((self.likes[place].count / self.likes[place].s for place in members), ZERO) <= wanted:
            return INFINITE
        low = min(self.likes[place].mu for place in members)
        high = max(self.likes[place].mu for place in members)
        step = Decimal(1)
        while self._mass(members, low)[0] > wanted:
            low, step = low - step, step * 2
        step = Decimal(1)
        while self._mass(members, high)[0] < wanted:
            if step > WIDEST * 2:
                return INFINITE
            high, step = high + step, step * 2
        value = (low + high) / 2
        for _ in range(ROOT_STEPS):
            mass, rise = self._mass(members, value)
            if mass < wanted:
                low = value
            else:
                high = value
            step = (wanted - mass) / rise if rise > 0 else INFINITE
            if abs(step) <= self.fine * (1 + abs(value)):
                return value + step
            value = value + step if low < value + step < high else (low + high) / 2
        return value


def mixed(below: Sequence[Fraction], above: Sequence[Fraction], counts: Sequence[int], net: Fraction) -> list[Fraction]:
    """The point between both that adds up to `net`."""
    under = sum((count * share for count, share in zip(counts, below, strict=True)), Fraction(0))
    over = sum((count * share for count, share in zip(counts, above, strict=True)), Fraction(0))
    part = (net - under) / (over - under) if over != under else Fraction(0)
    return [low + part * (high - low) for low, high in zip(below, above, strict=True)]
