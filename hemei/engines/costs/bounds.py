"""What each home must pay at least and may pay at most, once the order of the floors is carried through.

least <= x <= most; None: no bound. With the floors in order a least holds for every higher floor too, a most for every
lower one. Then some shares keep to all conditions exactly when no least is above its most and the net cost lies
between the sums of both.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hemei.engines.costs.plan import ZERO, Constraints, Home, Proposal

Bound = Fraction | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """By home, in the order of the homes. ordered: no home pays less than one on a lower floor."""

    least: tuple[Bound, ...]
    most: tuple[Bound, ...]
    ordered: bool


def bounds_of(homes: Sequence[Home], constraints: Constraints) -> Bounds:
    """The bounds that `constraints` put on each home, the order of the floors carried through."""
    least: list[Bound] = [None] * len(homes)
    most: list[Bound] = [None] * len(homes)
    for place, home in enumerate(homes):
        for cap in constraints.caps:
            if cap.home == home.id or cap.floor == home.floor:
                least[place] = _stricter(max, least[place], cap.least)
                most[place] = _stricter(min, most[place], cap.most)
        if home.floor == 1:
            most[place] = _stricter(min, most[place], constraints.floor1_max)
    return tightened(homes, Bounds(tuple(least), tuple(most), constraints.monotone))


def tightened(homes: Sequence[Home], bounds: Bounds) -> Bounds:
    """The same bounds with the order of the floors carried through."""
    if not bounds.ordered:
        return bounds
    upward = sorted(range(len(homes)), key=lambda place: homes[place].floor)
    return Bounds(
        _carried(homes, upward, bounds.least, max), _carried(homes, upward[::-1], bounds.most, min), ordered=True
    )


def unpayable(bounds: Bounds, net: Fraction) -> Proposal | None:
    """Why no shares keep to `bounds` and add up to `net`, or None where some do.

    over_by: a least is above a most by so much (the widest such gap), or all least together are above the net cost by
    so much. short_by: all most together are below it by so much.
    """
    gaps = [
        least - most
        for least, most in zip(bounds.least, bounds.most, strict=True)
        if least is not None and most is not None
    ]
    if gaps and max(gaps) > 0:
        return Proposal(over_by=max(gaps))
    most, least = together(bounds.most), together(bounds.least)
    if most is not None and most < net:
        return Proposal(short_by=net - most)
    if least is not None and least > net:
        return Proposal(over_by=least - net)
    return None


def together(bounds: Sequence[Bound]) -> Bound:
    """Their sum; None where one home is not bound."""
    total = ZERO
    for bound in bounds:
        if bound is None:
            return None
        total += bound
    return total


def _carried(
    homes: Sequence[Home], order: Sequence[int], bounds: Sequence[Bound], pick: Callable[[Fraction, Fraction], Fraction]
) -> tuple[Bound, ...]:
    """Each bound made as strict as the strictest on the floors that come before its own in `order`."""
    carried = list(bounds)
    before: Bound = None  # of the floors already left behind
    here: Bound = None  # of this floor and those before it
    floor = homes[order[0]].floor if order else 0
    for place in order:
        if homes[place].floor != floor:
            before, floor = here, homes[place].floor
        here = _stricter(pick, here, bounds[place])
        carried[place] = _stricter(pick, bounds[place], before)
    return tuple(carried)


def _stricter(pick: Callable[[Fraction, Fraction], Fraction], one: Bound, other: Bound) -> Bound:
    if one is None or other is None:
        return other if one is None else one
    return pick(one, other)
