"""How evenly a plan shares: figures by which people compare proposals, and the same in plain words.

None of them says what is fair, and no proposal is picked by them (docs/engines-costs.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Final

from hemei.engines.costs import keys
from hemei.engines.costs.games import core_violations
from hemei.engines.costs.late import without
from hemei.engines.costs.plan import CENT, ZERO, Case, Home, Key
from hemei.engines.costs.rounding import rounded
from hemei.engines.costs.wording import Language, percent, times, yuan

OFFICIAL: Final = Key("guangzhou", within="area")
"""The published reference: Guangzhou measures on adding lifts, art. 8 (`keys.GUANGZHOU`), within a floor by area."""


@dataclass(frozen=True, slots=True)
class Fairness:
    """Figures of one plan, exact. What has no meaning in it is None. A home that joins late is in none but the core's.

    Order and equality hold to within the one cent by which rounding to the cent may part two homes that owe the same.
    """

    monotone: bool
    """No home pays less than a home on a lower floor."""
    equal_homes_equal: bool
    """Homes of one floor, of the same area and with the same stated wishes, pay the same."""
    most_per_storey: Fraction | None
    """Yuan for each storey climbed, share / (floor - 1): the highest of the homes above the ground that pay."""
    least_per_storey: Fraction | None
    jain: Fraction | None
    """(sum of y)^2 / (n x sum of y^2) over the same y: 1 where all are alike, 1 / n where one pays all (Jain 1984)."""
    from_official: Fraction | None
    """Yuan: how far the shares lie from the Guangzhou key, rounded alike, all distances together."""
    core_violations: tuple[int, ...] | None
    """The floors g whose homes on floors 1..g pay more together than they need; of what is exact."""
    highest_to_median: Fraction | None
    """The highest share, as a multiple of the middle one; None where that is not above 0."""
    worst_slack: Fraction | None
    """Yuan that the worst-off home stays below its limit, or below its mu where it states none; below 0: above it.
    For the organiser: where all stay equally far below, it tells with the shares what everybody would have paid."""
    compensation: Fraction
    """Yuan: what the homes below 0 get together."""


def fairness(case: Case, shares: Mapping[str, Fraction], *, exact: Mapping[str, Fraction] | None = None) -> Fairness:
    """The figures of `shares`, yuan by home, of every home of the case, as they are paid.

    exact: the same before rounding, for the core alone; without it the core looks at `shares`, in which rounding may
    carry a sum over its need.
    """
    joined = [home for home in case.homes if case.late is None or home.id != case.late.home]
    paid = [shares[home.id] for home in joined]
    per_storey = [
        amount / (home.floor - 1) for home, amount in zip(joined, paid, strict=True) if home.floor > 1 and amount > 0
    ]
    before = shares if exact is None else exact
    return Fairness(
        monotone=_monotone(joined, shares),
        equal_homes_equal=_equals_are_equal(joined, shares),
        most_per_storey=max(per_storey, default=None),
        least_per_storey=min(per_storey, default=None),
        jain=_jain(per_storey),
        from_official=_from_official(case, shares),
        core_violations=None
        if case.need is None
        else core_violations(case.homes, case.need, [before[home.id] for home in case.homes]),
        highest_to_median=_highest_to_median(paid),
        worst_slack=_worst_slack(joined, shares),
        compensation=-sum((amount for amount in paid if amount < 0), ZERO),
    )


def _monotone(homes: Sequence[Home], shares: Mapping[str, Fraction]) -> bool:
    most_below: Fraction | None = None
    upward = sorted(homes, key=lambda home: home.floor)
    for _floor, storey in groupby(upward, key=lambda home: home.floor):
        amounts = [shares[home.id] for home in storey]
        if most_below is not None and min(amounts) < most_below - CENT:
            return False
        most_below = max(amounts) if most_below is None else max(most_below, *amounts)
    return True


def _equals_are_equal(homes: Sequence[Home], shares: Mapping[str, Fraction]) -> bool:
    alike: dict[object, list[Fraction]] = {}
    for home in homes:
        wishes = home.benefit, home.limit, home.scale, home.mu, home.s
        alike.setdefault((home.floor, home.area, wishes), []).append(shares[home.id])
    return all(max(amounts) - min(amounts) <= CENT for amounts in alike.values())


def _jain(per_storey: Sequence[Fraction]) -> Fraction | None:
    if not per_storey:
        return None
    return sum(per_storey, ZERO) ** 2 / (len(per_storey) * sum((y * y for y in per_storey), ZERO))


def _from_official(case: Case, shares: Mapping[str, Fraction]) -> Fraction | None:
    """None where nobody pays by that key: all live on the ground floor, or all but a late home."""
    ids = [home.id for home in case.homes]
    proposal = keys.by_key(case.homes, case.floors, case.cost.net, OFFICIAL)
    if case.late is not None and proposal.shares:
        proposal = without(ids.index(case.late.home), proposal.shares)
    if not proposal.shares:
        return None
    official = rounded(ids, proposal.shares, case.cost.net, case.rounding)
    return sum((abs(shares[home] - amount) for home, amount in zip(ids, official, strict=True)), ZERO)


def _highest_to_median(paid: Sequence[Fraction]) -> Fraction | None:
    if not paid:
        return None
    upward, half = sorted(paid), len(paid) // 2
    middle = (upward[half] + upward[-half - 1]) / 2
    return upward[-1] / middle if middle > 0 else None


def _worst_slack(homes: Sequence[Home], shares: Mapping[str, Fraction]) -> Fraction | None:
    slacks: list[Fraction] = []
    for home in homes:
        acceptable = home.mu if home.limit is None else home.limit
        if acceptable is None:
            return None
        slacks.append(acceptable - shares[home.id])
    return min(slacks, default=None)


# -- in words


def fairness_words(figures: Fairness, language: Language, *, organiser: bool = False) -> tuple[tuple[str, str], ...]:
    """The figures as lines (name, value); a figure that has no meaning in the plan has no line.

    organiser: also how near the worst-off home is to what it would pay, which is not for the neighbours.
    """
    if not organiser:
        figures = replace(figures, worst_slack=None)
    return tuple(_english(figures) if language == "en" else _chinese(figures))


def _english(figures: Fairness) -> Iterator[tuple[str, str]]:
    def sum_of(amount: Fraction) -> str:
        return yuan(amount, "en")

    yield "No home pays less than one on a lower floor", "yes" if figures.monotone else "no"
    yield "Equal homes pay the same, to the cent", "yes" if figures.equal_homes_equal else "no"
    if figures.most_per_storey is not None and figures.least_per_storey is not None and figures.jain is not None:
        yield "For each storey climbed, most", sum_of(figures.most_per_storey)
        yield "For each storey climbed, least", sum_of(figures.least_per_storey)
        yield "How even that is (100 %: all alike)", percent(figures.jain, "en")
    if figures.highest_to_median is not None:
        yield "Highest share, against the middle one", f"{times(figures.highest_to_median)} times"
    if figures.from_official is not None:
        yield "Away from the Guangzhou reference key, all homes together", sum_of(figures.from_official)
    if figures.core_violations is not None:
        floors = ", ".join(str(floor) for floor in figures.core_violations)
        yield "Floors that pay more together than a lift up to there costs", f"up to {floors}" if floors else "none"
    if figures.worst_slack is not None:
        below = "below what it would pay" if figures.worst_slack >= 0 else "above what it would pay"
        yield "The home that finds it hardest", f"{sum_of(abs(figures.worst_slack))} {below}"
    yield "Compensation, together", sum_of(figures.compensation)


def _chinese(figures: Fairness) -> Iterator[tuple[str, str]]:
    def sum_of(amount: Fraction) -> str:
        return yuan(amount, "zh")

    yield "楼上的不比楼下的少出", "是" if figures.monotone else "否"
    yield "条件相同的户出得一样多（至多差一分）", "是" if figures.equal_homes_equal else "否"
    if figures.most_per_storey is not None and figures.least_per_storey is not None and figures.jain is not None:
        yield "每上一层楼，最多的出", sum_of(figures.most_per_storey)
        yield "每上一层楼，最少的出", sum_of(figures.least_per_storey)
        yield "每上一层楼出得匀不匀（100% 为完全一样）", percent(figures.jain, "zh")
    if figures.highest_to_median is not None:
        yield "出得最多的一户，是中间一户的", f"{times(figures.highest_to_median)} 倍"
    if figures.from_official is not None:
        yield "与广州参考系数相比，各户相差合计", sum_of(figures.from_official)
    if figures.core_violations is not None:
        floors = "、".join(str(floor) for floor in figures.core_violations)
        yield "合起来比电梯只装到该层还出得多的楼层", f"到 {floors} 层为止" if floors else "没有"
    if figures.worst_slack is not None:
        below = "比愿出的少" if figures.worst_slack >= 0 else "比愿出的多"
        yield "最为难的一户", f"{below} {sum_of(abs(figures.worst_slack))}"
    yield "补偿合计", sum_of(figures.compensation)
