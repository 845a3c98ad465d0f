"""How likely is it that all sign, or at least so many. For the organiser only: odds per home are shown to nobody."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Final

from hemei.engines.costs.answer import ChanceAnswer

DIGITS: Final = 50
CERTAIN: Final = 200
"""Beyond so many spreads the chance of signing differs from 0 or 1 by less than 1e-86."""
EXACT: Final = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)


def signs(share: Fraction, mu: Fraction, s: Fraction) -> Decimal:
    """The chance that a home signs at `share`: 1 / (1 + exp((share - mu) / s)), to 50 digits."""
    over = (share - mu) / s
    if abs(over) > CERTAIN:
        return Decimal(0) if over > 0 else Decimal(1)
    odds = EXACT.exp(EXACT.divide(Decimal(over.numerator), Decimal(over.denominator)))
    return EXACT.divide(Decimal(1), EXACT.add(Decimal(1), odds))


def chances(each: Sequence[Decimal], heads: int) -> ChanceAnswer:
    """The chance that all of these homes sign, and that at least `heads` do; the homes decide independently.

    Poisson's binomial distribution by dynamic programming, over those who sign or over those who refuse, whichever are
    fewer: O(n min(heads, n - heads + 1)).
    """
    multiply, subtract = EXACT.multiply, EXACT.subtract
    everyone = Decimal(1)
    for chance in each:
        everyone = multiply(everyone, chance)

    refusals = len(each) - heads  # so many may refuse
    if refusals < 0:
        enough = Decimal(0)
    elif heads <= refusals:
        enough = subtract(Decimal(1), _at_most(heads - 1, each))
    else:
        enough = _at_most(refusals, [subtract(Decimal(1), chance) for chance in each])
    return ChanceAnswer(all=_within(everyone), heads=_within(enough))


def _at_most(most: int, each: Sequence[Decimal]) -> Decimal:
    """The chance that at most `most` of these events happen."""
    add, multiply, subtract = EXACT.add, EXACT.multiply, EXACT.subtract
    happened = [Decimal(1)] + [Decimal(0)] * most if most >= 0 else []
    for seen, chance in enumerate(each, 1):
        rest = subtract(Decimal(1), chance)
        for count in range(min(seen, most), 0, -1):
            happened[count] = add(multiply(happened[count], rest), multiply(happened[count - 1], chance))
        if happened:
            happened[0] = multiply(happened[0], rest)
    together = Decimal(0)
    for chance in happened:
        together = add(together, chance)
    return together


def _within(chance: Decimal) -> Fraction:
    return min(Fraction(1), max(Fraction(0), Fraction(chance)))
