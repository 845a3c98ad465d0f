"""A home that does not join and may join later; homes that are sold; who owes what. Duties follow the home."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from hemei.engines.costs.answer import Due, LateAnswer
from hemei.engines.costs.plan import ZERO, Home, Late, Proposal, Sale
from hemei.engines.costs.rounding import half_up, to_cent


def without(late: int, shares: Sequence[Fraction]) -> Proposal:
    """Exact shares when the home at place `late` does not join: the payers carry its share in proportion to theirs.

    Not the neighbour on its floor alone, which a key without that home would give; compensations stay as they are. With
    nobody to carry it the proposal is short by that share.
    """
    absent = shares[late]
    if not absent:
        return Proposal(shares=tuple(shares))
    carried = sum((share for home, share in enumerate(shares) if share > 0 and home != late), ZERO)
    if not carried:
        return Proposal(short_by=absent)
    times = 1 + absent / carried
    return Proposal(
        shares=tuple(
            ZERO if home == late else share * times if share > 0 else share for home, share in enumerate(shares)
        )
    )


def joining(late: Late, agreed: Fraction, shares: Mapping[str, Fraction]) -> LateAnswer:
    """What a late home pays, and to whom: original share x (1 - years / life), to the payers in proportion.

    agreed: its rounded share with everyone in. shares: the rounded ones without it. Nobody pays less than nothing, and
    after its life a lift costs a late joiner nothing.
    """
    pays = half_up(max(agreed, ZERO) * max(1 - late.years / late.life, ZERO))
    payers = {home: share for home, share in shares.items() if share > 0}
    together = sum(payers.values(), ZERO)
    refunds = to_cent(list(payers), [pays * share / together for share in payers.values()], pays) if payers else ()
    return LateAnswer(late.home, agreed, pays, dict(zip(payers, refunds, strict=True)))


def owed(
    homes: Sequence[Home], shares: Mapping[str, Fraction], sales: Sequence[Sale], paid: Mapping[str, Fraction]
) -> dict[str, Due]:
    """For every home its owner after all sales, in order of date, and its share less what was paid for it."""
    owners = {home.id: home.owner for home in homes}
    for sale in sorted(sales, key=lambda sale: sale.date):  # of one day: the later in the file is the later sale
        owners[sale.home] = sale.buyer
    return {home.id: Due(owners[home.id], shares[home.id] - paid.get(home.id, ZERO)) for home in homes}
