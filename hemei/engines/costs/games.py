"""The airport game: a lift that reaches floor f serves all floors below, so a coalition costs what its top floor needs.

Cost of a coalition S: c(S) = max of c_f over its homes (Littlechild and Owen 1973). On the cost side most of a lift is
pit, shaft and machine, which the low floors are charged with too: a yardstick more than a proposal.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from hemei.engines.costs.plan import ZERO, Home, Proposal


def shapley(homes: Sequence[Home], need: Sequence[Fraction]) -> Proposal:
    """Exact Shapley shares of need[-1], in the order of the homes; each step of need is shared by who lives above it.

    phi = sum over floors g up to the home's own of (need_g - need_(g-1)) / (number of homes on floor g or above).
    need: by floor, never falling; its last floor has a home. O(floors + homes).
    """
    at_or_above = [0] * (len(need) + 1)
    for home in homes:
        at_or_above[home.floor - 1] += 1
    for floor in range(len(need) - 1, -1, -1):
        at_or_above[floor] += at_or_above[floor + 1]

    share, before = ZERO, ZERO
    share_of_floor: list[Fraction] = []
    for cost, sharing in zip(need, at_or_above, strict=False):
        if cost != before:
            share += (cost - before) / sharing
            before = cost
        share_of_floor.append(share)
    return Proposal(shares=tuple(share_of_floor[home.floor - 1] for home in homes))


def nucleolus(homes: Sequence[Home], need: Sequence[Fraction]) -> Proposal:
    """Exact nucleolus shares of need[-1], in the order of the homes (Littlechild 1974).

    need: by floor, never falling; its last floor has a home.
    """
    order = sorted(range(len(homes)), key=lambda home: homes[home].floor)
    paid = nucleolus_of_needs([need[homes[home].floor - 1] for home in order])
    shares = [ZERO] * len(homes)
    for home, share in zip(order, paid, strict=True):
        shares[home] = share
    return Proposal(shares=tuple(shares))


def nucleolus_of_needs(needs: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The nucleolus for homes in order of need c_1 <= ... <= c_n.

    From i = 0, r = 0, c_0 = 0: r = least over j > i of (c_j - c_i + r) / (j - i + 1), for j = n divided by n - i; of
    several smallest the largest j; homes i+1..j pay r; then from j.

    Seen as a drawing, r is the flattest slope from the point (i - 1, c_i - r) to a point (j, c_j) right of i, so it
    touches the lower hull of those points. The hulls of all tails are kept as one link per point and walked once: O(n)
    instead of O(n^2). The last home stands at (n - 1, c_n), above home n - 1, and is the flattest only where both
    needs are equal, or where it is the last left.
    """
    scale = lcm(*(need.denominator for need in needs))
    cost = [0, *(need.numerator * (scale // need.denominator) for need in needs)]
    last = len(needs)
    beyond = _lower_hulls(cost, last - 1)

    paid: list[Fraction] = []
    above, below = 0, 1  # r = above / below, in units of 1 / scale; never reduced: a gcd costs more than it saves
    reached = 0
    while reached < last:
        top, base = reached + 1, cost[reached] * below - above
        if top < last:
            while (further := beyond[top]) and (cost[further] * below - base) * (top - reached + 1) <= (
                cost[top] * below - base
            ) * (further - reached + 1):
                top = further
            if top == last - 1 and cost[last] == cost[top]:
                top = last
        steps = top - reached + (top < last)
        above, below = cost[top] * below - base, below * steps
        paid += [Fraction(above, below * scale)] * (top - reached)
        reached = top
    return tuple(paid)


def _lower_hulls(cost: Sequence[int], last: int) -> list[int]:
    """For each of the points (1, cost[1]) to (last, cost[last]): the next corner of the lower hull of it and all after.

    0: it is the last. Points in the middle of a straight line are no corners.
    """
    beyond = [0] * (last + 1)
    for point in range(last - 1, 0, -1):
        corner = point + 1
        while (further := beyond[corner]) and (cost[corner] - cost[point]) * (further - point) >= (
            cost[further] - cost[point]
        ) * (corner - point):
            corner = further
        beyond[point] = corner
    return beyond


def core_violations(homes: Sequence[Home], need: Sequence[Fraction], shares: Sequence[Fraction]) -> tuple[int, ...]:
    """The floors g, rising, for which the homes on floors 1..g together pay more than c_g. Equality is inside.

    shares: exact, in the order of the homes, together need[-1]. O(floors + homes).
    """
    of_floor = [ZERO] * len(need)
    for home, share in zip(homes, shares, strict=True):
        of_floor[home.floor - 1] += share
    top = max(home.floor for home in homes)

    together = ZERO
    outside: list[int] = []
    for floor, (cost, paid) in enumerate(zip(need, of_floor, strict=True), 1):
        together += paid
        # Who pays all pays the net cost, also where the shares are known to 20 decimals only.
        if (need[-1] if floor >= top else together) > cost:
            outside.append(floor)
    return tuple(outside)
