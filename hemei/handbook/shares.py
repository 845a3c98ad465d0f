"""What the page shows of a plan that was reckoned: the sum in one sentence, then every step."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from hemei.engines.costs.answer import Answer, as_plain, decimals
from hemei.engines.costs.fairness import fairness, fairness_words
from hemei.engines.costs.plan import CENT, ZERO, Case, Home, Key, Rounding
from hemei.engines.costs.proposals import proposals
from hemei.engines.costs.reading import read_cases
from hemei.engines.costs.relief import relief, relief_words
from hemei.engines.costs.rounding import up_to_step
from hemei.engines.costs.share import share
from hemei.engines.costs.wording import percent
from hemei.engines.decision.verdict import written
from hemei.handbook.arithmetic import formulas
from hemei.handbook.bounds import SECONDS, Allowance, Result, TooLong, reckoned, refuse_too_much
from hemei.handbook.comparing import Comparison, comparison
from hemei.handbook.numbers import approached, exactly, money, shown, sum_of
from hemei.handbook.verdicts import language
from hemei.shell.words import in_english

SECONDS_BESIDE = 3  # for other ways to share, and for what would help


@dataclass(frozen=True)
class Row:
    """What one home pays."""

    home: str
    floor: int
    share: str


@dataclass
class Step:
    """How a share was reckoned, for all homes for which it was reckoned alike. rounded: what became of it, in words."""

    homes: list[str]
    formula: str
    fraction: str
    approached: str
    rounded: list[str]

    @property
    def of(self) -> str:
        return pgettext("list", ", ").join(self.homes)


@dataclass(frozen=True)
class Plan:
    """One case. state, told, why: the verdict. sums: (words, arithmetic) on the way to the net cost."""

    title: str
    state: str
    told: str
    why: str
    sums: list[tuple[str, str]]
    how: str
    rows: list[Row]
    steps: list[Step]
    total: str
    after: list[tuple[str, str]]
    evenness: tuple[tuple[str, str], ...]
    flags: list[str]
    tables: list["Table"]
    comparison: Comparison | None
    relief: tuple[tuple[str, str], ...]
    answer: str


@dataclass(frozen=True)
class Table:
    """A further table: what a late joiner's money does, who owes what, running cost, a comparison."""

    title: str
    told: str
    heads: list[str]
    rows: list[list[str]]


def plans_in(text: str) -> list[Plan]:
    """The plans of a file, reckoned. Raises Mistake for what cannot be read, TooMuch for more than a page takes."""
    allowance = Allowance(SECONDS)
    cases = reckoned(allowance, partial(read_cases, text)).cases
    refuse_too_much(homes=[len(case.homes) for case in cases])
    answers = [reckoned(allowance, partial(share, case)) for case in cases]
    beside = Allowance(SECONDS_BESIDE)
    return [plan_of(case, answer, beside) for case, answer in zip(cases, answers, strict=True)]


def plan_of(case: Case, answer: Answer, beside: Allowance) -> Plan:
    """beside: the time for what stands beside the answer; what is not ready then is left out."""
    return Plan(
        title=in_english(case.title.zh, case.title.en),
        state="passed" if answer.feasible else "failed",
        told=_told(case, answer),
        why=_why(case, answer),
        sums=list(_sums(case, answer)),
        how=_how(case),
        rows=[Row(home.id, home.floor, sum_of(answer.shares[home.id])) for home in _from_the_top(case, answer)],
        steps=_steps(case, answer),
        total=sum_of(answer.total),
        after=list(_after(answer)),
        evenness=_evenness(case, answer),
        flags=[told for flag in answer.flags if (told := _flag(flag, answer))],
        tables=list(_tables(answer)),
        comparison=comparison(case, _beside(beside, partial(proposals, case)) or ()),
        relief=relief_words(found, language()) if (found := _beside(beside, partial(relief, case))) else (),
        answer=json.dumps([as_plain(answer)], ensure_ascii=False, indent=1),
    )


def _beside(allowance: Allowance, work: Callable[[], Result]) -> Result | None:
    try:
        return allowance.of(work)
    except TooLong:
        return None


