"""Prices that prove how much a choice of one option a group must cost, and what the best mixture of choices is like.

For weights w >= 0, one for each need, every choice that meets the needs costs at least w·needs + the sum over groups
of min(cost - w·gain). The weights that prove most are the dual of this linear programme: mix choices so that the needs
hold on average at the least cost. It has one row a need and one for the mixture; it is solved by the simplex method
with column generation (Dantzig and Wolfe 1960): at the prices of the moment the cheapest choice joins in, until none
is cheaper than the mixture. In floating point: who uses the weights proves with whole numbers.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise

CALLS, PIVOTS = 120, 1_000
"""At most so many choices join in, and so many steps are taken; worse weights come out, never wrong ones."""
TINY = 1e-9
FINE = 1 << 40  # how finely a weight is told


class Relaxation:
    """The relaxed problem. `unit` of cost against `weights` of gains: the prices that prove most, in whole numbers.
    `means`: for each group the mean place of its option.

    groups: for each the options, (cost, gains). tries: such prices of one need each, to begin with: (unit, which need,
    weight).
    """

    def __init__(
        self,
        groups: Sequence[Sequence[tuple[int, tuple[int, ...]]]],
        needs: Sequence[int],
        tries: Sequence[tuple[int, int, int]],
    ) -> None:
        columns = list(zip(*(gain for options in groups for _, gain in options), strict=True))
        scales = [max(1, *map(abs, column)) for column in columns]
        self._columns = [[gain / scale for gain in column] for column, scale in zip(columns, scales, strict=True)]
        self._costs = [float(cost) for options in groups for cost, _ in options]
        self._needs = [need / scale for need, scale in zip(needs, scales, strict=True)]
        self._groups = [range(start, end) for start, end in pairwise(accumulate(map(len, groups), initial=0))]
        self._proved, self._weights = 0.0, [0.0] * len(needs)
        # Choices that have joined in: cost, gains and a one for the mixture, and the option taken of each group.
        self._joined: list[tuple[float, list[float], list[int]]] = []
        for unit, place, weight in tries:
            self._join([weight * scale / unit if at == place else 0.0 for at, scale in enumerate(scales)])
        self._mix()
        largest = max(self._weights)
        fine = [round(weight * FINE) if weight > TINY * largest else 0 for weight in self._weights]
        self.unit = FINE * max(scales)
        self.weights = [weight * max(scales) // scale for weight, scale in zip(fine, scales, strict=True)]

    def _join(self, weights: list[float]) -> None:
        """Let the choice join in that is cheapest when gains are paid for at these weights."""
        prices = self._costs
        for weight, column in zip(weights, self._columns, strict=True):
            if weight:
                prices = [price - weight * gain for price, gain in zip(prices, column, strict=True)]
        taken = [min(options, key=prices.__getitem__) for options in self._groups]
        proved = sum(map(prices.__getitem__, taken)) + sum(map(float.__mul__, weights, self._needs))
        if proved > self._proved:
            self._proved, self._weights = proved, weights
        gains = [sum(map(column.__getitem__, taken)) for column in self._columns]
        self._joined.append((sum(map(self._costs.__getitem__, taken)), [*gains, 1.0], taken))

    def _mix(self) -> None:
        """The revised simplex method. Its basis begins with one makeshift choice a row, too dear to stay."""
        wanted = [*self._needs, 1.0]
        rows = range(len(wanted))
        inverse = [[(1.0 if value >= 0 else -1.0) if i == j else 0.0 for j in rows] for i, value in enumerate(wanted)]
        level = [abs(value) for value in wanted]
        costs = [10.0 * (1 + sum(self._costs))] * len(wanted)
        basis: list[list[int] | None] = [None] * len(wanted)  # the options of the choice in each row
        for _ in range(PIVOTS):
            duals = [sum([cost * row[j] for cost, row in zip(costs, inverse, strict=True)]) for j in rows]
            entering = self._entering(duals)
            if entering is None:
                break
            cost, column, taken = entering
            direction = [sum(map(float.__mul__, row, column)) for row in inverse]
            ratios = [(level[i] / direction[i], i) for i in rows if direction[i] > TINY]
            if not ratios:
                break
            length, leaving = min(ratios)
            inverse[leaving] = [value / direction[leaving] for value in inverse[leaving]]
            level = [value - length * step for value, step in zip(level, direction, strict=True)]
            level[leaving] = length
            for i in rows:
                if i != leaving and direction[i]:
                    inverse[i] = [a - direction[i] * b for a, b in zip(inverse[i], inverse[leaving], strict=True)]
            costs[leaving], basis[leaving] = cost, taken
        mixture = [(share, taken) for share, taken in zip(level, basis, strict=True) if taken is not None]
        whole = sum(share for share, _ in mixture) or 1.0
        self.means = [
            sum([share * (taken[number] - options.start) for share, taken in mixture]) / whole
            for number, options in enumerate(self._groups)
        ]

    def _entering(self, duals: list[float]) -> tuple[float, list[float], list[int] | None] | None:
        """What makes the mixture cheaper: to exceed a need, a choice that has joined in, or one that joins in now."""
        rows = len(duals)
        exceeded = min(range(rows - 1), key=duals.__getitem__)
        if duals[exceeded] < -TINY:
            return 0.0, [-1.0 if row == exceeded else 0.0 for row in range(rows)], None

        def reduced(choice: tuple[float, list[float], list[int]]) -> float:
            return choice[0] - sum(map(float.__mul__, duals, choice[1]))

        best = min(self._joined, key=reduced, default=None)
        if best is None or reduced(best) >= -TINY * (1 + self._proved):
            if len(self._joined) >= CALLS:
                return None
            self._join([max(0.0, dual) for dual in duals[:-1]])
            best = self._joined[-1]
            if reduced(best) >= -TINY * (1 + self._proved):
                return None
        return best
