"""What would close the gap of a plan that is short: subsidy, a cheaper design, time. Which of them, people decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from hemei.engines.costs.plan import CENT, ZERO, Case, Cost
from hemei.engines.costs.rounding import up_to_step
from hemei.engines.costs.share import propose, share
from hemei.engines.costs.wording import Language, percent, yuan

YEARS: Final = (3, 5, 10)


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is missing, paid in so many equal yearly parts without interest; up to the next cent."""

    years: int
    together: Fraction
    each_home: Fraction
    """If the homes that have joined carry it alike."""


@dataclass(frozen=True, slots=True)
class Relief:
    """By how much a plan is short, and how much of one thing alone would close it. Yuan, up to the next cent."""

    short_by: Fraction
    subsidy: Fraction
    """So much more subsidy."""
    within_cap: bool
    """The cap leaves room for it (or there is none), and it is no more than the works cost."""
    cap_needed: Fraction | None
    """What the cap would have to be, where it is too low for it."""
    rate_needed: Fraction | None
    """The share of the works that the whole subsidy would then be; None where that is more than all."""
    cheaper_works: Fraction | None
    """So much cheaper the works, the subsidy reckoned anew; None where even works for nothing leave it short."""
    cheaper_other: Fraction | None
    """So much cheaper survey and drawings, which are not subsidised; None where they cost less than is missing."""
    instalments: tuple[Instalment, ...]


def relief(case: Case, *, years: Sequence[int] = YEARS) -> Relief | None:
    """What would close the gap, or None where nothing is missing.

    Short is a plan whose method gives no proposal for want of money, and one of which every home has said its limit and
    all limits together are below the net cost: then nothing makes all sign. years: in how many yearly parts, each 1 or
    more. Constraints that ask for too much (`over_by`) are no want of money.
    """
    short_by = up_to_cent(max(_short_by_method(case), _short_by_limits(case)))
    if short_by <= 0:
        return None
    cost = case.cost
    granted, cap = cost.granted + short_by, cost.subsidy.cap
    payable = granted <= cost.works
    room = cap is None or granted <= cap
    homes = len(case.homes) - (case.late is not None)
    return Relief(
        short_by=short_by,
        subsidy=short_by,
        within_cap=room and payable,
        cap_needed=None if room or not payable else granted,
        rate_needed=granted / cost.works if payable and cost.works else None,
        cheaper_works=_cheaper_works(cost, cost.net - short_by),
        cheaper_other=short_by if short_by <= cost.other else None,
        instalments=tuple(
            Instalment(count, up_to_cent(short_by / count), up_to_cent(short_by / count / homes))
            for count in years
            if homes
        ),
    )


def up_to_cent(amount: Fraction) -> Fraction:
    return up_to_step(amount, CENT)


def _short_by_method(case: Case) -> Fraction:
    proposal = propose(case)
    if proposal.shares and case.late is not None:
        return share(case).short_by
    return proposal.short_by


def _short_by_limits(case: Case) -> Fraction:
    together = ZERO
    for home in case.homes:
        if case.late is not None and home.id == case.late.home:
            continue
        if home.limit is None:
            return ZERO
        together += home.limit
    return case.cost.net - together


def _cheaper_works(cost: Cost, target: Fraction) -> Fraction | None:
    """The least cut of the works that brings the net cost down to `target`: with a rate, less works get less subsidy.

    The net cost never rises when the works get a cent cheaper, so the cut is found by halving.
    """

    def net(cut: int) -> Fraction:
        return Cost(cost.works - cut * CENT, cost.other, cost.subsidy).net

    none, enough = 0, int(cost.works / CENT)
    if net(enough) > target:
        return None
    while enough - none > 1:
        half = (none + enough) // 2
        none, enough = (none, half) if net(half) <= target else (half, enough)
    return enough * CENT


# -- in words


def relief_words(found: Relief, language: Language) -> tuple[tuple[str, str], ...]:
    """The ways as lines (name, words), the sum that is missing first."""
    return tuple(_english(found) if language == "en" else _chinese(found))


def _english(found: Relief) -> Iterator[tuple[str, str]]:
    yield "Missing", yuan(found.short_by, "en")
    more = f"{yuan(found.subsidy, 'en')} more"
    if found.within_cap:
        told = f"{more}; the cap leaves room for it" + _of_the_works(found, ", {} of the works in all", "en")
    elif found.cap_needed is not None:
        told = f"{more}, for which the cap would have to be {yuan(found.cap_needed, 'en')}"
    else:
        told = f"{more}, which is more than the works cost: subsidy alone cannot close it"
    yield "By subsidy", told
    if found.cheaper_works is not None:
        told = f"works for {yuan(found.cheaper_works, 'en')} less"
        if found.cheaper_works > found.short_by:
            told += ", for cheaper works get less subsidy"
        yield "By a cheaper design", told
    else:
        yield "By a cheaper design", "not by that alone"
    if found.cheaper_other is not None:
        yield "By cheaper survey and drawings", f"{yuan(found.cheaper_other, 'en')} less"
    for part in found.instalments:
        yield (
            f"Over {part.years} years",
            f"{yuan(part.together, 'en')} a year together, {yuan(part.each_home, 'en')} a home, without interest",
        )


def _chinese(found: Relief) -> Iterator[tuple[str, str]]:
    yield "还差", yuan(found.short_by, "zh")
    more = f"再补 {yuan(found.subsidy, 'zh')}"
    if found.within_cap:
        told = f"{more}，没有超过补贴上限" + _of_the_works(found, "，补贴合计占工程费 {}", "zh")
    elif found.cap_needed is not None:
        told = f"{more}，补贴上限要提到 {yuan(found.cap_needed, 'zh')}"
    else:
        told = f"{more}，超过了工程费，光靠补贴补不上"
    yield "靠补贴", told
    if found.cheaper_works is not None:
        told = f"工程费减 {yuan(found.cheaper_works, 'zh')}"
        if found.cheaper_works > found.short_by:
            told += "（工程费少了，补贴也跟着少）"
        yield "靠便宜些的方案", told
    else:
        yield "靠便宜些的方案", "光靠这个不够"
    if found.cheaper_other is not None:
        yield "靠勘察设计省钱", f"减 {yuan(found.cheaper_other, 'zh')}"
    for part in found.instalments:
        yield (
            f"分 {part.years} 年付",
            f"每年合计 {yuan(part.together, 'zh')}，每户 {yuan(part.each_home, 'zh')}，不计利息",
        )


def _of_the_works(found: Relief, words: str, language: Language) -> str:
    return "" if found.rate_needed is None else words.format(percent(found.rate_needed, language))