def _told(case: Case, answer: Answer) -> str:
    if answer.over_by:
        return _("The bounds cannot be kept: %(sum)s too much") % {"sum": money(answer.over_by)}
    if not answer.feasible:
        return _("%(sum)s is missing") % {"sum": money(answer.short_by)}
    payers = sum(1 for amount in answer.shares.values() if amount > 0)
    told = ngettext("%(count)d home pays %(sum)s", "%(count)d homes pay %(sum)s", payers)
    paid = sum((amount for amount in answer.shares.values() if amount > 0), ZERO)
    return told % {"count": payers, "sum": money(paid)}


def _why(case: Case, answer: Answer) -> str:
    if answer.over_by:
        return _("They ask for more than there is to pay, or for more of a home than they allow it.")
    if not answer.feasible:
        return _(
            "With these numbers no way of sharing covers the cost. A larger subsidy, a cheaper design or higher sums "
            "that homes would pay can help."
        )
    amounts = answer.shares.values()
    told = _("From %(least)s to %(most)s a home. It adds up to the last cent.")
    if answer.reserve:
        told = _("From %(least)s to %(most)s a home. %(reserve)s of it goes into the lift's reserve.")
    return told % {"least": money(min(amounts)), "most": money(max(amounts)), "reserve": money(answer.reserve)}


def _sums(case: Case, answer: Answer) -> Iterator[tuple[str, str]]:
    """From the works to what has to be shared."""
    cost, rate = case.cost, case.cost.subsidy.rate
    by_rate = rate * cost.works
    reckoned = f"{shown(cost.works)} × {shown(rate * 100)} % = {shown(by_rate)}"
    if cost.subsidy.cap is not None:
        cap = shown(cost.subsidy.cap)
        above = _("above the cap, so %(cap)s") if cost.capped else _("not above the cap of %(cap)s")
        reckoned = _("%(sum)s, %(above)s") % {"sum": reckoned, "above": above % {"cap": cap}}
    yield _("Subsidy"), reckoned
    yield _("Net cost"), f"{shown(cost.works)} + {shown(cost.other)} − {shown(answer.subsidy)} = {money(answer.net)}"


def _how(case: Case) -> str:
    """The way of sharing in words; a key with its formula's parts."""
    words = {
        "Shapley": _("Shapley value: each floor's own step, shared by the homes on it and above it."),
        "Nucleolus": _("Nucleolus: from below, again and again the stretch of homes with the smallest average."),
        "ProportionalBenefit": _("In proportion to what the lift is worth to each home; who loses is made whole."),
        "EqualGain": _("The same gain for every home."),
        "LeastSlack": _("The same distance from what each home would pay at most, by its weight."),
        "MaxChance": _("The best chance that all sign."),
    }
    method = case.method
    if not isinstance(method, Key):
        return words[type(method).__name__]
    within = (
        _("Net cost × coefficient of the floor ÷ sum of the coefficients × area ÷ area of the floor.")
        if method.within == "area"
        else _("Net cost × coefficient of the floor ÷ sum of the coefficients ÷ homes on the floor.")
    )
    return _("%(key)s %(within)s") % {"key": _key(method), "within": within}


def _key(method: Key) -> str:
    if method.key == "guangzhou":
        return _("Guangzhou coefficients: 0, 0.5, 1, then 0.1 more a floor.")
    if method.key == "table":
        k = pgettext("list", ", ").join(written(one) for one in method.k)
        return _("Coefficients from the first floor up: %(k)s.") % {"k": k}
    if method.half_landing:
        return _("Storeys climbed; half a storey less where the stop is on the half-landing.")
    return _("Storeys climbed.")


def _from_the_top(case: Case, answer: Answer) -> list[Home]:
    """Top floor first, as one looks at a house; of a floor as they stand in the case. None where nothing is shared."""
    return sorted(case.homes, key=lambda home: -home.floor) if answer.shares else []


