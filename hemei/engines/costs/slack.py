"""Known limits: the proposal whose worst-off home keeps as much slack as possible."""

from collections.abc import Sequence
from fractions import Fraction

from hemei.engines.costs.plan import ZERO, Home, Proposal, Scale


def weights(homes: Sequence[Home], scale: Scale) -> tuple[Fraction, ...]:
    """w by home: 1, the size of its limit, or its own scale."""
    if scale == "one":
        return (Fraction(1),) * len(homes)
    if scale == "limit":
        return tuple(abs(_said(home.limit)) for home in homes)
    return tuple(_said(home.scale) for home in homes)


def least_slack(homes: Sequence[Home], net: Fraction, scale: Scale) -> Proposal:
    """x = r - t w with t = (sum of r - C) / (sum of w): every home keeps t of its own scale below its limit r.

    Needs sum of r >= C, else the rest is short. A scale by limits needs one limit that is not 0.
    """
    limits = [_said(home.limit) for home in homes]
    room = sum(limits, ZERO) - net
    if room < 0:
        return Proposal(short_by=-room)
    scales = weights(homes, scale)
    t = room / sum(scales, ZERO)
    return Proposal(shares=tuple(limit - t * w for limit, w in zip(limits, scales, strict=True)), t=t)


def _said(value: Fraction | None) -> Fraction:
    assert value is not None, "the method asks for it"
    return value
