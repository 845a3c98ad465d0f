"""Known limits in order of floors and within bounds: the least slack as large as possible, then the next, and so on.

Slack is (limit - share) / scale. In exact rationals; no float and no tolerance.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from math import lcm

from hemei.engines.costs.bounds import Bounds, bounds_of, tightened, unpayable
from hemei.engines.costs.plan import Constraints, Home, Proposal, Scale
from hemei.engines.costs.slack import weights


def least_slack(homes: Sequence[Home], net: Fraction, scale: Scale, constraints: Constraints) -> Proposal:
    """Exact shares of `net` whose slacks, from the worst-off home up, are as large as they can be; t is the least.

    Every home states its limit, and its scale where the scale is given. Nobody pays more than the limit: where the most
    that all may and would pay is below the net cost, the rest is short; where a home must pay more than it would, or
    all least together are above the net cost, `over_by` says by how much. A home whose scale is 0 (a limit of 0, scaled
    by limits) pays at most its limit and otherwise comes last.
    """
    limits = [_said(home.limit) for home in homes]
    bounds = bounds_of(homes, constraints)
    willing = tuple(
        limit if most is None else min(most, limit) for limit, most in zip(limits, bounds.most, strict=True)
    )
    if refusal := unpayable(bounds, net) or unpayable(
        tightened(homes, Bounds(bounds.least, willing, bounds.ordered)), net
    ):
        return refusal
    return _Rounds(homes, limits, weights(homes, scale), bounds, net).settled()


class _Rounds:
    """One home after the other comes down to the least it must pay, until the sum settles the rest.

    At a slack of t a home pays at most r - t w, and in order of floors no more than any home above it. Together that is
    concave in t and made of straight lines that do not rise, so Newton's method from the far side comes to the t of the
    net cost in finitely many steps. All sums are whole numbers of one small unit.
    """

    def __init__(
        self,
        homes: Sequence[Home],
        limits: Sequence[Fraction],
        scales: Sequence[Fraction],
        bounds: Bounds,
        net: Fraction,
    ) -> None:
        known = [bound for bound in (*bounds.least, *bounds.most) if bound is not None]
        self.unit = lcm(*(amount.denominator for amount in (*limits, *scales, *known, net)))
        self.limits = [self._whole(limit) for limit in limits]
        self.scales = [self._whole(scale) for scale in scales]
        self.least = [None if bound is None else self._whole(bound) for bound in bounds.least]
        self.most = [None if bound is None else self._whole(bound) for bound in bounds.most]
        self.net = self._whole(net)
        self.open = {place for place, scale in enumerate(self.scales) if scale}
        for place in set(range(len(homes))) - self.open:
            self.most[place] = self._lower(place, self.limits[place])
        downward = sorted(range(len(homes)), key=lambda place: -homes[place].floor)
        self.storeys = (
            [list(storey) for _, storey in groupby(downward, key=lambda place: homes[place].floor)]
            if bounds.ordered
            else [downward]
        )

    def settled(self) -> Proposal:
        least_t: Fraction | None = None
        while True:
            reached = self._slack_of_sum()
            stops = {
                place: Fraction(self.limits[place] - least, self.scales[place])
                for place in self.open
                if (least := self.least[place]) is not None
            }
            first = min(stops.values(), default=reached)
            if least_t is None:
                least_t = min(first, reached)
            if reached <= first:
                shares = tuple(
                    Fraction(a * reached.denominator - b * reached.numerator, reached.denominator * self.unit)
                    for a, b in self._lines(reached)
                )
                return Proposal(shares=shares, t=least_t)
            self._settle(place for place, stop in stops.items() if stop == first)
            if not self.open:  # whoever weighs nothing comes last, yuan for yuan
                self.open = {place for place, scale in enumerate(self.scales) if not scale}
                for place in self.open:
                    self.scales[place] = self.unit

    def _slack_of_sum(self) -> Fraction:
        """The t at which the most that all pay comes to the net cost."""
        a = sum(self.limits[place] for place in self.open)
        b = sum(self.scales[place] for place in self.open)
        for place, most in enumerate(self.most):
            if place not in self.open:
                assert most is not None, "what is settled has its most"
                a += most
        t = Fraction(a - self.net, b)
        while True:
            lines = self._lines(t)
            a, b = sum(a for a, _ in lines), sum(b for _, b in lines)
            if a * t.denominator - b * t.numerator >= self.net * t.denominator:
                return t
            t = Fraction(a - self.net, b)

    def _lines(self, t: Fraction) -> list[tuple[int, int]]:
        """By home (a, b): near t it pays at most a - b t."""
        p, q = t.numerator, t.denominator
        lines = [(0, 0)] * len(self.limits)
        above: tuple[int, int] | None = None
        for storey in self.storeys:
            lowest = above
            for place in storey:
                most = self.most[place]
                line = (self.limits[place], self.scales[place]) if place in self.open else above
                if most is not None and (line is None or most * q < line[0] * q - line[1] * p):
                    line = (most, 0)
                assert line is not None, "a home is open or has its most"
                if above is not None and above[0] * q - above[1] * p < line[0] * q - line[1] * p:
                    line = above
                if lowest is None or line[0] * q - line[1] * p < lowest[0] * q - lowest[1] * p:
                    lowest = line
                lines[place] = line
            above = lowest
        return lines

    def _settle(self, places: Iterable[int]) -> None:
        for place in places:
            least = self.least[place]
            assert least is not None, "it came down to its least"
            self.most[place] = least
            self.open.discard(place)

    def _lower(self, place: int, limit: int) -> int:
        most = self.most[place]
        return limit if most is None else min(most, limit)

    def _whole(self, amount: Fraction) -> int:
        return amount.numerator * (self.unit // amount.denominator)


def _said(value: Fraction | None) -> Fraction:
    assert value is not None, "the method asks for it"
    return value