def _steps(case: Case, answer: Answer) -> list[Step]:
    """From the formula to the exact share to the sum that is paid."""
    made = formulas(case, answer)
    steps: dict[tuple[str, Fraction], Step] = {}
    for home in _from_the_top(case, answer):
        exact = answer.exact[home.id]
        formula = made.get(home.id, "")
        step = steps.setdefault(
            (formula, exact), Step([], formula, exactly(exact), approached(exact), _cut_to(exact, case.rounding))
        )
        step.homes.append(home.id)
        if case.rounding.step is None and (added := answer.shares[home.id] - cents_down(exact)):
            told = _("%(home)s gets a missing cent: %(sum)s") % {"home": home.id, "sum": sum_of(answer.shares[home.id])}
            step.rounded.append(told)
            assert added == CENT, "a cent at most is missing to one home"
    return list(steps.values())


def _cut_to(exact: Fraction, rounding: Rounding) -> list[str]:
    if rounding.step is not None:
        raised = up_to_step(exact, rounding.step)
        return [_("raised to %(sum)s") % {"sum": sum_of(raised)}] if raised != exact else []
    down = cents_down(exact)
    return [_("cut to %(sum)s") % {"sum": sum_of(down)}] if down != exact else []


def cents_down(exact: Fraction) -> Fraction:
    """Towards minus infinity, as the engine cuts."""
    return exact // CENT * CENT


def _after(answer: Answer) -> Iterator[tuple[str, str]]:
    if not answer.shares:
        return
    together = f"{sum_of(answer.total)} − {sum_of(answer.reserve)} = {money(answer.net)}"
    if answer.reserve:
        yield _("Into the lift's reserve"), money(answer.reserve)
        yield _("Shares less reserve"), together
    if answer.t is not None:
        yield _("Distance from each limit, t"), decimals(answer.t, 4)
    if answer.hazard is not None:
        yield _("λ"), decimals(answer.hazard, 9)
    if answer.chance is not None:
        yield _("Chance that all sign"), percent(answer.chance.all, language())
        yield _("Chance that enough sign"), percent(answer.chance.heads, language())


def _evenness(case: Case, answer: Answer) -> tuple[tuple[str, str], ...]:
    """How evenly it shares, as anybody may read it: how near a home is to what it would pay is not among it."""
    if not answer.shares:
        return ()
    return fairness_words(fairness(case, answer.shares, exact=answer.exact), language())


def _flag(flag: str, answer: Answer) -> str:
    """A flag in words; none for what the verdict has said already."""
    words = {
        "subsidy_capped": _("The subsidy is cut at its cap."),
        "empty_floor": _("A floor has no home; its coefficient is left out of the sum."),
        "compensation": _("A share below 0 is a compensation, paid by the others."),
        "compensation_rounded": _("Rounding made a compensation smaller."),
        "outside_core": _("Some floors pay more than a lift for them alone would cost, or somebody is compensated."),
    }
    return words.get(flag, "")


def _tables(answer: Answer) -> Iterator[Table]:
    if answer.late is not None:
        late = answer.late
        told = _("Home %(home)s would have paid %(share)s. Joining later it pays %(pays)s, to those who paid:")
        said = {"home": late.home, "share": money(late.share), "pays": money(late.pays)}
        rows = [[home, sum_of(amount)] for home, amount in late.refunds.items()]
        yield Table(_("Joining later"), told % said, [_("Home"), _("Is refunded")], rows)
    if answer.due is not None:
        rows = [[home, due.owner or "", sum_of(due.amount)] for home, due in answer.due.items()]
        told = _("Share less what was paid. Below 0: too much was paid, or a compensation is owed.")
        yield Table(_("Who still owes what"), told, [_("Home"), _("Owner"), _("Owes")], rows)
    if answer.running is not None:
        running = answer.running
        if running.short_by:
            told = _("Nobody carries it: %(sum)s a year is missing.") % {"sum": money(running.short_by)}
        else:
            told = _("%(total)s a year, of which %(reserve)s is laid by.")
            told %= {"total": money(running.total), "reserve": money(running.reserve)}
        rows = [[home, sum_of(amount)] for home, amount in running.shares.items()]
        yield Table(_("Running cost of a year"), told, [_("Home"), _("Pays a year")], rows)
