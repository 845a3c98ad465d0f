"""Sharing by what the lift is worth to each home. Who loses by it is compensated by those who gain."""

from collections.abc import Sequence
from fractions import Fraction

from hemei.engines.costs.plan import ZERO, Proposal


def proportional(benefits: Sequence[Fraction], net: Fraction) -> Proposal:
    """Who loses (v <= 0) gets x = v; the others pay v x (C + sum of the compensations) / (sum of the positive v).

    Needs sum of v >= C, else the rest is short: no sharing would leave everybody at least as well off.
    """
    worth = sum(benefits, ZERO)
    if worth < net:
        return Proposal(short_by=net - worth)
    gained = sum((benefit for benefit in benefits if benefit > 0), ZERO)
    compensation = gained - worth
    rate = (net + compensation) / gained if gained else ZERO
    return Proposal(shares=tuple(benefit if benefit <= 0 else benefit * rate for benefit in benefits))


def equal_gain(benefits: Sequence[Fraction], net: Fraction) -> Proposal:
    """Everybody gains the same: x = v - (sum of v - C) / n. Needs sum of v >= C, else the rest is short."""
    worth = sum(benefits, ZERO)
    if worth < net:
        return Proposal(short_by=net - worth)
    gain = (worth - net) / len(benefits)
    return Proposal(shares=tuple(benefit - gain for benefit in benefits))
