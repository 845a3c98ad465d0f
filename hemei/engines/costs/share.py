"""Who pays what: a case in, its answer out. Rationals to the end, then rounded once."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, assert_never

from hemei.engines.costs import benefit, best_chance, games, keys, leximin, slack
from hemei.engines.costs.answer import Answer, ChanceAnswer, RunningAnswer
from hemei.engines.costs.chances import chances, signs
from hemei.engines.costs.late import joining, owed, without
from hemei.engines.costs.plan import (
    ZERO,
    Case,
    EqualGain,
    Home,
    Key,
    LeastSlack,
    MaxChance,
    Nucleolus,
    ProportionalBenefit,
    Proposal,
    Rounding,
    Running,
    Shapley,
)
from hemei.engines.costs.rounding import half_up, rounded

SETTLED: Final = 20
"""Decimals of a yuan to which a best-chance share counts. It is known to more, so that what is equal, or a whole
number of cents, or a multiple of a step, is exactly that when it comes to rounding."""


def propose(case: Case) -> Proposal:
    """The exact shares of the case's method with everyone in, or by how much the plan falls short."""
    homes, net, method = case.homes, case.cost.net, case.method
    match method:
        case Key():
            proposal = keys.by_key(homes, case.floors, net, method)
        case Shapley():
            proposal = games.shapley(homes, _need(case))
        case Nucleolus():
            proposal = games.nucleolus(homes, _need(case))
        case ProportionalBenefit():
            proposal = benefit.proportional(_benefits(homes), net)
        case EqualGain():
            proposal = benefit.equal_gain(_benefits(homes), net)
        case LeastSlack() if method.constraints:
            proposal = leximin.least_slack(homes, net, method.scale, method.constraints)
        case LeastSlack():
            proposal = slack.least_slack(homes, net, method.scale)
        case MaxChance():
            proposal = best_chance.max_chance(homes, net, method.constraints)
        case _:
            assert_never(method)
    return proposal


def share(case: Case) -> Answer:
    """The answer to one case: shares, what is short, flags, and whatever else the case asks for.

    A plan that cannot pay for itself is an answer too: no shares, the flag `infeasible`, and `short_by`.
    """
    ids = [home.id for home in case.homes]
    net = case.cost.net
    flags = {"subsidy_capped"} if case.cost.capped else set()
    if len({home.floor for home in case.homes}) < case.floors:
        flags.add("empty_floor")

    proposal = propose(case)
    exact, short_by, agreed = proposal.shares, proposal.short_by, ZERO
    late = ids.index(case.late.home) if case.late else None
    if late is not None and exact:
        agreed = rounded(ids, _settled(exact, case), net, case.rounding)[late]
        joined = without(late, exact)
        exact, short_by = joined.shares, joined.short_by
    if not exact:
        return Answer(
            id=case.id,
            subsidy=case.cost.granted,
            net=net,
            short_by=half_up(short_by),
            over_by=proposal.over_by,
            flags=tuple(sorted(flags | {"infeasible"})),
        )

    settled = _settled(exact, case)
    sums = rounded(ids, settled, net, case.rounding)
    shares = dict(zip(ids, sums, strict=True))
    total = sum(sums, ZERO)
    if min(sums) < 0:
        flags.add("compensation")
    if case.rounding.step is not None and any(
        before < 0 and before < after for before, after in zip(settled, sums, strict=True)
    ):
        flags.add("compensation_rounded")
    violations = None if case.need is None else games.core_violations(case.homes, case.need, exact)
    if violations is not None and (violations or min(exact) < 0):
        flags.add("outside_core")

    return Answer(
        id=case.id,
        subsidy=case.cost.granted,
        net=net,
        shares=shares,
        exact=dict(zip(ids, exact, strict=True)),
        total=total,
        reserve=total - net,
        flags=tuple(sorted(flags)),
        core_violations=violations,
        t=proposal.t,
        hazard=proposal.hazard,
        late=joining(case.late, agreed, shares) if case.late else None,
        due=owed(case.homes, shares, case.sales or (), case.paid or {}) if _asks_who_owes(case) else None,
        chance=_chance(case, sums, late),
        running=running_cost(case.homes, case.floors, case.running, case.rounding, late) if case.running else None,
    )


def _settled(shares: Sequence[Fraction], case: Case) -> Sequence[Fraction]:
    """Shares as they come to rounding. Whether they leave the core is asked of the exact ones, which add up."""
    if not isinstance(case.method, MaxChance):
        return shares
    return tuple(round(share, SETTLED) for share in shares)


def running_cost(
    homes: Sequence[Home], floors: int, running: Running, rounding: Rounding, late: int | None = None
) -> RunningAnswer:
    """One year of running, shared by its own key: the yearly cost and what is laid by.

    late: the place of a home that has not joined; as with the building cost the payers carry its share. What rounding
    raises is laid by too. Nobody to carry it (homes on the ground floor only, say): short by what is not carried.
    """
    to_raise = running.yearly + running.reserve
    proposal = keys.by_key(homes, floors, to_raise, running.key)
    if proposal.shares and late is not None:
        proposal = without(late, proposal.shares)
    if not proposal.shares:
        return RunningAnswer({}, ZERO, ZERO, half_up(proposal.short_by))
    ids = [home.id for home in homes]
    sums = rounded(ids, proposal.shares, to_raise, rounding)
    total = sum(sums, ZERO)
    return RunningAnswer(dict(zip(ids, sums, strict=True)), total, total - running.yearly, ZERO)


def _chance(case: Case, sums: Sequence[Fraction], late: int | None) -> ChanceAnswer | None:
    if case.chance is None:
        return None
    each = [
        signs(share, _said(home.mu), _said(home.s))
        for place, (home, share) in enumerate(zip(case.homes, sums, strict=True))
        if place != late
    ]
    return chances(each, case.chance.heads)


def _asks_who_owes(case: Case) -> bool:
    return case.sales is not None or case.paid is not None


def _need(case: Case) -> Sequence[Fraction]:
    assert case.need is not None, "a game is played over need"
    return case.need


def _benefits(homes: Sequence[Home]) -> list[Fraction]:
    return [_said(home.benefit) for home in homes]


def _said(value: Fraction | None) -> Fraction:
    assert value is not None, "the method asks for it"
    return value
