"""The least cost at which sums reach what they need, when one option is taken from each of many groups.

A group is all that may be done with one head: change none of its homes, one, several. An option has a cost (how many
homes change) and a gain for every need. This is a covering knapsack with several needs, exact in integers. What makes
it fast is that homes mostly differ in size alone:

1. A need that holds whatever is chosen is dropped; one that no choice reaches ends the search.
2. A group whose options form a chain of ever weaker steps falls apart into those steps, as if each were a home alone:
   any j steps gain at most what the first j gain, and the first j are an option.
3. Steps are sorted into rows in which each is at least as good as the next, in every need and in cost. Within a row
   the best come first: a choice that takes a weaker step and leaves a stronger one is not made worse by swapping the
   two. So only how many of each row are taken is open. Where all measures are ordered alike there is one row, and the
   answer is read off: the largest homes first.
4. What is left (several rows, groups that do not fall apart) is searched depth first. A branch ends when a need is out
   of reach, or when its Lagrangian bound is no better than the best choice known: for multipliers m >= 0, every choice
   that meets the needs costs at least m·needs + the sum over groups of min(cost - m·gain). The multipliers are sought
   in floating point; what they prove is computed in integers, so a poor multiplier makes the search slow, never wrong.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import prod

from hemei.engines.decision.relaxation import Relaxation

Gain = tuple[int, ...]
Option = tuple[int, Gain]
"""Cost (0 or more) and gains. The option to do nothing, (0, zeros), belongs to every group and need not be listed."""

WORK = 100_000
"""Choices that one search looks at before it answers with bounds instead: about a quarter of a second."""
PLAIN = 3_000
"""Below so many combinations, looking for good multipliers takes longer than the search."""
COMPARED = 8  # comparisons of two options that take as long as looking at a choice


class Effort:
    """How many choices several searches together may still look at. So the answer to one question takes a bounded
    time, and the same question always gets the same answer."""

    def __init__(self, choices: int) -> None:
        self.left = choices

    def spend(self, choices: int) -> None:
        self.left -= choices


@dataclass(frozen=True, slots=True)
class Bounds:
    """least: no choice that meets the needs costs less; None: no choice meets them. most: what a known choice costs;
    None: none is known. The answer is exact where both are the same."""

    least: int | None
    most: int | None

    @property
    def exact(self) -> bool:
        return self.least == self.most


IMPOSSIBLE = Bounds(None, None)


def fewest(
    groups: Sequence[Sequence[Option]], needs: Sequence[int], *, below: int | None = None, effort: Effort | None = None
) -> Bounds:
    """The least cost of one option a group such that every sum of gains reaches its need.

    below: only choices that cost less are of interest; where there is none the answer is as if nothing met the needs.
    effort: what may be spent; where nothing is left the answer is that nothing is known.
    """
    effort = effort or Effort(10 * WORK)
    effort.spend(sum(map(len, groups)))
    if effort.left <= 0:
        return Bounds(0, None)
    reachable = [0] * len(needs)
    assured = [0] * len(needs)
    for options in groups:
        for need, gains in enumerate(zip(*(gain for _, gain in options), strict=True)):
            reachable[need] += max(0, *gains)
            assured[need] += min(0, *gains)
    if any(most < need for most, need in zip(reachable, needs, strict=True)) or below == 0:
        return IMPOSSIBLE
    open_needs = [place for place, need in enumerate(needs) if assured[place] < need]
    if not open_needs:
        return Bounds(0, 0)

    steps: list[Option] = []
    heads: list[list[Option]] = []
    for options in groups:
        narrowed = [(cost, tuple([gain[place] for place in open_needs])) for cost, gain in options]
        chain = _chain(sorted(narrowed, key=_cheapest_first))
        if chain is None:
            of_all, narrowed = len(narrowed), _without_worse(narrowed)
            effort.spend(of_all * len(narrowed) // COMPARED)
            chain = _chain(narrowed)
        if chain is None:
            heads.append([(0, (0,) * len(open_needs)), *narrowed])
        else:
            steps.extend(step for step in chain if any(gain > 0 for gain in step[1]))
    rows = in_rows(steps)
    effort.spend(len(steps) * len(rows) // COMPARED)
    if not rows and not heads:  # what is left only takes away, and every need is met without
        return Bounds(0, 0)
    return _Search(heads, rows, [needs[place] for place in open_needs], below, effort).answer()


def _cheapest_first(option: Option) -> tuple[int, list[int]]:
    return option[0], [-gain for gain in option[1]]


def _at_least(one: Option, other: Option) -> bool:
    return one[0] <= other[0] and all(map(int.__ge__, one[1], other[1]))


def _without_worse(options: Sequence[Option]) -> list[Option]:
    """Without what another option, or doing nothing, does as well or better; cheapest first."""
    kept: list[Option] = [(0, (0,) * len(options[0][1]))]
    for option in sorted(options, key=_cheapest_first):
        if not any(_at_least(better, option) for better in kept):
            kept.append(option)
    return kept[1:]


def _chain(options: list[Option]) -> list[Option] | None:
    """The steps from each option to the next, if each is at least as good as the one after it."""
    if len(options) < 2:
        return options
    steps: list[Option] = []
    before: Option = (0, (0,) * len(options[0][1]))
    for cost, gain in options:
        step = (cost - before[0], tuple(map(int.__sub__, gain, before[1])))
        if steps and not _at_least(steps[-1], step):
            return None
        steps.append(step)
        before = (cost, gain)
    return steps


def in_rows(steps: list[Option]) -> list[list[Option]]:
    """The steps in as few rows as are found at first sight, each row best first."""
    rows: list[list[Option]] = []
    for step in sorted(steps, key=_cheapest_first):
        for row in rows:
            if _at_least(row[-1], step):
                row.append(step)
                break
        else:
            rows.append([step])
    return rows


def sums_of(row: list[Option]) -> list[Option]:
    """What the first 0, 1, 2 ... steps of a row cost and gain together."""
    costs = accumulate((cost for cost, _ in row), initial=0)
    gains = zip(
        *(accumulate(column, initial=0) for column in zip(*(gain for _, gain in row), strict=True)), strict=True
    )
    return list(zip(costs, gains, strict=True))


class _Search:
    """One search: groups in a fixed order, and for every place in that order what the groups from there on can do."""

    def __init__(
        self, heads: list[list[Option]], rows: list[list[Option]], needs: list[int], below: int | None, effort: Effort
    ) -> None:
        self.best = below  # what must be undercut
        self.found = False
        self.effort = effort
        self.work = max(0, min(WORK, effort.left))
        # The row with most steps comes last: what it must give is looked up instead of searched.
        groups = sorted(heads, key=len) + sorted(map(sums_of, rows), key=len)
        means = [0.0] * len(groups)
        singles = [one for place in range(len(needs)) if (one := _single(place, needs, heads, rows)) is not None]
        # A price is unit x cost less factor x one gain; what several needs weigh together is a further gain.
        self.prices = singles
        if prod(len(group) for group in groups[:-1]) > PLAIN:
            relaxed = Relaxation(groups, needs, singles)
            weights, means = relaxed.weights, relaxed.means
            groups = [
                [(cost, (*gain, sum(map(int.__mul__, weights, gain)))) for cost, gain in group] for group in groups
            ]
            needs = [*needs, sum(map(int.__mul__, weights, needs))]
            self.prices = [(relaxed.unit, len(needs) - 1, 1), *singles]
        self.groups, self.needs = groups, needs
        gains = list(zip(*(gain for _, gain in groups[-1]), strict=True))
        self.up_to = [list(accumulate(column, max)) for column in gains]
        self.from_end = [list(accumulate(reversed(column), max)) for column in gains]
        self.within_reach = self._within_reach()
        self.unpaid, self.children = self._cheapest_first(means)

    def _within_reach(self) -> list[list[int]]:
        """For every place in the order, the most that the groups from there on can give to each need."""
        reach = [[0] * len(self.needs)]
        for group in reversed(self.groups):
            most = [max(column) for column in zip(*(gain for _, gain in group), strict=True)]
            reach.append(list(map(int.__add__, reach[-1], most)))
        return reach[::-1]

    def _cheapest_first(self, means: list[float]) -> tuple[list[list[int]], list[list[Option]]]:
        """For every price and place, the sum of the lowest prices from there on; and the options of every group, those
        with the lowest first price first."""
        unpaid = [[0] * (len(self.groups) + 1) for _ in self.prices]
        children: list[list[Option]] = []
        for depth in range(len(self.groups) - 1, -1, -1):
            group = self.groups[depth]
            for sums, (unit, place, factor) in zip(unpaid, self.prices, strict=True):
                sums[depth] = sums[depth + 1] + min([unit * cost - factor * gain[place] for cost, gain in group])
            if self.prices:
                unit, place, factor = self.prices[0]
                order = [
                    (unit * cost - factor * gain[place], abs(number - means[depth]), number)
                    for number, (cost, gain) in enumerate(group)
                ]
                group = [group[number] for _, _, number in sorted(order)]
            children.append(group)
        return unpaid, children[::-1]

    def _bound(self, number: int, depth: int, cost: int, missing: Sequence[int]) -> int:
        """No choice costs less than this when the groups before `depth` cost `cost` and leave `missing` to be met."""
        unit, place, factor = self.prices[number]
        return cost - (-(factor * missing[place] + self.unpaid[number][depth]) // unit)

    def answer(self) -> Bounds:
        """Look first for what costs no more than the bound, then, as long as there is none, for what costs up to one,
        two, four ... more: the closer the limit, the more branches end at once."""
        if any(map(int.__lt__, self.within_reach[0], self.needs)):
            return IMPOSSIBLE
        below = self.best
        every = range(len(self.prices))
        least, margin = max([0, *(self._bound(number, 0, 0, self.needs) for number in every)]), 1
        for share in (4, 4, 2, 2, 1):  # of the work that is left
            if below is not None and least >= below:
                return IMPOSSIBLE
            limited = share > 1 and (below is None or least + margin < below)
            self.best = least + margin if limited else below
            allowed = self.work // share
            self.work -= allowed
            complete, left = self._look(least, allowed)
            self.work += left
            self.effort.spend(allowed - left)
            if self.found:
                return Bounds(self.best if complete else least, self.best)
            if complete:
                if not limited:
                    return IMPOSSIBLE
                least += margin
            margin *= 2
        return Bounds(least, None)

    def _look(self, least: int, work: int) -> tuple[bool, int]:
        """Search depth first for less than `best`: whether the search came to its end, and what is left of the work."""
        final = len(self.groups) - 1
        if final == 0:
            self._finish(0, self.needs)
            return True, work
        others = range(1, len(self.prices))
        path = [(0, tuple(self.needs), iter(self.children[0]))]
        while path:
            cost, missing, children = path[-1]
            depth = len(path)  # of the group after the one whose options are tried
            for more, gain in children:
                work -= 1
                if work < 0:
                    return False, 0
                spent, left = cost + more, tuple(map(int.__sub__, missing, gain))
                if self.best is not None and self.prices:
                    if self._bound(0, depth, spent, left) >= self.best:
                        path.pop()  # so are the options after this one
                        break
                    if any(self._bound(number, depth, spent, left) >= self.best for number in others):
                        continue
                if any(map(int.__gt__, left, self.within_reach[depth])):
                    continue
                if depth == final:
                    self._finish(spent, left)
                    if self.found and self.best == least:
                        return True, work
                    continue
                path.append((spent, left, iter(self.children[depth])))
                break
            else:
                path.pop()
        return True, work

    def _finish(self, cost: int, missing: Sequence[int]) -> None:
        """Take from the last group the cheapest option that gives what is missing."""
        group = self.groups[-1]
        start = max(map(bisect_left, self.up_to, missing))
        stop = len(group) - max(map(bisect_left, self.from_end, missing))
        for more, gain in group[start:stop]:
            if self.best is not None and cost + more >= self.best:
                return
            if all(map(int.__ge__, gain, missing)):
                self.best, self.found = cost + more, True
                return


Price = tuple[int, int, int]
"""What a unit of cost weighs, which gain is paid for, and what a unit of it weighs."""


def _single(place: int, needs: list[int], heads: list[list[Option]], rows: list[list[Option]]) -> Price | None:
    """The price that proves most from one need alone: the rate of the step with which it is reached when the steps
    are taken by what they give to it. Free steps come first; a need that they meet proves nothing."""
    missing = needs[place]
    steps: list[tuple[int, int]] = [(cost, gain[place]) for row in rows for cost, gain in row if gain[place] > 0]
    for options in heads:
        steps.extend(_hull([(cost, gain[place]) for cost, gain in options]))
    missing -= sum(gain for cost, gain in steps if cost == 0)
    for cost, gain in sorted((step for step in steps if step[0] > 0), key=lambda step: step[0] / step[1]):
        if missing <= 0:
            return None
        missing -= gain
        if missing <= 0:
            return gain, place, cost
    return None


def _hull(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The steps, best rate first, from doing nothing along the upper hull of (cost, gain)."""
    hull: list[tuple[int, int]] = [(0, max(gain for cost, gain in points if cost == 0))]
    for cost, gain in sorted(points):
        if gain <= hull[-1][1]:
            continue
        while len(hull) > 1 and (hull[-1][1] - hull[-2][1]) * (cost - hull[-1][0]) <= (gain - hull[-1][1]) * (
            hull[-1][0] - hull[-2][0]
        ):
            hull.pop()
        if cost == hull[-1][0]:
            hull[-1] = (cost, gain)
        else:
            hull.append((cost, gain))
    first = [(0, hull[0][1])] if hull[0][1] > 0 else []
    return first + [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(hull)]
