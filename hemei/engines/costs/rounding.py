"""Rounded once, at the end, and so that it adds up."""

from collections.abc import Sequence
from fractions import Fraction

from hemei.engines.costs.plan import Rounding


def rounded(ids: Sequence[str], shares: Sequence[Fraction], net: Fraction, rounding: Rounding) -> tuple[Fraction, ...]:
    """Exact shares, in the order of `ids`, as sums of money by the case's rule."""
    if rounding.step is None:
        return to_cent(ids, shares, net)
    return tuple(up_to_step(share, rounding.step) for share in shares)


def to_cent(ids: Sequence[str], shares: Sequence[Fraction], total: Fraction) -> tuple[Fraction, ...]:
    """Cut down to the cent; the cents missing to `total` go one each to the largest remainders, equal ones by id.

    total: what the shares add up to, whole cents. Ids are compared as plain strings: "10" stands before "2".
    """
    cents: list[int] = []
    remainders: list[Fraction] = []
    for share in shares:
        whole, rest = divmod(share.numerator * 100, share.denominator)
        cents.append(whole)
        remainders.append(Fraction(rest, share.denominator))
    all_cents = total * 100
    assert all_cents.denominator == 1, "money is whole cents"
    missing = all_cents.numerator - sum(cents)
    assert 0 <= missing <= len(cents), "the shares add up to the total"
    if missing:
        for one in sorted(range(len(ids)), key=lambda one: (-remainders[one], ids[one]))[:missing]:
            cents[one] += 1
    return tuple(Fraction(cent, 100) for cent in cents)


def up_to_step(share: Fraction, step: Fraction) -> Fraction:
    """The next multiple of `step`, towards plus infinity: -3,333.33 becomes -3,300."""
    return -(-share // step) * step


def half_up(amount: Fraction) -> Fraction:
    """To the cent, halves up; for sums that are not below 0."""
    return Fraction((200 * amount.numerator + amount.denominator) // (2 * amount.denominator), 100)
