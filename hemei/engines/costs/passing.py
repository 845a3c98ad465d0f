"""How likely is it that so many heads sign, and so much area with them? For the organiser only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from random import Random
from typing import Final

from hemei.engines.costs.chances import EXACT

STATES_MAX: Final = 5_000
"""So many different (heads, area) of those who refuse are followed; a house of four kinds of homes has fewer."""
TRIALS: Final = 2_000
"""Where there are more: the chance is then known to about one in a hundred (one standard error)."""
SEED: Final = 278  # the same draws every time, and for every proposal that is compared
RESOLUTION: Final = 32  # bits of a drawn number


@dataclass(frozen=True, slots=True)
class Passing:
    """chance: 0 to 1. trials: None where it is exact (to some 45 digits), else out of so many simulated ballots."""

    chance: Fraction
    trials: int | None = None


@dataclass(frozen=True, slots=True)
class _Ballot:
    """Who signs with which chance, and how much may be missing; areas in whole units of the smallest difference."""

    each: Sequence[Decimal]
    areas: Sequence[int]
    heads_over: int
    """So many may refuse."""
    area_over: int


def passing(each: Sequence[Decimal], areas: Sequence[Fraction], need_heads: int, need_area: Fraction) -> Passing:
    """The chance that at least `need_heads` of the homes sign, and at least `need_area` (as `areas`, m2) with them.

    each: by home its chance of signing; the homes decide independently. By dynamic programming over the heads and the
    area of those who refuse, in 50 digits, as long as no more than STATES_MAX different sums occur; else simulated.
    """
    unit = Fraction(
        gcd(*(area.numerator for area in areas)) if areas else 1, lcm(*(area.denominator for area in areas))
    )
    ballot = _Ballot(
        each,
        [int(area / unit) for area in areas],
        len(each) - need_heads,
        (sum(areas, Fraction(0)) - need_area) // unit,
    )
    if ballot.heads_over < 0 or ballot.area_over < 0:
        return Passing(Fraction(0))
    exact = _exactly(ballot)
    return Passing(_simulated(ballot), TRIALS) if exact is None else Passing(exact)


def _exactly(ballot: _Ballot) -> Fraction | None:
    """Homes of one area are counted together, then the kinds of homes are put together one after the other."""
    kinds: dict[int, list[Decimal]] = {}
    for chance, area in zip(ballot.each, ballot.areas, strict=True):
        kinds.setdefault(area, []).append(chance)
    refused: Mapping[tuple[int, int], Decimal] = {(0, 0): Decimal(1)}
    for area, chances in sorted(kinds.items()):
        counts = _refusals(chances, min(ballot.heads_over, ballot.area_over // area))
        further: dict[tuple[int, int], Decimal] = {}
        for (heads, together), chance in refused.items():
            most = min(len(counts) - 1, ballot.heads_over - heads, (ballot.area_over - together) // area)
            for count in range(most + 1):
                state = heads + count, together + count * area
                part = EXACT.multiply(chance, counts[count])
                further[state] = EXACT.add(further[state], part) if state in further else part
        if len(further) > STATES_MAX:
            return None
        refused = further
    return min(Fraction(1), Fraction(_sum(refused.values())))


def _refusals(chances: Sequence[Decimal], most: int) -> list[Decimal]:
    """The chance that 0, 1, ... most of these homes refuse."""
    happened = [Decimal(1)]
    for chance in chances:
        refuses = EXACT.subtract(Decimal(1), chance)
        one_more = [EXACT.multiply(before, refuses) for before in happened]
        happened = [EXACT.multiply(before, chance) for before in happened]
        happened.append(Decimal(0))
        happened = [EXACT.add(stays, comes) for stays, comes in zip(happened, [Decimal(0), *one_more], strict=True)][
            : most + 1
        ]
    return happened


def _sum(parts: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for part in parts:
        total = EXACT.add(total, part)
    return total


def _simulated(ballot: _Ballot) -> Fraction:
    """Of TRIALS ballots with fixed draws, how many pass. No floating point: a draw is a whole number."""
    draw = Random(SEED).getrandbits  # noqa: S311 - draws to reckon with, nothing to be guessed
    homes = [(int(chance * (1 << RESOLUTION)), area) for chance, area in zip(ballot.each, ballot.areas, strict=True)]
    passed = 0
    for _trial in range(TRIALS):
        refused = [area for signs_below, area in homes if draw(RESOLUTION) >= signs_below]
        passed += len(refused) <= ballot.heads_over and sum(refused) <= ballot.area_over
    return Fraction(passed, TRIALS)
