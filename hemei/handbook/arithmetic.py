"""How each share was reckoned, in numbers: the formula of its method with everything put in (docs/engines-costs.md)."""

from fractions import Fraction

from hemei.engines.costs import keys, slack
from hemei.engines.costs.answer import Answer, decimals
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
    Shapley,
)
from hemei.handbook.numbers import area, shown

STEPS_MAX = 60
"""Of one Shapley share: a house with more floors would fill a page with the sum of a single home."""


def formulas(case: Case, answer: Answer) -> dict[str, str]:
    """By home the formula of its exact share; none where no formula gives it (bounds, a home that joins late, nothing
    to share by a key that comes to nothing) or where nobody could read it."""
    if case.late is not None or not answer.exact:
        return {}
    made: dict[str, str] = {}
    match case.method:
        case Key():
            made = _by_key(case, answer.net, case.method)
        case Shapley():
            made = _shapley(case)
        case Nucleolus():
            made = _nucleolus(case, answer)
        case ProportionalBenefit() | EqualGain():
            made = _by_benefit(case, answer.net)
        case LeastSlack() if not case.method.constraints:
            made = _least_slack(case, answer.net, case.method)
        case MaxChance() if not case.method.constraints and answer.hazard is not None:
            hazard = decimals(answer.hazard, 12)
            made = {home.id: _best_chance(home, hazard) for home in case.homes}
    return made


def _by_key(case: Case, net: Fraction, key: Key) -> dict[str, str]:
    k, weights = keys.coefficients(key, case.floors), keys.floor_weights(case.homes, key.within)
    together = sum((k[floor - 1] for floor in weights), ZERO)
    if together <= 0:
        return {}
    made = {}
    for home in case.homes:
        within = f"× {area(home.area)} " if key.within == "area" else ""
        weight = area(weights[home.floor]) if key.within == "area" else shown(weights[home.floor])
        floor = f"{shown(net)} × {shown(k[home.floor - 1])} ÷ {shown(together)}"
        made[home.id] = f"{floor} {within}÷ {weight}"
    return made


def _shapley(case: Case) -> dict[str, str]:
    assert case.need is not None
    parts, before, of_floor = list[str](), ZERO, list[str]()
    for floor, cost in enumerate(case.need, 1):
        if cost > before:
            sharing = sum(1 for home in case.homes if home.floor >= floor)
            parts.append(f"({shown(cost)} − {shown(before)}) ÷ {sharing}")
            before = cost
        of_floor.append(" + ".join(parts) or "0" if len(parts) <= STEPS_MAX else "")
    return {home.id: formula for home in case.homes if (formula := of_floor[home.floor - 1])}


def _nucleolus(case: Case, answer: Answer) -> dict[str, str]:
    """Homes in order of need; each stretch that pays alike is one step of the rule, and r rises from step to step."""
    assert case.need is not None
    order = sorted(case.homes, key=lambda home: home.floor)
    made: dict[str, str] = {}
    first, cost, paid = 0, ZERO, ZERO
    while first < len(order):
        r = answer.exact[order[first].id]
        last = first
        while last + 1 < len(order) and answer.exact[order[last + 1].id] == r:
            last += 1
        reached = case.need[order[last].floor - 1]
        count = last - first + (1 if last + 1 == len(order) else 2)
        for home in order[first : last + 1]:
            made[home.id] = f"({shown(reached)} − {shown(cost)} + {shown(paid)}) ÷ {count}"
        first, cost, paid = last + 1, reached, r
    return made


def _by_benefit(case: Case, net: Fraction) -> dict[str, str]:
    worth = {home.id: home.benefit or ZERO for home in case.homes}
    together = sum(worth.values(), ZERO)
    if isinstance(case.method, EqualGain):
        gain = f"({shown(together)} − {shown(net)}) ÷ {len(worth)}"
        return {home: f"{shown(benefit)} − {gain}" for home, benefit in worth.items()}
    gained = sum((benefit for benefit in worth.values() if benefit > 0), ZERO)
    rate = f"({shown(net)} + {shown(gained - together)}) ÷ {shown(gained)}"
    return {home: f"{shown(benefit)} × {rate}" if benefit > 0 else shown(benefit) for home, benefit in worth.items()}


def _least_slack(case: Case, net: Fraction, method: LeastSlack) -> dict[str, str]:
    scales = slack.weights(case.homes, method.scale)
    limits = [home.limit or ZERO for home in case.homes]
    t = f"({shown(sum(limits, ZERO))} − {shown(net)}) ÷ {shown(sum(scales, ZERO))}"
    return {
        home.id: f"{shown(limit)} − {t} × {shown(scale)}"
        for home, limit, scale in zip(case.homes, limits, scales, strict=True)
    }


def _best_chance(home: Home, hazard: str) -> str:
    assert home.mu is not None
    assert home.s is not None
    step = f"{hazard} × {shown(home.s)}"
    return f"{shown(home.mu)} + {shown(home.s)} × ln({step} ÷ (1 − {step}))"
